// Every host gives the native core's answers to the byte, keeps doing so after failures and limits, and its example
// freezes, gates and lifts with the real kosli CLI.
import assert from 'node:assert/strict';
import {isUtf8} from 'node:buffer';
import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {after, before, describe, test} from 'node:test';
import {hosts, missing, npmPackage, plugin} from './hosts.js';
import {localKosli} from './local-kosli.js';
import {ask, corpus, differences, temporaryFolder, USUAL, writeScript} from './scripts.js';

const folder = temporaryFolder();
after(() => folder.remove());

assert.ok(existsSync(plugin), 'plugin/nodeploy.wasm is not there; build it: cargo xtask build');

// In CI every host runs; elsewhere one without its tools is left out, and says so.
const present = hosts.filter(host => {
  host.without = missing(host);
  return !host.without || process.env.CI;
});
for (const host of hosts) {
  test(`${host.name} is built (${host.engine})`, {skip: !present.includes(host) && `there is no \`${host.without}\` here`}, () => {
    assert.equal(host.without, undefined, `there is no \`${host.without}\` here, and in CI every host runs`);
    host.prepare();
  });
}

describe('the same answers as native Rust, byte for byte', () => {
  let asked;
  before(async () => {
    asked = await corpus(folder.path);
  });

  for (const host of [npmPackage, ...present]) {
    test(host.name, async t => {
      const {answers, median} = await ask(host, asked.script, folder.path);
      const excuse = host === npmPackage ? notText(asked.script) : undefined;
      assert.deepEqual(differences(answers, asked.answers, excuse), []);
      t.diagnostic(`${asked.vectors} vectors, ${asked.generated} generated calls, ${asked.lines} answers; median call ${median} µs`);
    });
  }
});

// A JavaScript text is always text: bytes that are none never reach the npm package's core.
function notText(script) {
  const lines = readFileSync(script, 'utf8').split('\n');
  return i => {
    const line = lines[i].startsWith('again ') ? lines[lines[i].slice(6) - 1] : lines[i];
    return !isUtf8(Buffer.from(line.split(' ')[1], 'base64'));
  };
}

const now = '2024-10-31T10:44:48Z';
const frozen = JSON.stringify({action: {type: 'assert'}, now, environment: {name: 'prod-aws', tags: {nodeploy: '2024-10-31T10.44.48'}}});
const environmentWith = tags => `{"action":{"type":"assert"},"now":"${now}","environment":{"name":"prod-aws","tags":${tags}}}`;
const MB = 1_000_000;

describe('a call beyond any measure is refused, and the next one answered', () => {
  const hostile = {};
  let expected;
  before(async () => {
    const write = (name, text) => {
      writeFileSync(join(folder.path, name), text);
      hostile[name] = {file: join(folder.path, name)};
    };
    write('long', JSON.stringify({action: {type: 'assert'}, now, environment: 'prod-aws', observed: {environment: {status: 200, body: 'x'.repeat(50 * MB)}}}));
    write('deep', environmentWith('{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000)));
    write('brackets', '['.repeat(50 * MB));
    write('slow', environmentWith(`{${Array.from({length: 2 * MB}, (_, i) => `"t${i}":""`)}}`));
    const script = writeScript(join(folder.path, 'reference'), [['plan', frozen], ...Object.values(hostile).map(input => ['plan', input])]);
    const [calm, ...rest] = (await ask(npmPackage, script, folder.path)).answers;
    expected = {calm, ...Object.fromEntries(Object.keys(hostile).map((name, i) => [name, rest[i]]))};
    assert.match(calm, /^={"decision":"refuse","reason":"frozen"/);
    for (const name of ['long', 'deep', 'brackets']) assert.match(expected[name], /^={"decision":"error"/);
  });

  // Each hostile call three times: what one failure leaves behind must not pile up. A calm one after each.
  async function check(host, names, limits, mustFail) {
    const calls = names.flatMap(name => [name, 'calm', name, 'calm', name, 'calm']);
    const inputs = ['calm', ...calls];
    const script = writeScript(join(folder.path, 'script'), inputs.map(name => ['plan', hostile[name] ?? frozen]));
    const {answers} = await ask(host, script, folder.path, {...USUAL, ...limits});
    assert.equal(answers.length, inputs.length);
    inputs.forEach((name, i) => {
      if (name === 'calm' || !answers[i].startsWith('!')) assert.equal(answers[i], expected[name], `line ${i + 1}, ${name}`);
      if (name !== 'calm' && mustFail) assert.match(answers[i], /^!./, `line ${i + 1}, ${name}, has no limit`);
    });
    return [...new Set(answers.filter(answer => answer.startsWith('!')))].join('; ') || 'answered';
  }

  for (const host of present) {
    test(`${host.name}: 50 MB, deep nesting`, async t => {
      t.diagnostic(await check(host, ['long', 'deep', 'brackets'], {}, false));
    });
    for (const [limit, [names, limits]] of Object.entries({
      memory: [['long', 'slow'], {pages: 512}],
      time: [['slow'], {milliseconds: 1000}],
      fuel: [['deep', 'long'], {fuel: 2_000_000}],
    })) {
      if (!host.limits.includes(limit)) continue;
      test(`${host.name}: out of ${limit}`, async t => t.diagnostic(await check(host, names, limits, true)));
    }
  }
});

describe('the examples freeze, gate and lift', () => {
  let kosli;
  before(async () => {
    kosli = await localKosli(folder.path);
  });
  after(() => kosli?.stop());

  const reason = 'say "hi", see k=v & -é\n冻结 $(touch x)';
  const holder = host => `${host.name} & co`;
  const go = async (host, action, environment = 'prod-aws', env = {}) => {
    const [program, ...args] = host.example;
    return kosli.run(program, [...args, plugin, environment, JSON.stringify(action)], {...host.env, ...env});
  };
  const steps = [
    ['passes the open gate', {type: 'assert'}, () => 0, /^prod-aws is not frozen/],
    ['freezes', host => ({type: 'on', by: holder(host), reason}), () => 0, /^freez|^prod-aws is frozen/i],
    ['stops at the gate', {type: 'assert'}, () => 1, /^prod-aws is frozen.*say "hi", see k=v/],
    ['lifts its own', host => ({type: 'off', by: holder(host)}), () => 0, /./],
  ];
  // Step by step, so that each meets what the others have done: the gate stays shut until the last one lifts.
  for (const [what, action, code, words] of steps) {
    for (const host of present) {
      test(`${host.name} ${what}`, t => withKosli(t, async () => {
        const ended = await go(host, typeof action === 'function' ? action(host) : action);
        assert.equal(ended.code, code(), ended.stdout + ended.stderr);
        assert.match(ended.stdout, words);
      }));
    }
  }
  for (const host of present) {
    test(`${host.name} finds the gate open, and its record exact`, t => withKosli(t, async () => {
      assert.equal((await go(host, {type: 'assert'})).code, 0);
      const {data} = JSON.parse(await kosli.cli(['list', 'trails', '--flow', 'prod-aws-nodeploy', '--output', 'json']));
      const records = await Promise.all(data.map(({name}) => record(name)));
      assert.equal(records.filter(({on, off}) => on.annotations.by === holder(host) && on.description === reason && off).length, 1);
    }));
    test(`${host.name} lets nothing through that it could not find out`, t => withKosli(t, async () => {
      assert.equal((await go(host, {type: 'assert'}, 'no-such-env')).code, 2);
      assert.equal((await go(host, {type: 'asert'})).code, 2);
      assert.equal((await go(host, {type: 'assert'}, 'prod-aws', {KOSLI_API_TOKEN: 'wrong'})).code, 2);
      assert.equal((await go(host, {type: 'on', reason}, 'prod-aws', {KOSLI_API_TOKEN: 'wrong'})).code, 2);
    }));
  }

  async function record(trail) {
    const get = async name => JSON.parse(await kosli.cli(['get', 'attestation', name, '--flow', 'prod-aws-nodeploy', '--trail', trail, '--output', 'json']));
    const [[on], [off]] = await Promise.all([get('nodeploy-on'), get('nodeploy-off')]);
    return {on, off};
  }

  function withKosli(t, story) {
    if (kosli) return story();
    assert.ok(!process.env.CI, 'there is no kosli CLI here, and in CI the examples run');
    return t.skip('there is no kosli CLI for this machine');
  }
});
