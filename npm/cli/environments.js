// Which environments the command line names: one, as a gate has it, or many.
import {UsageError} from './options.js';
import {shellLine} from '../text/shell.js';

/**
 * `{environment}` for one by its name, or none (null); `{environments}` for many: names and globs, `!` before one leaves out.
 * The list of the command line wins over the variable.
 */
export function environmentsOf({environment: given, 'all-environments': all}, {NODEPLOY_ENV: variable}) {
  const named = (given ?? (all || !variable ? [] : [variable])).flatMap(text => text.split(',')).map(text => text.trim()).filter(text => text !== '');
  if (all && named.some(name => !name.startsWith('!'))) {
    throw new UsageError('--all-environments and -e NAME exclude each other', "leave some out with -e '!NAME', or leave --all-environments out");
  }
  if (all) return {environments: ['*', ...named]};
  if (named.length > 0 && named.every(name => name.startsWith('!'))) {
    throw new UsageError(`-e ${named.join(',')} only leaves out`, `all others are ${shellLine(['-e', ['*', ...named].join(',')])}`);
  }
  if (named.length > 1 || named.some(isGlob)) return {environments: [...new Set(named)]};
  return {environment: named[0] ?? null};
}

/** Whether a name stands for what Kosli's list will show. */
export const isGlob = name => /[*?!]/.test(name);
