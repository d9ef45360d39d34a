// Calendars as programs write them: the core's runs beside those of ical.js.
import assert from 'node:assert/strict';
import {readFileSync, readdirSync} from 'node:fs';
import {test} from 'node:test';
import {plan} from '../../npm/index.js';
import {byRfc, first, runs} from './calendars.js';

const FROM = '2026-01-01T00:00:00Z';
const DAYS = 400;

// The zone of the window, and how many runs there are: a reader that sees nothing agrees with anyone who does.
const CALENDARS = {
  'apple.ics': ['Europe/Berlin', 11],
  'aws-change-calendar.ics': ['America/Los_Angeles', 56],
  'back-to-back.ics': ['UTC', 4],
  'cancelled.ics': ['UTC', 2],
  'evolution.ics': ['UTC', 4],
  'floating.ics': ['Australia/Lord_Howe', 7],
  'folded-lines.ics': ['UTC', 6],
  'google-holidays.ics': ['Europe/London', 5],
  'left-out-and-added.ics': ['Asia/Kathmandu', 15],
  'moved.ics': ['Europe/London', 8],
  'on-call.ics': ['Europe/Berlin', 2],
  'outlook-quoted-zone.ics': ['America/New_York', 4],
  'outlook-windows-zone.ics': ['Europe/Berlin', 16],
  'patch-days.ics': ['America/New_York', 32],
  'skipped-hour.ics': ['Europe/London', 4],
  'thunderbird.ics': ['UTC', 4],
  'two-zones.ics': ['UTC', 5],
  'whole-days.ics': ['Europe/London', 8],
};

// Calendars that can be read in two ways, why ical.js reads them otherwise, and the local times that a freeze closes.
const DIFFERENT = {
  'exchange-whole-days.ics': ['Europe/Berlin', 'it takes the date of an UNTIL in UTC', [
    ['2026-02-16', '2026-02-18'], ['2026-02-19', '2026-02-20'], ['2026-02-21', '2026-02-24'], ['2026-02-25', '2026-02-26'],
    ['2026-03-28', '2026-03-30'], ['2026-03-31', '2026-04-02'],
  ]],
  'google-yearly.ics': ['Europe/Berlin', 'it takes the date of an UNTIL in UTC', [
    ['2026-02-14', '2026-02-15'], ['2026-07-07', '2026-07-08'], ['2026-08-01', '2026-08-02'], ['2026-08-08', '2026-08-09'],
    ['2026-08-15', '2026-08-16'], ['2026-08-22', '2026-08-23'],
  ]],
  'holiday-site.ics': ['America/New_York', 'it refuses a date without `VALUE=DATE`', [['2026-07-04', '2026-07-05'], ['2026-12-25', '2026-12-26']]],
  'nights.ics': ['Europe/Berlin', 'it gives starts alone, and the length of the first ends each', [
    ['2026-03-28T18:00', '2026-03-29T08:00'], ['2026-04-25T18:00', '2026-04-26T08:00'], ['2026-10-24T18:00', '2026-10-25T08:00'],
  ]],
  'outlook-no-zones.ics': ['Europe/Berlin', 'it does not know the zones of Windows', [
    ['2026-03-06T15:00', '2026-03-06T23:00'], ['2026-03-13T14:00', '2026-03-13T22:00'], ['2026-03-20T14:00', '2026-03-20T22:00'],
    ['2026-12-17T13:00', '2026-12-17T14:00'],
  ]],
  'us-holidays.ics': ['America/Los_Angeles', 'it ends a date at a time as that is written, or has none', [
    ['2026-01-01', '2026-01-02'], ['2026-01-19', '2026-01-20'], ['2026-11-26', '2026-11-27'], ['2026-12-24', '2026-12-25'],
    ['2026-12-31', '2027-01-02'], ['2027-01-18', '2027-01-19'],
  ]],
};

const files = readdirSync(new URL('calendars/', import.meta.url)).filter(name => name.endsWith('.ics')).sort();
assert.deepEqual(files, [...Object.keys(CALENDARS), ...Object.keys(DIFFERENT)].sort());

for (const [file, [timezone, count]] of Object.entries(CALENDARS)) {
  test(file, t => {
    const calendar = text(file);
    const expected = others(calendar, timezone).map(([start, end]) => [start, whole(end)]);
    assert.equal(expected.length, count);
    const answer = ours(file, timezone, calendar);
    assert.deepEqual(answer.closures.map(({starts_at, ends_at}) => [starts_at, ends_at]), expected);
    for (const one of answer.closures) {
      assert.deepEqual([one.name, one.effect, one.timezone], [file, 'freeze', timezone]);
      assert.equal(Date.parse(one.starts_local), Date.parse(one.starts_at));
      assert.equal(Date.parse(one.ends_local), Date.parse(one.ends_at));
    }
    t.diagnostic(`${count} runs; ${answer.warnings.map(({text}) => text).join('; ')}`);
  });
}

for (const [file, [timezone, why, closed]] of Object.entries(DIFFERENT)) {
  test(file, t => {
    const calendar = text(file);
    const answer = ours(file, timezone, calendar);
    const local = at => at.replace(/:00[+-]\d\d:\d\d$|:00Z$/, '').replace('T00:00', '');
    assert.deepEqual(answer.closures.map(({starts_local, ends_local}) => [local(starts_local), local(ends_local)]), closed);
    let theirs = null;
    try { theirs = others(calendar, timezone); } catch { /* It refuses the calendar. */ }
    assert.notDeepEqual(answer.closures.map(({starts_at, ends_at}) => [starts_at, ends_at]), theirs);
    t.diagnostic(`${closed.length} runs; of ical.js: ${why}; ${answer.warnings.map(({text}) => text).join('; ')}`);
  });
}

/** An end at 23:59 or 23:59:59, which a freeze takes for the end of the day. */
function whole(end) {
  return end.slice(14, 16) === '59' ? written(Math.ceil(Date.parse(end) / 3_600_000) * 3600) : end;
}

function text(file) {
  return readFileSync(new URL(`calendars/${file}`, import.meta.url), 'utf8');
}

/** The runs that ical.js finds. */
function others(calendar, timezone) {
  const from = Date.parse(FROM) / 1000;
  return runs(calendar, timezone, from, from + DAYS * 86_400).map(run => run.map(written));
}

/** The core's answer. */
function ours(file, timezone, calendar) {
  const window = {name: file, effect: 'freeze', environments: ['*'], timezone, calendar};
  const call = {action: {type: 'windows', at: FROM, days: DAYS}, now: FROM, environment: null, policy: {policy: 'oracle', windows: [window]}};
  const answer = plan(call);
  assert.equal(answer.reason, 'windows_listed', answer.summary);
  return answer;
}

test('a local time happens at the first instant that shows it or a later one, or by the offset before a gap', () => {
  for (const [zone, local, at, later = at] of [
    ['Europe/London', '2026-07-01T12:00:00', '2026-07-01T11:00:00Z'],
    ['Europe/London', '2026-03-29T01:00:00', '2026-03-29T01:00:00Z'],
    ['Europe/London', '2026-03-29T01:30:00', '2026-03-29T01:00:00Z', '2026-03-29T01:30:00Z'],
    ['Europe/London', '2026-10-25T01:30:15', '2026-10-25T00:30:15Z'],
    ['Australia/Lord_Howe', '2026-04-05T01:45:00', '2026-04-04T14:45:00Z'],
    ['Pacific/Apia', '2011-12-30T12:00:00', '2011-12-30T10:00:00Z', '2011-12-30T22:00:00Z'],
  ]) {
    const wanted = Date.parse(`${local}Z`) / 1000;
    assert.deepEqual([first(wanted, zone), byRfc(wanted, zone)].map(written), [at, later]);
  }
});

function written(at) {
  return new Date(at * 1000).toISOString().replace('.000', '');
}
