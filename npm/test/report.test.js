// The auditor's question, end to end: a month is played into a local Kosli, and the command line and the library are asked about it.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'node:test';
import {nodeploy} from './child.js';
import {serve, temporaryFolder} from './local-kosli.js';
import {joinReports, kosliHttp, report, run} from '../index.js';

const api = '/api/v2';
const hex = letter => letter.repeat(64);
const commit = letter => letter.repeat(40);

/** October 2024 of three environments, in a local Kosli that then goes by the clock of today. */
async function october(t) {
  let now;
  const clock = () => now ?? new Date();
  const server = await serve(t, {clock});
  const send = async (method, path, content) => {
    const {status, body} = await server.send({request: {method, path: `${api}/${path}`, ...content}});
    assert.ok(status < 300, `${path}: ${body}`);
  };
  const data = json => ({name: 'data_json', value: JSON.stringify(json)});
  const kosli = {org: 'acme', send: item => server.send(item)};
  const go = async (environment, action) => {
    const outcome = await run({environment, action}, {kosli, clock, sleep: async milliseconds => { now = new Date(now.getTime() + milliseconds); }});
    assert.notEqual(outcome.decision, 'error', outcome.summary);
    return outcome.answer;
  };
  const at = time => { now = new Date(`2024-10-${time}Z`); };
  const report = (environment, ...artifacts) => send('PUT', `environments/acme/${environment}/report/K8S`, {json: {
    artifacts: artifacts.map(([letter, started]) => ({digests: {[`registry/web:${letter}`]: hex(letter)}, creationTimestamp: Date.parse(`2024-10-${started}Z`) / 1000, podName: letter, namespace: 'web', owners: []})),
  }});
  const build = async (letter, author) => {
    await send('PUT', 'trails/acme/web-ci', {form: [data({name: commit(letter)})]});
    await send('POST', 'artifacts/acme/web-ci', {json: {
      fingerprint: hex(letter), filename: `registry/web:${letter}`, git_commit: commit(letter), trail_name: commit(letter), template_reference_name: 'web', build_url: 'https://ci.example/1', repo_url: '',
      commit_url: `https://github.com/acme/web/commit/${commit(letter)}`, git_commit_info: {sha1: commit(letter), message: 'm', author, timestamp: now.getTime() / 1000, branch: 'main', url: ''},
    }});
  };

  at('01T08:00:00');
  for (const name of ['prod-aws', 'prod-eu', 'staging']) await send('PUT', 'environments/acme', {json: {name, type: 'K8S', description: ''}});
  await send('PUT', 'flows/acme/template_file', {form: [data({name: 'web-ci', description: ''}), {name: 'template_file', filename: 'template.yml', value: 'version: 1'}]});
  await build('a', 'jon');
  for (const name of ['prod-aws', 'prod-eu']) await report(name, ['a', '01T07:59:00']);
  at('31T10:44:48');
  await go('prod-aws', {type: 'on', reason: 'database migration', by: 'steve'});
  at('31T10:50:00');
  await build('b', 'jon');
  await build('c', 'maya');
  await go('prod-aws', {type: 'assert', record: true, change: {commit: commit('b')}, run: '41'});
  at('31T11:00:00');
  const {action: {id}} = await go('prod-aws', {type: 'except', reason: 'CVE-2026-1234', by: 'maya', until: '2024-10-31T13:00:00Z', change: {commit: 'ccccccc'}});
  at('31T11:01:00');
  await go('prod-aws', {type: 'approve', exception: id, by: 'noah'});
  at('31T11:05:00');
  await go('prod-aws', {type: 'assert', claim: true, change: {commit: commit('c')}, run: '42'});
  at('31T11:10:00');
  await report('prod-aws', ['c', '31T11:09:00']);
  at('31T11:20:00');
  await report('prod-aws', ['c', '31T11:19:00']); // restarted
  at('31T11:30:00');
  await report('prod-aws', ['b', '31T11:29:00']); // whoever that was
  at('31T12:44:48');
  await go('prod-aws', {type: 'off', by: 'steve'});
  at('31T14:00:00');
  await go('prod-eu', {type: 'on', reason: 'audit', by: 'ann', until: '2024-10-31T18:00:00Z'});
  at('31T23:00:00');
  for (const [name, letter] of [['prod-aws', 'b'], ['prod-eu', 'a']]) await report(name, [letter, '31T11:29:00']);
  now = undefined;
  const env = {KOSLI_ORG: 'acme', KOSLI_API_TOKEN: server.token, KOSLI_HOST: server.url, TZ: 'UTC'};
  return {server, env, ask: (args, more) => nodeploy(['report', '--from', '2024-10-01T00:00:00Z', '--to', '2024-11-01T00:00:00Z', ...args], {env: {...env, ...more}})};
}

const ANSWER = `2 freezes closed 2 of 3 environments for 6 h; 1 refused, 1 let through; 1 deployment meanwhile is unexplained
2024-10-01 00:00 to 2024-11-01 00:00 UTC, acme

closed
environment  by     since             held  refused  passed  deployed       ended    why
prod-aws     steve  2024-10-31 10:44  2 h   1        1       1 unexplained  12:44    database migration
prod-eu      ann    2024-10-31 14:00  4 h                                   overdue  audit (until 2024-10-31 18:00)

deployed meanwhile, and not let through
environment  what         when              by   while  commit   artifact
prod-aws     unexplained  2024-10-31 11:29  jon  steve  bbbbbbb  registry/web:b

exceptions
environment  by    approved by  state  used    for             from              until             why
prod-aws     maya  noah         used   1 of 1  commit=ccccccc  2024-10-31 11:00  2024-10-31 13:00  CVE-2026-1234

closed    6 h by people
longest   4 h, prod-eu by ann since 2024-10-31 14:00
open      1 overdue: nodeploy sync ends it on record
refused   1, as far as gates have put it on record (assert --record)
passed    1 let through, of 1 exception
deployed  1 unexplained, 1 let through
`;

test("the auditor's question, in one command", async t => {
  const shown = /^```\n\$ nodeploy report (.*)\n([^`]*)^```$/m.exec(readFileSync(new URL('../../README.md', import.meta.url), 'utf8'));
  assert.equal(shown[2], ANSWER);
  const {ask, env, server} = await october(t);
  assert.equal((await nodeploy(['report', ...shown[1].split(' ')], {env})).stdout, ANSWER);
  assert.deepEqual(await ask([]), {code: 0, signal: null, stdout: ANSWER, stderr: ''});
  assert.deepEqual(await ask(['--exit-code']), {code: 1, signal: null, stdout: ANSWER, stderr: 'nodeploy: not all of it is explained (exit 1)\n'});
  const kept = join(temporaryFolder(t), 'report.json');
  const json = await ask(['--json', '--save', kept]);
  assert.deepEqual([json.code, json.stderr], [0, '']);
  const document = JSON.parse(json.stdout);
  assert.equal(readFileSync(kept, 'utf8'), json.stdout);
  assert.deepEqual([document.decision, document.reason, document.from, document.to, document.org, document.environments.map(({environment}) => environment)],
    ['proceed', 'reported', '2024-10-01T00:00:00Z', '2024-11-01T00:00:00Z', 'acme', ['prod-aws', 'prod-eu', 'staging']]);
  assert.deepEqual(document.environments[0].deployments.map(({label, commit, run}) => [label, commit[0], run]), [['excepted', 'c', '42'], ['unexplained', 'b', null]]);
  const csv = await ask(['--csv']);
  assert.deepEqual([csv.code, csv.stderr], [0, '']);
  assert.deepEqual(csv.stdout.trimEnd().split('\r\n').map(line => line.split(',').slice(0, 2).join(' ').replaceAll('"', '')), [
    'kind environment', 'environment prod-aws', 'freeze prod-aws', 'refused prod-aws', 'passed prod-aws', 'exception prod-aws', 'deployment prod-aws', 'deployment prod-aws',
    'environment prod-eu', 'freeze prod-eu', 'environment staging',
  ]);
  assert.match((await ask(['--md'])).stdout, /^### \u26D4 2 freezes closed 2 of 3 environments for 6 h/);
  assert.match((await ask(['-e', 'prod-aws', '--no-deployments'])).stdout, /^1 freeze closed prod-aws for 2 h; 1 refused, 1 let through\n/);
  assert.match((await ask(['-e', 'staging'])).stdout, /^nothing was closed in staging\n/);

  // The same from Node, in fewer words; what cannot be read leaves the rest.
  const kosli = kosliHttp({org: 'acme', token: server.token, host: server.url, retries: 0});
  let reads = 0;
  let most = 0;
  let under = 0;
  const counted = {org: 'acme', async send(...item) {
    reads++;
    most = Math.max(most, ++under);
    const result = await kosli.send(...item);
    under--;
    return /prod-eu-nodeploy.*page=|trails.*prod-eu-nodeploy\?/.test(item[0].request.path) ? {status: 500, body: 'x'} : result;
  }};
  const events = [];
  const read = async options => {
    const all = [];
    for await (const one of report({kosli: counted, from: new Date('2024-10-01'), to: '2024-11-01T00:00:00Z', onEvent: event => events.push(event.type), ...options})) all.push(one);
    return all;
  };
  await read({environments: ['staging']});
  assert.equal(reads, 3, 'a report of nothing costs three reads');
  most = 0;
  const some = await read({concurrency: 2});
  assert.equal(most, 2, 'at once, over all of them');
  const {totals, environments} = joinReports(some, {org: 'acme'});
  assert.deepEqual(environments.map(({environment, error, totals}) => [environment, error?.reason ?? null, totals?.freezes ?? null]), [['prod-aws', null, 1], ['prod-eu', 'unreadable_trails', null], ['staging', null, 0]]);
  assert.deepEqual([totals.failed, totals.freezes, totals.deployments.unexplained], [1, 1, 1]);
  assert.deepEqual(events.filter(type => type === 'reported').length, 4);
  await kosli.close();
});
