// nodeploy.schema.json says what a policy's file may hold: for an editor, and for whoever reads it.
import assert from 'node:assert/strict';
import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'node:test';
import Ajv from 'ajv/dist/2020.js';
import {plan, readPolicy} from '../index.js';
import {temporaryFolder} from './local-kosli.js';

const read = name => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));
const ajv = new Ajv({strict: true, allowUnionTypes: true, formats: {'date-time': true}});
const fits = ajv.compile(read('../nodeploy.schema.json'));
for (const name of ['call', 'answer']) ajv.addSchema(read(`../../plugin/schema/${name}.schema.json`), `${name}.schema.json`);
const isCall = ajv.getSchema('call.schema.json');
const isAnswer = ajv.getSchema('answer.schema.json');

const HEAD = {name: 'a', effect: 'freeze', environments: ['*'], timezone: 'Europe/Berlin'};
const ONE_OFF = {...HEAD, from: '2026-12-24T18:00', to: '2026-12-27'};
const WEEKLY = {...HEAD, days: ['fri'], from: '16:00', to: '24:00'};
const CRON = {...HEAD, start: '0 22 * * FRI', duration: 'PT2H'};
const RULE = {...HEAD, dtstart: '2026-01-30T09:00', rrule: 'FREQ=MONTHLY;BYDAY=-1FR', duration: 'P1D'};
const FILE = {...HEAD, calendar: 'holidays.ics'};
const CALENDAR = 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260101T000000Z\r\nDTSTART;VALUE=DATE:20261225\r\nSUMMARY:Christmas\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n';

/** Whether the core takes it: the calendar's text stands where the file has its name. */
function core(policy) {
  const windows = Array.isArray(policy?.windows) ? policy.windows.map(window => window?.calendar === 'holidays.ics' ? {...window, calendar: CALENDAR} : window) : policy?.windows;
  const call = {action: {type: 'windows', days: 10}, now: '2026-12-20T12:00:00Z', policy: windows === undefined ? policy : {...policy, windows}};
  return {call, answer: plan(call)};
}

for (const [about, ...windows] of [
  ['nothing'],
  ['a one-off', ONE_OFF, {...ONE_OFF, name: 'b', from: '2026-12-24', to: '2026-12-24T24:00'}, {...ONE_OFF, name: 'c', from: '2026-12-24T18:00:30', to: '2026-12-25T00:00:00'}],
  ['a weekly one', WEEKLY, {...WEEKLY, name: 'b', days: ['mon-fri', 'Sunday', 'SAT', 'monday-wednesday'], from: '22:00', to: '06:00'}],
  ['a cron one', CRON, {...HEAD, name: 'b', start: '30 9 1,15 * *', end: '0 17 * * MON-FRI'}],
  ['a rule', RULE, {...RULE, name: 'b', dtstart: '2026-01-30', exdates: ['2026-02-27'], rdates: ['2026-03-01'], duration: 'P1DT12H'}, {...RULE, name: 'c', exdates: ['2026-02-27T09:00'], duration: 'P2W'}],
  ['a calendar', FILE],
  ['all that may stand beside a rule', {...WEEKLY, effect: 'allow', types: ['K8S'], tags: {tier: 'critical', team: ['core', 'pay-*']}, reason: 'x', contact: 'maya', suspended: false, environments: ['prod-?', '!prod-x']}],
  ['suspended ones, whatever else they say', {name: 'a', suspended: true}, {...WEEKLY, name: 'b', suspended: true}, {name: 'c', suspended: true, effect: 'x', environments: [], timezone: 'Mars', from: 'never', days: ['x'], tags: {tier: 1}}],
  ['only exclusions', {...WEEKLY, environments: ['!dev']}],
]) {
  test(`fits: ${about}`, () => {
    const policy = {$schema: './node_modules/nodeploy/nodeploy.schema.json', policy: 'release', windows};
    assert.ok(fits(policy), JSON.stringify(fits.errors));
    const {call, answer} = core(policy);
    assert.deepEqual([answer.decision, answer.reason], ['proceed', 'windows_listed'], answer.summary);
    assert.ok(isCall(call), JSON.stringify(isCall.errors));
    assert.ok(isAnswer(answer), JSON.stringify(isAnswer.errors));
  });
}

const without = (window, ...keys) => Object.fromEntries(Object.entries(window).filter(([key]) => !keys.includes(key)));

for (const [about, policy] of [
  ['no object', []],
  ['no windows', {}],
  ['windows that are no list', {windows: {}}],
  ['an unknown key', {windows: [], window: []}],
  ['an empty name', {policy: '', windows: []}],
  ['a name with a slash', {policy: 'a/b', windows: []}],
  ['a name that is no text', {policy: 1, windows: []}],
  ['a long name', {policy: 'a'.repeat(61), windows: []}],
  ...Object.entries({
    'nothing in it': {},
    'a text': 'weekend',
    'no name': without(WEEKLY, 'name'),
    'an empty name': {...WEEKLY, name: ''},
    'a long name': {...WEEKLY, name: 'a'.repeat(101)},
    'a line break in the name': {...WEEKLY, name: 'a\nb'},
    'no effect': without(WEEKLY, 'effect'),
    'another effect': {...WEEKLY, effect: 'deny'},
    'no environments': without(WEEKLY, 'environments'),
    'an empty list of environments': {...WEEKLY, environments: []},
    'environments that are no list': {...WEEKLY, environments: 'prod'},
    'no timezone': without(WEEKLY, 'timezone'),
    'a timezone that may have summer time': {...WEEKLY, timezone: 'EST'},
    'an unknown key': {...WEEKLY, raeson: 'x'},
    'types that are no list': {...WEEKLY, types: 'K8S'},
    'a type that Kosli does not have': {...WEEKLY, types: ['k8s']},
    'a name that Kosli does not take': {...WEEKLY, environments: ['prod aws']},
    'a blank after `!`': {...WEEKLY, environments: ['*', '! prod']},
    'a name twice': {...WEEKLY, environments: ['prod', 'prod']},
    'a key that no tag has': {...WEEKLY, tags: {'a b': 'x'}},
    'no tags': {...WEEKLY, tags: {}},
    'a contact that is no text': {...WEEKLY, contact: ['maya']},
    'a tag that is no text': {...WEEKLY, tags: {tier: 1}},
    'suspended without a name': {suspended: true},
    'suspended, with a typo': {name: 'a', suspended: true, raeson: 'x'},
    'a name alone, suspended no more': {name: 'a', suspended: false},
    'suspended in words': {...WEEKLY, suspended: 'yes'},
    'no time rule': HEAD,
    'half a one-off': without(ONE_OFF, 'to'),
    'a day that is none': {...WEEKLY, days: ['someday']},
    'no days': {...WEEKLY, days: []},
    'days that are no list': {...WEEKLY, days: 'fri'},
    'days and dates': {...ONE_OFF, days: ['fri']},
    'an hour that is none': {...WEEKLY, from: '25:00'},
    'a time with a zone': {...ONE_OFF, from: '2026-12-24T18:00:00Z'},
    'a date written otherwise': {...ONE_OFF, from: '24.12.2026'},
    'six fields': {...CRON, start: '0 0 22 * * FRI'},
    'start alone': without(CRON, 'duration'),
    'an end and a duration': {...CRON, end: '0 2 * * *'},
    'a duration in words': {...CRON, duration: '2h'},
    'a rule without a duration': without(RULE, 'duration'),
    'a rule with its name': {...RULE, rrule: 'RRULE:FREQ=DAILY'},
    'a rule and days': {...RULE, days: ['fri']},
    'two rules': {...WEEKLY, start: '0 22 * * FRI'},
    'a calendar and a rule': {...FILE, rrule: 'FREQ=DAILY'},
    'a calendar that is no text': {...FILE, calendar: ['holidays.ics']},
  }).map(([words, window]) => [words, {windows: [window]}]),
]) {
  test(`does not fit: ${about}`, () => {
    assert.ok(!fits(policy));
    assert.equal(core(policy).answer.decision, 'error');
  });
}

test('a URL in place of a calendar does not fit', () => assert.ok(!fits({windows: [{...FILE, calendar: 'https://calendar.example/x.ics'}]})));

test('every key has a description, and every example of a key fits', () => {
  const {$defs, properties} = read('../nodeploy.schema.json');
  const described = [...Object.entries(properties), ...Object.values($defs).flatMap(({properties: inner = {}}) => Object.entries(inner))];
  for (const [key, schema] of described) assert.ok(schema.description ?? $defs[schema.$ref?.split('/').at(-1)]?.description, key);
  const inside = Object.entries($defs).flatMap(([name, schema]) => [[name, schema], ...Object.entries(schema.properties ?? {})]);
  const withExamples = inside.filter(([, {examples}]) => examples);
  assert.ok(withExamples.length >= 8);
  for (const [name, {examples, ...schema}] of withExamples) {
    for (const example of examples) assert.ok(ajv.validate({...schema, $defs}, example), `${name}: ${JSON.stringify(example)}`);
  }
});

test("the readme's policy fits, and the core takes it", async t => {
  const [, yaml] = /```yaml\n(# yaml-language-server[^`]*)```/.exec(readFileSync(new URL('../readme.md', import.meta.url), 'utf8'));
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, 'nodeploy.yaml'), yaml);
  for (const [, name] of yaml.matchAll(/calendar: (\S+)/g)) writeFileSync(join(folder, name), CALENDAR);
  const policy = await readPolicy(join(folder, 'nodeploy.yaml'));
  assert.ok(fits({windows: policy.windows.map(window => window.calendar ? {...window, calendar: 'holidays.ics'} : window)}), JSON.stringify(fits.errors));
  const {answer} = core(policy);
  assert.equal(answer.reason, 'windows_listed', answer.summary);
});
