// Clients of the local Kosli that drip or stand still are ended; nothing of theirs is written, and others are served meanwhile.
import assert from 'node:assert/strict';
import {once} from 'node:events';
import net from 'node:net';
import test from 'node:test';
import {createServer} from '../local/server.js';
import {ask, serve} from './local-kosli.js';

const limits = {headersTimeout: 200, requestTimeout: 400, keepAliveTimeout: 200, timeout: 400, connectionsCheckingInterval: 20};
const ENVIRONMENT = {name: 'prod', type: 'K8S', description: ''};

/** Sends `first`, then a byte now and then, until the server ends it; resolves to what it answered. */
function drip(server, first, {piece = ''} = {}) {
  return new Promise(resolve => {
    const socket = net.connect(server.port, '127.0.0.1', () => socket.write(first));
    const timer = piece && setInterval(() => socket.write(piece), 20);
    let answer = '';
    socket.setEncoding('utf8').on('data', text => { answer += text; }).on('error', () => {}).on('close', () => {
      clearInterval(timer);
      resolve(answer);
    });
  });
}

const request = ({token, port}, ...headers) => ['PUT /api/v2/environments/acme HTTP/1.1', `Host: 127.0.0.1:${port}`, `Authorization: Bearer ${token}`, ...headers].join('\r\n');
const body = JSON.stringify({...ENVIRONMENT, name: 'slow'});

for (const [what, first, piece] of [
  ['nothing at all', () => '', ''],
  ['headers that drip', server => request(server), 'x'],
  ['headers, one after the other', server => `${request(server)}\r\n`, 'X-A: b\r\n'],
  ['a body that drips', server => `${request(server, 'Content-Type: application/json', 'Content-Length: 5000')}\r\n\r\n{`, ' '],
  ['chunks that drip', server => `${request(server, 'Content-Type: application/json', 'Transfer-Encoding: chunked')}\r\n\r\n`, '1\r\n \r\n'],
  ['a body that stops', server => `${request(server, 'Content-Type: application/json', `Content-Length: ${body.length}`)}\r\n\r\n${body.slice(0, -1)}`, ''],
]) {
  test(`a client that sends ${what}`, async t => {
    const server = await serve(t, {limits});
    await server.send({request: {method: 'PUT', path: '/api/v2/environments/acme', json: ENVIRONMENT}}); // not against these limits: a disk may take longer
    const slow = drip(server, first(server), {piece});
    assert.equal((await ask(server, 'GET', '/api/v2/environments/acme')).status, 200, 'others are served meanwhile');
    assert.match(await slow, /^$|^HTTP\/1\.1 (408|500) /);
    const {body: environments} = await ask(server, 'GET', '/api/v2/environments/acme');
    assert.deepEqual(environments.map(({name}) => name), ['prod'], 'half of a request is none');
  });
}

test('a client that does not read its answer', async t => {
  const server = createServer((request, response) => response.end(Buffer.alloc(64 * 1024 * 1024)), limits);
  t.after(() => server.close());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const {port} = server.address();
  const [[connection]] = await Promise.all([once(server, 'connection'), new Promise(resolve => {
    const socket = net.connect(port, '127.0.0.1', resolve).on('error', () => {}).pause();
    t.after(() => socket.destroy());
    socket.write('GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
  })]);
  await once(connection, 'close');
});
