import assert from 'node:assert/strict';
import test from 'node:test';
import {untilTime} from '../cli/until.js';

const NOW = new Date('2024-10-31T10:44:48.900Z');

for (const [text, time] of [
  ['90m', '2024-10-31T12:14:48Z'],
  ['2h', '2024-10-31T12:44:48Z'],
  ['3d', '2024-11-03T10:44:48Z'],
  ['1w', '2024-11-07T10:44:48Z'],
  ['2024-11-01T09:00:00Z', '2024-11-01T09:00:00Z'],
  ['2024-11-01T09:00:00.5+01:00', '2024-11-01T09:00:00.5+01:00'],
]) {
  test(`--until ${text}`, () => assert.equal(untilTime(text, NOW), time));
}

for (const text of ['', '2', 'h', '2 h', '-2h', '1.5h', '2H', 'tomorrow', '2024-11-01', '2024-11-01T09:00', '2024-11-01T09:00:00', '2024-13-01T09:00:00Z', '9999999d']) {
  test(`--until ${JSON.stringify(text)} is no time`, () => assert.throws(() => untilTime(text, NOW), /is no time/));
}

test('a span beyond what a clock can tell is no time', () => assert.throws(() => untilTime('999999w', NOW), /is no time/));
