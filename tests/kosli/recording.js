// A server that keeps what it was asked, and takes it apart.
import {once} from 'node:events';
import {createServer} from 'node:http';

/** `{url, take(lane)}`: whatever is sent below `/lane/` is kept there until it is taken. Answers everything with `"OK"`. */
export async function recording(t) {
  const lanes = new Map();
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const [, lane, path] = /^\/([^/]+)(\/.*)$/.exec(request.url);
    const kept = {method: request.method, path, ...contents(request.headers['content-type'], Buffer.concat(chunks).toString())};
    lanes.set(lane, [...lanes.get(lane) ?? [], kept]);
    response.writeHead(201, {'content-type': 'application/json'});
    response.end('"OK"');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const url = `http://127.0.0.1:${server.address().port}`;
  const take = lane => {
    const requests = lanes.get(lane) ?? [];
    lanes.delete(lane);
    return requests;
  };
  return {url, take};
}

// A body in the form that a command's `request` has it: `{json}`, `{form}`, or nothing.
function contents(type = '', body) {
  if (body === '') return {};
  const boundary = /^multipart\/form-data; boundary=(\S+)$/.exec(type)?.[1];
  if (!boundary) return {json: JSON.parse(body)};
  const [first, ...parts] = body.split(`--${boundary}`);
  if (first !== '' || parts.pop() !== '--\r\n') throw new Error(`not a multipart body: ${body}`);
  return {form: parts.map(part => {
    const [, head, value] = /^\r\n(.*?)\r\n\r\n(.*)\r\n$/s.exec(part);
    const [, name, filename] = /^Content-Disposition: form-data; name="([^"]*)"(?:; filename="([^"]*)")?(?:\r\nContent-Type: application\/octet-stream)?$/.exec(head);
    return {name, ...(filename !== undefined && {filename}), value};
  })};
}
