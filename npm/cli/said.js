// Who says something that goes on record, and whether it has come through whole.
import {isInCi} from './in-ci.js';
import {UsageError} from './options.js';
import {refuseWhole} from './placeholders.js';

/** Who says it: `by`, an empty one for nobody; `undefined` where it is not known, for the reason `nobody`. */
export async function holderOf(values, env) {
  const by = values.by ?? (await import('./holder.js')).holder(env);
  if (values.by === undefined) refuseWhole('NODEPLOY_BY', env.NODEPLOY_BY ?? '');
  refuseBrokenText({'the name of who freezes': [by], 'the reason': [values.reason], '--freeze': values.freeze});
  return {by, nobody: by === undefined ? isInCi(env) ? 'this CI names no single person' : 'no login or git here names one person' : undefined};
}

/** Node has U+FFFD for what was not UTF-8. On record, or as an id, it would be another text than was meant. */
export function refuseBrokenText(texts) {
  for (const [what, given = []] of Object.entries(texts)) {
    if (given.some(text => text !== undefined && (text.includes('\uFFFD') || !text.isWellFormed()))) {
      throw new UsageError(`${what} is not UTF-8: part of it is lost (U+FFFD)`, 'type it again, in a shell whose locale is UTF-8 (LC_ALL=C.UTF-8)');
    }
  }
}
