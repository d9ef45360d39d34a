// What ends a run from outside: signals, and a Kosli that says nothing. No kosli process is left behind.
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync, readFileSync, watch, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'node:test';
import {CLI, nodeploy} from './child.js';
import {moduleAt, start, temporaryFolder} from './local-kosli.js';
import {record} from './recording-server.js';

const posix = {skip: process.platform === 'win32' && 'there are no signals, and no #! lines'};
const KOSLI = {KOSLI_ORG: 'acme', KOSLI_API_TOKEN: 'secret-token', KOSLI_HOST: 'http://127.0.0.1:9', KOSLI_MAX_API_RETRIES: '0', NODEPLOY_ENV: 'prod', NODEPLOY_BY: 'steve'};

/** A kosli that answers reads of nothing frozen, but hangs in the call that `hangs` names, with its pid in the file `pid`. */
function hangingKosli(t, hangs, {isStubborn = false} = {}) {
  const folder = temporaryFolder(t);
  const program = join(folder, 'kosli');
  writeFileSync(program, `#!${process.execPath}
    const [verb, what] = process.argv.slice(2);
    if (${isStubborn}) process.on('SIGTERM', () => {});
    if (\`\${verb} \${what}\` === ${JSON.stringify(hangs)}) {
      require('node:fs').writeFileSync(${JSON.stringify(join(folder, 'pid'))}, String(process.pid));
      setInterval(() => {}, 1000);
    } else if (what === 'trails') console.log('{"data":[],"pagination":{"total":0,"page":1,"per_page":100,"page_count":0}}');
    else if (what === 'env') console.log('{"name":"prod","tags":{}}');
    else {
      console.error("Error: [kosli get flow flow=prod-nodeploy] Flow named 'prod-nodeploy' does not exist for organization 'acme'");
      process.exitCode = 1;
    }
    `, {mode: 0o755});
  const file = join(folder, 'pid');
  const pid = async () => {
    const watcher = watch(folder);
    t.after(() => watcher.close());
    while (!existsSync(file) || readFileSync(file, 'utf8') === '') await once(watcher, 'change');
    return Number(readFileSync(file, 'utf8'));
  };
  return {program, pid};
}

const isAlive = pid => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

const STUBBORN = {isStubborn: true};
for (const [args, hangs, signals, code, kind] of [
  [['assert'], 'get env', ['SIGTERM'], 143],
  [['assert'], 'list trails', ['SIGINT'], 130],
  [['status'], 'get env', ['SIGHUP'], 129],
  [['assert', '--wait', '30m'], 'get env', ['SIGTERM'], 2],
  [['on', '-r', 'why'], 'get env', ['SIGTERM'], 2],
  [['on', '-r', 'why'], 'tag env', ['SIGINT', 'SIGINT'], 130],
  [['on', '-r', 'why'], 'tag env', ['SIGTERM', 'SIGTERM'], 143],
  [['on', '-r', 'why'], 'tag env', ['SIGTERM'], 143], // it ends before whoever sent it loses patience
  [['on', '-r', 'why', '--dry-run'], 'get env', ['SIGHUP'], 129],
  [['assert'], 'get env', ['SIGTERM'], 143, STUBBORN],
  [['assert'], 'get env', ['SIGINT'], 130, STUBBORN],
  [['assert', '--wait', '30m'], 'get env', ['SIGTERM'], 2, STUBBORN],
  [['on', '-r', 'why'], 'tag env', ['SIGINT', 'SIGINT'], 130, STUBBORN],
  [['on', '-r', 'why'], 'tag env', ['SIGTERM'], 143, STUBBORN],
]) {
  test(`${args.join(' ')}: ${signals} while kosli hangs in ${hangs}${kind ? ', and ignores SIGTERM' : ''}`, posix, async t => {
    const {program, pid} = hangingKosli(t, hangs, kind);
    const child = spawn(process.execPath, [CLI, ...args, '--via', 'cli', '--program', program], {env: {PATH: process.env.PATH, ...KOSLI}, stdio: ['ignore', 'pipe', 'pipe']});
    const ended = once(child, 'close');
    let heard = '';
    child.stdout.resume();
    child.stderr.setEncoding('utf8').on('data', text => { heard += text; });
    const kosli = await Promise.race([pid(), ended]);
    assert.equal(typeof kosli, 'number', heard);
    const [first, second] = signals;
    child.kill(first);
    if (second) {
      while (!heard.includes('once more stops at once')) await once(child.stderr, 'data');
      child.kill(second);
    }
    assert.deepEqual(await ended, [code, null], heard);
    assert.ok(!isAlive(kosli), 'kosli lives on');
    const last = heard.trimEnd().split('\n').at(-1);
    if (code === 2) return assert.equal(last, `nodeploy: ${args[0] === 'on' ? 'nothing was done' : 'could not decide'} (exit 2)`);
    assert.equal(last, `nodeploy: stopped (exit ${code})`);
    assert.match(heard, hangs === 'tag env' ? /\nnodeploy: stopped during: tag prod, which may have been written\nto finish: nodeploy -e prod --reason why --by steve on --freeze \S+/ : /^nodeploy: stopped; nothing was changed\nto finish: nodeploy -e prod /m);
  });
}

for (const [what, after, code] of [
  ['keeps no answer from being said', 'setImmediate(() => process.stdout.write(`the answer\\n`));', 0],
  ['ends the process all the same, where nobody takes the answer', 'setInterval(() => {}, 1000); process.stdout.write(`the answer\\n`);', 130],
]) {
  test(`a signal after the work has ended ${what}`, posix, async t => {
    const {line, ended} = start(t, `
      import {stopping} from ${moduleAt('cli/stopping.js')};
      const {release} = stopping(undefined, {warn() {}, lastWords() {}});
      await release();
      process.kill(process.pid, 'SIGINT');
      ${after}
    `);
    assert.equal(await line(), 'the answer');
    assert.deepEqual(await ended, {code, signal: null, stderr: ''});
  });
}

for (const via of ['http', 'cli']) {
  test(`a Kosli that says nothing, by ${via}: exit code 2 when --timeout is over`, via === 'cli' ? posix : {}, async t => {
    const {program} = hangingKosli(t, 'list trails');
    const {url} = await record(t, () => {});
    const args = ['--timeout', '1s', '--via', via, ...(via === 'cli' ? ['--program', program] : [])];
    for (const verb of [['assert'], ['on', '-r', 'why']]) {
      const {code, stderr} = await nodeploy([...verb, ...args], {env: {...KOSLI, KOSLI_HOST: url}});
      assert.equal(code, 2);
      assert.match(stderr, /no answer from Kosli within 1 s/);
    }
  });
}

test('a Kosli in trouble: a line for what is wrong, not for every attempt of every read', async t => {
  const {url, requests} = await record(t, {status: 503, headers: {'retry-after': '1'}});
  const {code, stderr} = await nodeploy(['assert'], {env: {...KOSLI, KOSLI_HOST: url, KOSLI_MAX_API_RETRIES: '2'}});
  assert.equal(code, 2);
  assert.ok(requests.length >= 3);
  assert.equal(stderr.split('\n').filter(line => line.includes('trying again')).length, 1);
});
