// Which commit lies in the working folder: as git leaves it, in checkouts of all kinds.
import assert from 'node:assert/strict';
import {execFileSync, spawnSync} from 'node:child_process';
import {mkdirSync, realpathSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import test from 'node:test';
import {checkedOut} from '../cli/checkout.js';
import {node, nodeploy} from './child.js';
import {ask, serve, temporaryFolder} from './local-kosli.js';

const CLI = new URL('../cli.js', import.meta.url).href;

const skip = spawnSync('git', ['--version']).status !== 0 && 'git is not here';

const git = (cwd, ...args) => execFileSync('git', ['-c', 'user.name=ann', '-c', 'user.email=ann@acme.example', '-c', 'protocol.file.allow=always', ...args], {cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore']}).trim();

/** A repository with two commits; `first` is the hash of the older one. */
function repository(t) {
  const folder = realpathSync(temporaryFolder(t));
  git(folder, 'init', '--quiet', '--initial-branch=main');
  const [first] = ['one', 'two'].map(message => {
    git(folder, 'commit', '--quiet', '--allow-empty', '--message', message);
    return git(folder, 'rev-parse', 'HEAD');
  });
  return {folder, first};
}

// What is removed after the test cannot be this process's folder.
function checkedOutIn(folder, commit) {
  const before = process.cwd();
  process.chdir(folder);
  try {
    return checkedOut(commit);
  } finally {
    process.chdir(before);
  }
}

function isAt(folder) {
  const found = checkedOutIn(folder);
  assert.equal(found, git(folder, 'rev-parse', 'HEAD'));
  return found;
}

test('a branch, a tag, a hash, packed, of a worktree, of a submodule, from a folder below', {skip}, t => {
  const {folder, first} = repository(t);
  isAt(folder);
  git(folder, 'tag', 'v1', first);
  git(folder, 'checkout', '--quiet', 'v1');
  assert.equal(isAt(folder), first);
  git(folder, 'checkout', '--quiet', '-b', 'release/1.x');
  git(folder, 'pack-refs', '--all');
  assert.equal(isAt(folder), first);
  mkdirSync(join(folder, 'services', 'shop'), {recursive: true});
  assert.equal(isAt(join(folder, 'services', 'shop')), first);
  const [worktree, another] = [join(temporaryFolder(t), 'main'), repository(t).folder];
  git(folder, 'worktree', 'add', '--quiet', worktree, 'main');
  assert.notEqual(isAt(worktree), first);
  git(folder, 'submodule', '--quiet', 'add', another, 'lib');
  isAt(join(folder, 'lib'));
});

test('where nothing is checked out there is none, and what cannot be read is not taken for that', t => {
  assert.equal(checkedOutIn(temporaryFolder(t)), undefined);
  for (const [name, content] of [
    ['.git', 'gitdir: nowhere'], ['.git', ''], ['.git/config', ''], ['.git/HEAD', ''], ['.git/HEAD', 'ref: refs/heads/.invalid'], ['.git/HEAD', 'ref: refs/heads/main'], ['.git/HEAD', '4f1c2ab'],
  ]) {
    const folder = temporaryFolder(t);
    mkdirSync(dirname(join(folder, name)), {recursive: true});
    writeFileSync(join(folder, name), content);
    assert.equal(checkedOutIn(folder), null, `${name} ${content}`);
  }
});

test('a checkout in a folder below, and of several the one that is meant', {skip}, t => {
  const [workspace, {folder, first}] = [realpathSync(temporaryFolder(t)), repository(t)];
  mkdirSync(join(workspace, '.cache'));
  assert.equal(checkedOutIn(workspace), undefined);
  git(folder, 'tag', 'v1', first);
  git(workspace, 'clone', '--quiet', '--branch', 'v1', folder, 'shop');
  assert.equal(checkedOutIn(workspace), first);
  const another = repository(t).folder;
  git(workspace, 'clone', '--quiet', another, 'app');
  const last = git(another, 'rev-parse', 'HEAD');
  for (const [commit, found] of [[first, first], [last, last], ['4'.repeat(40), last], [undefined, last]]) assert.equal(checkedOutIn(workspace, commit), found, commit);
  mkdirSync(join(workspace, 'a', '.git'), {recursive: true});
  assert.deepEqual([checkedOutIn(workspace, first), checkedOutIn(workspace, '4'.repeat(40))], [first, null]);
  assert.equal(checkedOutIn(join(workspace, 'shop')), first, 'the one that it runs in');
});

test('a folder that is gone is told as such, in a CI, too', {skip: process.platform === 'win32' && 'Windows removes no working folder'}, async t => {
  const folder = temporaryFolder(t);
  const script = `process.chdir(${JSON.stringify(folder)}); require('node:fs').rmdirSync(${JSON.stringify(folder)}); process.argv = ['node', 'nodeploy', '-e', 'prod-aws', 'assert']; import(${JSON.stringify(CLI)});`;
  const env = {GITHUB_ACTIONS: 'true', GITHUB_SHA: '4'.repeat(40), KOSLI_ORG: 'acme', KOSLI_API_TOKEN: 'not-asked', KOSLI_HOST: 'http://127.0.0.1:1'};
  const {code, stderr} = await node(['--eval', script], {env});
  assert.equal(code, 2);
  assert.match(stderr, /^nodeploy: the working folder is gone, so nobody knows whether a policy is in it\n/);
});

test('of one repository that lies there twice the other commit counts', {skip}, t => {
  const {folder: origin, first} = repository(t);
  const [workspace, other] = [realpathSync(temporaryFolder(t)), repository(t).folder];
  git(workspace, 'clone', '--quiet', origin, '.');
  const last = git(origin, 'rev-parse', 'HEAD');
  git(workspace, 'clone', '--quiet', other, 'tools');
  git(workspace, 'clone', '--quiet', origin, 'app');
  assert.equal(checkedOutIn(workspace, last), last);
  git(join(workspace, 'app'), 'checkout', '--quiet', first); // deployed from there, by scripts of the run's commit
  assert.equal(checkedOutIn(workspace, last), first);
  assert.equal(checkedOutIn(join(workspace, 'app'), last), first);
  for (const [folder, url] of [['.', 'https://x:token@git.example/acme/shop.git'], ['app', 'git@git.example:acme/shop']]) git(join(workspace, folder), 'remote', 'set-url', 'origin', url);
  assert.equal(checkedOutIn(workspace, last), first);
  git(join(workspace, 'app'), 'checkout', '--quiet', last);
  git(workspace, 'worktree', 'add', '--quiet', 'release', first);
  assert.equal(checkedOutIn(workspace, last), first);
  const below = realpathSync(temporaryFolder(t));
  for (const [name, commit] of [['now', last], ['then', first]]) {
    git(below, 'clone', '--quiet', origin, name);
    git(join(below, name), 'checkout', '--quiet', commit);
  }
  assert.deepEqual([checkedOutIn(below, last), checkedOutIn(below, first)], [first, last]);
});

test('an exception for the commit that the run is told of lets no other one pass', {skip}, async t => {
  const {folder: cwd, first} = repository(t);
  const told = git(cwd, 'rev-parse', 'HEAD');
  const server = await serve(t);
  await ask(server, 'PUT', '/api/v2/environments/acme', {json: {name: 'prod-aws', type: 'K8S', description: ''}});
  const env = {
    KOSLI_ORG: 'acme', KOSLI_API_TOKEN: server.token, KOSLI_HOST: server.url,
    GITHUB_ACTIONS: 'true', GITHUB_SHA: told, GITHUB_ACTOR: 'zoe', GITHUB_REPOSITORY: 'acme/shop', GITHUB_REF: 'refs/heads/main', GITHUB_EVENT_NAME: 'workflow_dispatch', GITHUB_RUN_ID: '42', GITHUB_JOB: 'deploy',
  };
  const go = async (args, code, words, folder = cwd) => {
    const ended = await nodeploy(['-e', 'prod-aws', ...args], {cwd: folder, env});
    assert.deepEqual([ended.code, words.test(ended.stdout + ended.stderr)], [code, true], `${args.join(' ')}\n${ended.stdout}${ended.stderr}`);
  };
  await go(['-r', 'why', '--by', 'steve', '--except', `commit=${told}`, 'on'], 0, /freezing/);
  await go(['assert'], 0, /excepted/);
  git(cwd, 'checkout', '--quiet', first);
  await go(['assert'], 1, new RegExp(`its commit is not stated: the checkout here is at \`${first}\`, the run is told of \`${told}\`; say that of what is deployed: --change commit=HASH`));
  await go(['assert', '--change', `commit=${first}`], 1, /frozen/);
  await go(['assert', '--change', `commit=${told}`], 0, /excepted/);
  writeFileSync(join(cwd, '.git', 'HEAD'), 'ref: refs/heads/.invalid\n'); // as where refs are in reftables
  await go(['assert'], 1, /its commit is not stated: which commit is checked out here cannot be read; say that of what is deployed: --change commit=HASH/);
  await go(['assert', '--change', `commit=${told}`], 0, /excepted/);
  const workspace = temporaryFolder(t); // `path: shop` and a `ref`
  await go(['assert'], 0, /excepted/, workspace);
  writeFileSync(join(cwd, '.git', 'HEAD'), first);
  git(workspace, 'clone', '--quiet', cwd, 'shop');
  await go(['assert'], 1, new RegExp(`its commit is not stated: the checkout here is at \`${first}\``), workspace);
  git(join(workspace, 'shop'), 'checkout', '--quiet', told);
  await go(['assert'], 0, /excepted/, workspace);
});
