// Kosli over its HTTP API: sends a read or a command of the core, and answers with what came back.
import {isUtf8} from 'node:buffer';
import {version} from '../core.js';
import {exchange} from './http/exchange.js';
import {kosliAccount, PRETENDING_TOKEN, withoutToken} from './account.js';
import {atMost, pause} from '../loop/pause.js';

const LONGEST_WAIT = 30_000;
const EACH_ADDRESS = 2000; // of a host with several: Node gives up after 250 ms, which a far one takes, and then there is none left
const LIMITS = {connect: 10_000, idle: 30_000, total: 120_000};

/**
 * An executor: `{org, send(item, {signal, onEvent}), close()}`.
 *
 * `send` never throws for what Kosli or the network do. It answers with `{status, body, date}` (Kosli's `Date`, if it sent one) or `{error}`;
 * `uncertain: true` is added where a POST may have been applied: it is not repeated here, the caller looks again.
 */
export function kosliHttp({
  host, org, token, retries, proxy, env = process.env,
  timeouts, maxBytes = 64 * 1024 * 1024, sleep = pause,
} = {}) {
  const account = kosliAccount({host, org, token, retries});
  const milliseconds = Object.fromEntries(Object.entries({...LIMITS, ...timeouts}).map(([name, limit]) => [name, atMost(limit)]));
  const basePath = account.host.pathname.replace(/\/+$/, '');
  let connection;

  async function attempt(item, body, left, signal) {
    connection ??= connect(account.host, {proxy, env, milliseconds});
    const {transport, agent} = await connection;
    const options = {
      agent,
      autoSelectFamilyAttemptTimeout: EACH_ADDRESS,
      rejectUnauthorized: true, // whatever NODE_TLS_REJECT_UNAUTHORIZED says: the token goes to Kosli alone
      host: account.host.hostname.replace(/^\[|\]$/g, ''),
      port: account.host.port || undefined,
      method: item.request.method,
      path: basePath + item.request.path,
      headers: {
        'authorization': `Bearer ${account.token}`,
        'user-agent': `nodeploy/${version}`,
        'accept-encoding': 'identity',
        'cache-control': 'no-cache',
        'content-type': body.type,
        ...(body.bytes && {'content-length': body.bytes.length}),
      },
    };
    return exchange(transport, options, body.bytes, {
      milliseconds: {...milliseconds, total: left}, maxBytes, signal,
    });
  }

  async function send(item, {signal, onEvent = () => {}} = {}) {
    if (!item.request) return {error: 'there is no HTTP request for this: the call has no `settings.org`'};
    const isRead = item.request.method === 'GET';
    const mayRepeat = item.request.method !== 'POST';
    if (!isRead && account.token === PRETENDING_TOKEN) return {error: `the token is \`${PRETENDING_TOKEN}\`: nothing would be written`};
    const body = await bodyOf(item.request);
    const deadline = Date.now() + milliseconds.total;

    for (let round = 0; ; round++) {
      let result, again, askedFor;
      try {
        // A write that is on its way is waited for: stopping is for between two commands.
        const answer = await attempt(item, body, Math.max(1, deadline - Date.now()), isRead ? signal : undefined);
        if (isPage(answer)) return {error: PAGE, ...(!mayRepeat && {uncertain: true})};
        result = isRead ? readable(answer, account) : written(answer, account);
        again = result.status === 429 || result.status === 409
          || (mayRepeat && (result.status === 408 || (result.status >= 500 && result.status !== 501)));
        askedFor = waitAskedFor(answer.headers);
      } catch (error) {
        result = {error: withoutToken(error.message, account.token)};
        again = error.lasting === false && (mayRepeat || !error.sent);
        if (!mayRepeat && error.sent) result.uncertain = true;
      }
      if (!again || round >= account.retries || signal?.aborted) return result;
      const wait = waitBefore(round, askedFor);
      if (Date.now() + wait >= deadline) return result;
      onEvent({type: 'retry', item, attempt: round + 2, wait, because: result.error ?? `Kosli answered ${result.status}`});
      await sleep(wait, signal);
      if (signal?.aborted) return result;
    }
  }

  return {
    org: account.org,
    send,
    async close() {
      (await connection?.catch(() => undefined))?.agent.destroy();
    },
  };
}

// An import of node:http loads all that it exports, a second HTTP client too; this does not, where Node has it.
const builtin = name => process.getBuiltinModule?.(name) ?? import(name);

// Loaded when first needed: half of a gate's time is the start of the process.
async function connect(url, {proxy, env, milliseconds}) {
  if (url.protocol === 'http:') {
    const transport = await builtin('node:http');
    return {transport, agent: new transport.Agent({keepAlive: true})};
  }
  const transport = await builtin('node:https');
  if (proxy || env.KOSLI_HTTP_PROXY || env.HTTPS_PROXY || env.https_proxy) {
    const {chooseProxy, tunnelAgent} = await import('./http/proxy.js');
    const chosen = chooseProxy(url, proxy, env);
    if (chosen) return {transport, agent: tunnelAgent(chosen, milliseconds.connect)};
  }
  return {transport, agent: new transport.Agent({keepAlive: true})};
}

// What the core may see of the answer to a read: text that is really there, as Kosli wrote it.
function readable({status, headers, body}, {token}) {
  if (status >= 300 && status < 400) return redirected(status, headers, token);
  const kept = [200, 404].includes(status) ? keptBy(headers) : undefined;
  if (kept) return {error: `the answer ${kept}: a cache gave it in Kosli's place, and may not know of a freeze since; let it pass on what is asked of Kosli`};
  const packed = (headers['content-encoding'] || 'identity').toLowerCase();
  const dated = headers.date && {date: headers.date};
  // A refusal is one whatever it is written in, and may be tried again; of a 404 alone the words decide.
  if (status >= 400 && status !== 404) return {status, body: packed === 'identity' ? withoutToken(body.toString(), token) : `a page that is packed as \`${packed}\``, ...dated};
  if (packed !== 'identity') return {error: `Kosli's answer is packed as \`${packed}\`, unasked, by something on the way; the kosli CLI unpacks it (--via cli)`};
  if (!isUtf8(body)) return {error: "Kosli's answer is not UTF-8 text"};
  const text = body.toString();
  const isQuoted = status === 404 || !/^[ \t\r\n]*[[{]/.test(text); // by the core, in an error
  return {status, body: isQuoted ? withoutToken(text, token) : text, ...dated};
}

// How an answer says that a cache has kept it. By its age; or it has none, and a warning: 110 stale, 111 revalidation failed, 112 disconnected,
// 113 heuristic expiration (RFC 7234, 5.5). What stands in quotes are words.
function keptBy({age, warning = ''}) {
  if (age !== undefined) return age.split(',').every(each => Number(each) <= 0) ? undefined : `is ${age} s old`;
  const [, code] = /(?:^|,)[ \t]*(11[0-3])(?![^ \t])/.exec(warning.replace(/"(?:\\.|[^"\\])*"/g, '""')) ?? [];
  return code && `has the warning ${code}`;
}

// Of the answer to a write the status counts; the body is for people.
function written({status, headers, body}, {token}) {
  if (status >= 300 && status < 400) return redirected(status, headers, token);
  return {status, body: withoutToken(body.toString(), token)};
}

// Somebody answered in Kosli's place, and says that all is well.
const isPage = ({status, body}) => status >= 200 && status < 300 && /^(\xEF\xBB\xBF)?\s*</.test(body.toString('latin1', 0, 100));
const PAGE = "the answer is a web page, not Kosli's; is there a proxy that wants a sign-in, or a wrong host?";

const redirected = (status, {location = ''}, token) => ({
  error: `Kosli answered ${status} and points to \`${withoutToken(location, token)}\`; redirects are not followed, set the host to where Kosli is`,
});

// 1, 2, 4 ... seconds, or what Kosli asks for: a second at least, or all attempts would be over at once, and half a minute at most.
const waitBefore = (round, askedFor) => Math.min(askedFor >= 1000 ? askedFor : 1000 * 2 ** round, LONGEST_WAIT);

// A time is one of Kosli's clock: this machine's may be wrong.
const waitAskedFor = ({'retry-after': text = '', date}) => /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - (Date.parse(date) || Date.now());

const JSON_TYPE = 'application/json; charset=utf-8'; // as the kosli CLI has it, even without a body

async function bodyOf({json, form}) {
  if (form) return (await import('./http/multipart.js')).multipart(form);
  return {type: JSON_TYPE, bytes: json === undefined ? undefined : Buffer.from(JSON.stringify(json))};
}
