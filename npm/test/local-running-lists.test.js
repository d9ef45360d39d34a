// Lists of what was attested and reported: across flows, over a year, in pages, in the shape of Kosli's.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {test} from 'node:test';
import {openLocal} from '../local/index.js';
import {ask, serve, temporaryFolder} from './local-kosli.js';
import {api, commitOf, dataOf, instance, played, print} from './local-running-past.js';

const shapes = JSON.parse(readFileSync(new URL('local-shapes.json', import.meta.url), 'utf8'));

test('attestations are listed across flows, and in pages', async t => {
  const {at, get, begin, done, artifact, local} = await played(t);
  for (const [place, letter] of [...'abc'].entries()) {
    at(10 * place);
    await artifact(letter, {flow: `flow-${letter}`});
    for (const name of ['nodeploy-on', 'nodeploy-off']) {
      await done('POST', `attestations/acme/flow-${letter}/trail/${commitOf(letter)}/generic`, {form: [dataOf({attestation_name: name, user_data: {}, is_compliant: letter !== 'b'})]});
    }
  }
  const list = async query => (await get(`attestations/acme?${query}`)).data.map(({attestation_name: name, flow_name: flow}) => `${flow.at(-1)}${name.at(9)}${name.length}`).join(' ');
  for (const [query, expected] of [
    ['name=nodeploy-on', 'co11 bo11 ao11'],
    ['name_regex=off$', 'co12 bo12 ao12'],
    ['name=nodeploy-on&flow=flow-a&flow=flow-b', 'bo11 ao11'],
    ['name=nodeploy-on&is_compliant=false', 'bo11'],
    ['type=generic&name=nodeploy-on&per_page=1', 'co11'],
    ['type=decision', ''],
    [`name=nodeploy-on&from_timestamp=${begin + 10}`, 'co11 bo11'],
    [`name=nodeploy-on&from_timestamp=${begin + 1}&to_timestamp=${begin + 11}`, 'bo11'],
    ['name=none', ''],
  ]) assert.equal(await list(query), expected, query);
  const seen = [];
  for (let path = `${api}/attestations/acme?name=nodeploy-on&per_page=2`; path !== undefined;) {
    const {body} = await local.send({request: {method: 'GET', path}});
    const {data, _links: links, pagination} = JSON.parse(body);
    assert.deepEqual([pagination.total, pagination.page_count], [3, 2]);
    seen.push(...data.map(({flow_name: flow}) => flow));
    path = links.next?.href.replace('http://localhost', '');
  }
  assert.deepEqual(seen, ['flow-c', 'flow-b', 'flow-a']);
  const page = await get('attestations/acme/flow-a?per_page=1&page=2');
  assert.deepEqual([page.data[0].attestation_name, page.pagination], ['nodeploy-on', {total: 2, page: 2, per_page: 1, page_count: 2}]);
});

test('a year is played in within seconds, and is there again', async t => {
  const dir = temporaryFolder(t);
  const {local, at, environment, get, artifact} = await played(t, {dir});
  const names = Array.from({length: 20}, (_, index) => `env-${index}`);
  for (const name of names) await environment(name);
  await artifact('a');
  const report = (name, artifacts) => local.send({request: {method: 'PUT', path: `${api}/environments/acme/${name}/report/K8S`, json: {artifacts}}});
  for (let day = 0; day < 365; day += 5) {
    const answers = names.flatMap((name, place) => [0, 1, 2, 3, 4].map(step => {
      at((day + step) * 86_400 + place);
      // A new build every second day, beside one that stays.
      const build = createPrint(`${name} ${Math.floor((day + step) / 2)}`);
      return report(name, [instance('a'), {digests: {[`registry/${name}`]: build}, creationTimestamp: 1, podName: 'web-1', namespace: 'live', owners: null}]);
    }));
    for (const {status, body} of await Promise.all(answers)) assert.equal(status, 200, body);
  }
  const paths = ['environments/acme/env-7/events?per_page=100', 'environments/acme', 'snapshots/acme/env-7?per_page=1000', 'snapshots/acme/env-7/100', `trails/acme?fingerprint=${print('a')}`];
  const before = await Promise.all(paths.map(get));
  await local.close();
  const again = await openLocal({dir, org: 'acme', clock: () => new Date(0)});
  t.after(() => again.close());
  for (const [place, path] of paths.entries()) {
    const {body} = await again.send({request: {method: 'GET', path: `${api}/${path}`}});
    const now = JSON.parse(body);
    // The last one lasts until now, whenever that is.
    if (path.startsWith('snapshots') && Array.isArray(now)) now[0].duration = before[place][0].duration;
    assert.deepEqual(now, before[place], path);
  }
});

const createPrint = text => Buffer.from(text.padEnd(32, '.')).toString('hex').slice(0, 64);

test('the answers have the members and the types that Kosli\'s have, in their order', async t => {
  const {at, get, done, environment, report, artifact} = await played(t);
  await environment('prod', 'ECS', {policies: ['provenance']});
  await artifact('a');
  at(10);
  const task = letter => instance(letter, 1_767_225_590, {taskArn: 'arn:aws:ecs:eu-central-1:000000000000:task/app/0', cluster_name: 'app', service_name: letter});
  await report('prod', [task('a')], 'ECS');
  at(20);
  await artifact('b');
  await done('PATCH', 'tags/acme/env/prod', {json: {set_tags: {team: 'core'}, remove_tags: []}});
  await report('prod', [task('b')], 'ECS');
  const [exited, started] = await get('environments/acme/prod/events');
  for (const [name, value] of Object.entries({
    environment: await get('environments/acme/prod'),
    event: started.type === 'exited' ? exited : started,
    snapshot: await get('snapshots/acme/prod/-1'),
    row: (await get('snapshots/acme/prod'))[0],
  })) assert.deepEqual(shapeOf(value), shapes[name], name);
});

test('over HTTP it has the headers of a page, and the date that is played', async t => {
  const server = await serve(t, {clock: () => new Date('2026-01-02T03:04:05Z')});
  const done = async (path, json) => assert.equal((await ask(server, 'PUT', `${api}/${path}`, {json})).status < 300, true);
  await done('environments/acme', {name: 'prod', type: 'server'});
  await done('environments/acme/prod/report/server', {artifacts: ['a', 'b', 'c'].map(letter => instance(letter))});
  const read = async query => (await fetch(`${server.url}${api}/environments/acme/prod/events${query}`, {headers: {authorization: `Bearer ${server.token}`}})).headers;
  const headers = await read('?per_page=1&page=2&start=1');
  assert.deepEqual(['x-total-count', 'x-per-page', 'x-current-page', 'x-total-pages', 'date'].map(name => headers.get(name)), ['3', '1', '2', '3', 'Fri, 02 Jan 2026 03:04:05 GMT']);
  const link = page => `<${server.url}${api}/environments/acme/prod/events?per_page=1&page=${page}&start=1>`;
  assert.equal(headers.get('link'), `${link(1)}; rel="first", ${link(1)}; rel="prev", ${link(3)}; rel="next", ${link(3)}; rel="last"`);
  assert.equal((await read('')).get('link'), null);
});

/** What a document is made of: for each member its type, of a list that of its first item. */
function shapeOf(value) {
  if (value === null) return 'null';
  if (Array.isArray(value)) return value.slice(0, 1).map(shapeOf);
  if (typeof value !== 'object') return typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, shapeOf(member)]));
}
