import assert from 'node:assert/strict';
import {test} from 'node:test';
import {ensureEnvironment} from '../local/environment.js';

/** An executor that answers a GET and a PUT so. */
const answering = (get, put) => {
  const sent = [];
  return {org: 'acme', sent, async send({request}) {
    sent.push(request);
    return {status: request.method === 'GET' ? get : put, body: '"words"'};
  }};
};

for (const [about, get, put, outcome] of [
  ['it exists', 200, 500, false],
  ['it is created', 404, 201, true],
  ['somebody else was faster', 404, 200, false],
]) {
  test(about, async () => {
    const kosli = answering(get, put);
    assert.equal(await ensureEnvironment(kosli, 'prod'), outcome);
    assert.deepEqual(kosli.sent[0], {method: 'GET', path: '/api/v2/environments/acme/prod'});
    if (get === 404) assert.deepEqual(kosli.sent[1], {method: 'PUT', path: '/api/v2/environments/acme', json: {name: 'prod', type: 'server', description: ''}});
  });
}

for (const status of [400, 202, 500]) {
  test(`${status} is an error`, async () => {
    await assert.rejects(ensureEnvironment(answering(404, status), 'prod'), {message: 'the environment `prod` was not created: "words"'});
  });
}
