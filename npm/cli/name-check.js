// `windows -e NAME` asks the policy alone, which has windows for names that Kosli does not have: whether it has this one.
import {connect} from './connect.js';
import {UsageError} from './options.js';
import {look} from '../loop/run.js';

const LONGEST = 5000; // it is only a help

/** Resolves to what is to be said of the name; `undefined` where Kosli has it, or nobody has an account to ask with and the policy names it. */
export async function checkName({environment, policy, values, env, timeout = LONGEST}) {
  const hasAccount = values.local !== undefined || ((values.org ?? env.KOSLI_ORG) && env.KOSLI_API_TOKEN);
  const isNamed = Array.isArray(policy?.windows) && policy.windows.some(window => window?.environments?.includes?.(environment));
  if (!hasAccount) return isNamed ? undefined : unchecked(environment, 'KOSLI_ORG and KOSLI_API_TOKEN are not both set');
  let kosli;
  try {
    kosli = await connect({values, env, environment, verb: 'windows', warn: () => {}, timeout});
    const {decision, reason, summary} = await look({action: {type: 'select', environments: [environment]}}, {kosli, timeout: Math.min(timeout, LONGEST)});
    if (decision === 'proceed') return undefined;
    return reason === 'unknown_environment' ? summary : unchecked(environment, summary);
  } catch (error) {
    if (error instanceof UsageError || error.code !== undefined) return unchecked(environment, error.message);
    throw error;
  } finally {
    await kosli?.close?.();
  }
}

const unchecked = (environment, why) => `nobody has looked whether Kosli has an environment \`${environment}\`: ${why}`;
