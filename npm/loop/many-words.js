// What a run over many comes to: in words, and the command to go on with.
import {halfDone} from './half-done.js';
import {commandLine} from '../core.js';
import {counted, NAMED, namesOf} from '../text/counted.js';
import {shellLine} from '../text/shell.js';

const wordsOf = ({decision, reason, summary, advice, next}) => ({decision, reason, summary, advice, next});

/** Where the list that all begins with ends it: as a look at one environment ends. A name that is wrong is no better the next time. */
export function unbegun(list, action, environments) {
  const isAsked = ASKING.includes(action?.type);
  const words = {...wordsOf(list), summary: isAsked ? list.summary : `${list.summary}; nothing was changed`};
  if (!action || !(list.reason.startsWith('unreadable_') || list.reason === 'wrong_clock')) return words;
  return {...words, ...again(isAsked ? 'nothing was decided; look again' : 'try again', environments, action)};
}

/** Where it is stopped before it has begun; with the command that begins again, if it is told of what `action`. */
export function stopped(action, environments) {
  const isAsked = ASKING.includes(action?.type);
  const words = {decision: 'error', reason: 'aborted', summary: isAsked ? 'stopped' : 'stopped; nothing was changed', advice: null, next: null};
  return action ? {...words, ...again(isAsked ? 'nothing was decided; look again' : 'to finish', environments, action)} : words;
}

/** The same once more, of these. */
export function again(lead, environments, action) {
  const environment = environments.join(',');
  return {advice: `${lead}: ${commandLine({environment, action, now: new Date()})}`, next: {environment, action, options: {}}};
}

const ASKING = ['assert', 'status', 'report'];
const WRITES = {proceed: 'done', refuse: 'refused', error: 'failed'};
const PLANS = {proceed: 'planned', refuse: 'refused', error: 'failed'};
const ASKS = {proceed: 'open', refuse: 'closed', error: 'unknown'};

/** Of all that have ended: the worst decides, and is named. */
export function wordsOfAll(outcomes, {action, environments}) {
  const by = decision => outcomes.filter(outcome => outcome.decision === decision);
  const words = ASKING.includes(action?.type) ? ASKS : outcomes.some(({dryRun}) => dryRun) ? PLANS : WRITES;
  const counts = ['error', 'refuse', 'proceed'].map(decision => [decision, by(decision)]).filter(([, some]) => some.length > 0);
  const [[decision, worst]] = counts;
  const told = counts.flatMap(([one, some]) => one === 'proceed' ? proceedWords(some, words, outcomes.length) : otherWords(some, words[one]));
  const left = action?.type === 'off' ? stayFrozen(by('proceed')) : '';
  const summary = `${counted(outcomes.length)} environment${outcomes.length === 1 ? '' : 's'}: ${told.join(', ')}${left}`;
  const advised = some => action && adviceForAll(some, {action, globs: some.length === outcomes.length ? environments : []});
  // What waits for an approval does so whatever became of the others. Nothing helps those that were refused: then what is next for the others.
  const awaited = action?.awaiting ? advised(outcomes.filter(isToApprove)) : undefined;
  return {decision, reason: worst[0].reason, summary, ...(awaited ?? advised(worst) ?? (decision === 'refuse' ? advised(by('proceed')) : undefined) ?? {advice: null, next: null})};
}

// Where it was as it should be, nothing was done.
function proceedWords(some, words, all) {
  const idle = words === ASKS ? 0 : some.filter(({dryRun, done, commands}) => (dryRun ? commands : done)?.length === 0).length;
  if (idle === all) return ['nothing to do'];
  return [[some.length - idle, words.proceed], [idle, 'with nothing to do']].filter(([number]) => number > 0).map(([number, what]) => `${counted(number)} ${what}`);
}

// What is half done is told apart: an environment that is frozen has not failed to be.
function otherWords(some, word) {
  const names = new Map([[word, []]]);
  for (const {environment, reason, last, done} of some) {
    const told = ['aborted', 'command_failed'].includes(reason) && halfDone(last?.action, done) || word;
    names.set(told, [...names.get(told) ?? [], environment]);
  }
  return [...names].filter(([, of]) => of.length > 0).map(([told, of]) => `${counted(of.length)} ${told} (${namesOf(of)})`);
}

// An `off` that has lifted what it may leaves what others have frozen.
function stayFrozen(outcomes) {
  const names = outcomes.filter(outcome => (outcome.last ?? outcome).freezes?.some(({state}) => state === 'open')).map(({environment}) => environment);
  return names.length === 0 ? '' : `; ${namesOf(names)} ${names.length === 1 ? 'STAYS' : 'STAY'} FROZEN`;
}

// What each of them is advised, where it is the same but for the environment; else to go on with all that can, or what tells each its own.
// Where a command mends nothing (a policy that cannot be read, a time that has passed) none is said.
// Many are named as the call has named all of them.
function adviceForAll(outcomes, {action, globs}) {
  const of = outcomes.filter(({advice, next}) => advice && next);
  if (of.length === 0) return undefined;
  const isLong = of.length > NAMED && of.length === outcomes.length && globs.length > 0;
  const environments = isLong ? globs : of.map(one => one.environment);
  const environment = environments.join(',');
  const said = one => one.advice.replace(`nodeploy -e ${one.environment} `, () => `nodeploy ${shellLine(['-e', environment])} `);
  const [first] = of;
  if (of.every(isOfOne)) return {advice: first.advice, next: {...first.next, environment: first.environment}};
  if (of.every(one => said(one) === said(first))) return {advice: said(first), next: {...first.next, environment}};
  if (of.every(isToApprove)) return {advice: first.advice, next: {...first.next, environment: first.environment}}; // each its own
  const isUnfinished = of.every(({decision, next}) => decision === 'error' && next.action.type === action.type);
  return isUnfinished ? again('to finish', environments, action) : again('to see them', environments, {type: 'status'});
}

// What tells of one environment alone: the first of them, then.
const isOfOne = ({next}) => next.action.type === 'windows';
const isToApprove = ({next}) => next?.action.type === 'approve';
