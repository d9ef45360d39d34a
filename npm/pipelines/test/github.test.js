// The action as GitHub runs it: the bundled file, inputs and files by variables; on this Node, which is as good as node20 and node24.
import assert from 'node:assert/strict';
import {spawn, spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {closeSync, cpSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'node:test';
import {fileURLToPath} from 'node:url';
import {parse} from 'yaml';
import {INPUTS} from '../github/inputs.js';
import {annotation, answersOf, fitting} from '../github/telling.js';
import {OPTIONS} from '../../cli/options.js';
import {takers, VERB_NAMES, VERBS} from '../../cli/verbs.js';
import {node} from '../../test/child.js';
import {ask, serve, temporaryFolder} from '../../test/local-kosli.js';

const action = fileURLToPath(new URL('../github/', import.meta.url));
const metadata = name => parse(readFileSync(join(action, name), 'utf8'));
const page = () => readFileSync(join(action, 'readme.md'), 'utf8');
const snippets = () => [...page().matchAll(/```yaml\n([^`]*)```/g)].map(([, text]) => text);
const YML = ['action.yml', 'node20/action.yml'];

/** Runs the action; `outputs` by name, `summary` and `path` as they were written. */
async function act(t, inputs, {env = {}, workspace = temporaryFolder(t)} = {}) {
  const runner = temporaryFolder(t);
  const files = Object.fromEntries(['GITHUB_OUTPUT', 'GITHUB_STEP_SUMMARY', 'GITHUB_PATH', 'GITHUB_ENV', 'GITHUB_STATE'].map(name => [name, join(runner, name)]));
  for (const file of Object.values(files)) writeFileSync(file, '');
  const given = Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase().replaceAll(' ', '_')}`, value]));
  const defaults = Object.fromEntries(Object.entries(metadata('action.yml').inputs).map(([name, input]) => [`INPUT_${name.toUpperCase()}`, input.default ?? '']));
  const result = await node([join(action, 'dist', 'index.cjs')], {
    cwd: workspace, env: {PATH: process.env.PATH, SystemRoot: process.env.SystemRoot, CI: 'true', GITHUB_ACTIONS: 'true', RUNNER_TEMP: runner, ...files, ...defaults, ...given, ...env},
  });
  const read = name => readFileSync(files[name], 'utf8');
  const outputs = Object.fromEntries([...read('GITHUB_OUTPUT').matchAll(/^(.*?)<<(ghadelimiter_\S+)\r?\n([^]*?)\r?\n\2$/gm)].map(([, name, , value]) => [name, value]));
  return {...result, outputs, summary: read('GITHUB_STEP_SUMMARY'), path: read('GITHUB_PATH').trim(), annotations: result.stdout.split('\n').filter(line => /^::(error|warning|notice)/.test(line))};
}

async function kosli(t) {
  const server = await serve(t);
  for (const name of ['prod-aws', 'staging']) await ask(server, 'PUT', '/api/v2/environments/acme', {json: {name, type: 'K8S', description: ''}});
  return {KOSLI_ORG: 'acme', KOSLI_API_TOKEN: server.token, KOSLI_HOST: server.url, GITHUB_ACTOR: 'steve'};
}

test('the licences of what is bundled are in the bundle', () => {
  const text = readFileSync(join(action, 'dist', 'index.cjs'), 'utf8');
  for (const name of ['@actions/core', 'tunnel', 'undici']) assert.match(text, new RegExp(`^(/\\*! )?Contains ${name} [\\d.]+:\n\n.*MIT`, 'm'), name);
});

test('an open environment passes', async t => {
  const env = await kosli(t);
  const {code, outputs, summary, annotations, stdout} = await act(t, {environments: 'prod-aws'}, {env});
  assert.deepEqual([code, outputs.decision, outputs.reason, outputs['opens-at'], annotations], [0, 'proceed', 'not_frozen', '', []]);
  assert.equal(JSON.parse(outputs.answer).decision, 'proceed');
  assert.match(stdout, new RegExp(`^::add-mask::${env.KOSLI_API_TOKEN}\nChecking nodeploy for prod-aws: ok\\.\n`));
  assert.match(summary, /^### \u2705 nodeploy assert: prod-aws\n/);
  assert.match(summary, /^No policy was read$/m);
});

test('a freeze is set, refuses with who, why, since and until, and is lifted', async t => {
  const env = await kosli(t);
  const hostile = 'up | <img src=x> [c](http://evil) `x`\n::error::no %0A\u202Ereversed --claim';
  const on = await act(t, {environments: 'prod-aws', command: 'on', reason: hostile, until: '2h'}, {env});
  assert.deepEqual([on.code, on.outputs.decision], [0, 'proceed'], on.stderr);
  const gate = await act(t, {environments: 'prod-aws'}, {env});
  assert.deepEqual([gate.code, gate.outputs.decision, gate.outputs.reason], [1, 'refuse', 'frozen']);
  assert.equal(gate.annotations.length, 1);
  assert.match(gate.annotations[0], /^::warning title=prod-aws is frozen::prod-aws is frozen since .* by steve.*%0Ato lift it: nodeploy -e prod-aws off --freeze \S+$/);
  for (const word of ['by', 'why', 'since', 'until']) assert.match(gate.summary, new RegExp(`^\\| ${word} \\| .+ \\|$`, 'm'));
  assert.match(gate.summary, /<pre>to lift it/);
  const markup = gate.summary.replace(/^### |^\|.*?\| |^\| --- \| --- \|$| \| | \|$|<\/?(?:pre|code)>|&#\d+;/gm, '');
  assert.doesNotMatch(markup, /[|<>[\]`\u202E&*_]/, 'no text of anybody is markup');
  for (const text of [gate.stdout, gate.outputs.summary, gate.summary]) assert.ok(!text.includes('\u202E'));
  const off = await act(t, {environments: 'prod-aws', command: 'off', freeze: JSON.parse(gate.outputs.answer).freezes[0].id}, {env});
  assert.deepEqual([off.code, off.outputs.decision], [0, 'proceed'], off.stderr);
  assert.equal((await act(t, {environments: 'prod-aws'}, {env})).code, 0);
});

test('many environments: one step, a summary and an annotation for each', async t => {
  const env = await kosli(t);
  await act(t, {environments: 'staging', command: 'on', reason: 'why'}, {env});
  const {code, outputs, summary, annotations} = await act(t, {environments: 'prod-aws\nstaging'}, {env});
  assert.deepEqual([code, outputs.decision], [1, 'refuse']);
  assert.match(summary, /prod-aws[^]*### .*staging/);
  assert.equal(annotations.length, 1);
  assert.match(annotations[0], /^::warning title=staging is frozen::/);
  const none = await act(t, {environments: 'prod-*,live-*'}, {env: {...env, KOSLI_API_TOKEN: 'wrong'}});
  assert.equal(none.code, 2);
  assert.match(none.annotations.join('\n'), /^::error title=nodeploy could not decide about prod-\*%2C live-\*::could not read Kosli's list of environments: .*$/);
  assert.match(none.summary, /^### .* nodeploy assert: prod&#45;.*\n\ncould not read Kosli/);
});

test('of many each is told by its own answer, and all as one where none of them says what was decided', () => {
  const told = (decision, decisions, more) => {
    const environments = decisions.map((one, at) => ({environment: `prod-${at}`, decision: one}));
    return answersOf({decision, environments, ...more}, 'prod-*').map(({environment}) => environment);
  };
  assert.deepEqual(told('refuse', ['refuse']), ['prod-0'], 'a glob that fits one');
  assert.deepEqual(told('refuse', ['proceed', 'refuse']), ['prod-0', 'prod-1']);
  assert.deepEqual(told('error', ['proceed', 'refuse']), ['prod-*']);
  assert.deepEqual(told('error', []), ['prod-*']);
  assert.deepEqual(told('refuse', ['refuse'], {totals: {}}), ['prod-*'], 'a report has one sentence for all');
});

test('status is a question: the step passes, the output tells', async t => {
  const env = await kosli(t);
  await act(t, {environments: 'staging', command: 'on', reason: 'why'}, {env});
  const {code, outputs, annotations} = await act(t, {environments: 'staging', command: 'status'}, {env});
  assert.deepEqual([code, outputs.decision, annotations], [0, 'refuse', []]);
});

test('an exception is asked for, approved and used, and the report tells of it', async t => {
  const env = {...await kosli(t), GITHUB_SHA: 'f'.repeat(40), GITHUB_REPOSITORY: 'acme/shop', GITHUB_RUN_ID: '7', GITHUB_JOB: 'deploy', GITHUB_REF: 'refs/heads/main'};
  const run = inputs => act(t, {environments: 'prod-aws', ...inputs}, {env});
  const on = await run({command: 'on', reason: 'why', except: 'ref=refs/heads/hotfix/*\nref=refs/heads/urgent'});
  assert.equal(on.code, 0, on.stderr);
  const asked = await run({command: 'except', reason: 'CVE', until: '1h', change: `commit=${'f'.repeat(40)}`, uses: '2', approvals: '1', freeze: JSON.parse(on.outputs.answer).action.id});
  assert.equal(asked.code, 0, asked.stderr);
  const {action: {id}} = JSON.parse(asked.outputs.answer);
  const approved = await run({command: 'approve', exception: id, by: 'maya'});
  assert.equal(approved.code, 0, approved.stderr);
  assert.match((await run({command: 'status', awaiting: 'true', closed: 'false'})).summary, /prod-aws/);
  const gate = await run({claim: 'true', save: 'gate.json\ngate.env'});
  assert.deepEqual([gate.code, gate.outputs.reason], [0, 'excepted'], gate.stdout + gate.stderr);
  const folder = temporaryFolder(t);
  const drawn = {html: join(folder, 'history.html'), svg: join(folder, 'history.svg')};
  const {code, outputs, summary, stdout} = await run({command: 'report', from: '1h', delay: '1m', 'no-deployments': 'true', 'exit-code': 'true', ...drawn});
  assert.deepEqual([code, outputs.decision, outputs.reason], [0, 'proceed', 'reported'], stdout);
  for (const words of [/^### /, /closed prod-aws/, /\| CVE \|/]) assert.match(summary, words);
  for (const file of Object.values(drawn)) assert.match(readFileSync(file, 'utf8'), /History of prod-aws/);
});

test("a summary that is too large for GitHub is cut between two lines, and says so", () => {
  const row = `| prod-${'\u00e4'.repeat(20)} | closed |\n`;
  const cut = fitting(row.repeat(30_000));
  assert.ok(Buffer.byteLength(cut) < 1024 * 1024);
  const [page, words, end] = cut.split('\n\n');
  assert.ok(page.length > 500_000 && `${page}\n`.replaceAll(row, '') === '' && end === undefined);
  assert.match(words, /not all of it.*the log of the step/);
  assert.equal(fitting(row), row);
});

test('what is refused has a title that fits', () => {
  for (const [environment, decision, reason, title] of [
    ['prod', 'refuse', 'frozen', 'prod is frozen'],
    ['prod', 'refuse', 'freeze_window', 'prod is closed'],
    ['', 'refuse', 'closes_too_soon', 'this environment is closed'],
    ['prod', 'refuse', 'own_exception', 'nodeploy refused about prod'],
    ['prod', 'refuse', 'none_of_yours', 'nodeploy refused about prod'],
    ['', 'refuse', 'answer_differs', 'nodeploy refused'],
    ['prod', 'refuse', 'unexplained', 'not all of it is explained'],
    ['prod', 'error', 'incomplete', 'nodeploy could not decide about prod'],
  ]) assert.equal(annotation({environment, decision, reason, summary: 'x', advice: null}).title, title, reason);
});

test('what a gate has kept is replayed', async t => {
  const workspace = temporaryFolder(t);
  const env = await kosli(t);
  assert.equal((await act(t, {environments: 'prod-aws', evidence: 'kept.json'}, {env, workspace})).code, 0);
  const again = await act(t, {command: 'replay', file: 'kept.json'}, {env, workspace});
  assert.deepEqual([again.code, again.outputs.decision], [0, 'proceed'], again.stderr);
  writeFileSync(join(workspace, 'kept.json'), readFileSync(join(workspace, 'kept.json'), 'utf8').replace('not_frozen', 'frozen'));
  const changed = await act(t, {command: 'replay', file: 'kept.json'}, {env, workspace});
  assert.equal(changed.code, 1);
  assert.match(changed.annotations[0], /^::warning title=nodeploy refused::/);
});

test('what could not be decided looks different, and does not pass', async t => {
  const env = await kosli(t);
  for (const [inputs, variables, words] of [
    [{environments: 'prod-aws'}, {KOSLI_API_TOKEN: ''}, /the Kosli API token is missing/],
    [{environments: 'prod-aws'}, {KOSLI_API_TOKEN: 'wrong-token'}, /could not/],
    [{environments: 'prod-aws', command: 'asert'}, {}, /there is no `asert`/],
    [{environments: 'prod-aws', command: 'on', wait: '2h', reason: 'x'}, {}, /--wait does not go with `on`/],
    [{environments: 'prod-aws', policy: 'missing.yaml'}, {}, /missing\.yaml/],
    [{environments: 'prod-aws', all: 'maybe', command: 'off'}, {}, /maybe|Input does not meet YAML/],
    [{environments: 'prod-aws', reason: '--help', command: 'on', until: 'never'}, {}, /--until `never` is not a valid time/],
    [{environments: ''}, {}, /the environment is missing/],
    [{environments: ' , '}, {NODEPLOY_ENV: 'prod-aws'}, /the environment is missing/],
    [{environments: 'prod-aws', command: '--help'}, {}, /./],
    [{environments: 'prod-aws', need: '20m'}, {}, /this action has no input `need`/],
    [{environments: 'prod-aws'}, {RUNNER_TEMP: '/dev/null'}, /mkdtemp/],
  ]) {
    const {code, outputs, summary, annotations, stdout, stderr} = await act(t, inputs, {env: {...env, ...variables}});
    const all = JSON.stringify([inputs, stdout, stderr, outputs]);
    assert.notEqual(code, 0, all);
    assert.deepEqual([outputs.decision, JSON.parse(outputs.answer).decision], ['error', 'error'], all);
    assert.match(outputs.summary, /^.+$/, all);
    assert.match(summary, /^### .*nodeploy /, all);
    assert.match(annotations[0] ?? '', /^::error title=nodeploy could not decide/, all);
    assert.match(stdout + stderr, words);
    if (inputs.environments === '') assert.match(annotations[0], /pass -e; in the action, options are inputs: environments for -e, /);
  }
});

test('a policy in the workspace closes; the output says when it opens', async t => {
  const workspace = temporaryFolder(t);
  writeFileSync(join(workspace, 'nodeploy.yaml'), 'windows: [{name: "launch | day", effect: freeze, environments: [prod-*], timezone: UTC, from: 2020-01-01, to: 2999-01-01, reason: "no <b>"}]');
  const {code, outputs, summary, annotations} = await act(t, {environments: 'prod-aws', needs: '20m'}, {env: await kosli(t), workspace});
  assert.deepEqual([code, outputs['opens-at']], [1, '2999-01-01T00:00:00Z']);
  assert.match(annotations[0], /^::warning title=prod-aws is closed::/);
  assert.match(summary, /\| freeze window \| launch &#124; day \|/);
  assert.match(summary, /^Policy nodeploy.*yaml&#58; 1 of 1 windows for this environment$/m);
});

test('setup puts nodeploy on the PATH of the steps that follow', {skip: process.platform === 'win32' && 'a script for sh'}, async t => {
  const {code, path} = await act(t, {command: 'setup'});
  assert.equal(code, 0);
  const child = spawn('sh', ['-c', 'nodeploy --version && nodeploy -e prod --local box -r "two words" --by ann on'], {cwd: temporaryFolder(t), env: {PATH: `${path}:/usr/bin:/bin`}, stdio: ['ignore', 'pipe', 'inherit']});
  let said = '';
  child.stdout.setEncoding('utf8').on('data', text => { said += text; });
  await new Promise(resolve => child.on('close', resolve));
  assert.match(said, /^\d+\.\d+\.\d+\nSetting nodeploy for prod[^]*two words/);
});

test('in one log what stands on stderr begins its own line, and of a gate comes after what it has said', {skip: process.platform === 'win32' && 'a script for sh'}, async t => {
  const folder = temporaryFolder(t);
  cpSync(join(action, 'dist', 'index.cjs'), join(folder, 'index.cjs'));
  const output = join(folder, 'output');
  writeFileSync(output, '');
  const logOf = async (command, program) => {
    writeFileSync(join(folder, 'nodeploy.cjs'), program);
    const child = spawn('sh', ['-c', 'exec "$0" index.cjs 2>&1', process.execPath], {cwd: folder, env: {PATH: process.env.PATH, RUNNER_TEMP: folder, GITHUB_OUTPUT: output, INPUT_COMMAND: command}, stdio: ['ignore', 'pipe', 'inherit']});
    let log = '';
    child.stdout.setEncoding('utf8').on('data', text => { log += text; });
    await new Promise(resolve => child.on('close', resolve));
    return log.split('\n').slice(0, 2);
  };
  const refused = `process.stderr.write('refused\\n');`;
  assert.deepEqual(await logOf('assert', `process.stdout.write('frozen\\n'); ${refused}`), ['frozen', 'refused']);
  assert.deepEqual((await logOf('status', `process.stdout.write('a page of'); ${refused} process.stdout.write(' lines\\n');`)).sort(), ['a page of lines', 'refused']);
  assert.equal((await logOf('status', `process.stdout.write('half a page');`))[0], 'half a page');
});

test('an output directory that cannot be had, an older runner without summaries', async t => {
  const env = await kosli(t);
  const noSummary = await act(t, {environments: 'prod-aws'}, {env: {...env, GITHUB_STEP_SUMMARY: ''}});
  assert.deepEqual([noSummary.code, noSummary.outputs.decision], [0, 'proceed']);
  const gone = join(temporaryFolder(t), 'missing');
  for (const [inputs, code, words] of [
    [{environments: 'prod-aws'}, 2, undefined],
    [{environments: 'prod-aws', command: 'on', reason: 'why', by: 'ann'}, 2, undefined],
    [{environments: 'prod-aws'}, 1, /^::warning title=prod-aws is frozen::/],
  ]) {
    const noOutputs = await act(t, inputs, {env: {...env, GITHUB_OUTPUT: gone}});
    assert.equal(noOutputs.code, code);
    const [error, told] = noOutputs.annotations;
    assert.match(error, /^::error title=nodeploy%3A the outputs of this step cannot be written::Missing file at path/);
    if (words) assert.match(told, words);
    assert.match(noOutputs.summary, /nodeploy (assert|on)/);
  }
  const noTemp = await act(t, {environments: 'prod-aws'}, {env: {...env, RUNNER_TEMP: join(temporaryFolder(t), 'missing')}});
  assert.equal(noTemp.code, 2);
});

test('a log that cannot be written is no refusal, and nobody passes unheard', {skip: !existsSync('/dev/full') && 'there is no /dev/full here'}, async t => {
  const env = await kosli(t);
  const runner = temporaryFolder(t);
  const output = join(runner, 'output');
  writeFileSync(output, '');
  const full = openSync('/dev/full', 'w');
  t.after(() => closeSync(full));
  const log = {stdio: ['ignore', full, 'ignore'], env: {PATH: process.env.PATH, CI: 'true', GITHUB_ACTIONS: 'true', RUNNER_TEMP: runner, GITHUB_OUTPUT: output, INPUT_ENVIRONMENTS: 'prod-aws', ...env}};
  const [code] = await once(spawn(process.execPath, [join(action, 'dist', 'index.cjs')], log), 'close');
  assert.deepEqual([code, /^decision<<\S+\nproceed\n/.test(readFileSync(output, 'utf8'))], [2, true]);
});

test('the variable NODEPLOY_SAVE names a file as on the command line', async t => {
  const env = await kosli(t);
  for (const [variable, files] of [[' gate.json\n', ['gate.json']], [' ', []], ['', []]]) {
    const workspace = temporaryFolder(t);
    const {code} = await act(t, {environments: 'prod-aws'}, {env: {...env, NODEPLOY_SAVE: variable}, workspace});
    assert.deepEqual([code, readdirSync(workspace)], [0, files], JSON.stringify(variable));
  }
});

test('a file of `save` that cannot be written is named on the job\'s page, and in the outputs', async t => {
  const env = await kosli(t);
  for (const [inputs, more] of [[{save: 'missing/gate.json'}, {}], [{}, {NODEPLOY_SAVE: 'missing/gate.json'}]]) {
    const {code, outputs, annotations} = await act(t, {environments: 'prod-aws', ...inputs}, {env: {...env, ...more}});
    assert.deepEqual([code, outputs.decision], [2, 'error']);
    assert.match(outputs.summary, /^the answer cannot be written to `missing\/gate.json` \(ENOENT\); what it says: prod-aws is not frozen$/);
    assert.match(annotations[0], /^::error title=nodeploy could not decide about prod-aws::the answer cannot be written to/);
  }
});

// What of the command line the action has no input for, and why.
const LEFT_OUT = {
  environment: 'it is `environments`',
  'all-environments': "it is `environments: '*'`",
  yes: 'nobody is asked where there is no terminal',
  json: 'the output `answer` is that document', output: 'the output `answer` is that document',
  md: "the job's page has it",
  csv: 'a document for a file: `command: setup`, then `nodeploy report --csv > report.csv`',
  ics: 'a document for a file: `command: setup`, then `nodeploy windows --ics > windows.ics`',
  'dry-run': 'lines for a shell, and a step that passes though nothing was done: `command: setup`',
  local: 'a sandbox gates no deployment: `command: setup`, where one is wanted',
  via: 'no runner has the kosli CLI: the variable NODEPLOY_VIA', program: 'no runner has the kosli CLI: the variable NODEPLOY_PROGRAM',
  version: 'it decides nothing', help: 'it decides nothing',
};

test('every option of the command line is an input, or is left out for a reason', t => {
  const {inputs} = metadata('action.yml');
  for (const [name, why] of Object.entries(LEFT_OUT)) t.diagnostic(`no input \`${name}\`: ${why}`);
  assert.deepEqual([...INPUTS, ...Object.keys(LEFT_OUT)].sort(), Object.keys(OPTIONS).sort());
  assert.deepEqual(Object.keys(inputs), ['environments', 'command', ...INPUTS, 'file']);
  for (const name of [...INPUTS, 'file']) {
    const [, said] = /^([a-z, ]+): /.exec(inputs[name].description) ?? [];
    const verbs = name === 'file' ? VERB_NAMES.filter(verb => VERBS[verb].argument) : takers(name);
    const told = [...inputs[name].description.matchAll(/(?<=^|[.;] )([a-z, ]+): /g)].flatMap(([, each]) => each.split(', '));
    assert.deepEqual((said === undefined ? [] : told).sort(), [...verbs].sort(), `${name}: ${inputs[name].description}`);
    assert.ok(page().includes(`\`${name}\``), `the readme has nothing of \`${name}\``);
  }
  for (const verb of [...VERB_NAMES, 'setup']) assert.match(inputs.command.description, new RegExp(`\\b${verb}\\b`));
});

test('an input that the action does not have is an error, where GitHub would warn and go on', async t => {
  const env = await kosli(t);
  const gate = (inputs, more = {}) => act(t, {environments: 'prod-aws', ...inputs}, {env: {...env, ...more}});
  for (const [name, meant] of [['need', '`needs`'], ['polices', '`policy`'], ['exit_code', '`exit-code`'], ['duration', '`until`'], ['dry_run', '--dry-run'], ['local', '--local'], ['all-environments', '--all-environments']]) {
    const {code, outputs, annotations} = await gate({[name]: '20m'});
    assert.deepEqual([code, outputs.decision, outputs.reason, annotations.length], [2, 'error', 'usage', 1], name);
    assert.ok(annotations[0].startsWith(`::error title=nodeploy could not decide::this action has no input \`${name}\`%0A`) && annotations[0].includes(meant), annotations[0]);
  }
  for (const name of ['environment', 'env', 'enviroments']) {
    const {code, annotations} = await act(t, {[name]: 'prod-aws'}, {env: {...env, NODEPLOY_ENV: 'staging'}});
    assert.deepEqual([code, /did you mean `environments`\?/.test(annotations[0])], [2, true], name);
  }
  const ofTheJob = {INPUT_ENVIRONMENT: 'prod', INPUT_VERSION: '1.2.3', INPUT_TAG: 'v1', INPUT_IMAGE: 'x', INPUT_NEED: '', INPUT_: 'x'};
  assert.deepEqual((await gate({}, ofTheJob)).annotations, [], 'variables of the job that are called like inputs');
});

test('a switch is true or false', async t => {
  const env = await kosli(t);
  const off = all => act(t, {environments: 'prod-aws', command: 'off', all}, {env});
  for (const all of ['true', 'False', 'TRUE']) assert.equal((await off(all)).code, 0, all);
  assert.deepEqual((await off('yes')).annotations, ['::error title=nodeploy could not decide::the input `all` is `yes`%0Awrite true or false']);
});

test('advice about --policy= says what that is in a workflow', async t => {
  const env = await kosli(t);
  const workspace = temporaryFolder(t);
  const gate = inputs => act(t, {environments: 'prod-aws', ...inputs}, {env, workspace});
  const named = await gate({policy: 'nodeploy.yaml'});
  assert.match(named.annotations[0], /without freeze windows say so: --policy=; in the action, .*; for --policy= leave policy out$/);
  writeFileSync(join(workspace, 'nodeploy-policy.yaml'), 'windows: []\n');
  for (const inputs of [{}, {policy: ''}]) {
    assert.match((await gate(inputs)).annotations[0], /\(or --policy= for none\); in the action, .*; for --policy= take `command: setup`, then `run: nodeploy …`$/);
  }
});

test('the metadata for an older runner is the same, and names a file that is there', () => {
  const [newest, older] = YML.map(metadata);
  assert.deepEqual({...older, runs: null}, {...newest, runs: null});
  assert.deepEqual([newest.runs.using, older.runs.using], ['node24', 'node20']);
  for (const [index, {runs}] of [newest, older].entries()) assert.ok(existsSync(join(action, YML[index], '..', runs.main)));
});

test('actionlint finds nothing to say, about the action as it is used too', async t => {
  const actionlint = spawnSync('actionlint', ['-version']);
  if (actionlint.status !== 0) return t.skip('actionlint is not on PATH: go install github.com/rhysd/actionlint/cmd/actionlint@latest');
  const repository = temporaryFolder(t);
  for (const name of ['.git', '.github/workflows']) mkdirSync(join(repository, name), {recursive: true});
  cpSync(action, join(repository, '.github/actions/nodeploy'), {recursive: true});
  const lint = () => spawnSync('actionlint', ['-no-color'], {cwd: repository, encoding: 'utf8'});
  snippets().forEach((text, index) => writeFileSync(join(repository, '.github/workflows', `${index}.yml`), text));
  assert.equal(lint().stdout, '');
  writeFileSync(join(repository, '.github/workflows/0.yml'), snippets()[0].replace('wait:', 'wiat:'));
  assert.match(lint().stdout, /input "wiat" is not defined/, 'it does look at the inputs');
});

test("GitHub's own language service finds nothing to say about metadata and workflows", async t => {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, 'x'));
  const files = [
    ...YML.map(name => [`/${name}`, readFileSync(join(action, name), 'utf8')]),
    ...snippets().map((text, index) => [`/.github/workflows/${index}.yml`, text]),
    ['/broken/action.yml', 'name: x\ndescription: y\nruns: {using: node24}\n'],
  ];
  writeFileSync(join(folder, 'files.json'), JSON.stringify(files));
  const program = `
    import {readFileSync} from 'node:fs';
    import {validate} from '@actions/languageservice';
    import {TextDocument} from 'vscode-languageserver-textdocument';
    const said = {};
    for (const [name, text] of JSON.parse(readFileSync(process.argv[1], 'utf8'))) {
      said[name] = (await validate(TextDocument.create('file://' + name, 'yaml', 1, text))).map(({message}) => message);
    }
    console.log(JSON.stringify(said));`;
  const {code, stdout, stderr} = await node(['--import', new URL('json-imports.mjs', import.meta.url).href, '--input-type=module', '-e', program, join(folder, 'files.json')], {cwd: fileURLToPath(new URL('..', import.meta.url))});
  assert.equal(code, 0, stderr);
  const said = JSON.parse(stdout);
  assert.ok(said['/broken/action.yml'].length > 0, 'it does find something where there is something');
  for (const [name] of files.slice(0, -1)) assert.deepEqual(said[name], [], name);
  assert.ok(files.length > 4);
});
