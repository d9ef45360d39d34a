// Many environments on the command line: a line for each as it is done, and one for all of them at the end.
import {createInterface} from 'node:readline/promises';
import {isGlob} from './environments.js';
import {awaitingNone, exceptionLines} from './exceptions.js';
import {noPolicyLine, suspendedIn} from './policy-file.js';
import {waitedInVain} from './waiting.js';
import {lacksClaim} from '../loop/claim-all.js';
import {halfDone} from '../loop/half-done.js';
import {runMany} from '../loop/many.js';
import {commandLine} from '../core.js';
import {isSuccess, look, run} from '../loop/run.js';
import {printable} from '../text/printable.js';
import {counted, namesOf} from '../text/counted.js';
import {shellLine} from '../text/shell.js';

const VERB_WORDS = {on: 'Freeze', off: 'Lift freezes of'};
const NAMELESS = ['except', 'approve', 'revoke', 'claim']; // an exception has the same id in each
const TOLD_IN_QUESTION = 50;

/**
 * Carries `call.action` out for `environments`; `say` prints a line of stdout, `warn` one of stderr; `placed` tells where in the policy,
 * `folds` folds a CI's log: what does not proceed is told below.
 */
export async function carryOutMany(call, {environments, verb, values, options, placed = outcome => outcome, runOne = run, wait, folds, say, warn, line, isTerminal}) {
  const isDry = values['dry-run'] === true;
  const asks = isTerminal && !isDry && !values.yes && VERB_WORDS[verb] !== undefined && environments.some(isGlob);
  const inVain = whys();
  const tell = ({environment, outcome}) => {
    if (isDry && outcome.decision === 'proceed') {
      for (const {argv} of outcome.commands) say(shellLine(argv));
      if (outcome.commands.length > 0) warn(`planned: ${outcome.summary}`);
    } else if (outcome.decision === 'error') warn(`${environment}: ${outcome.summary}`);
    else say(printable(NAMELESS.includes(verb) && !outcome.summary.startsWith(`${environment} `) ? `${environment}: ${outcome.summary}` : outcome.summary));
    if (wait !== undefined && outcome.last && !(values.claim && lacksClaim(outcome))) inVain.add(environment, waitedInVain(outcome, Date.now()));
    if (values.awaiting) for (const one of exceptionLines((outcome.last ?? outcome).exceptions ?? [])) say(one);
  };
  const carry = isDry ? async (one, host) => ({...await look(one, host), dryRun: true})
    : wait === undefined ? runOne
      : waitsUntil(Date.now() + wait);
  const telling = folds ? aside(folds, tell) : {event: event => event.type === 'subject' && tell(event), end() {}};
  try {
    const many = await runMany(call, {
      ...options,
      environments,
      carry: async (...one) => placed(await carry(...one)),
      confirm: asks ? selected => line.during(() => confirmed(VERB_WORDS[verb], selected, options.signal)) : undefined,
      onEvent(event) {
        options.onEvent(event);
        telling.event(event);
      },
    });
    if (values.awaiting) for (const one of awaitingNone((many.outcomes ?? []).map(outcome => outcome.last ?? outcome))) say(one);
    return many;
  } finally {
    telling.end();
    inVain.tell(warn);
  }
}

// Why it has not waited (any longer) for some of them: once, however many they are.
function whys() {
  const names = new Map();
  return {
    add(environment, why) {
      if (why) names.set(why, [...names.get(why) ?? [], environment]);
    },
    tell(warn) {
      for (const [why, some] of names) warn(`${namesOf(some.sort())}: ${why}`);
    },
  };
}

// One deadline for all of them, however often one is asked.
const waitsUntil = deadline => async (one, host) =>
  (await import('../loop/wait.js')).waitUntilOpen(one, {wait: Math.max(0, deadline - Date.now()), ...host});

// In the log of a CI: what proceeds folded, everything else below it.
function aside(folds, tell) {
  const below = [];
  let begin;
  return {
    event(event) {
      if (event.type === 'selected' && event.selected.length > 1) begin = () => folds.begin(`${counted(event.selected.length)} environments`);
      if (event.type !== 'subject') return;
      if (begin && event.outcome.decision !== 'proceed') return void below.push(event);
      begin?.();
      if (begin) begin = () => {};
      tell(event);
    },
    end() {
      folds.end();
      below.splice(0).forEach(tell);
    },
  };
}

// Stdout stays for the answer.
async function confirmed(what, selected, signal) {
  const names = selected.map(({environment, type}) => printable(type === 'logical' ? `${environment} (logical)` : environment));
  for (const name of names.slice(0, TOLD_IN_QUESTION)) process.stderr.write(`  ${name}\n`);
  if (names.length > TOLD_IN_QUESTION) process.stderr.write(`  and ${counted(names.length - TOLD_IN_QUESTION)} more\n`);
  const prompt = createInterface({input: process.stdin, output: process.stderr});
  try {
    const answer = await prompt.question(`${what} ${names.length === 1 ? 'this environment' : `these ${counted(names.length)} environments`}? [y/N] `, {signal});
    return /^y(es)?$/i.test(answer.trim());
  } catch {
    return false; // Ctrl-C, or a signal
  } finally {
    prompt.close();
  }
}

/** Which policy the answers go by, and for which environments it has no window at all: a name may be misspelt. */
export function policyLineOfAll(outcomes, policy, named) {
  if (!policy) return noPolicyLine(named);
  const applied = outcomes.map(({environment, ...outcome}) => ({environment, ...(outcome.last ?? outcome).policy})).filter(({windows}) => Number.isInteger(windows));
  if (applied.length === 0) return `policy ${policy.file}`;
  const [{windows}] = applied;
  const without = applied.filter(({for_environment: some}) => some === 0).map(({environment}) => environment);
  const none = without.length === 0 ? '' : `; none is for ${without.length === applied.length && without.length > 1 ? 'any of these' : namesOf(without)}`;
  return `policy ${policy.file}: ${windows} window${windows === 1 ? '' : 's'}${suspendedIn(policy)}${none}`;
}

/** How far a run over many has come: for the last words of one that is cut. */
export function followMany(environments) {
  let names = environments; // until it is known which are meant
  const begun = new Map();
  const done = new Set();
  return {
    event({type, selected, environment, command, action, item, result, outcome}) {
      if (type === 'selected') names = selected.map(one => one.environment);
      if (type === 'command') begun.set(environment, {done: [], ...begun.get(environment), action, command});
      if (type === 'result' && item.type) written(begun.get(environment), item, result);
      if (type === 'subject' && outcome.decision === 'proceed') done.add(environment);
    },
    cutWords(action) {
      const rest = names.filter(name => !done.has(name));
      const half = names.filter(name => begun.has(name) && !done.has(name));
      const told = done.size > 0 ? ` (${namesOf([...done])})` : '';
      const left = half.length > 0 ? halfWords(half, begun) : 'nothing else was changed';
      return {
        decision: 'error', reason: 'aborted',
        summary: begun.size === 0 && done.size === 0 ? 'stopped; nothing was changed' : `stopped: done ${counted(done.size)} of ${counted(names.length)}${told}; ${left}`,
        ...(rest.length > 0 ? finishing(rest.join(','), action) : {advice: null, next: null}),
      };
    },
  };
}

function written(one, item, result) {
  one.command = undefined;
  if (isSuccess(result)) one.done.push(item);
}

// A write that is under way may be on record or not.
function halfWords(names, begun) {
  const groups = new Map();
  for (const name of names) {
    const {action, command, done} = begun.get(name);
    const words = command?.type === 'attest' ? undefined : halfDone(action, done);
    groups.set(words, [...groups.get(words) ?? [], name]);
  }
  return [...groups].map(([words, some]) => `${namesOf(some)} ${words ? `${some.length === 1 ? 'is' : 'are'} ${words}` : 'may be half done'}`).join('; ');
}

const finishing = (environment, action) => ({
  advice: `to finish: ${commandLine({environment, action, now: new Date()})}`, next: {environment, action, options: {}},
});
