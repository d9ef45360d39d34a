// How all environments stand, as a table: what matters first, as the core sorts it.
import {printable} from '../text/printable.js';

const STATES = {frozen: 'frozen', freeze_window: 'closed', outside_allow_windows: 'closed', logical: 'closed', not_frozen: 'open'};
const HEADS = ['environment', 'state', 'by', 'since', 'until', 'next', 'why'];

/** The lines of the table; `width` is a terminal's, where there is one. */
export function fleetLines(overview, {width, paint = {}}) {
  if (overview.length === 0) return [];
  const rows = [HEADS, ...overview.map(row => cells(row, overview))];
  const widths = HEADS.map((_, column) => Math.max(...rows.map(row => lengthOf(row[column]))));
  const shown = HEADS.map((_, column) => rows.slice(1).some(row => row[column] !== '')); // an empty column says nothing
  return rows.map((row, at) => {
    const line = row.map((cell, column) => column === HEADS.length - 1 ? cell : cell + ' '.repeat(widths[column] - lengthOf(cell)))
      .filter((_, column) => shown[column]).join('  ').trimEnd();
    const cut = width && lengthOf(line) > width ? `${[...line].slice(0, width - 1).join('')}…` : line;
    const colour = at > 0 && overview[at - 1].decision !== 'proceed' ? paint.red : undefined;
    return colour ? colour(cut) : cut;
  });
}

function cells(row, overview) {
  const {environment, type, decision, reason, by, why, since, until, freezes, windows, opens_at: opens, closes_at: closes} = row;
  const others = freezes > 1 ? ` +${freezes - 1}` : '';
  return [
    printable(environment) + (type === 'logical' ? ' (logical)' : ''),
    decision === 'error' ? 'unknown' : STATES[reason] ?? printable(reason),
    freezes > 0 ? printable(by ?? 'somebody') + others : windows.length > 0 ? printable(`window ${windows[0]}`) + (windows.length > 1 ? ` +${windows.length - 1}` : '') : '',
    time(since), time(until),
    opens ? `opens ${time(opens)}` : closes ? `closes ${time(closes)}` : '',
    printable((why ?? membersOf(row, overview)).replace(/\s+/g, ' ')),
  ];
}

// What is open by its own tags may be made of what is not.
function membersOf({environment, type}, overview) {
  const members = type === 'logical' ? overview.filter(({of}) => of.includes(environment)) : [];
  const closed = members.filter(({decision}) => decision !== 'proceed');
  return closed.length > 0 ? `${closed.length} of ${members.length} members closed` : '';
}

const lengthOf = text => [...text].length;

// 2024-10-31T10:44:48Z -> 2024-10-31 10:44; in UTC, as everything that is printed here.
const time = text => text === null ? '' : text.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d).*Z$/, '$1 $2');
