// A gate of many that may use exceptions up: none is claimed before all of them would pass.
import {again} from './many-words.js';
import {namesOf} from '../text/counted.js';
import {printable} from '../text/printable.js';

/** Has `asking` settle all of these without a write, and where they would all pass, or something else is to be written, once more with it. */
export async function claimForAll(asking, selected, action) {
  const {subjects, outcomes} = asking;
  const {claim, record, attest, ...looking} = action;
  await asking.settle(selected, {action: looking, isEnough: lacksClaim, tell: (environment, outcome) => outcomes.set(environment, outcome)});

  const looked = [...outcomes];
  const tell = (environment, outcome) => asking.tell(environment, inWordsOfAll({...outcome, environment}, action));
  outcomes.clear();
  const {first, isNeeded, ...second} = secondLook(looked, action);
  if (!isNeeded) return looked.forEach(([environment, outcome]) => tell(environment, outcome));
  const how = {...second, isEnough: second.action.claim ? undefined : lacksClaim, tell};
  const [claiming, others] = [true, false].map(is => [...subjects.values()].filter(({environment}) => first.includes(environment) === is));
  await asking.settle(claiming, how);
  await asking.settle(others, how); // a claim takes seconds, in which another may close
}

// What the first look, `[environment, outcome]` each, leads to: the second one's `action`, whether it is needed, and who is asked `first`.
function secondLook(looked, action) {
  const first = looked.filter(([, outcome]) => lacksClaim(outcome)).map(([environment]) => environment);
  const wouldAllPass = looked.every(([, outcome]) => outcome.decision === 'proceed' || lacksClaim(outcome));
  const {claim, ...withoutClaim} = action;
  const isNeeded = action.record || action.attest || (wouldAllPass && first.length > 0);
  return {action: wouldAllPass ? action : withoutClaim, isNeeded, first};
}

/** Whether a claim is all that keeps one closed. */
export const lacksClaim = ({decision, last}) => decision === 'refuse' && unclaimedIn(last).length > 0;

// One of many: where it would pass and does not for the others' sake no claim is advised, which would use it up all the same; and a gate that is to be asked again claims, as `action` does.
function inWordsOfAll(outcome, action) {
  const {environment, advice, next, last} = outcome;
  if (lacksClaim(outcome)) {
    const ids = namesOf(unclaimedIn(last).map(({id}) => id));
    const summary = printable(`${environment} is closed; this change would pass by ${ids}, which is not claimed since another environment does not pass`);
    return {...outcome, summary, advice: null, next: null};
  }
  return next?.action.type === 'assert' ? {...outcome, ...again(advice.split(': nodeploy ')[0], [environment], action)} : outcome;
}

/** What is to be said of uses that are on record though not all have passed. */
export function claimedInVain(outcomes) {
  const names = outcomes.filter(({decision, done = []}) => decision !== 'refuse' && done.some(({name}) => name === 'nodeploy-claimed')).map(({environment}) => environment);
  return names.length === 0 ? '' : `; in ${namesOf(names)} an exception is claimed, and the same run passes by it again without a second use`;
}

const unclaimedIn = last => (last?.exceptions ?? []).filter(({why}) => why === 'exception_unclaimed');
