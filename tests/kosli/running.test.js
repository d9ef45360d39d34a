// The real kosli CLI on the local Kosli: what runs is reported, and told again.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {skip} from './cli.js';
import {cluster, localKosli} from './stage.js';

test('paths: reported, changed, reported again', {skip}, async t => {
  const {kosli, json, write} = await localKosli(t);
  write('app/main', 'one');
  write('tool/main', 'tool');
  write('paths.yml', 'version: 1\nartifacts:\n  web:\n    path: app\n  tool:\n    path: tool\n');
  assert.equal((await kosli('snapshot path live --path app --name web -A --environment-description new')).stdout, 'environment live was created\n[1] artifacts were reported to environment live\n');
  assert.equal((await kosli('snapshot path live --path app --name web')).stdout, '[1] artifacts were reported to environment live\n');
  const [only] = await json('list snapshots live');
  assert.deepEqual([only.index, only.to], [1, 0]);
  write('app/main', 'two');
  await kosli('snapshot paths live --paths-file paths.yml');
  await kosli('snapshot server live --paths app,tool');
  assert.deepEqual((await json('log env live')).map(({snapshot_index: index, type, artifact_name: name}) => [index, type, name]).sort(), [
    [1, 'started-unknown', 'web'], [2, 'exited', 'web'], [2, 'started-unknown', 'tool'], [2, 'started-unknown', 'web'],
  ], 'the same fingerprints by other names are the same artifacts');
  assert.equal((await json('log env live --reverse --page-limit 1'))[0].snapshot_index, 1);
  assert.deepEqual((await json('log env live -i 1..1')).map(({snapshot_index: index}) => index), [1]);
  assert.equal((await json('log env live --start 2 --end NOW')).length, 3);
  const {reported_at: second} = (await json('log env live'))[0];
  assert.equal((await json(`log env live --start-ts ${second}`)).length, 3);
  assert.equal((await json(`log env live --end-ts ${second - 0.000_01}`)).length, 1);
  assert.deepEqual((await json('list snapshots live --reverse')).map(({index}) => index), [1, 2]);
  for (const [expression, index] of [['live', 2], ['live#1', 1], ['live~1', 1], ['live@{now}', 2], ['live@{2999-01-01T00:00:00}', 2]]) {
    assert.equal((await json(`get snapshot ${expression}`)).index, index, expression);
  }
  const {last_changed_at: changed, last_reported_at: reported, state} = (await json('list env'))[0];
  assert.deepEqual([changed, reported > changed, state], [second, true, null]);

  // Tables, which the CLI makes of what must be there.
  for (const [line, shown] of [
    ['log env live', /#2 +Artifact: /], ['list snapshots live', /^2 .* false$/m], ['get snapshot live', /Name: tool/], ['list env', /live/], ['get env live', /N\/A/],
  ]) assert.match((await kosli(line)).stdout, shown, line);

  const failed = async line => {
    const {code, stderr} = await kosli(line, {mayFail: true});
    return [code, stderr.trim().replace(/^Error: \[kosli [^\]]*\] /, '')];
  };
  const missing = "Environment named 'none' does not exist for organization 'acme'";
  await kosli('create env whole --type logical --included-environments live');
  await kosli('create env empty --type server');
  for (const [line, error] of [
    ['log env none', missing], ['list snapshots none', missing], ['get snapshot none', missing], ['snapshot path none --path app --name web', missing],
    ['get snapshot live#23', "Org: 'acme'. Snapshot 'live#23' resolves to 'live#23'. len(snapshots) == 2. Indexes are 1-based"],
    ['get snapshot empty', "Org: 'acme'. Snapshot 'empty#-1' resolves to 'empty#0'. len(snapshots) == 0. Indexes are 1-based"],
    ['snapshot path whole --path app --name web', 'cannot report a snapshot to the logical environment whole'],
    ['log env live -n 101', "Input payload validation failed: map[per_page:'101' is not a whole number from 1 to 100]"],
    ['assert snapshot live', 'NON-COMPLIANT'],
  ]) assert.deepEqual(await failed(line), [1, error], line);
});

test('an artifact has its flow, its trail and its commit', {skip}, async t => {
  const {kosli, json, write, run} = await localKosli(t);
  await kosli('create env live --type server');
  await kosli('create flow build --use-empty-template');
  for (const args of [['init', '-q'], ['config', 'user.email', 'maya@example.com'], ['config', 'user.name', 'Maya']]) await run('git', args);
  const build = async content => {
    write('web', content);
    await run('git', ['add', 'web']);
    await run('git', ['commit', '-qm', content]);
    const commit = (await run('git', ['rev-parse', 'HEAD'])).stdout.trim();
    await kosli(`begin trail ${commit} --flow build --commit ${commit}`);
    const {stdout} = await kosli(`attest artifact web --artifact-type file --build-url https://ci/1 --commit-url https://github.com/acme/web/commit/${commit} --flow build --trail ${commit} --name web`);
    const [, fingerprint] = /^artifact web was attested with fingerprint: ([0-9a-f]{64})\n$/.exec(stdout);
    return {commit, fingerprint};
  };
  const one = await build('one');
  await kosli('snapshot path live --path web --name web');
  const two = await build('two');
  await kosli('snapshot path live --path web --name web');
  const started = (await json('log env live')).find(({snapshot_index: index, type}) => index === 2 && type.startsWith('started'));
  assert.deepEqual([started.sha256, started.pipeline, started.code_diff], [two.fingerprint, 'build', `https://github.com/acme/web/compare/${one.commit}...${two.commit}`]);
  assert.match((await kosli('log env live')).stdout, / build\n/);
  const {data: [trail]} = await json(`list trails --fingerprint ${two.fingerprint}`);
  assert.deepEqual([trail.name, trail.git_commit_info.sha1, trail.compliance_status.artifacts_statuses.web.artifact_fingerprint], [two.commit, two.commit, two.fingerprint]);
  const {running: runs, git_commit: commit} = await json(`get artifact build@${two.fingerprint.slice(0, 7)}`);
  assert.deepEqual([runs, commit], [[{environment_name: 'live', snapshot_index: 2}], two.commit]);
  assert.match((await kosli(`get artifact build:${one.commit}`)).stdout, /Exited from environments: +live#2/);
  const [flow] = (await json('get snapshot live')).artifacts[0].flows;
  assert.deepEqual([flow.trail_name, flow.git_commit_info.author], [two.commit, 'Maya <maya@example.com>']);
  await kosli(`attest generic --flow build --trail ${two.commit} --name web.scan --compliant=false`);
  await kosli(`attest generic --flow build --trail ${two.commit} --name scan --fingerprint ${two.fingerprint}`);
  assert.deepEqual((await json(`get attestation scan --flow build --fingerprint ${two.fingerprint}`)).map(({is_compliant: passes}) => passes), [true, false]);
  await kosli('attach-policy provenance --environment live');
  await kosli('snapshot path live --path web --name web');
  assert.deepEqual((await json('log env live'))[0].type, 'became-compliant');
  assert.equal((await kosli('assert snapshot live')).stdout, 'COMPLIANT\n');
});

test('pods of a cluster, as the CLI lists them', {skip}, async t => {
  const {kosli, json, write} = await localKosli(t);
  const {runs, pod} = await cluster(t, write);
  await kosli('create env cluster --type K8S');
  const report = async (...running) => {
    runs(...running);
    await kosli('snapshot k8s cluster --kubeconfig kubeconfig');
    return (await json('log env cluster')).map(({snapshot_index: index, type, sha256}) => `${index} ${type} ${sha256[0]}`);
  };
  const deployed = ['1 started-unknown a'];
  assert.deepEqual(await report(pod('web-1', 'a', '2026-01-01T00:00:00Z'), pod('web-2', 'a', '2026-01-01T00:00:05Z')), deployed);
  assert.deepEqual(await report(pod('web-3', 'a', '2026-01-02T00:00:00Z'), pod('web-2', 'a', '2026-01-01T00:00:05Z')), deployed, 'one was restarted');
  assert.deepEqual(await report(pod('web-4', 'b', '2026-01-03T00:00:00Z')), ['2 exited a', '2 started-unknown b', ...deployed]);
  const {artifacts: [running]} = await json('get snapshot cluster');
  assert.deepEqual([running.creationTimestamp, Object.keys(running.pods), running.pods['web-4'].namespace], [[Date.parse('2026-01-03T00:00:00Z') / 1000], ['web-4'], 'live']);
  assert.match((await kosli('get snapshot cluster')).stdout, /Name: registry\/web:b/);
});
