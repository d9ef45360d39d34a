// The local Kosli killed with SIGKILL while command lines write to it: what it acknowledged is there when it comes back.
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {test} from 'node:test';
import {fileURLToPath} from 'node:url';
import {kosliHttp, run} from '../../npm/index.js';
import {nodeploy, rounds} from './command.js';
import {proxy} from './proxy.js';
import {facts} from './scenes.js';

const CLI = fileURLToPath(new URL('../../npm/cli.js', import.meta.url));

/** `nodeploy local` as a process: `{child, url, token, org, ended, stderr()}`. */
async function serve(t, dir, environment) {
  const child = spawn(process.execPath, [CLI, 'local', '--dir', dir, '--port', '0', '--env', environment], {stdio: ['ignore', 'pipe', 'pipe']});
  t.after(() => child.kill('SIGKILL'));
  const ended = once(child, 'close');
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', text => { stderr += text; });
  const found = {};
  for await (const line of createInterface({input: child.stdout})) {
    const [, name, value] = /^export KOSLI_(\w+)=(.*)$/.exec(line) ?? [];
    if (name) found[name] = value;
    if (Object.keys(found).length === 3) break;
  }
  assert.ok(found.HOST, stderr);
  return {child, url: found.HOST, token: found.API_TOKEN, org: found.ORG, ended, stderr: () => stderr};
}

test(`killed in the middle of writes (${rounds} rounds; NODEPLOY_ROUNDS)`, async t => {
  const folder = mkdtempSync(join(tmpdir(), 'nodeploy-faults-'));
  t.after(() => rmSync(folder, {recursive: true, force: true}));
  const dir = join(folder, 'kosli');
  const way = await proxy(t, undefined);
  const tally = {acknowledged: 0, cutShort: 0, torn: 0, unheard: 0};
  let server = await serve(t, dir, 'e0');
  for (let round = 0; round < rounds; round++) {
    const environment = `e${round}`;
    const told = `round ${round}`;
    const env = {
      KOSLI_HOST: way.url, KOSLI_ORG: server.org, KOSLI_API_TOKEN: server.token, KOSLI_MAX_API_RETRIES: '0',
      PATH: process.env.PATH, HOME: folder, NODEPLOY_ENV: environment,
    };
    way.upstream = server.url;
    way.meddle = undefined;
    assert.equal((await nodeploy(['on', '-r', 'before', '--by', 'before'], env).ended).code, 0, told);

    // Three at once; the Kosli dies at one of their first requests: when it has it, or when it has answered it.
    const deadly = way.requests.length + 1 + Math.floor(Math.random() * 20);
    const isAnswered = Math.random() < 0.5;
    way.meddle = async exchange => {
      const answer = exchange.forward();
      if (exchange.number === deadly && !isAnswered) server.child.kill('SIGKILL');
      const answered = await answer;
      if (exchange.number === deadly) server.child.kill('SIGKILL');
      exchange.answer(answered);
    };
    const commands = [['on', '-r', 'a', '--by', 'a'], ['on', '-r', 'b', '--by', 'b'], ['off', '--by', 'before']];
    const outcomes = await Promise.all(commands.map(args => nodeploy([...args, '--json'], env).ended));
    server.child.kill('SIGKILL');
    await server.ended;

    server = await serve(t, dir, `e${round + 1}`);
    tally.torn += /dropped the last/.test(server.stderr());
    const kosli = kosliHttp({host: server.url, org: server.org, token: server.token});
    const seen = await facts(kosli, environment);
    for (const {code, stdout, stderr} of outcomes) {
      assert.ok(code === 0 || code === 2, `${told}: ${stdout}${stderr}`);
      const {done} = JSON.parse(stdout);
      tally.cutShort += code === 2;
      tally.acknowledged += done.length;
      for (const command of done) assert.ok(isThere(command, seen), `${told}: acknowledged and gone: ${command.argv.join(' ')}\n${JSON.stringify(seen)}`);
    }

    way.upstream = server.url;
    way.meddle = undefined;
    for (const args of commands) {
      const {code, stdout, stderr} = await nodeploy(args, {...env, KOSLI_API_TOKEN: server.token}).ended;
      assert.equal(code, 0, `${told}, again: ${stdout}${stderr}`);
    }
    const {tags, records} = await facts(kosli, environment);
    const holders = open => Object.keys(records).filter(id => (records[id].off.length === 0) === open).map(id => id.replace(/.*~/, ''));
    assert.deepEqual([holders(true).sort(), holders(false)], [['a', 'b'], ['before']], told);
    assert.deepEqual(Object.keys(tags).length, 3, told);
    for (const {on, off} of Object.values(records)) tally.unheard += Math.max(0, on.length - 1) + Math.max(0, off.length - 1);
    assert.equal((await run({environment, action: {type: 'assert'}}, {kosli})).decision, 'refuse', told);
    await kosli.close();
  }
  assert.equal(tally.unheard, 0, 'an attestation is on record twice');
  t.diagnostic(`${rounds} rounds: ${JSON.stringify(tally)}`);
});

function isThere(command, {flow, tags, records}) {
  switch (command.type) {
    case 'create_flow': return flow;
    case 'begin_trail': return Object.hasOwn(records, command.trail);
    case 'attest': return records[command.trail]?.[command.name.replace('nodeploy-', '')].some(({description}) => !command.description || description === command.description);
    case 'tag_environment': return Object.keys(command.set ?? {}).filter(key => key !== 'nodeploy').every(key => Object.hasOwn(tags, key))
      && (command.unset ?? []).filter(key => key !== 'nodeploy').every(key => !Object.hasOwn(tags, key));
    default: return false;
  }
}
