// What a log says while Kosli keeps silent.
import assert from 'node:assert/strict';
import test from 'node:test';
import {silence} from '../cli/silence.js';
import {CLI, node} from './child.js';
import {KOSLI} from './cli-kosli.js';
import {record} from './recording-server.js';

const READ = {type: 'read', read: {as: 'environment'}};
const ANSWERED = {type: 'result', item: {as: 'environment'}};
const WRITE = {type: 'command', command: {type: 'attest'}};
const WRITTEN = {type: 'result', item: {type: 'attest'}};
const LOOK = 'no answer from Kosli (https://kosli.example) for 15 s; a look takes 60 s at most';
const WRITES = 'no answer from Kosli (https://kosli.example) for 15 s; a write is waited for, 120 s at most';

// Numbers are seconds that pass.
for (const [name, story, lines] of [
  ['a quick answer', [READ, 14, ANSWERED, 60], []],
  ['none', [READ, 15], [LOOK]],
  ['none of one of two', [READ, READ, 5, ANSWERED, 14], []],
  ['none of one of two, for long', [READ, READ, 5, ANSWERED, 15], [LOOK]],
  ['told once', [READ, 15, ANSWERED, READ, 30, ANSWERED, READ, 30], [LOOK]],
  ['a write', [READ, ANSWERED, WRITE, 15, WRITTEN, 60], [WRITES]],
  ['a try that is told of itself', [READ, 14, {type: 'retry', wait: 30_000}, 44], []],
  ['none after such a try', [READ, 14, {type: 'retry', wait: 30_000}, 45], [LOOK]],
  ['while a gate waits, and at its next look', [READ, 15, ANSWERED, {type: 'waiting'}, 60, READ, 15], [LOOK, LOOK]],
]) {
  test(`silence: ${name}`, t => {
    t.mock.timers.enable({apis: ['setTimeout']});
    const told = [];
    const quiet = silence({host: 'https://kosli.example', warn: text => told.push(text)});
    for (const step of story) typeof step === 'number' ? t.mock.timers.tick(step * 1000) : quiet.event(step);
    quiet.stop();
    t.mock.timers.tick(60_000);
    assert.deepEqual(told, lines);
  });
}

for (const [what, of, words] of [
  ['a look that may take longer than any does', {host: 'https://kosli.example', timeout: 600_000}, 'no answer from Kosli (https://kosli.example) for 15 s; a look takes 240 s at most'],
  ['a local Kosli', {timeout: 20_000}, 'no answer from Kosli (the local one) for 15 s; a look takes 20 s at most'],
]) {
  test(`silence: ${what}`, t => {
    t.mock.timers.enable({apis: ['setTimeout']});
    const told = [];
    silence({...of, warn: text => told.push(text)}).event(READ);
    t.mock.timers.tick(15_000);
    assert.deepEqual(told, [words]);
  });
}

// What would be told after a while is told at once.
const HURRIED = `data:text/javascript,${encodeURIComponent("const {setTimeout} = globalThis; globalThis.setTimeout = (run, wait, ...rest) => setTimeout(run, run.name === 'tell' ? 1 : wait, ...rest);")}`;

test('a Kosli that is silent: one line on stderr, none on stdout', async t => {
  const {url} = await record(t, {unread: () => {}});
  const {code, stdout, stderr} = await node(['--import', HURRIED, CLI, 'assert', '--json', '--timeout', '1s'], {env: {PATH: process.env.PATH, ...KOSLI, KOSLI_HOST: url}});
  assert.equal(code, 2);
  assert.equal(JSON.parse(stdout).decision, 'error');
  assert.equal(stderr, `nodeploy: no answer from Kosli (${url}) for 15 s; a look takes 1 s at most\n`);
});
