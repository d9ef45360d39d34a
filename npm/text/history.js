// What every shape of a report says alike, a table, a page or a picture: what is not known, and what counts once.
import {count, namesOf} from './counted.js';

/** What could not be read, as a clause; nothing where all was. */
export function missingWords(environments) {
  const failed = environments.filter(({error}) => error);
  if (failed.length > 0) return `incomplete, ${failedWords(failed)}`;
  const unreadable = environments.reduce((sum, {unreadable}) => sum + unreadable.length, 0);
  return unreadable > 0 ? `incomplete, ${count(unreadable, 'entry', 'entries')} could not be read` : '';
}

// Of some a part has been read.
function failedWords(failed) {
  const names = isCut => namesOf(failed.filter(({from}) => (from !== null) === isCut).map(({environment}) => environment));
  return [[names(false), 'could not be read'], [names(true), 'could not be read to the end']].filter(([names]) => names !== '').map(([names, words]) => `${names} ${words}`).join(', ');
}

/** Of which environments nobody can tell what was deployed while they were closed. */
export function unknownWords(environments) {
  const unknown = environments.filter(isUnknown);
  return unknown.length > 0 ? `what was deployed in ${namesOf(unknown.map(({environment}) => environment))} is not fully known` : '';
}

/** Which environments are closed by a tag that no record stands for. */
export function taggedWords(environments) {
  const tagged = environments.filter(isTagged);
  return tagged.length > 0 ? `a tag that is not on record closes ${namesOf(tagged.map(({environment}) => environment))}` : '';
}

export const isUnknown = ({totals, warnings}) => totals !== null && (totals.unknown_after !== null || (totals.freezes > 0 && warnings.some(({code}) => code === 'environment_gone')));

// Closed, and since when or by whom no record tells.
export const isTagged = ({warnings}) => unrecorded(warnings).length > 0;

/** What is said of tags that no record stands for. */
export const unrecorded = warnings => warnings.filter(({code}) => ['half_begun', 'no_id'].includes(code));

/** How many uses were refused, and let through. One is so by each freeze that holds: it is one all the same. */
export function usesOf(environments) {
  const different = key => new Set(environments.flatMap(({environment, freezes}) => freezes.flatMap(freeze => freeze[key].map(use => use.run === null ? use : JSON.stringify([environment, use.run, use.change])))));
  return [different('refused').size, different('passed').size];
}
