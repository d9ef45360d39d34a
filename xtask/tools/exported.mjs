// What `nodeploy local` says when it is ready.
import {createInterface} from 'node:readline';

const VARIABLES = 3; // KOSLI_HOST, KOSLI_ORG, KOSLI_API_TOKEN

/** Resolves to the variables of its `export NAME=value` lines. */
export async function exported({stdout}) {
  const found = {};
  for await (const line of createInterface({input: stdout})) {
    const [, name, value] = /^export (\w+)=(.*)$/.exec(line) ?? [];
    if (name) found[name] = value;
    if (Object.keys(found).length === VARIABLES) return found;
  }
  throw new Error('the local Kosli ended before it said where it is');
}
