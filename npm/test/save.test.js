// What a pipeline says once by variables, and what it hears in files.
import assert from 'node:assert/strict';
import {lstatSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'node:test';
import {OPTIONS} from '../cli/options.js';
import {nodeploy} from './child.js';
import {temporaryFolder} from './local-kosli.js';

const TOLD_EACH_TIME = {
  'all-environments': '', yes: '', closed: '',
  freeze: 'which freeze', all: 'a lift of all', at: 'a gate of another time', days: 'one list', ics: 'one list', from: 'one report', to: 'one report', 'no-deployments': 'one report', csv: 'how it is shown', md: 'how it is shown', html: 'a file for people', svg: 'a file for people', local: 'nothing local unless --local says so',
  'all-environments': 'which environments', yes: 'a terminal', closed: 'a table for people',
  change: 'facts, one by one', exception: 'which exception', window: 'which window', uses: 'one exception', approvals: 'one exception', awaiting: 'a question', except: 'one freeze',
  'dry-run': 'a freeze that sets none', json: 'NODEPLOY_OUTPUT=json', version: 'no decision', help: 'no decision',
};

test('every option that a pipeline sets once has a variable', () => {
  for (const [name, {variable}] of Object.entries(OPTIONS)) assert.notEqual(Boolean(variable), name in TOLD_EACH_TIME, `--${name}: ${variable}`);
});

test('a variable holds where its option would; the option goes first', async t => {
  const cwd = temporaryFolder(t);
  writeFileSync(join(cwd, 'nodeploy.yaml'), 'windows: [{name: w, effect: allow, environments: [prod], timezone: UTC, from: 2020-01-01, to: 2999-01-01}]');
  const run = (env, ...args) => nodeploy(['--local', 'box', ...args], {cwd, env: {NODEPLOY_ENV: 'prod', ...env}});
  const on = await run({NODEPLOY_REASON: 'said once', NODEPLOY_UNTIL: '2h', NODEPLOY_BY: 'ann', NODEPLOY_WAIT: '1h', NODEPLOY_OUTPUT: 'json'}, 'on');
  assert.equal(on.code, 0, on.stderr);
  const [freeze] = JSON.parse(on.stdout).freezes;
  assert.deepEqual([freeze.reason, freeze.by, freeze.until !== null], ['said once', 'ann', true], '--wait is for assert, and so is its variable');
  for (const [env, args, code, words] of [
    [{NODEPLOY_EXIT_CODE: 'true'}, ['status'], 1, /frozen/],
    [{NODEPLOY_EXIT_CODE: 'false'}, ['status'], 0, /frozen/],
    [{NODEPLOY_EXIT_CODE: 'maybe'}, ['status'], 2, /NODEPLOY_EXIT_CODE is `maybe`, neither true nor false/],
    [{NODEPLOY_NEEDS: 'long'}, ['assert'], 2, /NODEPLOY_NEEDS `long` is not a valid span/],
    [{NODEPLOY_NEEDS: 'long'}, ['assert', '--needs', '1m'], 1, /frozen/],
    [{NODEPLOY_NEEDS: ''}, ['assert'], 1, /frozen/],
    [{NODEPLOY_NEEDS: 'long'}, ['status'], 0, /frozen/],
    [{NODEPLOY_WAIT: '1s', NODEPLOY_TIMEOUT: '0s'}, ['assert', '--at', '2998-01-01T00:00:00Z'], 2, /NODEPLOY_TIMEOUT is 0/],
    [{NODEPLOY_WAIT: '1s', NODEPLOY_RECORD: 'true', NODEPLOY_ATTEST: 'payments/4f1c2ab', NODEPLOY_CLAIM: 'true'}, ['assert', '--at', '2998-01-01T00:00:00Z'], 0, /ok at/],
    [{NODEPLOY_VIA: 'pigeon'}, ['assert'], 2, /NODEPLOY_VIA `pigeon` is neither http nor cli/],
    [{NODEPLOY_OUTPUT: 'xml'}, ['assert'], 2, /NODEPLOY_OUTPUT `xml` is neither/],
    [{NODEPLOY_OUTPUT: 'json'}, ['status', '--md'], 0, /^### /],
    [{NODEPLOY_OUTPUT: 'json'}, ['status', '--md', '--wrong'], 2, /^nodeploy: there is no option/],
    [{NODEPLOY_OUTPUT: 'json'}, ['report', '--csv', '--wrong'], 2, /^nodeploy: there is no option/],
    [{NODEPLOY_OUTPUT: 'json'}, ['report', '--csv', '--from', '1h'], 0, /^"kind",/],
  ]) {
    const {code: ended, stdout, stderr} = await run(env, ...args);
    assert.equal(ended, code, JSON.stringify([env, args, stdout, stderr]));
    assert.match(stdout + stderr, words);
  }
});

test('a variable that is near one, or near an option that has none, is not passed over', async t => {
  const cwd = temporaryFolder(t);
  const run = (env, ...args) => nodeploy(['-e', 'prod', '--local', 'box', ...args], {cwd, env});
  assert.equal((await run({}, '-r', 'why', '--by', 'ann', 'on')).code, 0);
  assert.equal((await run({}, '--by', 'ann', 'off')).code, 0);
  for (const [variable, args, advice] of [
    ['NODEPLOY_NEED', ['assert'], 'did you mean NODEPLOY_NEEDS?'], ['NODEPLOY_NEEDS_OPEN', ['assert'], 'did you mean NODEPLOY_NEEDS?'], ['NODEPLOY_POLICY_FILE', ['assert'], 'did you mean NODEPLOY_POLICY?'],
    ['NODEPLOY_POLCY', ['status'], 'did you mean NODEPLOY_POLICY?'], ['NODEPLOY_DURATION', ['-r', 'why', '--by', 'ann', 'on'], 'did you mean NODEPLOY_UNTIL?'],
    ['NODEPLOY_DRY_RUN', ['-r', 'why', '--by', 'ann', 'on'], 'say it by the option, --dry-run'], ['NODEPLOY_AT', ['assert'], 'say it by the option, --at'], ['NODEPLOY_ALL', ['--by', 'ann', 'off'], 'say it by the option, --all'],
    ...['NODEPLOY_CHANGE', 'NODEPLOY_CHANGES', 'NODEPLOY_CHANGE_COMMIT'].map(name => [name, ['assert'], 'say it by the option, --change']), ['NODEPLOY_JSON', ['assert'], 'say it by the option, --json'],
    ['NODEPLOY_EXCEPT', ['-r', 'why', '--by', 'ann', 'on'], 'say it by the option, --except'], ['NODEPLOY_EXCEPTION', ['--by', 'ann', 'revoke'], 'say it by the option, --exception'],
    ['NODEPLOY_WIAT', ['assert'], 'did you mean NODEPLOY_WAIT?'], ['NODEPLOY_NEDES', ['assert'], 'did you mean NODEPLOY_NEEDS?'], ['NODEPLOY_YB', ['-r', 'why', 'on'], 'did you mean NODEPLOY_BY?'],
    ['NODEPLOY_HOST', ['assert'], 'did you mean KOSLI_HOST?'], ['NODEPLOY_ATEST', ['assert'], 'did you mean NODEPLOY_ATTEST?'],
  ]) {
    const {code, stderr} = await run({[variable]: '1'}, ...args);
    assert.deepEqual([code, stderr.includes(`nodeploy reads no variable \`${variable}\`\n${advice}\n`)], [2, true], `${variable}: ${stderr}`);
  }
  for (const [env, ...args] of [
    [{NODEPLOY_NEED: ''}], [{NODEPLOY_NEED: '1', NODEPLOY_NEEDS: '1m'}], [{NODEPLOY_NEED: '1'}, '--needs', '1m'], [{NODEPLOY_ENVIRONMENT: 'other', NODEPLOY_LOCAL: '1', NODEPLOY_ALL: '1', NODEPLOY_UNTILL: '2h'}],
    [{NODEPLOY_VERSION: '1.2', NODEPLOY_FILE: 'nodeploy.cjs', NODEPLOY_IMAGE: 'x', NODEPLOY_SHA256: 'x', NODEPLOY_ANSWER_REASON: 'frozen', NODEPLOY_INPUT_POLICY: 'x', NODEPLOY_INPUT_NEEDS: 'x', NODEPLOY_TOKEN: 'x', NODEPLOY_ENABLED: '1'}],
    [{NODEPLOY_JSON_FILE: 'x.json', NODEPLOY_CHANNEL: '#ops', NODEPLOY_USER: 'ann', NODEPLOY_HELP: 'x', NODEPLOY_ID: '7', NODEPLOY_TO_SLACK: '1', NODEPLOY_TEAM: 'x', NODEPLOY_URL: 'x', NODEPLOY_STAGE: 'x', NODEPLOY_CACHE: 'x'}],
  ]) {
    const {code, stderr} = await run(env, ...args, 'assert');
    assert.equal(code, 0, JSON.stringify(env) + stderr);
  }
});

test('the answer in files: JSON, and variables that a shell may source', async t => {
  const cwd = temporaryFolder(t);
  const token = 'kosli-token-0123456789';
  const run = (...args) => nodeploy(['-e', 'prod', '--local', 'box', ...args], {cwd, env: {KOSLI_API_TOKEN: token}});
  const read = name => readFileSync(join(cwd, name), 'utf8');
  await run('-r', '$(touch hacked) `x`\nNODEPLOY_ANSWER_DECISION=proceed', '--by', 'ann', 'on');
  const gate = await run('assert', '--save', 'gate.env', '--save=gate.json');
  assert.equal(gate.code, 1);
  assert.match(gate.stdout, /^Checking nodeploy for prod: frozen\.\n/);
  assert.match(read('gate.env'), /^NODEPLOY_ANSWER_DECISION=refuse\nNODEPLOY_ANSWER_REASON=frozen\n(NODEPLOY_ANSWER_[A-Z_]+=[\w:.+~-]*\n)*$/);
  assert.equal(JSON.parse(read('gate.json')).freezes[0].by, 'ann');
  const broken = await run('asert', '--save', 'gate.env');
  assert.deepEqual([broken.code, read('gate.env').split('\n').slice(0, 2)], [2, ['NODEPLOY_ANSWER_DECISION=error', 'NODEPLOY_ANSWER_REASON=usage']], 'an answer of before is not left to be taken for this one');
  await run('assert', '--save', 'gate.json', `--needs=${token}`);
  assert.ok(!read('gate.json').includes(token), 'the token is blotted out there, too');
  const off = await run('off', '--all', '--json', '--save', 'off.json');
  assert.deepEqual(JSON.parse(read('off.json')), JSON.parse(off.stdout));
});

test('an answer that cannot be written lets nothing through', async t => {
  const cwd = temporaryFolder(t);
  mkdirSync(join(cwd, 'folder.env'));
  for (const file of ['folder.env', 'missing/gate.env']) {
    const {code, stderr} = await nodeploy(['-e', 'prod', '--local', 'box', 'assert', '--save', 'gate.json', '--save', file], {cwd});
    assert.equal(code, 2);
    assert.match(stderr, new RegExp(`the answer cannot be written to \`${file}\``));
    const {decision, reason, summary} = JSON.parse(readFileSync(join(cwd, 'gate.json'), 'utf8'));
    assert.deepEqual([decision, reason], ['error', 'usage'], 'nor does a part of it');
    assert.match(summary, new RegExp(`^the answer cannot be written to \`${file}\``), 'who reads the other one is told why');
  }
});

test('an answer of before goes, and an error is in its place, though another file is none', async t => {
  const cwd = temporaryFolder(t);
  const policy = 'windows: []\n';
  writeFileSync(join(cwd, 'nodeploy.yaml'), policy);
  for (const order of [['gate.env', 'nodeploy.yaml'], ['nodeploy.yaml', 'gate.env']]) {
    writeFileSync(join(cwd, 'gate.env'), 'NODEPLOY_ANSWER_DECISION=proceed\n');
    const {code, stderr} = await nodeploy(['-e', 'prod', '--local', 'box', 'assert', ...order.flatMap(file => ['--save', file])], {cwd});
    assert.deepEqual([code, /`nodeploy.yaml` \(it is there, and is no answer of nodeploy\)/.test(stderr)], [2, true], stderr);
    assert.match(readFileSync(join(cwd, 'gate.env'), 'utf8'), /^NODEPLOY_ANSWER_DECISION=error\n/, `${order}`);
    assert.equal(readFileSync(join(cwd, 'nodeploy.yaml'), 'utf8'), policy);
  }
});

test('what is there and is no answer is left alone: a policy, evidence, a device', async t => {
  const cwd = temporaryFolder(t);
  const policy = '{"windows": [{"name": "always", "effect": "freeze", "environments": ["*"], "timezone": "UTC", "from": "2020-01-01", "to": "2999-01-01"}]}';
  writeFileSync(join(cwd, 'nodeploy.json'), policy);
  symlinkSync('/dev/null', join(cwd, 'device')); // not the device itself: it was deleted
  const run = (...args) => nodeploy(['-e', 'prod', '--local', 'box', ...args], {cwd});
  await run('-r', 'x', '--by', 'ann', 'on');
  assert.equal((await run('assert', '--evidence', 'gate.evidence')).code, 1);
  const evidence = readFileSync(join(cwd, 'gate.evidence'));
  for (const [args, words] of [
    [['assert', '--save', 'nodeploy.json'], /`nodeploy.json` \(it is there, and is no answer of nodeploy\)/],
    [['assert', '--save', 'gate.evidence'], /no answer of nodeploy/], [['replay', 'gate.evidence', '--save', 'gate.evidence'], /no answer of nodeploy/],
    [['assert', '--save', 'device'], /no regular file/], [['assert', '--evidence', 'nodeploy.json'], /no evidence of nodeploy/],
    [['assert', '--save', 'both', '--evidence', 'both'], /no answer of nodeploy/],
  ]) {
    const {code, stderr} = await run(...args);
    assert.deepEqual([code, words.test(stderr)], [2, true], stderr);
    assert.doesNotMatch(stderr, /cannot start/);
  }
  assert.equal(readFileSync(join(cwd, 'nodeploy.json'), 'utf8'), policy);
  assert.deepEqual(readFileSync(join(cwd, 'gate.evidence')), evidence);
  assert.ok(lstatSync(join(cwd, 'device')).isSymbolicLink());
});

test('an answer that cannot be written is one document, and says what was done', async t => {
  const cwd = temporaryFolder(t);
  const run = (...args) => nodeploy(['-e', 'prod', '--local', 'box', '--json', '--save', 'none/gate.json', ...args], {cwd});
  for (const args of [['-r', 'x', '--by', 'ann', 'on'], ['assert'], ['-e', '*', 'assert'], ['asert']]) {
    const {code, stdout} = await run(...args);
    const {decision, summary} = JSON.parse(stdout);
    assert.deepEqual([code, decision], [2, 'error']);
    assert.match(summary, /^the answer cannot be written to `none\/gate.json` \(ENOENT\); what it says: ./);
  }
  assert.equal(JSON.parse((await run('-r', 'x', '--by', 'ann', 'on')).stdout).freezes[0].by, 'ann');
  assert.deepEqual(readdirSync(cwd), ['box'], 'nor is a part of it left');
});
