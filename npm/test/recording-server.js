// A server for tests: answers as it is told to, keeps what it was asked.
import {once} from 'node:events';
import {createServer} from 'node:http';

/** Answers the n-th request with `answers[n]` (the last one for all further). Closed when the test `t` ends. */
export async function record(t, ...answers) {
  const requests = [];
  const server = createServer(async (request, response) => {
    const chunks = [];
    const kept = {method: request.method, path: request.url, headers: request.headers};
    requests.push(kept);
    const answer = answers[Math.min(requests.length, answers.length) - 1];
    if (answer.unread) return answer.unread(request, response);
    for await (const chunk of request) chunks.push(chunk);
    kept.body = Buffer.concat(chunks);
    if (typeof answer === 'function') return answer(request, response);
    response.writeHead(answer.status, answer.headers);
    response.end(answer.body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return {url: `http://127.0.0.1:${server.address().port}`, requests, server};
}

/** The parts of a multipart body: `{name: {filename?, type?, value}}`. */
export function parts({headers, body}) {
  const boundary = /boundary=(.*)$/.exec(headers['content-type'])[1];
  const [first, ...others] = body.toString().split(`--${boundary}`);
  if (first !== '' || others.pop() !== '--\r\n') throw new Error('not a multipart body');
  return Object.fromEntries(others.map(part => {
    const [, head, value] = /^\r\n(.*?)\r\n\r\n(.*)\r\n$/s.exec(part);
    const [, name] = /name="(.*?)"/.exec(head);
    return [name, {filename: /filename="(.*?)"/.exec(head)?.[1], type: /Content-Type: (.*)/.exec(head)?.[1], value}];
  }));
}
