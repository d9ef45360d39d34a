// Calendars as programs write them: the core's runs beside those of ical.js.
import assert from 'node:assert/strict';
import {readFileSync, readdirSync} from 'node:fs';
import {test} from 'node:test';
import {plan} from '../../npm/index.js';
import {first, runs} from './calendars.js';

const FROM = '2026-01-01T00:00:00Z';
const DAYS = 400;

// The zone of the window, and how many runs there are: a reader that sees nothing agrees with anyone who does.
const CALENDARS = {
  'apple.ics': ['Europe/Berlin', 11],
  'aws-change-calendar.ics': ['America/Los_Angeles', 56],
  'back-to-back.ics': ['UTC', 4],
  'cancelled.ics': ['UTC', 2],
  'floating.ics': ['Australia/Lord_Howe', 7],
  'folded-lines.ics': ['UTC', 6],
  'google-holidays.ics': ['Europe/London', 5],
  'left-out-and-added.ics': ['Asia/Kathmandu', 15],
  'moved.ics': ['Europe/London', 8],
  'outlook-quoted-zone.ics': ['America/New_York', 4],
  'outlook-windows-zone.ics': ['Europe/Berlin', 16],
  'patch-days.ics': ['America/New_York', 32],
  'two-zones.ics': ['UTC', 5],
  'whole-days.ics': ['Europe/London', 8],
};

assert.deepEqual(readdirSync(new URL('calendars/', import.meta.url)).filter(name => name.endsWith('.ics')).sort(), Object.keys(CALENDARS));

for (const [file, [timezone, count]] of Object.entries(CALENDARS)) {
  test(file, t => {
    const calendar = readFileSync(new URL(`calendars/${file}`, import.meta.url), 'utf8');
    const from = Date.parse(FROM) / 1000;
    const expected = runs(calendar, timezone, from, from + DAYS * 86_400).map(run => run.map(written));
    assert.equal(expected.length, count);
    const window = {name: file, effect: 'freeze', environments: ['*'], timezone, calendar};
    const call = {action: {type: 'windows', at: FROM, days: DAYS}, now: FROM, environment: null, policy: {windows: [window]}};
    const answer = plan(call);
    assert.equal(answer.reason, 'windows_listed', answer.summary);
    assert.deepEqual(answer.closures.map(({starts_at, ends_at}) => [starts_at, ends_at]), expected);
    for (const one of answer.closures) {
      assert.deepEqual([one.name, one.effect, one.timezone], [file, 'freeze', timezone]);
      assert.equal(Date.parse(one.starts_local), Date.parse(one.starts_at));
      assert.equal(Date.parse(one.ends_local), Date.parse(one.ends_at));
    }
    t.diagnostic(`${count} runs; ${answer.warnings.map(({text}) => text).join('; ')}`);
  });
}

test('a local time happens at the first instant that shows it or a later one', () => {
  for (const [zone, local, at] of [
    ['Europe/London', '2026-07-01T12:00:00', '2026-07-01T11:00:00Z'],
    ['Europe/London', '2026-03-29T01:30:00', '2026-03-29T01:00:00Z'],
    ['Europe/London', '2026-10-25T01:30:15', '2026-10-25T00:30:15Z'],
    ['Australia/Lord_Howe', '2026-04-05T01:45:00', '2026-04-04T14:45:00Z'],
    ['Pacific/Apia', '2011-12-30T12:00:00', '2011-12-30T10:00:00Z'],
  ]) assert.equal(written(first(Date.parse(`${local}Z`) / 1000, zone)), at);
});

function written(at) {
  return new Date(at * 1000).toISOString().replace('.000', '');
}
