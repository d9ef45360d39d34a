// Many environments side by side: one list, one policy, every alarm up before any record begins, failures told at the end.
import {unbegun, wordsOfAll} from './many-words.js';
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
  return {...wordsOfAll(told, {...call, environments}), selected: [...subjects.values()], outcomes: told, warnings: first.warnings};
}

const STOPPED = {decision: 'error', reason: 'aborted', summary: 'stopped; nothing was changed', advice: null, next: null};

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
