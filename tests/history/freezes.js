// Stories of freezes by people: each begins at `at` on an environment at rest, and tells when it is at rest again.
import {waits} from './exceptions.js';
import {CRON, HOUR, MINUTE, idOf} from './stage.js';
import {DAY, iso, stamp} from './times.js';

/** By how often each is played. */
export const FREEZES = [
  [6, plain], [5, spoken], [3, together], [2, cutAndAgain], [2, cutAndSynced], [1, cutAndLifted], [1, cutForGood], [2, offCut],
  [3, byScript], [2, byHand], [1, signalOnly], [2, twice], [1, repeated], [1, otherName], [1, noTime], [1, wrongClock],
];

function plain(stage, at) {
  const person = stage.person();
  const until = stage.chance.is(0.5) ? at + stage.chance.between(2 * HOUR, 30 * HOUR) : null;
  const freeze = stage.freezes(at, person, {until});
  let last = at;
  for (let count = stage.chance.below(4); count > 0; count--) {
    last += stage.chance.between(1, 20 * MINUTE);
    stage.refuses([freeze], last);
  }
  return stage.ends(freeze, last + stage.while(), person);
}

// Extended, shortened, restated, up to five times.
function spoken(stage, at) {
  const person = stage.person();
  const freeze = stage.freezes(at, person, {until: at + stage.chance.between(20 * HOUR, 40 * HOUR)});
  let last = at;
  for (let count = stage.chance.between(1, 5); count > 0; count--) {
    last += stage.chance.between(20 * MINUTE, 2 * HOUR);
    const {until, reason} = freeze.ons.at(-1);
    const later = Math.max(last + 3 * HOUR, until ?? 0) + stage.chance.between(1, 9 * HOUR);
    const earlier = until === null ? last + 9 * HOUR : until - 2 * HOUR;
    const ways = {
      'longer': [{until: later}, 'extended'],
      'for ever': [{until: null}, 'extended'],
      'shorter': [{until: earlier}, 'shortened'],
      'why': [{reason: `${reason.trim()}!`}, 'restated'],
      'why and longer': [{reason: `${reason.trim()}, still`, until: later}, 'restated'],
    };
    const way = stage.chance.one(until === null ? ['shorter', 'why'] : ['longer', 'longer', 'for ever', 'why', 'why and longer', ...(earlier > last + HOUR ? ['shorter'] : [])]);
    stage.says(freeze, last, person, ...ways[way]);
    if ((freeze.ons.at(-1).until ?? Infinity) < last + 3 * HOUR) break;
  }
  return stage.ends(freeze, last + stage.chance.between(1 * MINUTE, 3 * HOUR), person);
}

// Several at once: it opens when the last one ends.
function together(stage, at) {
  const people = [stage.person()];
  for (let count = stage.chance.between(1, 3); count > 0; count--) {
    const more = stage.person();
    if (people.every(({by}) => by !== more.by)) people.push(more);
  }
  let last = at;
  const frozen = people.map(person => {
    const freeze = stage.freezes(last, person);
    last += stage.soon();
    return {person, freeze};
  });
  stage.refuses(frozen.map(({freeze}) => freeze), last);
  for (const {person, freeze} of stage.chance.some(frozen, frozen.length)) {
    last += stage.chance.between(1, 9 * HOUR);
    if (stage.chance.is(0.7)) stage.lifts(freeze, last, person, {named: false, reason: stage.reason()});
    else stage.lifts(freeze, last, stage.another(person));
  }
  return last;
}

/** An `on` that is cut after so many writes; nothing of it is on record. */
function cut(stage, at, person, after) {
  const reason = stage.reason();
  const until = stage.chance.is(0.4) ? at + 2 * DAY : null;
  needsFlow(stage, at - 1);
  stage.step(at, person.account, world => world.cut(stage.name, {type: 'on', reason, by: person.by, ...(until !== null && {until: iso(until)})}, after, stage.asked));
  const freeze = stage.frozen(at, person, {reason, until});
  const [on] = freeze.ons.splice(0);
  // What began is a trail: of a tag alone nothing is on record yet.
  freeze.begun = after > 1 ? at : Infinity;
  return {freeze, on};
}

// So that every `on` has three writes: the tag, the trail, the attestation.
function needsFlow(stage, at) {
  if (!stage.hasFlow) stage.step(at, CRON, world => world.flow(stage.flow));
  stage.hasFlow = true;
}

function cutAndAgain(stage, at) {
  const person = stage.person();
  const {freeze, on} = cut(stage, at, person, stage.chance.between(1, 2));
  const last = at + stage.soon();
  stage.run(last, person.account, {type: 'on', by: person.by, reason: on.reason.replace(/^ -/, '-'), ...(on.until !== null && {until: iso(on.until)})});
  freeze.begun = Math.min(freeze.begun, last);
  freeze.ons.push({...on, at: last});
  return stage.ends(freeze, last + stage.while(), person);
}

function cutAndSynced(stage, at) {
  const person = stage.person();
  const {freeze, on} = cut(stage, at, person, stage.chance.between(1, 2));
  let last = at + stage.soon();
  stage.syncs(last);
  freeze.begun = Math.min(freeze.begun, last);
  // The flag, from which it knows, has the beginning of a long reason.
  const reason = on.reason.replace(/^ -/, '-').slice(0, 200).replace(/^-/, ' -');
  freeze.ons.push({...on, at: last, reason, account: CRON, isMended: true});
  freeze.notes.push({at: last, code: 'mended'});
  if (stage.chance.is(0.5)) {
    last += stage.soon();
    stage.says(freeze, last, person, {reason: 'on second thoughts'}, 'restated');
  }
  return stage.ends(freeze, last + stage.while(), person);
}

// Nobody ever said `nodeploy-on`.
function cutAndLifted(stage, at) {
  const person = stage.person();
  const {freeze} = cut(stage, at, person, stage.chance.between(1, 2));
  const last = at + stage.soon();
  stage.lifts(freeze, last, person, {named: stage.chance.is(0.5)});
  freeze.by = holderIn(freeze.id);
  freeze.begun = Math.min(freeze.begun, last);
  return last;
}

// Its tags are wiped, and what is left is a trail that began.
function cutForGood(stage, at) {
  const {freeze} = cut(stage, at, stage.person(), 2);
  const last = at + stage.soon();
  stage.step(last, 'terraform', async world => {
    const {tags} = await world.get(`environments/${world.org}/${stage.name}`);
    await world.tag(stage.name, {}, Object.keys(tags));
  });
  freeze.by = holderIn(freeze.id);
  return last;
}

// The end is on record, the tags still up; or neither, and the same again.
function offCut(stage, at) {
  const person = stage.person();
  const freeze = stage.freezes(at, person);
  let last = at + stage.while();
  const after = stage.chance.below(2);
  stage.step(last, person.account, world => world.cut(stage.name, {type: 'off', by: person.by}, after, stage.asked));
  if (after > 0) freeze.offs.push({at: last, by: person.by, account: person.account, reason: null, how: 'lifted'});
  last += stage.soon();
  if (after > 0 && stage.chance.is(0.5)) stage.syncs(last);
  else if (after > 0) stage.run(last, person.account, {type: 'off', by: person.by});
  else stage.lifts(freeze, last, person, {named: false});
  return last;
}

// The blog's own script: tag, trail, attestation; and back.
function byScript(stage, at) {
  const account = 'alice';
  const reason = stage.reason();
  const id = stamp(at);
  stage.step(at, account, async world => {
    await world.flow(stage.flow);
    await world.tag(stage.name, {nodeploy: id});
    await world.trail(stage.flow, id);
    await world.attest(stage.flow, id, 'nodeploy-on', {description: reason});
  });
  stage.hasFlow = true;
  const freeze = stage.frozen(at, {by: null, account}, {reason});
  freeze.ons[0].reason = reason;
  freeze.notes.push('by_script');
  const last = at + stage.while();
  if (stage.chance.is(0.2)) {
    stage.lifts(freeze, last, stage.person()); // by whom it is lifted does not make it theirs
    return last;
  }
  stage.step(last, account, async world => {
    await world.tag(stage.name, {}, ['nodeploy']);
    await world.attest(stage.flow, id, 'nodeploy-off');
  });
  freeze.offs.push({at: last, by: null, account, reason: null, how: 'lifted'});
  return last + 1;
}

// A trail with a name of somebody's own, begun a while before anybody said so.
function byHand(stage, at) {
  const account = 'alice';
  const id = `release-${stage.chance.between(10, 99)}.${at % 1000}`;
  stage.step(at, account, async world => {
    await world.flow(stage.flow);
    await world.trail(stage.flow, id);
  });
  stage.hasFlow = true;
  const said = at + stage.chance.between(1, 30 * MINUTE);
  stage.step(said, account, async world => {
    await world.tag(stage.name, {nodeploy: id});
    await world.attest(stage.flow, id, 'nodeploy-on', {description: 'by hand'});
  });
  const freeze = stage.frozen(said, {by: null, account}, {reason: 'by hand'});
  Object.assign(freeze, {id, notes: ['by_hand'], begun: said});
  const last = said + stage.while();
  stage.step(last, account, async world => {
    await world.attest(stage.flow, id, 'nodeploy-off', {description: 'done'});
    await world.tag(stage.name, {}, ['nodeploy']);
  });
  freeze.offs.push({at: last, by: null, account, reason: 'done', how: 'lifted'});
  return last;
}

// A tag that is no id: its end goes on record under the name of the moment, and nobody knows when it began or whose it was.
function signalOnly(stage, at) {
  const person = stage.person();
  needsFlow(stage, at);
  stage.step(at, 'alice', world => world.tag(stage.name, {nodeploy: 'yes, please'}));
  const last = at + stage.soon();
  stage.run(last, person.account, {type: 'off', by: person.by, freezes: 'all'});
  const freeze = stage.truth.freeze({id: idOf(last, person.by), begun: last, since: last, by: null, notes: ['by_hand']});
  freeze.offs.push({at: last, by: person.by, account: person.account, reason: null, how: 'lifted'});
  return last;
}

// Two that lift it at once: both ends are on record, the first counts.
function twice(stage, at) {
  const person = stage.person();
  const freeze = stage.freezes(at, person);
  const last = at + stage.while();
  const other = stage.another(person);
  stage.lifts(freeze, last, person, {named: false});
  stage.step(last + 2, other.account, world => world.attest(stage.flow, freeze.id, 'nodeploy-off', {annotations: {by: other.by}, description: 'me too'}));
  freeze.offs.push({at: last + 2, by: other.by, account: other.account, reason: 'me too', how: 'lifted'});
  return last + 2;
}

// An attestation whose answer was lost, sent again by the kosli CLI.
function repeated(stage, at) {
  const person = stage.person();
  const freeze = stage.freezes(at, person);
  const [on] = freeze.ons;
  stage.step(at + 1, person.account, world => world.attest(stage.flow, freeze.id, 'nodeploy-on', {description: on.reason, annotations: {by: person.by}}));
  freeze.ons.push({...on, at: at + 1, what: 'repeated'});
  return stage.ends(freeze, at + stage.while(), person);
}

// The id says one holder, the record another.
function otherName(stage, at) {
  const id = `${stamp(at)}~steve`;
  const freeze = foreign(stage, at, id, {by: 'eve'});
  freeze.notes.push('wrong_name');
  return liftedByHand(stage, freeze, at);
}

// An end that no clock shows: it is none.
function noTime(stage, at) {
  const id = `${stamp(at)}~steve`;
  const freeze = foreign(stage, at, id, {by: 'steve', until: 'tomorrow'});
  freeze.notes.push('unreadable_until');
  return liftedByHand(stage, freeze, at);
}

// The id is of a clock that was hours ahead: what Kosli saw counts.
function wrongClock(stage, at) {
  const freeze = foreign(stage, at, `${stamp(at + 3 * HOUR)}~steve`, {by: 'steve'});
  return liftedByHand(stage, freeze, at);
}

function foreign(stage, at, id, annotations) {
  stage.step(at, 'alice', async world => {
    await world.flow(stage.flow);
    await world.tag(stage.name, {[`nodeploy.${id}`]: new URLSearchParams(annotations).toString(), nodeploy: id});
    await world.trail(stage.flow, id);
    await world.attest(stage.flow, id, 'nodeploy-on', {description: 'foreign', annotations});
  });
  stage.hasFlow = true;
  const freeze = stage.frozen(at, {by: annotations.by, account: 'alice'}, {reason: 'foreign'});
  freeze.id = id;
  return freeze;
}

function liftedByHand(stage, freeze, at) {
  const last = at + stage.while();
  stage.lifts(freeze, last, stage.person());
  return Math.max(last, at + 4 * HOUR);
}

/** As far as an id can say. */
const holderIn = id => id.slice(id.indexOf('~') + 1);

/** The last of an environment's stories: frozen still when it ends, with an end that was planned or without. */
export function leftOpen(stage, at, end) {
  const person = stage.person();
  const isOverdue = stage.chance.is(0.5);
  const freeze = stage.freezes(at, person, {until: isOverdue ? at + Math.floor((end - at) / 2) : null});
  stage.refuses([freeze], at + 60);
  if (!isOverdue) waits(stage, freeze, end - 2 * HOUR, end + 5 * HOUR, stage.another(person));
}
