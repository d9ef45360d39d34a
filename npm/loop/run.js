// The host loop: look, decide, write, look again, until there is nothing more to do.
import {observe, plan} from '../core.js';
import {pause} from './pause.js';

const MOST_ROUNDS = 8;
const MOST_UNCERTAIN = 4;
const MOST_LATE = 3;
const MOST_READS = 8; // at once
export const LONGEST_LOOK = 60_000;
export const MOST_LOOK = 4 * 60_000; // what Kosli says 5 minutes after a look began, reads as a clock that is wrong

/**
 * Carries `call.action` out and answers when Kosli shows it done.
 *
 * The decision is the last look's, and so are the words, unless all went as the first look had it: then its words tell what was asked for.
 * A failure says what was done, what failed, how to finish. No look takes longer than `timeout` milliseconds; a write is waited for.
 */
export async function run(call, {kosli, signal, timeout = LONGEST_LOOK, onEvent = () => {}, clock = () => new Date(), sleep = pause, beforeRecord = () => {}} = {}) {
  const isAnywhere = ANYWHERE.includes(call?.action?.type);
  if (!isAnywhere && !canSend(kosli)) throw new TypeError(NEEDS_KOSLI);
  if (typeof call?.environment !== 'string' && !(isAnywhere && (call.environment ?? null) === null)) {
    throw new TypeError("`run` looks for itself: it needs the environment's name; a document is for `plan`");
  }
  if (!(timeout > 0)) throw new TypeError('`timeout` is the longest time for a look, in milliseconds, and more than 0');
  const host = {kosli, signal, timeout, onEvent, clock};
  const done = [];
  const accepted = new Set(); // what Kosli has taken, each by its arguments
  const unwritten = new Map(); // what is optional and could not be written, with a warning
  let {action} = call;
  let first = null;
  let last = null;
  let tried = 0;
  let uncertain = 0;
  let late = 0;
  let round = 0;

  const finish = words => ({...words, answer: first, last: warned(last, [...unwritten.values()]), done, rounds: round});
  const fail = async (reason, failed) => {
    const {failure} = await import('./failure.js');
    return finish(failure(reason, {...failed, tried, done, environment: call.environment, action}));
  };

  while (round < MOST_ROUNDS + late) {
    round++;
    if (round > 2) await sleep(200 + Math.random() * 400, signal);
    if (signal?.aborted) return fail('aborted');
    onEvent({type: 'round', round, action});
    last = await look({...call, action}, host);
    if (signal?.aborted) return fail('aborted');
    first ??= last;
    action = last.action ?? action;
    const commands = last.commands.filter(command => !unwritten.has(placeOf(command)));
    if (commands.length === 0 && !last.pause) {
      // What was written stands, though nobody could see it.
      if (last.decision === 'error' && tried > 0) return fail(last.reason, {summary: last.summary});
      return finish(wordsOf(first, last));
    }

    // Kosli may show late what it has taken: an alarm goes up once more at once, the rest is looked for before it is said again.
    const isAccepted = ({argv}) => accepted.has(argv.join('\0'));
    const isLate = late < MOST_LATE && commands.some(isAccepted);
    for (const command of isLate ? commands.filter(each => each.type === 'tag_environment' || !isAccepted(each)) : commands) {
      if (command.type !== 'tag_environment') await beforeRecord();
      if (signal?.aborted) return fail('aborted', {command});
      tried++;
      onEvent({type: 'command', command, action});
      const result = await kosli.send(command, {signal, onEvent});
      onEvent({type: 'result', item: command, result});
      if (isSuccess(result)) {
        done.push(command);
        accepted.add(command.argv.join('\0'));
      } else if (isUncertain(command, result) && ++uncertain < MOST_UNCERTAIN) {
        await sleep(1000 * 2 ** (uncertain - 1), signal); // it may still be on its way
        if (action.claimed_at) action = {...action, claimed_at: null}; // the two seconds count from the look that finds the claim
        break;
      } else if (command.optional) {
        unwritten.set(placeOf(command), (await import('./failure.js')).notWritten(command, result));
      } else {
        return fail('command_failed', {command, result});
      }
    }
    if (last.pause) await sleep(last.pause * 1000, signal); // Kosli may show a rival's claim late
    if (isLate) await sleep(1000 * 2 ** late++, signal);
  }
  return fail('not_settled');
}

/** One round's look and decision, without any write. */
export async function look(call, {kosli, signal, timeout = LONGEST_LOOK, onEvent = () => {}, clock = () => new Date()}) {
  const now = timeOf(clock);
  const isLost = Object.hasOwn(call, 'settings') && call.settings === undefined; // the core refuses it
  const settings = isLost ? undefined : {...(kosli?.org && {org: kosli.org}), ...call.settings};
  const observed = {};
  const deadline = deadlineIn(Math.min(timeout, MOST_LOOK), signal);
  try {
    for (;;) {
      const reads = observe({...call, now, settings, observed}).filter(read => !Object.hasOwn(observed, read.as));
      if (reads.length === 0 || signal?.aborted) {
        const decided = {...call, now, settings, observed};
        const answer = plan(decided);
        onEvent({type: 'decided', call: decided, answer});
        return answer;
      }
      if (!canSend(kosli)) throw new TypeError(NEEDS_KOSLI);
      const waiting = reads.values(); // all of those below take from it
      await Promise.all(Array.from({length: MOST_READS}, async () => {
        for (const read of waiting) {
          if (signal?.aborted) return;
          onEvent({type: 'read', read});
          const result = await deadline.before(hear => kosli.send(read, {
            signal: deadline.signal,
            onEvent(event) {
              hear(event);
              onEvent(event);
            },
          }));
          onEvent({type: 'result', item: read, result});
          observed[read.as] = result;
        }
      }));
    }
  } finally {
    deadline.clear();
  }
}

// `before(send)` resolves to the result of a read, or to an error in time, which has why it was tried again last, as `send` tells `hear`;
// `signal` ends what is under way, as `outer` does.
function deadlineIn(milliseconds, outer) {
  const controller = new AbortController();
  const {signal} = controller;
  const abort = () => controller.abort();
  const within = `within ${milliseconds / 1000} s`;
  let because; // until a read succeeds
  const late = () => ({error: because ? `${because}, and no other answer ${within}` : `no answer from Kosli ${within}`});
  const hear = event => {
    if (event.type === 'retry') ({because} = event);
  };
  let timer;
  const passed = new Promise(resolve => {
    timer = setTimeout(() => {
      resolve(LATE);
      abort();
    }, milliseconds);
  });
  if (outer?.aborted) abort();
  outer?.addEventListener('abort', abort);
  return {
    signal,
    async before(send) {
      if (signal.aborted) return late();
      const result = await Promise.race([passed, send(hear)]);
      if (result === LATE) return late();
      because = undefined;
      return result;
    },
    clear() {
      clearTimeout(timer);
      outer?.removeEventListener('abort', abort);
    },
  };
}

const LATE = {};

/** Whether anything has to be read from Kosli to decide this. */
export const looksAtKosli = (call, clock = () => new Date()) => observe({...call, now: timeOf(clock)}).length > 0;

/** Whether a write was accepted: the kosli CLI's own rule. */
export const isSuccess = ({status, exit_code: code}) => status === 200 || status === 201 || code === 0;

// Maybe of no environment: what needs none of Kosli's documents.
const ANYWHERE = ['windows', 'replay'];

const placeOf = ({flow, trail, name}) => `${flow}/${trail}/${name}`;

const warned = (answer, warnings) => warnings.length > 0 ? {...answer, warnings: [...answer.warnings, ...warnings]} : answer;

const canSend = kosli => typeof kosli?.send === 'function';
const NEEDS_KOSLI = '`run` needs a `kosli` to talk to: kosliHttp({...}) or kosliCli({...})';

const timeOf = clock => `${clock().toISOString().slice(0, 19)}Z`;

// It may have been applied, and once more would add to it: look again instead.
function isUncertain(command, {uncertain, status}) {
  if (uncertain || (status > 201 && status < 300)) return true;
  return command.type === 'attest' && status >= 500 && status !== 501;
}

// The first answer tells what was asked for; where one of them does not proceed, the last one is the news. How it stands after
// an `off` is the last one's to tell, where others have frozen or lifted meanwhile.
function wordsOf(first, last) {
  const {decision, reason, ...words} = first.decision === 'proceed' && last.decision === 'proceed' ? first : last;
  const {summary, advice, next} = first.action?.type === 'off' && openIn(first) !== openIn(last) ? last : words;
  return {decision, reason, summary, advice, next};
}

const openIn = ({freezes}) => JSON.stringify(freezes.filter(({state}) => state === 'open').map(({id}) => id));
