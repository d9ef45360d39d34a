import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import test from 'node:test';
import fc from 'fast-check';
import {printable, printableJson} from '../text/printable.js';
import {shellLine} from '../text/shell.js';

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

// As scripts, and as somebody at a terminal who pastes: `!` and globs of more kinds mean something there.
const SHELLS = {
  sh: ['sh', '-c'], dash: ['dash', '-c'], bash: ['bash', '-c'], 'bash as sh': ['bash', '--posix', '-c'], zsh: ['zsh', '-f', '-c'], 'zsh as sh': ['zsh', '--emulate', 'sh', '-f', '-c'],
  ksh: ['ksh', '-c'], mksh: ['mksh', '-c'], yash: ['yash', '-c'], busybox: ['busybox', 'sh', '-c'], fish: ['fish', '--no-config', '-c'],
  'bash at a terminal': ['bash', '--norc', '--noprofile', '-i'], 'zsh at a terminal': ['zsh', '-f', '-i', '-o', 'banghist', '-o', 'magicequalsubst'],
};
const runs = ([program, ...args], input) => spawnSync(program, args.at(-1).endsWith('c') ? [...args, input] : args, {input, encoding: 'utf8', env: {PATH: process.env.PATH, HOME: '/home/of-nobody', LC_ALL: 'C.UTF-8'}});
const there = Object.entries(SHELLS).filter(([, [program]]) => spawnSync(program, ['--help']).error === undefined);
const argument = text.map(words => words.replaceAll('\0', '').toWellFormed());
const HARD = [
  ['-x\ny', '--\n', '-\n', '%s\n%', '\\n\n\n', '~\u001B', '::\u202E', '##[\n', ''], ['', '\n', '~', '=', 'a=~b', '!'],
  ['~', '~root', '~+', 'x=~', 'x=~root', 'x=a:~root', '--x=~root', 'a:~root', 'a~root', '2024-10-31T10.44.48~steve', 'PATH=~/bin:~root/bin'],
  ['=ls', '==', 'x==ls', '%1', '%self', '^x^y', '!!', '!x', 'a!b', '!\n!', '{a,b}', '{1..3}', '@(a|b)', '?', '*', '[a]', '#x', 'a#b', '-', '--', '-n', '+x'],
  ['\\', 'a\\', "\\'", "'", "''", '"', '`id`', '$HOME', '$(id)', '${x}', "it's; rm\u0007's !x \\ %s", '\\033\u0007', '\\\\\u0007\\'],
  ['a\nb', '\n a', '\t', 'a\r\nb', '::error::x', '##vso[x]', '\u2028', 'é', '🙂', 'x=1;y', 'a&b', 'a|b', '<a', '>b', 'section_start:1:x\r\u001B[0K'],
];

for (const [name, shell] of there) {
  test(`shellLine: one line that ${name} reads back exactly`, () => {
    const script = [process.execPath, '-e', 'process.stdout.write(JSON.stringify(process.argv.slice(1)) + "\\n")', '--'];
    const cases = [...HARD, ...fc.sample(fc.array(argument, {maxLength: 5}), {numRuns: 30, seed: 7})]
      .map(argv => name === 'fish' ? argv.filter(word => !word.endsWith('\n')) : argv); // these it cannot keep
    const lines = cases.map(argv => shellLine([...script, ...argv]));
    for (const line of lines) {
      assert.doesNotMatch(line, DELICATE);
      assert.doesNotMatch(line, OBEYED);
    }
    const {stdout, stderr} = runs(shell, `${lines.join('\n')}\n`);
    assert.deepEqual(stdout.trim().split('\n').map(line => JSON.parse(line)), cases, stderr);
  });
}

test('shellLine: plain words stay plain', () => {
  assert.equal(shellLine(['kosli', 'tag', 'env', 'prod-aws', '--set', 'nodeploy=2024-10-31T10.44.48']), 'kosli tag env prod-aws --set nodeploy=2024-10-31T10.44.48');
  assert.equal(shellLine(['kosli', '--description', "it's a test"]), String.raw`kosli --description 'it'\''s a test'`);
  assert.equal(shellLine(['x', 'two\nlines', 'end\n']), String.raw`text0=$(printf 'end\012.'); x "$(printf 'two\012lines')" "${'$'}{text0%.}"`);
});
