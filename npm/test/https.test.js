// TLS, with and without a proxy, against servers with a certificate made for the test.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {createServer as createProxy} from 'node:http';
import {createServer} from 'node:https';
import {connect} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'node:test';
import {node} from './child.js';

const skip = spawnSync('openssl', ['version']).status !== 0 && 'there is no openssl to make a certificate with';
const folder = mkdtempSync(join(tmpdir(), 'nodeploy-test-'));
test.after(() => rmSync(folder, {recursive: true}));
const [key, cert] = ['key.pem', 'cert.pem'].map(name => join(folder, name));
if (!skip) {
  spawnSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert, '-days', '2',
    '-subj', '/CN=kosli.test', '-addext', 'subjectAltName=DNS:kosli.test,DNS:localhost,IP:127.0.0.1']);
}

async function listen(t, server) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return server.address().port;
}

// One that holds from `start` to `end`, `YYYYMMDDHHMMSSZ` each: only `openssl ca` can be told.
function certificateOf(name, start, end) {
  const [config, request, made] = ['cnf', 'csr', 'pem'].map(ending => join(folder, `${name}.${ending}`));
  writeFileSync(join(folder, `${name}.txt`), '');
  writeFileSync(join(folder, `${name}.serial`), '01\n');
  writeFileSync(config, `[ca]\ndefault_ca = own\n[own]\ndatabase = ${name}.txt\nserial = ${name}.serial\nnew_certs_dir = .\ndefault_md = sha256\npolicy = any\ncopy_extensions = copy\n[any]\ncommonName = supplied\n`);
  for (const args of [
    ['req', '-new', '-key', key, '-out', request, '-subj', '/CN=kosli.test', '-addext', 'subjectAltName=DNS:localhost'],
    ['ca', '-batch', '-selfsign', '-config', config, '-keyfile', key, '-notext', '-in', request, '-out', made, '-startdate', start, '-enddate', end],
  ]) {
    const {status, stderr} = spawnSync('openssl', args, {cwd: folder, encoding: 'utf8'});
    assert.equal(status, 0, stderr);
  }
  return made;
}

// A Kosli that keeps what it was asked.
async function kosliServer(t, own = cert) {
  const requests = [];
  const server = createServer({key: readFileSync(key), cert: readFileSync(own)}, (request, response) => {
    requests.push({method: request.method, path: request.url, authorization: request.headers.authorization});
    response.end('{}');
  });
  return {requests, port: await listen(t, server)};
}

// A proxy that leads every tunnel to `port`, whatever it is asked for.
async function proxyServer(t, port, {status = 200, headers = ''} = {}) {
  const tunnels = [];
  const server = createProxy();
  server.on('connect', (request, socket) => {
    tunnels.push({target: request.url, login: request.headers['proxy-authorization'], authorization: request.headers.authorization});
    if (status !== 200) return socket.end(`HTTP/1.1 ${status} No\r\n${headers}\r\n`);
    const out = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      socket.pipe(out).pipe(socket);
    });
    out.on('error', () => socket.destroy());
    socket.on('error', () => out.destroy());
  });
  return {tunnels, url: `http://127.0.0.1:${await listen(t, server)}`};
}

// In a process of its own: Node reads NODE_EXTRA_CA_CERTS when it starts.
async function send(options, {env = {}, method = 'GET', count = 1} = {}) {
  const item = {as: 'x', argv: [], request: {method, path: '/api/v2/x', ...(method !== 'GET' && {json: {}})}};
  const script = `
    import {kosliHttp} from ${JSON.stringify(new URL('../kosli/http.js', import.meta.url).href)};
    const kosli = kosliHttp({org: 'acme', token: 'secret', retries: 0, ...${JSON.stringify(options)}});
    for (let n = 0; n < ${count}; n++) console.log(JSON.stringify(await kosli.send(${JSON.stringify(item)})));
    kosli.close();`;
  const {stdout, stderr} = await node(['--input-type=module', '-e', script], {env: {NODE_EXTRA_CA_CERTS: cert, ...env}});
  assert.equal(stderr, '');
  return stdout.trim().split('\n').map(line => JSON.parse(line)).map(({date, ...result}) => result);
}

test('https, the certificate known', {skip}, async t => {
  const {port, requests} = await kosliServer(t);
  assert.deepEqual(await send({host: `https://localhost:${port}/base`}), [{status: 200, body: '{}'}]);
  assert.deepEqual(requests, [{method: 'GET', path: '/base/api/v2/x', authorization: 'Bearer secret'}]);
});

test('https, the certificate unknown or of somebody else: nothing is sent, nothing uncertain', {skip}, async t => {
  const {port, requests} = await kosliServer(t);
  const unknown = await send({host: `https://localhost:${port}`, retries: 3}, {env: {NODE_EXTRA_CA_CERTS: ''}, method: 'POST'});
  assert.match(unknown[0].error, /self-signed certificate/);
  assert.equal(unknown[0].uncertain, undefined);
  const {url} = await proxyServer(t, port);
  const [other] = await send({host: 'https://other.test', proxy: url});
  assert.match(other.error, /other\.test/);
  assert.equal(requests.length, 0);
});

test('through a proxy: TLS end to end, one tunnel for several requests, the login only for the proxy', {skip}, async t => {
  const {port, requests} = await kosliServer(t);
  const {url, tunnels} = await proxyServer(t, port);
  const env = {HTTPS_PROXY: url.replace('//', '//me:p%40ss@')};
  assert.deepEqual(await send({host: 'https://kosli.test'}, {env, count: 2}), [{status: 200, body: '{}'}, {status: 200, body: '{}'}]);
  assert.deepEqual(tunnels, [{target: 'kosli.test:443', login: `Basic ${Buffer.from('me:p@ss').toString('base64')}`, authorization: undefined}]);
  assert.equal(requests.length, 2);
  assert.deepEqual(await send({host: `https://localhost:${port}`}, {env}), [{status: 200, body: '{}'}]);
  assert.equal(tunnels.length, 1); // not for this machine
});

for (const [headers, words] of [
  ['', /answered 407: it wants a sign-in, as in http:\/\/user:password@127\.0\.0\.1:\d+$/],
  ['Proxy-Authenticate: NTLM\r\nProxy-Authenticate: Basic realm="acme, inc"\r\n', /answered 407: it wants a sign-in, as in /],
  ['Proxy-Authenticate: Negotiate\r\nProxy-Authenticate: NTLM\r\n', /answered 407: it wants a sign-in by Negotiate or NTLM, and only Basic is known here$/],
]) {
  test(`a proxy that wants a sign-in: ${JSON.stringify(headers)}`, {skip}, async t => {
    const {url, tunnels} = await proxyServer(t, 9, {status: 407, headers});
    const [{error}] = await send({host: 'https://kosli.test', proxy: url, retries: 3});
    assert.match(error, words);
    assert.equal(tunnels.length, 1); // or a wrong password locks the account
  });
}

for (const [name, start, end, words] of [
  ['expired', '20200101000000Z', '20200201000000Z', 'certificate has expired'],
  ['early', '22000101000000Z', '22000201000000Z', 'certificate is not yet valid'],
]) {
  test(`a certificate of another time (${name}), at Kosli and at a proxy: what the clock here shows, said once`, {skip}, async t => {
    const own = certificateOf(name, start, end);
    const {port, requests} = await kosliServer(t, own);
    const env = {NODE_EXTRA_CA_CERTS: own};
    for (const options of [{host: `https://localhost:${port}`}, {host: 'https://kosli.test', proxy: `https://localhost:${port}`}]) {
      const [{error, uncertain}] = await send(options, {env, method: 'POST'});
      assert.match(error, new RegExp(`${words} \\(\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d UTC by this machine's clock: is that right\\?\\)$`));
      assert.deepEqual([error.split('clock').length, uncertain, requests.length], [2, undefined, 0]);
    }
  });
}

test('https where plain http is spoken: at a proxy, at Kosli', {skip}, async t => {
  const {url} = await proxyServer(t, 9);
  const words = 'plain http is spoken there (EPROTO); does its address begin with http://, or has it another port?';
  const secure = url.replace('http:', 'https:');
  assert.deepEqual(await send({host: 'https://kosli.test', proxy: secure}), [{error: `the proxy ${secure} failed: ${words}`}]);
  assert.deepEqual(await send({host: secure}), [{error: words}]);
});

test('a proxy that refuses, or is not there', {skip}, async t => {
  const {port} = await kosliServer(t);
  const {url} = await proxyServer(t, port, {status: 407});
  const [refused] = await send({host: 'https://kosli.test', proxy: url.replace('//', '//me:pass@')}, {method: 'POST'});
  assert.deepEqual(refused, {error: `the proxy ${url} answered 407: it does not take this user and password`});
  const [missing] = await send({host: 'https://kosli.test', proxy: 'http://127.0.0.1:9'}, {method: 'POST'});
  assert.match(missing.error, /^the proxy http:\/\/127\.0\.0\.1:9 failed: connect ECONNREFUSED/);
  assert.equal(missing.uncertain, undefined);
  const [nonsense] = await send({host: 'https://kosli.test', proxy: 'socks5://x'});
  assert.match(nonsense.error, /only http: and https:/);
});
