// The door: who may ask, how much, how long; bytes in, bytes out.
import {createHash, timingSafeEqual} from 'node:crypto';
import http from 'node:http';
import {respond} from './api.js';
import {Refusal} from './input.js';
import {parseMultipart} from './multipart.js';
import {parseJson} from './request.js';

const mostBytes = 10 * 1024 * 1024;

// How long a client may take, in milliseconds: to send its headers, all of its request, the next one; and how long its connection may stand still.
const LIMITS = {headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 5000, timeout: 30_000, connectionsCheckingInterval: 2000};

/** An `http.Server` that does not wait for ever for anybody. */
export function createServer(handle, limits = LIMITS) {
  const server = http.createServer(limits, handle);
  server.timeout = limits.timeout; // one that does not read its answer
  return server;
}

/** A listener for `http.createServer`. `local` is what `respond` wants, and `settled()`, which resolves when all is on disk. */
export const handler = (local, token) => async (request, response) => {
  const {status, body, headers} = await reply(local, token, request).catch(refusal);
  const bytes = Buffer.from(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': bytes.length,
    'cache-control': 'no-store',
    // Where time is played, it is one time everywhere.
    ...(local.clock && {date: local.clock().toUTCString()}),
    ...headers,
    ...(status === 401 && {'www-authenticate': 'Bearer'}),
  });
  response.end(bytes);
};

async function reply(local, token, request) {
  checkHost(request.headers.host);
  checkToken(request.headers.authorization, token);
  const content = contentOf(request.headers['content-type'] ?? '', await bodyOf(request));
  return answer(local, `http://${request.headers.host}`, {method: request.method, path: request.url, ...content});
}

/** Answers what `respond` answers, as `{status, body, headers?}` with a text for body, once all that it saw is on disk. */
export async function answer(local, base, request) {
  const {status, body, headers} = respond(local, base, request);
  const text = JSON.stringify(body); // now: a moment later it may show what is not on disk yet
  await local.settled();
  return {status, body: text, ...(headers && {headers})};
}

/** The answer that says an error. */
export function refusal(error) {
  if (error instanceof Refusal) return {status: error.status, body: JSON.stringify(error.body)};
  return {status: 500, body: JSON.stringify({message: error.message})};
}

// A web page that has its own name resolve to 127.0.0.1 speaks to us with that name as the host.
function checkHost(host = '') {
  if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/i.test(host)) throw new Refusal(403, 'This server answers to 127.0.0.1 and localhost only');
}

function checkToken(authorization = '', token) {
  const [, given = ''] = /^Bearer (.*)$/i.exec(authorization) ?? [];
  if (!timingSafeEqual(digest(given), digest(token))) throw new Refusal(401, 'The API token is missing or wrong');
}

const digest = text => createHash('sha256').update(text).digest();

async function bodyOf(request) {
  const chunks = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    // Read to the end, kept no longer: a client that is still sending would not see an answer.
    if (length <= mostBytes) chunks.push(chunk);
    else chunks.length = 0;
  }
  if (length > mostBytes) throw new Refusal(413, `The request is larger than ${mostBytes} bytes`);
  return Buffer.concat(chunks);
}

function contentOf(contentType, body) {
  // The CLI says "application/json" of its GETs too.
  if (body.length === 0) return {};
  const [type] = contentType.toLowerCase().split(/[;\s]/);
  if (type === 'multipart/form-data') return {form: formOf(contentType, body)};
  if (type === 'application/json') return {json: parseJson(textOf(body))};
  throw new Refusal(415, `The content type '${type}' is neither JSON nor a multipart form`);
}

function formOf(contentType, body) {
  try {
    return parseMultipart(contentType, body);
  } catch (error) {
    throw new Refusal(400, `The form cannot be read: ${error.message}`);
  }
}

function textOf(body) {
  try {
    return new TextDecoder('utf-8', {fatal: true}).decode(body);
  } catch {
    throw new Refusal(400, 'The body is not UTF-8');
  }
}
