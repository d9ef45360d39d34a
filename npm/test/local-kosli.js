// A local Kosli for a test, and raw requests to it.
import {spawn} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import {createInterface} from 'node:readline';
import {openLocal, startLocal} from '../local/index.js';

/** A folder that goes when the test ends. */
export function temporaryFolder(t) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'nodeploy-'));
  t.after(() => rmSync(folder, {recursive: true, force: true}));
  return folder;
}

/** A running local Kosli that is closed when the test ends. */
export async function serve(t, options = {}) {
  const server = await startLocal({dir: path.join(temporaryFolder(t), 'kosli'), org: 'acme', user: 'alice', ...options});
  t.after(() => server.close());
  return server;
}

/** The same without the header `Date`, for a host whose clock stands; or with another one. */
export async function serveAt(t, date) {
  const local = await openLocal({dir: path.join(temporaryFolder(t), 'kosli'), org: 'acme', user: 'alice'});
  const server = http.createServer((request, response) => {
    response.sendDate = false;
    if (date !== undefined) response.setHeader('date', date);
    local.handle(request, response);
  });
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  t.after(async () => {
    server.closeAllConnections();
    await new Promise(resolve => server.close(resolve));
    await local.close();
  });
  const {port} = server.address();
  return {url: `http://127.0.0.1:${port}`, port, token: local.token};
}

/** Sends one request exactly as it is given; resolves to `{status, body}`, the body parsed. A header `undefined` is not sent. */
export function ask({port, token}, method, requestPath, {headers = {}, body, json, form, agent = false} = {}) {
  const multipart = form && multipartOf(form);
  const content = multipart?.body ?? (json === undefined ? body : JSON.stringify(json));
  const all = {
    authorization: `Bearer ${token}`,
    ...(json !== undefined && {'content-type': 'application/json; charset=utf-8'}),
    ...(multipart && {'content-type': multipart.type}),
    ...headers,
  };
  return new Promise((resolve, reject) => {
    const request = http.request({host: '127.0.0.1', port, method, path: requestPath, agent}, async response => {
      let text = '';
      for await (const chunk of response.setEncoding('utf8')) text += chunk;
      resolve({status: response.statusCode, body: JSON.parse(text)});
    });
    for (const [name, value] of Object.entries(all)) if (value !== undefined) request.setHeader(name, value);
    request.on('error', reject).end(content);
  });
}

/** A multipart body as the kosli CLI sends it. */
export function multipartOf(form, boundary = 'a1b2c3') {
  const parts = form.flatMap(({name, filename, value}) => [
    `--${boundary}\r\nContent-Disposition: form-data; name="${name}"`,
    filename === undefined ? '' : `; filename="${filename}"\r\nContent-Type: application/octet-stream`,
    '\r\n\r\n', value, '\r\n',
  ]);
  return {type: `multipart/form-data; boundary=${boundary}`, body: Buffer.concat([...parts, `--${boundary}--\r\n`].map(part => Buffer.from(part)))};
}

/**
 * Runs a module in a process of its own, which is killed when the test ends.
 *
 * `line()` resolves to its next line on stdout, `ended` to `{code, signal, stderr}`.
 */
export function start(t, module, parameters = []) {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', module, '--', ...parameters], {stdio: ['pipe', 'pipe', 'pipe']});
  t.after(() => child.kill('SIGKILL'));
  const lines = createInterface({input: child.stdout})[Symbol.asyncIterator]();
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', text => { stderr += text; });
  const ended = new Promise(resolve => child.once('close', (code, signal) => resolve({code, signal, stderr})));
  return {child, ended, line: async () => (await lines.next()).value};
}

/** The address of a module of the package, for `start`. */
export const moduleAt = name => JSON.stringify(new URL(`../${name}`, import.meta.url).href);
