// Many environments: one list, all alarms first, every failure told at the end.
import assert from 'node:assert/strict';
import {getEventListeners} from 'node:events';
import test from 'node:test';
import {runMany, waitUntilOpen} from '../index.js';
import {kosliOf, NOW, on} from './many-kosli.js';

test('all alarms are up before any record begins, with one id for all', async t => {
  const world = await kosliOf(t, 20);
  const {decision, reason, summary, outcomes} = await world.go(on, ['prod-*'], {concurrency: 3});
  assert.deepEqual([decision, reason, summary], ['proceed', 'freezing', '20 environments: 20 done']);
  const types = world.commands().map(({type}) => type);
  assert.deepEqual(types.slice(0, 20), Array(20).fill('tag_environment'));
  assert.equal(types.lastIndexOf('tag_environment'), 19);
  assert.deepEqual([...new Set(outcomes.map(({last}) => last.freezes[0].id))], ['2024-10-31T12.00.00~steve']);
  assert.deepEqual(outcomes.map(({environment}) => environment), [...outcomes.map(({environment}) => environment)].sort());
});

test('each has a signal of its own, which ends with the one that is given, and that one has no listener left', async t => {
  const world = await kosliOf(t, 20);
  const controller = new AbortController();
  const listeners = () => getEventListeners(controller.signal, 'abort').length;
  const signals = new Set();
  await world.go(on, ['prod-*'], {signal: controller.signal, concurrency: 20, async carry(one, {signal}) {
    signals.add(signal);
    assert.equal(listeners(), 1);
    if (signals.size === 20) controller.abort();
    assert.equal(signal.aborted, controller.signal.aborted);
    return {decision: 'proceed', reason: 'freezing'};
  }});
  assert.equal(signals.size, 20, 'Node 20 warns of eleven listeners on one');
  assert.deepEqual([...signals].filter(({aborted}) => !aborted), []);
  assert.equal(listeners(), 0);
});

test('no more than so many are asked at once', async t => {
  const world = await kosliOf(t, 12);
  let under = 0;
  let most = 0;
  world.meddle = async ({as}) => {
    if (as === 'environments') return;
    most = Math.max(most, ++under);
    await new Promise(resolve => setImmediate(resolve));
    under--;
  };
  await world.go({type: 'assert'}, ['prod-*'], {concurrency: 4});
  assert.equal(most, 4);
});

// A gate waits for environments that are closed; when all of them rest, `meanwhile` is called, once.
async function waiting(world, environments, {count, meanwhile}) {
  let resting = 0;
  let wake;
  const woken = new Promise(resolve => {
    wake = resolve;
  });
  return world.go({type: 'assert'}, environments, {
    concurrency: 4,
    signal: new AbortController().signal,
    carry: (one, host) => waitUntilOpen(one, {wait: 3_600_000, ...host}),
    async sleep() {
      resting++;
      assert.ok(resting <= count, 'it rests once, then it is open');
      if (resting === count) await meanwhile().then(wake);
      await woken;
    },
  });
}

const lift = world => runMany({action: {type: 'off', by: 'steve'}}, {kosli: world.kosli, environments: ['prod-*'], clock: () => NOW});

test('who waits holds nobody up; each is looked at twice, no more than so many at once', async t => {
  const world = await kosliOf(t, 15);
  await world.go(on, ['prod-*']);
  const warnings = [];
  process.on('warning', warning => warnings.push(warning));
  let under = 0;
  let most = 0;
  const looks = [];
  const count = async ({as, argv}) => {
    if (as !== 'environment') return;
    looks.push(argv.join());
    most = Math.max(most, ++under);
    await new Promise(resolve => setImmediate(resolve));
    under--;
  };
  world.meddle = count;
  const {summary} = await waiting(world, ['prod-*'], {count: 15, async meanwhile() {
    world.meddle = () => undefined;
    await lift(world);
    world.meddle = count;
  }});
  assert.deepEqual([summary, most, looks.length, new Set(looks).size], ['15 environments: 15 open', 4, 30, 15]);
  assert.deepEqual(warnings, [], 'of no listener too many');
});

test('who joins while it waits is asked, too, and the wait goes on', async t => {
  const world = await kosliOf(t);
  await world.go(on, ['prod-*']);
  const outcome = await waiting(world, ['prod'], {count: 2, async meanwhile() {
    await world.join(['prod-0', 'prod-1', 'prod-3']);
    await lift(world);
  }});
  assert.deepEqual(world.decisions(outcome), {'prod': 'not_frozen', 'prod-0': 'not_frozen', 'prod-1': 'not_frozen', 'prod-3': 'not_frozen'});
});

test('a refusal goes on record at once, while others wait that have nothing to record', async t => {
  const world = await kosliOf(t);
  await world.go(on, ['prod-2']);
  world.sent.length = 0;
  const closed = {name: 'w', effect: 'freeze', environments: ['prod-3'], timezone: 'UTC', from: '2024-10-31T11:00', to: '2024-10-31T12:30'};
  const controller = new AbortController();
  let rests = 0;
  await runMany({action: {type: 'assert', record: true}, policy: {windows: [closed]}}, {
    kosli: world.kosli, environments: ['prod-2', 'prod-3'], clock: () => NOW, signal: controller.signal,
    carry: (one, host) => waitUntilOpen(one, {wait: 3_600_000, ...host}),
    async sleep() {
      await new Promise(resolve => setImmediate(resolve));
      if (++rests === 10) controller.abort();
    },
  });
  assert.deepEqual(world.commands().slice(0, 1).map(({name}) => name), ['nodeploy-refused']);
});

test('events tell of whom they are, and how far it has come', async t => {
  const world = await kosliOf(t, 3);
  const events = [];
  await world.go({type: 'assert'}, ['prod-*'], {onEvent: event => events.push(event)});
  assert.deepEqual(events.find(({type}) => type === 'selected').selected.map(({environment}) => environment), ['prod-0', 'prod-1', 'prod-2']);
  assert.deepEqual(events.filter(({type}) => type === 'subject').map(({ended, of}) => `${ended}/${of}`), ['1/3', '2/3', '3/3']);
  assert.ok(events.filter(({type}) => type === 'read').every(({environment}) => environment === undefined || environment.startsWith('prod-')));
});

test('a stop leaves what has not begun, and says so', async t => {
  const world = await kosliOf(t, 12);
  const stop = new AbortController();
  world.meddle = ({type}) => {
    if (type === 'begin_trail') stop.abort();
  };
  const {decision, summary, advice, outcomes} = await world.go(on, ['prod-*'], {signal: stop.signal, concurrency: 2});
  assert.equal(decision, 'error');
  assert.match(summary, /^12 environments: 11 frozen, not recorded \(prod-1, .*\), 1 done$|^12 environments: 12 frozen, not recorded \(/, 'all alarms are up before any record begins');
  assert.match(advice, /^to finish: nodeploy -e .* --reason 'payments down' --by steve on/);
  assert.ok(outcomes.every(({decision, reason}) => decision === 'proceed' || reason === 'aborted'));
  world.meddle = () => undefined;
  assert.equal((await world.go(on, ['prod-*'])).decision, 'proceed');
  const {outcomes: after} = await world.go({type: 'status'}, ['prod-*']);
  assert.ok(after.every(({last}) => last.freezes.length === 1 && last.warnings.length === 0));
});

test('nobody is asked if the question is answered with no', async t => {
  const world = await kosliOf(t);
  const outcome = await world.go(on, ['prod-*'], {confirm: async selected => selected.length === 0});
  assert.deepEqual([outcome.decision, outcome.reason, outcome.summary], ['error', 'aborted', 'stopped; nothing was changed']);
  assert.deepEqual(world.commands(), []);
});

test('what cannot be many is a mistake', async () => {
  const kosli = {send: async () => ({error: 'no'})};
  await assert.rejects(runMany({action: on}, {kosli}), /needs `environments`/);
  await assert.rejects(runMany({action: on}, {kosli, environments: 'prod-*'}), /needs `environments`/);
  await assert.rejects(runMany({action: on}, {kosli, environments: ['a'], concurrency: 0}), /1 or more/);
});
