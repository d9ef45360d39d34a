// Which freeze was meant by a name that is none: an id with more behind it than it has, a slip of one, its time, its holder's name.
import {nearest} from './options.js';
import {shellLine} from '../text/shell.js';

const UNKNOWN = ['unknown_freeze', 'already_lifted'];
const EVERY = ['all', '*'];

/** The outcome of an `off`, its advice with a guess for what was `named`. */
export function withGuess(outcome, named) {
  const {freezes = []} = outcome.last ?? outcome;
  const unknown = named.filter(name => !freezes.some(({id}) => id === name));
  const open = freezes.filter(({state}) => state === 'open').map(({id}) => id);
  if (!UNKNOWN.includes(outcome.reason) || unknown.length === 0 || open.length === 0) return outcome;
  const isEvery = unknown.every(name => EVERY.includes(name.toLowerCase()));
  const meant = [...new Set(unknown.flatMap(name => likeThis(name, open)))];
  if (!isEvery && meant.length === 0) return outcome;
  const guess = isEvery ? '--all' : shellLine(meant.flatMap(id => ['--freeze', id]));
  return {...outcome, advice: [`did you mean ${guess}?`, outcome.advice].filter(Boolean).join(' If not, ')};
}

// Freezes of others stay out of it: what fits two of them is no guess, and an id that may have been lifted is nobody else's.
function likeThis(name, ids) {
  const pasted = name.split(/[^\w.~-]+/);
  const listed = ids.filter(id => pasted.includes(id));
  if (listed.length > 0) return listed;
  const named = partsOf(name);
  const fitting = ids.filter(id => {
    const {time, holder} = partsOf(id);
    return [time, holder].includes(name) || (time === named.time && named.holder && holder?.startsWith(named.holder));
  });
  if (fitting.length > 0 || IS_TIME.test(named.time)) return fitting.length === 1 ? fitting : [];
  const own = ids.filter(id => named.holder !== undefined && partsOf(id).holder === named.holder);
  return own.length === 1 ? [nearest(name, own)].filter(Boolean) : [];
}

const IS_TIME = /^\d{4}-\d\d-\d\dT\d\d\.\d\d\.\d\d$/;

// Of `2024-10-31T10.44.48~steve.2`, the second one of that second.
function partsOf(id) {
  const [, time, holder] = /^([^~]*)(?:~(.*?)(?:\.[1-9]\d{0,6})?)?$/.exec(id) ?? [];
  return {time, holder};
}
