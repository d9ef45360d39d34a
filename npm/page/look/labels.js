// Words beside marks and on bars. A word that would cross the edge, another word or a mark stands on the other side, or is left out: shapes alone tell what it is, and its record tells the rest.
import {fit, widthOf} from './text.js';

const CELL = 48;

/**
 * Those of one row for which there is room, as shapes; the first of `wanted` come first.
 *   {item, text, y, size, fill, weight, places: [{at, anchor, from, to, isOver}]}     whole, at the first place that is free; `isOver` its own bar
 *   {item, text, y, size, fill, within: [from, to], plate, backing}                    on its bar, as much as has room; on `backing` over stems, where these leave none
 * `shapes` are what they must not cross, each with its `box`.
 */
export function labelsOf(wanted, shapes, view) {
  const taken = ground(view.unit);
  for (const {item, box} of shapes) taken.add({item, box});
  return wanted.flatMap(label => {
    const found = label.within ? onBar(label, taken, view) : beside(label, taken, view);
    if (!found) return [];
    taken.add({box: found.box});
    return found.shapes;
  });
}

function beside({item, text, y, size, fill, weight, places}, taken, {left, right, unit}) {
  const width = widthOf(text, size, weight);
  for (const {at, anchor, from = left, to = right, isOver = false} of places) {
    const start = anchor === 'end' ? at - width : at;
    const box = boxOf(start, y, width, size);
    if (start < Math.max(from, left) + unit || start + width > Math.min(to, right) - unit) continue;
    if (taken.across(box, isOver ? item : undefined).length > 0) continue;
    return {box, shapes: [{shape: 'text', x: at, y, text, size, fill, weight, item, ...(anchor && {anchor})}]};
  }
}

function onBar({item, text, y, size, fill, within: [from, to], plate, backing}, taken, {unit}) {
  const pad = 5 * unit;
  if (to - from < 2 * pad + 2 * size) return;
  const boxes = taken.across(boxOf(from, y, to - from, size), item);
  const among = boxes => {
    const [start, end] = widest(from, to, boxes, widthOf(text, size) + 2 * pad);
    return {start, fitted: fit(text, end - start - 2 * pad, size)};
  };
  let {start, fitted} = among(boxes);
  if (fitted === '') {
    ({start, fitted} = among(boxes.filter(({isStem}) => !isStem)));
    plate ??= backing;
  }
  if (fitted === '') return;
  const width = widthOf(fitted, size);
  const under = plate && {shape: 'rect', x: start + pad - 2 * unit, y: y - 6 * unit, width: width + 4 * unit, height: 12 * unit, radius: 2 * unit, fill: plate, item};
  return {box: boxOf(start + pad, y, width, size), shapes: [...(under ? [under] : []), {shape: 'text', x: start + pad, y, text: fitted, size, fill, item}]};
}

// The first gap between boxes in which there is room for it, or else the widest.
function widest(from, to, boxes, wanted) {
  let start = from;
  let best = [from, from];
  for (const {x, right} of [...boxes.sort((a, b) => a.x - b.x), {x: to, right: to}]) {
    if (Math.min(x, to) - start > best[1] - best[0]) best = [start, Math.min(x, to)];
    if (best[1] - best[0] >= wanted) return best;
    start = Math.max(start, right);
  }
  return best;
}

const boxOf = (x, y, width, size) => ({x, y: y - size * 0.62, right: x + width, bottom: y + size * 0.62});

// Where something is, in strips of the width of a word: a row may have thousands of marks.
function ground(unit) {
  const cells = new Map();
  const cellsOf = ({x, right}) => [Math.floor(x / CELL / unit), Math.floor(right / CELL / unit)];
  const air = 2 * unit;
  return {
    add(entry) {
      const [first, last] = cellsOf(entry.box);
      for (let cell = first; cell <= last; cell++) cells.has(cell) ? cells.get(cell).push(entry) : cells.set(cell, [entry]);
    },
    /** The boxes of others that it would cross. */
    across(box, own) {
      const [first, last] = cellsOf({x: box.x - air, right: box.right + air});
      const found = new Set();
      for (let cell = first; cell <= last; cell++) {
        for (const {item, box: other} of cells.get(cell) ?? []) {
          if ((item === undefined || item !== own) && other.x < box.right + air && other.right > box.x - air && other.y < box.bottom && other.bottom > box.y) found.add(other);
        }
      }
      return [...found];
    },
  };
}
