// All that can be opened, found and filtered: every bar and mark with the row it is in.
import {wordOf} from '../kinds.js';

export function recordsOf({kind, rows}) {
  const records = rows.flatMap(row => row.items.map(item => ({
    item, row, word: wordOf(item), needle: [row.name, row.detail, wordOf(item), item.state, item.label, item.by, item.what, ...item.facts.map(([, value]) => value)].join('\n').toLowerCase(),
  })));
  const newest = kind === 'report' ? -1 : 1; // what has been, from the end; what is to come, from now
  return records.sort((a, b) => newest * (a.item.from - b.item.from) || (a.row.name < b.row.name ? -1 : 1));
}

const TOLD = new Set(['planned', 'refused', 'passed']); // their word says it

export const titleOf = ({word, item: {state}}) => state && !TOLD.has(state) ? `${word}, ${state}` : word;

/** One line for who listens: prod-aws: Freeze, open; steve: Demo; from … to … */
export function sentenceOf(record, zone) {
  const {item: {from, to, label, kind, isVague}, row} = record;
  const until = kind === 'freeze' || kind === 'window' || kind === 'closed' || kind === 'allow' ? ` to ${isVague ? 'an end not known' : to === null ? 'no known end' : zone.full(to)}` : '';
  return `${row.name}: ${[titleOf(record), label, `${zone.full(from)}${until}`].filter(Boolean).join('; ')}`;
}
