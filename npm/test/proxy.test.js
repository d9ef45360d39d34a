import assert from 'node:assert/strict';
import {Socket} from 'node:net';
import test from 'node:test';
import {kosliHttp} from '../kosli/http.js';
import {chooseProxy} from '../kosli/http/proxy.js';

const ENV = {HTTPS_PROXY: 'http://proxy.example:3128'};

for (const [url, proxy, env, expected] of [
  ['https://app.kosli.com', undefined, {}, undefined],
  ['https://app.kosli.com', undefined, ENV, 'http://proxy.example:3128/'],
  ['https://app.kosli.com', undefined, {https_proxy: 'proxy.example:3128'}, 'http://proxy.example:3128/'],
  ['https://app.kosli.com', undefined, {HTTP_PROXY: 'http://proxy.example:3128'}, undefined],
  ['https://app.kosli.com', false, ENV, undefined],
  ['https://app.kosli.com', 'https://other.example', ENV, 'https://other.example/'],
  ['http://127.0.0.1:1', 'http://proxy.example', {...ENV, HTTP_PROXY: 'http://proxy.example'}, undefined],
  ['https://app.kosli.com', undefined, {...ENV, KOSLI_HTTP_PROXY: ' http://own.example:1\n', NO_PROXY: '*'}, 'http://own.example:1/'],
  ['https://app.kosli.com', undefined, {...ENV, KOSLI_HTTP_PROXY: ''}, 'http://proxy.example:3128/'],
  ['https://app.kosli.com', 'https://other.example', {KOSLI_HTTP_PROXY: 'http://own.example'}, 'https://other.example/'],
  ['https://app.kosli.com', false, {KOSLI_HTTP_PROXY: 'http://own.example'}, undefined],
  ['http://127.0.0.1:1', undefined, {KOSLI_HTTP_PROXY: 'http://own.example'}, undefined],
  ['https://localhost', undefined, ENV, undefined],
  ['https://127.0.0.1', undefined, ENV, undefined],
  ['https://[::1]', undefined, ENV, undefined],
]) {
  test(`the proxy for ${url} with ${JSON.stringify(env)}, proxy: ${proxy}`, () => {
    assert.equal(chooseProxy(new URL(url), proxy, env)?.href, expected);
  });
}

// As golang.org/x/net/http/httpproxy documents NO_PROXY, so that the kosli CLI and we go the same way.
for (const [list, url, exempt] of [
  ['*', 'https://app.kosli.com', true],
  ['kosli.com', 'https://app.kosli.com', true],
  ['kosli.com', 'https://kosli.com', true],
  ['.kosli.com', 'https://app.kosli.com', true],
  ['.kosli.com', 'https://kosli.com', false],
  ['*.kosli.com', 'https://app.kosli.com', true],
  ['osli.com', 'https://app.kosli.com', false],
  ['KOSLI.com', 'https://app.kosli.com', true],
  ['app.kosli.com:443', 'https://app.kosli.com', true],
  ['app.kosli.com:444', 'https://app.kosli.com', false],
  ['app.kosli.com:8443', 'https://app.kosli.com:8443', true],
  ['a.example, kosli.com ,b.example', 'https://app.kosli.com', true],
  ['10.0.0.0/8', 'https://10.1.2.3', true],
  ['10.0.0.0/8', 'https://11.1.2.3', false],
  ['10.0.0.0/8', 'https://app.kosli.com', false],
  ['10.1.2.3', 'https://10.1.2.3', true],
  ['10.1.2.3:444', 'https://10.1.2.3', false],
  ['2001:db8::/32', 'https://[2001:db8::7]', true],
  ['2001:db8::7', 'https://[2001:db8::7]', true],
  ['[2001:db8::7]:443', 'https://[2001:db8::7]', true],
  ['10.0.0.0/99', 'https://10.1.2.3', false],
  ['', 'https://app.kosli.com', false],
]) {
  test(`NO_PROXY=${list} and ${url}`, () => {
    const proxy = chooseProxy(new URL(url), undefined, {...ENV, NO_PROXY: list});
    assert.equal(proxy === undefined, exempt);
  });
}

test('a proxy that is none', () => {
  assert.throws(() => chooseProxy(new URL('https://app.kosli.com'), 'http://', {}), /not a URL/);
  assert.throws(() => chooseProxy(new URL('https://app.kosli.com'), 'socks5://x', {}), /only http: and https:/);
});

test('each address of a proxy has two seconds, as each of Kosli has', async t => {
  const connect = t.mock.method(Socket.prototype, 'connect');
  const {send, close} = kosliHttp({host: 'https://kosli.test', org: 'acme', token: 'secret-token', proxy: 'http://127.0.0.1:9', retries: 0});
  t.after(close);
  assert.match((await send({as: 'environment', argv: ['kosli'], request: {method: 'GET', path: '/api/v2/x'}})).error, /^the proxy .* failed/);
  assert.deepEqual(connect.mock.calls.map(({arguments: [[options]]}) => options.autoSelectFamilyAttemptTimeout), [2000]);
});
