// The actions about exceptions, from the options.
import {matchOf, statements} from './change.js';
import {UsageError} from './options.js';
import {withPlace} from './report.js';
import {holderOf, refuseBrokenText} from './said.js';
import {untilTime} from './times.js';
import {shellLine} from '../text/shell.js';

/** For each verb: the action of `(verb, values, env, stated)`. */
export const EXCEPTING = {except: askingOf, approve: approvingOf, revoke: revokingOf, claim: claimingOf};

/** The same action, its windows of this policy unless they name theirs. */
export function inPolicy(action, policy) {
  return {...action, windows: action.windows.map(({policy: named, name}) => {
    if (named === undefined && !policy) throw new UsageError(`--window \`${name}\` is of a policy, and there is no policy here`, 'name it: --policy FILE, or --window POLICY/NAME; or name the freeze on record: --freeze ID');
    return {policy: named === undefined ? policy.policy.policy ?? null : named || null, name};
  })};
}

// `weekend`, `release/weekend`, or `/weekend` of a policy without a name. A policy's name has no slash.
function windowOf(text) {
  const at = text.indexOf('/');
  return at < 0 ? {name: text} : {policy: text.slice(0, at), name: text.slice(at + 1)};
}

async function askingOf(type, values, env) {
  const {by, nobody} = await holderOf(values, env);
  refuseBrokenText({'--change': values.change, '--window': values.window, '--exception': [values.exception]});
  if (!values.reason?.trim()) throw new UsageError('an exception needs a reason', 'say why this change may pass: -r "CVE-2026-1234"');
  if (!values.change) throw new UsageError('which change may pass?', 'say it: --change commit=4f1c2ab (a key may be said again, a value may be a glob)');
  if (values.until === undefined) throw new UsageError('an exception needs an end', 'say until when it holds: --until 2h');
  if (by === undefined) throw new UsageError(`who asks? ${nobody}`, 'say it: --by NAME (or NODEPLOY_BY)');
  return {
    type, ...(by && {by}), reason: values.reason, until: untilTime(values.until, new Date()), change: matchOf('change', values.change),
    ...numbers(values, ['uses', 'approvals']),
    ...(values.freeze && {freezes: values.freeze}),
    ...(values.window && {windows: values.window.map(windowOf)}),
    ...(values.exception && {id: values.exception}),
  };
}

async function approvingOf(type, values, env) {
  const {by, nobody} = await holderOf(values, env);
  const exception = named(type, values);
  if (!by) throw new UsageError(`who approves? ${nobody ?? 'an approval is somebody\'s'}`, 'say it: --by NAME (or NODEPLOY_BY)');
  return {type, exception, by, ...(values.reason !== undefined && {reason: values.reason})};
}

async function revokingOf(type, values, env) {
  const {by} = await holderOf(values, env);
  return {type, exception: named(type, values), ...(by && {by}), ...(values.reason !== undefined && {reason: values.reason})};
}

async function claimingOf(type, {exception, needs}, env, stated) {
  refuseBrokenText({'--exception': [exception]});
  const {change, run, doubts} = stated;
  const about = doubts.length > 0 ? ` (${doubts.join('; ')})` : '';
  if (Object.keys(change).length === 0) throw new UsageError(`which change is it? nothing states one${about}`, 'say it: --change commit=4f1c2ab');
  if (run === undefined) throw new UsageError(`which run is it? nothing states one${about}`, 'say it, as the gate has it: --run ID');
  return {
    type, ...statements(stated), ...(exception && {exception}),
    ...(needs !== undefined && {needs: (await import('./span.js')).neededTime(needs)}),
  };
}

function named(verb, {exception, ...values}) {
  if (exception === undefined) {
    const {environment} = values;
    const [which, how] = verb === 'approve' ? ['those that wait for an approval', ['status', '--awaiting']] : ['all of them', ['report', '--csv']];
    const line = shellLine(['nodeploy', ...(environment ? ['-e', environment.join(',')] : []), ...how]);
    throw new UsageError(`which exception? \`${verb}\` needs its id`, `name it: --exception ID (to see ${which}: ${withPlace(line, {action: {type: how[0]}}, values)})`);
  }
  refuseBrokenText({'--exception': [exception]});
  return exception;
}

const NUMBERS = {
  uses: 'write it as --uses 2',
  approvals: 'write it as --approvals 2; with --approvals 0 it needs none, where all that closes is your own and the policy asks for none',
};

function numbers(values, names) {
  return Object.fromEntries(names.filter(name => values[name] !== undefined).map(name => {
    if (!/^\d+$/.test(values[name])) throw new UsageError(`--${name} \`${values[name]}\` is not a number`, NUMBERS[name]);
    return [name, Math.min(Number(values[name]), 1e9)]; // no call holds more digits than a number has
  }));
}
