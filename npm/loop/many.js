// Many environments side by side: one list, one policy, every alarm up before any record begins, failures told at the end.
import {commandLine} from '../core.js';
import {counted, NAMED, namesOf} from '../text/counted.js';
import {pause} from './pause.js';
import {look, run} from './run.js';
import {slotsOf} from './slots.js';
import {shellLine} from '../text/shell.js';
import {stopWith} from './stop.js';

const AT_ONCE = 8;
const MOST_LISTS = 4; // members may join a logical environment while it is being asked

/**
 * Carries `call.action` out for each of `environments` (names and globs, `!` before one leaves out), and for the members of logical ones.
 *
 * The worst decides. Nothing that goes wrong with one stops the others; what one throws is thrown when all have ended.
 * `carry` does it for one, `confirm` may still say no.
 */
export async function runMany(call, {environments, concurrency = AT_ONCE, signal, ...options} = {}) {
  if (!Array.isArray(environments)) throw new TypeError('`runMany` needs `environments`: a list of names and globs');
  if (!(concurrency >= 1)) throw new TypeError('`concurrency` is how many environments are asked at once, 1 or more');
  const stopping = stopWith(signal);
  try {
    return await carryOutAll(call, {environments, concurrency, ...options, signal: stopping.signal, another: stopping.another});
  } finally {
    stopping.release();
  }
}

async function carryOutAll(call, {environments, concurrency, carry = run, confirm = () => true, another, ...options}) {
  const {onEvent = () => {}, signal, clock = () => new Date(), sleep = pause} = options;
  const since = `${clock().toISOString().slice(0, 19)}Z`;
  const {settings} = call;
  const list = () => look({action: {type: 'select', environments}, ...(settings && {settings})}, options);

  const first = await list();
  if (signal?.aborted) return {...STOPPED, selected: [], outcomes: [], warnings: []};
  if (first.decision !== 'proceed') return {...unbegun(first, call.action, environments), selected: [], outcomes: [], warnings: first.warnings};
  onEvent({type: 'selected', selected: first.selected});
  if (!await confirm(first.selected)) return {...STOPPED, selected: first.selected, outcomes: [], warnings: first.warnings};

  const slots = slotsOf(concurrency);
  const alarms = barrier(signal);
  const outcomes = new Map(); // by name, in the order of the list
  const subjects = new Map();
  const add = selected => {
    const fresh = selected.filter(({environment}) => !subjects.has(environment));
    for (const one of fresh) {
      subjects.set(one.environment, one);
      if (call.action?.type !== 'assert') alarms.expect(one.environment); // a gate sets none, and may wait for long
    }
    return fresh;
  };
  const tell = (environment, outcome) => {
    outcomes.set(environment, outcome);
    onEvent({type: 'subject', environment, outcome, ended: outcomes.size, of: subjects.size});
  };

  // One after another holds a slot while it works, and none while it waits: for the others' alarms, or for it to open.
  let hasRested = false;
  const withoutSlot = async wait => {
    slots.give();
    try {
      await wait();
    } finally {
      await slots.take();
    }
  };
  const ask = async ({environment, members}, action = call.action) => {
    await slots.take();
    try {
      return await carry({...call, action, environment, since, ...(members && {members})}, {
        ...options,
        signal: another(),
        onEvent: event => onEvent({...event, environment}),
        async beforeRecord() {
          if (!alarms.isWaitedFor(environment)) return;
          alarms.arrive(environment);
          await withoutSlot(() => alarms.all);
        },
        sleep(milliseconds, stop) {
          hasRested = true;
          return withoutSlot(() => sleep(milliseconds, stop));
        },
      });
    } finally {
      alarms.arrive(environment);
      slots.give();
    }
  };
  const askAll = selected => endOf(selected.map(async one => {
    let outcome = await ask(one);
    for (let lists = 1; membersOf(outcome)?.some(member => !one.members?.includes(member)) && lists < MOST_LISTS; lists++) {
      const again = await list(); // somebody has joined since
      const known = again.selected?.find(({environment}) => environment === one.environment);
      if (!known) break;
      one = known;
      await endOf([askAll(add(again.selected)), ask(one).then(answered => {
        outcome = answered;
      })]);
    }
    if (outcomes.get(one.environment)?.reason !== outcome.reason) tell(one.environment, outcome);
  }));
  await askAll(add(first.selected));
  // While a gate waited, somebody may have joined a logical environment that was open already.
  while (hasRested && call.action?.type === 'assert') {
    hasRested = false;
    await askAll([...subjects.values()].filter(({members}) => members));
  }

  // What a logical environment's `sync` passes on to those that joined later.
  const joined = [];
  for (const [environment, outcome] of outcomes) {
    for (const action of answerOf(outcome)?.for_members ?? []) {
      const {members = []} = subjects.get(environment);
      for (const member of members.filter(member => subjects.has(member))) joined.push([subjects.get(member), action]);
    }
  }
  await endOf(joined.map(async ([one, action]) => {
    const outcome = await ask(one, action);
    const isSettled = ['already_frozen', 'lifted'].includes(outcome.reason);
    if (!isSettled && outcomes.get(one.environment).decision === 'proceed') tell(one.environment, outcome);
  }));

  const told = [...subjects.keys()].sort().map(environment => ({environment, ...outcomes.get(environment)}));
  return {...await wordsOfAll(told, {...call, environments}), selected: [...subjects.values()], outcomes: told, warnings: first.warnings};
}

const STOPPED = {decision: 'error', reason: 'aborted', summary: 'stopped; nothing was changed', advice: null, next: null};

// When all have ended, well or not: nothing is left at work behind an error.
async function endOf(promises) {
  const failed = (await Promise.allSettled(promises)).find(({status}) => status === 'rejected');
  if (failed) throw failed.reason;
}

const answerOf = outcome => outcome.last ?? outcome.answer ?? outcome; // a look's own answer
const membersOf = outcome => outcome.reason === 'logical' ? answerOf(outcome)?.members : undefined;
const wordsOf = ({decision, reason, summary, advice, next}) => ({decision, reason, summary, advice, next});

// The list that all begins with: as a look at one environment ends. A name that is wrong is no better the next time.
function unbegun(list, action, environments) {
  const isAsked = ASKING.includes(action?.type);
  const words = {...wordsOf(list), summary: isAsked ? list.summary : `${list.summary}; nothing was changed`};
  if (!action || !list.reason.startsWith('unreadable_')) return words;
  const environment = environments.join(',');
  const lead = isAsked ? 'nothing was decided; look again' : 'try again';
  return {...words, advice: `${lead}: ${commandLine({environment, action, now: new Date()})}`, next: {environment, action, options: {}}};
}

const ASKING = ['assert', 'status'];
const WRITES = {proceed: 'done', refuse: 'refused', error: 'failed'};
const PLANS = {proceed: 'planned', refuse: 'refused', error: 'failed'};
const ASKS = {proceed: 'open', refuse: 'closed', error: 'unknown'};

// The worst decides, and is named.
async function wordsOfAll(outcomes, {action, environments}) {
  const by = decision => outcomes.filter(outcome => outcome.decision === decision);
  const words = ASKING.includes(action?.type) ? ASKS : outcomes.some(({dryRun}) => dryRun) ? PLANS : WRITES;
  const counts = ['error', 'refuse', 'proceed'].map(decision => [decision, by(decision)]).filter(([, some]) => some.length > 0);
  const [[decision, worst]] = counts;
  const told = counts.map(([one, some]) => one === 'proceed' ? `${counted(some.length)} ${words[one]}` : `${counted(some.length)} ${words[one]} (${namesOf(some.map(({environment}) => environment))})`);
  const summary = `${counted(outcomes.length)} environment${outcomes.length === 1 ? '' : 's'}: ${told.join(', ')}`;
  const advised = some => action && adviceForAll(some, {action, globs: some.length === outcomes.length ? environments : []});
  // What waits for an approval does so whatever became of the others. Nothing helps those that were refused: then what is next for the others.
  const awaited = action?.awaiting ? advised(outcomes.filter(isToApprove)) : undefined;
  return {decision, reason: worst[0].reason, summary, ...(awaited ?? advised(worst) ?? (decision === 'refuse' ? advised(by('proceed')) : undefined) ?? {advice: null, next: null})};
}

// What each of them is advised, where it is the same but for the environment; else to go on with all that can, or what tells each its own.
// Where a command mends nothing (a policy that cannot be read, a time that has passed) none is said.
// Many are named as the call has named all of them.
function adviceForAll(outcomes, {action, globs}) {
  const of = outcomes.filter(({advice, next}) => advice && next);
  if (of.length === 0) return undefined;
  const isLong = of.length > NAMED && of.length === outcomes.length && globs.length > 0;
  const environment = (isLong ? globs : of.map(one => one.environment)).join(',');
  const finish = (lead, action) => ({advice: `${lead}: ${commandLine({environment, action, now: new Date()})}`, next: {environment, action, options: {}}});
  const said = one => one.advice.replace(`nodeploy -e ${one.environment} `, () => `nodeploy ${shellLine(['-e', environment])} `);
  const [first] = of;
  if (of.every(isOfOne)) return {advice: first.advice, next: {...first.next, environment: first.environment}};
  if (of.every(one => said(one) === said(first))) return {advice: said(first), next: {...first.next, environment}};
  if (of.every(isToApprove)) return {advice: first.advice, next: {...first.next, environment: first.environment}}; // each its own
  const isUnfinished = of.every(({decision, next}) => decision === 'error' && next.action.type === action.type);
  return isUnfinished ? finish('to finish', action) : finish('to see them', {type: 'status'});
}

// What tells of one environment alone: the first of them, then.
const isOfOne = ({next}) => next.action.type === 'windows';
const isToApprove = ({next}) => next?.action.type === 'approve';

// `all` resolves when everybody who is expected has arrived; at once where somebody has said stop.
function barrier(signal) {
  const expected = new Set();
  let open;
  const all = new Promise(resolve => {
    open = resolve;
  });
  signal.addEventListener('abort', open);
  return {
    all,
    expect: name => expected.add(name),
    isWaitedFor: name => expected.has(name),
    arrive(name) {
      expected.delete(name);
      if (expected.size === 0) open();
    },
  };
}
