// The core's windows beside dateutil and zoneinfo: what holds, since when, until when.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {plan} from '../../npm/index.js';
import {Agreement, rounds} from './agreement.js';
import {isThere, run} from './python.js';

const SEED = 5545;

// In CI it runs; elsewhere it is left out without Python, and says so.
const skip = !isThere() && !process.env.CI && 'there is no `python3` (3.9 or later, with venv) here';

test(`recurrence rules, weekly hours and single times (${rounds} rounds; NODEPLOY_ROUNDS)`, {skip}, t => {
  const lines = run('oracle.py', SEED, 2000 * rounds).trimEnd().split('\n').map(line => JSON.parse(line));
  const [core, dateutil, kinds] = [new Agreement(), new Agreement(), new Map()];
  for (const {kind, call, expected, differs} of lines) {
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    if (differs) dateutil.explained(differs);
    dateutil.holds(differs !== 'unexplained', () => JSON.stringify({call, expected}));
    const shown = answer => JSON.stringify({call, expected: readable(expected), answer});
    compare(core, plan(call), expected.freeze, shown);
    for (const effect of ['freeze', 'allow']) asserted(core, call, expected[effect], effect, shown);
  }
  dateutil.report(t, 'the contract beside dateutil alone');
  core.report(t, `the core, ${[...kinds].map(([kind, count]) => `${kind} ${count}`).join(', ')}`);
});

function compare(core, answer, {active, starts_at, ends_at}, shown) {
  const window = answer.windows?.[0];
  core.holds(window?.active === active, () => `active: ${shown(answer)}`);
  core.holds(fits(window?.starts_at, starts_at), () => `starts_at: ${shown(answer)}`);
  core.holds(fits(window?.ends_at, ends_at), () => `ends_at: ${shown(answer)}`);
}

// What would open more than was certainly meant.
const REFUSED = ['which takes nothing out', 'allows for no time or for all of it', 'allows for no time or for a whole day'];

/** The gate with this window alone. */
function asserted(core, call, {active, starts_at, ends_at}, effect, shown) {
  const {at} = call.action;
  const windows = call.policy.windows.map(window => ({...window, effect}));
  const answer = plan({...call, action: {type: 'assert', at}, policy: {windows}});
  if (effect === 'allow' && answer.reason === 'bad_policy') {
    const why = REFUSED.find(words => answer.summary.includes(words));
    core.holds(why !== undefined, () => `reason: ${shown(answer)}`);
    return core.explained(`an allow window is refused: ${why}`);
  }
  const isOpen = active === (effect === 'allow');
  core.holds(answer.decision === (isOpen ? 'proceed' : 'refuse'), () => `decision: ${shown(answer)}`);
  const [changes, stays] = isOpen ? ['closes_at', 'opens_at'] : ['opens_at', 'closes_at'];
  core.holds(fits(answer[changes], active ? ends_at : starts_at), () => `${changes}: ${shown(answer)}`);
  core.holds(answer[stays] === null, () => `${stays}: ${shown(answer)}`);
}

/** Expected are `{at}`, `{beyond}` (nothing was found until then), or null (there is none). */
function fits(said, expected) {
  if (said === undefined) return false;
  if (said === null) return expected === null || expected.beyond !== undefined;
  if (expected === null) return false;
  const at = Date.parse(said) / 1000;
  return expected.beyond === undefined ? at === expected.at : at >= expected.beyond;
}

function readable(expected) {
  return JSON.parse(JSON.stringify(expected), (key, value) => typeof value === 'number' ? new Date(value * 1000).toISOString() : value);
}

test('what fits', () => {
  const [text, at] = ['2026-12-24T17:00:00Z', 1798131600];
  for (const [said, expected] of [[text, {at}], [text, {beyond: at}], [null, null], [null, {beyond: at}]]) assert.ok(fits(said, expected));
  for (const [said, expected] of [[text, {at: at + 1}], [text, {beyond: at + 1}], [text, null], [null, {at}], [undefined, null]]) assert.ok(!fits(said, expected));
});
