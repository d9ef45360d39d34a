// The command line over many environments: which are meant, a line for each, one for all, the table.
import assert from 'node:assert/strict';
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'node:test';
import {nodeploy} from './child.js';
import {ask, serve, temporaryFolder} from './local-kosli.js';
import {fleetLines} from '../cli/fleet.js';
import {followReports} from '../cli/history.js';
import {carryOutMany, followMany} from '../cli/many.js';
import {openLocal} from '../local/index.js';
import {namesOf} from '../text/counted.js';
import {progress} from '../cli/progress.js';

/** A local Kosli with two environments, a logical one that is made of them, and one beside. */
async function kosli(t, server) {
  server ??= await serve(t);
  const put = json => ask(server, 'PUT', '/api/v2/environments/acme', {json: {description: '', ...json}});
  for (const name of ['prod-aws', 'prod-eu', 'staging']) await put({name, type: 'K8S'});
  await put({name: 'production', type: 'logical', included_environments: ['prod-aws', 'prod-eu']});
  const env = {KOSLI_ORG: 'acme', KOSLI_API_TOKEN: server.token, KOSLI_HOST: server.url, NODEPLOY_BY: 'steve'};
  return (args, more, options) => nodeploy(args, {env: {...env, ...more}, ...options});
}

const masked = text => text.replace(/\d{4}-\d\d-\d\dT\d\d\.\d\d\.\d\d~steve/g, 'ID').replace(/\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d UTC)?/g, 'TIME');

test('an incident: one command freezes, one shows, one lifts', async t => {
  const run = await kosli(t);
  const on = await run(['-e', 'prod-*', '-r', 'payments down', 'on']);
  assert.deepEqual([on.code, on.stderr], [0, '']);
  const [advice, last, ...each] = masked(on.stdout).trimEnd().split('\n').reverse();
  assert.deepEqual([last, advice], ['2 environments: 2 done', 'to lift it: nodeploy -e prod-aws,prod-eu off --freeze ID']);
  assert.deepEqual(each.sort(), ['freezing prod-aws as ID: payments down', 'freezing prod-eu as ID: payments down']);
  const status = await run(['status']);
  assert.deepEqual([status.code, status.stderr], [0, '']);
  assert.equal(masked(status.stdout).replace(/ +\n/g, '\n'), [
    'environment           state   by     since             why',
    'prod-aws              frozen  steve  TIME  payments down',
    'prod-eu               frozen  steve  TIME  payments down',
    'production (logical)  open                             2 of 2 members closed',
    'staging               open',
    '',
    '4 environments, 2 frozen, 2 open',
    `no policy: ${process.cwd()} has no nodeploy.yaml, .yml or .json; times are in UTC, as the tags have it`,
    'to see what closes prod-aws: nodeploy -e prod-aws status',
    '',
  ].join('\n'));
  const gate = await run(['-e', 'prod-*,staging', 'assert']);
  assert.deepEqual([gate.code, gate.stderr], [1, 'nodeploy: refused (exit 1)\n']);
  assert.match(masked(gate.stdout), /\n3 environments: 2 closed \(prod-aws, prod-eu\), 1 open\nno policy: .* has no nodeploy\.yaml, \.yml or \.json\nto lift it: nodeploy -e prod-aws,prod-eu off --freeze ID\n$/);
  await run(['-e', 'staging', '-r', 'y', '--by', 'anna', 'on']);
  assert.match((await run(['--all-environments', 'assert'])).stdout, /\nto see them: nodeploy -e prod-aws,prod-eu,staging status\n$/, 'each its own');
  await run(['-e', 'staging', '--all', 'off']);
  assert.equal((await run(['-e', 'prod-*', 'off'])).code, 0);
  assert.equal((await run(['--all-environments', 'assert'])).code, 0);
});

test('a logical environment by its name alone', async t => {
  const run = await kosli(t);
  assert.match((await run(['-e', 'production', '-r', 'x', 'on'])).stdout, /\n3 environments: 3 done\nto lift it: .*\n$/);
  assert.deepEqual([(await run(['-e', 'prod-eu', 'assert'])).code, (await run(['-e', 'staging', 'assert'])).code], [1, 0]);
  assert.match((await run(['-e', 'production', 'status'])).stdout, /\n3 environments, 3 frozen\n/);
  assert.equal((await run(['-e', 'production', 'status', '--exit-code'])).code, 1);
  assert.match((await run(['-e', 'production', '--dry-run', 'off'])).stdout, /^(kosli .*\n)+$/);
  const waited = await run(['-e', 'production', 'assert', '--wait', '1s']);
  assert.deepEqual([waited.code, waited.stderr.match(/prod-aws, prod-eu, production: waited until [\d:]+ UTC\n/g)?.length], [1, 1], waited.stderr);
  assert.equal((await run(['-e', 'production', 'off'])).code, 0);
  assert.equal((await run(['-e', 'production', 'assert', '--wait', '1s'])).code, 0);
});

test('a member that is archived: that it is, and no guess at the name of the logical one', async t => {
  const server = await serve(t);
  const run = await kosli(t, server);
  assert.equal((await ask(server, 'PUT', '/api/v2/environments/acme/prod-eu/archive')).status, 200);
  for (const args of [['assert'], ['report']]) {
    const {code, stdout, stderr} = await run(['-e', 'production', ...args]);
    assert.equal(code, 2);
    assert.match(stdout + stderr, /Environment named 'prod-eu' has been archived/);
    assert.doesNotMatch(stderr, /did you mean/);
  }
});

test('where Kosli has no environment, how one is made', async t => {
  const {url, token} = await serve(t);
  const env = {KOSLI_ORG: 'acme', KOSLI_API_TOKEN: token, KOSLI_HOST: url};
  assert.match((await nodeploy(['status'], {env})).stderr, /or Kosli has none\nto make one: kosli create environment NAME --type TYPE/);
  assert.doesNotMatch((await nodeploy(['-e', '*,!x', 'status'], {env})).stderr, /to make one/);
  const dir = temporaryFolder(t);
  await (await openLocal({dir})).close();
  assert.match((await nodeploy(['--all-environments', 'sync', '--local', dir], {env: {}})).stderr, /\nto make one, freeze it: nodeploy -e prod-aws -r "trying it out" on --local /);
});

test('--json is one document, with one for each', async t => {
  const run = await kosli(t);
  const {code, stdout, stderr} = await run(['-e', 'prod-*', '-r', 'x', 'on', '--json']);
  assert.deepEqual([code, stderr], [0, '']);
  const {decision, reason, environments} = JSON.parse(stdout);
  assert.deepEqual([decision, reason, environments.map(({environment, done}) => [environment, done.length])], ['proceed', 'freezing', [['prod-aws', 4], ['prod-eu', 4]]]);
  const table = JSON.parse((await run(['status', '--closed', '--json'])).stdout);
  assert.deepEqual(table.overview.map(({environment}) => environment), ['prod-aws', 'prod-eu']);
});

for (const [what, args, words, env] of [
  ['a glob that fits nothing', ['-e', 'live-*', 'assert'], /Kosli has no environment that matches `live-\*`/],
  ['a name that is not there, nor any like it', ['-e', 'prod-aws,xyz', 'assert'], /no environment `xyz` .*\nto see all that there are: nodeploy status\n/],
  ['a name that is not there', ['-e', 'prod-aws', '-e', 'prod-ue', 'assert'], /no environment `prod-ue`; did you mean `prod-eu`\?/],
  ['all and one', ['--all-environments', '-e', 'prod-aws', 'assert'], /exclude each other/],
  ['windows of many', ['-e', 'a,b', 'windows', '--policy='], /tells of one environment/],
  ['--closed of one', ['-e', 'prod-aws', 'status', '--closed'], /--closed is for `status` of many/],
  ['an empty list', ['--environment=', 'status'], /the environment is missing/],
  ['nothing but commas', ['-e', ',', 'assert'], /the environment is missing/],
  ['--yes of a gate', ['-e', 'prod-*', 'assert', '--yes'], /--yes does not go with `assert`/],
]) {
  test(`never an empty yes: ${what}`, async t => {
    const run = await kosli(t);
    const {code, stdout, stderr} = await run(args, env);
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, words);
  });
}

test('the variable names many, too, and the command line wins', async t => {
  const run = await kosli(t);
  const variable = {NODEPLOY_ENV: 'prod-*, !prod-eu'};
  assert.match((await run(['assert'], variable)).stdout, /^prod-aws is not frozen\n1 environment: 1 open\nno policy: /);
  assert.match((await run(['-e', 'staging', 'assert'], variable)).stdout, /^Checking nodeploy for staging: ok\./);
  assert.match((await run(['--all-environments', 'assert'], variable)).stdout, /\n4 environments: 4 open\n/);
});

test('text of others stays text in the table, and a terminal gets no more than its width', () => {
  const row = {environment: 'prod', type: 'K8S', of: [], decision: 'refuse', reason: 'frozen', by: 'a\u001B[31m', why: `x\n::error::${'y'.repeat(200)}`, since: '2024-10-31T10:44:48Z', until: null, freezes: 3, windows: [], opens_at: null, closes_at: '2024-11-01T09:00:00Z'};
  const lines = fleetLines([row], {width: 100});
  assert.ok(lines.every(line => [...line].length <= 100 && !/[\u001B\n]/.test(line)), lines.join('\n'));
  assert.match(lines[1], /^prod +frozen +a\\u\{1b\}\[31m \+2 +2024-10-31 10:44 +closes 2024-11-01 09:00 +x/);
  assert.deepEqual(fleetLines([], {}), []);
});

test('an exception to many: which environment, and what is to be done there', async t => {
  const run = await kosli(t);
  await run(['-e', 'prod-*', '-r', 'x', 'on']);
  assert.match((await run(['status', '--awaiting'])).stdout, /^no exception waits for an approval$/m);
  const {code, stdout} = await run(['-e', 'prod-*,staging', '-r', 'x', '--until', '2h', '--change', 'commit=4f1c2ab', 'except']);
  assert.equal(code, 1, 'staging is open');
  for (const name of ['prod-aws', 'prod-eu']) assert.match(stdout, new RegExp(`^${name}: asking for exception-`, 'm'));
  assert.match(stdout, /^staging is open: there is nothing to make an exception to$/m);
  assert.match(stdout, /\n3 environments: 1 refused \(staging\), 2 done\n/, 'nothing helps staging, which is open');
  const [, approve] = stdout.match(/\nanyone but the asker approves it with: nodeploy (-e prod-aws,prod-eu approve --exception exception-\S+)\n$/);
  for (const args of [['status', '--awaiting'], ['-e', 'production', 'status', '--awaiting']]) {
    const {code: told, stdout: awaited} = await run(args);
    assert.equal(told, 0);
    assert.doesNotMatch(awaited, /no exception waits/);
    assert.equal(awaited.match(/^ {2}exception-\S+ \(waits for an approval\)\n {4}by     steve .*\n {4}why    x$/gm).length, 2);
    assert.ok(awaited.endsWith(`\nanyone but the asker approves it with: nodeploy ${approve}\n`), awaited);
  }
  assert.match((await run([...approve.split(' '), '--by', 'noah'])).stdout, /\n2 environments: 2 done\n/);
});

test('of several exceptions that wait each has its line', async t => {
  const run = await kosli(t);
  await run(['-e', 'prod-*', '-r', 'x', 'on']);
  const ask = async (by, environment) => {
    const {exceptions: [{id}]} = JSON.parse((await run(['-e', environment, '--by', by, '-r', 'x', '--until', '2h', '--change', 'kind=fix', 'except', '--json'])).stdout);
    return [id, environment];
  };
  const first = await ask('maya', 'prod-aws');
  const both = [(await ask('noah', 'prod-aws'))[0], 'prod-aws'];
  const other = await ask('noah', 'prod-eu');
  const line = ([id, environments]) => `anyone but the asker approves it with: nodeploy -e ${environments} approve --exception ${id}`;
  const lines = async args => (await run(args)).stdout.split('\n').filter(each => each.startsWith('anyone but')).sort();
  for (const args of [['status', '--awaiting'], ['assert', '--change', 'kind=fix', '--run', '1']]) {
    assert.deepEqual(await lines(['-e', 'prod-aws', ...args]), [first, both].map(line).sort(), args.join(' '));
  }
  const all = both[0] === other[0] ? [first, [both[0], 'prod-aws,prod-eu']] : [first, both, other]; // within a second it has the same name
  assert.deepEqual(await lines(['-e', 'prod-*', 'status', '--awaiting']), all.map(line).sort());
  const page = (await run(['-e', 'prod-aws', 'status', '--awaiting', '--md'])).stdout;
  assert.equal(page.match(/anyone but the asker/g).length, 2);
});

test('what tells of one environment is advised of one, what tells of many of all: a pasted line is no error', async t => {
  const run = await kosli(t);
  const cwd = temporaryFolder(t);
  writeFileSync(join(cwd, 'p.yaml'), 'windows:\n  - {name: w, effect: freeze, environments: [prod-*], timezone: UTC, days: [mon-sun], from: 00:00, to: 24:00}\n');
  for (const [args, advised] of [
    [['-e', 'prod-*', 'assert', '--policy', 'p.yaml'], 'to see what is coming: nodeploy -e prod-aws windows --policy p.yaml'],
    [['-e', 'prod-*', 'approve', '--exception', 'exception-2024-10-31T10.44.48-2024-10-31T12.44.48~anna'], 'to see those that need an approval: nodeploy -e prod-aws,prod-eu status --awaiting'],
  ]) {
    const {code, stdout} = await run(args, {}, {cwd});
    const advice = stdout.trimEnd().split('\n').at(-1);
    assert.deepEqual([code, advice], [1, advised]);
    const pasted = await run(advice.split(' nodeploy ')[1].split(' '), {}, {cwd});
    assert.equal(pasted.code, 0, pasted.stderr);
  }
});

test('what a gate says of its policy, a gate of many says', async t => {
  const run = await kosli(t);
  const cwd = temporaryFolder(t);
  const asked = async (timezone, environment) => {
    writeFileSync(join(cwd, 'nodeploy.yaml'), `windows:\n  - {name: w, effect: freeze, environments: [prod-*], timezone: ${timezone}, from: 2020-01-01, to: 2020-02-01}\n`);
    return run(['-e', environment, 'assert'], {}, {cwd});
  };
  const warned = await asked('UTC', 'prod-aws');
  assert.match(warned.stderr, /^(warning: nodeploy.yaml:2:\d+: .*\n)+$/);
  assert.deepEqual(await asked('UTC', 'prod-aws,prod-eu').then(({code, stderr}) => [code, stderr]), [0, warned.stderr]);
  assert.match((await asked('Nowhere/Land', 'prod-aws,prod-eu')).stderr, /^nodeploy: prod-(aws|eu): nodeploy.yaml:2:\d+: the policy cannot be read/m);
});

test('a gate of many says which policy it went by, and for which of them it has no window', async t => {
  const run = await kosli(t);
  const cwd = temporaryFolder(t);
  const last = async environments => (await run(['-e', environments, 'assert'], {}, {cwd})).stdout.trimEnd().split('\n').at(-1);
  assert.match(await last('prod-aws,prod-eu'), /^no policy: .* has no nodeploy\.yaml/);
  writeFileSync(join(cwd, 'nodeploy.yaml'), 'windows:\n  - {name: w, effect: freeze, environments: [prod-*], timezone: UTC, from: 2998-01-01, to: 2998-02-01}\n');
  for (const [environments, line] of [
    ['prod-aws,prod-eu', 'policy nodeploy.yaml: 1 window'],
    ['prod-*,staging', 'policy nodeploy.yaml: 1 window; none is for staging'],
    ['production,staging', 'policy nodeploy.yaml: 1 window; none is for production, staging'],
  ]) assert.equal(await last(environments), line);
});

test('a list that cannot be read: that nothing was changed, and the line to paste', async t => {
  const run = await kosli(t);
  const on = await run(['-e', 'prod-*', '-r', 'payments down', 'on'], {KOSLI_API_TOKEN: 'wrong-token'});
  assert.deepEqual([on.code, on.stdout], [2, '']);
  assert.match(on.stderr, /answered 401: .*; nothing was changed\n.*KOSLI_API_TOKEN.*; try again: nodeploy -e 'prod-\*' --reason 'payments down' --by steve on\n/);
  for (const [args, line] of [
    [['-e', 'prod-aws,prod-eu', 'assert'], 'nodeploy -e prod-aws,prod-eu assert'],
    [['-e', 'prod-aws,prod-eu', 'status'], 'nodeploy -e prod-aws,prod-eu status'],
    [['status', '--at', '2100-01-01T00:00:00Z'], "nodeploy -e '*' status --at 2100-01-01T00:00:00Z"],
    [['report', '--no-deployments'], "nodeploy -e '*' report --no-deployments"],
  ]) {
    const {stderr} = await run(args, {KOSLI_HOST: 'http://127.0.0.1:9', KOSLI_MAX_API_RETRIES: '0'});
    assert.match(stderr.split('\n').at(-3), /^Kosli was looked for at .*; nothing was decided; look again: /);
    assert.ok(stderr.includes(`look again: ${line}\n`), stderr);
  }
  for (const [names, what] of [['prod-aws', 'it'], ['prod-aws,prod-eu', 'them']]) {
    const {stderr} = await run(['-e', names, 'report', '--host', 'http://127.0.0.1:9'], {KOSLI_MAX_API_RETRIES: '0'});
    assert.ok(stderr.includes(`to read ${what} again: nodeploy -e ${names} report --host http://127.0.0.1:9\n`), stderr);
  }
  assert.match((await run(['-e', 'prod-aws,prod-ue', '-r', 'x', 'on'])).stderr, /did you mean `prod-eu`\?.*; nothing was changed\nto see all that there are: nodeploy status\nnodeploy: nothing was done/);
});

test('a variable for gates of many is none for replay', async t => {
  const run = await kosli(t);
  assert.match((await run(['replay', 'none.json'], {NODEPLOY_ENV: 'prod-*'})).stderr, /`none.json` cannot be read/);
});

test('the question has the line for itself', async t => {
  t.mock.timers.enable({apis: ['setInterval', 'Date']});
  const written = [];
  const line = progress({write: text => written.push(text), columns: 80});
  await line.during(async () => t.mock.timers.tick(10_000));
  assert.deepEqual(written, []);
  t.mock.timers.tick(3000);
  assert.match(written.join(''), /waiting for Kosli \(\d s\)/);
  line.stop();
});

test('how far it has come, with thousands set apart', async t => {
  t.mock.timers.enable({apis: ['setInterval', 'Date']});
  const written = [];
  const line = progress({write: text => written.push(text), columns: 80});
  line.event({type: 'subject', ended: 999, of: 1_002_003});
  t.mock.timers.tick(3000);
  assert.match(written.join(''), /999 of 1,002,003 environments done, waiting/);
  line.event({type: 'retry', because: `Kosli answered 503: ${'x'.repeat(80)}`, wait: 4000});
  assert.match(written.at(-1), /999 of 1,002,003 environments done, Kosli answered 503: x+…, trying again in 4 s$/);
  assert.equal(written.at(-1).length - '\r\u001B[K'.length, 79);
  line.stop();
  assert.equal(namesOf(Array(2510).fill('x')).replace(/x, /g, ''), 'and 2,500 more');
});

test('a signal is an answer to the question', async () => {
  const stopped = new AbortController();
  const outcome = await carryOutMany({action: {type: 'on', by: 'ann', reason: 'x'}}, {
    environments: ['prod-*'], verb: 'on', values: {}, isTerminal: true, say() {}, warn() {},
    options: {kosli: {org: 'acme', send: async () => ({status: 200, body: '[{"name":"prod-aws","type":"K8S","tags":{}}]'})}, onEvent() {}, signal: stopped.signal},
    line: {during(ask) {
      const answer = ask();
      stopped.abort();
      return answer;
    }},
  });
  assert.deepEqual([outcome.reason, outcome.summary], ['aborted', 'stopped; nothing was changed']);
});

test('last words of a report say what reads it again', () => {
  const reports = followReports(['prod-*']);
  const words = () => ['summary', 'advice'].map(name => reports.cutWords({type: 'report', from: '2024-10-01T00:00:00Z'})[name]);
  const again = "again: nodeploy -e 'prod-*' report --from 2024-10-01T00:00:00Z";
  assert.deepEqual(words(), ['stopped; nothing was read', `to read them ${again}`]);
  reports.event({type: 'selected', selected: [{}, {}]});
  assert.deepEqual(words(), ['stopped: 0 of 2 environments were read', `to read them ${again}`]);
  reports.event({type: 'reported', ended: 1, of: 1});
  assert.deepEqual(words(), ['stopped: 1 of 1 environment was read', `to read it ${again}`]);
});

test('last words tell what is half done from what was not begun', () => {
  const many = followMany(['a', 'b*']);
  const action = {type: 'on', by: 'ann', reason: 'x'};
  assert.match(many.cutWords(action).advice, /nodeploy -e 'a,b\*' /);
  many.event({type: 'selected', selected: ['a', 'b', 'c'].map(environment => ({environment}))});
  assert.equal(many.cutWords(action).summary, 'stopped; nothing was changed');
  const explicit = {...action, id: 'ID'};
  const tag = {type: 'tag_environment', set: {'nodeploy.ID': 'by=ann'}};
  for (const environment of ['a', 'b']) many.event({type: 'command', environment, command: tag, action: explicit});
  many.event({type: 'subject', environment: 'a', outcome: {decision: 'proceed'}});
  assert.equal(many.cutWords(action).summary, 'stopped: done 1 of 3 (a); b may be half done');
  assert.match(many.cutWords(action).advice, /nodeploy -e b,c /);
  many.event({type: 'result', environment: 'b', item: tag, result: {status: 200}});
  assert.equal(many.cutWords(action).summary, 'stopped: done 1 of 3 (a); b is frozen, not recorded');
  many.event({type: 'command', environment: 'b', command: {type: 'attest', name: 'nodeploy-on'}, action: explicit});
  many.event({type: 'command', environment: 'c', command: tag, action: explicit});
  many.event({type: 'result', environment: 'c', item: tag, result: {status: 403}});
  assert.equal(many.cutWords(action).summary, 'stopped: done 1 of 3 (a); b, c may be half done');
});

test('a gate that waits tells the end of its wait of those that it waited for, not of one that lacks only the claim', async t => {
  const run = await kosli(t);
  const change = ['--change', `commit=${'4f1c2ab9'.repeat(5)}`];
  await run(['-e', 'prod-aws,prod-eu', '-r', 'payments down', '--by', 'anna', 'on']);
  const asked = await run(['-e', 'prod-aws', '--by', 'maya', '-r', 'CVE', '--until', '2h', ...change, 'except', '--json']);
  const [{id}] = JSON.parse(asked.stdout).exceptions;
  await run(['-e', 'prod-aws', '--by', 'noah', '--exception', id, 'approve']);
  const {code, stdout, stderr} = await run(['-e', 'prod-aws,prod-eu', 'assert', '--claim', '--wait', '1s', '--run', 'ci:1', ...change, '--policy=']);
  assert.equal(code, 1, stderr);
  assert.match(stdout, /^prod-aws is closed; this change would pass by exception-.*, which is not claimed since another environment does not pass$/m);
  assert.match(stderr, /^nodeploy: prod-eu: waited until /m);
});
