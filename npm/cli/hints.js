// What to do about an answer of Kosli's that ended a run, where it is known: said before the advice.
import {nearest} from './options.js';
import {shellLine} from '../text/shell.js';

const LONGEST = 5000;
const UNREACHABLE = /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|EPROTO|no answer from Kosli within/; // EPROTO: https where http is spoken
const BY_PROXY = /^the proxy \S+:\/\//; // kosli/http/proxy.js
const DIALLED = /\b(dial|lookup|proxyconnect)\b|\bi\/o timeout\b|Client\.Timeout/; // Go's words, as the kosli CLI has them
const UNTRUSTED = /x509: certificate signed by unknown authority/;
const ROLES = '`assert`, `status` and `report` need the role Reader, what writes (`on`, `off`, `sync`, exceptions and their `--claim`) the role Member';

/** Resolves to the outcome of a run, its advice completed; `failed` are the results in it that were no successes, `began` is when its last look began. */
export async function hinted(outcome, {kosli, failed, began, environment, host, all, none, isOwnProxy, timeout = Infinity}) {
  const hint = await hintOn(outcome);
  return hint ? {...outcome, advice: [hint, outcome.advice].filter(Boolean).join('; ')} : outcome;

  async function hintOn({reason, outcomes, report}) {
    const isOfMembers = outcomes?.length > 0 || report; // `environment` is there, and one that it is made of is not
    if (reason === 'unknown_environment' && !isOfMembers) {
      return environment && await nearestEnvironment(kosli, environment, Math.min(LONGEST, began + timeout - Date.now())) || `to see all that there are: ${all}`;
    }
    if (reason === 'nothing_selected') return none;
    const archived = failed.map(archivedIn).find(flow => flow !== undefined);
    if (archived) return `somebody has archived the flow that the records are in: restore it in Kosli, or make it anew: ${shellLine(['kosli', 'create', 'flow', archived, '--use-empty-template'])}`;
    const denied = failed.map(denialIn).findLast(status => status !== undefined);
    if (denied) return wordsOf(denied, kosli.org);
    if (failed.some(({stderr}) => UNTRUSTED.test(stderr))) return 'the kosli CLI does not trust the certificate that answered; one of your own authority is named by SSL_CERT_FILE';
    if (failed.some(({error, stderr}) => BY_PROXY.test(error) || /\bproxyconnect\b/.test(stderr))) {
      return `the proxy is named by ${isOwnProxy ? 'KOSLI_HTTP_PROXY: check that' : 'HTTPS_PROXY, and what goes past it by NO_PROXY: check both'}, and ${host} (--host, KOSLI_HOST)`;
    }
    if (host && failed.some(isOfAnother)) return `a web page answered in Kosli's place: does a firewall or a proxy refuse, or is the host wrong (${host})?`;
    const isUnreachable = failed.some(result => UNREACHABLE.test(result.error) || DIALLED.test(result.stderr) || isNowhere(result));
    return isUnreachable && host && `Kosli was looked for at ${host}: check that (--host, KOSLI_HOST) and the network`;
  }
}

const wordsOf = (denied, org) => denied === 401
  ? 'Kosli does not accept the token in KOSLI_API_TOKEN: it may have expired, or be of another Kosli (KOSLI_HOST)'
  : `the account of the token in KOSLI_API_TOKEN lacks a role in ${org} (or is it called otherwise? --org, KOSLI_ORG): ${ROLES}`;

// A path that Kosli does not have, or a page of another server: the host is wrong, or has a path that does not belong there.
const isNowhere = ({status, body}) => status === 404 && (!isKoslis(body) || /URL was not found on the server/.test(body));

// A page of somebody on the way: Kosli's API answers in JSON, and what is in front of it with 429 and 5xx.
const isOfAnother = ({status, body, stderr}) => status >= 400 && status < 500 && status !== 404 && status !== 429 ? /^\s*</.test(body) : NO_JSON.test(stderr);
const NO_JSON = /invalid character '<' looking for beginning of value/; // Go's words

// The CLI archives flows, and restores none. An open freeze may be on record there, so no gate opens.
const archivedIn = ({status, body, exit_code: code, stderr}) => /Flow named '([\w.~-]+)' has been archived/.exec(status >= 400 ? body : code ? stderr : '')?.[1];

// Kosli's own words alone: a proxy has its pages, the kosli CLI its files, and an environment may be called prod-403.
function denialIn({status, body, exit_code: code, stderr}) {
  if (status === 401 || status === 403) return isKoslis(body) ? status : undefined;
  if (!code) return undefined;
  const said = (stderr ?? '').split('\n').filter(line => line.startsWith('Error: ') && !ELSEWHERE.test(line)).join('\n');
  if (/\b(status|code|http)\W{0,3}401\b|\bunauthori[sz]ed\b|invalid (api )?(key|token)|(token|key) is (missing|wrong|invalid)/i.test(said)) return 401;
  return /\b(status|code|http)\W{0,3}403\b|\bforbidden\b|(don't|do not|does not|doesn't) have (the )?(required )?permission|(lacks?|insufficient|missing) (the )?permission/i.test(said) ? 403 : undefined;
}

// What the kosli CLI says of this machine and the network, with the names that are in it.
const ELSEWHERE = /does not exist|permission denied|\b(dial|lookup|proxyconnect)\b|no such (host|file)|x509:|certificate/i;

function isKoslis(body) {
  try {
    const {message, detail} = JSON.parse(body);
    return [message, detail].some(text => typeof text === 'string');
  } catch {
    return false;
  }
}

async function nearestEnvironment({org, send}, environment, left) {
  if (left <= 0) return undefined;
  const read = {as: 'environments', argv: ['kosli', 'list', 'env', '--output', 'json'], request: {method: 'GET', path: `/api/v2/environments/${org}`}};
  const {body, stdout} = await send(read, {signal: AbortSignal.timeout(left)});
  try {
    const name = nearest(environment, JSON.parse(body ?? stdout).map(each => String(each.name)));
    return name && `did you mean \`${name}\`?`;
  } catch {
    return undefined; // it is only a help
  }
}
