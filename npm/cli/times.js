// Times on the command line.
import {UsageError} from './options.js';
import {moment} from './moments.js';
import {spanMilliseconds} from './span.js';

const RFC_3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;
const LOCAL = /^(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d)(:\d\d)?)?$/;
const CLOCK = /^([01]?\d|2[0-3]):([0-5]\d)$/;

/** `--until` as the core takes it: a time stays as it is, a span (`90m`, `2h30m`, `3d`) counts from `now`, `18:00` is the next one here, a date without a zone is one here. */
export function untilTime(text, now) {
  const span = spanMilliseconds(text);
  if (span !== undefined) return inSeconds(new Date(now.getTime() + span), text);
  const next = nextClock('until', text, now);
  if (next) return next;
  if (isTime(text)) return text;
  const local = localTime(text);
  if (local) return local;
  throw new UsageError(`--until \`${text}\` is not a valid time`, 'write a span such as 90m, 2h30m, 3d, or a time such as 18:00, or with its zone: 2024-11-01T09:00:00Z');
}

/** `--at` as the core takes it. */
export function atTime(text, now) {
  const next = nextClock('at', text, now);
  if (next) return next;
  if (isTime(text)) return text;
  const [, date, minutes = '00:00', seconds = ':00'] = LOCAL.exec(text) ?? [];
  if (date === undefined) throw new UsageError(`--at \`${text}\` is not a valid time`, 'write a time such as 18:00, or with its zone: 2024-11-01T09:00:00Z');
  const time = `${date}T${minutes}${seconds}`;
  throw new UsageError(`--at \`${text}\` does not say in which zone`, `add it: ${time}Z is UTC, ${time}+01:00 an hour ahead of it`);
}

/** What `18:00` or a date was taken for, with date and zone; `undefined` for a time that leaves nothing to guess. */
export const takenFor = (option, text, time) => CLOCK.test(text) || LOCAL.test(text)
  ? `--${option} ${text} is ${moment(time, Intl.DateTimeFormat().resolvedOptions().timeZone)}` : undefined;

// The next `18:00` on the clocks here, or `undefined` if that is not what it says.
function nextClock(option, text, now) {
  const [, hours, minutes] = CLOCK.exec(text) ?? [];
  if (hours === undefined) return undefined;
  for (const days of [0, 1]) {
    const wall = [now.getFullYear(), now.getMonth(), now.getDate() + days, hours, minutes];
    const times = timesAt(Date.UTC(...wall));
    if (times.length === 0 && new Date(...wall) > now) throw new UsageError(`--${option} \`${text}\`: the clocks here skip that time`, 'write it with its date and zone: 2024-11-01T09:00:00Z');
    if (times.length > 1 && times.at(-1) > now) {
      throw new UsageError(`--${option} \`${text}\`: the clocks here show that time twice, as they go back`, `say which: ${times.map(time => inSeconds(time, text)).join(' or ')}`);
    }
    if (times.length === 1 && times[0] > now) return inSeconds(times[0], text);
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

// `2024-11-01` or `2024-11-01T09:00` on the clocks here, as a policy has its times in its zone; `undefined` if it is no such text.
function localTime(text) {
  const [, date, minutes = '00:00', seconds = ':00'] = LOCAL.exec(text) ?? [];
  const wall = Date.parse(`${date}T${minutes}${seconds}Z`);
  if (Number.isNaN(wall) || !new Date(wall).toISOString().startsWith(date)) return undefined;
  const [time, second] = timesAt(wall);
  if (time && !second) return inSeconds(time, text);
  throw new UsageError(`--until \`${text}\`: the clocks here ${time ? 'show that time twice' : 'skip that time'}`, 'write it with its zone: 2024-11-01T09:00:00Z');
}

function inSeconds(date, text) {
  if (Number.isNaN(date.getTime()) || date.getUTCFullYear() > 9999) throw new UsageError(`--until \`${text}\` is not a valid time`, 'it lies beyond the year 9999');
  return `${date.toISOString().slice(0, 19)}Z`;
}

const isTime = text => RFC_3339.test(text) && !Number.isNaN(Date.parse(text));
