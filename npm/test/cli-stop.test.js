// A signal between two commands, and the second one.
import assert from 'node:assert/strict';
import test from 'node:test';
import {nodeploy} from './child.js';
import {kosli, KOSLI, masked} from './cli-kosli.js';
import {ask} from './local-kosli.js';
import {record} from './recording-server.js';

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
      'nodeploy: stopped before: begin trail ID; prod is frozen, not recorded; done before: tag prod, create flow prod-nodeploy',
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

test('a gate that is stopped while it waits: the command that was typed', {skip}, async t => {
  const {run, server} = await kosli(t);
  await ask(server, 'PUT', '/api/v2/environments/acme', {json: {name: 'prod-eu', type: 'K8S', description: ''}});
  await run(['-e', 'prod-aws,prod-eu', '-r', 'why', '--by', 'steve', 'on']);
  for (const environment of ['prod-aws', 'prod-aws,prod-eu']) {
    const {code, stderr} = await run(['-e', environment, 'assert', '--wait', '2h'], {during: (child, output) => child.stderr.on('data', () => {
      if (output.stderr.match(/waiting for it to open/g)?.length === environment.split(',').length && !child.killed) child.kill('SIGINT'); // a second one would end it at once
    })});
    assert.equal(code, 2);
    assert.match(stderr, new RegExp(`\nnothing was decided; look again: nodeploy -e ${environment} assert --wait 2h\n`));
  }
});
