// A gate of many with `claim`: an exception is used up where all would pass, and nowhere else.
import assert from 'node:assert/strict';
import test from 'node:test';
import {run, runMany, waitUntilOpen} from '../index.js';
import {kosliOf, on} from './many-kosli.js';

const CHANGE = {commit: '4f1c2ab9d8e7f6a5b4c3d2e1f0a9b8c7d6e5f4a3'};
const gate = {type: 'assert', claim: true, change: CHANGE, run: 'ci:1'};
const clock = () => new Date();
const sleep = async () => {};

/** `prod-0` is frozen, and an exception of one use lets the change pass; `go(environments)` asks the gate of them. */
async function excepted(t) {
  const world = await kosliOf(t);
  const host = {kosli: world.kosli, clock, sleep};
  const act = async action => {
    const outcome = await run({environment: 'prod-0', action}, host);
    assert.equal(outcome.decision, 'proceed', outcome.summary);
    return outcome;
  };
  await act(on);
  const {last} = await act({type: 'except', reason: 'CVE', by: 'maya', until: new Date(Date.now() + 7_200_000).toISOString().replace(/\.\d+/, ''), change: {commit: ['4f1c2ab']}});
  await act({type: 'approve', exception: last.action.id ?? last.exceptions[0].id, by: 'noah'});
  let slept = 0; // Kosli's own clock is the machine's
  const options = {clock: () => new Date(Date.now() + slept), sleep: async milliseconds => void (slept += milliseconds)};
  const names = () => world.commands().map(({name}) => name);
  return Object.assign(world, {names, pass: (environments, more = {}, action = gate) => world.go(action, environments, {...options, ...more})});
}

test('where another refuses, nothing is claimed, and the use is left for the run in which all pass', async t => {
  const {pass, go, names, decisions} = await excepted(t);
  await go(on, ['prod-2'], {clock});
  const refused = await pass(['prod-0', 'prod-1', 'prod-2']);
  assert.deepEqual([refused.decision, names()], ['refuse', []]);
  assert.deepEqual(decisions(refused), {'prod-0': 'frozen', 'prod-1': 'not_frozen', 'prod-2': 'frozen'});
  assert.match(refused.outcomes[0].summary, /^prod-0 is closed; this change would pass by exception-\S+~maya, which is not claimed since another environment does not pass$/);
  assert.doesNotMatch(refused.advice, / claim /);
  await go({type: 'off', by: 'steve'}, ['prod-2'], {clock});
  const passed = await pass(['prod-0', 'prod-1', 'prod-2'], {}, {...gate, run: 'ci:2'});
  assert.deepEqual([passed.decision, decisions(passed)], ['proceed', {'prod-0': 'excepted', 'prod-1': 'not_frozen', 'prod-2': 'not_frozen'}]);
  assert.deepEqual(names(), ['nodeploy-claimed', 'nodeploy-passed']);
});

test('one that could not be read keeps the use', async t => {
  const world = await excepted(t);
  const {pass, names} = world;
  const kosli = {...world.kosli, send: item => item.as === 'environment' && item.argv.includes('prod-2') ? {status: 503, body: ''} : world.kosli.send(item)};
  const outcome = await pass(['prod-0', 'prod-2'], {kosli});
  assert.deepEqual([outcome.decision, names()], ['error', []]);
  assert.doesNotMatch(outcome.advice ?? '', / claim /);
});

test('refusals are put on record as ever, and no claim', async t => {
  const {pass, go, names} = await excepted(t);
  await go(on, ['prod-2'], {clock});
  await pass(['prod-0', 'prod-2'], {}, {...gate, record: true});
  assert.deepEqual(names(), ['nodeploy-refused', 'nodeploy-refused']);
});

test('what closes in between leaves the claim on record, and says that the same run may go on with it', async t => {
  const world = await excepted(t);
  let isFrozen = false;
  world.meddle = async item => {
    if (item.name !== 'nodeploy-claimed' || isFrozen) return undefined;
    isFrozen = true;
    await run({environment: 'prod-2', action: on}, {kosli: world.kosli, clock, sleep});
    return undefined;
  };
  const refused = await world.pass(['prod-0', 'prod-2']);
  assert.equal(refused.decision, 'refuse');
  assert.match(refused.summary, /; in prod-0 an exception is claimed, and the same run passes by it again without a second use$/);
  await world.go({type: 'off', by: 'steve'}, ['prod-2'], {clock});
  const passed = await world.pass(['prod-0', 'prod-2']);
  assert.deepEqual([passed.decision, world.names()], ['proceed', []]);
});

test('with a wait the claim waits for the others, not the others for the claim', async t => {
  const world = await excepted(t);
  await world.go(on, ['prod-2'], {clock});
  let slept = 0;
  world.sent.length = 0;
  let rests = 0;
  const waits = [];
  const outcome = await runMany({action: gate}, {
    kosli: world.kosli, environments: ['prod-0', 'prod-2'], clock: () => new Date(Date.now() + slept),
    carry: (one, host) => waitUntilOpen(one, {wait: 3_600_000, ...host}),
    onEvent: ({type, environment}) => type === 'waiting' && waits.push(environment),
    async sleep(milliseconds) {
      slept += milliseconds;
      if (++rests === 1) {
        assert.deepEqual(world.names(), []);
        await run({environment: 'prod-2', action: {type: 'off', by: 'steve'}}, {kosli: world.kosli, clock, sleep});
      }
    },
  });
  assert.deepEqual([outcome.decision, world.decisions(outcome), waits], ['proceed', {'prod-0': 'excepted', 'prod-2': 'not_frozen'}, ['prod-2']]);
});
