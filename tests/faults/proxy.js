// A way to Kosli that can be told to misbehave: every request passes here, and `meddle` decides what becomes of it.
import {once} from 'node:events';
import http from 'node:http';

/**
 * `{url, requests, meddle, upstream, close()}` in front of the Kosli at `upstream`.
 *
 * `meddle(exchange)` may be set at any time; without one everything passes. An exchange is
 * `{number, method, path, isWrite, forward() -> {status, headers, body}, answer({status, headers, body}), cut(), response}`;
 * numbers count from 1, and `requests` keeps each request's `{method, path}`.
 */
export async function proxy(t, upstream) {
  const it = {upstream, requests: [], meddle: undefined};
  const server = http.createServer(async (request, response) => {
    const chunks = [];
    try {
      for await (const chunk of request) chunks.push(chunk);
    } catch {
      return; // whoever asked is gone
    }
    const {method, url: path, headers} = request;
    it.requests.push({method, path});
    const exchange = {
      number: it.requests.length, method, path, isWrite: method !== 'GET', response,
      forward: () => forward(it.upstream, {method, path, headers, body: Buffer.concat(chunks)}),
      answer({status, headers: answered = {}, body = ''}) {
        response.writeHead(status, {...answered, 'content-length': Buffer.byteLength(body)});
        response.end(body);
      },
      cut: () => request.socket.destroy(),
    };
    try {
      await (it.meddle ?? pass)(exchange);
    } catch (error) {
      exchange.cut();
      if (!GONE.includes(error.code)) throw error;
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  it.url = `http://127.0.0.1:${server.address().port}`;
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return it;
}

/** What a proxy does that behaves. */
export const pass = async exchange => exchange.answer(await exchange.forward());

// A Kosli that has just been killed.
const GONE = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE'];

function forward(upstream, {method, path, headers: {host, connection, ...headers}, body}) {
  return new Promise((resolve, reject) => {
    const request = http.request(new URL(path, upstream), {method, headers, agent: false}, async response => {
      const chunks = [];
      try {
        for await (const chunk of response) chunks.push(chunk);
      } catch (error) {
        return reject(error);
      }
      resolve({status: response.statusCode, headers: {'content-type': response.headers['content-type']}, body: Buffer.concat(chunks)});
    });
    request.on('error', reject);
    request.end(body);
  });
}
