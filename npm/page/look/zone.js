// Times as people read them, in UTC or where the reader is; and the ticks of an axis, which follow that zone's days and months.
import {timeDay, timeHour, timeMinute, timeMonday, timeMonth, timeYear, utcDay, utcHour, utcMinute, utcMonday, utcMonth, utcYear} from 'd3-time';

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const HERE = {minute: timeMinute, hour: timeHour, day: timeDay, week: timeMonday, month: timeMonth, year: timeYear};
const UTC = {minute: utcMinute, hour: utcHour, day: utcDay, week: utcMonday, month: utcMonth, year: utcYear};

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
// What a tick may be apart, how long that is, and what stands above it.
const STEPS = [
  ['minute', 1, MINUTE, 'day'], ['minute', 5, 5 * MINUTE, 'day'], ['minute', 15, 15 * MINUTE, 'day'], ['minute', 30, 30 * MINUTE, 'day'],
  ['hour', 1, 60 * MINUTE, 'day'], ['hour', 3, 180 * MINUTE, 'day'], ['hour', 6, 360 * MINUTE, 'day'], ['hour', 12, 720 * MINUTE, 'day'],
  ['day', 1, DAY, 'month'], ['day', 2, 2 * DAY, 'month'], ['week', 1, 7 * DAY, 'month'], ['month', 1, 30.4 * DAY, 'year'], ['month', 3, 91 * DAY, 'year'],
  ...[1, 2, 5, 10, 20].map(years => ['year', years, years * 365 * DAY, 'year']),
];

const two = number => String(number).padStart(2, '0');

/** UTC, or the zone that this machine is in. */
export function zone(isUtc) {
  const part = (at, name) => new Date(at)[`get${isUtc ? 'UTC' : ''}${name}`]();
  const clock = at => `${two(part(at, 'Hours'))}:${two(part(at, 'Minutes'))}`;
  const date = at => `${part(at, 'Date')} ${MONTHS[part(at, 'Month')]}`;
  const intervals = isUtc ? UTC : HERE;
  const fine = {
    minute: clock, hour: clock, day: at => `${DAYS[part(at, 'Day')]} ${part(at, 'Date')}`, week: at => date(at), month: at => MONTHS[part(at, 'Month')], year: at => String(part(at, 'FullYear')),
  };
  const coarse = {day: at => `${DAYS[part(at, 'Day')]} ${date(at)} ${part(at, 'FullYear')}`, month: at => `${MONTHS[part(at, 'Month')]} ${part(at, 'FullYear')}`, year: at => String(part(at, 'FullYear'))};
  const starts = (unit, from, to, step = 1) => (step === 1 ? intervals[unit] : intervals[unit].every(step)).range(intervals[unit].ceil(new Date(from)), new Date(to + 1)).map(Number);
  return {
    name: isUtc ? 'UTC' : Intl.DateTimeFormat().resolvedOptions().timeZone ?? 'local time', // `TZ=:/etc/localtime` has no name
    /** Mon 30 Nov 2026 08:00 */
    full: at => `${coarse.day(at)} ${clock(at)}`,
    /** 30 Nov 08:00 */
    short: at => `${date(at)} ${clock(at)}`,
    /** Mon 08:00 within a week of `now`, else with the date, too */
    near: (at, now) => Math.abs(at - now) < 6 * DAY ? `${DAYS[part(at, 'Day')]} ${clock(at)}` : part(at, 'FullYear') === part(now, 'FullYear') ? `${DAYS[part(at, 'Day')]} ${date(at)} ${clock(at)}` : `${date(at)} ${part(at, 'FullYear')}`,
    date: at => `${date(at)} ${part(at, 'FullYear')}`,
    /** `{fine: [{at, text}], coarse: [{at, text}]}`, at most so many of the fine; the first of the coarse begins where the axis does. */
    ticks(from, to, most) {
      const [unit, step,, above] = STEPS.find(([,, length]) => (to - from) / length <= most) ?? STEPS.at(-1);
      const borders = unit === 'year' ? [] : [from, ...starts(above, from + 1, to)];
      return {fine: starts(unit, from, to, step).map(at => ({at, text: fine[unit](at)})), coarse: borders.map(at => ({at, text: coarse[above](at)}))};
    },
    /** Saturdays and Sundays, as spans. */
    weekends: (from, to) => starts('week', from - 7 * DAY, to + 7 * DAY).map(monday => [Number(intervals.day.offset(new Date(monday), -2)), monday]),
  };
}
