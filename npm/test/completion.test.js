// Completion, in the real shells: what each offers for a line that is begun.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'node:test';
import {help} from '../cli/help.js';
import {OPTIONS} from '../cli/options.js';
import {takers, VERB_NAMES} from '../cli/verbs.js';
import {nodeploy} from './child.js';
import {temporaryFolder} from './local-kosli.js';

const BASH = `source /dev/stdin <<< "$SCRIPT"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _nodeploy; printf '%s\\n' "\${COMPREPLY[@]}"`;
// A terminal of zsh's own, in which the command prints what the line was completed to.
const ZSH = `zmodload zsh/zpty; zpty t zsh -f -i; send() { zpty -w t "$1" }
send 'PS1=; unsetopt beep; autoload -Uz compinit && compinit -u -D; bindkey "^I" complete-word; zstyle ":completion:*" list-colors ""'
send 'nodeploy() { print -r -- "<<$*>>" }'
send 'source $SCRIPT_FILE; print -r -- ready-now'
while zpty -r t line; do [[ $line == *ready-now* && $line != *print* ]] && break; done
zpty -w -n t "nodeploy $1"$'\\t'; zpty -w -n t $'\\n'
while zpty -r t line; do [[ $line == *'<<'*'>>'* && $line != *print* ]] && { print -r -- "\${\${line##*<<}%%>>*}"; break; }; done
zpty -d t`;

async function shell(t, name) {
  const cwd = temporaryFolder(t);
  const {code, stdout} = await nodeploy(['completion', name]);
  assert.equal(code, 0);
  const file = join(cwd, `script.${name}`);
  writeFileSync(file, stdout);
  mkdirSync(join(cwd, 'sandbox'));
  writeFileSync(join(cwd, 'policy.yaml'), '');
  // Where a locale has ASCII alone, fish finds nothing in a folder whose name has more.
  const env = {...process.env, LC_ALL: 'C.UTF-8', SCRIPT: stdout, SCRIPT_FILE: file, HOME: cwd};
  return (program, args) => {
    const {stdout: said, stderr, status} = spawnSync(program, args, {cwd, encoding: 'utf8', timeout: 20_000, env});
    assert.equal(status, 0, stderr);
    return said.trim().split('\n');
  };
}
const missing = name => spawnSync(name, ['--version']).status === 0 ? false : `there is no ${name} here`;

test('bash', {skip: missing('bash')}, async t => {
  const run = await shell(t, 'bash');
  const offered = (...words) => run('bash', ['--norc', '-c', BASH, 'x', 'nodeploy', ...words]);
  assert.deepEqual(offered('as'), ['assert']);
  assert.deepEqual(offered(''), [...VERB_NAMES, 'local', 'completion']);
  assert.deepEqual(offered('-e', 'prod', 'assert', '--n'), ['--needs']);
  assert.deepEqual(offered('assert', '--rea'), [''], 'not what the verb does not take');
  assert.deepEqual(offered('--via', ''), ['http', 'cli']);
  assert.deepEqual(offered('--local', 'sa'), ['sandbox']);
  assert.deepEqual(offered('completion', ''), ['bash', 'zsh', 'fish']);
  for (const verb of VERB_NAMES) {
    const own = Object.keys(OPTIONS).filter(name => takers(name).length === 0 || takers(name).includes(verb));
    assert.deepEqual(offered(verb, '--'), own.map(name => `--${name}`), verb);
  }
});

test('zsh', {skip: missing('zsh')}, async t => {
  const run = await shell(t, 'zsh');
  const completed = line => run('zsh', ['-f', '-c', ZSH, 'x', line])[0].trim();
  assert.equal(completed('as'), 'assert');
  assert.equal(completed('-e prod assert --nee'), '-e prod assert --needs');
  assert.equal(completed('--via h'), '--via http');
  assert.equal(completed('--local sa'), '--local sandbox');
  assert.equal(completed('assert --rea'), 'assert --rea');
  assert.equal(completed('completion f'), 'completion fish');
});

test('fish', {skip: missing('fish')}, async t => {
  const run = await shell(t, 'fish');
  const offered = line => run('fish', ['--no-config', '-c', `source $SCRIPT_FILE; complete -C "nodeploy ${line}"`]).map(each => each.split('\t')[0]);
  assert.deepEqual(offered('as'), ['assert']);
  assert.deepEqual(offered('assert --nee'), ['--needs']);
  assert.deepEqual(offered('assert --rea'), ['']);
  assert.deepEqual(offered('--via ').sort(), ['cli', 'http']);
  assert.ok(offered('--policy po').includes('policy.yaml'));
  assert.deepEqual(offered('completion ').sort(), ['bash', 'fish', 'zsh']);
});

test('for which shell it is has to be said, and nothing else', async () => {
  for (const args of [[], ['tcsh'], ['bash', 'x'], ['toString'], ['-e', 'prod']]) {
    const {code, stdout, stderr} = await nodeploy(['completion', ...args]);
    assert.deepEqual([code, stdout], [2, ''], args.join(' '));
    assert.match(stderr, /say one of: bash, zsh, fish/);
  }
  const {code} = await nodeploy(['-e', 'prod', 'completion', 'bash']);
  assert.equal(code, 2, 'a gate whose author mixed up its words does not pass');
});

test('the help of a verb has its options and those of all, and no others', async () => {
  for (const verb of VERB_NAMES) {
    for (const args of [[verb, '--help'], ['help', verb], ['--help', verb]]) assert.equal((await nodeploy(args)).stdout, await help(verb), args.join(' '));
    for (const [name, {help: text}] of Object.entries(OPTIONS)) {
      const takes = takers(name).length === 0 || takers(name).includes(verb);
      assert.equal(new RegExp(`^ {2}(?:-\\w,| {3}) --${name}\\b(?!-)`, 'm').test(await help(verb)), Boolean(text) && takes, `${verb} --${name}`);
    }
  }
});
