// Which freeze was meant by a name that is none: an id with more behind it than it has, a part of one, its holder's name.
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
  return {...outcome, advice: [`did you mean ${guess}?`, outcome.advice].filter(Boolean).join('; ')};
}

function likeThis(name, ids) {
  const found = ids.filter(id => name.includes(id) || (name.length > 2 && id.includes(name)));
  return found.length > 0 ? found : [nearest(name, ids)].filter(Boolean);
}
