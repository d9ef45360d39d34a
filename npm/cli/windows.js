// Freeze windows and what they close, as people read them.
import {inZone, moment, onTheWall} from './moments.js';
import {printable} from '../printable.js';

/** A paragraph for each window, as freezes have theirs. */
export const windowLines = windows => windows.flatMap(({name, effect, active, reason, starts_at: starts, ends_at: ends, timezone, rule}) => [
  `  ${printable(name)} (${effect} window${active ? ', active' : ''})`,
  ...[
    ['rule', `${rule}, ${timezone}`],
    ['why', reason],
    active ? ['until', ends ? moment(ends, timezone) : 'no end in sight'] : ['next', starts ? moment(starts, timezone) : 'never again'],
  ].filter(([, text]) => text !== null).map(([label, text]) => `    ${label.padEnd(6)} ${printable(text)}`),
]);

/** When it opens, or until when it is open; nothing where that is not known. */
export function openingLines({opens_at: opens, closes_at: closes, windows = [], action}, policy) {
  const zone = onlyZone(windows) ?? onlyZone(policy?.windows ?? []);
  const needs = action?.needs ? `, for ${action.needs} or longer` : '';
  if (opens) return [printable(`opens at ${moment(opens, zone)}${needs}`)];
  return closes ? [printable(`open until ${moment(closes, zone)}`)] : [];
}

/** The agenda: a line for each closure, in the zone of its window, and in the zone here where that is another one. */
export function agendaLines(closures, {here = Intl.DateTimeFormat().resolvedOptions().timeZone} = {}) {
  if (closures.length === 0) return [];
  const zone = onlyZone(closures);
  const rows = closures.map(({name, effect, reason, timezone, ...times}) => {
    const theirs = fromTo(onTheWall(times.starts_local), times.ends_local && onTheWall(times.ends_local));
    const ours = fromTo(inZone(times.starts_at, here), times.ends_at && inZone(times.ends_at, here));
    return {
      theirs, zone: zone ? '' : timezone, ours,
      effect: effect === 'freeze' ? 'freeze' : 'closed', name: name ?? 'outside all allow windows', reason: reason ?? '',
    };
  });
  const isHere = rows.every(({theirs, ours}) => theirs === ours);
  const columns = ['theirs', ...(zone ? [] : ['zone']), ...(isHere ? [] : ['ours']), 'effect', 'name', 'reason'];
  const heads = {theirs: zone ?? 'there', zone: 'zone', ours: `here, ${here}`, effect: '', name: '', reason: ''};
  return aligned([heads, ...rows].map(row => columns.map(column => printable(row[column]))));
}

// `Fri 2026-12-04 16:00 - 24:00`, `Thu 2026-12-24 18:00 - Sun 2026-12-27 00:00`.
function fromTo(from, to) {
  const begin = `${from.weekday} ${from.date} ${from.time}`;
  if (!to) return `${begin} - no end in sight`;
  if (to.date === from.date) return `${begin} - ${to.time}`;
  if (to.time === '00:00' && nextDay(from.date) === to.date) return `${begin} - 24:00`;
  return `${begin} - ${to.weekday} ${to.date} ${to.time}`;
}

const nextDay = date => new Date(Date.parse(`${date}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);

function aligned(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map(row => row[column].length)));
  return rows.map(row => row.map((text, column) => text.padEnd(widths[column])).join('  ').trimEnd());
}

// The zone of all of them, if they have one.
function onlyZone(windows) {
  const zones = new Set(windows.map(({timezone}) => timezone));
  return zones.size === 1 ? [...zones][0] : undefined;
}
