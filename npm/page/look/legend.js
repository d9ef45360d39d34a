// What each look means: one sample of all that occurs, by the same drawing.
import {BARS, MARKS, STATES} from '../kinds.js';
import {arrange} from './rows.js';
import {shapesOf} from './shapes.js';

const NOW = 100;
const WORDS = {
  'freeze open': 'freeze, open', 'freeze overdue': 'freeze, overdue', 'freeze ended': 'freeze, ended', 'freeze begun': 'freeze, only begun', window: 'freeze window', closed: 'outside allow windows', allow: 'allow window',
  exception: 'exception', passed: 'let through', refused: 'refused', opens: 'opens', closes: 'closes',
  'deployment unexplained': 'unexplained deployment', 'deployment excepted': 'deployment with an exception', 'deployment before': 'deployment begun before the freeze', 'deployment uncertain': 'deployment, uncertain',
};

/** `[{kind, state, text, width, shapes}]` of the looks that occur in this time line. */
export function legendOf({rows}) {
  const keyOf = ({kind, state}) => STATES[kind] ? `${kind} ${STATES[kind].includes(state) ? state : STATES[kind].at(-1)}` : kind;
  const seen = new Set(rows.flatMap(({items}) => items.map(keyOf)));
  const all = [...Object.keys(BARS), ...Object.keys(MARKS)].flatMap(kind => STATES[kind]?.map(state => ({kind, state})) ?? [{kind, state: kind === 'exception' ? 'approved' : kind}]);
  return all.filter(entry => seen.has(keyOf(entry))).map(entry => ({...entry, text: WORDS[keyOf(entry)], ...sampleOf(entry)}));
}

/** It alone, 18 high: its shapes, and how wide they are. */
export function sampleOf({kind, state}) {
  const isBar = kind in BARS;
  const isOpen = isBar && (state === 'open' || state === 'overdue') && kind === 'freeze';
  const item = {kind, state, from: isBar ? 0 : NOW / 2, to: isOpen ? null : isBar || kind === 'exception' ? NOW : null, ...(state === 'overdue' && {until: NOW / 2}), label: ''};
  const width = isBar ? (isOpen ? 38 : 26) : kind === 'exception' ? 26 : 18;
  const end = isOpen ? 24 : width;
  const x = kind === 'exception' ? at => 6 + (at - NOW / 2) / NOW * 40 : at => at / NOW * end;
  const arranged = arrange([{items: [item]}], {now: NOW});
  const view = {x, left: 0, right: width, unit: 1, now: NOW, bar: 14, zone: {near: () => ''}};
  const [row] = arranged.rows;
  const placed = {...row, y: 1, bars: row.bars.map(bar => ({...bar, y: 2})), middle: 9};
  return {width, shapes: shapesOf(placed, view).filter(({shape, text}) => shape !== 'text' || text.length === 1)};
}
