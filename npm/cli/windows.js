// Freeze windows and what they close, as people read them.
import {inZone, moment, onTheWall, span} from './moments.js';
import {tableLines, withoutEmpty} from './columns.js';
import {isoMilliseconds} from './span.js';
import {printable} from '../text/printable.js';

/** A paragraph for each window, as freezes have theirs. */
export const windowLines = windows => windows.flatMap(window => [
  `  ${printable(window.name)} (${kindOf(window)})`,
  ...windowFacts(window).filter(([, text]) => text !== null).map(([label, text]) => `    ${label.padEnd(6)} ${printable(text)}`),
]);

/** The same as `{heads, rows}`. */
export const windowTable = windows => withoutEmpty(['window', 'what', 'rule', 'event', 'why', 'ask', 'until or next'], windows.map(window => [
  window.name, kindOf(window), ...windowFacts(window).map(([label, text]) => text === null ? '' : label === 'next' ? `next ${text}` : text),
]));

const kindOf = ({effect, active}) => `${effect} window${active ? ', active' : ''}`;

const windowFacts = ({active, reason, contact, starts_at: starts, ends_at: ends, timezone, rule, events}) => [
  ['rule', `${rule}, ${timezone}`],
  ['event', eventWords(events)],
  ['why', reason],
  ['ask', contact],
  active ? ['until', ends ? moment(ends, timezone) : 'no end in sight'] : ['next', starts ? moment(starts, timezone) : 'never'],
];

// `Christmas, Audit`: what a calendar calls what closes.
const eventWords = (events = []) => events.length === 0 ? null : [...events.slice(0, TOLD), ...(events.length > TOLD ? ['\u2026'] : [])].join(', ');

const TOLD = 3;

/** When it opens, or until when it is open; nothing where that is not known. */
export function openingLines({opens_at: opens, closes_at: closes, windows = [], action, next}, {policy, now, offersWait, here}) {
  const zone = onlyZone(windows) ?? onlyZone(policy?.policy.windows ?? []) ?? here ?? zoneHere();
  const length = action?.needs && isoMilliseconds(action.needs);
  const needs = length ? `, for ${span(length)} or longer` : '';
  const wait = action?.at === undefined && Date.parse(opens) > now ? `, in ${span(Date.parse(opens) - now)}` : '';
  const isSoon = wait && Date.parse(opens) - now <= LONGEST_WAIT;
  const offer = offersWait && isSoon && !next?.options.wait ? `; --wait ${shortSpan(Date.parse(opens) - now)} waits for it` : '';
  if (opens) return [printable(`opens at ${moment(opens, zone)}${wait}${needs}${offer}`)];
  const left = action?.at === undefined && Date.parse(closes) > now ? `, for ${span(Date.parse(closes) - now)}` : '';
  return closes ? [printable(`open until ${moment(closes, zone)}${left}`)] : [];
}

const LONGEST_WAIT = 24 * 3_600_000; // for more there is the agenda

// Some more than that, as `--wait` takes it.
const shortSpan = milliseconds => milliseconds <= 2 * 3_600_000 ? `${Math.ceil(milliseconds / 60_000)}m` : `${Math.ceil(milliseconds / 3_600_000)}h`;

/** What opens it in spite of the policy; `undefined` where that closes nothing, or another time than now alone. */
export function earlierLine({decision, freezes = [], windows = [], action}, policy) {
  if (action?.type === 'assert' && decision === 'proceed') return undefined; // by an exception
  const active = windows.filter(({effect, active}) => effect === 'freeze' && active);
  const allowing = windows.filter(({effect}) => effect === 'allow');
  const isOutside = decision === 'refuse' && allowing.length > 0 && !allowing.some(({active}) => active);
  const isFrozen = freezes.some(({state}) => state === 'open');
  const isNow = action?.at === undefined;
  if (!(active.length > 0 || isOutside) || !policy || !(isNow || isFrozen)) return undefined;
  const names = active.map(({name}) => `\`${name}\``).join(', ');
  const why = [...(names ? [`${names} close${active.length > 1 ? '' : 's'} it`] : []), ...(isOutside ? ['it is outside its allow windows'] : [])].join(' and ');
  const how = [...(names ? [`\`suspended: true\` for ${names}`] : []), ...(isOutside ? [`one more \`effect: allow\` window, for ${isNow ? 'now' : 'then'},`] : [])].join(' and ');
  return printable(`${isFrozen ? `${why} all the same; ` : ''}to ${isNow ? 'open it earlier' : 'have it open then'}: ${how} in ${policy.file}`);
}

/** The agenda: a line for each closure. */
export const agendaLines = (closures, about) => tableLines(agendaTable(closures, about));

/** `{heads, rows}`, as texts of others that nobody has escaped. Where all have one zone, in that, and in the zone here if it is another one; else in the zone here. */
export function agendaTable(closures, {at, here = zoneHere()}) {
  const zone = onlyZone(closures) ?? here;
  const rows = closures.map(({name, effect, starts_at: starts, ends_at: ends, starts_local: from, ends_local: to, timezone}) => {
    const hasBegun = name === null && Date.parse(starts) <= at; // when it did is not known: it is listed from `at` on
    const wall = (instant, local, where) => instant && (where === timezone ? onTheWall(local) : inZone(instant, where));
    const times = where => fromTo(hasBegun ? undefined : wall(starts, from, where), wall(ends, to, where));
    return [times(zone), times(here), effect === 'freeze' ? 'freeze' : 'closed', name ?? 'outside all allow windows'];
  });
  const isHere = rows.every(([there, ours]) => there === ours);
  const [heads, ...shown] = [[zone, `here, ${here}`, '', ''], ...rows].map(([there, ours, ...rest]) => [there, ...(isHere ? [] : [ours]), ...rest]);
  return {heads, rows: shown};
}

// `Fri 2026-12-04 16:00 - 24:00`, `Fri 2026-12-04 22:00 - Sat 06:00`, `Thu 2026-12-24 18:00 - Sun 2026-12-27 00:00`.
function fromTo(from, to) {
  if (!from) return to ? `until ${to.weekday} ${to.date} ${to.time}` : 'no end in sight';
  const begin = `${from.weekday} ${from.date} ${from.time}`;
  if (!to) return `${begin} - no end in sight`;
  if (to.date === from.date) return `${begin} - ${to.time}`;
  if (to.date !== nextDay(from.date)) return `${begin} - ${to.weekday} ${to.date} ${to.time}`;
  return `${begin} - ${to.time === '00:00' ? '24:00' : `${to.weekday} ${to.time}`}`;
}

const nextDay = date => new Date(Date.parse(`${date}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);

// The zone of all of them, if they have one.
function onlyZone(windows) {
  const zones = new Set(windows.map(({timezone}) => timezone));
  return zones.size === 1 ? [...zones][0] : undefined;
}

// UTC where it has no name (`TZ=:/etc/localtime`), or one that the core does not know.
function zoneHere() {
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return inZone(0, here) ? here : 'UTC';
}
