// `nodeploy local`, in a process of its own: what it prints, what it keeps, how it stops.
import assert from 'node:assert/strict';
import {existsSync, readFileSync, statSync, writeFileSync, mkdirSync} from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {ask, moduleAt, start, temporaryFolder} from './local-kosli.js';

const command = `
  import {local} from ${moduleAt('local/command.js')};
  process.exitCode = await local(process.argv.slice(1), process);
`;

const run = (t, ...words) => start(t, command, words);

// A running server, as what it printed describes it.
async function running(t, ...words) {
  const {child, line, ended} = run(t, ...words);
  const exported = async name => {
    const text = await line();
    const [, value] = new RegExp(`^export ${name}=([\\w:/.-]+)$`).exec(text) ?? assert.fail(text ?? (await ended).stderr);
    return value;
  };
  const url = await exported('KOSLI_HOST');
  return {child, ended, url, port: new URL(url).port, token: await exported('KOSLI_API_TOKEN'), org: await exported('KOSLI_ORG')};
}

const getEnvironment = (server, name) => ask(server, 'GET', `/api/v2/environments/${server.org}/${name}`);

test('it prints how to use it, keeps what it was told, and stops on a signal', async t => {
  const dir = path.join(temporaryFolder(t), 'a', 'b');
  const first = await running(t, '--dir', dir, '--port', '0', '--env', 'prod-aws', '--env', 'staging');
  assert.match(first.url, /^http:\/\/127\.0\.0\.1:\d+$/);
  assert.equal(first.org, 'local');
  assert.equal((await getEnvironment(first, 'prod-aws')).body.type, 'server');
  assert.equal((await getEnvironment(first, 'staging')).status, 200);
  assert.equal((await getEnvironment(first, 'none')).status, 404);
  await ask(first, 'PATCH', '/api/v2/tags/local/env/prod-aws', {json: {set_tags: {a: '1'}}});
  first.child.kill('SIGTERM');
  assert.deepEqual(await first.ended, {code: 0, signal: null, stderr: `local Kosli in ${dir}; stop it with Ctrl-C\n`});

  const second = await running(t, '--dir', dir, '--port', '0', '--env', 'prod-aws');
  assert.equal(second.token, first.token);
  assert.deepEqual((await getEnvironment(second, 'prod-aws')).body.tags, {a: '1'}, 'an environment that exists is left alone');
  second.child.kill('SIGINT');
  assert.equal((await second.ended).code, 0);
});

test('the token is nobody else\'s, and stays out of repositories', {skip: process.platform === 'win32'}, async t => {
  const dir = path.join(temporaryFolder(t), '.nodeploy');
  const {token} = await running(t, '--dir', dir, '--port', '0');
  assert.equal(readFileSync(path.join(dir, 'token'), 'utf8'), `${token}\n`);
  assert.match(token, /^[0-9a-f]{40}$/);
  for (const [file, mode] of [['.', 0o700], ['token', 0o600], ['journal.jsonl', 0o600]]) assert.equal(statSync(path.join(dir, file)).mode & 0o777, mode, file);
  assert.equal(readFileSync(path.join(dir, '.gitignore'), 'utf8'), '*\n');
  const used = path.join(temporaryFolder(t), 'project');
  mkdirSync(used);
  writeFileSync(path.join(used, 'file'), '');
  await running(t, '--dir', used, '--port', '0');
  assert.equal(existsSync(path.join(used, '.gitignore')), false, 'another\'s folder is not hidden');
});

test('what it cannot do is an error that says why', async t => {
  const dir = temporaryFolder(t);
  const server = await running(t, '--dir', dir, '--port', '0');
  const other = path.join(temporaryFolder(t), 'other');
  const file = path.join(temporaryFolder(t), 'file');
  writeFileSync(file, '');
  for (const [words, error] of [
    [['--dir', dir, '--port', '0'], `\`${path.join(dir, 'journal.jsonl')}\` is still in use by process ${server.child.pid}; let it finish, stop it, or use another folder`],
    [['--dir', other, '--port', server.port], `port ${server.port} is taken, maybe by another local Kosli; --port 0 takes any that is free`],
    [['--dir', other, '--port', '65536'], '`65536` is not a port; give --port a number from 0 to 65535'],
    [['--dir', other, '--port', 'x'], '`x` is not a port; give --port a number from 0 to 65535'],
    [['--dir', other, '--port', '0', '--org', '../x'], '`../x` is not a name for an organisation'],
    [['--dir', other, '--port', '0', '--env', 'a b'], '`a b` is not a name for an environment'],
    [['--dir', file, '--port', '0'], /^`.*` cannot be opened as a local Kosli: it is not a folder$/],
    ...(process.platform === 'linux' ? [[['--dir', '/proc/none/kosli', '--port', '0'], '`/proc/none/kosli` cannot be opened as a local Kosli: nobody can make it there']] : []),
    [['--dir', '', '--port', '0'], '--dir names no folder; for the current one write --dir .'],
    [['\u001B[31m\u202E'], /^unexpected argument '\\u\{1b\}\[31m\\u\{202e\}'/],
    [['--prot', '0'], /^unknown option '--prot'; `nodeploy local --help` shows what there is$/],
    [['prod'], /^unexpected argument 'prod'; `nodeploy/],
    [['--dir', '-x'], /^option '--dir' argument is ambiguous; `nodeploy/],
  ]) {
    const {code, signal, stderr} = await run(t, ...words).ended;
    const [, said] = /^nodeploy local: (.*)\n$/s.exec(stderr) ?? assert.fail(stderr);
    if (typeof error === 'string') assert.equal(said, error);
    else assert.match(said, error);
    assert.deepEqual([code, signal], [2, null]);
  }
  assert.equal(existsSync(other), false, 'nothing is made where nobody is served');
});

test('it helps', async t => {
  const {line, ended} = run(t, '--help');
  assert.match(await line(), /^Usage: nodeploy local /);
  assert.deepEqual(await ended, {code: 0, signal: null, stderr: ''});
});
