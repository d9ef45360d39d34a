import assert from 'node:assert/strict';
import {Socket} from 'node:net';
import test from 'node:test';
import {kosliHttp} from '../kosli/http.js';
import {pause} from '../loop/pause.js';
import {parts, record} from './recording-server.js';

const READ = {as: 'environment', argv: [], request: {method: 'GET', path: '/api/v2/environments/acme/prod'}};
const PATCH = {type: 'tag_environment', argv: [], request: {method: 'PATCH', path: '/api/v2/tags/acme/env/prod', json: {set_tags: {a: 'ü "1"'}, remove_tags: []}}};
const PUT = {type: 'begin_trail', argv: [], request: {method: 'PUT', path: '/api/v2/trails/acme/f', form: [{name: 'data_json', value: '{"name":"t"}'}]}};
const POST = {type: 'attest', argv: [], request: {method: 'POST', path: '/api/v2/attestations/acme/f/trail/t/generic', form: [{name: 'data_json', value: '{}'}]}};

const FOR_EVER = 2 ** 31 - 1; // the longest that a timer takes

const kosli = (url, options) => {
  const waits = [];
  return {waits, ...kosliHttp({host: url, org: 'acme', token: 'secret', env: {}, sleep: async wait => waits.push(wait), ...options})};
};

const JSON_OK = {status: 200, body: '{"name":"prod"}'};
const BREAKS = {
  'closes before it reads': {unread: request => request.socket.destroy()},
  'closes after it has read': request => request.socket.destroy(),
  'resets': request => request.socket.resetAndDestroy(),
  'half a body': (request, response) => {
    response.writeHead(200, {'content-length': 100});
    response.write('{"name"', () => response.destroy());
  },
  'half a chunked body': (request, response) => {
    response.write('{"name"', () => response.destroy());
  },
};

// What one kind of answer, given for good, comes to: for a read, for a PATCH or PUT, for a POST. `n`: requests made.
const ANSWERS = [
  {about: '200', answer: JSON_OK, all: {n: 1, status: 200}},
  {about: '201', answer: {status: 201, body: '"OK"'}, all: {n: 1, status: 201}},
  {about: '202', answer: {status: 202, body: '"OK"'}, all: {n: 1, status: 202}},
  {about: '204', answer: {status: 204}, all: {n: 1, status: 204}},
  {about: 'a sign-in page', answer: {status: 200, body: ' <html>'}, all: {n: 1, error: /web page/}, post: {n: 1, error: /web page/, uncertain: true}},
  {about: 'a sign-in page with a byte order mark', answer: {status: 200, body: '\uFEFF<html>'}, all: {n: 1, error: /web page/}, post: {n: 1, error: /web page/, uncertain: true}},
  ...[301, 302, 307, 308].map(status => (
    {about: `${status}`, answer: {status, headers: {location: 'https://evil.example/'}}, all: {n: 1, error: /redirects are not followed/}})),
  ...[400, 401, 403, 404, 422, 501].map(status => (
    {about: `${status}`, answer: {status, body: '{"message":"no"}'}, all: {n: 1, status}})),
  ...[409, 429].map(status => ({about: `${status}`, answer: {status, body: '{"message":"later"}'}, all: {n: 4, status}})),
  ...[500, 502, 503, 504].map(status => (
    {about: `${status}`, answer: {status, body: '<html>'}, all: {n: 4, status}, post: {n: 1, status}})),
  ...Object.entries(BREAKS).map(([about, answer]) => (
    {about, answer, all: {n: 4, error: /socket hang up|ECONNRESET|broke off|EPIPE/}, post: {n: 1, error: /./, uncertain: true}})),
];

for (const {about, answer, all, post = all} of ANSWERS) {
  for (const [item, expected] of [[READ, all], [PATCH, all], [PUT, all], [POST, post]]) {
    test(`${item.request.method}: ${about}`, async t => {
      const {url, requests} = await record(t, answer);
      const {send, close} = kosli(url);
      t.after(close);
      const result = await send(item);
      assert.equal(requests.length, expected.n);
      assert.equal(result.status, expected.status);
      if (expected.error) assert.match(result.error, expected.error);
      assert.equal(result.uncertain, expected.uncertain);
    });
  }
}

test('what is sent is what the kosli CLI sends', async t => {
  const {url, requests} = await record(t, JSON_OK);
  const {send, close} = kosli(`${url}/base/`);
  t.after(close);
  await send(READ);
  await send(PATCH);
  await send({...PUT, request: {...PUT.request, form: [...PUT.request.form, {name: 'template_file', filename: 'template.yml', value: 'version: 1'}]}});
  const [get, patch, put] = requests;
  assert.equal(get.path, '/base/api/v2/environments/acme/prod');
  assert.equal(get.headers.authorization, 'Bearer secret');
  assert.match(get.headers['user-agent'], /^nodeploy\/\d+\.\d+\.\d+$/);
  assert.equal(get.headers['content-type'], 'application/json; charset=utf-8');
  assert.equal(get.body.length, 0);
  assert.deepEqual(JSON.parse(patch.body), PATCH.request.json);
  assert.deepEqual(parts(put), {
    data_json: {filename: undefined, type: undefined, value: '{"name":"t"}'},
    template_file: {filename: 'template.yml', type: 'application/octet-stream', value: 'version: 1'},
  });
});

test('the date of a read comes along as received; one that is missing is not made up', async t => {
  for (const date of ['Thu, 31 Oct 2024 10:44:48 GMT', 'no date', undefined]) {
    const {url} = await record(t, (request, response) => {
      response.sendDate = false;
      response.writeHead(200, date && {date}).end('{}');
    });
    const {send, close} = kosli(url);
    t.after(close);
    assert.deepEqual(await send(READ), {status: 200, body: '{}', ...(date && {date})});
  }
});

test('one connection serves several requests', async t => {
  const {url, server} = await record(t, JSON_OK);
  let connections = 0;
  server.on('connection', () => connections++);
  const {send, close} = kosli(url);
  t.after(close);
  for (let i = 0; i < 3; i++) await send(READ);
  assert.equal(connections, 1);
});

test('it waits 1, 2, 4 seconds, tells of it, and goes on after a success', async t => {
  const {url, requests} = await record(t, {status: 500}, {status: 503}, {status: 429}, JSON_OK);
  const {send, close, waits} = kosli(url);
  t.after(close);
  const events = [];
  const {date, ...result} = await send(READ, {onEvent: event => events.push(event)});
  assert.deepEqual(result, JSON_OK);
  assert.deepEqual(waits, [1000, 2000, 4000]);
  assert.equal(requests.length, 4);
  assert.deepEqual(events.map(({type, attempt, wait, because}) => [type, attempt, wait, because]), [
    ['retry', 2, 1000, 'Kosli answered 500'], ['retry', 3, 2000, 'Kosli answered 503'], ['retry', 4, 4000, 'Kosli answered 429'],
  ]);
});

for (const [header, wait] of [['7', 7000], ['1', 1000], ['3600', 30_000], ['nonsense', 1000], ['-5', 1000], ['Wed, 21 Oct 2015 07:28:00 GMT', 1000]]) {
  test(`Retry-After: ${header}`, async t => {
    const {url} = await record(t, {status: 429, headers: {'retry-after': header}}, JSON_OK);
    const {send, close, waits} = kosli(url);
    t.after(close);
    assert.equal((await send(POST)).status, 200);
    assert.deepEqual(waits, [wait]);
  });
}

test('Retry-After, a time: by the clock of the answer, however wrong the one here is', async t => {
  const {url} = await record(t, {status: 429, headers: {'date': 'Wed, 21 Oct 2015 07:28:00 GMT', 'retry-after': 'Wed, 21 Oct 2015 07:28:09 GMT'}}, JSON_OK);
  const {send, close, waits} = kosli(url);
  t.after(close);
  assert.equal((await send(READ)).status, 200);
  assert.deepEqual(waits, [9000]);
});

test('408 is tried again, but not of what adds up', async t => {
  for (const [item, status, waited] of [[READ, 200, [1000]], [PATCH, 200, [1000]], [POST, 408, []]]) {
    const {url} = await record(t, {status: 408}, JSON_OK);
    const {send, close, waits} = kosli(url);
    t.after(close);
    assert.equal((await send(item)).status, status);
    assert.deepEqual(waits, waited);
  }
});

for (const header of ['0', '00', '', new Date().toUTCString()]) {
  test(`Retry-After: \`${header}\` does not spend all attempts at once`, async t => {
    const {url} = await record(t, {status: 429, headers: {'retry-after': header}}, {status: 503, headers: {'retry-after': header}}, JSON_OK);
    const {send, close, waits} = kosli(url);
    t.after(close);
    assert.equal((await send(READ)).status, 200);
    assert.deepEqual(waits, [1000, 2000]);
  });
}

test('no more repeats than allowed, none beyond the time there is', async t => {
  t.mock.timers.enable({apis: ['Date']}); // it stands, however slow this machine is
  const {url, requests} = await record(t, {status: 503});
  assert.equal((await kosli(url, {retries: 0}).send(READ)).status, 503);
  assert.equal(requests.length, 1);
  assert.equal((await kosli(url, {timeouts: {total: 1500}}).send(READ)).status, 503);
  assert.equal(requests.length, 3); // after 1 s, but not after 2 more
});

test('a connection that never was is tried again, also for a POST', async t => {
  for (const item of [READ, PATCH, POST]) {
    const {send, waits} = kosli('http://127.0.0.1:9');
    const result = await send(item);
    assert.match(result.error, /ECONNREFUSED/);
    assert.equal(result.uncertain, undefined);
    assert.deepEqual(waits, [1000, 2000, 4000]);
  }
});

test('a server that keeps silent is given up', async t => {
  let heard;
  const {url, requests} = await record(t, () => heard());
  const options = {retries: 0, timeouts: {idle: 50}};
  for (const [item, more] of [[READ, {}], [POST, {uncertain: true}]]) {
    const hearing = new Promise(resolve => { heard = resolve; });
    assert.deepEqual(await kosli(url, options).send(item), {error: 'no answer for 0.05 s', ...more});
    await hearing; // the time may be over before this process has come to hear it
  }
  assert.equal(requests.length, 2);
});

test('a server that trickles is given up', async t => {
  const {url} = await record(t, (request, response) => {
    const timer = setInterval(() => response.write(' '), 10);
    response.on('close', () => clearInterval(timer));
  });
  const {send} = kosli(url, {retries: 0, timeouts: {total: 100}});
  assert.match((await send(READ)).error, /no complete answer within 0\.1\d* s|no complete answer within 0\.0\d+ s/);
});

test('an answer without an end is cut off', async t => {
  const {url, requests} = await record(t, (request, response) => {
    const timer = setInterval(() => response.write('x'.repeat(10_000)), 1);
    response.on('close', () => clearInterval(timer));
  });
  const {send} = kosli(url, {maxBytes: 50_000});
  assert.deepEqual(await send(READ), {error: 'the answer is larger than 50000 bytes'});
  assert.deepEqual(await send(POST), {error: 'the answer is larger than 50000 bytes', uncertain: true});
  assert.equal(requests.length, 2);
});

test('an answer that is no text, or packed, is no answer', async t => {
  const {url} = await record(t, {status: 200, body: Buffer.from([0x7B, 0xFF, 0x7D])}, {status: 200, headers: {'content-encoding': 'gzip'}, body: 'x'});
  const {send, close} = kosli(url);
  t.after(close);
  assert.match((await send(READ)).error, /not UTF-8/);
  assert.match((await send(READ)).error, /packed as `gzip`/);
});

const LATIN_1 = Buffer.from('<p>nicht verf\u00FCgbar</p>', 'latin1');

for (const [about, answer, body] of [
  ['not UTF-8', {body: LATIN_1}, '<p>nicht verf\uFFFDgbar</p>'],
  ['packed', {headers: {'content-encoding': 'gzip'}, body: 'x'}, 'a page that is packed as `gzip`'],
]) {
  test(`a refusal whose page is ${about} is one all the same, and tried again; of a 404 the words would decide`, async t => {
    const {url} = await record(t, {status: 503, ...answer}, JSON_OK, {status: 403, ...answer}, {status: 404, ...answer});
    const {send, close, waits} = kosli(url);
    t.after(close);
    assert.equal((await send(READ)).status, 200);
    assert.deepEqual(waits, [1000]);
    const {date, ...refused} = await send(READ);
    assert.deepEqual(refused, {status: 403, body});
    assert.match((await send(READ)).error, /not UTF-8|packed as `gzip`, unasked/);
  });
}

test('an answer that is no JSON, of which the core quotes the beginning, has no token in it', async t => {
  const {url} = await record(t, ...['', 'OK: secret', '"secret"', ' {"a": "secret"}'].map(body => ({status: 200, body})));
  const {send, close} = kosli(url);
  t.after(close);
  for (const body of ['', 'OK: ***', '"***"', ' {"a": "secret"}']) assert.equal((await send(READ)).body, body);
});

test('what a cache has kept is no answer of now', async t => {
  const {url, requests} = await record(t, {...JSON_OK, headers: {age: '40'}}, {...JSON_OK, headers: {age: '0'}}, {...JSON_OK, headers: {age: '7, 0'}}, {...JSON_OK, headers: {age: ['0', '7']}}, {...JSON_OK, headers: {age: ['0', '0']}}, {status: 404, headers: {age: '7'}, body: '{"message":"no"}'});
  const {send, close} = kosli(url);
  t.after(close);
  assert.deepEqual(await send(READ), {error: "the answer is 40 s old: a cache gave it in Kosli's place, and may not know of a freeze since; let it pass on what is asked of Kosli"});
  assert.equal((await send(READ)).status, 200);
  assert.match((await send(READ)).error, /^the answer is 7, 0 s old/);
  assert.match((await send(READ)).error ?? '', /^the answer is 0, 7 s old/);
  assert.equal((await send(READ)).status, 200);
  assert.match((await send(READ)).error, /^the answer is 7 s old/);
  const late = await record(t, {status: 503, headers: {age: '3'}}, JSON_OK);
  const again = kosli(late.url);
  t.after(again.close);
  assert.equal((await again.send(READ)).status, 200, 'a failure that a cache has kept passes');
  assert.equal(requests[0].headers['cache-control'], 'no-cache');
});

test('an answer without an age that warns as a cache does is no answer of now', async t => {
  const kept = ['110 - "Response is Stale"', '111 squid.acme.example:3128 "Revalidation failed" "Mon, 30 Nov 2026 08:00:00 GMT"', '112 - "x"', '113', '199 - "a \\" 1", 110 - "b"', '299 - "x",110 y "z"', ['299 - "x"', '113 - "y"']];
  const passes = ['199 - "Miscellaneous"', '214 proxy "Transformation Applied"', '299 - "soon, 110 - gone"', '1100 - "x"', '299 110 "x"', ''];
  const {url} = await record(t, ...[...kept, ...passes].map(warning => ({...JSON_OK, headers: {warning}})), {...JSON_OK, headers: {age: '0', warning: kept[0]}}, {status: 404, headers: {warning: kept[2]}, body: '{"message":"no"}'});
  const {send, close} = kosli(url);
  t.after(close);
  for (const [index, warning] of kept.entries()) {
    const {error} = await send(READ);
    assert.match(error ?? '', /^the answer has the warning 11[0-3]: a cache gave it in Kosli's place, and may not know of a freeze since; let it pass on what is asked of Kosli$/, `${warning}`);
    if (index === 0) assert.match(error, /warning 110:/);
  }
  for (const warning of passes) assert.equal((await send(READ)).status, 200, warning);
  assert.equal((await send(READ)).status, 200, 'its age is 0: what has just been asked of Kosli');
  assert.match((await send(READ)).error ?? '', /^the answer has the warning 112/);
});

test('an encoding that is none is no packing', async t => {
  const {url} = await record(t, ...['', 'Identity'].map(encoding => ({...JSON_OK, headers: {'content-encoding': encoding}})));
  const {send, close} = kosli(url);
  t.after(close);
  for (let i = 0; i < 2; i++) assert.equal((await send(READ)).status, 200);
});

test('each address of a host has two seconds, not a quarter of one', async t => {
  const {url} = await record(t, JSON_OK);
  const connect = t.mock.method(Socket.prototype, 'connect');
  const {send, close} = kosli(url);
  t.after(close);
  await send(READ);
  assert.deepEqual(connect.mock.calls.map(({arguments: [[options]]}) => options.autoSelectFamilyAttemptTimeout), [2000]);
});

test('an aborted read ends at once, a write is waited for', async t => {
  const controller = new AbortController();
  const underWay = [];
  const {url, requests} = await record(t, (request, response) => {
    underWay.push(response);
    if (underWay.length < 2) return;
    controller.abort();
    for (const each of underWay) each.end('"OK"');
  });
  const {send, close} = kosli(url);
  t.after(close);
  const read = send(READ, {signal: controller.signal});
  const write = send(PATCH, {signal: controller.signal});
  assert.deepEqual(await read, {error: 'stopped'});
  assert.deepEqual(await write, {status: 200, body: '"OK"'});
  assert.equal(requests.length, 2);
  assert.deepEqual(await send(READ, {signal: controller.signal}), {error: 'stopped'});
  assert.equal(requests.length, 2);
});

test('an abort ends the waiting between two tries', {timeout: 60_000}, async t => {
  const {url, requests} = await record(t, {status: 503});
  const controller = new AbortController();
  const {send} = kosli(url, {sleep: (wait, signal) => {
    const waiting = pause(FOR_EVER, signal);
    controller.abort();
    return waiting;
  }});
  assert.equal((await send(PATCH, {signal: controller.signal})).status, 503);
  assert.equal(requests.length, 1);
});

test('the token never shows', async t => {
  const echo = {status: 400, body: '{"message":"bad token secret"}'};
  const {url} = await record(t, echo, {status: 302, headers: {location: '/?t=secret'}}, echo);
  const {send, close} = kosli(url);
  t.after(close);
  for (const item of [READ, READ, POST]) {
    const result = JSON.stringify(await send(item));
    assert.ok(!result.includes('secret'), result);
    assert.ok(result.includes('***'), result);
  }
});

test('the token DRY_RUN writes nothing', async t => {
  const {url, requests} = await record(t, JSON_OK);
  const {send, close} = kosli(url, {token: 'DRY_RUN'});
  t.after(close);
  assert.match((await send(PATCH)).error, /DRY_RUN/);
  assert.equal(requests.length, 0);
  assert.equal((await send(READ)).status, 200);
});

test('without settings.org there is nothing to send', async () => {
  const {send} = kosli('http://127.0.0.1:9');
  assert.match((await send({as: 'environment', argv: []})).error, /settings\.org/);
});
