// Many environments: the worst decides, what failed is told, and the last line is the next command for all of them.
import assert from 'node:assert/strict';
import test from 'node:test';
import {runMany} from '../index.js';
import {unbegun, wordsOfAll} from '../loop/many-words.js';
import {look} from '../loop/run.js';
import {kosliOf, NOW, on} from './many-kosli.js';

test('one that fails leaves the others, is told at the end, and decides', async t => {
  const world = await kosliOf(t);
  world.meddle = ({type, environment}) => type === 'tag_environment' && environment === 'prod-2' ? {status: 403, body: '{"message":"no"}'} : undefined;
  const outcome = await world.go(on, ['prod-*']);
  assert.deepEqual(world.decisions(outcome), {'prod-0': 'freezing', 'prod-1': 'freezing', 'prod-2': 'command_failed', 'prod-3': 'freezing'});
  assert.deepEqual([outcome.decision, outcome.reason], ['error', 'command_failed']);
  assert.equal(outcome.summary, '4 environments: 1 failed (prod-2), 3 done');
  assert.match(outcome.advice, /^to finish: nodeploy -e prod-2 --reason 'payments down' .*on --freeze 2024-10-31T12\.00\.00~steve$/, 'with the id of all the others');
  world.meddle = () => undefined;
  const again = await world.go(on, ['prod-*']);
  assert.deepEqual([again.decision, again.summary], ['proceed', '4 environments: 1 done, 3 with nothing to do']);
  assert.equal((await world.go(on, ['prod-*'])).summary, '4 environments: nothing to do');
  assert.equal((await world.go({type: 'assert'}, ['prod-*'])).summary, '4 environments: 4 closed (prod-0, prod-1, prod-2, prod-3)');
});

test('a dry run plans something, or has nothing to do', () => {
  const dry = commands => ({environment: 'prod', decision: 'proceed', reason: 'lifting', dryRun: true, done: [], commands});
  assert.equal(wordsOfAll([dry([{}]), dry([])], {}).summary, '2 environments: 1 planned, 1 with nothing to do');
});

test('of an off, where others keep it frozen: the last line does not read as if all were open', async t => {
  const world = await kosliOf(t);
  await world.go(on, ['prod-1', 'prod-2', 'prod-3']);
  await world.go({...on, by: 'mary'}, ['prod-2', 'prod-3']);
  const off = {type: 'off', by: 'steve'};
  const dry = await world.go(off, ['prod-*'], {carry: async (call, host) => ({...await look(call, host), dryRun: true})});
  assert.equal(dry.summary, '4 environments: 3 planned, 1 with nothing to do; prod-2, prod-3 STAY FROZEN');
  assert.equal((await world.go(off, ['prod-*'])).summary, '4 environments: 3 done, 1 with nothing to do; prod-2, prod-3 STAY FROZEN');
  assert.equal((await world.go(off, ['prod-*'])).summary, '4 environments: nothing to do; prod-2, prod-3 STAY FROZEN');
  assert.equal((await world.go({...off, by: 'jon'}, ['prod-*'])).summary, '4 environments: 2 refused (prod-2, prod-3), 2 with nothing to do');
  await world.go({...off, by: 'mary'}, ['prod-3']);
  assert.equal((await world.go(off, ['prod-*'])).summary, '4 environments: nothing to do; prod-2 STAYS FROZEN');
});

test('of a stop, or a write that is refused: what is half done is told apart from what has failed', async t => {
  const world = await kosliOf(t);
  world.meddle = ({type, flow, environment}) => type === 'begin_trail' && flow === 'prod-1-nodeploy' || type === 'tag_environment' && environment === 'prod-2' ? {status: 403, body: '{"message":"no"}'} : undefined;
  const half = await world.go(on, ['prod-1', 'prod-2', 'prod-3']);
  assert.equal(half.summary, '3 environments: 1 failed (prod-2), 1 frozen, not recorded (prod-1), 1 done');
  assert.match(half.advice, /^to finish: nodeploy -e prod-1,prod-2 /);
  assert.match(half.outcomes[0].summary, /answered 403: no; prod-1 is frozen, not recorded; done before: tag prod-1/);
  world.meddle = () => undefined;
  await world.go(on, ['prod-1', 'prod-2']);
  world.meddle = ({type, environment}) => type === 'tag_environment' && environment === 'prod-3' ? {status: 403, body: '{"message":"no"}'} : undefined;
  const off = await world.go({type: 'off', by: 'steve'}, ['prod-2', 'prod-3']);
  assert.equal(off.summary, '2 environments: 1 lifted on record, tags still up (prod-3), 1 done');
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

test('stopped before it is known which are meant: the same is said once more, and no word of what a host has to do', async t => {
  const world = await kosliOf(t);
  const stopped = async action => {
    const {decision, reason, summary, advice, next} = await world.go(action, ['prod-*'], {signal: AbortSignal.abort()});
    assert.deepEqual([decision, reason, next.environment, next.action.type], ['error', 'aborted', 'prod-*', action.type]);
    return [summary, advice];
  };
  assert.deepEqual(await stopped(on), ['stopped; nothing was changed', "to finish: nodeploy -e 'prod-*' --reason 'payments down' --by steve on"]);
  assert.deepEqual(await stopped({type: 'assert'}), ['stopped', "nothing was decided; look again: nodeploy -e 'prod-*' assert"]);
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

test('a list that Kosli\'s clock spoils is looked at again', () => {
  const words = {decision: 'error', reason: 'wrong_clock', summary: 'set it right', advice: null, next: null};
  assert.deepEqual(unbegun(words, {type: 'status'}, ['*']).advice, "nothing was decided; look again: nodeploy -e '*' status");
  assert.equal(unbegun({...words, reason: 'bad_name'}, {type: 'status'}, ['*']).advice, null);
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
      const again = reason.startsWith('unreadable_') ? {environment: 'prod-*', action, options: {}} : null;
      assert.deepEqual([outcome.decision, outcome.reason, outcome.outcomes, outcome.next], ['error', reason, [], again]);
      assert.deepEqual(world.commands(), []);
    }
  });
}
