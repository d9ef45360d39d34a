// Moments and spans as people read them.

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

/** `{weekday, date, time}` on a wall in that zone; `undefined` if this is no time, or Node does not know the zone. */
export function inZone(time, zone) {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return undefined;
  let parts;
  try {
    parts = formatOf(zone).formatToParts(date);
  } catch {
    return undefined;
  }
  const {weekday, year, month, day, hour, minute, second} = Object.fromEntries(parts.map(({type, value}) => [type, value]));
  return {weekday, date: `${year.padStart(4, '0')}-${month}-${day}`, time: withoutNoSeconds(`${hour}:${minute}:${second}`)};
}

/** The same of a time that tells its zone's offset: `2026-12-24T18:00:00+01:00`. */
export function onTheWall(text) {
  const [, date, time] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)/.exec(text);
  return {weekday: inZone(`${date}T00:00:00Z`, 'UTC').weekday, date, time: withoutNoSeconds(time)};
}

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

const formats = new Map();

function formatOf(timeZone) {
  if (!formats.has(timeZone)) {
    formats.set(timeZone, new Intl.DateTimeFormat('en-US', {
      timeZone, hourCycle: 'h23', weekday: 'short', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit',
    }));
  }
  return formats.get(timeZone);
}

const withoutNoSeconds = time => time.endsWith(':00') ? time.slice(0, 5) : time;
