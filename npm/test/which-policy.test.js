// Which policy a gate goes by: the one that is named, or the one in the working folder. A near miss is no "no policy".
import assert from 'node:assert/strict';
import {chmodSync, mkdirSync, realpathSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import test from 'node:test';
import {CLI, node, nodeploy} from './child.js';
import {ask, serve, temporaryFolder} from './local-kosli.js';

const KOSLI = {KOSLI_ORG: 'acme', KOSLI_API_TOKEN: 'secret-token', KOSLI_HOST: 'http://127.0.0.1:9', KOSLI_MAX_API_RETRIES: '0', NODEPLOY_ENV: 'prod'};
const WINDOWS = [
  {name: 'a', environments: ['prod-*']}, {name: 'b', environments: ['*-aws']}, {name: 'c', environments: ['*'], suspended: true},
  {name: 'd', environments: ['staging']}, {name: 'e', environments: ['prod-*'], types: ['ECS']},
].map(window => ({effect: 'freeze', timezone: 'UTC', from: '2099-01-01', to: '2099-01-02', ...window}));

/** A folder with these files. */
function folder(t, files = []) {
  const path = temporaryFolder(t);
  for (const name of files) {
    mkdirSync(dirname(join(path, name)), {recursive: true});
    writeFileSync(join(path, name), '{"windows": []}');
  }
  return path;
}

for (const name of [
  'Nodeploy.yaml', 'nodeploy.YAML', 'NODEPLOY.JSON', 'nodeploy.yaml.txt', '.nodeploy.yaml', '.nodeploy.yml.swp', '_nodeploy.yaml', 'nodeploy.yaml~', 'nodeploy.yaml.bak', 'nodeploy.json.orig',
  'nodeploy.yaml ', ' nodeploy.yaml', 'nodeploy .yaml', 'nodeploy..yaml', 'nodeploy.yaml.', 'nodeploy (1).yaml', 'nodeploy copy.yml', 'nodeploy.yaml.yaml', 'nodeploy.yml.json',
  'no-deploy.yaml', 'no_deploy.yml', 'nodeploys.yaml', 'nodeply.yaml', 'nodepoly.json', 'n\u043Edeploy.yaml', 'ｎodeploy.yaml', 'nodeploy\u200B.yaml', 'nodeploy.yam', 'nodeploy.yalm', 'nodeploy.jsonc', 'nodeploy.json5',
  'nodeploy', '.nodeploy', 'node-deploy.yaml', 'no.deploy.yaml', 'nodeploy_yaml', 'nodeploy-yaml', 'nodeploy,yaml', 'nodeploy-policy.yaml', 'nodeploy_policy.yml', 'nodeployPolicy.yaml', 'nodeploy.prod.yaml',
  'nodeploy-prod.yaml', 'prod.nodeploy.YAML', 'nodeploy.config.yaml', 'Copy of nodeploy.yaml', 'no deploy.yaml', 'nodeploy-v2.json', 'n\u043Ed\u0435ploy.yaml', 'nodeploy.acme.yaml', 'NODEPLOY_YAML',
  '.github/nodeploy.yaml', '.config/nodeploy.yml', '.nodeploy/nodeploy.json', 'nodeploy/nodeploy.yaml', '.nodeploy/policy.yaml', '.github/nodeploy-policy.yaml',
  '.gitlab/nodeploy.yml', '.circleci/nodeploy.yaml', '.azuredevops/nodeploy.yaml', '.azure-pipelines/nodeploy.yaml', '.buildkite/nodeploy.yaml', '.kosli/nodeploy.yaml', 'kosli/nodeploy.yaml', '.ci/nodeploy.yaml', 'ci/nodeploy.yaml',
  'config/nodeploy.yaml', 'deploy/nodeploy.json', 'deployment/nodeploy.yaml', 'policies/nodeploy.yaml', 'policy/nodeploy.yaml', 'deploy/Nodeploy.yaml',
]) {
  test(`a near miss: ${JSON.stringify(name)}`, {skip: process.platform !== 'linux' && 'not every system has such names'}, async t => {
    const cwd = folder(t, [name]);
    const [text, json, none] = await Promise.all([['assert'], ['assert', '--json'], ['assert', '--policy=']].map(args => nodeploy(args, {env: KOSLI, cwd})));
    assert.deepEqual([text.code, text.stdout, json.code], [2, '', 2]);
    const shown = name.replace('\u200B', '\\u{200b}');
    const isElsewhere = /\/nodeploy\.(yaml|yml|json)$/.test(name);
    assert.ok(text.stderr.startsWith(`nodeploy: \`${shown}\` is ${isElsewhere ? 'in a folder below, and is not read: a policy is looked for in the folder that' : 'here, and is not read: a policy is called nodeploy.yaml,'}`), text.stderr);
    assert.ok(JSON.parse(json.stdout).summary.includes(`\`${shown}\``), json.stdout);
    assert.match(none.stderr, /ECONNREFUSED/, 'it can be said that there is none');
  });
}

test('what is no near miss, and a near miss beside a policy', async t => {
  const names = [
    'deploy.yaml', 'nodeploy.js', 'nodeploy.cjs', 'nodeploy.sh', 'nodeploy.schema.json', 'nodeploy.yaml.example', 'nodeploy.example.yaml', 'nodeploy-example.yaml', 'nodeploy.yaml.tmpl', 'nodeploy-0.1.0.tgz', 'nodeploy-yaml.md',
    'my.yaml', 'package.json', '...', 'yaml', 'undeploy.yml', 'redeploy.yaml', 'node_modules/nodeploy/nodeploy.yaml', '.github/workflows/nodeploy.yaml', '.github/deploy.yaml', 'nodeploy/package.json', 'src/nodeploy.yaml', 'deploy/policy.yaml', 'config/config.yaml',
  ];
  const cwd = folder(t, names);
  mkdirSync(join(cwd, 'nodeploy.yaml.d'));
  // What has an odd name is looked into: these are a script, a Kubernetes manifest, and one of an add-on.
  writeFileSync(join(cwd, '.nodeploy'), '#!/bin/sh\nexec kosli "$@"\n');
  writeFileSync(join(cwd, 'node-deploy.yaml'), 'kind: Deployment\nspec: {nodeSelector: {kubernetes.io/os: windows}}\n');
  writeFileSync(join(cwd, 'nodeploy-rbac.yaml'), 'kind: Role\n');
  assert.match((await nodeploy(['assert'], {env: KOSLI, cwd})).stderr, /ECONNREFUSED/);
  writeFileSync(join(cwd, 'nodeploy.yaml.bak'), 'windows: [');
  writeFileSync(join(cwd, 'nodeploy.yml'), 'windows: []');
  assert.match((await nodeploy(['assert'], {env: KOSLI, cwd})).stderr, /ECONNREFUSED/);
});

test('a policy in a folder above', async t => {
  const root = folder(t, ['nodeploy.yml', 'repo/README.md', 'repo/nodeploy.json', 'repo/services/api/main.js', 'repo/services/own/nodeploy.yaml', 'repo/lib/.git', 'repo/lib/src/main.js']);
  const run = (cwd, env = {}, ...args) => nodeploy(['assert', ...args], {env: {...KOSLI, ...env}, cwd: join(root, cwd)});
  const refuses = async (cwd, path, env) => {
    const {code, stdout, stderr} = await run(cwd, env);
    assert.deepEqual([code, stdout], [2, '']);
    assert.ok(stderr.startsWith(`nodeploy: \`${path}\` is in a folder above, and is not read: `) && stderr.includes(`\nname it: --policy ${path} (or --policy= for none)`), stderr);
  };
  await refuses('repo/services/api', '../../nodeploy.json');
  await refuses('repo/services', '../nodeploy.json');
  const asks = async (...args) => assert.match((await run(...args)).stderr, /ECONNREFUSED/);
  await asks('repo/lib'); // a repository of its own
  await asks('repo/lib/src');
  await asks('repo/services/own');
  await asks('repo/services/api', {}, '--policy=');
  await asks('repo/services/api', {NODEPLOY_POLICY: '../../nodeploy.json'});
  await asks('repo/services/api', {HOME: join(root, 'repo/services')});
  await refuses('repo/services/api', '../../nodeploy.json', {HOME: join(root, 'repo')});
  rmSync(join(root, 'repo/nodeploy.json'));
  await refuses('repo/services/api', '../../../nodeploy.yml');
  mkdirSync(join(root, 'repo/.git'));
  await asks('repo/services/api');
});

test('a policy that a CI has checked out below', async t => {
  const root = folder(t, ['app/.git/HEAD', 'app/nodeploy.yml', 'infra/nodeploy.yaml', 'README.md']);
  const run = (env, ...args) => nodeploy(['assert', ...args], {env: {...KOSLI, ...env}, cwd: root});
  for (const env of [{CI: 'true'}, {TF_BUILD: 'True'}, {JENKINS_URL: 'https://ci.example/'}]) {
    const {code, stdout, stderr} = await run(env);
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, /^nodeploy: `app\/nodeploy\.yml` was checked out below .*\nname it: --policy app\/nodeploy\.yml \(or --policy= for none\)/);
  }
  const asks = async (...args) => assert.match((await run(...args)).stderr, /ECONNREFUSED/);
  await asks({}); // somebody's own folder of repositories
  await asks({CI: 'true'}, '--policy=');
  rmSync(join(root, 'app/nodeploy.yml'));
  await asks({CI: 'true'}); // no repository
  mkdirSync(join(root, 'lost+found/.git'), {recursive: true});
  writeFileSync(join(root, 'lost+found/nodeploy.yaml'), '');
  await asks({CI: 'true'}); // seldom one's own
  writeFileSync(join(root, 'app/nodeploy.yml'), '');
  mkdirSync(join(root, '.git'));
  await asks({CI: 'true'}); // one with another in it
});

test('a link to a policy that is gone, in a folder above', {skip: process.platform === 'win32' && 'links need rights there'}, async t => {
  const root = folder(t, ['services/main.js']);
  symlinkSync('gone.yaml', join(root, 'nodeploy.yaml'));
  const {code, stderr} = await nodeploy(['assert'], {env: KOSLI, cwd: join(root, 'services')});
  assert.equal(code, 2);
  assert.match(stderr, /^nodeploy: `\.\.\/nodeploy\.yaml` is in a folder above/);
});

test('NODEPLOY_POLICY names a file as --policy does; an empty one is as if it were not set', async t => {
  const cwd = folder(t, ['nodeploy.yaml']);
  writeFileSync(join(cwd, 'mine.yaml'), 'windows: [');
  const run = (variable, ...args) => nodeploy(['assert', ...args], {env: {...KOSLI, NODEPLOY_POLICY: variable}, cwd});
  assert.match((await run('mine.yaml')).stderr, /^nodeploy: mine\.yaml:1:11: /);
  assert.match((await run('no.yaml')).stderr, /^nodeploy: no\.yaml: there is no such file\n/);
  assert.match((await run('mine.yaml', '--policy', 'nodeploy.yaml')).stderr, /ECONNREFUSED/);
  assert.match((await run('mine.yaml', '--policy=')).stderr, /ECONNREFUSED/);
  writeFileSync(join(cwd, 'nodeploy.yaml'), 'windows: [');
  assert.match((await run('')).stderr, /^nodeploy: nodeploy\.yaml:1:11: /);
  assert.match((await nodeploy(['on', '-r', 'x', '--by', 'x'], {env: {...KOSLI, NODEPLOY_POLICY: 'mine.yaml'}, cwd})).stderr, /ECONNREFUSED/, '`on` does not go by it');
});

test('a working folder that is gone', {skip: process.platform === 'win32' && 'it cannot be removed there'}, async t => {
  const cwd = join(temporaryFolder(t), 'gone');
  mkdirSync(cwd);
  const script = `process.chdir(${JSON.stringify(cwd)}); require('node:fs').rmdirSync(${JSON.stringify(cwd)}); process.argv.splice(1, 0, ''); import(${JSON.stringify(CLI)});`;
  for (const verb of ['assert', 'status', 'sync', 'windows']) {
    mkdirSync(cwd, {recursive: true});
    const {code, stdout, stderr} = await node(['-e', script, '--', verb], {env: KOSLI});
    assert.deepEqual([code, stdout], [2, ''], stderr);
    assert.match(stderr, /^nodeploy: the working folder is gone, so nobody knows whether a policy is in it\n.*--policy FILE/);
  }
});

// As somebody else than root, who may do everything; the folder is entered before that.
const isRoot = process.getuid?.() === 0;
const somebody = isRoot ? {uid: 65_534, gid: 65_534} : {};
for (const [what, mode] of [['may not be listed', 0o311], ['may not be entered', 0o644]]) {
  const skip = process.platform === 'win32' ? 'rights are others there' : mode === 0o644 && !isRoot && 'only root gets into it';
  test(`a working folder that ${what} by this user`, {skip}, async t => {
    const outer = temporaryFolder(t);
    const cwd = join(outer, 'folder');
    mkdirSync(cwd);
    writeFileSync(join(cwd, 'nodeploy.yaml'), 'windows: []');
    chmodSync(outer, 0o755);
    chmodSync(cwd, mode);
    const outcomes = [];
    for (const verb of ['assert', 'status', 'sync', 'windows']) outcomes.push(await node([CLI, verb], {env: KOSLI, cwd, ...somebody}));
    chmodSync(cwd, 0o755);
    for (const {code, stdout, stderr} of outcomes) {
      assert.deepEqual([code, stdout], [2, '']);
      assert.match(stderr, /^nodeploy: the working folder may not be read by this user, so nobody knows whether a policy is in it\n/);
    }
  });
}

test('a user without a home folder, as in a container', {skip: !isRoot && 'only root gets into it'}, async t => {
  const cwd = folder(t, ['checkout/README.md']);
  for (const each of [cwd, join(cwd, 'checkout')]) chmodSync(each, 0o755); // whatever the umask
  const run = () => node([CLI, 'assert'], {env: KOSLI, cwd: join(cwd, 'checkout'), uid: 54_321, gid: 54_321});
  assert.match((await run()).stderr, /ECONNREFUSED/);
  writeFileSync(join(cwd, 'nodeploy.yaml'), 'windows: []');
  assert.match((await run()).stderr, /^nodeploy: `\.\.\/nodeploy\.yaml` is in a folder above/);
});

test('a job of a CI that has checked nothing out says that a policy would not be found', async t => {
  const server = await serve(t);
  await ask(server, 'PUT', '/api/v2/environments/acme', {json: {name: 'prod-aws', type: 'K8S', description: ''}});
  const env = {KOSLI_ORG: 'acme', KOSLI_API_TOKEN: server.token, KOSLI_HOST: server.url, NODEPLOY_ENV: 'prod-aws'};
  const cwd = temporaryFolder(t);
  mkdirSync(join(cwd, 'dist'));
  const unchecked = /^no policy: .* has no nodeploy\.yaml, \.yml or \.json, and nothing is checked out there: if there is one, name it \(--policy FILE\); if not, say so \(--policy=\)(; |$)/m;
  const said = async (args, variables, folder = cwd) => {
    const {code, stdout} = await nodeploy(args, {env: {...env, ...variables}, cwd: folder});
    assert.equal(code, 0);
    assert.match(stdout, /^no policy: /m);
    return unchecked.test(stdout);
  };
  for (const args of [['assert'], ['status'], ['sync'], ['-e', 'prod-*', 'assert'], ['-e', 'prod-*', 'status']]) {
    assert.ok(await said(args, {CI: 'true'}), args.join(' '));
    assert.ok(!(await said([...args, '--policy='], {CI: 'true'})));
  }
  assert.ok(!(await said(['assert'], {})), 'no CI');
  mkdirSync(join(cwd, '.git'));
  for (const folder of [cwd, join(cwd, 'dist')]) assert.ok(!(await said(['assert'], {CI: 'true'}, folder)), 'a checkout');
});

test('assert, status and sync say which policy they went by', async t => {
  const server = await serve(t);
  await ask(server, 'PUT', '/api/v2/environments/acme', {json: {name: 'prod-aws', type: 'K8S', description: ''}});
  const env = {KOSLI_ORG: 'acme', KOSLI_API_TOKEN: server.token, KOSLI_HOST: server.url, NODEPLOY_ENV: 'prod-aws'};
  const cwd = temporaryFolder(t);
  for (const verb of ['assert', 'status', 'sync']) {
    const said = async (...args) => {
      const [text, json] = [await nodeploy([verb, ...args], {env, cwd}), await nodeploy([verb, '--json', ...args], {env, cwd})];
      assert.deepEqual([text.code, json.code], [0, 0], text.stderr);
      return [text.stdout.split('\n').filter(line => /policy/.test(line)), JSON.parse(json.stdout).policy];
    };
    assert.deepEqual(await said(), [[`no policy: ${realpathSync(cwd)} has no nodeploy.yaml, .yml or .json`], null]);
    assert.deepEqual(await said('--policy='), [['no policy: --policy= turns it off'], null]);
    writeFileSync(join(cwd, 'mine.json'), JSON.stringify({policy: 'release', windows: WINDOWS}));
    assert.deepEqual(await said('--policy', 'mine.json'), [['policy mine.json: 2 of 5 windows are for prod-aws, 1 suspended'], {file: 'mine.json', name: 'release', windows: 5, for_environment: 2}]);
    writeFileSync(join(cwd, 'mine.json'), JSON.stringify({windows: WINDOWS.slice(0, 1)}));
    assert.deepEqual(await said('--policy', 'mine.json'), [['policy mine.json: 1 of 1 window is for prod-aws'], {file: 'mine.json', name: null, windows: 1, for_environment: 1}]);
    writeFileSync(join(cwd, 'mine.json'), '{"windows": []}');
    assert.deepEqual(await said('--policy', 'mine.json'), [['policy mine.json: 0 of 0 windows are for prod-aws'], {file: 'mine.json', name: null, windows: 0, for_environment: 0}]);
  }
  const unknown = await nodeploy(['assert', '--json', '--policy', 'mine.json', '-e', 'nobody'], {env, cwd});
  assert.deepEqual(JSON.parse(unknown.stdout).policy, {file: 'mine.json', name: null, windows: null, for_environment: null});
});
