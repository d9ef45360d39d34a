// Every host gives the native core's answers to the byte, keeps doing so after failures and limits; its example freezes,
// gates and lifts with the real kosli CLI; and its ten lines in plugin/README.md are a gate. One after the other: the hosts
// that are built are shared.
import assert from 'node:assert/strict';
import {isUtf8} from 'node:buffer';
import {spawnSync} from 'node:child_process';
import {copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {after, before, describe, test} from 'node:test';
import {hosts, missing, npmPackage, plugin, root} from './hosts.js';
import {localKosli} from './local-kosli.js';
import {ask, corpus, differences, temporaryFolder, USUAL, writeScript} from './scripts.js';

const folder = temporaryFolder();
after(() => folder.remove());

assert.ok(existsSync(plugin), 'plugin/nodeploy.wasm is not there; build it: cargo xtask build');

const now = '2024-10-31T10:44:48Z';
const frozen = JSON.stringify({action: {type: 'assert'}, now, environment: {name: 'prod-aws', tags: {nodeploy: '2024-10-31T10.44.48'}}});

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
      t.diagnostic(`${asked.vectors} vectors, ${asked.generated} generated calls, ${asked.lines} answers`);
      t.diagnostic(`median call ${median} µs, ${await coldStart(host)} ms from the process's start to its end with one call`);
    });
  }
});

async function coldStart(host) {
  const script = writeScript(join(folder.path, 'one'), [['plan', frozen]]);
  const times = [];
  for (let i = 0; i < 3; i++) {
    const begun = performance.now();
    await ask(host, script, folder.path);
    times.push(performance.now() - begun);
  }
  return Math.round(Math.min(...times));
}

// A JavaScript text is always text: bytes that are none never reach the npm package's core.
function notText(script) {
  const lines = readFileSync(script, 'utf8').split('\n');
  return i => {
    const line = lines[i].startsWith('again ') ? lines[lines[i].slice(6) - 1] : lines[i];
    return !isUtf8(Buffer.from(line.split(' ')[1], 'base64'));
  };
}

const environmentWith = tags => `{"action":{"type":"assert"},"now":"${now}","environment":{"name":"prod-aws","tags":${tags}}}`;
const MB = 1_000_000;
// An error in the host's own words, or an answer that is one: when Go's SDK has no memory for a call, it hands on none.
const REFUSED = /^!.|^={"decision":"error"/;

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
    write('slow', environmentWith(`{${Array.from({length: MB}, (_, i) => `"nodeploy.f${i}":""`)}}`)); // seconds in any engine
    const names = ['calm', 'long', 'deep', 'brackets'];
    const script = writeScript(join(folder.path, 'reference'), names.map(name => ['plan', hostile[name] ?? frozen]));
    const {answers} = await ask(npmPackage, script, folder.path);
    expected = Object.fromEntries(names.map((name, i) => [name, answers[i]]));
    assert.match(expected.calm, /^={"decision":"refuse","reason":"frozen"/);
    for (const name of names.slice(1)) assert.match(expected[name], REFUSED);
  });

  // Each hostile call three times: what one failure leaves behind must not pile up. A calm one after each.
  async function check(host, name, limits) {
    const inputs = ['calm', name, 'calm', name, 'calm', name, 'calm'];
    const script = writeScript(join(folder.path, 'script'), inputs.map(name => ['plan', hostile[name] ?? frozen]));
    const {answers} = await ask(host, script, folder.path, {...USUAL, ...limits});
    assert.equal(answers.length, inputs.length);
    inputs.forEach((input, i) => {
      const where = `line ${i + 1}, ${input}`;
      if (input === 'calm') assert.equal(answers[i], expected.calm, where);
      else if (!limits) assert.equal(answers[i], expected[input], where);
      else assert.match(answers[i], REFUSED, where);
    });
    return [...new Set(answers.filter(answer => answer !== expected.calm))].map(answer => answer.slice(0, 200)).join('; ');
  }

  for (const host of present) {
    for (const name of ['long', 'deep', 'brackets']) {
      test(`${host.name}: ${name}`, () => check(host, name));
    }
    for (const [limit, name, limits] of [
      ['memory', 'long', {pages: 512}],
      ['time', 'slow', {milliseconds: 1000, pages: 16_384}],
      ['fuel', 'slow', {fuel: 500_000_000, pages: 16_384}],
    ]) {
      if (!host.limits.includes(limit)) continue;
      test(`${host.name}: out of ${limit}`, async t => t.diagnostic(await check(host, name, limits)));
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
    ['passes the open gate', {type: 'assert'}, 0, /not frozen/],
    ['freezes', host => ({type: 'on', by: holder(host), reason}), 0, /^freezing prod-aws as .*say "hi", see k=v/],
    ['stops at the gate', {type: 'assert'}, 1, /frozen.*say "hi", see k=v/],
    ['lifts its own', host => ({type: 'off', by: holder(host)}), 0, /./],
  ];
  // Step by step, so that each meets what the others have done: the gate stays shut until the last one lifts.
  for (const [what, action, code, words] of steps) {
    for (const host of present) {
      test(`${host.name} ${what}`, t => withKosli(t, async () => {
        const ended = await go(host, typeof action === 'function' ? action(host) : action);
        assert.equal(ended.code, code, ended.stdout + ended.stderr);
        assert.match(ended.stdout, words);
      }));
    }
  }
  for (const host of present) {
    test(`${host.name}, cut short, leaves the gate shut and says how to finish`, t => withKosli(t, async () => {
      const by = holder(host);
      const cut = await go(host, {type: 'on', by, reason: 'cut short'}, 'prod-aws', {PATH: kosli.pathThatFails('attest')});
      assert.equal(cut.code, 2, cut.stdout + cut.stderr);
      const [, rest] = /to finish, run it with: (.*)$/m.exec(cut.stderr) ?? assert.fail(cut.stderr);
      assert.equal((await go(host, {type: 'assert'})).code, 1);
      assert.equal((await go(host, JSON.parse(rest))).code, 0);
      assert.equal((await go(host, {type: 'off', by})).code, 0);
    }));
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

describe('the gates of plugin/README.md, as they stand there', () => {
  const readme = readFileSync(join(root, 'plugin', 'README.md'), 'utf8');
  const programs = Object.fromEntries([...readme.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language, text]) => [language, text]));
  const environment = tags => JSON.stringify({name: 'prod-aws', tags});

  for (const host of present) {
    test(host.name, () => {
      const cwd = join(folder.path, `gate-${host.language}`);
      mkdirSync(cwd);
      copyFileSync(plugin, join(cwd, 'nodeploy.wasm'));
      const [program, ...args] = host.gate(programs[host.language], cwd);
      const go = input => spawnSync(program, args, {cwd, input, encoding: 'utf8', env: {...process.env, ...host.env}});
      for (const [input, code, words] of [
        [environment({}), 0, /not frozen/],
        [environment({nodeploy: '2024-10-31T10.44.48'}), 1, /frozen since 2024-10-31 10:44:48 UTC/],
        [environment(undefined), 1, /^could not read/],
      ]) {
        const {status, stdout, stderr} = go(input);
        assert.match(stdout, words, stderr);
        assert.equal(status, code, stderr);
      }
      assert.notEqual(go('').status, 0);
    });
  }
});
