// Times on the command line.
import {readFileSync} from 'node:fs';
import {UsageError} from './options.js';
import {moment} from './moments.js';
import {spanMilliseconds} from './span.js';

const RFC_3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;
const MINUTES = /^(\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d)([Zz]|[+-]\d\d:\d\d)$/;
const LOCAL = /^(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d)(:\d\d)?)?$/;
const DATE = /^\d{4}-\d\d-\d\d$/;
const CLOCK = /^([01]?\d|2[0-3]):([0-5]\d)$/;

/** `--until` as the core takes it: a time stays as it is, a span (`90m`, `2h30m`, `3d`) counts from `now`, `18:00` is the next one here, a date without a zone is one here. */
export function untilTime(text, now) {
  const span = spanMilliseconds(text);
  if (span !== undefined) return inSeconds('until', new Date(now.getTime() + span), text);
  const next = nextClock('until', text, now);
  if (next) return next;
  const exact = exactTime(text);
  if (exact) return exact;
  const local = localTime('until', text);
  if (local) return local;
  throw new UsageError(`--until \`${text}\` is not a valid time`, 'write a span such as 90m, 2h30m, 3d, or a time such as 18:00, or with its zone: 2024-11-01T09:00:00Z');
}

/** `--at` as the core takes it. */
export function atTime(text, now) {
  const next = nextClock('at', text, now);
  if (next) return next;
  const exact = exactTime(text);
  if (exact) return exact;
  const [, date, minutes = '00:00', seconds = ':00'] = LOCAL.exec(text) ?? [];
  if (date === undefined) throw new UsageError(`--at \`${text}\` is not a valid time`, 'write a time such as 18:00, or with its zone: 2024-11-01T09:00:00Z');
  const time = `${date}T${minutes}${seconds}`;
  throw new UsageError(`--at \`${text}\` does not say in which zone`, `add it: ${time}Z is UTC, ${time}+01:00 an hour ahead of it`);
}

/** `--from`, `--to` as the core takes them: a span (`90d`) counts back from `now`, `18:00` is the last one here, a date without a zone is one here (its `T24:00` with all of that day). */
export function pastTime(option, text, now) {
  const span = spanMilliseconds(text);
  if (span !== undefined) return inSeconds(option, new Date(now.getTime() - span), text);
  const last = lastClock(option, text, now);
  if (last) return last;
  const exact = exactTime(text);
  if (exact) return exact;
  const local = localTime(option, text);
  if (local) return local;
  throw new UsageError(`--${option} \`${text}\` is not a valid time`, 'write a span such as 90d, counted back from now, or a date such as 2024-10-01, or a time with its zone: 2024-10-01T09:00:00Z');
}

/** What `18:00` or a date was taken for, with date and zone; `undefined` for a time that leaves nothing to guess. */
export function takenFor(option, text, time) {
  if (!CLOCK.test(text) && !LOCAL.test(text)) return undefined;
  const ends = option === 'to' && DATE.test(text) ? `, as that day begins; with that day: --to ${text}T24:00` : '';
  return `--${option} ${text} is ${moment(time, Intl.DateTimeFormat().resolvedOptions().timeZone)}${ends}`;
}

// The next `18:00` on the clocks here, or `undefined` if that is not what it says.
function nextClock(option, text, now) {
  const [, hours, minutes] = CLOCK.exec(text) ?? [];
  if (hours === undefined) return undefined;
  refuseOddZone(option, text);
  for (const days of [0, 1]) {
    const wall = [now.getFullYear(), now.getMonth(), now.getDate() + days, hours, minutes];
    const times = timesAt(Date.UTC(...wall));
    if (times.length === 0 && new Date(...wall) > now) throw new UsageError(`--${option} \`${text}\`: the clocks here skip that time`, 'write it with its date and zone: 2024-11-01T09:00:00Z');
    if (times.length > 1 && times.at(-1) > now) {
      throw twice(option, text, times);
    }
    if (times.length === 1 && times[0] > now) return inSeconds(option, times[0], text);
  }
}

const twice = (option, text, times) =>
  new UsageError(`--${option} \`${text}\`: the clocks here show that time twice, as they go back`, `say which: ${times.map(time => inSeconds(option, time, text)).join(' or ')}`);

// The last `18:00` on the clocks here.
function lastClock(option, text, now) {
  const [, hours, minutes] = CLOCK.exec(text) ?? [];
  if (hours === undefined) return undefined;
  refuseOddZone(option, text);
  for (const days of [0, -1, -2]) { // the clocks may have skipped it yesterday
    const times = timesAt(Date.UTC(now.getFullYear(), now.getMonth(), now.getDate() + days, hours, minutes)).filter(time => time <= now);
    if (times.length > 1) throw twice(option, text, times);
    if (times.length === 1) return inSeconds(option, times[0], text);
  }
}

// Node takes a TZ that it cannot read for UTC (`America/new_york`, `Berlin`), leaves out the summer time of one that is a path, and knows some abbreviations
// for a zone far away (`BST` is Dhaka to it): by these a freeze until 18:00 would end hours too early.
function refuseOddZone(option, text) {
  const {TZ = ''} = process.env;
  if (isReadAsMeant(TZ.replace(/^:/, '').replace(/^(posix|right)\//, ''))) return;
  throw new UsageError(`--${option} \`${text}\` is a time on the clocks here, and TZ, \`${TZ}\`, does not say which these are`, 'write it with its zone: 2024-11-01T09:00:00Z, or name that in TZ: Europe/Berlin');
}

const RULE = /^(?:<[^>]*>|[A-Za-z]{3,})([+-]?)(\d\d?)(?::(\d\d))?(.*)$/; // of POSIX: EST5EDT,M3.2.0,M11.1.0
const KNOWN = /^(CET|EET|EST|GMT|HST|MET|MST|PRC|ROC|ROK|UCT|UTC|WET)$/; // to everybody

function isReadAsMeant(zone) {
  if (zone === '') return true; // the machine's own
  if (zone.startsWith('/')) return isRuleHere(ruleIn(zone));
  if (RULE.test(zone)) return isRuleHere(zone);
  return /^[A-Z]{3,4}$/.test(zone) ? KNOWN.test(zone) : isZoneHere(zone);
}

// What `getTimezoneOffset` says, in winter and in summer.
const behindHere = () => HALVES.map(date => date.getTimezoneOffset());
const HALVES = [0, 6].map(month => new Date(Date.UTC(2026, month, 1)));

function isRuleHere(rule) {
  const [, sign, hours, minutes = 0, summer] = RULE.exec(rule) ?? [];
  if (hours === undefined) return false;
  const behind = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  const [january, july] = behindHere();
  return (january === behind || july === behind) && (january !== july || summer === '');
}

// A file of a zone ends with its rule.
function ruleIn(file) {
  try {
    return readFileSync(file, 'latin1').split('\n').at(-2) ?? '';
  } catch {
    return '';
  }
}

// Intl takes a name in letters of either case, and the clock does not.
function isZoneHere(timeZone) {
  try {
    const format = new Intl.DateTimeFormat('en', {timeZone, timeZoneName: 'longOffset'});
    const behind = HALVES.map(date => {
      const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)$/.exec(format.format(date)) ?? ['', '+', 0, 0];
      return (sign === '-' ? 1 : -1) * (Number(hours) * 60 + Number(minutes));
    });
    return behindHere().every((minutes, half) => minutes - behind[half] === 0);
  } catch {
    return false; // it knows none of that name
  }
}

const DAY = 86_400_000;

// When the clocks here show this: once, or never or twice where they change.
function timesAt(wall) {
  const offset = time => new Date(time).getTimezoneOffset() * 60_000;
  return [...new Set([offset(wall - DAY), offset(wall + DAY)])]
    .map(behind => wall + behind)
    .filter(time => time - offset(time) === wall)
    .sort((a, b) => a - b)
    .map(time => new Date(time));
}

// `2024-11-01` or `2024-11-01T09:00` on the clocks here, as a policy has its times in its zone: a date is its first instant, and `T24:00` that of the next one.
// `undefined` if it is no such text.
function localTime(option, text) {
  const [, date, minutes, seconds = ':00'] = LOCAL.exec(text) ?? [];
  const isWhole = minutes === '24:00' && seconds === ':00';
  const day = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(day) || !new Date(day).toISOString().startsWith(date)) return undefined;
  refuseOddZone(option, text);
  if (minutes === undefined || isWhole) return inSeconds(option, firstOf(isWhole ? day + DAY : day), text);
  const wall = Date.parse(`${date}T${minutes}${seconds}Z`);
  if (Number.isNaN(wall)) return undefined;
  const [time, second] = timesAt(wall);
  if (time && !second) return inSeconds(option, time, text);
  throw new UsageError(`--${option} \`${text}\`: the clocks here ${time ? 'show that time twice' : 'skip that time'}`, 'write it with its zone: 2024-11-01T09:00:00Z');
}

// Where the clocks go forward at midnight, that is when they do.
const firstOf = midnight => timesAt(midnight)[0] ?? new Date(midnight + new Date(midnight - DAY).getTimezoneOffset() * 60_000);

function inSeconds(option, date, text) {
  const year = date.getUTCFullYear();
  if (!(year >= 0 && year <= 9999)) throw new UsageError(`--${option} \`${text}\` is not a valid time`, `it lies ${year < 0 ? 'before the year 0' : 'beyond the year 9999'}`);
  return `${date.toISOString().slice(0, 19)}Z`;
}

// As it stands, or with the seconds that ISO 8601 may leave out: `date -Iminutes` does.
function exactTime(text) {
  const whole = text.replace(MINUTES, '$1:00$2');
  return RFC_3339.test(whole) && !Number.isNaN(Date.parse(whole)) ? whole : undefined;
}
