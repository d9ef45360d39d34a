// A past of two environments, as the core tells it, for tests of how it is shown.
import {joinReports} from '../loop/joined.js';

const HELD = {from: '2026-10-31T10:44:48Z', to: '2026-10-31T12:44:48Z', seconds: 7200};
const NOBODY = {by: null, reported_by: null, reason: null};

export const freeze = more => ({
  id: '2026-10-31T10.44.48~steve', window: null, since: '2026-10-31T10:44:48Z', by: 'steve', reported_by: 'ci-bot', reason: 'database migration', until: null, state: 'ended',
  ended: {...NOBODY, at: '2026-10-31T12:44:48Z', by: 'steve', how: 'lifted'}, held: HELD, said: [], refused: [], passed: [], notes: [], url: 'https://app.kosli.com/acme/flows/f/trails/t', ...more,
});

export const exception = more => ({
  id: 'exception-2026-10-31T11.00.00-2026-10-31T13.00.00~maya', asked_at: '2026-10-31T11:00:02Z', from: '2026-10-31T11:00:00Z', until: '2026-10-31T13:00:00Z', by: 'maya', reported_by: 'maya-x',
  reason: 'CVE-2026-1234', change: {commit: ['4f1c2ab'], kind: ['hotfix', 'fix']}, freezes: ['2026-10-31T10.44.48~steve'], windows: [], approvals: [
    {at: '2026-10-31T11:01:00Z', by: 'noah', reported_by: null, reason: null, counts: true}, {at: '2026-10-31T11:02:00Z', by: 'maya', reported_by: null, reason: null, counts: false},
  ], needed: 1, revoked: null, uses: 1, claims: [{at: '2026-10-31T11:05:00Z', run: '42', change: {}, reported_by: null, counts: true}], state: 'used', notes: [], url: null, ...more,
});

export const deployment = more => ({
  at: '2026-10-31T11:32:00Z', started_at: '2026-10-31T11:31:10Z', artifact: `registry/runner:85cac88@sha256:${'f3'.repeat(32)}`, fingerprint: 'f3'.repeat(32), flow: 'runner-ci', trail: '85cac88', commit: '85cac880cb74678426eb2ed4dbf2538995404c5c',
  author: 'jon', snapshot: 5253, compliant: true, label: 'unexplained', why: null, freezes: ['2026-10-31T10.44.48~steve'], exception: null, run: null, url: null, ...more,
});

export const refused = {at: '2026-10-31T10:50:00Z', run: '41', change: {commit: '85cac88'}, reason: 'frozen', reported_by: null};
export const passed = {at: '2026-10-31T11:05:02Z', run: '42', change: {commit: '4f1c2ab'}, exception: exception().id, reported_by: null};

const totals = more => ({
  freezes: 0, windows: 0, seconds: 0, seconds_by_people: 0, seconds_by_windows: 0, longest: null, open: 0, overdue: 0, refused: 0, passed: 0, exceptions: 0, overused: 0,
  deployments: {unexplained: 0, excepted: 0, uncertain: 0, before: 0}, unknown_after: null, unreadable: 0, ...more,
});

export const part = (environment, more) => ({
  environment, from: '2026-08-31T00:00:00Z', to: '2026-11-29T00:00:00Z', freezes: [], exceptions: [], deployments: [], unreadable: [], totals: totals(more?.totals), warnings: [], error: null,
  ...more, ...(more?.totals !== null && {totals: totals(more?.totals)}),
});

export const prodAws = part('prod-aws', {
  freezes: [freeze({refused: [refused], passed: [passed]})], exceptions: [exception()],
  deployments: [deployment(), deployment({label: 'excepted', exception: exception().id, run: '42', at: '2026-10-31T11:10:00Z', commit: '4f1c2ab9'}), deployment({label: 'uncertain', at: '2026-10-31T10:46:00Z', started_at: null, why: 'reported within 10 minutes of an edge', author: 'ann'})],
  totals: {freezes: 1, seconds: 7200, seconds_by_people: 7200, longest: {id: freeze().id, seconds: 7200}, refused: 1, passed: 1, exceptions: 1, deployments: {unexplained: 1, excepted: 1, uncertain: 1, before: 0}},
});

export const prodEu = part('prod-eu', {
  freezes: [
    freeze({id: '2026-11-20T16.00.00~window.release.weekend', window: {policy: 'release', name: 'weekend'}, since: '2026-11-20T16:00:00Z', by: null, reason: 'nobody is there', until: '2026-11-23T08:00:00Z', ended: {...NOBODY, at: '2026-11-23T08:03:00Z', how: 'expired'}, held: {from: '2026-11-20T16:00:00Z', to: '2026-11-23T08:00:00Z', seconds: 230_400}}),
    freeze({id: '2026-11-28T10.00.00~ann', since: '2026-11-28T10:00:00Z', by: 'ann', reason: 'audit', until: '2026-11-28T18:00:00Z', state: 'overdue', ended: null, held: {from: '2026-11-28T10:00:00Z', to: '2026-11-28T18:00:00Z', seconds: 28_800}, said: [{what: 'extended'}, {what: 'extended'}], notes: ['by_hand']}),
  ],
  totals: {freezes: 2, windows: 1, seconds: 259_200, seconds_by_people: 28_800, seconds_by_windows: 230_400, longest: {id: '2026-11-20T16.00.00~window.release.weekend', seconds: 230_400}, overdue: 1, unknown_after: '2026-11-28T12:00:00Z'},
});

export const staging = part('staging');

export const unread = part('qa', {from: null, to: null, totals: null, error: {reason: 'unreadable_trails', summary: 'the list of records cannot be read: Kosli answered 500', advice: null}});

export const document = (...parts) => joinReports(parts, {now: '2026-11-29T00:00:00Z', org: 'acme'});
