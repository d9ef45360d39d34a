// What to do about an answer of Kosli's that ended a run, where it is known: said before the advice.
import {nearest} from './options.js';
import {shellLine} from '../text/shell.js';

const LONGEST = 5000;
const UNREACHABLE = /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|EPROTO|no answer from Kosli within/; // EPROTO: https where http is spoken
const BY_PROXY = /^the proxy \S+:\/\//; // kosli/http/proxy.js
const DIALLED = /\b(dial|lookup|proxyconnect)\b|\bi\/o timeout\b|Client\.Timeout/; // Go's words, as the kosli CLI has them
const UNTRUSTED = /x509: certificate signed by unknown authority/;
const ROLES = '`assert`, `status` and `report` need the role Reader, what writes (`on`, `off`, `sync`, exceptions and their `--claim`) the role Member';

/** For one run: `event` hears of it, `about(outcome)` resolves to the outcome, its advice completed. */
export function hints(kosli, {environment, host, all, none, isOwnProxy, timeout = Infinity}) {
  let denied;
  let isUnreachable = false;
  let isByProxy = false;
  let isUntrusted = false;
  let isBetween = false;
  let archived;
  let began = Date.now();
  const near = async () => environment && nearestEnvironment(kosli, environment, Math.min(LONGEST, began + timeout - Date.now()));
  return {
    event({type, result}) {
      if (type === 'round') began = Date.now();
      if (type !== 'result') return;
      denied = denialIn(result) ?? denied;
      isUnreachable ||= UNREACHABLE.test(result.error) || DIALLED.test(result.stderr) || isNowhere(result);
      isByProxy ||= BY_PROXY.test(result.error) || /\bproxyconnect\b/.test(result.stderr);
      isUntrusted ||= UNTRUSTED.test(result.stderr);
      isBetween ||= isOfAnother(result);
      archived ??= archivedIn(result);
    },
    async about(outcome) {
      if (outcome.decision !== 'error') return outcome;
      const isOfMembers = outcome.outcomes?.length > 0 || outcome.report; // `environment` is there, and one that it is made of is not
      const hint = outcome.reason === 'unknown_environment' && !isOfMembers ? await near() ?? `to see all that there are: ${all}`
        : outcome.reason === 'nothing_selected' ? none
        : archived ? `somebody has archived the flow that the records are in: restore it in Kosli, or make it anew: ${shellLine(['kosli', 'create', 'flow', archived, '--use-empty-template'])}`
        : denied ? wordsOf(denied, kosli.org)
          : isUntrusted ? 'the kosli CLI does not trust the certificate that answered; one of your own authority is named by SSL_CERT_FILE'
            : isByProxy ? `the proxy is named by ${isOwnProxy ? 'KOSLI_HTTP_PROXY: check that' : 'HTTPS_PROXY, and what goes past it by NO_PROXY: check both'}, and ${host} (--host, KOSLI_HOST)`
              : isBetween && host ? `a web page answered in Kosli's place: does a firewall or a proxy refuse, or is the host wrong (${host})?`
                : isUnreachable && host && `Kosli was looked for at ${host}: check that (--host, KOSLI_HOST) and the network`;
      return hint ? {...outcome, advice: [hint, outcome.advice].filter(Boolean).join('; ')} : outcome;
    },
  };
}

const wordsOf = (denied, org) => denied === 401
  ? 'Kosli does not accept the token in KOSLI_API_TOKEN: it may have expired, or be of another Kosli (KOSLI_HOST)'
  : `the account of the token in KOSLI_API_TOKEN lacks a role in ${org}: ${ROLES}`;

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
