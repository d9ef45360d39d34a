// Facts of a change (`--change kind=hotfix`), and what a change must be (`--except kind=docs`, `--change` of what is asked for).
import {nearest, UsageError} from './options.js';

/** `{kind: 'hotfix'}`: each key is said once. */
export function factsOf(pairs) {
  const facts = pairsOf('change', pairs);
  const twice = facts.find(([key], index) => facts.some(([other], at) => at < index && other === key));
  if (twice) throw new UsageError(`--change says \`${twice[0]}\` twice`, 'a change has one value for each key');
  return Object.fromEntries(facts);
}

/** `{kind: ['hotfix', 'security']}`: a key that is said again may have either value. */
export function matchOf(option, pairs) {
  const match = new Map();
  for (const [key, glob] of pairsOf(option, pairs)) {
    if (key === 'commit' && NO_COMMIT.test(glob)) throw new UsageError(`--${option} commit=${glob} lets no commit pass: a gate states whole ones, and 7 digits or more are the beginning of one`, 'git rev-parse HEAD prints it');
    match.set(key, [...match.get(key) ?? [], glob]);
  }
  return Object.fromEntries(match);
}

// Found out by the gate alone, at night and once somebody has approved it. (Digits without a letter may be a revision of Subversion.)
const NO_COMMIT = /^(?=\d*[a-f])[\da-f]{1,6}$|^(HEAD|@)([~^].*)?$/i;

// As it is advised: of an exception and of a gate that both had it pasted as it stands, every change would be the one that may pass.
const STANDS_FOR_ONE = {commit: 'HASH', ref: 'REF', actor: 'NAME'};

// What CIs state (ci.js). Another key is a fact of its own, and no error.
const KEYS = ['commit', 'actor', 'repository', 'ref'];

/** What is to be said of a key that is nearly one of those: nobody states it, or asks for it. */
export function nearKeys(option, pairs) {
  const keys = [...new Set(pairs.map(pair => pair.slice(0, pair.indexOf('='))))].filter(key => !KEYS.includes(key));
  return keys.map(key => [key, meantBy(key.toLowerCase())]).filter(([, meant]) => meant)
    .map(([key, meant]) => `--${option} has \`${key}\`, a fact of its own; did you mean \`${meant}\`?`);
}

// A word of three letters is near too many.
const meantBy = key => KEYS.includes(key) ? key : key === 'refs' ? 'ref' : nearest(key, KEYS.filter(known => known.length > 3));

/** What the pipeline states, as the core takes it. */
export const statements = ({change, run}) => ({...(Object.keys(change).length > 0 && {change}), ...(run !== undefined && {run})});

function pairsOf(option, pairs) {
  return pairs.map(pair => {
    const at = pair.indexOf('=');
    if (at < 1) throw new UsageError(`--${option} \`${pair}\` is not KEY=VALUE`, `write it as --${option} kind=hotfix`);
    const [key, value] = [pair.slice(0, at), pair.slice(at + 1)];
    if (value.trim() === '') throw new UsageError(`--${option} gives \`${key}\` no value`, 'is a variable not set?');
    if (STANDS_FOR_ONE[key] === value) throw new UsageError(`--${option} ${pair} names no ${key}: ${value} stands for it`, `write the ${key} itself${key === 'commit' ? ': git rev-parse HEAD prints it' : ''}`);
    return [key, value];
  });
}
