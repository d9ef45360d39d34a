// Stories of freeze windows that a cron job's `sync` puts on record: each begins at `at`, and tells when the environment is at rest again.
import {CRON, HOUR, MINUTE, idOf} from './stage.js';
import {iso} from './times.js';

export const WINDOWS = [[4, whole], [2, longer], [1, shorter], [2, dropped], [2, liftedEarly], [1, withPeople]];

const NAMES = ['weekend', 'friday evening', 'patch tuesday'];

function policy(name, from, to, more = {}) {
  const local = instant => iso(instant).slice(0, -1);
  return {policy: 'release', windows: [{name, effect: 'freeze', environments: ['*'], timezone: 'UTC', from: local(from), to: local(to), reason: `closed: ${name}`, ...more}]};
}

/** Put on record a little after its beginning. */
function begin(stage, at) {
  const name = stage.chance.one(NAMES);
  const until = at + stage.chance.between(4 * HOUR, 60 * HOUR);
  const by = `window/release/${name}`;
  const recordedAt = at + stage.chance.between(1, 10 * MINUTE);
  stage.syncs(recordedAt, {policy: policy(name, at, until)});
  stage.hasFlow = true;
  const freeze = stage.frozen(at, {by, account: CRON}, {reason: `closed: ${name}`, until});
  Object.assign(freeze, {id: idOf(at, by), window: {policy: 'release', name}, begun: recordedAt});
  freeze.ons[0].at = recordedAt;
  return {freeze, name, until, recordedAt, from: at};
}

function moved(stage, {freeze, name, from}, at, until, what) {
  stage.syncs(at, {policy: policy(name, from, until)});
  freeze.ons.push({...freeze.ons.at(-1), at, until, what});
}

function expire(stage, {freeze, name, from}) {
  const {until} = freeze.ons.at(-1);
  const last = until + stage.chance.between(11 * MINUTE, 3 * HOUR);
  stage.expires(freeze, last, {policy: policy(name, from, until)});
  return last;
}

function whole(stage, at) {
  const window = begin(stage, at);
  stage.refuses([window.freeze], window.recordedAt + 30 * MINUTE);
  stage.syncs(window.recordedAt + HOUR, {policy: policy(window.name, at, window.until)});
  return expire(stage, window);
}

function longer(stage, at) {
  const window = begin(stage, at);
  moved(stage, window, window.recordedAt + HOUR, window.until + 5 * HOUR, 'extended');
  return expire(stage, window);
}

function shorter(stage, at) {
  const window = begin(stage, at);
  moved(stage, window, window.recordedAt + HOUR, window.until - HOUR, 'shortened');
  return expire(stage, window);
}

// Suspended, or over before its time: the policy wants it no longer.
function dropped(stage, at) {
  const {freeze, name, until, recordedAt} = begin(stage, at);
  const last = recordedAt + stage.chance.between(1, 3 * HOUR - 1);
  const now = stage.chance.is(0.5) ? policy(name, at, until, {suspended: true}) : policy(name, at, last - 1);
  stage.syncs(last, {policy: now});
  freeze.offs.push({at: last, by: null, account: CRON, reason: "the policy's window was changed", how: 'dropped'});
  return last;
}

// A lift holds for the run: no `sync` begins it again.
function liftedEarly(stage, at) {
  const {freeze, name, until, recordedAt} = begin(stage, at);
  const last = recordedAt + stage.chance.between(1, 3 * HOUR);
  stage.lifts(freeze, last, stage.person(), {reason: 'all are here'});
  stage.syncs(last + 20 * MINUTE, {policy: policy(name, at, until)});
  return until;
}

// People freeze beside it: what is closed twice is closed once.
function withPeople(stage, at) {
  const window = begin(stage, at);
  const person = stage.person();
  const freeze = stage.freezes(window.recordedAt + HOUR, person);
  stage.refuses([window.freeze, freeze], window.recordedAt + 2 * HOUR);
  const last = expire(stage, window);
  stage.lifts(freeze, last + HOUR, person, {named: false});
  return last + HOUR;
}
