// Every next command that is printed is run as it stands: none is refused as a wrong command line, and each reaches the Kosli that was asked.
import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'node:test';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import {withPlace} from '../cli/report.js';
import {plan} from '../core.js';
import {CLI, nodeploy} from './child.js';
import {kosli} from './cli-kosli.js';
import {temporaryFolder} from './local-kosli.js';
import {record} from './recording-server.js';

const skip = process.platform === 'win32' && 'what is printed is for a POSIX shell';
const MISTYPED = ['usage', 'bad_call', 'bad_name', 'bad_text', 'no_reason'];
const POLICY = 'policy: release\nwindows: []\n';

// As whoever pastes it, into a shell that knows nothing but `env`.
async function paste(t, line, {cwd, env = {}}) {
  const bin = temporaryFolder(t);
  const answer = join(bin, 'answer.json');
  writeFileSync(join(bin, 'nodeploy'), `#!/bin/sh\nexec '${process.execPath}' '${CLI}' "$@"\n`, {mode: 0o755});
  const options = {cwd, env: {TZ: 'UTC', PATH: `${bin}:${process.env.PATH}`, NODEPLOY_SAVE: answer, NODEPLOY_BY: 'noah', ...env}};
  await promisify(execFile)('sh', ['-c', line], options).catch(({code}) => assert.ok([1, 2].includes(code), `${line}: ${code}`));
  const {reason, summary} = JSON.parse(readFileSync(answer, 'utf8'));
  assert.ok(!MISTYPED.includes(reason), `${line}\n${reason}: ${summary}`);
}

test('what the core advises, in any vector', {skip}, async t => {
  const {env} = await kosli(t);
  const cwd = temporaryFolder(t);
  writeFileSync(join(cwd, 'nodeploy.yaml'), POLICY);
  const values = {org: 'acme', host: env.KOSLI_HOST, via: 'http', timeout: '20s', policy: 'nodeploy.yaml', evidence: 'gate.json', wait: '1s'};
  const lines = new Map();
  for (const {text, next} of await advised()) {
    const line = withPlace(text, next, values).replace(/^.*?(?=(?:text\d=.*; )?nodeploy )/s, '');
    lines.set(`${next.action.type} ${line.match(/(?<= )--?[a-z-]+/g).join(' ')}`, line);
  }
  assert.ok(lines.size > 30, `${lines.size} kinds of lines`);
  // A gate may wait, so first of all those: it is open yet.
  const [gates, others] = [true, false].map(isGate => [...lines].filter(([kind]) => kind.startsWith('assert') === isGate));
  for (const [, line] of [...gates, ...others]) await paste(t, line, {cwd, env: {KOSLI_API_TOKEN: env.KOSLI_API_TOKEN}});
});

// `{text, next}` for each advice and warning with a command.
async function advised() {
  const args = ['run', '--quiet', '--locked', '--package', 'freeze-vectors', '--', 'expand'];
  const {stdout} = await promisify(execFile)('cargo', args, {cwd: fileURLToPath(new URL('../../', import.meta.url)), maxBuffer: 2 ** 26});
  return stdout.trimEnd().split('\n').flatMap(vector => {
    const {advice, next, warnings} = plan(JSON.parse(vector).call);
    return [{text: advice, next}, ...warnings].filter(({text, next}) => text && next);
  });
}

const PLACE = ['--local', 'box', '--timeout', '20s'];
const FROZEN = [['-e', 'prod', '-r', 'rest', '--by', 'mary', 'on']];
const ASKED = [...FROZEN, ['-e', 'prod', '-r', 'CVE', '--by', 'mary', '--until', '2h', '--change', 'kind=hotfix', 'except']];
const GATE = ['-e', 'prod', 'assert', '--change', 'kind=hotfix', '--run', '1'];

// What the last command is told to go on with: how many lines.
for (const [about, count, commands] of [
  ['a freeze', 1, FROZEN],
  ['a gate that is closed', 2, [...FROZEN, GATE]],
  ['the same without a policy', 2, [...FROZEN, [...GATE, '--policy=']]],
  ['an off of nothing', 1, [...FROZEN, ['-e', 'prod', '--by', 'ann', 'off']]],
  ['an off of what is none', 1, [...FROZEN, ['-e', 'prod', 'off', '--by', 'ann', '--freeze', 'x']]],
  ['a request', 1, ASKED],
  ['a request without a policy', 1, [...FROZEN, [...ASKED.at(-1), '--policy=']]],
  ['a gate with a request', 1, [...ASKED, GATE]],
  ['no exception is named', 1, [...FROZEN, ['-e', 'prod', 'approve']]],
  ['none is revoked', 1, [...FROZEN, ['-e', 'prod', 'revoke', '--by', 'ann']]],
  ['an exception that is none', 1, [...FROZEN, ['-e', 'prod', 'approve', '--by', 'ann', '--exception', 'x']]],
  ['no policy', 1, [...FROZEN, ['-e', 'prod', 'windows', '--policy=']]],
  ['an environment that is none', 1, [...FROZEN, ['-e', 'xyzzy', 'assert']]],
  ['many', 1, [...FROZEN, ['-e', 'eu', '-r', 'rest', '--by', 'mary', 'on'], ['-e', 'prod,eu', 'assert']]],
  ['many that nobody has frozen', 1, [...FROZEN, ['-e', 'prod,xyzzy', '--by', 'ann', 'off']]],
  ['no environment', 1, [...FROZEN, ['sync']]],
  ['no local Kosli', 1, [['-e', 'prod', 'assert']]],
]) {
  test(`what is advised after ${about}`, {skip}, async t => {
    const cwd = temporaryFolder(t);
    const run = args => nodeploy([...args, ...PLACE], {cwd});
    for (const args of commands.slice(0, -1)) assert.equal((await run(args)).code, 0, args.join(' '));
    await pasteAll(t, await run(commands.at(-1)), {count, place: PLACE, cwd});
  });
}

const OF_ONE = ['windows', 'approve', 'revoke', 'claim', 'except'];

// Kosli fails: the same once more, of all verbs.
for (const args of [
  ['assert', '--evidence', 'gate.json', '--needs', '20m', '--policy', 'release.yaml'], ['assert', '--policy='], ['status', '--awaiting'], ['report', '--from', '7d', '--no-deployments'],
  ['windows', '--ics', '--policy', 'release.yaml'], ['sync', '--policy', 'release.yaml'], ['on', '-r', "it's late", '--by', 'ann', '--until', '2h'], ['off', '--by', 'ann', '--all'],
  ['approve', '--by', 'ann', '--exception', 'x', '--policy='], ['revoke', '--by', 'ann', '--exception', 'x'], ['claim', '--change', 'kind=x', '--run', '1', '--policy='],
  ['except', '-r', 'why', '--by', 'ann', '--until', '2h', '--change', 'kind=x', '--policy='],
]) {
  test(`what is advised where Kosli fails: ${args.join(' ')}`, {skip}, async t => {
    const {url} = await record(t, {status: 500, body: '{"message": "no"}'});
    const cwd = temporaryFolder(t);
    writeFileSync(join(cwd, 'release.yaml'), POLICY);
    const place = ['--org', 'acme', '--host', url, '--timeout', '20s'];
    const env = {KOSLI_API_TOKEN: 'secret-token', KOSLI_MAX_API_RETRIES: '0'};
    for (const environments of OF_ONE.includes(args[0]) || args.includes('--evidence') ? ['prod'] : ['prod', 'prod-*']) {
      const named = args.filter(arg => arg.startsWith('--policy') || arg === 'release.yaml');
      await pasteAll(t, await nodeploy(['-e', environments, ...args, ...place], {cwd, env}), {count: 1, place: [...place, ...named], cwd, env});
    }
  });
}

async function pasteAll(t, {stdout, stderr}, {count, place, ...options}) {
  const lines = `${stdout}${stderr}`.match(/(?<=: )nodeploy (?!local ).*?(?=\)?$|, or serve it: )/gm) ?? [];
  assert.equal(lines.length, count, stdout + stderr);
  for (const line of lines) {
    assert.ok(place.every(word => line.includes(word)), line);
    await paste(t, line, options);
  }
}

test('no policy is what every verb goes by that takes none', async t => {
  const cwd = temporaryFolder(t);
  await nodeploy(['-e', 'prod', '-r', 'rest', 'on', '--local', 'box'], {cwd, env: {NODEPLOY_BY: 'ann'}});
  for (const [args, code] of [[['report', '--no-deployments'], 0], [['revoke', '--exception', 'x'], 1]]) {
    const run = policy => nodeploy(['-e', 'prod', ...args, policy, '--local', 'box'], {cwd, env: {NODEPLOY_BY: 'ann'}});
    assert.equal((await run('--policy=')).code, code, args.join(' '));
    const {code: refused, stderr} = await run('--policy=nodeploy.yaml');
    assert.equal(refused, 2);
    assert.match(stderr, /--policy does not go with `\w+`\n--policy goes with: on, off, assert, /);
  }
});
