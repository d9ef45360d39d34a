// The help: of everything, of each verb, and only for whoever asks for nothing else.
import assert from 'node:assert/strict';
import test from 'node:test';
import {OPTIONS} from '../cli/options.js';
import {takers, VERB_NAMES} from '../cli/verbs.js';
import {nodeploy} from './child.js';

const KOSLI = {KOSLI_ORG: 'acme', KOSLI_API_TOKEN: 'secret-token', KOSLI_HOST: 'http://127.0.0.1:9', NODEPLOY_ENV: 'prod'};

test('--help tells of everything, --version of the version', async () => {
  const {code, stdout} = await nodeploy(['--help']);
  assert.equal(code, 0);
  for (const word of [...VERB_NAMES, 'local', 'completion', '--until', '--dry-run', 'NODEPLOY_ENV', 'KOSLI_API_TOKEN', 'Examples']) assert.ok(stdout.includes(word), word);
  for (const args of [['--version'], ['-v'], ['version']]) {
    const version = await nodeploy(args);
    assert.equal(version.code, 0);
    assert.match(version.stdout, /^\d+\.\d+\.\d+\n$/);
  }
});

// In its own help a verb needs no telling that it is meant, and nothing of the others.
for (const verb of ['', ...VERB_NAMES, 'local', 'completion']) {
  test(`nodeploy ${verb} --help: at most 80 columns, about nothing else`, async () => {
    const {code, stdout} = await nodeploy([...(verb ? [verb] : []), '--help']);
    assert.equal(code, 0);
    assert.deepEqual(stdout.split('\n').filter(line => line.length > 80), []);
    assert.doesNotMatch(stdout, /undefined|\[object|:\n\n|\n\n\n/);
    if (verb) assert.doesNotMatch(stdout, new RegExp(`^ +(-\\w, )?(--\\S+ .*)?\\b(${VERB_NAMES.filter(name => !['on', 'off', 'windows'].includes(name)).join('|')}): `, 'm'));
  });
}

test('an option that means several things has one for each verb that takes it, and no other', () => {
  for (const [option, {help}] of Object.entries(OPTIONS)) {
    if (typeof help !== 'object') continue;
    assert.deepEqual(Object.keys(help).flatMap(verbs => verbs.split(', ')).sort(), [...takers(option)].sort(), option);
  }
});

for (const args of [['-h'], ['help'], ['help', 'help'], ['help', 'version'], ['assert', '--help'], ['--help', 'on'], ['help', 'assert'], ['completion', '--help'], ['help', 'completion']]) {
  test(`nodeploy ${args.join(' ')}: the help`, async () => {
    const {code, stdout} = await nodeploy(args);
    assert.equal(code, 0);
    assert.match(stdout, /^nodeploy(: change freezes| \w+: )/);
  });
}

test('the help of a verb says what stands after it', async () => {
  assert.match((await nodeploy(['replay', '--help'])).stdout, /^Usage: nodeploy \[-e ENV\] replay FILE \[options\]$/m);
});

// A pipeline that means something else by it must not pass.
for (const args of [
  ['-e', 'prod', '-h', 'https://kosli.example', 'assert'], ['-h', 'https://kosli.example', 'assert'], ['assert', '-h', 'https://kosli.example'], ['-e', 'prod', 'assert', '-h'],
  ['assert', '-h'], ['-h', 'assert'], ['-he', 'prod', 'assert'], ['-h', '-e', 'prod', 'assert'], ['-h', '--json'],
  ['-e', 'prod', '--help', 'assert'], ['assert', '--help', '--json'], ['assert', '--help', '--wait', '30m'], ['--help', 'assert', 'prod'], ['--help', 'asert'], ['--help', ''],
  ['help', 'assert', 'prod'], ['-e', 'prod', 'help', 'assert'], ['help', '--local', 'x'], ['help', ''], ['assert', 'help'],
  ['assert', '--version'], ['--version', 'assert'], ['help', '--version'], ['--version', '--help'], ['--version', '-e', 'prod'], ['--version=1'], ['assert', '--version=1'],
  ['-v', 'assert'], ['-ve', 'prod', 'assert'], ['version', 'assert'], ['version', '--json'],
  ['--help=x'], ['assert', '--help='], ['-h=https://kosli.example', 'assert'], ['-hhttps://kosli.example', 'assert'], ['--', '--help', 'assert'],
  ['local', '--help', '--port', '0'],
]) {
  test(`nodeploy ${args.join(' ')}: neither help nor a pass`, async () => {
    const {code, stdout} = await nodeploy(args, {env: KOSLI});
    assert.equal(code, 2);
    assert.doesNotMatch(stdout, /Usage/);
  });
}

// Whoever asks for it reads it all the same, where no pipeline looks.
test('a help that is asked for beside something else stands on stderr', async () => {
  const asked = [['assert', '-h'], ['-e', 'prod', 'assert', '-h'], ['-e', 'prod', '--help', 'assert'], ['assert', 'help'], ['-h', 'local'], ['-e', 'prod', '-h'], ['--help', '-e', 'prod'], ['help', '-h']];
  const others = [['-e', 'prod', '-h', 'https://kosli.example'], ['-e', 'prod', '-h', '--json'], ['--version', '-e', 'prod'], ['assert', '-h', 'https://kosli.example'], ['asert', '-h'], ['assert', '-h', '--json'], ['assert', '--version']];
  await Promise.all([...asked, ...others].map(async args => {
    const {code, stderr} = await nodeploy(args, {env: KOSLI});
    assert.equal(code, 2);
    assert.equal(/^Usage/m.test(stderr), asked.includes(args), args.join(' '));
  }));
  assert.equal((await nodeploy(['help', 'local'])).stdout, (await nodeploy(['local', '--help'])).stdout);
});
