// What happened in each of many environments: the core's pages, one after another, of several environments side by side.
import {look} from './run.js';
import {slotsOf} from './slots.js';
import {stopWith} from './stop.js';

const AT_ONCE = 8;
const MOST_LISTS = 4; // members may join a logical environment while it is being asked

/**
 * The report of each of `environments` (names and globs, `!` before one leaves out; without them all), and of the members of logical ones, as it is done with.
 *
 * What goes wrong with one is told in its `error`, and leaves the others. Throws where it is not even known whom to ask: nothing to tell is not nothing that happened.
 */
export function report({
  kosli, environments = ['*'], from, to, delay, deployments, settings, concurrency = AT_ONCE, signal, timeout, onEvent = () => {}, clock = () => new Date(),
} = {}) {
  if (typeof kosli?.send !== 'function') throw new TypeError('`report` needs a `kosli` to talk to: kosliHttp({...}) or kosliCli({...})');
  if (!Array.isArray(environments)) throw new TypeError('`environments` is a list of names and globs');
  if (!(concurrency >= 1)) throw new TypeError('`concurrency` is how many reads are under way at once, 1 or more');
  // One period for all of them, whenever their turn comes; what happened in the second that has begun is part of it.
  const end = Math.floor(clock().getTime() / 1000) * 1000 + 1000;
  const period = {...(from !== undefined && {from: timeOf(from)}), to: timeOf(to ?? new Date(end))};
  const action = {type: 'report', ...period, ...(delay !== undefined && {delay}), ...(deployments !== undefined && {deployments})};
  const asked = {environments, action, ...(settings && {settings})};
  const host = {kosli: throttled(kosli, concurrency), signal, timeout, onEvent, clock: () => new Date(Math.max(clock().getTime(), end))};
  return reports(asked, {concurrency, ...host});
}

async function* reports({environments, action, settings}, {concurrency, signal, ...host}) {
  const stopping = stopWith(signal); // also when nobody wants to hear more
  const options = {...host, signal: stopping.signal};
  // A name is asked for itself. What is archived or renamed has records, and is in no list: told is what happened there within the period.
  const areNames = environments.length > 0 && environments.every(name => !/[*?!]/.test(name));
  const select = async names => {
    const answer = await look({action: {type: 'select', environments: names, ...(!areNames && {past: true})}, ...(settings && {settings})}, options);
    if (answer.decision === 'proceed') return answer.selected;
    throw Object.assign(new Error(answer.summary), {reason: stopping.signal.aborted ? 'aborted' : answer.reason, advice: answer.advice});
  };
  const queue = areNames ? [...new Set(environments)].map(environment => ({environment})) : await select(environments);
  const known = new Set(queue.map(({environment}) => environment));
  host.onEvent({type: 'selected', selected: [...queue]});

  const running = new Map();
  const untold = []; // unless there is nobody else: an empty report would be no answer
  let ended = 0;
  const begin = subject => {
    const onEvent = event => host.onEvent({...event, environment: subject.environment});
    const join = async () => {
      const selected = await select(areNames ? [subject.environment] : environments);
      for (const one of selected.filter(({environment}) => !known.has(environment))) {
        known.add(one.environment);
        queue.push(one);
      }
      return selected.find(({environment}) => environment === subject.environment)?.members;
    };
    running.set(subject, reportOn(subject, {action, settings, join, options: {...options, signal: stopping.another(), onEvent}}).then(found => ({subject, found})));
  };
  try {
    while (queue.length > 0 || running.size > 0) {
      while (queue.length > 0 && running.size < concurrency) begin(queue.shift());
      const {subject, found} = await Promise.race(running.values());
      running.delete(subject);
      ended++;
      const isTold = !subject.past || found.error !== null || PARTS.some(part => found[part].length > 0);
      host.onEvent({type: 'reported', environment: found.environment, isTold, error: found.error, ended, of: known.size});
      if (isTold) yield found;
      else untold.push(found);
    }
    if (untold.length === known.size) yield* untold;
  } finally {
    stopping.release();
    stopping.stop();
    for (const one of running.values()) one.catch(() => {}); // nobody waits for it any more
  }
}

// All pages of one environment, joined.
async function reportOn({environment, members}, {action, settings, join, options}) {
  const found = {environment, from: null, to: null, freezes: [], exceptions: [], deployments: [], unreadable: [], totals: null, warnings: [], error: null};
  const failed = ({reason, summary, advice}) => ({...found, totals: null, error: {reason, summary, advice}});
  const warned = new Set();
  try {
    for (let lists = 1; action;) {
      if (options.signal.aborted) return failed(STOPPED);
      const answer = await look({environment, action, ...(settings && {settings}), ...(members && {members})}, options);
      if (options.signal.aborted) return failed(STOPPED);
      if (answer.reason === 'logical' && lists++ < MOST_LISTS) {
        members = await join();
        if (members) continue;
      }
      if (answer.decision !== 'proceed' || !answer.report) return failed(answer);
      for (const part of PARTS) for (const fact of answer.report[part]) found[part].push(fact);
      for (const warning of answer.warnings.filter(({text}) => !warned.has(text))) {
        warned.add(warning.text);
        found.warnings.push(warning);
      }
      const {from, to, totals} = answer.report;
      Object.assign(found, {from, to, totals});
      action = answer.next?.action;
    }
  } catch (error) {
    if (!error.reason) throw error;
    return failed({reason: error.reason, summary: error.message, advice: error.advice});
  }
  for (const [part, key] of Object.entries(ORDER)) found[part].sort((one, other) => compare(one[key] ?? '', other[key] ?? '') || compare(one.id ?? '', other.id ?? ''));
  return found;
}

const PARTS = ['freezes', 'exceptions', 'deployments', 'unreadable'];
const ORDER = {freezes: 'since', exceptions: 'from', deployments: 'at'};
const STOPPED = {reason: 'aborted', summary: 'stopped', advice: null};

const compare = (one, other) => one < other ? -1 : one > other ? 1 : 0;

// Of all environments together: each look may ask for several reads.
function throttled(kosli, count) {
  const slots = slotsOf(count);
  return {
    org: kosli.org,
    async send(...item) {
      await slots.take();
      try {
        return await kosli.send(...item);
      } finally {
        slots.give();
      }
    },
  };
}

const timeOf = time => time instanceof Date ? `${time.toISOString().slice(0, 19)}Z` : time;
