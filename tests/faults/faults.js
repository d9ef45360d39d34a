// What can go wrong between here and Kosli, one thing at a time. Each is told what the words of a failure must hold.
import {gzipSync} from 'node:zlib';
import {setTimeout as later} from 'node:timers/promises';

const HTML = {'content-type': 'text/html'};
const JSON_TYPE = {'content-type': 'application/json'};
const PAGE = '<!doctype html><html><title>Sign in</title><p>nodeploy is not frozen, tags: {}</p></html>';

const says = status => ({answer}) => answer({status, headers: JSON_TYPE, body: JSON.stringify({message: `this is a ${status}`})});
const shows = (status, headers, body) => ({answer}) => answer({status, headers, body});

/** `befall(exchange)`; `isHarmless`: nobody should notice; `mayRepeat`: Kosli gets a write twice,
 * whatever anybody does; `isSilent`: only the time there is ends it; `isUnheard`: a write is done
 * and not said to be; `lies`: a write is said to be done, as Kosli would say it; `liesToCli`: so
 * that the kosli CLI takes it for that. */
export const FAULTS = {
  'comes late': {isHarmless: true, befall: async ({forward, answer}) => {
    const answered = await forward();
    await later(30);
    answer(answered);
  }},
  'is sent twice on the way': {isHarmless: true, mayRepeat: true, befall: async ({forward, answer}) => {
    await forward();
    answer(await forward());
  }},
  'never comes': {isSilent: true, words: /no answer|did not finish|deadline|Timeout/i, befall: () => {}},
  'is cut before': {words: /socket hang up|ECONNRESET|EOF|reset/i, befall: ({cut}) => cut()},
  'is cut after Kosli did it': {isUnheard: true, words: /socket hang up|ECONNRESET|EOF|reset/i, befall: async ({forward, cut}) => {
    await forward();
    cut();
  }},
  'breaks off in the body': {words: /broke off|aborted|EOF|end of/i, befall: async ({forward, response}) => {
    const {status, headers, body} = await forward();
    response.writeHead(status, {...headers, 'content-length': body.length});
    response.write(body.subarray(0, body.length >> 1), () => response.destroy());
  }},
  'is half a body, said to be whole': {words: /./, befall: async ({forward, answer}) => {
    const {status, headers, body} = await forward();
    answer({status, headers, body: body.subarray(0, body.length >> 1)});
  }},
  'is refused with 400': {words: /400/, befall: says(400)},
  'is refused with 401': {words: /401/, befall: says(401)},
  'is refused with 403': {words: /403/, befall: says(403)},
  'is told 404 by a proxy': {words: /404/, befall: shows(404, HTML, PAGE)},
  'is told 404 in JSON, of something else': {words: /404/, befall: says(404)},
  'is told 409': {words: /409/, befall: says(409)},
  'is told 429': {words: /429/, befall: says(429)},
  'is told 500': {words: /500/, befall: says(500)},
  'is told 501': {words: /501/, befall: says(501)},
  'is told 503 by a proxy': {words: /503/, befall: shows(503, HTML, PAGE)},
  'is told 502 after Kosli did it': {isUnheard: true, words: /502/, befall: async ({forward, answer}) => {
    await forward();
    answer({status: 502, headers: HTML, body: PAGE});
  }},
  'is told 202, and nothing was done': {words: /202|./, befall: shows(202, JSON_TYPE, '"Accepted"')},
  'is told 204, and nothing was done': {words: /204|./, befall: shows(204, {}, '')},
  'is sent elsewhere': {words: /302|redirect|refused/i, befall: ({answer}) => answer({status: 302, headers: {location: 'http://127.0.0.1:9/login'}, body: ''})},
  'is a sign-in page': {liesToCli: true, words: /web page/, befall: shows(200, HTML, PAGE)},
  'is empty': {lies: true, words: /./, befall: shows(200, JSON_TYPE, '')},
  'is null': {lies: true, words: /./, befall: shows(200, JSON_TYPE, 'null')},
  'is an empty object': {lies: true, words: /./, befall: shows(200, JSON_TYPE, '{}')},
  'is an empty list': {lies: true, words: /./, befall: shows(200, JSON_TYPE, '[]')},
  'is of another environment': {lies: true, words: /./, befall: shows(200, JSON_TYPE, '{"name":"staging","tags":{}}')},
  'is packed, unasked': {words: /packed|./, befall: async ({forward, response}) => {
    const {status, headers, body} = await forward();
    const packed = gzipSync(body);
    response.writeHead(status, {...headers, 'content-encoding': 'gzip', 'content-length': packed.length});
    response.end(packed);
  }},
  'is not UTF-8': {words: /UTF-8|./, befall: async ({forward, answer}) => {
    const {status, headers, body} = await forward();
    answer({status, headers, body: Buffer.concat([body, Buffer.from([0xFF])])});
  }},
  'is not HTTP': {words: /Parse Error|malformed|Expected HTTP/i, befall: ({response}) => {
    response.socket.end('SSH-2.0-OpenSSH_9.9\r\n');
  }},
};
