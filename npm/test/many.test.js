// Many environments: one list, all alarms first, every failure told at the end.
import assert from 'node:assert/strict';
import {getEventListeners} from 'node:events';
import path from 'node:path';
import test from 'node:test';
import {runMany, waitUntilOpen} from '../index.js';
import {openLocal} from '../local/index.js';
import {temporaryFolder} from './local-kosli.js';

const NOW = new Date('2024-10-31T12:00:00Z');

// A local Kosli with `prod-0` … and `prod`, which is made of the first two of them. What is sent is kept; `meddle` may answer in its place.
async function kosliOf(t, count = 4) {
  const local = await openLocal({dir: path.join(temporaryFolder(t), 'kosli'), org: 'acme', user: 'alice'});
  t.after(() => local.close());
  const write = (method, where, json) => local.send({request: {method, path: `/api/v2/${where}`, json}});
  for (let number = 0; number < count; number++) await write('PUT', 'environments/acme', {name: `prod-${number}`, type: 'K8S', description: ''});
  const join = members => write('PUT', 'environments/acme', {name: 'prod', type: 'logical', description: '', included_environments: members});
  await join(['prod-0', 'prod-1']);
  const sent = [];
  const world = {
    sent, write, join, meddle: () => undefined,
    kosli: {
      org: 'acme',
      async send(item) {
        sent.push(item);
        return await world.meddle(item) ?? local.send(item);
      },
    },
    commands: () => sent.filter(({type}) => type),
    async go(action, environments, more = {}) {
      sent.length = 0;
      return runMany({action}, {kosli: world.kosli, environments, clock: () => NOW, sleep: async () => {}, ...more});
    },
    decisions: ({outcomes}) => Object.fromEntries(outcomes.map(({environment, reason}) => [environment, reason])),
  };
  return world;
}

const on = {type: 'on', reason: 'payments down', by: 'steve'};

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

test('one that fails leaves the others, is told at the end, and decides', async t => {
  const world = await kosliOf(t);
  world.meddle = ({type, environment}) => type === 'tag_environment' && environment === 'prod-2' ? {status: 403, body: '{"message":"no"}'} : undefined;
  const outcome = await world.go(on, ['prod-*']);
  assert.deepEqual(world.decisions(outcome), {'prod-0': 'freezing', 'prod-1': 'freezing', 'prod-2': 'command_failed', 'prod-3': 'freezing'});
  assert.deepEqual([outcome.decision, outcome.reason], ['error', 'command_failed']);
  assert.equal(outcome.summary, '4 environments: 1 failed (prod-2), 3 done');
  assert.match(outcome.advice, /^to finish: nodeploy -e prod-2 --reason 'payments down' .*on --freeze 2024-10-31T12\.00\.00~steve$/, 'with the id of all the others');
  world.meddle = () => undefined;
  assert.equal((await world.go(on, ['prod-*'])).decision, 'proceed');
});

test('what one throws is thrown when the others have ended', async t => {
  const world = await kosliOf(t, 20);
  world.meddle = async ({argv}) => {
    if (argv.includes('prod-2')) throw new Error('a host that throws');
    await new Promise(resolve => setImmediate(resolve));
  };
  await assert.rejects(world.go(on, ['prod-*']), /a host that throws/);
  const count = world.commands().length;
  world.meddle = () => undefined;
  const {outcomes} = await world.go({type: 'assert'}, ['prod-*']);
  assert.deepEqual([count, outcomes.filter(({reason}) => reason === 'frozen').length], [19 * 4, 19]);
});

test('stopped before it is known which are meant: nothing was changed, and no word of what a host has to do', async t => {
  const world = await kosliOf(t);
  const {decision, reason, summary, advice, next} = await world.go(on, ['prod-*'], {signal: AbortSignal.abort()});
  assert.deepEqual([decision, reason, summary, advice, next], ['error', 'aborted', 'stopped; nothing was changed', null, null]);
});

test('the next command for all of them mends what it says, or there is none', async t => {
  const world = await kosliOf(t);
  const pair = ['prod-2', 'prod-3'];
  const soon = {...on, until: '2024-10-31T12:05:00Z'};
  let now = NOW;
  world.meddle = ({type}) => { if (type === 'begin_trail') now = new Date('2024-10-31T12:10:00Z'); };
  const late = await world.go(soon, pair, {clock: () => now});
  assert.deepEqual([late.reason, late.advice, late.next], ['until_passed', 'to finish: nodeploy -e prod-2,prod-3 sync', {environment: 'prod-2,prod-3', action: {type: 'sync'}, options: {}}]);
  const passed = await world.go(soon, pair, {clock: () => now});
  assert.deepEqual([passed.reason, passed.advice, passed.next], ['until_passed', null, null], 'once more would pass no less');
  const policy = {windows: [{name: 'w', effect: 'freeze', timezone: 'No/Where', start: '0 9 * * *', end: '0 10 * * *'}]};
  const spoilt = await runMany({action: {type: 'assert'}, policy}, {kosli: world.kosli, environments: pair});
  assert.deepEqual([spoilt.reason, spoilt.advice, spoilt.next], ['bad_policy', null, null]);
  world.meddle = ({as, argv}) => as === 'environment' && argv.includes('prod-2') ? {status: 500, body: ''} : undefined;
  const blind = await world.go({type: 'assert'}, pair);
  assert.deepEqual([blind.advice, blind.next], ['nothing was decided; look again: nodeploy -e prod-2 assert', {environment: 'prod-2', action: {type: 'assert'}, options: {}}]);
});

test('the next command names many as they were named', async t => {
  const world = await kosliOf(t, 20);
  const {advice, next} = await world.go(on, ['prod-*', '!prod-3']);
  assert.deepEqual([advice, next.environment], ["to lift it: nodeploy -e 'prod-*,!prod-3' off --freeze 2024-10-31T12.00.00~steve", 'prod-*,!prod-3']);
  const some = await world.go({type: 'assert'}, ['prod-*']);
  assert.match(some.next.environment, /^prod-0,prod-1,/, 'not all of them are closed');
});

test('the worst decides', async t => {
  const world = await kosliOf(t);
  await world.go(on, ['prod-3']);
  const {decision, reason, summary} = await world.go({type: 'assert'}, ['prod-*']);
  assert.deepEqual([decision, reason, summary], ['refuse', 'frozen', '4 environments: 1 closed (prod-3), 3 open']);
  world.meddle = ({as, argv}) => as === 'environment' && argv.includes('prod-0') ? {status: 500, body: ''} : undefined;
  const worse = await world.go({type: 'assert'}, ['prod-*']);
  assert.deepEqual([worse.decision, worse.summary], ['error', '4 environments: 1 unknown (prod-0), 1 closed (prod-3), 2 open']);
});

for (const [what, environments, answer, reason] of [
  ['a name that is not there', ['prod-9'], undefined, 'unknown_environment'],
  ['nothing but what is left out', ['!prod-0'], undefined, 'bad_call'],
  ['no name', [], undefined, 'bad_call'],
  ['an error in place of the list', ['prod-*'], {status: 200, body: '{"message":"no"}'}, 'unreadable_environments'],
  ['a page of the list', ['prod-*'], {status: 200, body: '{"page":1,"environments":[{"name":"prod-0","tags":{}}]}'}, 'unreadable_environments'],
  ['a list cut short', ['prod-*'], {status: 200, body: '[{"name":"prod-0","tags":{}}'}, 'unreadable_environments'],
  ['a list that was not to be had', ['prod-*'], {error: 'connection refused'}, 'unreadable_environments'],
  ['an empty list', ['*'], {status: 200, body: '[]'}, 'nothing_selected'],
]) {
  test(`never an empty yes: ${what}`, async t => {
    const world = await kosliOf(t);
    world.meddle = ({as}) => as === 'environments' ? answer : undefined;
    for (const action of [{type: 'assert'}, on]) {
      const outcome = await world.go(action, environments);
      assert.deepEqual([outcome.decision, outcome.reason, outcome.outcomes, outcome.next], ['error', reason, [], null]);
      assert.deepEqual(world.commands(), []);
    }
  });
}

test('a logical environment: its members are frozen, asked and lifted with it', async t => {
  const world = await kosliOf(t);
  assert.deepEqual(world.decisions(await world.go(on, ['prod'])), {'prod': 'freezing', 'prod-0': 'freezing', 'prod-1': 'freezing'});
  assert.equal((await world.go({type: 'assert'}, ['prod-1'])).reason, 'frozen');
  assert.equal((await world.go({type: 'assert'}, ['prod-2'])).reason, 'not_frozen');
  await world.go({type: 'off', by: 'steve'}, ['prod-1']);
  assert.equal((await world.go({type: 'assert'}, ['prod'])).summary, '3 environments: 2 closed (prod, prod-0), 1 open');
  await world.go({type: 'off', by: 'steve'}, ['prod']);
  assert.equal((await world.go({type: 'assert'}, ['prod'])).decision, 'proceed');
});

test('who joins later is frozen by a sync of the logical one, and who was let out stays out', async t => {
  const world = await kosliOf(t);
  await world.go(on, ['prod']);
  await world.go({type: 'off', by: 'steve'}, ['prod-0']);
  await world.join(['prod-0', 'prod-1', 'prod-3']);
  assert.deepEqual(world.decisions(await world.go({type: 'sync'}, ['prod'])), {'prod': 'in_order', 'prod-0': 'in_order', 'prod-1': 'in_order', 'prod-3': 'freezing'});
  assert.deepEqual(world.decisions(await world.go({type: 'assert'}, ['prod-*'])), {'prod-0': 'not_frozen', 'prod-1': 'frozen', 'prod-2': 'not_frozen', 'prod-3': 'frozen'});
  assert.deepEqual(world.decisions(await world.go({type: 'sync'}, ['prod'])), {'prod': 'in_order', 'prod-0': 'in_order', 'prod-1': 'in_order', 'prod-3': 'in_order'});
  assert.deepEqual(world.commands(), []);
});

test('who joins while it is asked is asked, too', async t => {
  const world = await kosliOf(t);
  await world.go(on, ['prod-3']);
  world.meddle = async ({as}) => {
    if (as === 'trails') await world.join(['prod-0', 'prod-3']);
  };
  const outcome = await world.go({type: 'assert'}, ['prod']);
  assert.deepEqual(world.decisions(outcome), {'prod': 'not_frozen', 'prod-0': 'not_frozen', 'prod-1': 'not_frozen', 'prod-3': 'frozen'});
  assert.equal(outcome.decision, 'refuse');
});

test('a member that is gone closes', async t => {
  const world = await kosliOf(t);
  await world.write('PUT', 'environments/acme/prod-1/archive', null);
  const outcome = await world.go({type: 'assert'}, ['prod']);
  assert.deepEqual(world.decisions(outcome), {'prod': 'not_frozen', 'prod-0': 'not_frozen', 'prod-1': 'unknown_environment'});
  assert.equal(outcome.decision, 'error');
  assert.deepEqual(outcome.warnings.map(({code}) => code), ['unlisted_member']);
});

test('a member that was renamed is asked by its new name', async t => {
  const world = await kosliOf(t);
  await world.go(on, ['prod-1']);
  await world.write('PUT', 'environments/acme/prod-1/rename', {new_name: 'prod-one'});
  const outcome = await world.go({type: 'assert'}, ['prod']);
  assert.deepEqual(world.decisions(outcome), {'prod': 'not_frozen', 'prod-0': 'not_frozen', 'prod-one': 'frozen'});
  assert.equal((await world.go({type: 'assert'}, ['prod-*', '!prod-one'])).decision, 'proceed');
});

test('a member that is left out on purpose is not asked', async t => {
  const world = await kosliOf(t);
  await world.go(on, ['prod-1']);
  assert.deepEqual(world.decisions(await world.go({type: 'assert'}, ['prod', '!prod-1'])), {'prod': 'not_frozen', 'prod-0': 'not_frozen'});
});

test('a logical environment without members lets nobody through', async t => {
  const world = await kosliOf(t);
  await world.join([]);
  const {decision, reason} = await world.go({type: 'assert'}, ['prod']);
  assert.deepEqual([decision, reason], ['refuse', 'logical']);
});

test('a stop leaves what has not begun, and says so', async t => {
  const world = await kosliOf(t, 12);
  const stop = new AbortController();
  world.meddle = ({type}) => {
    if (type === 'begin_trail') stop.abort();
  };
  const {decision, outcomes} = await world.go(on, ['prod-*'], {signal: stop.signal, concurrency: 2});
  assert.equal(decision, 'error');
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
