import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {existsSync, readdirSync, writeFileSync} from 'node:fs';
import {delimiter, join} from 'node:path';
import test from 'node:test';
import {CLI, node, nodeploy} from './child.js';
import {ask, serve, temporaryFolder} from './local-kosli.js';
import {record} from './recording-server.js';

const KOSLI = {KOSLI_ORG: 'acme', KOSLI_API_TOKEN: 'secret-token', KOSLI_HOST: 'http://127.0.0.1:9', KOSLI_MAX_API_RETRIES: '0', NODEPLOY_ENV: 'prod'};

// What cannot be carried out says what is wrong, and what would do. Nothing is asked of anybody.
for (const [args, words, env = {}] of [
  [[], /nothing to do\nsay one of: on, off/],
  [['freeze'], /there is no `freeze`\ndid you mean on\?/],
  [['asert'], /there is no `asert`\ndid you mean assert\?/],
  [['on', 'prod', '-r', 'x'], /unexpected argument `prod` after `on`\n.*goes into quotes/],
  [['assert', ''], /unexpected empty argument after `assert`\nis a variable in quotes not set\?/],
  [['', 'assert'], /the first word is empty\nis a variable not set\?/],
  [['-e', '', 'assert'], /-e is given an empty value\nis a variable not set\?/],
  [['--environment=', 'assert'], /the environment is missing/],
  [['--policy', '', 'assert'], /--policy is given an empty value\n.*for no policy write --policy=/],
  [['--by', '', 'on', '-r', 'x'], /--by is given an empty value\n.*for nobody write --by=/],
  [['off', '--freeze='], /--freeze is given an empty value/],
  [['assert', '--host='], /--host is given an empty value/],
  [['assert', '-o', 'yaml'], /--output `yaml` is neither json nor table/],
  [['assert', '--timeout', '0s'], /--timeout is 0/],
  [['assert', '--timeout', '60'], /--timeout `60` is not a valid span of time\n.*30s/],
  [['on', '--reson', 'x'], /no option `--reson`\ndid you mean --reason\?/],
  [['on', '-x'], /no option `-x`/],
  [['on', '-r'], /-r needs a value/],
  [['on', '-r', '--until', '2h'], /-r needs a value, and `--until` looks like an option\nif it is the value, write --reason=--until/],
  [['on', '-r', 'a', '-r', 'b'], /--reason is given twice/],
  [['on'], /needs a reason\n.*-r "database migration"/],
  [['on', '-r', '  '], /needs a reason/],
  [['on', '-r', 'x', '--until', 'tomorrow'], /--until `tomorrow` is not a valid time\n.*90m, 2h30m, 3d/],
  [['on', '-r', 'x', '--until', '2024-13-01T09:00:00'], /is not a valid time\n.*with its zone/],
  [['on', '-r', 'x', '--freeze', 'a', '--freeze', 'b'], /takes up one freeze/],
  [['on', '-r', 'x', '--all'], /--all does not go with `on`\n--all goes with: off/],
  [['off', '--all', '--freeze', 'a'], /--all and --freeze exclude each other/],
  [['off', '--all=yes'], /--all takes no value/],
  [['assert', '--until', '2h'], /--until does not go with `assert`/],
  [['assert', '--via', 'ftp'], /--via `ftp` is neither http nor cli/],
  [['assert', '--program', 'x'], /--program goes with --via cli/],
  [['assert', '--local', 'x', '--host', 'https://x'], /two different Koslis/],
  [['assert', '--local', ''], /--local names no folder\n.*--local \.\/sandbox/],
  [['assert', '--local='], /--local names no folder/],
  [['assert', '--port', '1'], /no option `--port`/],
  [['-e', 'prod', 'local'], /`local` comes first/],
  [['assert'], /the environment is missing\nset NODEPLOY_ENV or pass -e/, {NODEPLOY_ENV: ''}],
  [['assert'], /organisation is missing\nset KOSLI_ORG or pass --org/, {KOSLI_ORG: ''}],
  [['assert'], /token is missing\nset KOSLI_API_TOKEN/, {KOSLI_API_TOKEN: ''}],
  [['assert'], /token holds a character/, {KOSLI_API_TOKEN: 'secret-token\n'}],
  [['assert'], /in the open/, {KOSLI_HOST: 'http://kosli.example'}],
  [['assert'], /several servers/, {KOSLI_HOST: 'https://a.example,https://b.example'}],
  [['assert'], /KOSLI_MAX_API_RETRIES is `x`/, {KOSLI_MAX_API_RETRIES: 'x'}],
  [['assert', '--via', 'cli', '--program', 'kosli-that-is-not-there'], /no program `kosli-that-is-not-there`/],
  [['assert', '-e', '../x'], /`\.\.\/x`/],
  [['assert'], /ECONNREFUSED.*\nKosli was looked for at http:\/\/127\.0\.0\.1:9: check that/],
]) {
  test(`nodeploy ${args.join(' ')} ${JSON.stringify(env)}`, async () => {
    const [text, json] = await Promise.all([args, [...args, '--json']].map(each => nodeploy(each, {env: {...KOSLI, ...env}})));
    assert.equal(text.code, 2);
    assert.equal(text.stdout, '');
    assert.match(text.stderr, words);
    assert.equal(json.code, 2);
    const {decision, reason, summary} = JSON.parse(json.stdout);
    assert.equal(decision, 'error');
    assert.ok(reason && summary);
    assert.ok(!`${text.stderr}${json.stdout}${json.stderr}`.includes('secret-token'));
  });
}

/** A local Kosli with `prod-aws`, and a `nodeploy` that talks to it. */
async function kosli(t) {
  const server = await serve(t);
  await ask(server, 'PUT', '/api/v2/environments/acme', {json: {name: 'prod-aws', type: 'K8S', description: ''}});
  const env = {KOSLI_ORG: 'acme', KOSLI_API_TOKEN: server.token, KOSLI_HOST: server.url, NODEPLOY_ENV: 'prod-aws'};
  const tags = async () => (await ask(server, 'GET', '/api/v2/environments/acme/prod-aws')).body.tags;
  return {server, env, tags, run: (args, options) => nodeploy(args, {...options, env: {...env, ...options?.env}})};
}

const ID = /\d{4}-\d\d-\d\dT\d\d\.\d\d\.\d\d~steve/g;
const masked = text => text.replace(ID, 'ID').replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/g, 'TIME');

test('the story of the blog post, options in any place', async t => {
  const {run, tags} = await kosli(t);
  const on = await run(['-r', 'Demo for blog post', 'on', '--by', 'steve']);
  assert.deepEqual([on.code, on.stderr], [0, '']);
  assert.deepEqual(masked(on.stdout).split('\n').slice(0, 5), [
    'Setting nodeploy for prod-aws',
    "Tag(s) [nodeploy, nodeploy.ID] added for env 'prod-aws'",
    "flow 'prod-aws-nodeploy' was created",
    "trail 'ID' was begun",
    "generic attestation 'nodeploy-on' is reported to trail: ID",
  ]);
  const frozen = await run(['assert']);
  assert.deepEqual([frozen.code, frozen.stderr], [1, 'nodeploy: refused (exit 1)\n']);
  assert.equal(masked(frozen.stdout), [
    'Checking nodeploy for prod-aws: frozen.',
    '  ID', '    since  TIME', '    by     steve', '    why    Demo for blog post', `no policy: ${process.cwd()} has no nodeploy.yaml, .yml or .json`,
    'to lift it: nodeploy -e prod-aws off --freeze ID', '',
  ].join('\n'));
  const status = await run(['status']);
  assert.equal(status.code, 0);
  assert.match(masked(status.stdout), /^prod-aws is frozen\n {2}ID\n {4}since {2}TIME\n/);
  const lift = /nodeploy (-e .*)\n/.exec(frozen.stdout)[1].split(' ');
  const off = await run([...lift, '--by', 'jon'], {env: {NODEPLOY_ENV: ''}});
  assert.deepEqual([off.code, off.stderr], [0, '']);
  assert.deepEqual(masked(off.stdout).split('\n').slice(0, 3), [
    'Removing nodeploy for prod-aws',
    "generic attestation 'nodeploy-off' is reported to trail: ID",
    "Tag(s) [nodeploy, nodeploy.ID] removed for env 'prod-aws'",
  ]);
  assert.deepEqual(await tags(), {});
  assert.deepEqual(await run(['assert']), {code: 0, signal: null, stdout: `Checking nodeploy for prod-aws: ok.\nno policy: ${process.cwd()} has no nodeploy.yaml, .yml or .json\n`, stderr: ''});
  assert.equal((await run(['sync'])).code, 0);
});

test('--json is one document on stdout, whatever is decided', async t => {
  const {run} = await kosli(t);
  const json = async (...args) => {
    const {code, stdout, stderr} = await run([...args, '--json']);
    assert.equal(stderr, '');
    return {code, ...JSON.parse(stdout)};
  };
  const on = await json('on', '-r', 'why', '--by', 'steve', '--until', '90m');
  assert.deepEqual([on.code, on.decision, on.reason, on.done.length, on.rounds], [0, 'proceed', 'freezing', 4, 2]);
  const [{since, until, ...freeze}] = on.freezes;
  assert.deepEqual({...freeze, id: masked(freeze.id)}, {id: 'ID', by: 'steve', reported_by: 'alice', reason: 'why', state: 'open'});
  assert.equal(Date.parse(until) - Date.parse(since), 90 * 60_000);
  const refused = await json('assert');
  assert.deepEqual([refused.code, refused.decision, refused.reason], [1, 'refuse', 'frozen']);
  const status = await json('status');
  assert.deepEqual([status.code, status.decision, status.reason], [0, 'refuse', 'frozen']);
  assert.deepEqual(status.freezes, [{...on.freezes[0], reported_by: null}], 'its flag says enough: nobody has read its record');
  const dry = await json('off', '--all', '--dry-run');
  assert.deepEqual(dry.commands.map(({type}) => type), ['attest', 'tag_environment']);
  assert.equal((await json('assert')).code, 1);
  const [lifted] = (await json('off', '--by', 'steve', '-r', 'all good')).freezes;
  assert.deepEqual({...lifted, reported_by: null}, {...on.freezes[0], reported_by: null, state: 'ended'});
});

test('--dry-run looks, prints, and changes nothing', async t => {
  const {run, tags} = await kosli(t);
  const {code, stdout, stderr} = await run(['on', '--dry-run', '--by', 'steve', '-r', "it's a\ntest"]);
  assert.deepEqual([code, stderr], [0, '']);
  assert.deepEqual(masked(stdout).trim().split('\n').map(line => line.split(' ').slice(0, 3).join(' ')), [
    'kosli tag env', 'kosli create flow', 'kosli begin trail', 'kosli attest generic',
  ]);
  assert.match(stdout, /--description "\$\(printf 'it'\\''s a\\012test'\)"/);
  assert.deepEqual(await tags(), {});
  assert.equal((await run(['assert'])).code, 0);
  const nothing = await run(['off', '--dry-run', '--by', 'steve']);
  assert.deepEqual([nothing.code, nothing.stdout, nothing.stderr], [0, '', 'nodeploy: prod-aws is not frozen; nothing to do\n']);
});

test("a stranger's words do nothing to the terminal or the CI", async t => {
  const {run, env, server} = await kosli(t);
  const evil = '::error::x\n::set-output name=a::b\r\u001B[2J\u009B31m\u202E##vso[task.complete] %0A';
  assert.equal((await run(['on', '-r', evil, '--by', evil])).code, 0);
  await ask(server, 'PATCH', '/api/v2/tags/acme/env/prod-aws', {json: {set_tags: {nodeploy: '\u001B[31m\n::error::'}, remove_tags: []}});
  for (const args of [['assert'], ['status'], ['assert', '--json'], ['off', '--dry-run', '--by', evil], ['off'], ['sync'], ['off', '--freeze', evil], ['off', '--by', evil]]) {
    const {stdout, stderr} = await run(args, {env: {...env, GITHUB_ACTOR: evil}});
    for (const line of `${stdout}\n${stderr}`.split('\n')) {
      assert.doesNotMatch(line, /[\p{Cc}\u202E]|^\s*::|^##|##[a-z]*\[/u);
    }
  }
});

test("another's freeze is left alone, and the repeat says so", async t => {
  const {run} = await kosli(t);
  await run(['on', '-r', 'first', '--by', 'steve']);
  await run(['on', '-r', 'second', '--by', 'jon']);
  assert.equal((await run(['off', '--by', 'steve'])).code, 0);
  const again = await run(['off', '--by', 'steve']);
  assert.equal(again.code, 0);
  assert.match(again.stdout, /jon/);
  assert.match(again.stdout, /--freeze \S+~jon/);
  assert.equal((await run(['assert'])).code, 1);
  assert.equal((await run(['off', '--freeze', 'nonsense'])).code, 1);
  assert.equal((await run(['off', '--all'])).code, 0);
  assert.equal((await run(['assert'])).code, 0);
});

test('who freezes: the CI says it, --by says it better, --by= says nobody', async t => {
  const {run} = await kosli(t);
  const by = async (args, env) => JSON.parse((await run([...args, '--dry-run', '--json'], {env})).stdout).action.by ?? null;
  const on = ['on', '-r', 'x'];
  assert.equal(await by(on, {GITHUB_ACTOR: 'octocat'}), 'octocat');
  assert.equal(await by(on, {GITLAB_USER_LOGIN: 'tanuki'}), 'tanuki');
  assert.equal(await by(on, {BUILD_REQUESTEDFOR: 'Steve Tooke'}), 'Steve Tooke');
  assert.equal(await by([...on, '--by', 'steve'], {GITHUB_ACTOR: 'octocat'}), 'steve');
  assert.equal(await by([...on, '--by='], {GITHUB_ACTOR: 'octocat'}), null);
  assert.equal(await by(on, {NODEPLOY_BY: 'ann', GITHUB_ACTOR: 'octocat'}), 'ann');
  assert.equal(await by([...on, '--by', 'steve'], {NODEPLOY_BY: 'ann'}), 'steve');
  assert.equal(await by(on, {NODEPLOY_BY: ' ', GITHUB_ACTOR: 'octocat'}), 'octocat');
  assert.equal(await by(on, {GITHUB_ACTOR: 'github-actions[bot]', GITLAB_USER_LOGIN: 'tanuki'}), 'tanuki');
});

for (const [env, found] of [
  [{GITHUB_ACTOR: 'alice', GITHUB_TRIGGERING_ACTOR: 'bob'}, 'bob'], // Bob runs Alice's job once more
  [{GITHUB_ACTOR: 'alice', GITHUB_TRIGGERING_ACTOR: 'github-actions[bot]'}, null],
  [{GITHUB_ACTOR: 'alice', GITHUB_EVENT_NAME: 'schedule'}, null], [{GITHUB_ACTOR: 'alice', GITHUB_EVENT_NAME: 'workflow_dispatch'}, 'alice'],
  [{GITLAB_USER_LOGIN: 'tanuki', CI_PIPELINE_SOURCE: 'schedule'}, null], [{GITLAB_USER_LOGIN: 'project_12_bot_4f'}, null],
  [{BUILD_REQUESTEDFOR: 'Alice', BUILD_REASON: 'Schedule'}, null], [{BUILD_REQUESTEDFOR: 'acme Build Service (acme)'}, null],
  [{CODEBUILD_INITIATOR: 'codepipeline/prod'}, null], [{CODEBUILD_INITIATOR: 'CodeBuild-Jenkins-Plugin'}, null], [{CODEBUILD_INITIATOR: 'alice'}, 'alice'],
  [{CIRCLE_USERNAME: 'Scheduled'}, null], [{BUILDKITE_BUILD_CREATOR: 'Ann Lee'}, 'Ann Lee'], [{BUILD_USER_ID: 'timer'}, null], [{BUILD_USER_ID: 'alice'}, 'alice'],
  [{BITBUCKET_STEP_TRIGGERER_UUID: '{d301aafa-d676-4ee0-88be-962be7417567}'}, '{d301aafa-d676-4ee0-88be-962be7417567}'],
  [{CI: 'true'}, null], [{JENKINS_URL: 'http://ci'}, null], [{TEAMCITY_VERSION: '2025'}, null], [{CI: 'false'}, 'Grace Hopper'], [{}, 'Grace Hopper'],
]) {
  test(`who freezes, as ${JSON.stringify(env)} tells: ${found ?? 'nobody'}`, async t => {
    const {run} = await kosli(t);
    const asRoot = "import os from 'node:os'; import {syncBuiltinESMExports} from 'node:module'; os.userInfo = () => ({username: 'root'}); syncBuiltinESMExports();";
    const git = {GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'user.name', GIT_CONFIG_VALUE_0: 'Grace Hopper', NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(asRoot)}`};
    const {action, summary, advice} = JSON.parse((await run(['on', '-r', 'x', '--dry-run', '--json'], {env: {...git, ...env}})).stdout);
    assert.equal(action?.by ?? null, found);
    if (found === null) assert.match(`${summary}: ${advice}`, /^who freezes\? this CI names no single person: say it: --by NAME/);
  });
}

test('a git that does not end holds nobody up', {skip: process.platform === 'win32'}, async t => {
  const {run} = await kosli(t);
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, 'git'), "#!/bin/sh\ntrap '' TERM\nsleep 4\n: > survived\n", {mode: 0o755});
  const asRoot = "import os from 'node:os'; import {syncBuiltinESMExports} from 'node:module'; os.userInfo = () => ({username: 'root'}); syncBuiltinESMExports();";
  const env = {PATH: `${folder}${delimiter}${process.env.PATH}`, NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(asRoot)}`};
  assert.equal((await run(['on', '-r', 'x'], {env, cwd: folder})).code, 2);
  assert.ok(!existsSync(join(folder, 'survived')));
});

// The login and git's name, as a stand-in for the system tells them.
for (const [login, git, found] of [
  ['grace', 'Grace Hopper', 'grace'], ['root', 'Grace Hopper', 'Grace Hopper'], ['runner', undefined, undefined], ['ec2-user', 'Jenkins', undefined],
  ['Administrator', ' ', undefined], ['1000660000', undefined, undefined], ['BUILD07$', undefined, undefined], ['vscode', 'ann', 'ann'], [undefined, undefined, undefined], [undefined, 'ann', 'ann'],
]) {
  test(`login ${login}, git ${git}: ${found ?? 'nobody'}`, async t => {
    const {run} = await kosli(t);
    const folder = temporaryFolder(t);
    const asLogin = `import os from 'node:os'; import {syncBuiltinESMExports} from 'node:module';
      os.userInfo = () => { ${login === undefined ? 'throw new Error("no such user")' : `return {username: ${JSON.stringify(login)}}`} }; syncBuiltinESMExports();`;
    const env = {
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(asLogin)}`,
      GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null', GIT_DIR: join(folder, 'none'),
      ...(git !== undefined && {GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'user.name', GIT_CONFIG_VALUE_0: git}),
    };
    const told = async (...args) => JSON.parse((await run([...args, '--dry-run', '--json'], {env, cwd: folder})).stdout);
    const on = await told('on', '-r', 'x');
    assert.equal(on.action?.by, found);
    const off = await told('off');
    assert.equal(off.action?.by, found);
    if (found !== undefined) return;
    assert.deepEqual([on.decision, off.decision], ['error', 'error']);
    assert.match(`${on.summary}: ${on.advice}`, /^who freezes\? .*--by NAME/);
    assert.match(`${off.summary}: ${off.advice}`, /^whose freeze is it\? .*--by NAME .*--freeze ID.*--all/);
    for (const args of [['on', '-r', 'x', '--by='], ['off', '--by='], ['off', '--all'], ['off', '--freeze', 'x']]) assert.notEqual((await told(...args)).reason, 'usage', args.join(' '));
  });
}

test('--local asks nobody else, and nothing is local without it', async t => {
  const folder = temporaryFolder(t);
  const env = {KOSLI_HOST: 'http://127.0.0.1:9', KOSLI_ORG: 'other', KOSLI_API_TOKEN: 'secret-token', KOSLI_MAX_API_RETRIES: '0', NODEPLOY_ENV: 'prod'};
  assert.equal((await nodeploy(['assert'], {env, cwd: folder})).code, 2);
  assert.deepEqual(readdirSync(folder), []);
  const local = (...args) => nodeploy([...args, '--local', './sand box'], {env, cwd: folder});
  const unknown = await local('assert');
  assert.equal(unknown.code, 2);
  const on = await local('on', '-r', 'x', '--by', 'steve');
  assert.equal(on.code, 0);
  assert.match(on.stderr, /using the local Kosli in .*sand box; real deployments are unaffected/);
  const refused = await local('assert');
  assert.equal(refused.code, 1);
  assert.match(refused.stdout, /off --freeze \S+ --local '\.\/sand box'\n/);
  assert.equal((await local('off', '--by', 'steve')).code, 0);
  assert.equal((await local('assert')).code, 0);
  assert.ok(existsSync(join(folder, 'sand box')));
});

test('a warning advises what reaches the Kosli that was asked', async t => {
  const {run, server} = await kosli(t);
  assert.equal((await run(['on', '-r', 'x', '--by', 'steve'])).code, 0);
  await ask(server, 'PATCH', '/api/v2/tags/acme/env/prod-aws', {json: {set_tags: {}, remove_tags: ['nodeploy']}});
  const {stderr} = await run(['assert', '--org', 'acme']);
  const [warning, ...others] = stderr.trimEnd().split('\n');
  assert.match(warning, /^warning: .*; to repair it: nodeploy -e prod-aws sync --org acme$/);
  assert.deepEqual(others, ['nodeploy: refused (exit 1)']);
  const {warnings} = JSON.parse((await run(['assert', '--json', '--org', 'acme'])).stdout);
  assert.deepEqual(warnings.map(({text}) => `warning: ${text}`), [warning]);
  assert.deepEqual(warnings.map(({next}) => next.action), [{type: 'sync'}]);
  assert.match((await run(['assert'])).stderr, /nodeploy -e prod-aws sync$/m);
});

test('a local Kosli is let go when the kosli CLI cannot be set up', async t => {
  const started = ['assert', '--local', temporaryFolder(t), '--via', 'cli'];
  const {code, stderr} = await nodeploy(started, {env: {...KOSLI, KOSLI_HOST: '', KOSLI_ORG: '', KOSLI_MAX_API_RETRIES: 'x'}, during: child => {
    setTimeout(() => child.kill('SIGKILL'), 20_000).unref();
  }});
  assert.equal(code, 2);
  assert.match(stderr, /KOSLI_MAX_API_RETRIES is `x`/);
});

test('what nobody expected is an error, and a document with --json', async () => {
  const bomb = "data:text/javascript,process.on('newListener', name => { if (name === 'uncaughtException') setImmediate(() => { throw new Error('a\\u001b[31mb'); }); })";
  const run = (...args) => node(['--import', bomb, CLI, 'assert', ...args], {env: KOSLI});
  const text = await run();
  assert.deepEqual([text.code, text.stdout], [2, '']);
  assert.match(text.stderr, /^nodeploy: Error: a\\u\{1b\}\[31mb/);
  const json = await run('--json');
  assert.deepEqual([json.code, json.stderr], [2, '']);
  const {decision, reason, summary} = JSON.parse(json.stdout);
  assert.deepEqual([decision, reason], ['error', 'internal']);
  assert.match(summary, /^Error: a/);
});

test('a Kosli that has a hiccup: told on stderr, then done', async t => {
  const trails = {status: 200, body: '{"data":[],"pagination":{"total":0,"page":1,"per_page":100,"page_count":0}}'};
  const {url} = await record(t, {status: 503, headers: {'retry-after': '0'}}, trails, {status: 200, body: '{"name":"prod","tags":{}}'});
  const {code, stdout, stderr} = await nodeploy(['assert'], {env: {...KOSLI, KOSLI_HOST: url, KOSLI_MAX_API_RETRIES: '1'}});
  assert.deepEqual([code, stdout, stderr], [0, `Checking nodeploy for prod: ok.\nno policy: ${process.cwd()} has no nodeploy.yaml, .yml or .json\n`, 'nodeploy: Kosli answered 503; trying again in 0 s\n']);
});

test('a reader that leaves does not stop the work', async t => {
  const {run, tags} = await kosli(t);
  const {code} = await run(['on', '-r', 'x', '--by', 'steve'], {during: child => child.stdout.destroy()});
  assert.equal(code, 0);
  assert.equal(Object.keys(await tags()).length, 2);
});

// A Kosli with nothing frozen, which is asked for a flow when the signal comes: `heard(child, answer)` is called when the child says so.
async function slowFlows(t, signal, heard) {
  let child;
  const {url, requests} = await record(t, ({method, url: path}, response) => {
    const answer = (status, document) => {
      response.writeHead(status);
      response.end(JSON.stringify(document));
    };
    if (path.includes('/environments/')) return answer(200, {name: 'prod', tags: {}});
    if (method === 'GET' && path.includes('/flows/')) return answer(404, {message: "Flow named 'prod-nodeploy' does not exist for organization 'acme'"});
    if (method === 'GET') return answer(200, {data: [], pagination: {total: 0, page: 1, per_page: 100, page_count: 0}});
    if (!path.includes('/flows/')) return answer(200, 'OK');
    child.stderr.once('data', () => heard(child, () => answer(201, 'OK')));
    child.kill(signal);
  });
  const outcome = await nodeploy(['on', '-r', 'why', '--by', 'steve'], {env: {...KOSLI, KOSLI_HOST: url}, during: it => { child = it; }});
  return {...outcome, writes: requests.filter(({method}) => method !== 'GET').map(({method}) => method)};
}

const skip = process.platform === 'win32' && 'there are no signals';

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  test(`${signal} stops between two commands, and says how to finish`, {skip}, async t => {
    const {code, stdout, stderr, writes} = await slowFlows(t, signal, (child, answer) => answer());
    assert.equal(code, 2);
    assert.deepEqual(writes, ['PATCH', 'PUT']);
    assert.match(stdout, /^Setting nodeploy for prod\nTag\(s\) .*\nflow 'prod-nodeploy' was created\n$/);
    assert.equal(masked(stderr), [
      'nodeploy: stopping when the step under way is done; once more stops at once',
      'nodeploy: stopped before: begin trail ID; done before: tag prod, create flow prod-nodeploy',
      'to finish: nodeploy -e prod --reason why --by steve on --freeze ID',
      'nodeploy: did not finish (exit 2)', '',
    ].join('\n'));
  });
}

test('a second Ctrl-C stops at once', {skip}, async t => {
  const {code, writes} = await slowFlows(t, 'SIGINT', child => child.kill('SIGINT'));
  assert.equal(code, 130);
  assert.deepEqual(writes, ['PATCH', 'PUT']);
});

// What to do is said where it is known: which token, which role, which name was meant.
for (const via of ['http', 'cli']) {
  for (const [about, status, message, words] of [
    ['a wrong token', 401, 'Unauthorized', /does not accept the token in KOSLI_API_TOKEN/],
    ['a role too small', 403, "You don't have permission to access this resource", /token in KOSLI_API_TOKEN lacks a role in acme: .* need the role Reader, .*`sync`.* the role Member/],
    ['a name misspelt', 404, "Environment named 'prod' does not exist for organization 'acme'", /\ndid you mean `prod1`\?\n/],
  ]) {
    test(`${about}, by ${via}`, via === 'cli' ? {skip} : {}, async t => {
      const list = '[{"name":"staging"},{"name":"prod1"}]';
      const {url} = await record(t, ({url: path}, response) => {
        response.writeHead(path.endsWith('/environments/acme') ? 200 : status);
        response.end(path.endsWith('/environments/acme') ? list : JSON.stringify({message}));
      });
      const program = join(temporaryFolder(t), 'kosli');
      writeFileSync(program, `#!${process.execPath}
        const [verb, what] = process.argv.slice(2);
        if (verb === 'list' && what === 'env') console.log(${JSON.stringify(list)});
        else { console.error(${JSON.stringify(`Error: [kosli get environment] ${message}`)}); process.exitCode = 1; }`, {mode: 0o755});
      for (const verb of [['assert'], ['on', '-r', 'x', '--by', 'steve']]) {
        const {code, stderr} = await nodeploy([...verb, '--via', via, ...(via === 'cli' ? ['--program', program] : [])], {env: {...KOSLI, KOSLI_HOST: url}});
        assert.equal(code, 2);
        assert.match(stderr, words);
      }
    });
  }
}

test('names that sound like a missing role blame nobody', {skip}, async t => {
  const program = join(temporaryFolder(t), 'kosli');
  for (const [message, isRole] of [
    ["Environment named 'permissions-403' does not exist for organization 'forbidden'", false],
    ["Flow named 'permissions-prod-nodeploy' does not exist for organization 'acme'. 401", false],
    ['open /etc/ssl/kosli.pem: permission denied', false],
    ["You don't have permission to access this resource", true],
  ]) {
    writeFileSync(program, `#!${process.execPath}\nconsole.error(${JSON.stringify(`Error: ${message}`)}); process.exitCode = 1;`, {mode: 0o755});
    const {code, stderr} = await nodeploy(['assert', '--via', 'cli', '--program', program], {env: {...KOSLI, NODEPLOY_ENV: 'permissions-403'}});
    assert.equal(code, 2);
    assert.equal(/KOSLI_API_TOKEN/.test(stderr), isRole, stderr);
  }
});

for (const [about, status, body] of [
  ["a proxy's own page", 403, '<html><h1>403 Forbidden</h1></html>'], ["a proxy's own words", 403, 'Forbidden'], ["a proxy's sign-in", 401, '<html></html>'], ['JSON of somebody else', 403, '{"blocked": true}'],
]) {
  test(`${about} says nothing of a role or a token`, async t => {
    const {url} = await record(t, (request, response) => response.writeHead(status).end(body));
    const {code, stderr} = await nodeploy(['assert'], {env: {...KOSLI, KOSLI_HOST: url}});
    assert.equal(code, 2);
    assert.doesNotMatch(stderr, /KOSLI_API_TOKEN/);
  });
}

for (const [words, told] of [
  ['Error: open /etc/kosli/ca.pem: permission denied', false], ['Error: Get "https://app.kosli.com/api/v2/environments/acme/prod-403": dial tcp: lookup app.kosli.com: no such host', false],
  ["Error: [kosli get environment] Environment named 'prod-403' is in use", false], ['[debug] token is missing\nError: EOF', false], ['Error: tls: failed to verify: x509: not authorized to sign, forbidden', false],
  ["Error: [kosli get environment] You don't have permission to access this resource", true], ['Error: [kosli get environment] Forbidden', true], ['Error: unexpected status 403', true],
]) {
  test(`kosli: ${words}: ${told ? 'a role' : 'no role'}`, {skip}, async t => {
    const program = join(temporaryFolder(t), 'kosli');
    writeFileSync(program, `#!${process.execPath}\nconsole.error(${JSON.stringify(words)}); process.exitCode = 1;`, {mode: 0o755});
    const {code, stderr} = await nodeploy(['assert', '--via', 'cli', '--program', program], {env: KOSLI});
    assert.equal(code, 2);
    assert.equal(/lacks a role/.test(stderr), told, stderr);
    if (!told) assert.doesNotMatch(stderr, /KOSLI_API_TOKEN/);
  });
}

test('kosli: an authority that it does not know: how to name one', {skip}, async t => {
  const program = join(temporaryFolder(t), 'kosli');
  const words = 'Error: Get "https://kosli.example/api/v2/environments/acme/prod": tls: failed to verify certificate: x509: certificate signed by unknown authority';
  writeFileSync(program, `#!${process.execPath}\nconsole.error(${JSON.stringify(words)}); process.exitCode = 1;`, {mode: 0o755});
  const {code, stderr} = await nodeploy(['assert', '--via', 'cli', '--program', program], {env: KOSLI});
  assert.equal(code, 2);
  assert.match(stderr, /does not trust the certificate .* SSL_CERT_FILE/);
});

test('NODE_TLS_REJECT_UNAUTHORIZED=0 lets no gate pass', async () => {
  const {code, stderr} = await nodeploy(['assert'], {env: {...KOSLI, NODE_TLS_REJECT_UNAUTHORIZED: '0'}});
  assert.equal(code, 2);
  assert.match(stderr, /NODE_TLS_REJECT_UNAUTHORIZED=0 .*\nunset it; .*NODE_EXTRA_CA_CERTS/);
});

for (const proxy of ['http://ci:p%ss@127.0.0.1:9', 'http://ci:12#ss@127.0.0.1:9', 'http://ci:12/p%ss@127.0.0.1:9', 'http://ci:p/ss@127.0.0.1:9', 'ci:p%ss@127.0.0.1:9']) {
  test(`a proxy that cannot be read is named, its password is not: ${proxy}`, async () => {
    const {code, stdout, stderr} = await nodeploy(['assert'], {env: {...KOSLI, KOSLI_HOST: 'https://kosli.example', HTTPS_PROXY: proxy}});
    assert.equal(code, 2);
    assert.match(stderr, /the proxy in HTTPS_PROXY .*`%` is written %25/);
    assert.doesNotMatch(stdout + stderr, /ss@|p%ss|12#/);
  });
}

test('without a token: a CI is not told to play', async () => {
  assert.match((await nodeploy(['assert'], {env: {...KOSLI, KOSLI_API_TOKEN: ''}})).stderr, /--local DIR/);
  assert.doesNotMatch((await nodeploy(['assert'], {env: {...KOSLI, KOSLI_API_TOKEN: '', CI: 'true'}})).stderr, /--local/);
});

test('a text that is not UTF-8 is not put on record', {skip: process.platform === 'win32' && 'arguments are UTF-16 there'}, async () => {
  const env = {...process.env, NODEPLOY_ENV: 'prod', KOSLI_ORG: 'acme', KOSLI_API_TOKEN: 'secret-token', KOSLI_HOST: 'http://127.0.0.1:9'};
  for (const [args, variable, what] of [
    [String.raw`on --by steve -r "$(printf 'M\374nchen')"`, '', 'the reason'],
    [String.raw`on -r why --by "$(printf 'J\374rgen')"`, '', 'the name of who freezes'],
    [String.raw`on -r why`, String.raw`NODEPLOY_BY="$(printf 'J\374rgen')"`, 'the name of who freezes'],
    [String.raw`off --by steve --freeze "$(printf 'x~J\374rgen')"`, '', '--freeze'],
    [String.raw`on -r why --by steve --freeze "$(printf 'x~J\374rgen')"`, '', '--freeze'],
  ]) {
    const {status, stdout, stderr} = spawnSync('sh', ['-c', `${variable} "$0" "$1" ${args}`, process.execPath, CLI], {env, encoding: 'utf8'});
    assert.deepEqual([status, stdout], [2, ''], args);
    assert.ok(stderr.startsWith(`nodeploy: ${what} is not UTF-8: `), stderr);
  }
});
