// The command line on a local Kosli: the story of the blog post, documents, dry runs, and the texts of strangers.
import assert from 'node:assert/strict';
import {existsSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import test from 'node:test';
import {nodeploy} from './child.js';
import {KOSLI, kosli, masked} from './cli-kosli.js';
import {ask, temporaryFolder} from './local-kosli.js';
import {record} from './recording-server.js';
import {openLocal} from '../local/index.js';

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
  assert.deepEqual(await run(['status', '--dry-run']), status, 'it writes nothing in any case');
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
    const {code, stdout, stderr} = await run([...args, '--json'], {now: new Date().toISOString()}); // `--until` is read a moment before the first look
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
  assert.deepEqual(refused.freezes, [{...on.freezes[0], reported_by: null}], 'its flag says enough: nobody has read its record');
  const status = await json('status');
  assert.deepEqual([status.code, status.decision, status.reason], [0, 'refuse', 'frozen']);
  assert.deepEqual(status.freezes, on.freezes);
  const dry = await json('off', '--all', '--dry-run');
  assert.deepEqual(dry.commands.map(({type}) => type), ['attest', 'tag_environment']);
  assert.equal((await json('assert')).code, 1);
  const [lifted] = (await json('off', '--by', 'steve', '-r', 'all good')).freezes;
  assert.deepEqual({...lifted, reported_by: null}, {...on.freezes[0], reported_by: null, state: 'ended'});
});

test('--dry-run looks, prints, and changes nothing', async t => {
  const {run, tags} = await kosli(t);
  const {code, stdout, stderr} = await run(['on', '--dry-run', '--by', 'steve', '-r', "it's a\ntest"]);
  assert.deepEqual([code, masked(stderr)], [0, "nodeploy: planned: freezing prod-aws as ID: it's a test\n"]);
  assert.deepEqual(masked(stdout).trim().split('\n').map(line => line.split(' ').slice(0, 3).join(' ')), [
    'kosli tag env', 'kosli create flow', 'kosli begin trail', 'kosli attest generic',
  ]);
  assert.match(stdout, /--description "\$\(printf 'it'\\''s a\\012test'\)"/);
  assert.deepEqual(await tags(), {});
  assert.equal((await run(['assert'])).code, 0);
  await run(['on', '--by', 'steve', '-r', 'test', '--until', '2h']);
  for (const environment of ['prod-aws', 'prod-*']) {
    const again = await run(['-e', environment, 'on', '--dry-run', '--by', 'steve', '-r', 'longer', '--until', '3h']);
    assert.match(again.stderr, /^nodeploy: planned: freezing prod-aws as .*: longer; changed: until was .*, now .*; reason was test$/m);
  }
  await run(['off', '--by', 'steve']);
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

test('--local asks nobody else, and nothing is local without it', async t => {
  const folder = temporaryFolder(t);
  const env = {KOSLI_HOST: 'http://127.0.0.1:9', KOSLI_ORG: 'other', KOSLI_API_TOKEN: 'secret-token', KOSLI_MAX_API_RETRIES: '0', NODEPLOY_ENV: 'prod'};
  assert.equal((await nodeploy(['assert'], {env, cwd: folder})).code, 2);
  assert.deepEqual(readdirSync(folder), []);
  const local = (...args) => nodeploy([...args, '--local', './sand box'], {env, cwd: folder});
  for (const args of [['assert'], ['status', '--via', 'cli'], ['on', '-r', 'x', '--by', 'steve', '--dry-run'], ['on', '-e', 'prod-*', '-r', 'x', '--by', 'steve']]) {
    const none = await local(...args);
    assert.equal(none.code, 2);
    const via = args.includes('cli') ? ' --via cli' : '';
    assert.match(none.stderr, new RegExp(`^nodeploy: there is no local Kosli in .*sand box\n.* on${via} --local '\\./sand box', or serve it: nodeploy local --dir '\\./sand box'\n`));
  }
  for (const [args, words] of [
    [['--until', '2020-01-01'], /the freeze would end at 2020-01-01 00:00:00 UTC, which has passed/],
    [['-e', 'no name'], /is not a valid Kosli environment name/],
    [['--except', 'kind=*'], /it fits every change/],
  ]) {
    const none = await local('on', '-r', 'x', '--by', 'steve', ...args);
    assert.equal(none.code, 2);
    assert.match(none.stderr, words);
    assert.doesNotMatch(none.stderr, /using the local Kosli|created/);
    assert.match(none.stderr, /\nnodeploy: nothing was done \(exit 2\)\n$/);
  }
  assert.deepEqual(readdirSync(folder), [], 'only a freeze makes one');
  for (const verb of [['on', '-r', 'x', '--by', 'steve'], ...(process.platform === 'win32' ? [] : [['assert']])]) {
    const none = await nodeploy([...verb, '--local', process.execPath], {env, cwd: folder});
    assert.equal(none.code, 2);
    assert.match(none.stderr, /^nodeploy: `.*` cannot be opened as a local Kosli: it is not a folder\n/);
  }
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

test('a local Kosli that is served is reached by the lines that its server has printed', async t => {
  const dir = temporaryFolder(t);
  const held = await openLocal({dir});
  const {code, stderr} = await nodeploy(['assert', '--local', dir, '--timeout', '1s'], {env: KOSLI}).finally(() => held.close());
  assert.equal(code, 2);
  assert.match(stderr, /is still in use by process \d+ after 1 s; .*\nwhere `nodeploy local` serves it, run the lines that it has printed .*, and leave --local out\n/);
});

test('a local Kosli is let go when the kosli CLI cannot be set up', async t => {
  const dir = temporaryFolder(t);
  await (await openLocal({dir})).close();
  const started = ['assert', '--local', dir, '--via', 'cli'];
  const {code, stderr} = await nodeploy(started, {env: {...KOSLI, KOSLI_HOST: '', KOSLI_ORG: '', KOSLI_MAX_API_RETRIES: 'x'}, during: child => {
    setTimeout(() => child.kill('SIGKILL'), 20_000).unref();
  }});
  assert.equal(code, 2);
  assert.match(stderr, /KOSLI_MAX_API_RETRIES is `x`/);
});

test('a Kosli that has a hiccup: told on stderr, then done', async t => {
  const trails = {status: 200, body: '{"data":[],"pagination":{"total":0,"page":1,"per_page":100,"page_count":0}}'};
  const {url} = await record(t, {status: 503, headers: {'retry-after': '0'}}, trails, {status: 200, body: '{"name":"prod","tags":{}}'});
  const {code, stdout, stderr} = await nodeploy(['assert'], {env: {...KOSLI, KOSLI_HOST: url, KOSLI_MAX_API_RETRIES: '1'}});
  assert.deepEqual([code, stdout, stderr], [0, `Checking nodeploy for prod: ok.\nno policy: ${process.cwd()} has no nodeploy.yaml, .yml or .json\n`, 'nodeploy: Kosli answered 503; trying again in 1 s\n']);
});

test('a reader that leaves does not stop the work', async t => {
  const {run, tags} = await kosli(t);
  const {code} = await run(['on', '-r', 'x', '--by', 'steve'], {during: child => child.stdout.destroy()});
  assert.equal(code, 0);
  assert.equal(Object.keys(await tags()).length, 2);
});
