// Carries out what the command line means: for one environment or for many, with what is seen of it meanwhile.
import {isatty} from 'node:tty';
import {connect} from './connect.js';
import {isDocument, UsageError} from './options.js';
import {doneLine, head, placeOf} from './report.js';
import {silence} from './silence.js';
import {VERBS} from './verbs.js';
import {printable} from '../text/printable.js';
import {isSuccess, look, looksAtKosli, run} from '../loop/run.js';

let kosli;
let isWriting = false;

/** Whatever is under way with Kosli ends. */
export const disconnect = () => kosli?.close();

/** Whether Kosli was told to write anything, which it may have done, whatever it has answered. */
export const hasWritten = () => isWriting;

/** Resolves to the outcome. `lastWords(code, outcome)` tells of a run that is cut. */
export async function carryOut({lastWords, keeper, ...asked}) {
  const {verb, values, env, call, wait, timeout} = asked;
  const {environment} = call;
  const screen = await screenOf(values);
  const {warn} = screen;
  const waiting = wait === undefined ? undefined : await import('./waiting.js');
  // The windows of a policy are no secret of Kosli's: where nothing is read there, no account is needed. And a freeze that nobody can set makes no local Kosli.
  const needsNone = (VERBS[verb].anywhere || (verb === 'on' && values.local !== undefined && environment)) && !looksAtKosli(call);
  if (verb === 'windows' && environment && needsNone && !asked.asJson) await warnOfName(asked, warn);
  kosli = needsNone ? undefined : await connect({values, env, environment, verb, warn, timeout});
  const host = values.local === undefined ? values.host || env.KOSLI_HOST || 'https://app.kosli.com' : undefined;
  const isEveryOne = asked.environments?.every(name => name === '*');
  const failures = failuresOf();
  const quiet = screen.onTerminal ? undefined : silence({host, timeout, warn});
  const progress = follow(call, {screen, waiting, listeners: [keeper, failures, quiet].filter(Boolean)});
  const stopping = await stoppingOf({verb, values, waiting, kosli, warn, lastWords: async code => lastWords(code, await progress.cut())});
  try {
    const options = {kosli: kosli ?? NOBODY, onEvent: progress.event, timeout, signal: stopping?.signal};
    const outcome = await carry({...asked, isKept: keeper !== undefined, screen, waiting, progress, options});
    if (outcome.decision !== 'error') return outcome;
    const all = ['nodeploy status', ...placeOf(values)].join(' ');
    return await (await import('./hints.js')).hinted(outcome, {
      kosli, ...failures.heard(), environment, timeout, all, host, none: isEveryOne ? firstOne(values) : undefined, isOwnProxy: Boolean(env.KOSLI_HTTP_PROXY?.trim()),
    });
  } finally {
    await stopping?.release();
    quiet?.stop();
    screen.line?.stop();
    await kosli?.close();
  }
}

async function warnOfName({values, env, call: {environment, policy}, timeout}, warn) {
  const words = await (await import('./name-check.js')).checkName({environment, policy, values, env, timeout});
  if (words) warn(words);
}

// What was no success in a run, each once, however often it is looked for; and when the last look began.
function failuresOf() {
  const failed = new Map();
  let began = Date.now();
  return {
    event({type, result}) {
      if (type === 'round') began = Date.now();
      if (type === 'result' && !isSuccess(result)) failed.set(JSON.stringify({...result, date: undefined}), result);
    },
    heard: () => ({failed: [...failed.values()], began}),
  };
}

const NOBODY = {send: async () => ({error: 'nobody is to be asked'})};

// Kosli's list is empty. The local one makes what a freeze names.
const firstOne = values => values.local === undefined ? 'to make one: kosli create environment NAME --type TYPE (one of another organisation is there with --org)'
  : `to make one, freeze it: ${['nodeploy -e prod-aws -r "trying it out" on', ...placeOf(values)].join(' ')}`;

/** The table of them. */
export const overviewOf = (environments, {at}) => ({type: 'overview', environments, ...(at && {at})});

// What can be said while it goes on.
async function screenOf(values) {
  const onTerminal = isatty(2);
  const line = onTerminal ? (await import('./progress.js')).progress(process.stderr) : undefined;
  const print = text => {
    line?.clear();
    process.stdout.write(text);
  };
  return {
    onTerminal, line, print,
    say: isDocument(values) ? () => {} : text => print(`${text}\n`),
    warn(text) {
      line?.clear();
      process.stderr.write(`nodeploy: ${printable(text)}\n`);
    },
  };
}

// Tells what happens as it does; `cut()` resolves to the words for a run that ends now, which after `ofMany(followed, folds)` are those of many.
function follow({environment, action}, {screen: {line, onTerminal, say, warn}, waiting, listeners}) {
  const waitingLine = waiting?.waitingLines({onTerminal});
  const retried = new Set();
  const one = {action, tried: 0, done: []}; // and the `command` under way
  let many;
  let folds;
  const count = ({type, command, action, item, result}) => {
    if (type === 'command') {
      isWriting = true;
      one.tried++;
      Object.assign(one, {command, action});
    } else if (type === 'result' && item.type) {
      one.command = undefined;
      if (isSuccess(result)) one.done.push(item);
    }
  };
  const tell = event => {
    const news = event.type === 'waiting' && waitingLine(event, Date.now());
    if (news) warn(news);
    line?.event(event);
    if (event.type === 'waiting' && !event.failed) retried.clear();
    if (event.type === 'retry' && !retried.has(event.because)) warn(`${event.because}; trying again in ${Math.ceil(event.wait / 1000)} s`);
    if (event.type === 'retry') retried.add(event.because); // once is enough, however often and for how many reads
    if (event.type === 'result' && event.item.type && isSuccess(event.result) && !many) say(doneLine(event.item, event.result));
  };
  return {
    event(event) {
      count(event);
      many?.event(event);
      for (const listener of listeners) listener.event(event);
      tell(event);
    },
    ofMany: (...followed) => { [many, folds] = followed; },
    async cut() {
      const now = {...one, environment}; // what is ended has a result, too
      line?.clear();
      folds?.end();
      if (many) return many.cutWords(action);
      const {failure} = await import('../loop/failure.js');
      return {...failure('cut', now), reason: 'aborted', done: now.done};
    },
  };
}

async function carry(asked) {
  const {verb, values, call, environments, waiting, screen, options, runOne = run} = asked;
  const {environment} = call;
  if (verb === 'report') return carryOutReports(asked, environments ?? [environment]);
  if (call.action.type === 'overview') return carryOutTable(asked, call, environments);
  if (environments) return carryOutAll(asked, environments);
  if (!values['dry-run'] && VERBS[verb].writes) screen.say(head(verb, environment));
  const outcome = values['dry-run'] ? {...await look(call, options), dryRun: true} : waiting ? await waitFor(asked) : await runOne(call, options);
  // Nothing was written: its members are what counts.
  if (!hasMembers(outcome)) return outcome;
  const isTable = verb === 'status' && !values['dry-run'] && !values['exit-code'] && !values.awaiting;
  return isTable ? carryOutTable(asked, {...call, environment: null, action: overviewOf([environment], call.action)}, [environment]) : carryOutAll(asked, [environment]);
}

async function waitFor({call, wait, waiting, screen, options}) {
  const outcome = await (await import('../loop/wait.js')).waitUntilOpen(call, {wait, ...options});
  const why = hasMembers(outcome) ? undefined : waiting.waitedInVain(outcome, Date.now());
  if (why) screen.warn(why);
  return outcome;
}

async function carryOutAll({verb, values, env, call, wait, asJson, isKept, placed, runOne, screen, progress, options}, environments) {
  if (isKept) throw new UsageError(`${call.environment} is made of others, and --evidence keeps what one gate decided from`, 'ask each of its members, with a file of its own');
  const {carryOutMany, followMany} = await import('./many.js');
  const {say, warn, line, onTerminal} = screen;
  const folds = (await import('./folds.js')).foldsOf(values, env, say);
  progress.ofMany(followMany(environments), folds);
  return carryOutMany(call, {environments, verb, values, options, placed, runOne, wait, folds, say, warn: asJson ? () => {} : warn, line, isTerminal: onTerminal && isatty(0)});
}

async function carryOutReports({values, call, screen, progress, options}, environments) {
  const {carryOutReport, followReports} = await import('./history.js');
  progress.ofMany(followReports(environments));
  return carryOutReport(call.action, {environments, values, print: screen.print, ...options});
}

async function carryOutTable({options}, call, environments) {
  const outcome = await look(call, options);
  const {at} = call.action;
  if (outcome.decision !== 'error' || outcome.overview) return outcome;
  return {...outcome, ...(await import('../loop/many-words.js')).unbegun(outcome, {type: 'status', ...(at && {at})}, environments)};
}

const hasMembers = outcome => outcome.reason === 'logical' && (outcome.last ?? outcome).members?.length > 0;

// A single look over HTTP ends with its process; a child would not.
async function stoppingOf({verb, values, waiting, kosli, warn, lastWords}) {
  const isWork = (VERBS[verb].writes || values.claim) && !values['dry-run'];
  if (!isWork && !waiting && values.via !== 'cli' && verb !== 'report') return undefined;
  const {stopping} = await import('./stopping.js');
  if (waiting) return stopping(kosli, {warn: () => {}, lastWords});
  return stopping(kosli, {warn: isWork ? () => warn('stopping when the step under way is done; once more stops at once') : undefined, lastWords});
}
