// Streams that break under a run: a full disk, a reader that has left, a terminal that was closed.
import assert from 'node:assert/strict';
import {spawn, spawnSync} from 'node:child_process';
import {existsSync, openSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'node:test';
import {CLI, nodeploy} from './child.js';
import {temporaryFolder} from './local-kosli.js';

const full = {skip: !existsSync('/dev/full') && 'there is no /dev/full'};
const terminal = {skip: (process.platform === 'win32' || spawnSync('python3', ['-c', 'import pty']).status !== 0) && 'there is no python3 with pty'};

/** A local Kosli with `prod`, open or frozen, and a `nodeploy` that asks it. */
async function sandbox(t, {isFrozen = false} = {}) {
  const cwd = temporaryFolder(t);
  const env = {PATH: process.env.PATH, NODEPLOY_ENV: 'prod', NODEPLOY_BY: 'steve'};
  const run = (...args) => nodeploy([...args, '--local', 'box'], {cwd, env});
  assert.equal((await run('on', '-r', 'why')).code, 0);
  if (!isFrozen) assert.equal((await run('off')).code, 0);
  return {cwd, env, run};
}

/** The exit code with these streams: `full`, `gone` (a reader that has left) or `kept`. */
function codeWith({cwd, env}, args, streams) {
  return new Promise(resolve => {
    const kinds = {full: () => openSync('/dev/full', 'w'), gone: () => 'pipe', kept: () => 'pipe'};
    const child = spawn(process.execPath, [CLI, ...args, '--local', 'box'], {cwd, env, stdio: ['ignore', ...streams.map(kind => kinds[kind]())]});
    for (const [index, kind] of streams.entries()) {
      if (kind === 'gone') child.stdio[index + 1].destroy();
      if (kind === 'kept') child.stdio[index + 1].resume();
    }
    child.on('close', (code, signal) => resolve(signal ?? code));
  });
}

for (const [streams, open, frozen] of [
  [['full', 'full'], 2, 1], [['full', 'kept'], 2, 1], [['kept', 'full'], 2, 1], [['gone', 'gone'], 0, 1], [['gone', 'kept'], 0, 1],
]) {
  test(`stdout ${streams[0]}, stderr ${streams[1]}: a gate passes only when it is heard, a freeze is set all the same`, full, async t => {
    const box = await sandbox(t);
    assert.equal(await codeWith(box, ['assert'], streams), open);
    assert.equal(await codeWith(box, ['assert', '-e', 'unknown'], streams), 2);
    assert.equal(await codeWith(box, ['assert', '--nonsense'], streams), 2);
    assert.equal(await codeWith(box, ['on', '-r', 'incident'], streams), 0);
    assert.equal((await box.run('assert')).code, 1);
    assert.equal(await codeWith(box, ['assert'], streams), frozen);
    assert.equal(await codeWith(box, ['assert', '--json'], streams), frozen);
    assert.equal(await codeWith(box, ['assert', '--wait', '1s'], streams), frozen);
    assert.equal(await codeWith(box, ['off'], streams), 0);
    assert.equal((await box.run('assert')).code, 0);
  });
}

test('a slow reader gets all of a long document', async t => {
  const cwd = temporaryFolder(t);
  writeFileSync(join(cwd, 'nodeploy.yaml'), 'windows:\n  - {name: night, effect: freeze, environments: [prod], timezone: UTC, days: [mon-sun], from: "22:00", to: "23:00", reason: no one is around}\n');
  const child = spawn(process.execPath, [CLI, 'windows', '--json', '--days', '3660', '--at', '2998-01-01T00:00:00Z'], {cwd, env: {PATH: process.env.PATH}, stdio: ['ignore', 'pipe', 'inherit']});
  const chunks = [];
  for await (const chunk of child.stdout) {
    chunks.push(chunk);
    await new Promise(resolve => setImmediate(resolve));
  }
  const text = Buffer.concat(chunks).toString();
  assert.ok(text.length > 400_000, 'more than a pipe holds');
  assert.equal(JSON.parse(text).closures.length, 3660);
});

test('what nobody expected, with nowhere to say it', full, async t => {
  const box = await sandbox(t);
  const bomb = "data:text/javascript,process.on('newListener', name => { if (name === 'uncaughtException') setImmediate(() => { throw new Error('a'); }); })";
  const env = {...box.env, NODE_OPTIONS: `--import=${bomb}`.replaceAll(' ', '%20')};
  assert.equal(await codeWith({...box, env}, ['assert'], ['full', 'full']), 2);
});

test('a local Kosli that cannot say where it is does not stay', full, async t => {
  const cwd = temporaryFolder(t);
  const child = spawn(process.execPath, [CLI, 'local', '--port', '0'], {cwd, stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe']});
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', text => { stderr += text; });
  const code = await new Promise(resolve => child.on('close', resolve));
  assert.equal(code, 2);
  assert.match(stderr, /where to find it could not be said: ENOSPC/);
});

// Opens a terminal that is nobody's controlling one, so that closing it sends no SIGHUP, and closes it as soon as the gate waits.
const HANG_UP = `
import os, pty, subprocess, sys
ours, theirs = pty.openpty()
child = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs, start_new_session=True)
os.close(theirs)
said = b''
while b'Ctrl-C stops' not in said:
    try: said += os.read(ours, 4096)
    except OSError: sys.exit(3) # it has ended, and did not wait
os.close(ours)
print('closed', flush=True)
sys.exit(child.wait())
`;

test('a terminal that is closed during --wait: the gate waits on, and its exit code is what it decided', terminal, async t => {
  const {cwd, env, run} = await sandbox(t, {isFrozen: true});
  writeFileSync(join(cwd, 'hang-up.py'), HANG_UP);
  const child = spawn('python3', ['hang-up.py', process.execPath, CLI, 'assert', '--wait', '5s', '--local', 'box'], {cwd, env, stdio: ['ignore', 'pipe', 'inherit']});
  child.stdout.resume();
  const code = await new Promise(resolve => child.on('close', resolve));
  assert.equal(code, 1);
  assert.equal((await run('assert')).code, 1);
});

test('a terminal whose descriptor is closed already is no error: one document, and its exit code', terminal, async t => {
  const {cwd, env} = await sandbox(t);
  const closing = "data:text/javascript,import fs from 'node:fs'; process.on('exit', () => fs.closeSync(2))";
  writeFileSync(join(cwd, 'at-terminal.py'), 'import pty, subprocess, sys\nsys.exit(subprocess.run(sys.argv[1:], stderr=pty.openpty()[1]).returncode)\n');
  const args = ['at-terminal.py', process.execPath, `--import=${closing}`, CLI, 'assert', '--json', '--local', 'box'];
  const {status, stdout} = spawnSync('python3', args, {cwd, env, encoding: 'utf8'});
  assert.deepEqual([status, JSON.parse(stdout).decision], [0, 'proceed']);
});
