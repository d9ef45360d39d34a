// What runs in an environment: reports in, events and snapshots out, as Kosli's real answers have them.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {test} from 'node:test';
import {openLocal} from '../local/index.js';
import {ask, serve, temporaryFolder} from './local-kosli.js';

const shapes = JSON.parse(readFileSync(new URL('local-shapes.json', import.meta.url), 'utf8'));
const api = '/api/v2';
const print = letter => letter.repeat(64);
const instance = (letter, begun = 1_700_000_000, more = {}) => ({digests: {[`registry/${letter}:1`]: print(letter)}, creationTimestamp: begun, ...more});
const emptyTemplate = {name: 'template_file', filename: 'template.yml', value: 'version: 1'};
const dataOf = data => ({name: 'data_json', value: JSON.stringify(data)});
const commitOf = letter => letter.repeat(40);

/** A local Kosli whose clock a test moves: `at(seconds)`, then writes and reads that must succeed. */
async function played(t, options) {
  let seconds = 1_767_225_600;
  const begin = seconds;
  const local = await openLocal({dir: temporaryFolder(t), org: 'acme', user: 'alice', clock: () => new Date(seconds * 1000), ...options});
  t.after(() => local.close());
  const send = async (method, path, content) => {
    const {status, body, ...rest} = await local.send({request: {method, path: `${api}/${path}`, ...content}});
    assert.deepEqual(rest, {}, 'run() takes it for a raw result');
    return {status, body: JSON.parse(body)};
  };
  const done = async (...request) => {
    const {status, body} = await send(...request);
    assert.ok(status === 200 || status === 201, JSON.stringify(body));
    return body;
  };
  return {
    local, begin, send, done,
    at: offset => { seconds = begin + offset; },
    get: path => done('GET', path),
    environment: (name, type = 'K8S', more = {}) => done('PUT', 'environments/acme', {json: {name, type, description: '', ...more}}),
    report: (name, artifacts, type = 'K8S') => done('PUT', `environments/acme/${name}/report/${type}`, {json: {artifacts}}),
    async artifact(letter, {flow = 'build', trail = commitOf(letter), name = 'web'} = {}) {
      await done('PUT', 'flows/acme/template_file', {form: [dataOf({name: flow, description: ''}), emptyTemplate]});
      await done('PUT', `trails/acme/${flow}`, {form: [dataOf({name: trail})]});
      await done('POST', `artifacts/acme/${flow}`, {json: {
        fingerprint: print(letter), filename: `registry/${letter}:1`, git_commit: commitOf(letter),
        git_commit_info: {sha1: commitOf(letter), message: 'm', author: 'maya', timestamp: begin - 600, branch: 'main', url: `https://github.com/acme/web/commit/${commitOf(letter)}`},
        repo_info: {url: 'https://github.com/acme/web', name: 'acme/web', id: '1', provider: 'github'},
        commit_url: `https://github.com/acme/web/commit/${commitOf(letter)}`, build_url: 'https://ci/1', repo_url: '', trail_name: trail, template_reference_name: name,
      }});
    },
  };
}

const short = events => events.map(({snapshot_index: index, type, sha256, description}) => `${index} ${type} ${sha256[0]} ${description.replace(/ instances? /, ' ')}`);

test('a report tells what started and what stopped; the same again tells nothing', async t => {
  const {at, begin, get, environment, report} = await played(t);
  await environment('prod');
  const log = async () => short(await get('environments/acme/prod/events'));
  const times = async () => {
    const {last_reported_at: reported, last_changed_at: changed} = await get('environments/acme/prod');
    return [reported, changed].map(time => time && Math.round(time - begin));
  };
  assert.deepEqual([await log(), await times()], [[], [null, null]]);
  at(10);
  await report('prod', []);
  assert.deepEqual([await log(), await times()], [[], [10, null]]);
  at(20);
  await report('prod', [instance('a', 1), instance('a', 2), instance('b')]);
  const first = ['1 started-unknown a 2 started running (from 0 to 2)', '1 started-unknown b 1 started running (from 0 to 1)'];
  assert.deepEqual([await log(), await times()], [first, [20, 20]]);
  at(30);
  await report('prod', [instance('b'), instance('a', 2), instance('a', 1)]);
  at(40);
  await report('prod', [instance('a', 30), instance('b', 35)]); // restarted, scaled
  assert.deepEqual([await log(), await times()], [first, [40, 20]]);
  at(50);
  await report('prod', [instance('c'), instance('b', 35)]);
  assert.deepEqual([await log(), await times()], [['2 exited a 2 stopped running (from 2 to 0)', '2 started-unknown c 1 started running (from 0 to 1)', ...first], [50, 50]]);
  at(60);
  await report('prod', [instance('a', 55), instance('c'), instance('b', 35)]);
  const [again] = await get('environments/acme/prod/events');
  assert.deepEqual([again.type, again.reported_at - begin, again.pipeline, again.flows, again.code_diff, again._links.artifact], ['started-unknown', 60, '', [], null, null]);
  const {artifacts} = await get('snapshots/acme/prod/2');
  assert.deepEqual(artifacts.map(({fingerprint, annotation, creationTimestamp}) => [fingerprint[0], annotation.type, annotation.was, annotation.now, creationTimestamp]), [
    ['b', 'unchanged', 1, 1, [35]], ['c', 'started-unknown', 0, 1, [1_700_000_000]], ['a', 'exited', 2, 0, [1, 2]],
  ]);
});

test('provenance, before it runs and after: flows, commits, trails', async t => {
  const {get, at, environment, report, artifact} = await played(t);
  await environment('prod');
  await artifact('a');
  at(10);
  await report('prod', [instance('a')]);
  at(20);
  await report('prod', [instance('b')]);
  at(30);
  await artifact('b');
  await artifact('b', {flow: 'scan', trail: 'nightly'});
  await artifact('b', {flow: 'scan', trail: 'nightly'}); // a job that ran twice
  at(40);
  await report('prod', [instance('b')]);
  at(50);
  await artifact('b', {flow: 'scan', trail: 'nightly'});
  await report('prod', [instance('b')]);
  const events = await get('environments/acme/prod/events');
  assert.deepEqual(events.map(({type, sha256, pipeline, flows, code_diff: diff}) => [type, sha256[0], pipeline, flows.map(({flow_name: name}) => name), diff?.slice(-83)]), [
    ['updated-provenance', 'b', 'build', ['build', 'scan'], `${commitOf('a')}...${commitOf('b')}`],
    ['exited', 'a', 'build', ['build'], undefined],
    ['started-unknown', 'b', '', [], undefined],
    ['started-unknown', 'a', 'build', ['build'], undefined],
  ]);
  at(60);
  await artifact('c');
  await report('prod', [instance('c')]);
  const started = (await get('environments/acme/prod/events')).find(({type, sha256}) => type === 'started-unknown' && sha256 === print('c'));
  assert.equal(started.code_diff, `https://github.com/acme/web/compare/${commitOf('b')}...${commitOf('c')}`);
  assert.deepEqual((await get(`trails/acme?fingerprint=${print('b')}`)).data.map(({name, flow}) => [flow.name, name]), [['scan', 'nightly'], ['build', commitOf('b')]]);
  assert.deepEqual((await get(`trails/acme?fingerprint=${print('f')}`)).data, []);
  const {events: trail} = await get(`trails/acme/build/${commitOf('c')}`);
  assert.deepEqual(trail.map(({type, environment_name: name}) => [type, name]), [['trail_reported', undefined], ['artifact_creation_reported', undefined], ['artifact_started_running', 'prod']]);
  const {running, exited: left, state, flow_name: flow} = await get('artifacts/acme/build/fingerprint/ccccc');
  assert.deepEqual([running, left, state, flow], [[{environment_name: 'prod', snapshot_index: 4}], [], 'COMPLIANT', 'build']);
  assert.deepEqual((await get(`artifacts/acme/build/commit_sha/${commitOf('a')}`))[0].exited, [{environment_name: 'prod', snapshot_index: 2}]);
  const repos = async name => (await get(`environments/acme/prod/events?repo_name=${name}`)).length;
  assert.deepEqual([await repos('acme/web'), await repos('acme/api'), await repos('acme%2Fapi&repo_name=acme/web')], [5, 0, 5]);
});

test('with a policy it is compliant or not, and becomes so', async t => {
  const {at, get, done, environment, report, artifact} = await played(t);
  await environment('prod');
  await environment('whole', 'logical', {included_environments: ['prod']});
  await artifact('a');
  at(10);
  await report('prod', [instance('a'), instance('b')]);
  const state = async () => Promise.all(['prod', 'whole'].map(async name => (await get(`environments/acme/${name}`)).state));
  assert.deepEqual(await state(), [null, null]);
  await done('POST', 'environments/acme/prod/policies', {json: {policy_names: ['provenance']}});
  at(20);
  await report('prod', [instance('a'), instance('b')]);
  assert.deepEqual(await state(), [false, false]);
  at(30);
  await artifact('b');
  await report('prod', [instance('a'), instance('b')]);
  assert.deepEqual(await state(), [true, true]);
  at(40);
  await artifact('c');
  const attest = (name, fields) => done('POST', `attestations/acme/build/trail/${commitOf(name)}/generic`, {form: [dataOf({user_data: {}, attestation_name: 'scan', ...fields})]});
  await attest('c', {is_compliant: false, artifact_fingerprint: print('c')});
  await report('prod', [instance('a'), instance('c')]);
  at(50);
  await attest('a', {is_compliant: false, target_artifacts: ['web']});
  await report('prod', [instance('a'), instance('c')]);
  assert.deepEqual((await get('environments/acme/prod/events')).reverse().map(({type, sha256, artifact_compliance: own, snapshot_compliance: all}) => [type, sha256[0], own, all]), [
    ['started-unknown', 'b', null, false], ['started-unknown', 'a', null, false],
    ['became-non-compliant', 'b', false, false], ['became-compliant', 'a', true, false],
    ['became-compliant', 'b', true, true],
    ['started-non-compliant', 'c', false, false], ['exited', 'b', true, false],
    ['became-non-compliant', 'a', false, false],
  ]);
  assert.deepEqual((await get('snapshots/acme/prod/3')).artifact_compliance_count, {true: 2, false: 0, null: 0});
  const [whole] = (await get('environments/acme')).filter(({name}) => name === 'whole');
  assert.deepEqual([whole.last_reported_at, whole.last_changed_at], [null, (await get('environments/acme/prod')).last_changed_at]);
  assert.equal((await get(`attestations/acme/build/artifact/${print('c')}/scan`))[0].artifact_fingerprint, print('c'));
});

test('the log and the snapshots, in every part of them', async t => {
  const {at, begin, get, send, environment, report} = await played(t);
  await environment('prod');
  for (const [place, letter] of [...'abcdef'].entries()) {
    at(86_400 * (place + 1));
    await report('prod', [instance(letter)]);
  }
  const day = number => begin + 86_400 * number;
  const events = async query => (await get(`environments/acme/prod/events?${query}`)).map(({snapshot_index: index, type}) => `${index}${type[0]}`).join(' ');
  const all = '6e 6s 5e 5s 4e 4s 3e 3s 2e 2s 1s';
  for (const [query, expected] of [
    ['', all],
    ['interval=&page=1&per_page=15&reverse=false', all],
    ['reverse=true&per_page=4', '1s 2s 2e 3s'],
    ['page=2&per_page=4', '4e 4s 3e 3s'],
    ['page=9', ''],
    [`start_ts=${day(5)}`, '6e 6s 5e 5s'],
    [`start_ts=${day(5)}.5`, '6e 6s'],
    [`end_ts=${day(2)}&end=5`, '2e 2s 1s'],
    [`start_ts=${day(2)}&end_ts=${day(3)}&reverse=true`, '2s 2e 3s 3e'],
    [`start_ts=${day(3)}&start=6`, '6e 6s 5e 5s 4e 4s 3e 3s'],
    ['start=5', '6e 6s 5e 5s'],
    ['start=-1', '6e 6s'],
    ['end=2', '2e 2s 1s'],
    ['start=NOW&end=NOW', '6e 6s'],
    ['start=2days', '6e 6s 5e 5s 4e 4s'],
    ['start=24hour&end=30mins', '5e 5s'],
    ['interval=5..6', '6e 6s 5e 5s'],
    ['interval=~4..3', '3e 3s 2e 2s'],
    ['interval=3..~4', '3e 3s 2e 2s'],
    ['interval=5..', '6e 6s 5e 5s'],
    ['interval=..5', '6e 6s 5e 5s'],
    ['interval=NOW', '6e 6s'],
  ]) assert.equal(await events(query), expected, query);

  at(86_400 * 8);
  const rows = await get('snapshots/acme/prod?per_page=2');
  assert.deepEqual(rows, [
    {index: 6, from: day(6), to: 0, compliant: false, duration: 2 * 86_400}, {index: 5, from: day(5), to: day(6), compliant: false, duration: 86_400},
  ]);
  const indexes = async query => (await get(`snapshots/acme/prod?${query}`)).map(({index}) => index);
  assert.deepEqual([await indexes('interval=~1..NOW'), await indexes('per_page=1000&reverse=true'), await indexes('page=2&per_page=4')], [[6, 5], [1, 2, 3, 4, 5, 6], [2, 1]]);
  const zoneless = number => new Date(day(number) * 1000).toISOString().slice(0, 19);
  for (const [expression, index] of [
    ['-1', 6], ['-6', 1], ['3', 3], ['%233', 3], ['~0', 6], ['~5', 1], ['@{now}', 6], [`@%7B${zoneless(3)}%7D`, 3], [`@{${zoneless(30)}}`, 6],
    ['@{3.days.ago}', 5], ['@{1.day.ago}', 6], ['@{96.hours.ago}', 4], ['@{1.weeks.ago}', 1],
  ]) assert.equal((await get(`snapshots/acme/prod/${expression}`)).index, index, expression);
  const gone = (shown, index) => ({message: `Org: 'acme'. Snapshot 'prod${shown}' resolves to 'prod#${index}'. len(snapshots) == 6. Indexes are 1-based`});
  for (const [path, status, body] of [
    ['snapshots/acme/prod/7', 404, gone('#7', 7)], ['snapshots/acme/prod/%2323', 404, gone('#23', 23)], ['snapshots/acme/prod/~6', 404, gone('~6', 0)],
    ['snapshots/acme/prod/-7', 404, gone('#-7', 0)], ['snapshots/acme/prod/@{2.months.ago}', 404, gone('@{2.months.ago}', 0)],
    ['snapshots/acme/none', 404, {message: 'Environment named \'none\' does not exist for organization \'acme\''}],
    ['environments/acme/none/events', 404, {message: 'Environment named \'none\' does not exist for organization \'acme\''}],
    ...['snapshots/acme/prod/x', 'snapshots/acme/prod/@{yesterday}', 'snapshots/acme/prod/@{2024-02-31T99:00:00}'].map(path => [path, 400]),
    ...['per_page=0', 'per_page=101', 'page=0', 'page=x', 'reverse=1', 'interval=a..b', 'interval=1..2..3', 'start=foo', 'end=1month', 'start_ts=x', 'end_ts=-1', 'type=started']
      .map(query => [`environments/acme/prod/events?${query}`, 400]),
  ]) {
    const answer = await send('GET', path);
    assert.equal(answer.status, status, path);
    if (body) assert.deepEqual(answer.body, body);
  }
});

test('what cannot be reported is refused; an environment that is renamed or archived keeps its history', async t => {
  const {send, get, done, environment, report} = await played(t);
  await environment('prod');
  await environment('whole', 'logical', {included_environments: ['prod']});
  await report('prod', [instance('a')]);
  const put = (name, type, json) => send('PUT', `environments/acme/${name}/report/${type}`, {json});
  for (const [name, type, json, status] of [
    ['none', 'K8S', {artifacts: []}, 404], ['whole', 'K8S', {artifacts: []}, 400], ['whole', 'logical', {artifacts: []}, 400], ['prod', 'server', {artifacts: []}, 400],
    ['prod', 'K8S', {}, 400], ['prod', 'K8S', {artifacts: [{digests: {}}]}, 400], ['prod', 'K8S', {artifacts: [{digests: {a: 'x'}, creationTimestamp: 1}]}, 400],
    ['prod', 'K8S', {artifacts: [{...instance('a'), color: 'red'}]}, 400], ['prod', 'K8S', {artifacts: [instance('a', '1')]}, 400],
  ]) assert.equal((await put(name, type, json)).status, status, JSON.stringify([name, type, json]));
  assert.equal((await put('whole', 'K8S', {artifacts: []})).body.message, 'cannot report a snapshot to the logical environment whole');
  for (const path of ['environments/acme/whole/events', 'snapshots/acme/whole', 'snapshots/acme/whole/-1']) {
    assert.match((await send('GET', path)).body.message, /ask for the members of 'whole': 'prod'$/);
  }
  await done('PUT', 'environments/acme/prod/rename', {json: {new_name: 'live'}});
  await report('prod', [instance('b')]);
  assert.deepEqual((await get('environments/acme/prod/events')).map(({environment_name: name, snapshot_index: index}) => [name, index]), [['live', 2], ['live', 2], ['live', 1]]);
  await done('PUT', 'environments/acme/live/archive', {json: null});
  assert.equal((await put('live', 'K8S', {artifacts: []})).body.message, 'Environment named \'live\' has been archived for organization \'acme\'');
  assert.equal((await send('GET', 'environments/acme/live/events')).status, 404);
  await environment('live');
  assert.equal((await get('environments/acme/live/events')).length, 3);
});

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
