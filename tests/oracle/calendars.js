// An independent reader of iCalendar documents: ical.js reads and enumerates, Node's own zones say when.
import ICAL from 'ical.js';

const DAY = 86_400;

/** The runs that begin in `[from, to)` or hold at `from`, as `[start, end]` in seconds; `zone` is that of floating times and of dates. */
export function runs(text, zone, from, to) {
  const parsed = ICAL.parse(text);
  const documents = Array.isArray(parsed[0]) ? parsed : [parsed];
  const intervals = documents.flatMap(document => read(new ICAL.Component(document), zone, to));
  const merged = [];
  for (const [start, end] of intervals.filter(([start, end]) => start < end).sort((a, b) => a[0] - b[0])) {
    const last = merged.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else merged.push([start, end]);
  }
  return merged.filter(([start, end]) => end > from && start < to);
}

function read(document, zone, to) {
  ICAL.TimezoneService.reset();
  for (const one of document.getAllSubcomponents('vtimezone')) ICAL.TimezoneService.register(new ICAL.Timezone(one));
  const events = document.getAllSubcomponents('vevent').filter(one => one.getFirstPropertyValue('dtstart'));
  const instant = (time, tzid, reading) => time.zone === ICAL.Timezone.utcTimezone ? time.toUnixTime() : reading(local(time), tzid ?? zone);
  // A zone that only the document knows says itself when its times are; all others are Node's.
  const placed = (property, time, reading = first) => {
    const tzid = property.getFirstParameter('tzid');
    return tzid && !isKnown(tzid) ? time.toUnixTime() : instant(time, tzid, reading);
  };
  const ends = (property, time) => placed(property, time, byRfc);
  return events.flatMap(event => {
    if (event.getFirstPropertyValue('status') === 'CANCELLED') return [];
    const start = event.getFirstProperty('dtstart');
    const occurrences = event.hasProperty('recurrence-id') ? [start.getFirstValue()] : starts(event);
    const replaced = events
      .filter(other => other !== event && !event.hasProperty('recurrence-id') && other.hasProperty('recurrence-id'))
      .filter(other => other.getFirstPropertyValue('uid') === event.getFirstPropertyValue('uid'))
      .map(other => placed(other.getFirstProperty('recurrence-id'), other.getFirstPropertyValue('recurrence-id')));
    // ical.js looks for an EXDATE by its text, in whatever zone it is written.
    const left = event.getAllProperties('exdate').flatMap(property => property.getValues().map(value => placed(property, value)));
    const gone = new Set([...replaced, ...left]);
    const found = [];
    for (const time of occurrences) {
      const begin = placed(start, time);
      if (begin >= to) break;
      if (!gone.has(begin)) found.push([begin, ending(event, start, time, ends)]);
    }
    return found;
  });
}

/** The starts that ical.js gives, without an end if the rule has none. */
function* starts(event) {
  const expansion = new ICAL.RecurExpansion({component: event, dtstart: event.getFirstPropertyValue('dtstart')});
  for (let time = expansion.next(); time; time = expansion.next()) yield time.clone();
}

/** Whole days end on the wall clock; all else lasts as long as it does the first time. */
function ending(event, start, time, ends) {
  const end = event.getFirstProperty('dtend');
  const duration = event.getFirstPropertyValue('duration');
  if (!time.isDate) return ends(start, time) + (end ? ends(end, end.getFirstValue()) - ends(start, start.getFirstValue()) : duration?.toSeconds() ?? 0);
  const seconds = end ? local(end.getFirstValue()) - local(start.getFirstValue()) : duration?.toSeconds() ?? DAY;
  const last = time.clone();
  last.addDuration(ICAL.Duration.fromSeconds(seconds));
  return ends(start, last);
}

/** Seconds on the wall clock. */
const local = time => Date.UTC(time.year, time.month - 1, time.day, time.hour, time.minute, time.second) / 1000;

function isKnown(name) {
  try {
    clock(name);
    return true;
  } catch {
    return false;
  }
}

/** The first instant at which the wall clock of a zone shows a local time or a later one. */
export function first(wanted, zone) {
  const shows = at => at + offset(at, zone);
  // In quarters of an hour, as offsets are; then second by second to where a gap ends.
  let at = wanted - 15 * 3600;
  while (shows(at) < wanted) at += 900;
  while (shows(at - 1) >= wanted) at--;
  return at;
}

/** The same, but a time that the clock skips is one by the offset before the gap (RFC 5545, 3.3.5). */
export function byRfc(wanted, zone) {
  const at = first(wanted, zone);
  return at + offset(at, zone) > wanted ? wanted - offset(at - 1, zone) : at;
}

function offset(at, zone) {
  const {year, month, day, hour, minute, second} = Object.fromEntries(clock(zone).formatToParts(at * 1000).map(part => [part.type, part.value]));
  return Date.UTC(year, month - 1, day, hour, minute, second) / 1000 - at;
}

const clocks = new Map();
function clock(zone) {
  if (!clocks.has(zone)) {
    const parts = {year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric'};
    clocks.set(zone, new Intl.DateTimeFormat('en', {timeZone: zone, hourCycle: 'h23', ...parts}));
  }
  return clocks.get(zone);
}
