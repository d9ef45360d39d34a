// The command line over many environments: which are meant, a line for each, one for all, the table.
import assert from 'node:assert/strict';
import test from 'node:test';
import {nodeploy} from './child.js';
import {ask, serve} from './local-kosli.js';
import {fleetLines} from '../cli/fleet.js';

/** A local Kosli with two environments, a logical one that is made of them, and one beside. */
async function kosli(t) {
  const server = await serve(t);
  const put = json => ask(server, 'PUT', '/api/v2/environments/acme', {json: {description: '', ...json}});
  for (const name of ['prod-aws', 'prod-eu', 'staging']) await put({name, type: 'K8S'});
  await put({name: 'production', type: 'logical', included_environments: ['prod-aws', 'prod-eu']});
  const env = {KOSLI_ORG: 'acme', KOSLI_API_TOKEN: server.token, KOSLI_HOST: server.url, NODEPLOY_BY: 'steve'};
  return (args, more) => nodeploy(args, {env: {...env, ...more}});
}

const masked = text => text.replace(/\d{4}-\d\d-\d\dT\d\d\.\d\d\.\d\d~steve/g, 'ID').replace(/\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d UTC)?/g, 'TIME');

test('an incident: one command freezes, one shows, one lifts', async t => {
  const run = await kosli(t);
  const on = await run(['-e', 'prod-*', '-r', 'payments down', 'on']);
  assert.deepEqual([on.code, on.stderr], [0, '']);
  const [last, ...each] = masked(on.stdout).trimEnd().split('\n').reverse();
  assert.equal(last, '2 environments: 2 done');
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
    '',
  ].join('\n'));
  const gate = await run(['-e', 'prod-*,staging', 'assert']);
  assert.deepEqual([gate.code, gate.stderr], [1, 'nodeploy: refused (exit 1)\n']);
  assert.match(gate.stdout, /\n3 environments: 2 closed \(prod-aws, prod-eu\), 1 open\n$/);
  assert.equal((await run(['-e', 'prod-*', 'off'])).code, 0);
  assert.equal((await run(['--all-environments', 'assert'])).code, 0);
});

test('a logical environment by its name alone', async t => {
  const run = await kosli(t);
  assert.match((await run(['-e', 'production', '-r', 'x', 'on'])).stdout, /\n3 environments: 3 done\n$/);
  assert.deepEqual([(await run(['-e', 'prod-eu', 'assert'])).code, (await run(['-e', 'staging', 'assert'])).code], [1, 0]);
  assert.match((await run(['-e', 'production', 'status'])).stdout, /\n3 environments, 3 frozen\n/);
  assert.equal((await run(['-e', 'production', 'status', '--exit-code'])).code, 1);
  assert.match((await run(['-e', 'production', '--dry-run', 'off'])).stdout, /^(kosli .*\n)+$/);
  assert.equal((await run(['-e', 'production', 'assert', '--wait', '1s'])).code, 1);
  assert.equal((await run(['-e', 'production', 'off'])).code, 0);
  assert.equal((await run(['-e', 'production', 'assert', '--wait', '1s'])).code, 0);
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
  ['a glob that fits nothing', ['-e', 'live-*', 'assert'], /Kosli has no environment that `live-\*` fits/],
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
  assert.match((await run(['assert'], variable)).stdout, /^prod-aws is not frozen\n1 environment: 1 open\n$/);
  assert.match((await run(['-e', 'staging', 'assert'], variable)).stdout, /^Checking nodeploy for staging: ok\./);
  assert.match((await run(['--all-environments', 'assert'], variable)).stdout, /\n4 environments: 4 open\n$/);
});

test('text of others stays text in the table, and a terminal gets no more than its width', () => {
  const row = {environment: 'prod', type: 'K8S', of: [], decision: 'refuse', reason: 'frozen', by: 'a\u001B[31m', why: `x\n::error::${'y'.repeat(200)}`, since: '2024-10-31T10:44:48Z', until: null, freezes: 3, windows: [], opens_at: null, closes_at: '2024-11-01T09:00:00Z'};
  const lines = fleetLines([row], {width: 100});
  assert.ok(lines.every(line => [...line].length <= 100 && !/[\u001B\n]/.test(line)), lines.join('\n'));
  assert.match(lines[1], /^prod +frozen +a\\u\{1b\}\[31m \+2 +2024-10-31 10:44 +closes 2024-11-01 09:00 +x/);
  assert.deepEqual(fleetLines([], {}), []);
});
