// The journal of a process that is killed, or has a full disk.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {openLocal, startLocal} from '../local/index.js';
import {createEnvironment, getEnvironment, linesIn, story, tag, told} from './local-journal-story.js';
import {ask, moduleAt, start, temporaryFolder} from './local-kosli.js';

const rounds = Number(process.env.NODEPLOY_ROUNDS ?? 5);

test(`what was answered survives a kill -9 (${rounds} rounds; NODEPLOY_ROUNDS)`, async t => {
  const dir = temporaryFolder(t);
  const module = `
    import {startLocal} from ${moduleAt('local/index.js')};
    const server = await startLocal({dir: process.argv[1], org: 'acme', token: 'token', onWarning: text => console.error(text)});
    console.log(String(server.port)); // a number may be coloured
  `;
  const answered = new Set();
  for (let round = 0; round < rounds; round++) {
    const server = start(t, module, [dir]);
    const target = {port: Number(await server.line()), token: 'token'};
    await ask(target, 'PUT', createEnvironment.path, {json: createEnvironment.json});
    // Killed at the n-th answer, with the rest of them under way.
    let left = 1 + Math.floor(Math.random() * 40);
    await Promise.all(Array.from({length: 60}, async (_, index) => {
      const key = `r${round}.${index}`;
      try {
        const {status} = await ask(target, 'PATCH', tag(key).path, {json: tag(key).json});
        if (status === 200) answered.add(key);
        if (--left === 0) server.child.kill('SIGKILL');
      } catch (error) {
        if (!['ECONNRESET', 'ECONNREFUSED', 'EPIPE'].includes(error.code)) throw error;
      }
    }));
    assert.equal((await server.ended).signal, 'SIGKILL');
    const warnings = [];
    const [environment] = await told(dir, [getEnvironment], {onWarning: text => warnings.push(text)});
    const {tags} = JSON.parse(environment.body);
    for (const key of answered) assert.ok(Object.hasOwn(tags, key), `${key} was answered and is gone`);
  }
  assert.ok(answered.size >= rounds);
});

// RLIMIT_FSIZE stands in for a disk: of so many blocks of 512 bytes (or 1 KB) is every file at most.
test('a disk that is full at the first start: an error, and the next start makes all of it whole', {skip: process.platform === 'win32' && 'there is no ulimit'}, async t => {
  const dir = path.join(temporaryFolder(t), 'kosli');
  const cli = new URL('../cli.js', import.meta.url).pathname;
  const {status, stderr} = spawnSync('sh', ['-c', 'ulimit -f 0; exec "$@"', 'sh', process.execPath, cli, 'local', '--dir', dir, '--port', '0'], {encoding: 'utf8'});
  assert.equal(status, 2);
  assert.match(stderr, /EFBIG/);
  assert.equal(fs.readFileSync(path.join(dir, '.gitignore'), 'utf8'), '');
  await told(dir, [createEnvironment]);
  assert.equal(fs.readFileSync(path.join(dir, '.gitignore'), 'utf8'), '*\n');
  assert.match(fs.readFileSync(path.join(dir, 'token'), 'utf8'), /^[0-9a-f]{40}\n$/);
});

// A process of its own that dies at the n-th time it touches the disk, in the middle of that: half of what it was to write is there.
test('kill -9 at each write to the disk: what was answered comes back, and the next start is whole', {skip: process.platform === 'win32' && 'there is no SIGKILL'}, async t => {
  const module = `
    import fs from 'node:fs';
    import {openLocal} from ${moduleAt('local/index.js')};
    const [dir, deadly, story] = process.argv.slice(1);
    let count = 0;
    const die = () => process.kill(process.pid, 'SIGKILL');
    const isDeadly = () => ++count === Number(deadly);
    const {write, fsync} = fs;
    fs.write = (fd, bytes, at, length, ...rest) => {
      if (!isDeadly()) return write(fd, bytes, at, length, ...rest);
      fs.writeSync(fd, bytes, at, length >> 1, rest[0]);
      die();
    };
    fs.fsync = (...parameters) => isDeadly() ? die() : fsync(...parameters);
    const local = await openLocal({dir, org: 'acme', user: 'alice'});
    for (const [index, request] of JSON.parse(story).entries()) {
      await local.send({request});
      fs.writeSync(1, String(index) + '\\n');
    }
    await local.close();`;
  let wasKilled = true;
  for (let deadly = 1; wasKilled; deadly++) {
    const dir = path.join(temporaryFolder(t), 'kosli');
    const {signal, stdout, stderr} = spawnSync(process.execPath, ['--input-type=module', '--eval', module, '--', dir, String(deadly), JSON.stringify(story)], {encoding: 'utf8'});
    wasKilled = signal === 'SIGKILL';
    if (!wasKilled) assert.equal(stdout.trim().split('\n').length, story.length, stderr);
    const answered = stdout.split('\n').length - 1;
    await told(dir, [], {onWarning: () => {}});
    const kept = linesIn(dir).length - 1;
    assert.ok(kept === answered || kept === answered + 1, `killed at ${deadly}: ${answered} answered, ${kept} kept`);
    await told(dir, story.slice(kept)); // it goes on where it was cut
    if (!wasKilled) assert.ok(deadly > 2 * story.length);
  }
});
