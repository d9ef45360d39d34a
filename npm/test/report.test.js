// The auditor's question, end to end: a month is played into a local Kosli, and the command line and the library are asked about it.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'node:test';
import {nodeploy} from './child.js';
import {ask, serve, temporaryFolder} from './local-kosli.js';
import {october} from './october.js';
import {joinReports, kosliHttp, report} from '../index.js';

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

test('where all were archived long ago, they are told: nothing would be no answer', async t => {
  const server = await serve(t);
  const env = {KOSLI_ORG: 'acme', KOSLI_API_TOKEN: server.token, KOSLI_HOST: server.url, NODEPLOY_BY: 'steve'};
  for (const name of ['old-eu', 'old-us']) {
    await ask(server, 'PUT', '/api/v2/environments/acme', {json: {name, type: 'K8S', description: ''}});
    assert.equal((await nodeploy(['-e', name, '-r', 'x', 'on'], {env})).code, 0);
    assert.equal((await ask(server, 'PUT', `/api/v2/environments/acme/${name}/archive`)).status, 200);
  }
  for (const [args, first] of [[[], /^nothing was closed in 2 environments\n/], [['-e', 'old-e*'], /^nothing was closed in old-eu\n/], [['--csv'], /\r\n"environment","old-eu",.*\r\n"environment","old-us",.*\r\n$/]]) {
    const {code, stdout, stderr} = await nodeploy(['report', '--to', '1h', ...args], {env});
    assert.deepEqual([code, /old-eu is archived or gone/.test(stderr)], [0, true], stderr);
    assert.match(stdout, first);
  }
});
