// What to do about an answer of Kosli's that ended a run, where it is known: said before the advice.
import {nearest} from './options.js';

const LONGEST = 5000;
const ROLES = '`assert` and `status` need the role Reader, `on`, `off` and `sync` the role Member';

/** For one run: `event` hears of it, `about(outcome)` resolves to the outcome, its advice completed. */
export function hints(kosli, {environment}) {
  let denied;
  return {
    event({type, result}) {
      if (type === 'result') denied = denialIn(result) ?? denied;
    },
    async about(outcome) {
      if (outcome.decision !== 'error') return outcome;
      const hint = outcome.reason === 'unknown_environment' ? await nearestEnvironment(kosli, environment) : denied && wordsOf(denied, kosli.org);
      return hint ? {...outcome, advice: [hint, outcome.advice].filter(Boolean).join('; ')} : outcome;
    },
  };
}

const wordsOf = (denied, org) => denied === 401
  ? 'Kosli does not accept the token in KOSLI_API_TOKEN: it may have expired, or be of another Kosli (KOSLI_HOST)'
  : `the account of the token in KOSLI_API_TOKEN lacks a role in ${org}: ${ROLES}`;

// What is missing there has a name that somebody chose, `permissions-prod`, and a file that this machine denies is none of Kosli's.
const isOfNames = /does not exist|: permission denied$/i;

// The kosli CLI has no status for us, only words.
function denialIn({status, exit_code: code, stderr}) {
  if (status === 401 || status === 403) return status;
  if (!code) return undefined;
  const words = (stderr ?? '').split('\n').filter(line => !isOfNames.test(line)).join('\n');
  if (/\b401\b|unauthori[sz]ed|invalid (api )?(key|token)|(token|key) is (missing|wrong|invalid)/i.test(words)) return 401;
  return /\b403\b|forbidden|permission/i.test(words) ? 403 : undefined;
}

async function nearestEnvironment({org, send}, environment) {
  const read = {as: 'environments', argv: ['kosli', 'list', 'env', '--output', 'json'], request: {method: 'GET', path: `/api/v2/environments/${org}`}};
  const {body, stdout} = await send(read, {signal: AbortSignal.timeout(LONGEST)});
  try {
    const name = nearest(environment, JSON.parse(body ?? stdout).map(each => String(each.name)));
    return name && `did you mean \`${name}\`?`;
  } catch {
    return undefined; // it is only a help
  }
}
