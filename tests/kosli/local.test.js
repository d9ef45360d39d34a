// The real kosli CLI on the local Kosli: what it prints, and how it exits, for every command that the local Kosli serves.
import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import {writeFileSync} from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {serve, temporaryFolder} from '../../npm/test/local-kosli.js';
import {program, skip} from './cli.js';

const repo = '[warning] Repo information will not be reported as ID, Name and URL are required.\n';

test('the story of the blog post', {skip}, async t => {
  const {kosli} = await localKosli(t);
  await kosli('create env prod-aws --type K8S --description Production', 'environment prod-aws was created\n');
  await kosli('create flow prod-aws-nodeploy --use-empty-template', 'flow \'prod-aws-nodeploy\' was created\n');
  await kosli('tag env prod-aws --set nodeploy=2024-10-31T10.44.48', 'Tag(s) [nodeploy] added for env \'prod-aws\'\n');
  await kosli('begin trail 2024-10-31T10.44.48 --flow prod-aws-nodeploy', 'trail \'2024-10-31T10.44.48\' was begun\n', repo);
  await kosli(
    ['attest', 'generic', '--flow', 'prod-aws-nodeploy', '--trail', '2024-10-31T10.44.48', '--name', 'nodeploy-on', '--description', 'Demo for blog post'],
    'generic attestation \'nodeploy-on\' is reported to trail: 2024-10-31T10.44.48\n', repo,
  );
  assert.deepEqual((await kosli.json('get env prod-aws')).tags, {nodeploy: '2024-10-31T10.44.48'});
  await kosli('tag env prod-aws --unset nodeploy', 'Tag(s) [nodeploy] removed for env \'prod-aws\'\n');
  await kosli(
    'attest generic --flow prod-aws-nodeploy --trail 2024-10-31T10.44.48 --name nodeploy-off',
    'generic attestation \'nodeploy-off\' is reported to trail: 2024-10-31T10.44.48\n', repo,
  );
  assert.deepEqual((await kosli.json('get env prod-aws')).tags, {});
  const trail = await kosli.json('get trail 2024-10-31T10.44.48 --flow prod-aws-nodeploy');
  assert.equal(trail.compliance_state, 'COMPLIANT');
  assert.deepEqual(trail.events.map(({type, template_reference_name: name}) => [type, name]), [
    ['trail_reported', undefined], ['trail_attestation_reported', 'nodeploy-on'], ['trail_attestation_reported', 'nodeploy-off'],
  ]);
  const [on] = await kosli.json('get attestation nodeploy-on --flow prod-aws-nodeploy --trail 2024-10-31T10.44.48');
  assert.equal(on.description, 'Demo for blog post');
  assert.equal(on.reported_by, 'alice');
  assert.equal((await kosli.json(`get attestation --attestation-id ${on.attestation_id}`)).data[0].description, 'Demo for blog post');
});

test('what exists is updated, what does not is an error', {skip}, async t => {
  const {kosli} = await localKosli(t);
  const prefix = 'Error: [kosli';
  await kosli('create env e --type server', 'environment e was created\n');
  await kosli('create env e --type server --description again', 'environment e was created\n');
  assert.equal((await kosli.json('get env e')).description, 'again');
  await kosli('create env e --type server', 'environment e was created\n');
  assert.equal((await kosli.json('get env e')).description, 'again');
  await kosli('create flow f --use-empty-template', 'flow \'f\' was created\n');
  await kosli('create flow f --use-empty-template --description again', 'flow \'f\' was updated\n');
  await kosli('begin trail t --flow f --description first', 'trail \'t\' was begun\n', repo);
  await kosli('begin trail t --flow f', 'trail \'t\' was updated\n', repo);
  assert.equal((await kosli.json('get trail t --flow f')).description, 'first');
  await kosli('tag flow f --set team=core', 'Tag(s) [team] added for flow \'f\'\n');
  assert.deepEqual((await kosli.json('get flow f')).tags, {team: 'core'});
  await kosli('tag env e --set a=1 --set b=2 --unset c', 'Tag(s) [a, b] added, and Tag(s) [c] removed for env \'e\'\n');
  await kosli('tag env e', 'No tags were applied for env \'e\'\n');
  assert.deepEqual(await kosli.json('get attestation none --flow f --trail t'), []);

  const noEnvironment = 'Environment named \'none\' does not exist for organization \'acme\'\n';
  const noFlow = 'Flow named \'none\' does not exist for organization \'acme\'\n';
  const noTrail = 'Trail with name \'none\' does not exist for Organization \'acme\' and Flow \'f\'\n';
  const invalid = 'Input payload validation failed: map';
  for (const [line, error] of [
    ['get env none', `${prefix} get environment] ${noEnvironment}`],
    ['tag env none --set a=1', `${prefix} tag] ${noEnvironment}`],
    ['get flow none', `${prefix} get flow] ${noFlow}`],
    ['tag flow none --set a=1', `${prefix} tag] ${noFlow}`],
    ['list trails --flow none', `${prefix} list trails flow=none] ${noFlow}`],
    ['begin trail t --flow none', `${repo}${prefix} begin trail flow=none] ${noFlow}`],
    ['get trail none --flow f', `${prefix} get trail flow=f] ${noTrail}`],
    ['get attestation a --flow f --trail none', `${prefix} get attestation flow=f trail=none] ${noTrail}`],
    ['attest generic --name a --flow f --trail none', `${repo}${prefix} attest generic flow=f trail=none] ${noTrail}`],
    [['create', 'env', 'a b', '--type', 'server'], `${prefix} create environment] ${invalid}[name:'a b' does not match '^[a-zA-Z0-9][a-zA-Z0-9.\\-_]*$']\n`],
    ['begin trail 2024-10-31T10:44:48Z --flow f', `${repo}${prefix} begin trail flow=f] ${invalid}[name:'2024-10-31T10:44:48Z' does not match '^[a-zA-Z0-9][a-zA-Z0-9.\\-_~]*$']\n`],
    ['tag env e --set a:b=1', `${prefix} tag] ${invalid}[set_tags:'a:b' does not match '^[a-zA-Z0-9][a-zA-Z0-9\\-_.~]*$']\n`],
    [['attest', 'generic', '--name', 'a b', '--flow', 'f', '--trail', 't'], `${repo}${prefix} attest generic flow=f trail=t] ${invalid}[attestation_name:'a b' does not match '^[a-zA-Z0-9\\-_,]+$']\n`],
    ['create flow g --quiet', `${prefix} create flow] The local Kosli takes flows with a template only: add --use-empty-template or --template-file\n`],
    ['get env e --api-token wrong', `${prefix} get environment] The API token is missing or wrong\n`],
    ['get env e --org other', `${prefix} get environment] You don't have permission to access this resource\n`],
  ]) await kosli(line, '', error, 1);
});

test('environments are listed, filtered, sorted and paged', {skip}, async t => {
  const {kosli} = await localKosli(t);
  for (const [name, type] of [['prod-aws', 'ECS'], ['prod-k8s', 'K8S'], ['staging', 'K8S']]) {
    await kosli(`create env ${name} --type ${type}`, `environment ${name} was created\n`);
  }
  await kosli('create env prod --type logical --included-environments prod-aws,prod-k8s', 'environment prod was created\n');
  await kosli('tag env staging --set team=core', 'Tag(s) [team] added for env \'staging\'\n');
  const names = async (flags, among = body => body) => among(await kosli.json(`list env ${flags}`)).map(({name}) => name);
  assert.deepEqual(await names(''), ['prod', 'prod-aws', 'prod-k8s', 'staging']);
  assert.deepEqual(await names('--name PROD-'), ['prod-aws', 'prod-k8s']);
  assert.deepEqual(await names('--type K8S --type logical'), ['prod', 'prod-k8s', 'staging']);
  assert.deepEqual(await names('--tag team'), ['staging']);
  assert.deepEqual(await names('--tag team:core'), ['staging']);
  assert.deepEqual(await names('--tag team:other'), []);
  assert.deepEqual(await names('--tag constructor'), []);
  assert.deepEqual(await names('--sort last_modified_at --sort-direction desc'), ['staging', 'prod', 'prod-k8s', 'prod-aws']);
  assert.deepEqual(await names('--page 2 --page-limit 3', ({environments}) => environments), ['staging']);
  const {environments, ...page} = await kosli.json('list env --page 1 --page-limit 3');
  assert.deepEqual(page, {page: 1, per_page: 3, total_pages: 2, total_count: 4});
  assert.deepEqual((await kosli.json('get env prod')).included_environments, ['prod-aws', 'prod-k8s']);
});

test('logical environments: joined, made of others; archived, renamed', {skip}, async t => {
  const {kosli} = await localKosli(t);
  for (const name of ['a', 'b', 'c']) await kosli(`create env ${name} --type K8S`, `environment ${name} was created\n`);
  await kosli('create env l --type logical', 'environment l was created\n');
  const members = async () => (await kosli.json('get env l')).included_environments;
  assert.deepEqual(await members(), []);
  await kosli('join env --physical a --logical l', "environment 'a' was joined to 'l'\n");
  await kosli('join env --physical b --logical l', "environment 'b' was joined to 'l'\n");
  await kosli('join env --physical a --logical l', "environment 'a' was joined to 'l'\n");
  assert.deepEqual(await members(), ['a', 'b']);
  await kosli('create env l --type logical --included-environments b,c', 'environment l was created\n');
  assert.deepEqual(await members(), ['b', 'c']);
  const list = async () => (await kosli.json('list env')).map(({name}) => name);
  await kosli('tag env b --set nodeploy=T1', "Tag(s) [nodeploy] added for env 'b'\n");
  await kosli('rename env b bee', 'environment b was renamed to bee\n');
  assert.deepEqual([await list(), await members()], [['a', 'bee', 'c', 'l'], ['bee', 'c']]);
  const former = await kosli.json('get env b');
  assert.deepEqual([former.name, former.tags], ['bee', {nodeploy: 'T1'}]);
  await kosli('create env b --type K8S', 'environment b was created\n');
  assert.deepEqual((await kosli.json('get env b')).tags, {});
  await kosli('archive environment c', 'environment c was archived\n');
  assert.deepEqual(await list(), ['a', 'b', 'bee', 'l']);
  const prefix = 'Error: [kosli';
  for (const [line, error] of [
    ['get env c', `${prefix} get environment] Environment named 'c' has been archived for organization 'acme'\n`],
    ['tag env c --set a=1', `${prefix} tag] Environment named 'c' has been archived for organization 'acme'\n`],
    ['join env --physical none --logical l', `${prefix} join environment] Environment named 'none' does not exist for organization 'acme'\n`],
  ]) await kosli(line, '', error, 1);
  await kosli('create env c --type K8S', 'environment c was created\n');
  assert.deepEqual(await list(), ['a', 'b', 'bee', 'c', 'l']);
});

test('trails are listed newest first, in pages', {skip}, async t => {
  const {kosli} = await localKosli(t);
  await kosli('create flow f --use-empty-template', 'flow \'f\' was created\n');
  for (const name of ['t1', 't2', 't3']) await kosli(`begin trail ${name} --flow f`, `trail '${name}' was begun\n`, repo);
  const page = async flags => {
    const {data, pagination} = await kosli.json(`list trails ${flags}`);
    return [data.map(({name}) => name), pagination];
  };
  assert.deepEqual(await page('--flow f'), [['t3', 't2', 't1'], {total: 3, page: 1, per_page: 20, page_count: 1}]);
  assert.deepEqual(await page('--flow f --page 2 --page-limit 2'), [['t1'], {total: 3, page: 2, per_page: 2, page_count: 2}]);
  assert.deepEqual(await page('--flow f --page 9 --page-limit 2'), [[], {total: 3, page: 9, per_page: 2, page_count: 2}]);
  assert.deepEqual((await page(''))[0], ['t3', 't2', 't1']);
  assert.deepEqual((await page('--flow-tag a=b'))[0], []);
  assert.deepEqual((await kosli.json('list flows')).map(({name}) => name), ['f']);
});

test('a template decides what a trail misses', {skip}, async t => {
  const {kosli, folder} = await localKosli(t);
  const template = path.join(folder, 'template.yml');
  writeFileSync(template, 'version: 1\ntrail:\n  attestations:\n    - name: nodeploy-on\n      type: generic\n    - name: nodeploy-off\n      type: generic\n');
  await kosli(`create flow f --template-file ${template}`, 'flow \'f\' was created\n');
  await kosli('begin trail t --flow f', 'trail \'t\' was begun\n', repo);
  const state = async () => {
    const {compliance_state: state, compliance_status: {attestations_statuses: statuses}} = await kosli.json('get trail t --flow f');
    return [state, ...statuses.map(status => [status.attestation_name, status.status, status.is_compliant, status.unexpected])];
  };
  const attest = (name, more = '') => kosli(`attest generic --flow f --trail t --name ${name} ${more}`, `generic attestation '${name}' is reported to trail: t\n`, repo);
  assert.deepEqual(await state(), ['INCOMPLETE', ['nodeploy-on', 'MISSING', null, false], ['nodeploy-off', 'MISSING', null, false]]);
  await attest('nodeploy-on');
  await attest('extra', '--compliant=false');
  assert.equal((await state())[0], 'NON-COMPLIANT');
  await attest('extra'); // the latest counts
  assert.deepEqual(await state(), ['INCOMPLETE', ['nodeploy-on', 'COMPLETE', true, false], ['nodeploy-off', 'MISSING', null, false], ['extra', 'COMPLETE', true, true]]);
  await attest('nodeploy-off', '--compliant=false');
  assert.equal((await state())[0], 'NON-COMPLIANT');
  await attest('nodeploy-off');
  assert.deepEqual(await state(), ['COMPLIANT', ['nodeploy-on', 'COMPLETE', true, false], ['nodeploy-off', 'COMPLETE', true, false], ['extra', 'COMPLETE', true, true]]);
  assert.equal((await kosli.json('get attestation nodeploy-off --flow f --trail t')).length, 2);
  writeFileSync(template, 'version: 1\ntrail: {attestations: []}\n');
  await kosli(
    `create flow g --template-file ${template}`, '',
    'Error: [kosli create flow] Input payload validation failed: map[template:line 2 of the template is YAML that is not understood here: `trail: {attestations: []}`]\n', 1,
  );
});

test('texts come back to the byte', {skip}, async t => {
  const {kosli, folder} = await localKosli(t);
  await kosli('create flow f --use-empty-template', 'flow \'f\' was created\n');
  await kosli('begin trail t --flow f', 'trail \'t\' was begun\n', repo);
  const file = path.join(folder, 'attached');
  writeFileSync(file, Buffer.from([0, 13, 10, 45, 45, 255]));
  const texts = [
    'a\r\nb', 'a\rb', 'a\n', '\r\n', 'x\r\n--boundary\r\n--', ' ', '"quoted" \\ <&>', 'déjà vu 🚦 \u{10FFFF}', '\u0001\u001F\u007F\u0085\u2028', '%41%', 'x'.repeat(4096), '🚦'.repeat(1024),
  ];
  for (const text of texts) {
    // A quote among the annotations has rules of its own, which are the CLI's.
    const annotation = text.includes('"') ? 'none' : text;
    const words = ['attest', 'generic', '--flow', 'f', '--trail', 't', '--name', 'a', '--description', text, '--annotate', `text=${annotation}`];
    await kosli([...words, '--attachments', file], 'generic attestation \'a\' is reported to trail: t\n', repo);
    const [latest] = await kosli.json('get attestation a --flow f --trail t');
    assert.equal(latest.description, text);
    assert.equal(latest.annotations.text, annotation);
    assert.equal(latest.has_audit_package, true);
  }
});

// `kosli(line or words, stdout, stderr, code)` runs the CLI and checks what it says; `kosli.json(…)` returns what it prints.
async function localKosli(t) {
  const folder = temporaryFolder(t);
  const server = await serve(t);
  // Nothing of the environment: a KOSLI_* variable or a ~/.kosli.yml would change what is sent.
  const env = {HOME: folder, KOSLI_HOST: server.url, KOSLI_ORG: server.org, KOSLI_API_TOKEN: server.token};
  const run = words => new Promise(resolve => {
    execFile(program, words, {env, cwd: folder, maxBuffer: 1e8}, (error, stdout, stderr) => resolve({stdout, stderr, code: error ? error.code : 0}));
  });
  const wordsOf = line => Array.isArray(line) ? line : line.split(' ').filter(word => word !== '');
  const kosli = async (line, stdout, stderr = '', code = 0) => assert.deepEqual(await run(wordsOf(line)), {stdout, stderr, code}, `kosli ${line}`);
  kosli.json = async line => {
    const {stdout, stderr, code} = await run([...wordsOf(line), '--output', 'json']);
    assert.deepEqual({stderr, code}, {stderr: '', code: 0}, `kosli ${line}`);
    return JSON.parse(stdout);
  };
  return {kosli, folder};
}
