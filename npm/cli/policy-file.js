// Which policy holds: the one that is named, else the one in the working folder.
import {readdirSync} from 'node:fs';
import {isInCi} from './in-ci.js';
import {isInRepository, NAMES, nearMiss, policyAbove, policyBelow} from './near-miss.js';
import {UsageError} from './options.js';
import {shellLine} from '../text/shell.js';

let isUnchecked = false; // in a CI, where policies are found in what a job has checked out

/** Resolves to the path of the policy's file, or `undefined`. `--policy=` turns it off. */
export async function policyFile(named, env) {
  if (named !== undefined) return named === '' ? undefined : named;
  if (env.NODEPLOY_POLICY) return env.NODEPLOY_POLICY; // an empty one, as CIs make of what is not set, turns nothing off
  try {
    return await policyHere(env);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    // What cannot be looked at may hold a policy: a gate without its policy is no gate.
    const {code, folder} = error;
    const why = {ENOENT: 'is gone', EACCES: 'may not be read by this user', EPERM: 'may not be read by this user'}[code] ?? `cannot be read (${code})`;
    throw new UsageError(`the ${folder === undefined ? 'working folder' : `folder \`${folder}\``} ${why}, so nobody knows whether a policy is in it`,
      `${folder === undefined ? 'change to another one, or name' : 'name'} the policy: --policy FILE (--policy= for none)`);
  }
}

async function policyHere(env) {
  process.cwd(); // of a folder that has been removed, some systems list nothing
  const files = readdirSync('.', {withFileTypes: true});
  const found = NAMES.filter(name => files.some(file => file.name === name));
  if (found.length > 1) throw new UsageError(`there are ${found.join(' and ')}, and only one policy can hold`, `say which: --policy ${found[0]}`);
  if (found.length === 1) return found[0];
  const near = nearMiss(files);
  if (NAMES.includes(near?.split('/')[1])) throw elsewhere(near, 'below');
  if (near !== undefined) {
    throw new UsageError(`\`${near}\` is here, and is not read: a policy is called ${NAMES.join(', ')}`, `rename it; or name what holds: ${shellLine(['--policy', near])} (or --policy= for none)`);
  }
  const isBare = files.every(({name}) => name !== '.git') && isInCi(env);
  const below = isBare ? policyBelow(files) : undefined;
  if (below !== undefined) {
    throw new UsageError(`\`${below}\` was checked out below the folder that nodeploy runs in, and is not read`, `name it: ${shellLine(['--policy', below])} (or --policy= for none)`);
  }
  const above = await policyAbove();
  if (above === undefined) {
    isUnchecked = isBare && !isInRepository();
    return undefined;
  }
  throw elsewhere(above, 'above');
}

const elsewhere = (file, where) => new UsageError(`\`${file}\` is in a folder ${where}, and is not read: a policy is looked for in the folder that nodeploy runs in`, `name it: ${shellLine(['--policy', file])} (or --policy= for none)`);

/** `policy nodeploy.yaml: 2 of 5 windows are for prod-aws`: which policy the answer goes by, and how much of it. */
export function policyLine({policy: applied}, policy, environment, named) {
  if (!policy) return noPolicyLine(named);
  if (!applied) return `policy ${policy.file}`;
  const {windows, for_environment: some} = applied;
  return `policy ${policy.file}: ${some} of ${windows} window${windows === 1 ? '' : 's'} ${windows === 1 || some === 1 ? 'is' : 'are'} for ${environment}${suspendedIn(policy)}`;
}

/** `, 2 suspended`: why a window that is there does not close. */
export function suspendedIn({policy: {windows}}) {
  const count = Array.isArray(windows) ? windows.filter(window => window?.suspended === true).length : 0;
  return count > 0 ? `, ${count} suspended` : '';
}

/** Why there is none; to whoever has one in a repository that this job has not checked out, that it was not found. */
export const noPolicyLine = named => named === '' ? 'no policy: --policy= turns it off'
  : `no policy: ${process.cwd()} has no nodeploy.yaml, .yml or .json${isUnchecked ? ', and nothing is checked out there: if there is one, name it (--policy FILE); if not, say so (--policy=)' : ''}`;
