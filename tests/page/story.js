// The picture of README.md: two weeks of four environments. `node tests/page/story.js` draws it.
import {readFileSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {fileURLToPath} from 'node:url';

const FILE = fileURLToPath(new URL('story.svg', import.meta.url));
const {svg} = createRequire(import.meta.url)('../../npm/nodeploy-page.cjs');

const day = text => `2024-${text}:00Z`;
const [FROM, NOW] = [day('10-17T00:00'), day('10-31T12:00')];
const hours = (from, to) => ({from, to, seconds: (Date.parse(to) - Date.parse(from)) / 1000});

function freeze(from, to, {by = null, reason, window, until = null, refused = [], passed = [], state = to ? 'ended' : 'open', how = 'lifted'}) {
  const since = day(from);
  return {
    id: `${since.slice(0, 19).replaceAll(':', '.')}~${by ?? 'window'}`, window: window ? {policy: 'release', name: window} : null, since, by, reported_by: 'ci', reason, until: until && day(until), state,
    ended: to ? {at: day(to), by, reported_by: 'ci', reason: null, how} : null, held: hours(since, to ? day(to) : NOW), said: [],
    refused: refused.map((at, index) => ({at: day(at), run: `4${index}`, change: {commit: '85cac88'}, reason: 'frozen', reported_by: 'ci'})), passed: passed.map(at => ({at: day(at), run: '42', change: {commit: '4f1c2ab'}, exception: 'exception-1~maya', reported_by: 'ci'})),
    notes: [], url: null,
  };
}

const weekend = (from, to, more) => freeze(from, to, {window: 'weekend', reason: 'no one is around to fix it', how: 'expired', until: to, ...more});
const exception = (from, until, more) => ({id: 'exception-1~maya', asked_at: day(from), from: day(from), until: day(until), by: 'maya', reported_by: 'ci', reason: 'CVE-2026-1234', change: {commit: ['4f1c2ab']}, freezes: [], windows: [], approvals: [], needed: 1, revoked: null, uses: 1, claims: [], state: 'used', notes: [], url: null, ...more});
const deployment = (at, label) => ({at: day(at), started_at: day(at), artifact: 'registry/web:b', fingerprint: 'ab'.repeat(32), flow: 'web-ci', trail: 'b', commit: null, author: 'jon', snapshot: 7, compliant: true, label, why: null, freezes: [], exception: null, run: null, url: null});
const environment = (name, more) => ({environment: name, from: FROM, to: NOW, freezes: [], exceptions: [], deployments: [], unreadable: [], totals: null, warnings: [], error: null, ...more});

const ENVIRONMENTS = [
  environment('prod-aws', {
    freezes: [weekend('10-18T16:00', '10-21T08:00'), weekend('10-25T16:00', '10-28T08:00'), freeze('10-29T10:44', null, {by: 'steve', reason: 'database migration', until: '11-01T08:00', refused: ['10-29T14:00', '10-30T00:00'], passed: ['10-30T20:00']})],
    exceptions: [exception('10-30T10:00', '10-31T09:00')], deployments: [deployment('10-31T04:00', 'excepted')],
  }),
  environment('prod-eu', {
    freezes: [weekend('10-18T16:00', '10-21T08:00', {refused: ['10-19T12:00']}), freeze('10-22T09:00', '10-24T18:00', {by: 'ann', reason: 'payments down'}), weekend('10-25T16:00', '10-28T08:00')],
    deployments: [deployment('10-22T16:00', 'unexplained')],
  }),
  environment('prod-us', {
    freezes: [weekend('10-18T16:00', '10-21T08:00'), weekend('10-25T16:00', '10-28T08:00', {refused: ['10-26T09:00', '10-27T01:00']}), freeze('10-28T12:00', null, {by: 'noah', reason: 'audit', until: '10-30T12:00', state: 'overdue'})],
    deployments: [deployment('10-28T14:00', 'before')],
  }),
  environment('staging', {freezes: [freeze('10-20T10:00', '10-22T16:00', {by: 'zoe', reason: 'load test'})], deployments: [deployment('10-22T15:55', 'uncertain')]}),
];
const count = list => list.length;
const all = key => ENVIRONMENTS.flatMap(one => one[key]);
const TOTALS = {
  freezes: count(all('freezes')), seconds: all('freezes').reduce((seconds, {held}) => seconds + held.seconds, 0), refused: count(all('freezes').flatMap(({refused}) => refused)), passed: count(all('freezes').flatMap(({passed}) => passed)),
  overdue: count(all('freezes').filter(({state}) => state === 'overdue')), overused: 0, deployments: {unexplained: count(all('deployments').filter(({label}) => label === 'unexplained'))},
};

/** What it is drawn as: in UTC, the same wherever that is. */
export function drawStory() {
  const {TZ = ''} = process.env;
  process.env.TZ = 'UTC';
  try {
    return svg({report: {from: FROM, to: NOW, now: NOW, org: 'acme', environments: ENVIRONMENTS, totals: TOTALS}}, {verb: 'report', now: Date.parse(NOW)});
  } finally {
    process.env.TZ = TZ;
  }
}

/** What is there. */
export const storyThere = () => readFileSync(FILE, 'utf8');

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(FILE, drawStory());
