// One environment, on which stories are played: what is to be done when, and what is true of it once it is done.
import {DAY, HOUR, MINUTE, iso, stamp} from './times.js';
import {Truth} from './truth.js';

const HOLDERS = ['steve', 'maya', 'noah', 'jo_1', 'eve-2', 'jon.doe@example.com', 'Zoë K.', 'a-name-that-no-id-has-room-for-in-forty-letters'];
const REASONS = [
  'Demo for blog post', 'database migration', 'payments down, see INC-17', '=SUM(A1:A9)', 'a | b "c" <d> & e=f', 'two\nlines', '日本語 and ü', '  blanks  ', '-5 % of traffic',
  '::error::x', 'release 2026.1, phase two of three: '.repeat(9),
];
const ACCOUNTS = ['ci-bot', 'alice', 'release-bot'];

export const CRON = 'cron-bot';

export class Stage {
  steps = [];
  truth = new Truth();
  hasFlow = false;

  /** `members`: of a logical environment, whose record is told as any other's. */
  constructor({name, type, chance, members = null}) {
    Object.assign(this, {name, type, chance, members});
    this.truth.isLogical = members !== null;
    this.flow = `${name}-nodeploy`;
    this.exceptions = `${name}-nodeploy-exceptions`;
  }

  /** At this time, by this account, `play(world)`. */
  step(at, account, play) {
    this.steps.push({at, account, play});
  }

  run(at, account, action, more) {
    this.step(at, account, world => world.run(this.name, action, {...more, ...this.asked}));
  }

  /** What every call about it holds. */
  get asked() {
    return this.members && {members: this.members};
  }

  person() {
    return {by: this.chance.one(HOLDERS), account: this.chance.one(ACCOUNTS)};
  }

  /** Somebody whom nobody takes for `other`. */
  another(other) {
    for (;;) {
      const person = this.person();
      if (person.by !== other.by) return person;
    }
  }

  reason() {
    return this.chance.one(REASONS);
  }

  soon() {
    return this.chance.between(5 * MINUTE, 40 * MINUTE);
  }

  while() {
    return this.chance.between(1 * HOUR, 30 * HOUR);
  }

  change() {
    return {commit: this.chance.hex(40), kind: this.chance.one(['hotfix', 'feature', 'docs'])};
  }

  runName() {
    return `github:acme/shop:${this.chance.between(1000, 99999)}:deploy`;
  }

  /** `on`, by the real core: a freeze of its own. */
  freezes(at, {by, account}, {reason = this.reason(), until = null} = {}) {
    this.run(at, account, {type: 'on', reason, by, ...(until !== null && {until: iso(until)})});
    this.hasFlow = true;
    return this.frozen(at, {by, account}, {reason, until});
  }

  /** A freeze that is being begun by one who says this. */
  frozen(at, {by, account}, {reason, until = null}) {
    return this.truth.freeze({id: idOf(at, by), begun: at, since: at, by, ons: [{at, by, account, reason: recorded(reason), until, what: null}]});
  }

  /** `on` once more: the same freeze, other words. */
  says(freeze, at, {by, account}, {reason = freeze.ons.at(-1).reason, until = freeze.ons.at(-1).until}, what) {
    this.run(at, account, {type: 'on', reason, by, ...(until !== null && {until: iso(until)})});
    freeze.ons.push({at, by, account, reason: recorded(reason), until, what});
  }

  /** `off` of this freeze by somebody, named if it is not the holder. */
  lifts(freeze, at, {by, account}, {named = true, reason = null} = {}) {
    this.run(at, account, {type: 'off', by, ...(named && {freezes: [freeze.id]}), ...(reason !== null && {reason})});
    freeze.offs.push({at, by, account, reason: reason === null ? null : recorded(reason), how: 'lifted'});
  }

  /** A `sync` that finds this freeze more than ten minutes after its end. */
  expires(freeze, at, more) {
    const {until} = freeze.ons.at(-1);
    this.run(at, CRON, {type: 'sync'}, more);
    freeze.offs.push({at, by: null, account: CRON, reason: `expired at ${human(until)}`, how: 'expired'});
  }

  syncs(at, more) {
    this.run(at, CRON, {type: 'sync'}, more);
  }

  /** A gate is refused and puts it on the record of these freezes. */
  refuses(freezes, at) {
    const [change, run] = [this.change(), this.runName()];
    const account = this.chance.one(ACCOUNTS);
    this.run(at, account, {type: 'assert', change, run, record: true}, {decision: 'refuse'});
    for (const freeze of freezes) freeze.refused.push({at, run, change, reason: 'frozen', account});
  }

  /** One of the ways in which a freeze ends; when it is over. */
  ends(freeze, at, person) {
    const planned = freeze.ons.at(-1).until;
    const ways = ['own', 'named', 'named with a reason', ...(planned === null ? ['all'] : ['expired', 'expired', 'late'])];
    const way = this.chance.one(ways);
    const other = this.another(person);
    if (way === 'expired' || way === 'late') at = Math.max(at, planned + this.chance.between(11 * MINUTE, 5 * HOUR));
    else if (planned !== null) at = Math.min(at, planned - 1);
    if (way === 'own') this.lifts(freeze, at, person, {named: false});
    else if (way === 'late') this.lifts(freeze, at, other);
    else if (way === 'named') this.lifts(freeze, at, other);
    else if (way === 'named with a reason') this.lifts(freeze, at, other, {reason: this.reason()});
    else if (way === 'expired') this.expires(freeze, at);
    else {
      this.run(at, other.account, {type: 'off', by: other.by, freezes: 'all', reason: 'over'});
      freeze.offs.push({at, by: other.by, account: other.account, reason: 'over', how: 'lifted'});
    }
    return at;
  }
}

/** The letters that an id has for somebody: FNV-1a tells apart whom they do not. */
export function idOf(at, by) {
  if (by === null) return stamp(at);
  if (/^[A-Za-z0-9_-]{1,40}$/.test(by)) return `${stamp(at)}~${by}`;
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(by)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return `${stamp(at)}~${by.replaceAll(/[^A-Za-z0-9_-]/g, '').slice(0, 40)}.${hash.toString(16).padStart(8, '0')}`;
}

/** A reason as the kosli CLI can carry it. */
const recorded = reason => reason.startsWith('-') ? ` ${reason}` : reason;

const human = instant => `${iso(instant).replace('T', ' ').slice(0, -1)} UTC`;

export {DAY, HOUR, MINUTE};
