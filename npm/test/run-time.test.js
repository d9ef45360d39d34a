// The host loop against time: deadlines of looks, none of writes, and being stopped.
import assert from 'node:assert/strict';
import test from 'node:test';
import {ASSERT, localKosli, OFF, ON, quick} from './run-kosli.js';

test('a silent Kosli: the look ends in time, and what is certain by then holds', async t => {
  const silent = new Promise(() => {});
  const kosli = await localKosli(t, (item, send) => item.as === 'environment' ? silent : send(item));
  for (const call of [ASSERT, ON, OFF]) {
    const {decision, summary} = await quick(call, kosli, {timeout: 20});
    assert.equal(decision, 'error');
    assert.match(summary, /no answer from Kosli within 0\.02 s/);
  }
  const frozen = await localKosli(t, (item, send) => item.as === 'trails' && frozen.sent.length > 0 ? silent : send(item));
  await quick(ON, frozen, {timeout: 20});
  assert.deepEqual([(await quick(ASSERT, frozen, {timeout: 20})).decision, frozen.sent.length], ['error', 4]);
  await assert.rejects(quick(ASSERT, kosli, {timeout: 0}), /`timeout` is the longest time for a look/);
});

test('a look without a deadline has not a short one', async t => {
  const kosli = await localKosli(t);
  const slow = {...kosli, send: async item => {
    await new Promise(resolve => setTimeout(resolve, 20));
    return kosli.send(item);
  }};
  for (const timeout of [Infinity, 2 ** 40]) assert.equal((await quick(ASSERT, slow, {timeout})).decision, 'proceed');
});

test('the deadline of a look ends its reads, and is gone when the look is over', async t => {
  const kosli = await localKosli(t);
  const signals = [];
  const open = {...kosli, send(item, options) {
    signals.push(options.signal);
    return kosli.send(item);
  }};
  t.mock.timers.enable({apis: ['setTimeout']});
  assert.equal((await quick(ASSERT, open, {timeout: 1000})).decision, 'proceed');
  t.mock.timers.tick(10_000);
  assert.deepEqual(signals.map(({aborted}) => aborted), [false, false]);
  const looking = quick(ASSERT, {...kosli, send: (item, {signal}) => new Promise(resolve => {
    signal.addEventListener('abort', () => resolve({error: 'stopped'}));
    queueMicrotask(() => t.mock.timers.tick(1000));
  })}, {timeout: 1000});
  assert.match((await looking).summary, /no answer from Kosli within 1 s/);
});

test('what Kosli answered before the time was over is said', async t => {
  const kosli = await localKosli(t);
  const busy = {...kosli, send(item, {onEvent}) {
    onEvent({type: 'retry', item, attempt: 2, wait: 30_000, because: 'Kosli answered 429'});
    return new Promise(() => {});
  }};
  assert.match((await quick(ASSERT, busy, {timeout: 20})).summary, /: Kosli answered 429, and no other answer within 0\.02 s$/);
});

test('no deadline interrupts a write, however long it takes', async t => {
  t.mock.timers.enable({apis: ['setTimeout']});
  const kosli = await localKosli(t);
  const {send} = kosli;
  const slow = {...kosli, async send(item, options) {
    if (item.type) t.mock.timers.tick(3_600_000);
    assert.ok(!options.signal?.aborted);
    return send(item);
  }};
  const outcome = await quick(ON, slow, {timeout: 1000});
  assert.deepEqual([outcome.decision, outcome.done.length], ['proceed', 4]);
});

test('abort: before the start, while looking, between two commands', async t => {
  const aborted = await quick(ON, await localKosli(t), {signal: AbortSignal.abort()});
  assert.deepEqual([aborted.decision, aborted.reason, aborted.answer, aborted.rounds], ['error', 'aborted', null, 1]);
  assert.match(aborted.summary, /^stopped; nothing was changed$/);

  for (const [when, done] of [['trails', 0], ['environment', 0], ['tag_environment', 1], ['begin_trail', 3]]) {
    const controller = new AbortController();
    const kosli = await localKosli(t, (item, send) => {
      if (when === (item.as ?? item.type)) controller.abort();
      return send(item);
    });
    const outcome = await quick(ON, kosli, {signal: controller.signal});
    assert.deepEqual([outcome.decision, outcome.reason, outcome.done.length], ['error', 'aborted', done]);
    assert.equal(kosli.sent.length, done);
    if (done === 1) assert.equal(outcome.summary, 'stopped before: create flow prod-nodeploy; prod is frozen, not recorded; done before: tag prod');
    assert.match(outcome.advice, done ? /--reason why --by steve on --freeze / : /--reason why --by steve on$/);
  }
});
