import assert from 'node:assert/strict';
import {execFileSync, spawnSync} from 'node:child_process';
import test from 'node:test';
import fc from 'fast-check';
import {printable, printableJson} from '../printable.js';
import {shellLine} from '../shell.js';

// Written apart from the code under test: what must never reach a terminal or a log as it is.
const DELICATE = /[\p{Cc}\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069\u{E0000}-\u{E007F}\p{Cs}]/u;
const OBEYED = /^\s*::|##[a-z]*\[/i;

const delicate = fc.constantFrom('\u001B[31m', '\u0007', '\n', '\r\n', '\t', '\u009B', '\u202E', '\u2066', '\u2028', '\uD800', '::error::', '##vso[task]', '##[', '#', ':', '%', '\\', "'", '"', '$(id)', '`id`', '-', '=', '~', '!', 'é', '🙂', '👩‍🚀', ' ');
const text = fc.array(fc.oneof(delicate, fc.string({unit: 'binary'})), {maxLength: 12}).map(words => words.join(''));

for (const [from, to] of [
  ['Demo for blog post', 'Demo for blog post'],
  ['two\nlines\tand\r', 'two\\nlines\\tand\\r'],
  ['\u001B[2J', '\\u{1b}[2J'],
  ['abc\u202Edef', 'abc\\u{202e}def'],
  ['::error::x', '\\u{3a}:error::x'],
  ['  ::error::x', '  \\u{3a}:error::x'],
  ['a::b', 'a::b'],
  ['x ##vso[task.complete]', 'x #\\u{23}vso[task.complete]'],
  ['## Heading', '## Heading'],
  ['naïve 👩‍🚀', 'naïve 👩‍🚀'],
]) {
  test(`printable: ${JSON.stringify(from)}`, () => assert.equal(printable(from), to));
}

test('printable: nothing delicate is left, and twice is once', () => {
  fc.assert(fc.property(text, original => {
    const shown = printable(original);
    assert.doesNotMatch(shown, DELICATE);
    assert.doesNotMatch(shown, OBEYED);
    assert.equal(printable(shown), shown);
  }));
});

test('printableJson: the same document, nothing delicate in it', () => {
  fc.assert(fc.property(fc.dictionary(text, text), document => {
    const shown = printableJson({document});
    assert.deepEqual(JSON.parse(shown), JSON.parse(JSON.stringify({document})));
    for (const line of shown.split('\n')) {
      assert.doesNotMatch(line, DELICATE);
      assert.doesNotMatch(line, OBEYED);
    }
  }));
});

const shells = ['sh', 'dash', 'bash', 'zsh', 'ksh', 'busybox'].filter(shell => spawnSync(shell, shell === 'busybox' ? ['true'] : ['-c', ':']).status === 0);
const argument = text.map(words => words.replaceAll('\0', '').toWellFormed?.() ?? words.replaceAll('\0', '').replace(/\p{Cs}/gu, '\uFFFD'));

for (const shell of shells) {
  test(`shellLine: one line that ${shell} reads back exactly`, () => {
    const script = [process.execPath, '-e', 'process.stdout.write(JSON.stringify(process.argv.slice(1)) + "\\n")', '--'];
    const hard = [['-x\ny', '--\n', '-\n', '%s\n%', '\\n\n\n', '~\u001B', '::\u202E', '##[\n', ''], ['', '\n', '~', '=', 'a=~b', '!']];
    const cases = [...hard, ...fc.sample(fc.array(argument, {maxLength: 5}), {numRuns: 60, seed: 7})];
    const lines = cases.map(argv => shellLine([...script, ...argv]));
    for (const line of lines) {
      assert.doesNotMatch(line, DELICATE);
      assert.doesNotMatch(line, OBEYED);
    }
    const output = execFileSync(shell, [...(shell === 'busybox' ? ['sh'] : []), '-c', lines.join('\n')], {encoding: 'utf8'});
    assert.deepEqual(output.trim().split('\n').map(line => JSON.parse(line)), cases);
  });
}

test('shellLine: plain words stay plain', () => {
  assert.equal(shellLine(['kosli', 'tag', 'env', 'prod-aws', '--set', 'nodeploy=2024-10-31T10.44.48']), 'kosli tag env prod-aws --set nodeploy=2024-10-31T10.44.48');
  assert.equal(shellLine(['kosli', '--description', "it's a test"]), String.raw`kosli --description 'it'\''s a test'`);
  assert.equal(shellLine(['x', 'two\nlines', 'end\n']), String.raw`text0=$(printf 'end\012.'); x "$(printf 'two\012lines')" "${'$'}{text0%.}"`);
});
