// The door: a call that is text reaches the core as it is, and is refused for what parsing would have hidden.
import assert from 'node:assert/strict';
import test from 'node:test';
import {runInNewContext} from 'node:vm';
import {observe, plan, run} from '../index.js';

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

const window = {name: 'w', effect: 'freeze', environments: ['*'], timezone: 'UTC', days: ['mon'], from: '00:00', to: '24:00'};
for (const [name, changed, words] of [
  ['a policy that is undefined', {policy: undefined}, '`policy` is undefined; leave it out, or give it a value'],
  ['a policy that nobody waited for', {policy: Promise.resolve({windows: []})}, '`policy` is a Promise: await it'],
  ['the function that reads it', {policy: () => ({windows: []})}, '`policy` is a function, which JSON does not have'],
  ['a symbol', {policy: Symbol('x')}, '`policy` is a symbol, which JSON does not have'],
  ['tags in a Map', {policy: {windows: [{...window, tags: new Map([['tier', 'critical']])}]}}, '`policy.windows[0].tags` is a Map, of which JSON keeps little; make it a plain object'],
  ['a list with a hole', {policy: {windows: [window, , window]}}, '`policy.windows[1]` is undefined; leave it out, or give it a value'], // eslint-disable-line no-sparse-arrays
  ['a getter of a class', {policy: new (class Policy { get windows() { return []; } })()}, '`policy` is a Policy, of which JSON keeps little; make it a plain object'],
  ['what is inherited', {policy: Object.create({windows: []})}, '`policy` is an object that inherits from another one, of which JSON keeps little; make it a plain object'],
  ['a span that is no number', {action: {type: 'windows', days: NaN}}, '`action.days` is NaN, which JSON does not have'],
  ['a time that is not set', {action: {type: 'assert', at: undefined}}, '`action.at` is undefined; leave it out, or give it a value'],
  ['settings that are not set', {settings: undefined}, '`settings` is undefined; leave it out, or give it a value'],
  ['a tag that is not set', {settings: {tag: undefined}}, '`settings.tag` is undefined; leave it out, or give it a value'],
  ['what turns itself into nothing', {policy: {toJSON: () => undefined}}, '`policy` is undefined; leave it out, or give it a value'],
  ['an immense number', {action: {type: 'windows', days: 7n}}, '`action.days` is a bigint, which JSON does not have'],
]) {
  test(`${name} is no call: JSON would leave it out`, async () => {
    const asked = {...call, ...changed};
    const {decision, reason, summary} = plan(asked);
    assert.deepEqual([decision, reason, summary], ['error', 'bad_call', `the call cannot be read: ${words}`]);
    assert.deepEqual(observe(asked), []);
    const outcome = await run({action: {type: 'assert'}, environment: 'prod-aws', ...changed}, {kosli: {send: () => assert.fail('it asks Kosli')}});
    assert.deepEqual([outcome.decision, outcome.summary], ['error', summary]);
  });
}

test('a call that holds itself is no call', () => {
  const policy = {windows: []};
  policy.windows.push(policy);
  assert.match(plan({...call, policy}).summary, /is nested too deeply$/);
});

test('what JSON keeps is a call: dates, objects of any realm, results without a date', () => {
  const policy = Object.assign(Object.create(null), {windows: [runInNewContext(`(${JSON.stringify(window)})`)]});
  const observed = {environment: {status: 200, body: JSON.stringify(call.environment), date: undefined}};
  assert.equal(plan({...call, now: new Date('2024-10-31T10:44:48Z'), environment: 'prod-aws', policy, observed}).reason, 'not_frozen');
});

test('bytes and promises of another realm are what they are', () => {
  const text = JSON.stringify(call);
  const elsewhere = runInNewContext('({bytes: text => Uint8Array.from(text, letter => letter.charCodeAt(0)), promise: Promise.resolve({}), words: new Uint16Array(2)})');
  for (const each of [elsewhere.bytes(text), Object.setPrototypeOf(Buffer.from(text), Object.getPrototypeOf(elsewhere.bytes('')))]) {
    assert.ok(!(each instanceof Uint8Array));
    assert.deepEqual([plan(each), observe(each)], [plan(call), observe(call)]);
  }
  assert.match(plan({...call, policy: elsewhere.promise}).summary, /`policy` is a Promise: await it$/);
  assert.match(plan(elsewhere.words).summary, /it is a Uint16Array, of which JSON keeps little/);
  assert.equal(plan({[Symbol.toStringTag]: 'Uint8Array', length: 2}).decision, 'error');
});

test('a long list goes beside the call: the same answer as of one text, also to what is wrong', () => {
  const envs = Array.from({length: 1000}, (_, number) => ({name: `prod-${number}`, type: 'K8S', description: 'Wien \u{1F6D1} "ä"', tags: number % 7 ? {} : {nodeploy: '2024-10-31T10:00:00Z'}}));
  const list = JSON.stringify(envs);
  assert.ok(list.length > 65_536);
  const asked = (environments, action = {type: 'overview'}) => ({action, now: '2024-10-31T10:44:48Z', observed: {environments}});
  const http = body => ({status: 200, body});
  for (const each of [
    asked(http(list)), asked({exit_code: 0, stdout: list, stderr: ''}), asked({...http(list), date: undefined}),
    asked(http(list), {type: 'select', environments: ['prod-1*', '!prod-11']}), asked(http(list), {type: 'select', environments: ['nobody']}),
    asked(http(list.slice(0, -1))), asked(http(list.replace('prod-1"', 'prod-2"'))), asked(http(`${list}x`)), asked({status: 502, body: list}),
    asked({...http(list), more: true}), asked({...http(list), stdout: list}), asked(http(list), {type: 'overvew'}), asked(http(list), {type: 'overview', since: 1}),
    {...asked(http(list)), now: 'today'},
  ]) {
    assert.deepEqual(plan(each), plan(JSON.stringify(each)));
    assert.deepEqual(observe(each), observe(JSON.stringify(each)));
  }
  assert.match(plan(asked(http(list.replace('Wien', '\ud800')))).summary, /^the call cannot be read: /);
});

test('a long list that JSON would not have is in no call', () => {
  const list = JSON.stringify(Array.from({length: 2000}, (_, number) => ({name: `prod-${number}`, type: 'K8S', tags: {}})));
  const found = {status: 200, body: list};
  const asked = {action: {type: 'overview'}, now: '2024-10-31T10:44:48Z'};
  const hidden = (object, name, value) => Object.defineProperty({...object}, name, {value});
  const over = parent => Object.create(parent);
  let reads = 0;
  for (const [what, call] of Object.entries({
    'inherited, of a result': {...asked, observed: {environments: Object.assign(over({body: list}), {status: 200})}},
    'inherited, of all results': {...asked, observed: over({environments: found})},
    'hidden in a result': {...asked, observed: {environments: hidden({status: 200}, 'body', list)}},
    'hidden in all results': {...asked, observed: hidden({}, 'environments', found)},
    'hidden in the call': hidden(asked, 'observed', {environments: found}),
    'of a class': {...asked, observed: {environments: new class {
      status = 200;

      get body() { return list; }
    }()}},
    'of lists': {...asked, observed: {environments: Object.assign([], found)}},
    'of a function': {...asked, observed: {environments: Object.assign(() => {}, found)}},
    'of a number': {...asked, observed: {environments: Object.assign(new Number(4), found)}},
    'behind toJSON': {...asked, observed: {environments: {...found, toJSON: () => ({...found, body: '[]'})}}},
    'behind an inherited toJSON': {...asked, observed: {environments: Object.assign(over(Object.assign(over(null), {toJSON: () => 1})), found)}},
    'that a Proxy does not list': {...asked, observed: {environments: new Proxy(found, {ownKeys: () => ['status']})}},
  })) {
    assert.deepEqual(plan(call), plan(JSON.stringify(call)), what);
    assert.deepEqual(observe(call), observe(JSON.stringify(call)), what);
  }
  const changing = {...asked, observed: {environments: {status: 200, get body() { return reads++ === 0 ? list : '[]'; }}}};
  assert.equal(plan(changing).overview.length, 2000, 'what is read once cannot change meanwhile');
});
