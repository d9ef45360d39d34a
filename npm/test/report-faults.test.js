// Whatever a report reads, Kosli may fail on it, or answer nonsense: it says so, and tells all that it could read.
import assert from 'node:assert/strict';
import test from 'node:test';
import {nodeploy} from './child.js';
import {october} from './october.js';
import {joinReports, report} from '../index.js';

const PERIOD = {from: '2024-10-01T00:00:00Z', to: '2024-11-01T00:00:00Z'};

const answered = (status, body) => async () => ({status, body});
const changed = change => async (result, own) => {
  const {body, ...rest} = await result();
  return {...rest, body: change(body, own)};
};
// In the list that it is, or has.
const listed = change => changed(body => {
  const document = JSON.parse(body);
  const list = [document, document.data, document.artifacts].find(Array.isArray);
  if (list?.length > 0) change(list);
  return JSON.stringify(document);
});

const FAULTS = {
  'fails': answered(500, 'oops'), 'has moved': answered(302, ''), 'is busy': answered(429, '{"message": "slow down"}'), 'does not know us': answered(401, '{"message": "no"}'),
  'has no such page': answered(404, '<html>'), 'is a proxy': answered(200, '<html>'), 'says nothing': answered(200, ''), 'says OK': answered(200, '"OK"'), 'says null': answered(200, 'null'),
  'has an object': answered(200, '{}'), 'has a message': answered(200, '{"message": "x"}'), 'was cut': changed(body => body.slice(0, body.length / 2)), 'hangs up': async () => ({error: 'socket hang up'}),
  'kosli dies': async () => ({exit_code: 2, stdout: '', stderr: 'panic: runtime error'}), 'tells of others': changed(body => body.replaceAll('prod-', 'test-')),
  'has a placeholder for the last': listed(list => list.splice(-1, 1, {error: 'cannot be rendered'})), 'has archived the flow': answered(404, '{"message": "Flow named \'prod-aws-nodeploy\' has been archived for organization \'acme\'"}'),
};

test('what cannot be read is never "nothing happened"', async t => {
  const {server} = await october(t);
  const ask = async send => {
    const found = [];
    try {
      for await (const one of report({...PERIOD, concurrency: 1, kosli: {org: 'acme', send}})) found.push(one);
    } catch (error) {
      assert.ok(['unreadable_environments', 'unreadable_flow'].includes(error.reason), error.stack);
      return undefined;
    }
    return joinReports(found, {org: 'acme'});
  };
  const reads = [];
  const whole = await ask(item => {
    reads.push(item.as);
    return server.send(item);
  });
  assert.ok(['environments', 'environment', 'trails', 'exceptions', 'events', 'snapshot', 'verdict'].every(name => reads.includes(name)), reads.join(' '));
  const facts = ({environments}) => environments.flatMap(({freezes, exceptions, deployments}) => [...freezes, ...exceptions, ...deployments].map(one => JSON.stringify(one)));
  let incomplete = 0;
  for (const [what, fault] of Object.entries(FAULTS)) {
    for (const [at, name] of reads.entries()) {
      const where = `${name} ${what}`;
      let asked = 0;
      let failing; // what is read again fails again
      const found = await ask(item => {
        if (asked++ === at) failing = item.request.path;
        return item.request.path === failing ? fault(() => server.send(item)) : server.send(item);
      });
      if (!found) continue;
      const {failed, unreadable} = found.totals;
      const isSaid = failed + unreadable > 0 || found.environments.some(({warnings}) => warnings.some(({code}) => code === 'environment_gone'));
      if (isSaid) incomplete++;
      else assert.deepEqual(facts(found), facts(whole), where);
      const read = found.environments.filter(({error}) => !error).map(({environment}) => environment);
      assert.ok(read.length >= 2 || name === 'environments', where);
      // The record was read before that.
      if (['exceptions', 'events', 'snapshot', 'verdict'].includes(name)) assert.equal(found.environments.reduce((sum, {freezes}) => sum + freezes.length, 0), 2, where);
    }
  }
  assert.ok(incomplete > 200, `${incomplete}`);
});

test('what could be read is printed, what is missing is said, and the exit code is 2', async t => {
  const {ask, env, server} = await october(t);
  const send = (method, path, json) => server.send({request: {method, path: `/api/v2/${path}`, json}});
  await send('PATCH', 'tags/acme/env/staging', {set_tags: {nodeploy: 'yes, please'}, remove_tags: []});
  await send('PUT', 'environments/acme/prod-aws/rename', {new_name: 'prod-new'});
  for (const [names, code, sentence, warning] of [
    ['staging', 1, 'nothing on record closed staging; a tag that is not on record closes staging', /^warning: the tag shows `yes, please`/],
    ['prod-aws', 1, '1 freeze closed prod-aws for 2 h; 1 refused, 1 let through; what was deployed in prod-aws is not fully known', /^warning: prod-aws is now called prod-new/],
    ['prod-eu,nosuch', 2, 'incomplete, nosuch could not be read: 1 freeze closed prod-eu for 4 h; nothing was deployed meanwhile', /^nodeploy: the report is not complete \(exit 2\)$/m],
  ]) {
    const told = await ask(['-e', names, '--exit-code']);
    assert.deepEqual([told.code, told.stdout.split('\n')[0]], [code, sentence]);
    assert.match(told.stderr, warning);
  }
  // Of all of them: no list has the old name any more.
  await send('PUT', 'environments/acme/prod-eu/archive', null);
  const all = await ask([]);
  assert.match(all.stdout, /^2 freezes closed 2 of 4 environments for 6 h; 1 refused, 1 let through; what was deployed in prod-aws, prod-eu is not fully known; a tag/);
  assert.match((await ask(['-e', '*-eu', '--csv'])).stdout, /^"freeze","prod-eu"/m);
  // Where nothing happened in that time, it is not named.
  const before = await nodeploy(['report', '--from', '2024-10-02T00:00:00Z', '--to', '2024-10-03T00:00:00Z', '--csv'], {env});
  assert.deepEqual(before.stdout.match(/^"environment","[^"]+"/gm), ['"environment","prod-new"', '"environment","staging"']);
});
