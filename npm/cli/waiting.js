// What a gate that waits says of it.
import {clockTime, span} from './moments.js';
import {printable} from '../text/printable.js';

/** For a terminal: what is waited for, how long it will still take, and when it is looked at `next`, in milliseconds. */
export function waitingFor({environment, last, deadline}, now, next) {
  const {opens_at: opensAt} = last;
  const opens = opensAt && Date.parse(opensAt) > now ? ` at ${clockTime(opensAt, now)} (in ${span(Date.parse(opensAt) - now)})` : ` (${span(Math.max(0, Date.parse(deadline) - now))} at most)`;
  return `waiting for ${printable(environment)} to open${opens}; next look in ${span(Math.max(0, next - now))}, Ctrl-C stops`;
}

/** For a log: a function that has a line for each event that tells something new. */
export function waitingLines({onTerminal}) {
  const told = new Map(); // of each environment
  return ({environment, last, deadline, failed, wait}, now) => {
    const news = JSON.stringify([failed, last.reason, last.opens_at, last.freezes?.map(({id}) => id), last.windows?.map(({name}) => name)]);
    if (news === told.get(environment)) return undefined;
    told.set(environment, news);
    if (failed) return `${failed}; looking again in ${span(wait)}`;
    if (onTerminal) return last.summary; // the rest is on the line that changes
    const opens = last.opens_at ? ` at ${clockTime(last.opens_at, now)} (in ${span(Math.max(0, Date.parse(last.opens_at) - now))})` : '';
    return `${last.summary}; waiting for it to open${opens}, until ${clockTime(deadline, now)} at the latest, looking at least once a minute`;
  };
}

/** Why it has not waited (any longer); `undefined` where there is nothing to say. */
export function waitedInVain({decision, last, deadline}, now) {
  if (decision !== 'refuse') return undefined;
  const end = clockTime(deadline, now);
  return Date.parse(last.opens_at ?? '') > Date.parse(deadline) ? `not waiting for that: --wait ends at ${end}` : `waited until ${end}`;
}
