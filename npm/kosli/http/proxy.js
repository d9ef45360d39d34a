// The way through a proxy: which one (as Go, and so the kosli CLI, chooses it), and the tunnel.
import {request as plainRequest} from 'node:http';
import {Agent, request as tlsRequest} from 'node:https';
import {BlockList, isIP} from 'node:net';
import {connect} from 'node:tls';
import {withWayOut} from './certificate.js';

/**
 * The URL of the proxy for `url`, or `undefined`. `proxy`: an address, `false` (none) or nothing: ask `env`, first for the kosli CLI's own
 * variable, past which NO_PROXY lets nothing go.
 */
export function chooseProxy(url, proxy, env) {
  if (url.protocol === 'http:' || proxy === false) return undefined; // plain http stays on this machine
  const own = ownProxy(url, env);
  const address = proxy ?? own ?? (env.HTTPS_PROXY || env.https_proxy);
  if (!address || (proxy === undefined && own === undefined && isExempt(url, env.NO_PROXY || env.no_proxy || ''))) return undefined;
  const name = proxy !== undefined ? 'the proxy' : `the proxy in ${own === undefined ? 'HTTPS_PROXY' : 'KOSLI_HTTP_PROXY'}`;
  const chosen = readProxy(address, name);
  if (chosen.protocol !== 'http:' && chosen.protocol !== 'https:') {
    throw new TypeError(`${name} begins with \`${chosen.protocol}\`; only http: and https: are known`);
  }
  return chosen;
}

/** What KOSLI_HTTP_PROXY says for `url`, or `undefined`. */
export const ownProxy = (url, {KOSLI_HTTP_PROXY: address}) => url.protocol === 'http:' ? undefined : address?.trim() || undefined;

/** The URL of a proxy's address; `name` is what an error calls it, which never shows its password. */
export function readProxy(address, name) {
  let url;
  try {
    url = new URL(address.includes('://') ? address : `http://${address}`);
  } catch {
    throw new TypeError(`${name} is not a URL; it looks like \`http://proxy.example:3128\`, and ${ENCODED}`);
  }
  // `http://ci:12#34@proxy` is the host `ci` to a URL's reader.
  const isCut = [url.pathname, url.search, url.hash].some(part => part.includes('@'));
  if (isCut || !isDecodable(url.username + url.password)) throw new TypeError(`${name} has a user or a password that cannot be read; ${ENCODED}`);
  return url;
}

const ENCODED = 'in its user and password `%` is written %25, `#` %23, `/` %2F, `?` %3F, `@` %40, `:` %3A';

function isDecodable(text) {
  try {
    return decodeURIComponent(text) !== undefined;
  } catch {
    return false;
  }
}

/** An agent whose connections go through `proxy`, each opened within `milliseconds`. */
export function tunnelAgent(proxy, milliseconds) {
  const agent = new Agent({keepAlive: true});
  agent.createConnection = (options, done) => {
    openTunnel(proxy, options, milliseconds).then(socket => done(null, socket), done);
  };
  return agent;
}

function openTunnel(proxy, options, milliseconds) {
  const shown = `the proxy ${proxy.protocol}//${proxy.host}`; // never its password
  const target = `${isIP(options.host) === 6 ? `[${options.host}]` : options.host}:${options.port}`;
  const headers = {host: target};
  if (proxy.username) {
    const login = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
    headers['proxy-authorization'] = `Basic ${Buffer.from(login).toString('base64')}`;
  }
  return new Promise((resolve, reject) => {
    const fail = (words, code) => reject(Object.assign(new Error(`${shown} ${words}`), {code}));
    const request = (proxy.protocol === 'https:' ? tlsRequest : plainRequest)({
      host: proxy.hostname.replace(/^\[|\]$/g, ''), port: proxy.port || undefined,
      method: 'CONNECT', path: target, headers, agent: false, rejectUnauthorized: true, autoSelectFamilyAttemptTimeout: options.autoSelectFamilyAttemptTimeout,
    });
    const timer = setTimeout(() => request.destroy(new Error(`opened no way to ${target} within ${milliseconds / 1000} s`)), milliseconds);
    request.on('error', error => { clearTimeout(timer); fail(`failed: ${withWayOut(error, error.message || error.code)}`, error.code); });
    request.on('response', response => { clearTimeout(timer); request.destroy(); fail(refusal(response, proxy), codeOf(response)); });
    request.on('connect', (response, socket) => {
      clearTimeout(timer);
      if (response.statusCode !== 200) {
        socket.destroy();
        return fail(refusal(response, proxy), codeOf(response));
      }
      resolve(connect({...options, socket, rejectUnauthorized: true})); // TLS with Kosli itself, inside the tunnel
    });
    request.end();
  });
}

// A wrong password that is tried again and again locks the account.
const codeOf = ({statusCode}) => statusCode === 407 ? 'ERR_PROXY_SIGN_IN' : undefined;

// Of a sign-in only the usual one is known: Windows' own need the machine's account.
function refusal({statusCode, headers}, {protocol, host, username}) {
  if (statusCode !== 407) return `answered ${statusCode}`;
  const kinds = (headers['proxy-authenticate'] ?? 'Basic').split(',').map(kind => kind.trim().split(' ')[0]).filter(kind => /^[A-Za-z]+$/.test(kind));
  if (!kinds.some(kind => kind.toLowerCase() === 'basic')) return `answered 407: it wants a sign-in by ${kinds.join(' or ')}, and only Basic is known here`;
  return `answered 407: ${username ? 'it does not take this user and password' : `it wants a sign-in, as in ${protocol}//user:password@${host}`}`;
}

function isExempt(url, list) {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = url.port || '443';
  if (isLocal(host)) return true;
  return list.toLowerCase().split(',').map(entry => entry.trim()).filter(Boolean).some(entry => {
    if (entry === '*') return true;
    if (entry.includes('/')) return contains(entry, host);
    const [, name, itsPort] = isIP(entry) ? [entry, entry] : /^(.*?)(?::(\d+))?$/.exec(entry);
    if (itsPort && itsPort !== port) return false;
    const bare = name.replace(/^\[|\]$/g, '');
    if (isIP(host)) return bare === host;
    return bare.startsWith('.') || bare.startsWith('*.')
      ? host.endsWith(bare.replace(/^\*/, ''))
      : host === bare || host.endsWith(`.${bare}`);
  });
}

const isLocal = host => host === 'localhost' || host === '::1' || /^127(\.\d+){3}$/.test(host);

function contains(range, host) {
  const [network, bits] = range.split('/');
  const family = {4: 'ipv4', 6: 'ipv6'};
  if (!isIP(host) || !isIP(network) || !/^\d+$/.test(bits)) return false;
  const list = new BlockList();
  try {
    list.addSubnet(network, Number(bits), family[isIP(network)]);
  } catch {
    return false;
  }
  return list.check(host, family[isIP(host)]);
}
