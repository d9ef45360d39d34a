import assert from 'node:assert/strict';
import test from 'node:test';
import {neededTime, waitTime} from '../cli/span.js';
import {atTime, untilTime} from '../cli/times.js';

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

for (const text of ['2026-12-24T18:00:00Z', '2026-12-24t18:00:00.5-05:00', '2026-12-24 18:00:00+00:00']) {
  test(`--at ${text}`, () => assert.equal(atTime(text), text));
}

for (const [text, advice] of [
  ['2026-12-24T18:00', /2026-12-24T18:00:00Z is UTC, 2026-12-24T18:00:00\+01:00/],
  ['2026-12-24 18:00:30', /2026-12-24T18:00:30Z is UTC/],
  ['2026-12-24', /2026-12-24T00:00:00Z is UTC/],
  ['18:00', /with its zone/],
  ['2h', /with its zone/],
  ['', /with its zone/],
]) {
  test(`--at ${JSON.stringify(text)} is refused with advice`, () => assert.throws(() => atTime(text), error => advice.test(error.advice)));
}

for (const [text, milliseconds, iso] of [
  ['20m', 1_200_000, 'PT20M'], ['2h', 7_200_000, 'PT2H'], ['1d', 86_400_000, 'P1D'], ['1w', 604_800_000, 'P1W'], ['0m', 0, 'PT0M'],
  ['PT20M', 1_200_000, 'PT20M'], ['PT1H30M', 5_400_000, 'PT1H30M'], ['P1DT12H', 129_600_000, 'P1DT12H'], ['PT5S', 5000, 'PT5S'], ['P2W', 1_209_600_000, 'P2W'],
]) {
  test(`a span of ${text}`, () => assert.deepEqual([waitTime(text), neededTime(text)], [milliseconds, iso]));
}

for (const text of ['', '20', 'm', '-5m', '+5m', '1.5h', '20M', '20 m', 'P', 'PT', 'P1DT', 'P1H', 'PT1.5H', 'pt1h', 'P1Y', 'P1M', '123456m']) {
  test(`${JSON.stringify(text)} is no span`, () => {
    for (const [read, option] of [[waitTime, 'wait'], [neededTime, 'needs']]) assert.throws(() => read(text), new RegExp(`--${option} .* is no span of time`));
  });
}
