// Where Kosli is, whose account, the token, and how often to try: checked once, before anything is sent to anybody.
import {existsSync} from 'node:fs';
import {isPlaceholder, UNFILLED} from '../text/placeholder.js';

export const KOSLI = 'https://app.kosli.com';

/**
 * The checked `{host: URL, org, token, retries}`.
 * What does not fit throws a `TypeError`, whose text never shows the token.
 */
export function kosliAccount({host = KOSLI, org, token, retries = 3} = {}) {
  if (!Number.isInteger(retries) || retries < 0) throw new TypeError('`retries` must be a whole number, 0 or more');
  return {host: about('host', () => checkHost(host, token)), org: about('org', () => checkOrg(org)), token: about('token', () => checkToken(token)), retries};
}

/** Text of Kosli's or of ours, without the token. (What is as short as a word is no secret, and would only spoil the text.) */
export const withoutToken = (text, token) => token.length < 6 ? text : text.replaceAll(token, '***');

/** With this token the kosli CLI only pretends to write. */
export const PRETENDING_TOKEN = 'DRY_RUN';

function refuseUnfilled(what, text) {
  if (isPlaceholder(text)) throw new TypeError(`the Kosli ${what} is \`${text}\`, ${UNFILLED}`);
}

// Which of them it is, for whoever knows where that was set.
function about(what, check) {
  try {
    return check();
  } catch (error) {
    throw Object.assign(error, {about: what});
  }
}

function checkHost(host, token) {
  if (typeof host !== 'string') throw new TypeError('the Kosli host must be a text');
  refuseUnfilled('host', host);
  if (host.includes(',')) throw new TypeError('the Kosli host names several servers; nodeploy freezes on one');
  let url;
  try {
    url = new URL(host);
  } catch {
    throw new TypeError(`the Kosli host is not a URL; ${withScheme(host, token) ?? 'it looks like `https://app.kosli.com`'}`);
  }
  if (url.username || url.password) throw new TypeError('the Kosli host holds a password; the token is given apart from it');
  if (url.search || url.hash) throw new TypeError('the Kosli host holds a `?` or `#`; it ends with its path');
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    throw new TypeError(`\`http://${url.host}\` would send the token in the open; use https (plain http is for this machine alone)`);
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new TypeError(`the Kosli host begins with \`${url.protocol}\`; ${withScheme(host, token) ?? 'it must be https'}`);
  }
  return url;
}

// `app.kosli.com`, without the beginning of an address. Not a token that was put in the wrong place.
function withScheme(host, token) {
  const [, name] = /^([a-z\d.-]+)(:\d+)?\/?$/i.exec(host) ?? [];
  return name && host !== token ? `did you mean \`${isLoopback(name) ? 'http' : 'https'}://${host}\`?` : undefined;
}

const isLoopback = hostname =>
  hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);

function checkOrg(org) {
  if (typeof org !== 'string' || org === '') throw new TypeError('the Kosli organisation is missing');
  refuseUnfilled('organisation', org);
  if (!/^[A-Za-z0-9][\w.~-]*$/.test(org)) {
    throw new TypeError('the Kosli organisation begins with a letter or digit and goes on with those or `.`, `_`, `~`, `-`; was it copied with a line break, a blank or quotes?');
  }
  return org;
}

function checkToken(token) {
  if (typeof token !== 'string' || token === '') throw new TypeError('the Kosli API token is missing');
  if (isPlaceholder(token)) throw new TypeError(`the Kosli API token is ${UNFILLED}`); // maybe it is one all the same
  // A comma names several tokens to the CLI, a leading dash makes it print the token.
  if (!/^[\x21-\x7E]+$/.test(token) || /[,"'`]/.test(token) || token.startsWith('-')) {
    throw new TypeError('the Kosli API token holds a character that no token has; was it copied with a line break or quotes?');
  }
  if (/^(\/|[A-Za-z]:)/.test(token) && existsSync(token)) throw new TypeError('the Kosli API token is the path of a file; is it a variable of the type File, or a mounted secret? the token itself belongs there');
  return token;
}
