// Many environments side by side: one list, one policy, every alarm up before any record begins, failures told at the end.
import {claimedInVain, inWordsOfAll, lacksClaim, secondLook, withoutWriting} from './claim-all.js';
import {stopped, unbegun, wordsOfAll} from './many-words.js';
import {pause} from './pause.js';
import {look, run} from './run.js';
import {slotsOf} from './slots.js';
import {stopWith} from './stop.js';

const AT_ONCE = 8;
const MOST_LISTS = 4; // members may join a logical environment while it is being asked

/**
 * Carries `call.action` out for each of `environments` (names and globs, `!` before one leaves out), and for the members of logical ones.
 *
 * The worst decides. Nothing that goes wrong with one stops the others; what one throws is thrown when all have ended.
 * A gate with `claim` looks at all without it first, and claims where all would pass.
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
  const {onEvent = () => {}, signal, clock = () => new Date()} = options;
  const {settings} = call;
  const list = () => look({action: {type: 'select', environments}, ...(settings && {settings})}, options);

  const first = await list();
  if (signal?.aborted) return {...stopped(call.action, environments), selected: [], outcomes: [], warnings: []};
  if (first.decision !== 'proceed') return {...unbegun(first, call.action, environments), selected: [], outcomes: [], warnings: first.warnings};
  onEvent({type: 'selected', selected: first.selected});
  if (!await confirm(first.selected)) return {...stopped(), selected: first.selected, outcomes: [], warnings: first.warnings};

  const alarms = barrier(signal);
  const asker = askerOf({...call, since: `${clock().toISOString().slice(0, 19)}Z`}, {slots: slotsOf(concurrency), alarms, carry, another, options});
  const outcomes = new Map(); // by name, in the order of the list
  const subjects = new Map();
  const isClaiming = call.action?.type === 'assert' && call.action.claim === true;
  let action = isClaiming ? withoutWriting(call.action) : call.action;
  let isFirstLook = isClaiming;
  const add = selected => {
    const fresh = selected.filter(({environment}) => !subjects.has(environment));
    for (const one of fresh) {
      subjects.set(one.environment, one);
      if (call.action?.type !== 'assert') alarms.expect(one.environment); // a gate sets none, and may wait for long
    }
    return fresh;
  };
  const tell = (environment, outcome) => {
    if (isClaiming && !isFirstLook) outcome = inWordsOfAll({...outcome, environment}, call.action);
    outcomes.set(environment, outcome);
    if (!isFirstLook) onEvent({type: 'subject', environment, outcome, ended: outcomes.size, of: subjects.size});
  };
  const askAll = selected => endOf(selected.map(async one => {
    const ask = () => asker.ask(one, action, isClaiming && !action.claim ? lacksClaim : undefined);
    let outcome = await ask();
    for (let lists = 1; membersOf(outcome)?.some(member => !one.members?.includes(member)) && lists < MOST_LISTS; lists++) {
      const again = await list(); // somebody has joined since
      const known = again.selected?.find(({environment}) => environment === one.environment);
      if (!known) break;
      one = known;
      await endOf([askAll(add(again.selected)), ask().then(answered => {
        outcome = answered;
      })]);
    }
    if (outcomes.get(one.environment)?.reason !== outcome.reason) tell(one.environment, outcome);
  }));
  const settle = async selected => {
    await askAll(selected);
    // While a gate waited, somebody may have joined a logical environment that was open already.
    while (asker.hasRested() && call.action?.type === 'assert') await askAll([...subjects.values()].filter(({members}) => members));
  };

  await settle(add(first.selected));
  if (isClaiming) {
    const looked = [...outcomes];
    const second = secondLook(looked, call.action);
    ({action} = second);
    isFirstLook = false;
    outcomes.clear();
    if (second.isNeeded) {
      const [first, rest] = [true, false].map(is => [...subjects.values()].filter(({environment}) => second.first.includes(environment) === is));
      await settle(first);
      await settle(rest); // a claim takes seconds, in which another may close
    } else for (const one of looked) tell(...one);
  }
  await endOf(passedOn(outcomes, subjects).map(async ([one, action]) => {
    const outcome = await asker.ask(one, action);
    const isSettled = ['already_frozen', 'lifted'].includes(outcome.reason);
    if (!isSettled && outcomes.get(one.environment).decision === 'proceed') tell(one.environment, outcome);
  }));

  const told = [...subjects.keys()].sort().map(environment => ({environment, ...outcomes.get(environment)}));
  const words = wordsOfAll(told, {...call, environments});
  if (isClaiming && words.decision !== 'proceed') words.summary += claimedInVain(told);
  return {...words, selected: [...subjects.values()], outcomes: told, warnings: first.warnings};
}

/** `ask(one)` carries it out for one environment; `hasRested()`: whether any has waited since that was asked last. */
function askerOf(call, {slots, alarms, carry, another, options}) {
  const {onEvent = () => {}, sleep = pause} = options;
  // One after another holds a slot while it works, and none while it waits: for the others' alarms, or for it to open.
  const withoutSlot = async wait => {
    slots.give();
    try {
      await wait();
    } finally {
      await slots.take();
    }
  };
  let rested = false;
  return {
    async ask({environment, members}, action = call.action, isEnough = undefined) {
      await slots.take();
      try {
        return await carry({...call, action, environment, ...(members && {members})}, {
          ...options,
          ...(isEnough && {isEnough}),
          signal: another(),
          onEvent: event => onEvent({...event, environment}),
          async beforeRecord() {
            if (!alarms.isWaitedFor(environment)) return;
            alarms.arrive(environment);
            await withoutSlot(() => alarms.all);
          },
          sleep(milliseconds, stop) {
            rested = true;
            return withoutSlot(() => sleep(milliseconds, stop));
          },
        });
      } finally {
        alarms.arrive(environment);
        slots.give();
      }
    },
    hasRested() {
      const was = rested;
      rested = false;
      return was;
    },
  };
}

// What a logical environment's `sync` passes on to those that joined later: `[subject, action]` each.
const passedOn = (outcomes, subjects) => [...outcomes].flatMap(([environment, outcome]) => {
  const members = (subjects.get(environment).members ?? []).filter(member => subjects.has(member));
  return (answerOf(outcome)?.for_members ?? []).flatMap(action => members.map(member => [subjects.get(member), action]));
});

// When all have ended, well or not: nothing is left at work behind an error.
async function endOf(promises) {
  const failed = (await Promise.allSettled(promises)).find(({status}) => status === 'rejected');
  if (failed) throw failed.reason;
}

const answerOf = outcome => outcome.last ?? outcome.answer ?? outcome; // a look's own answer
const membersOf = outcome => outcome.reason === 'logical' ? answerOf(outcome)?.members : undefined;
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
