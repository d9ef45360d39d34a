// Where each bar and mark of a time line is, from top to bottom. Bars that overlap get lanes of their own.
import {BARS} from '../kinds.js';

const LANES = 8; // where more are at once, the last says how many: the table has all of them

/** `{rows: [{row, y, height, top, bars: [{item, y, isStacked}], stacks: [{count, from, to, y}], marks: [item], middle}], height, bar}`; in units of `unit` pixels. With `isNarrow` names stand above bars. */
export function arrange(rows, {unit = 1, isNarrow = false, now} = {}) {
  const bar = 16 * unit;
  let y = 0;
  const arranged = rows.map(row => {
    const lanes = [];
    const top = (isNarrow ? 22 : 5) * unit;
    const spans = row.items.filter(({kind}) => BARS[kind]).sort((a, b) => a.from - b.from);
    const bars = [...spans.filter(item => !isGround(item)), ...spans.filter(isGround)].map(item => {
      const ground = isGround(item);
      const free = lanes.findIndex(lane => lane.ground === ground && lane.end <= item.from);
      const lane = free >= 0 ? free : Math.min(lanes.length, LANES - 1);
      lanes[lane] = {ground, end: Math.max(free >= 0 ? 0 : lanes[lane]?.end ?? 0, endOf(item, now))};
      return {item, lane, y: y + top + lane * (bar + 3 * unit)};
    });
    const stacks = stacked(bars.filter(({lane}) => lane === LANES - 1), now);
    const marks = row.items.filter(({kind}) => !BARS[kind]);
    const below = top + lanes.length * (bar + 3 * unit);
    const strip = marks.length > 0 ? 18 * unit : 0;
    const height = Math.max(below + strip + 4 * unit, (isNarrow ? 30 : 40) * unit);
    const middle = y + (lanes.length > 0 ? below + strip / 2 : (top + height - 4 * unit) / 2);
    const placed = {row, y, height, top: y + top - 5 * unit, bars, stacks, marks, middle};
    y += height;
    return placed;
  });
  return {rows: arranged, height: y, bar};
}

// Those of the last lane that overlap, as one; a bar knows that it is in one.
function stacked(bars, now) {
  const stacks = [];
  for (const bar of bars.sort((a, b) => a.item.from - b.item.from)) {
    const {item, y} = bar;
    const last = stacks.at(-1);
    if (last && item.from < last.to) {
      last.bars.push(bar);
      last.to = Math.max(last.to, endOf(item, now));
    } else stacks.push({bars: [bar], from: item.from, to: endOf(item, now), y});
  }
  const real = stacks.filter(({bars}) => bars.length > 1);
  for (const bar of real.flatMap(({bars}) => bars)) bar.isStacked = true;
  return real.map(({bars, from, to, y}) => ({count: bars.length, from, to, y}));
}

// What allow windows leave closed comes night after night: a lane of its own keeps it in one line.
const isGround = ({kind}) => kind === 'closed' || kind === 'allow';

/** Up to when a bar is drawn at least. */
export const endOf = ({from, to, until}, now) => to ?? Math.max(from, now, until ?? 0);
