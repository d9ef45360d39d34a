// The action of a call, from the options: each checked before anything is read or asked.
import {UsageError} from './options.js';

/** What is asked of the core. */
export async function actionOf(verb, values, env) {
  if (verb !== 'on' && verb !== 'off') return lookOf(verb, values);
  const by = values.by ?? (await import('./holder.js')).holder(env);
  const action = {type: verb, ...(by && {by}), ...(values.reason !== undefined && {reason: values.reason})};
  if (verb === 'off') {
    if (values.all && values.freeze) throw new UsageError('--all and --freeze exclude each other');
    if (values.all || values.freeze) action.freezes = values.all ? 'all' : values.freeze;
    return action;
  }
  if (!values.reason?.trim()) throw new UsageError('a freeze needs a reason', 'say why deployments must stop: -r "database migration"');
  if (values.freeze?.length > 1) throw new UsageError('`on` takes up one freeze; --freeze is given twice');
  if (values.freeze) action.id = values.freeze[0];
  if (values.until !== undefined) action.until = (await import('./times.js')).untilTime(values.until, new Date());
  return action;
}

async function lookOf(type, {at, needs, days, ics}) {
  const action = {type};
  if (at !== undefined) action.at = (await import('./times.js')).atTime(at);
  if (needs !== undefined) action.needs = (await import('./span.js')).neededTime(needs);
  if (days !== undefined) {
    if (!/^\d{1,4}$/.test(days) || days < 1 || days > 3660) throw new UsageError(`--days \`${days}\` is no number of days`, 'it goes from 1 to 3660');
    action.days = Number(days);
  }
  if (ics) action.ics = true;
  return action;
}

/** How long a gate may wait, in milliseconds; `undefined`: one look is all. */
export async function waitOf({wait, at, 'dry-run': dryRun}) {
  if (wait === undefined) return undefined;
  if (at !== undefined) throw new UsageError('--wait and --at exclude each other', '--at asks about a time, --wait lets it come');
  if (dryRun) throw new UsageError('--wait and --dry-run exclude each other', 'leave one of them out');
  return (await import('./span.js')).waitTime(wait);
}
