// Many environments: logical ones, and those that join, leave, are renamed.
import assert from 'node:assert/strict';
import test from 'node:test';
import {kosliOf, on} from './many-kosli.js';

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
