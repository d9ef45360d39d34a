// What runs in an environment: reports in, events and snapshots out, as Kosli's real answers have them.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {ask} from './local-kosli.js';
import {commitOf, dataOf, instance, played, print, short} from './local-running-past.js';

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
