import assert from 'node:assert/strict';
import {on, once} from 'node:events';
import {chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {delimiter, join} from 'node:path';
import test from 'node:test';
import {kosliCli} from '../kosli/cli.js';
import {node} from './child.js';

const READ = {as: 'environment', argv: ['kosli', 'get', 'env', 'prod', '--output', 'json']};
const TAG = {type: 'tag_environment', argv: ['kosli', 'tag', 'env', 'prod', '--set', 'a="1" $HOME `id` *']};
const ATTEST = {type: 'attest', argv: ['kosli', 'attest', 'generic']};

const options = {skip: process.platform === 'win32' && 'the stand-in for kosli is a script with a #! line'};

/** A folder with a program `kosli` that runs `script`; gone when the test ends. */
function standIn(t, script) {
  const folder = mkdtempSync(join(tmpdir(), 'nodeploy-test-'));
  t.after(() => rmSync(folder, {recursive: true}));
  const program = join(folder, 'kosli');
  writeFileSync(program, `#!${process.execPath}\n${script}\n`, {mode: 0o755});
  return {folder, program};
}

/** One that calls when it has started, and is done when it is answered: `started()` resolves to the next call. */
async function calling(t) {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const calls = on(server, 'connection');
  const {program} = standIn(t, `
    const socket = require('node:net').connect(${server.address().port}, '127.0.0.1');
    socket.on('data', () => console.log('done'));`);
  return {program, async started() {
    const {value: [socket]} = await calls.next();
    return socket.on('error', () => {}); // it was ended
  }};
}

const kosli = (program, others) => kosliCli({org: 'acme', token: 'secret', host: 'https://kosli.example/', program, ...others});

test('the arguments arrive as they are, the result comes back as it is', options, async t => {
  const {program} = standIn(t, 'console.log(JSON.stringify(process.argv.slice(2))); console.error("[warning] ü"); process.exitCode = 3');
  const {send} = kosli(program);
  assert.deepEqual(await send(TAG), {exit_code: 3, stdout: `${JSON.stringify(TAG.argv.slice(1))}\n`, stderr: '[warning] ü\n'});
});

test('`kosli` is found on PATH', options, async t => {
  const {folder} = standIn(t, 'console.log("here")');
  const {send} = kosli(undefined, {env: {PATH: [folder, process.env.PATH].join(delimiter)}});
  assert.equal((await send(READ)).stdout, 'here\n');
});

test('the environment is allow-listed', options, async t => {
  const {program} = standIn(t, 'console.log(JSON.stringify(process.env))');
  const env = {
    PATH: '/bin', HOME: '/home/me', https_proxy: 'http://proxy:1', NO_PROXY: 'x', SSL_CERT_FILE: '/x.pem', LANG: 'C',
    KOSLI_DRY_RUN: 'true', KOSLI_COMPLIANT: 'false', KOSLI_UNSET: 'nodeploy', KOSLI_CONFIG_FILE: '/evil.yml', KOSLI_API_TOKEN: 'other',
    KOSLI_HOST: 'https://evil.example', KOSLI_ORG: 'other', KOSLI_MAX_API_RETRIES: '99', KOSLI_DESCRIPTION: 'x', kosli_set: 'x=1',
    GITHUB_RUN_NUMBER: '1', GITHUB_SHA: 'abc', GITLAB_CI: 'true', AWS_SECRET_ACCESS_KEY: 'aws', LD_PRELOAD: '/evil.so', NODE_OPTIONS: '--no-such',
  };
  const {send} = kosli(program, {env, retries: 5});
  const seen = JSON.parse((await send(READ)).stdout);
  const {KOSLI_CONFIG_FILE: config, ...others} = seen;
  assert.deepEqual(others, {
    PATH: '/bin', HOME: '/home/me', https_proxy: 'http://proxy:1', NO_PROXY: 'x', SSL_CERT_FILE: '/x.pem', LANG: 'C',
    KOSLI_HOST: 'https://kosli.example', KOSLI_ORG: 'acme', KOSLI_API_TOKEN: 'secret', KOSLI_MAX_API_RETRIES: '5',
  });
  assert.ok(config.startsWith(tmpdir()) && !existsSync(config));
});

test('the proxy of the kosli CLI reaches it, but not where Kosli is on this machine', options, async t => {
  const {program} = standIn(t, 'console.log(process.env.KOSLI_HTTP_PROXY)');
  const env = {KOSLI_HTTP_PROXY: 'socks5://me:p%40ss@proxy.example:1080 '};
  assert.equal((await kosli(program, {env}).send(READ)).stdout, 'socks5://me:p%40ss@proxy.example:1080\n');
  assert.equal((await kosli(program, {env, host: 'http://127.0.0.1:1'}).send(READ)).stdout, 'undefined\n');
});

test('the CLI repeats what is idempotent, never an attestation', options, async t => {
  const {program} = standIn(t, 'console.log(process.env.KOSLI_MAX_API_RETRIES)');
  const {send} = kosli(program);
  assert.equal((await send(TAG)).stdout, '3\n');
  assert.equal((await send(ATTEST)).stdout, '0\n');
});

for (const [words, uncertain] of [
  ['Error: [kosli attest generic] Post "u": POST u giving up after 1 attempt(s)', true],
  ['Error: [kosli attest generic] failed to read response from POST request to u : unexpected EOF', true],
  ['Error: [kosli attest generic] OK', true],
  ['Error: [kosli attest generic] unexpected end of JSON input', true],
  ['Error: [kosli attest generic] Input payload validation failed', undefined],
  ["Error: flag '--name' was given an empty value", undefined],
]) {
  test(`an attestation that ends with \`${words}\``, options, async t => {
    const {program} = standIn(t, `console.error(${JSON.stringify(words)}); process.exitCode = 1`);
    assert.equal((await kosli(program).send(ATTEST)).uncertain, uncertain);
    assert.equal((await kosli(program).send(TAG)).uncertain, undefined);
  });
}

test('a program that does not end is ended, with what it started', options, async t => {
  const {program} = standIn(t, `
    const child = require('node:child_process').spawn('sleep', ['60'], {stdio: 'inherit'});
    process.on('SIGTERM', () => {});
    setInterval(() => {}, 1000);`);
  const {send} = kosli(program, {timeout: 300});
  assert.deepEqual(await send(READ), {error: 'kosli did not finish within 0.3 s'});
});

test('an attestation that was killed is uncertain', options, async t => {
  const {program} = standIn(t, 'process.kill(process.pid, "SIGKILL")');
  const {send} = kosli(program);
  assert.deepEqual(await send(ATTEST), {error: 'kosli was ended by SIGKILL', uncertain: true});
  assert.deepEqual(await send(TAG), {error: 'kosli was ended by SIGKILL'});
});

test('output without an end is cut off', options, async t => {
  const {program} = standIn(t, 'const more = () => process.stdout.write("x".repeat(10000), more); more()');
  const {send} = kosli(program, {maxBytes: 100_000});
  assert.deepEqual(await send(READ), {error: 'kosli printed more than 100000 bytes'});
});

test('output that is no text is no answer', options, async t => {
  const {program} = standIn(t, 'process.stdout.write(Buffer.from([0x7b, 0xff, 0x7d]))');
  assert.match((await kosli(program).send(READ)).error, /not UTF-8/);
});

test('an aborted read is ended, a write is waited for', options, async t => {
  const {program, started} = await calling(t);
  const {send} = kosli(program);
  const controller = new AbortController();
  const read = send(READ, {signal: controller.signal});
  const write = send(TAG, {signal: controller.signal});
  const sockets = [await started(), await started()];
  controller.abort();
  assert.deepEqual(await read, {error: 'stopped'});
  for (const socket of sockets) socket.end('go on');
  assert.equal((await write).stdout, 'done\n');
  assert.deepEqual(await send(READ, {signal: controller.signal}), {error: 'stopped'});
});

test('close() ends what is running', options, async t => {
  const {program, started} = await calling(t);
  const {send, close} = kosli(program);
  const result = send(ATTEST);
  await started();
  close();
  assert.deepEqual(await result, {error: 'stopped', uncertain: true});
  assert.deepEqual(await send(READ), {error: 'stopped'}, 'and nothing is begun afterwards');
});

test('close() comes back when nothing is left, of a program that ignores SIGTERM either', options, async t => {
  const {program, folder} = standIn(t, `process.on('SIGTERM', () => {}); require('node:fs').writeFileSync(require('node:path').join(__dirname, 'pid'), String(process.pid)); setInterval(() => {}, 1000)`);
  for (const item of [READ, ATTEST]) {
    const {send, close} = kosli(program);
    const result = send(item);
    const file = join(folder, 'pid');
    while (!existsSync(file) || readFileSync(file, 'utf8') === '') await new Promise(resolve => setImmediate(resolve));
    const pid = Number(readFileSync(file, 'utf8'));
    await close();
    assert.equal((await result).error, 'stopped');
    assert.throws(() => process.kill(pid, 0), {code: 'ESRCH'});
    rmSync(file);
  }
});

test('a limit without an end is none, not a millisecond', options, async t => {
  const {program} = standIn(t, 'setTimeout(() => console.log("done"), 100)');
  assert.equal((await kosli(program, {timeout: Infinity}).send(READ)).stdout, 'done\n');
});

test('what cannot be started says so, and is no uncertainty', async t => {
  const attest = argument => ({...ATTEST, argv: ['kosli', argument]});
  const missing = await kosli('kosli-that-is-not-there').send(ATTEST);
  assert.match(missing.error, /no program `kosli-that-is-not-there`.*--via http/);
  const nul = await kosli(process.execPath).send(attest('a\0b'));
  assert.match(nul.error, /could not be started/);
  assert.equal(missing.uncertain ?? nul.uncertain, undefined);
  if (process.platform === 'win32') return;
  const long = await kosli(process.execPath).send(attest('x'.repeat(4_000_000)));
  assert.match(long.error, /longer than this system allows/);
  const {folder, program} = standIn(t, '');
  chmodSync(program, 0o600);
  for (const [file, PATH] of [[program, '/usr/bin'], ['kosli', folder]]) {
    assert.equal((await kosli(file, {env: {PATH}}).send(ATTEST)).error, `\`${file}\` may not be run by this user`);
  }
  assert.equal(long.uncertain, undefined);
});

test('a folder of PATH that this user may not search is not taken for a program that it may not run', options, async t => {
  const {folder} = standIn(t, '');
  const module = `import {kosliCli} from ${JSON.stringify(new URL('../kosli/cli.js', import.meta.url).href)};
    const {send} = kosliCli({org: 'acme', token: 'secret', program: 'kosli-that-is-not-there'});
    console.log((await send(${JSON.stringify(READ)})).error);`;
  const somebody = process.getuid() === 0 ? {uid: 65_534, gid: 65_534} : {};
  chmodSync(folder, 0o600);
  const {stdout} = await node(['--input-type=module', '--eval', module], {env: {PATH: folder}, ...somebody});
  chmodSync(folder, 0o700);
  assert.match(stdout, /^there is no program `kosli-that-is-not-there`/);
});

test('the token never shows', options, async t => {
  const {program} = standIn(t, 'console.error("Error: bad token " + process.env.KOSLI_API_TOKEN); process.exitCode = 1');
  assert.equal((await kosli(program).send(READ)).stderr, 'Error: bad token ***\n');
});

test('the token DRY_RUN writes nothing', options, async t => {
  const {program} = standIn(t, 'console.log("here")');
  const {send} = kosli(program, {token: 'DRY_RUN'});
  assert.match((await send(TAG)).error, /DRY_RUN/);
  assert.equal((await send(READ)).stdout, 'here\n');
});
