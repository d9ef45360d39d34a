// Moments and spans as people read them. Zones are the core's: to begin with, Intl takes longer than a gate has.
import {localTime} from '../text/local-time.js';

/** `2026-12-24 17:00 UTC (18:00 Europe/Berlin)`: the zone only where it tells something else. */
export function moment(text, zone) {
  const utc = inZone(text, 'UTC');
  if (!utc) return text;
  const local = zone && inZone(text, zone);
  const own = local && `${local.date}${local.time}` !== `${utc.date}${utc.time}` && (local.date === utc.date ? local.time : `${local.date} ${local.time}`);
  return `${utc.date} ${utc.time} UTC${own ? ` (${own} ${zone})` : ''}`;
}

/** `18:00 UTC`, or with its date where that is not today. */
export function clockTime(text, now) {
  const {date, time} = inZone(text, 'UTC');
  return `${date === inZone(now, 'UTC').date ? '' : `${date} `}${time} UTC`;
}

/** `{weekday, date, time}` on a wall in that zone; `undefined` if this is no time, or the core does not know the zone. */
export function inZone(time, zone) {
  const date = new Date(time);
  const utc = Number.isNaN(date.getTime()) ? '' : `${date.toISOString().slice(0, -5)}Z`;
  if (!/^\d{4}-/.test(utc)) return undefined; // no time, or of a year that nobody can write
  const local = zone === 'UTC' ? utc : localTime(utc, zone);
  return local && onTheWall(local);
}

/** The same of a time that tells its zone's offset: `2026-12-24T18:00:00+01:00`. */
export function onTheWall(text) {
  const [, date, time] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)/.exec(text);
  return {weekday: WEEKDAYS[new Date(`${date}T00:00:00Z`).getUTCDay()], date, time: withoutNoSeconds(time)};
}

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** `40 s`, `12 min`, `1 h 5 min`, `2 d 3 h`. */
export function span(milliseconds) {
  const seconds = Math.ceil(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return [`${hours} h`, minutes % 60 > 0 && `${minutes % 60} min`].filter(Boolean).join(' ');
  return [`${Math.floor(hours / 24)} d`, hours % 24 > 0 && `${hours % 24} h`].filter(Boolean).join(' ');
}

const withoutNoSeconds = time => time.endsWith(':00') ? time.slice(0, 5) : time;
