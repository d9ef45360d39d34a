// What a gate that waits says of it.
import {clockTime, span} from './moments.js';
import {printable} from '../text/printable.js';

/**
 * For a terminal of that `width`: what is waited for, how long it will still take, and when it is looked at `next`, in milliseconds. What fits least goes
 * first, and the next look, which shows that something happens, last.
 */
export function waitingFor({environment, last, deadline}, now, next, width = Infinity) {
  const {opens_at: opensAt} = last;
  const left = opensAt && Date.parse(opensAt) > now ? `in ${span(Date.parse(opensAt) - now)}` : undefined;
  const opens = left ? ` at ${clockTime(opensAt, now)} (${left})` : ` (${span(Math.max(0, Date.parse(deadline) - now))} at most)`;
  const start = `waiting for ${printable(environment)} to open`;
  const look = `; next look in ${span(Math.max(0, next - now))}`;
  const texts = [`${start}${opens}${look}, Ctrl-C stops`, `${start}${opens}${look}`, `${start}${left ? ` ${left}` : opens}${look}`, `waiting${left ? `, opens ${left}` : opens}${look}`, `waiting${look}`];
  return texts.find(text => text.length <= width) ?? texts.at(-1);
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
