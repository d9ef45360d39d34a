// Many environments side by side: one list, one policy, every alarm up before any record begins, failures told at the end.
import {claimedInVain, claimForAll} from './claim-all.js';
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
  const {action, settings} = call;
  const list = () => look({action: {type: 'select', environments}, ...(settings && {settings})}, options);

  const {decision, selected, warnings, ...words} = await list();
  if (signal?.aborted) return {...stopped(action, environments), selected: [], outcomes: [], warnings: []};
  if (decision !== 'proceed') return {...unbegun({decision, ...words}, action, environments), selected: [], outcomes: [], warnings};
  onEvent({type: 'selected', selected});
  if (!await confirm(selected)) return {...stopped(), selected, outcomes: [], warnings};

  const alarms = barrier(signal);
  const asker = askerOf({...call, since: `${clock().toISOString().slice(0, 19)}Z`}, {slots: slotsOf(concurrency), alarms, carry, another, options});
  const asking = askingOf(call, {list, asker, alarms, onEvent});
  const isClaiming = action?.type === 'assert' && action.claim === true;
  if (isClaiming) await claimForAll(asking, asking.add(selected), action);
  else await asking.settle(asking.add(selected), {action, tell: asking.tell});
  await passOn(asking, asker);

  const told = [...asking.subjects.keys()].sort().map(environment => ({environment, ...asking.outcomes.get(environment)}));
  const all = wordsOfAll(told, {...call, environments});
  if (isClaiming && all.decision !== 'proceed') all.summary += claimedInVain(told);
  return {...all, selected: [...asking.subjects.values()], outcomes: told, warnings};
}

/**
 * Who is asked, and what came of each: `subjects` by name, in the order of the list, and `outcomes`. `add(selected)` are those of them that are new,
 * `settle(some, {action, isEnough, tell})` asks them until nobody is left to be asked.
 */
function askingOf({action}, {list, asker, alarms, onEvent}) {
  const isGate = action?.type === 'assert';
  const subjects = new Map();
  const outcomes = new Map();
  const add = selected => {
    const fresh = selected.filter(({environment}) => !subjects.has(environment));
    for (const one of fresh) {
      subjects.set(one.environment, one);
      if (!isGate) alarms.expect(one.environment); // a gate sets none, and may wait for long
    }
    return fresh;
  };
  const askAll = (some, how) => endOf(some.map(async one => {
    const ask = () => asker.ask(one, how.action, how.isEnough);
    let outcome = await ask();
    for (let lists = 1; membersOf(outcome)?.some(member => !one.members?.includes(member)) && lists < MOST_LISTS; lists++) {
      const again = await list(); // somebody has joined since
      const known = again.selected?.find(({environment}) => environment === one.environment);
      if (!known) break;
      one = known;
      await endOf([askAll(add(again.selected), how), ask().then(answered => {
        outcome = answered;
      })]);
    }
    if (outcomes.get(one.environment)?.reason !== outcome.reason) how.tell(one.environment, outcome);
  }));
  return {
    subjects, outcomes, add,
    tell(environment, outcome) {
      outcomes.set(environment, outcome);
      onEvent({type: 'subject', environment, outcome, ended: outcomes.size, of: subjects.size});
    },
    async settle(some, how) {
      await askAll(some, how);
      // While a gate waited, somebody may have joined a logical environment that was open already.
      while (asker.hasRested() && isGate) await askAll([...subjects.values()].filter(({members}) => members), how);
    },
  };
}

// What a logical environment's `sync` has for its members is carried out for those that joined later.
const passOn = ({outcomes, subjects, tell}, asker) => endOf(passedOn(outcomes, subjects).map(async ([one, action]) => {
  const outcome = await asker.ask(one, action);
  const isSettled = ['already_frozen', 'lifted'].includes(outcome.reason);
  if (!isSettled && outcomes.get(one.environment).decision === 'proceed') tell(one.environment, outcome);
}));

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

// `[subject, action]` each.
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
