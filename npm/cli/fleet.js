// How all environments stand, as a table: what matters first, as the core sorts it.
import {tableLines, withoutEmpty} from './columns.js';

const STATES = {frozen: 'frozen', freeze_window: 'closed', outside_allow_windows: 'closed', logical: 'closed', not_frozen: 'open'};
const HEADS = ['environment', 'state', 'by', 'since', 'until', 'next', 'why'];

/** The lines of the table; `width` is a terminal's, where there is one. */
export function fleetLines(overview, {width, paint = {}}) {
  // In most tables the next change is the end that is told already.
  const isToldTwice = overview.every(row => row.closes_at === null && row.opens_at === endOf(row));
  const spare = isToldTwice ? ['next', 'since', 'until'] : ['since', 'until', 'next'];
  return tableLines({...fleetTable(overview), spare}, {width}).map((line, at) => {
    const colour = at > 0 && overview[at - 1].decision !== 'proceed' ? paint.red : undefined;
    return colour ? colour(line) : line;
  });
}

/** `{heads, rows}`, as texts of others that nobody has escaped. */
export const fleetTable = overview => withoutEmpty(HEADS, overview.map(row => cells(row, overview)));

function cells(row, overview) {
  const {environment, type, decision, reason, by, why, since, freezes, windows, opens_at: opens, closes_at: closes} = row;
  const others = freezes > 1 ? ` +${freezes - 1}` : '';
  return [
    environment + (type === 'logical' ? ' (logical)' : ''),
    decision === 'error' ? 'unknown' : STATES[reason] ?? reason,
    freezes > 0 ? (by ?? 'somebody') + others : windows.length > 0 ? `window ${windows[0]}${windows.length > 1 ? ` +${windows.length - 1}` : ''}` : '',
    time(since), time(endOf(row)),
    opens ? `opens ${time(opens)}` : closes ? `closes ${time(closes)}` : '',
    (why ?? membersOf(row, overview)).replace(/\s+/g, ' '),
  ];
}

// Of several that close, the first one's end is not that of all.
const endOf = ({until, freezes, windows, opens_at: opens}) => freezes > 1 || (freezes === 0 && windows.length > 1) ? opens : until;

// What is open by its own tags may be made of what is not.
function membersOf({environment, type}, overview) {
  const members = type === 'logical' ? overview.filter(({of}) => of.includes(environment)) : [];
  const closed = members.filter(({decision}) => decision !== 'proceed');
  return closed.length > 0 ? `${closed.length} of ${members.length} members closed` : '';
}

// 2024-10-31T10:44:48Z -> 2024-10-31 10:44; in UTC, as everything that is printed here.
const time = text => text === null ? '' : text.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d).*Z$/, '$1 $2');
