// One process at a time on a folder: real processes, killed at any moment.
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {openLocal} from '../local/index.js';
import {moduleAt, start, temporaryFolder} from './local-kosli.js';

const org = 'acme';
const environment = {method: 'PUT', path: '/api/v2/environments/acme', json: {name: 'prod', type: 'server'}};
const getEnvironment = {method: 'GET', path: '/api/v2/environments/acme/prod'};

// Opens the folder, says so, and holds it until its stdin ends.
const holder = `
  import {once} from 'node:events';
  import {openLocal} from ${moduleAt('local/index.js')};
  const local = await openLocal({dir: process.argv[1], org: 'acme'});
  console.log('open');
  await once(process.stdin.resume(), 'end');
  await local.close();
`;

async function held(t, dir) {
  const process = start(t, holder, [dir]);
  assert.equal(await process.line(), 'open');
  return process;
}

const busy = (dir, pid, after = '') => ({
  code: 'busy',
  message: `\`${path.join(dir, 'journal.jsonl')}\` is still in use by process ${pid}${after}; let it finish, stop it, or use another folder`,
});

test('a second process is refused, and told who has the folder', async t => {
  const dir = temporaryFolder(t);
  const {child, ended} = await held(t, dir);
  await assert.rejects(openLocal({dir}), busy(dir, child.pid));
  await assert.rejects(openLocal({dir, wait: 200}), busy(dir, child.pid, ' after 0.2 s'));
  child.stdin.end();
  assert.deepEqual(await ended, {code: 0, signal: null, stderr: ''});
  await (await openLocal({dir})).close();
});

test('so is the same process', async t => {
  const dir = temporaryFolder(t);
  const local = await openLocal({dir});
  await assert.rejects(openLocal({dir}), busy(dir, process.pid));
  await local.close();
  const again = await openLocal({dir});
  await local.close(); // a second time: it must not close what is not its own
  await assert.rejects(openLocal({dir}), busy(dir, process.pid));
  await again.close();
});

test('one that waits comes in when the other leaves', async t => {
  const dir = temporaryFolder(t);
  const {child} = await held(t, dir);
  const waiting = openLocal({dir, wait: 60_000});
  child.stdin.end();
  await (await waiting).close();
});

test('a killed process leaves no lock behind, whatever it noted', async t => {
  const dir = temporaryFolder(t);
  const {child, ended} = await held(t, dir);
  child.kill('SIGKILL');
  await ended;
  const note = path.join(dir, 'journal.jsonl.pid');
  assert.equal(readFileSync(note, 'utf8'), `${child.pid}\n`);
  writeFileSync(note, `${process.pid}\n`); // its pid was given to another process, which lives
  const local = await openLocal({dir});
  await local.close();
  assert.equal(existsSync(note), false);
});

test('a stopped process still has its lock', {skip: process.platform === 'win32'}, async t => {
  const dir = temporaryFolder(t);
  const {child} = await held(t, dir);
  child.kill('SIGSTOP');
  await assert.rejects(openLocal({dir, wait: 100}), busy(dir, child.pid, ' after 0.1 s'));
  child.kill('SIGCONT');
});

test('a program that the holder starts does not keep the lock', {skip: process.platform === 'win32'}, async t => {
  const dir = temporaryFolder(t);
  const {child, line, ended} = start(t, `
    import {spawn} from 'node:child_process';
    import {openLocal} from ${moduleAt('local/index.js')};
    await openLocal({dir: process.argv[1]});
    console.log(String(spawn('sleep', ['60'], {stdio: 'ignore', detached: true}).pid)); // a number may be coloured
    await new Promise(() => setInterval(() => {}, 1000));
  `, [dir]);
  const grandchild = Number(await line());
  t.after(() => process.kill(grandchild));
  child.kill('SIGKILL');
  await ended;
  await (await openLocal({dir})).close();
});

test('without the program `flock` it says what is missing', {skip: process.platform !== 'linux'}, async t => {
  const dir = temporaryFolder(t);
  const child = spawn(process.execPath, ['--input-type=module', '--eval', holder, '--', dir], {env: {PATH: dir}, stdio: ['ignore', 'ignore', 'pipe']});
  let stderr = '';
  for await (const text of child.stderr.setEncoding('utf8')) stderr += text;
  assert.match(stderr, /journal\.jsonl` cannot be locked: the program `flock` is missing \(install util-linux\)/);
});

const rounds = Number(process.env.NODEPLOY_ROUNDS ?? 5);

// Each of them reads a number and writes it back one larger, opening the folder anew each time: two at once would lose one.
// Each dies once, by SIGKILL: while it asks for the lock, holding it, while it writes (half of it may be there, and once is), or after it.
test(`eight processes count together while they are killed (${rounds} rounds each; NODEPLOY_ROUNDS)`, async t => {
  const dir = temporaryFolder(t);
  const first = await openLocal({dir, org});
  await first.send({request: environment});
  await first.close();
  const counter = `
    import fs, {writeSync} from 'node:fs';
    import {openLocal} from ${moduleAt('local/index.js')};
    const [dir, rounds, death, deathRound] = process.argv.slice(1);
    for (let round = 1; round <= rounds; round++) {
      const dies = where => where === death && round === Number(deathRound) && process.kill(process.pid, 'SIGKILL');
      const opening = openLocal({dir, wait: 120_000, onWarning: text => console.error(text)});
      dies('asking');
      const local = await opening;
      dies('holding');
      const {tags} = JSON.parse((await local.send({request: ${JSON.stringify(getEnvironment)}})).body);
      const count = String(Number(tags.count ?? 0) + 1);
      const request = {method: 'PATCH', path: '/api/v2/tags/acme/env/prod', json: {set_tags: {count}, remove_tags: []}};
      const {write} = fs;
      fs.write = (fd, bytes, at, length, ...rest) => {
        if (round === Number(deathRound) && death === 'torn') writeSync(fd, bytes, at, length >> 1, rest[0]);
        dies('torn');
        write(fd, bytes, at, length, ...rest);
      };
      const sending = local.send({request});
      await Promise.resolve();
      dies('writing');
      const {status} = await sending;
      if (status === 200) writeSync(1, count + '\\n');
      dies('counted');
      await local.close();
    }
  `;
  const deaths = ['asking', 'holding', 'writing', 'torn', 'counted'];
  const counted = [];
  let dropped = 0;
  await Promise.all(Array.from({length: 8}, async (_, index) => {
    const count = async (left, death = []) => {
      const {line, ended} = start(t, counter, [dir, String(left), ...death]);
      let mine = 0;
      for (let text; (text = await line()) !== undefined; mine++) counted.push(Number(text));
      const {code, signal, stderr} = await ended;
      const others = stderr.split('\n').filter(line => line !== '' && !/journal\.jsonl: dropped the last \d+ bytes, a line cut short before it was answered$/.test(line));
      dropped += stderr.split('\n').length - 1 - others.length;
      assert.deepEqual([code ?? signal, others], [death.length > 0 ? 'SIGKILL' : 0, []]);
      return left - mine;
    };
    const left = await count(rounds, [deaths[index % 5], String(1 + Math.floor(Math.random() * rounds))]);
    assert.equal(await count(left), 0);
  }));
  assert.equal(counted.length, 8 * rounds);
  assert.equal(new Set(counted).size, counted.length, 'no number was counted twice');
  assert.ok(dropped >= 1 && dropped <= 3, `${dropped} lines were cut short`);
  const last = await openLocal({dir});
  const {tags} = JSON.parse((await last.send({request: getEnvironment})).body);
  await last.close();
  // Of those that died in the middle of their write, some have counted without a word.
  const silent = Number(tags.count) - counted.length;
  assert.ok(silent >= 0 && silent <= 2, `${tags.count} on disk, ${counted.length} heard of`);
});
