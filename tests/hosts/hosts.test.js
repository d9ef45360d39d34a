// Every host gives the native core's answers to the byte, and keeps doing so after failures, limits and many calls.
import assert from 'node:assert/strict';
import {appendFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {after, before, describe, test} from 'node:test';
import {npmPackage} from './hosts.js';
import {presentHosts} from './present.js';
import {ask, corpus, differences, temporaryFolder, USUAL, writeScript} from './scripts.js';

const folder = temporaryFolder();
after(() => folder.remove());

const now = '2024-10-31T10:44:48Z';
const frozen = JSON.stringify({action: {type: 'assert'}, now, environment: {name: 'prod-aws', tags: {nodeploy: '2024-10-31T10.44.48'}}});

const present = presentHosts(folder);

describe('the same answers as native Rust, byte for byte', () => {
  let asked;
  before(async () => {
    asked = await corpus(folder.path);
  });

  for (const host of [npmPackage, ...present]) {
    test(host.name, async t => {
      const {answers, median} = await ask(host, asked.script, folder.path);
      assert.deepEqual(differences(answers, asked.answers), []);
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
    await ask({...host, env: {...host.env, EXTISM_CACHE_CONFIG: ''}}, script, folder.path); // with nothing kept
    times.push(performance.now() - begun);
  }
  return Math.round(Math.min(...times));
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

// Node has one thread, and calls that overlap all the same; Rust's compiler refuses it.
describe('one plugin, asked by eight threads at once', () => {
  const open = environmentWith('{"team":"core"}');
  for (const host of present.filter(({hasThreads}) => hasThreads)) {
    test(host.name, async () => {
      const script = writeScript(join(folder.path, 'threads'), [['plan', frozen], ['plan', open]]);
      appendFileSync(script, 'again 1\nagain 2\nagain 2\nagain 1\nagain 1\n'.repeat(1000));
      const [one, other] = (await ask(npmPackage, script, folder.path)).answers;
      assert.match(other, /^={"decision":"proceed"/);
      const {answers} = await ask(host, script, folder.path, {...USUAL, threads: 8});
      const expected = [one, other, ...Array.from({length: 1000}, () => [one, other, other, one, one]).flat()];
      assert.deepEqual(differences(answers, expected), []);
    });
  }
});

test('the example in Node asks one call after the other, also after one that failed', {skip: !present.some(({name}) => name === 'Node') && 'its host is not here'}, async () => {
  const {ask: askPlugin} = await import('../../plugin/examples/node/nodeploy.js');
  let input; // as the SDK 2.0.0-rc13 does
  const plugin = {
    reset: async () => {},
    call: async (_, call) => {
      input = call;
      await null;
      if (input === '3') throw new Error('no');
      const last = input;
      return {bytes: () => new Uint8Array(Buffer.from(last))};
    },
  };
  const answers = await Promise.all(['1', '2', '3', '4'].map(call => askPlugin(plugin, 'plan', call).then(String, error => error.message)));
  assert.deepEqual(answers, ['1', '2', 'no', '4']);
});

// As many as a long-lived host makes in a day: the answers stay the same, and none is the last.
describe('50,000 calls of one plugin', () => {
  const calls = 50_000;
  for (const host of [npmPackage, ...present]) {
    test(host.name, async () => {
      const script = writeScript(join(folder.path, 'many'), [['plan', frozen]]);
      appendFileSync(script, 'again 1\n'.repeat(calls - 1));
      const {answers} = await ask(host, script, folder.path);
      assert.equal(answers.length, calls);
      assert.match(answers[0], /^={"decision":"refuse","reason":"frozen"/);
      assert.deepEqual([...new Set(answers)], [answers[0]]);
    });
  }
});
