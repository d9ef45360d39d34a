// The door: a call that is text reaches the core as it is, and is refused for what parsing would have hidden.
import assert from 'node:assert/strict';
import test from 'node:test';
import {observe, plan} from '../index.js';

const call = {action: {type: 'assert'}, now: '2024-10-31T10:44:48Z', environment: {name: 'prod-aws', tags: {}}};
const text = (from, to) => {
  assert.ok(JSON.stringify(call).includes(from), from);
  return JSON.stringify(call).replace(from, to);
};
const bytes = latin1 => new Uint8Array(Buffer.from(latin1, 'latin1'));

test('a call may be an object, its text or its bytes', () => {
  const {decision, reason} = plan(call);
  assert.deepEqual([decision, reason], ['proceed', 'not_frozen']);
  for (const each of [JSON.stringify(call), bytes(JSON.stringify(call))]) {
    assert.deepEqual(plan(each), plan(call));
    assert.deepEqual(observe(each), observe(call));
  }
});

test('what JSON.parse would hide is refused', () => {
  for (const [from, to] of [
    ['"tags":{}', '"tags":{"nodeploy":"x"},"tags":{}'],
    ['"tags":{}', '"tags":{"team":"a","team":"b"}'],
    ['"tags":{}', '"tags":{"cost":1e400}'],
    ['"type":"assert"', '"type":"assert","type":"off"'],
    ['"tags":{}', '"tags":{"t":"\ud800"}'],
  ]) {
    const asked = text(from, to);
    assert.equal(plan(asked).decision, 'error', asked);
  }
  const broken = bytes(text('"tags":{}', '"tags":{"nodeploy\xff":"x"}'));
  assert.match(plan(broken).summary, /is not UTF-8 text \(byte \d+\)/);
  assert.deepEqual(observe(broken), []);
});

test('what is no call is refused, whatever it is', () => {
  for (const each of [undefined, null, '', 'x', 7, [], () => {}, Promise.resolve(), new Map()]) {
    assert.equal(plan(each).decision, 'error');
    assert.deepEqual(observe(each), []);
  }
});

test('a policy that somebody forgot to wait for is no policy', () => {
  assert.equal(plan({...call, policy: Promise.resolve({windows: []})}).reason, 'bad_policy');
});
