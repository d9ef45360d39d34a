// Waiting for an environment to open: look, and while it is closed, look again.
import {again} from './many-words.js';
import {pause} from './pause.js';
import {printable} from '../text/printable.js';
import {run} from './run.js';

const LONGEST_REST = 60_000; // somebody may lift a freeze early, or set another one
const SPREAD = 5_000; // a thousand pipelines that wait for 18:00 do not all ask at 18:00:00
const SHORTEST_REST = 1_000; // where it opens just now, not look upon look
const EARLY = 10; // a timer's millisecond and the clock's do not begin together
const END_OF_TIME = Date.parse('9999-12-31T23:59:59Z'); // for whoever waits as long as it takes

/**
 * An `assert` that waits at most `wait` milliseconds for an environment that is closed: the outcome of the last look.
 *
 * It gives up at once where it is known that the environment opens too late, and where the first look fails: a wrong token
 * is not worth half an hour. A later look that fails is made again.
 */
export async function waitUntilOpen(call, {wait, ...options} = {}) {
  if (call?.action?.type !== 'assert' || call.action.at) throw new TypeError('only an `assert` can wait, and only for the present: without `at`');
  if (!(wait >= 0)) throw new TypeError('`wait` is missing: the longest time to wait, in milliseconds');
  const {environment, action} = call;
  const outcome = await lookUntilOpen(() => run(call, options), {wait, environment, ...options});
  return outcome.reason === 'aborted' && !outcome.advice ? {...outcome, ...again('nothing was decided; look again', [environment], action)} : outcome;
}

/** The same around any `look` that resolves to an outcome; one that `isEnough` is not waited for. */
export async function lookUntilOpen(look, {
  wait, environment, signal, isEnough = () => false, onEvent = () => {}, clock = () => new Date(), sleep = pause, random = Math.random,
}) {
  const deadline = new Date(Math.min(clock().getTime() + wait, END_OF_TIME));
  let outcome = await look();
  let {last, rounds} = outcome;
  const finish = () => ({...outcome, rounds, deadline: inSeconds(deadline)});

  const isClosed = () => outcome.decision === 'refuse' && outcome.reason !== 'logical' && !isEnough(outcome); // of a logical one others are to be asked first
  while (isClosed() || (outcome.decision === 'error' && last?.decision === 'refuse')) {
    if (signal?.aborted) return {...finish(), ...stopped(environment)};
    const now = clock().getTime();
    const left = deadline.getTime() - now;
    const opensIn = Date.parse(last.opens_at ?? '') - now; // NaN: unknown
    if (left <= 0 || opensIn > left) return finish();
    const failed = outcome.decision === 'error';
    const rest = Math.ceil(Math.min(left, restBefore(opensIn, {failed, random})));
    onEvent({type: 'waiting', environment, wait: rest, deadline: inSeconds(deadline), last, failed: failed ? outcome.summary : null});
    await sleep(rest, signal);
    const early = now + rest - clock().getTime();
    if (early > 0 && early < EARLY) await sleep(early, signal);
    if (signal?.aborted) continue;
    outcome = await look();
    rounds += outcome.rounds;
    if (outcome.decision !== 'error') ({last} = outcome);
  }
  const isCutShort = outcome.reason === 'aborted' && !(outcome.done?.length > 0); // what was written is said in the look's own words
  return isCutShort ? {...finish(), ...stopped(environment)} : finish();
}

function restBefore(opensIn, {failed, random}) {
  const isKnown = opensIn > 0 || (opensIn <= 0 && !failed); // it opened while that look was made
  if (!isKnown) return LONGEST_REST * (0.5 + 0.5 * random());
  if (opensIn > LONGEST_REST) return LONGEST_REST * (0.9 + 0.1 * random());
  return Math.max(SHORTEST_REST, opensIn + SPREAD * random());
}

const stopped = environment => ({
  decision: 'error', reason: 'aborted', summary: printable(`stopped before ${environment} opened`), advice: null, next: null,
});

const inSeconds = date => `${date.toISOString().slice(0, 19)}Z`;
