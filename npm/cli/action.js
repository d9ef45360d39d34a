// The action of a call, from the options: each checked before anything is read or asked.
import {UsageError} from './options.js';

/** What is asked of the core. */
export const actionOf = (verb, values, env) => (ACTIONS[verb] ?? lookOf)(verb, values, env);

// Those that are not only a look.
const ACTIONS = {
  on: freezingOf,
  off: liftingOf,
  replay: async (type, values) => (await import('./evidence.js')).replayOf(type, values),
};

async function freezingOf(type, values, env) {
  const {by, nobody} = await holderOf(values, env);
  if (!values.reason?.trim()) throw new UsageError('a freeze needs a reason', 'say why deployments must stop: -r "database migration"');
  if (values.freeze?.length > 1) throw new UsageError('`on` takes up one freeze; --freeze is given twice');
  const action = {type, ...(by && {by}), reason: values.reason, ...(values.freeze && {id: values.freeze[0]})};
  if (values.until !== undefined) action.until = (await import('./times.js')).untilTime(values.until, new Date());
  if (by === undefined) throw new UsageError(`who freezes? ${nobody}`, 'say it: --by NAME (or NODEPLOY_BY)');
  return action;
}

async function liftingOf(type, values, env) {
  const {by, nobody} = await holderOf(values, env);
  if (values.all && values.freeze) throw new UsageError('--all and --freeze exclude each other');
  const freezes = values.all ? 'all' : values.freeze;
  if (!freezes && by === undefined) throw new UsageError(`whose freeze is it? ${nobody}`, 'say it: --by NAME (or NODEPLOY_BY); or name the freeze: --freeze ID; or lift all of them: --all');
  return {type, ...(by && {by}), ...(values.reason !== undefined && {reason: values.reason}), ...(freezes && {freezes})};
}

// Who asks: `by`, an empty one for nobody; `undefined` where it is not known, for the reason `nobody`.
async function holderOf(values, env) {
  const {holder, isInCi} = values.by === undefined ? await import('./holder.js') : {};
  const by = values.by ?? holder(env);
  refuseBrokenText({'the name of who freezes': [by], 'the reason': [values.reason], '--freeze': values.freeze});
  return {by, nobody: by === undefined ? isInCi(env) ? 'this CI names no single person' : 'no login or git here names one person' : undefined};
}

// Node has U+FFFD for what was not UTF-8. On record, or as an id, it would be another text than was meant.
function refuseBrokenText(texts) {
  for (const [what, given = []] of Object.entries(texts)) {
    if (given.some(text => text !== undefined && (text.includes('\uFFFD') || !text.isWellFormed()))) {
      throw new UsageError(`${what} is not UTF-8: part of it is lost (U+FFFD)`, 'type it again, in a shell whose locale is UTF-8 (LC_ALL=C.UTF-8)');
    }
  }
}

async function lookOf(type, {at, needs, days, ics, record, attest, evidence}) {
  const action = {type, ...(record && {record}), ...(attest !== undefined && {attest}), ...(evidence !== undefined && {evidence: true})};
  if (at !== undefined) action.at = (await import('./times.js')).atTime(at, new Date());
  if (needs !== undefined) action.needs = (await import('./span.js')).neededTime(needs);
  if (days !== undefined) {
    if (!/^\d{1,4}$/.test(days) || days < 1 || days > 3660) throw new UsageError(`--days \`${days}\` is not a valid number of days`, 'it goes from 1 to 3660');
    action.days = Number(days);
  }
  if (ics) action.ics = true;
  return action;
}

/** How a time that was left to guess has been understood: a line, or `undefined`. */
export async function understood({at, until}, action) {
  const [option, text] = at === undefined ? ['until', until] : ['at', at];
  return text === undefined ? undefined : (await import('./times.js')).takenFor(option, text, action[option]);
}

/** How long one look may take, in milliseconds; `undefined`: as long as `run` lets it. */
export const timeoutOf = async ({timeout}) => timeout === undefined ? undefined : (await import('./span.js')).timeoutTime(timeout);

/** How long a gate may wait, in milliseconds; `undefined`: one look is all. */
export async function waitOf({wait, at, 'dry-run': dryRun}) {
  if (wait === undefined) return undefined;
  if (at !== undefined) throw new UsageError('--wait and --at exclude each other', '--at asks about a time, --wait lets it come');
  if (dryRun) throw new UsageError('--wait and --dry-run exclude each other', 'leave one of them out');
  return (await import('./span.js')).waitTime(wait);
}
