// What the kosli CLI says of a failure: of a read the core tells it, of a write this host, in the same words.
import assert from 'node:assert/strict';
import test from 'node:test';
import {plan} from '../core.js';
import {failure} from '../loop/failure.js';

const URL = 'https://app.kosli.com/api/v2/environments/acme/prod';
const gaveUp = cause => `Error: [kosli get environment] Get "${URL}": GET ${URL} giving up after 4 attempt(s)${cause}`;

for (const [stderr, words] of [
  [gaveUp(`: Get "${URL}": dial tcp 10.1.2.3:443: i/o timeout`), 'giving up after 4 attempt(s): dial tcp 10.1.2.3:443: i/o timeout'],
  [gaveUp(`: Get "${URL}": read: "": EOF`), 'giving up after 4 attempt(s): read: "": EOF'],
  [gaveUp(''), 'giving up after 4 attempt(s)'],
  [gaveUp(': unexpected status 500'), 'giving up after 4 attempt(s): unexpected status 500'],
  [`Error: Get "${URL}": x509: certificate signed by unknown authority`, `Get "${URL}": x509: certificate signed by unknown authority`],
  ['Error: it is giving up after a while', 'it is giving up after a while'],
  [`Flag --x has been deprecated\n${gaveUp(`: Get "${URL}": EOF`)}\n`, 'giving up after 4 attempt(s): EOF'],
  ['panic: no\n', 'panic: no'],
]) {
  test(words, () => {
    const result = {exit_code: 1, stdout: '', stderr};
    const read = plan({environment: 'prod', action: {type: 'assert'}, now: '2026-11-30T10:00:00Z', observed: {trails: result, environment: result}}).summary;
    const command = {type: 'tag_environment', environment: 'prod'};
    const write = failure('command_failed', {command, result, tried: 1, done: [], environment: 'prod', action: {type: 'sync'}}).summary;
    for (const text of [read, write]) assert.ok(text.includes(`: ${words}`) && !text.includes('GET '), `${read}\n${write}`);
  });
}
