// Carries out what the command line means: for one environment or for many, with what is seen of it meanwhile.
import {isatty} from 'node:tty';
import {connect} from './connect.js';
import {hints} from './hints.js';
import {isDocument, UsageError} from './options.js';
import {doneLine, head, placeOf} from './report.js';
import {silence} from './silence.js';
import {VERBS} from './verbs.js';
import {printable} from '../text/printable.js';
import {isSuccess, look, looksAtKosli, run} from '../loop/run.js';

let kosli;

/** Whatever is under way with Kosli ends. */
export const disconnect = () => kosli?.close();

/** Resolves to the outcome. `lastWords(code, outcome)` tells of a run that is cut. */
export async function carryOut({verb, values, env, call, environments, wait, timeout, asJson, lastWords, keeper, placed}) {
  const {environment} = call;
  const onTerminal = isatty(2);
  const line = onTerminal ? (await import('./progress.js')).progress(process.stderr) : undefined;
  const warn = text => {
    line?.clear();
    process.stderr.write(`nodeploy: ${printable(text)}\n`);
  };
  const say = isDocument(values) ? () => {} : text => {
    line?.clear();
    print(text);
  };
  const waiting = wait === undefined ? undefined : await import('./waiting.js');
  const waitingLine = waiting?.waitingLines({onTerminal});
  const retried = new Set();
  let hinting;
  const progressed = {action: call.action, tried: 0, done: []}; // and the `command` under way
  let progressedMany;
  let folds; // of many
  const onEvent = event => {
    follow(progressed, event);
    progressedMany?.event(event);
    keeper?.event(event);
    hinting.event(event);
    quiet?.event(event);
    const news = event.type === 'waiting' && waitingLine(event, Date.now());
    if (news) warn(news);
    line?.event(event);
    if (event.type === 'waiting' && !event.failed) retried.clear();
    if (event.type === 'retry' && !retried.has(event.because)) warn(`${event.because}; trying again in ${Math.ceil(event.wait / 1000)} s`);
    if (event.type === 'retry') retried.add(event.because); // once is enough, however often and for how many reads
    if (event.type === 'result' && event.item.type && isSuccess(event.result) && !progressedMany) say(doneLine(event.item, event.result));
  };
  // The windows of a policy are no secret of Kosli's: where nothing is read there, no account is needed.
  kosli = VERBS[verb].anywhere && !looksAtKosli(call) ? undefined : await connect({values, env, environment, verb, warn, timeout});
  const host = values.local === undefined ? values.host || env.KOSLI_HOST || 'https://app.kosli.com' : undefined;
  hinting = hints(kosli, {environment, timeout, all: ['nodeploy status', ...placeOf(values)].join(' '), host});
  const quiet = onTerminal ? undefined : silence({host, timeout, warn});
  const stopping = await stoppingOf({verb, values, waiting, kosli, warn, lastWords: async code => {
    const cut = {...progressed, environment}; // now: what is ended has a result, too
    line?.clear();
    folds?.end();
    if (progressedMany) return lastWords(code, progressedMany.cutWords(call.action));
    const {failure} = await import('../loop/failure.js');
    await lastWords(code, {...failure('cut', cut), reason: 'aborted', done: cut.done});
  }});
  const options = {kosli, onEvent, timeout, signal: stopping?.signal};
  const carryOutAll = async environments => {
    if (keeper) throw new UsageError(`${environment} is made of others, and --evidence keeps what one gate decided from`, 'ask each of its members, with a file of its own');
    const {carryOutMany, followMany} = await import('./many.js');
    progressedMany = followMany(environments);
    folds = (await import('./folds.js')).foldsOf(values, env, say);
    return hinting.about(await carryOutMany(call, {environments, verb, values, options, placed, wait, folds, say, warn: asJson ? () => {} : warn, line, isTerminal: onTerminal && isatty(0)}));
  };
  const carryOutReports = async () => {
    const {carryOutReport, followReports} = await import('./history.js');
    const asked = environments ?? [environment];
    progressedMany = followReports(asked);
    const print = text => {
      line?.clear();
      process.stdout.write(text);
    };
    return hinting.about(await carryOutReport(call.action, {environments: asked, values, print, ...options}));
  };
  const carryOutTable = async (environments, call) => {
    const outcome = await look(call, options);
    const {at} = call.action;
    if (outcome.decision !== 'error' || outcome.overview) return hinting.about(outcome);
    return hinting.about({...outcome, ...(await import('../loop/many-words.js')).unbegun(outcome, {type: 'status', ...(at && {at})}, environments)});
  };
  try {
    if (verb === 'report') return await carryOutReports();
    if (call.action.type === 'overview') return await carryOutTable(environments, call);
    if (environments) return await carryOutAll(environments);
    if (values['dry-run']) {
      const outcome = await look(call, options);
      return hasMembers(outcome) ? await carryOutAll([environment]) : {...await hinting.about(outcome), dryRun: true};
    }
    if (VERBS[verb].writes) say(head(verb, environment));
    if (!waiting) {
      const outcome = await run(call, options);
      // Nothing was written: its members are what counts.
      if (!hasMembers(outcome)) return await hinting.about(outcome);
      if (verb !== 'status' || values['exit-code'] || values.awaiting) return await carryOutAll([environment]);
      return await carryOutTable([environment], {...call, environment: null, action: overviewOf([environment], call.action)});
    }
    const outcome = await (await import('../loop/wait.js')).waitUntilOpen(call, {wait, ...options});
    if (hasMembers(outcome)) return await carryOutAll([environment]);
    const why = waiting.waitedInVain(outcome, Date.now());
    if (why) warn(why);
    return await hinting.about(outcome);
  } finally {
    await stopping?.release();
    quiet?.stop();
    line?.stop();
    await kosli?.close();
  }
}

/** The table of them. */
export const overviewOf = (environments, {at}) => ({type: 'overview', environments, ...(at && {at})});

const hasMembers = outcome => outcome.reason === 'logical' && (outcome.last ?? outcome).members?.length > 0;

// A single look over HTTP ends with its process; a child would not.
async function stoppingOf({verb, values, waiting, kosli, warn, lastWords}) {
  const isWork = (VERBS[verb].writes || values.claim) && !values['dry-run'];
  if (!isWork && !waiting && values.via !== 'cli' && verb !== 'report') return undefined;
  const {stopping} = await import('./stopping.js');
  if (waiting) return stopping(kosli, {warn: () => {}, lastWords});
  return stopping(kosli, {warn: isWork ? () => warn('stopping when the step under way is done; once more stops at once') : undefined, lastWords});
}

// How far it has come: for the words of a run that is cut.
function follow(progressed, {type, command, action, item, result}) {
  if (type === 'command') {
    progressed.tried++;
    Object.assign(progressed, {command, action});
  } else if (type === 'result' && item.type) {
    progressed.command = undefined;
    if (isSuccess(result)) progressed.done.push(item);
  }
}

const print = text => process.stdout.write(`${text}\n`);
