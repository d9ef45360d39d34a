// The action of a call, from the options: each checked before anything is read or asked.
import {UsageError} from './options.js';
import {holderOf} from './said.js';

/** What is asked of the core; `stated` is what the pipeline states. */
export const actionOf = async (verb, values, env, stated) => (ACTIONS[verb] ?? (await exceptingOf(verb)) ?? lookOf)(verb, values, env, stated);

// Those that are not only a look.
const ACTIONS = {
  on: freezingOf,
  off: liftingOf,
  replay: async (type, values) => (await import('./evidence.js')).replayOf(type, values),
  report: async (type, values) => (await import('./history.js')).reportingOf(type, values),
};

// Loaded where it is needed: a gate starts the quicker.
const exceptingOf = async verb => ['except', 'approve', 'revoke', 'claim'].includes(verb) ? (await import('./excepting.js')).EXCEPTING[verb] : undefined;

async function freezingOf(type, values, env) {
  const {by, nobody} = await holderOf(values, env);
  if (!values.reason?.trim()) throw new UsageError('a freeze needs a reason', 'say why deployments must stop: -r "database migration" (or NODEPLOY_REASON)');
  if (values.freeze?.length > 1) throw new UsageError('`on` takes up one freeze; --freeze is given twice');
  const action = {type, ...(by && {by}), reason: values.reason, ...(values.freeze && {id: values.freeze[0]})};
  if (values.until !== undefined) action.until = (await import('./times.js')).untilTime(values.until, new Date());
  if (values.except) action.except = (await import('./change.js')).matchOf('except', values.except);
  if (by === undefined) throw new UsageError(`who freezes? ${nobody}`, 'say it: --by NAME (or NODEPLOY_BY)');
  return action;
}

async function liftingOf(type, values, env) {
  const {by, nobody} = await holderOf(values, env);
  if (values.all && values.freeze) throw new UsageError('--all and --freeze exclude each other');
  const freezes = values.all ? 'all' : values.freeze && [...new Set(values.freeze)];
  if (!freezes && by === undefined) throw new UsageError(`whose freeze is it? ${nobody}`, 'say it: --by NAME (or NODEPLOY_BY); or name the freeze: --freeze ID; or lift all of them: --all');
  return {type, ...(by && {by}), ...(values.reason !== undefined && {reason: values.reason}), ...(freezes && {freezes})};
}

async function lookOf(type, {at, needs, days, ics, claim, awaiting, record, attest, evidence}, env, stated) {
  const action = {
    type, ...(await statements(stated)), ...(claim && {claim}), ...(awaiting && {awaiting}),
    ...(record && {record}), ...(attest !== undefined && {attest}), ...(evidence !== undefined && {evidence: true}),
  };
  if (claim && at !== undefined) throw new UsageError('--claim and --at exclude each other', '--at asks about a time, and uses nothing');
  if (at !== undefined) action.at = (await import('./times.js')).atTime(at, new Date());
  if (needs !== undefined) action.needs = (await import('./span.js')).neededTime(needs);
  if (days !== undefined) {
    if (!/^\d{1,4}$/.test(days) || days < 1 || days > 3660) throw new UsageError(`--days \`${days}\` is not a valid number of days`, 'it goes from 1 to 3660');
    action.days = Number(days);
  }
  if (ics) action.ics = true;
  return action;
}

const statements = async stated => stated && (await import('./change.js')).statements(stated);

/** How times that were left to guess have been understood, and keys that are nearly those that every CI states: a line each. */
export async function understood(values, action) {
  const given = ['at', 'until', 'from', 'to'].filter(option => values[option] !== undefined);
  const pairs = ['change', 'except'].filter(option => values[option] !== undefined);
  return [...given.length > 0 ? await timesTaken(given, values, action) : [], ...pairs.length > 0 ? await keysTaken(pairs, values) : []];
}

async function timesTaken(given, values, action) {
  const {takenFor} = await import('./times.js');
  return given.map(option => takenFor(option, values[option], action[option])).filter(line => line !== undefined);
}

async function keysTaken(options, values) {
  const {nearKeys} = await import('./change.js');
  return options.flatMap(option => nearKeys(option, values[option]));
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
