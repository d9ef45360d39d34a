// What `npm run gate --needs=20m` keeps: npm takes an option that stands before a `--` for its own, and nodeploy hears nothing of it. A gate would
// pass without its policy, or what it needs. npm tells its scripts what it has taken, by variables.
import {OPTIONS, UsageError} from './options.js';
import {takers} from './verbs.js';
import {shellLine} from '../text/shell.js';

// Of these npm has its own, and means them. A dry run it means of what it does itself; a script it runs all the same.
const NPMS = ['all', 'yes', 'json', 'save', 'version', 'help'];
const isOfNpm = (name, {npm_command: command}) => NPMS.includes(name) || (name === 'dry-run' && !/^(run|exec)/.test(command));

/** Throws a `UsageError` for the first option of `verb` that npm has kept, and `values` do not have. */
export function refuseKept(verb, values, env) {
  for (const name of Object.keys(OPTIONS).filter(name => !isOfNpm(name, env) && !(name in values))) {
    const verbs = takers(name);
    const kept = env[`npm_config_${name.replaceAll('-', '_')}`];
    if (kept === undefined || (verbs.length > 0 && !verbs.includes(verb))) continue;
    const again = kept === 'true' ? `--${name}` : `--${name}=${kept}`;
    const line = env.npm_command === 'exec' ? `npm exec -- nodeploy … ${shellLine([again])}` : shellLine(['npm', 'run', env.npm_lifecycle_event ?? 'SCRIPT', '--', again]);
    throw new UsageError(`npm has kept \`--${name}\` for itself`, `write -- before what is meant for nodeploy: ${line}`);
  }
}
