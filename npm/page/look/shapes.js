// What is drawn of a time line, as a list of plain shapes: a canvas and an SVG show the same.
//   `isStem`: a stroke through bars, over which their names may stand
//   `isUnseen`: it is not drawn, and tells where its item is
//   {shape: rect | line | poly | circle | hatch | text, …, fill, stroke, dashed, item}     colours by their name in the palette
import {barOf, placeOf, stackOf} from './bars.js';
import {labelsOf} from './labels.js';
import {crowdOf, crowds, markOf, unseenOf} from './marks.js';
import {endOf} from './rows.js';

/** All of one arranged row. `view` has `x(time)`, `left` and `right` of what is seen, `unit`, `now`, `bar` and `zone`. */
export function shapesOf({bars, stacks = [], marks, middle, y, height, top = y}, view) {
  const seen = marks.filter(item => isSeen(item, view)).sort((a, b) => WEIGHT(a) - WEIGHT(b) || a.from - b.from);
  const {single, crowded} = crowds(seen, view);
  const place = {y: middle, top, view};
  const seenBars = bars.filter(({item}) => isSeen(item, view));
  const drawn = [
    ...seenBars.filter(({isStacked}) => !isStacked).map(({item, y}) => barOf(item, y, view)),
    ...stacks.filter(({from, to}) => view.x(from) <= view.right && view.x(to) >= view.left).map(stack => stackOf(stack, view)),
    ...seenBars.filter(({isStacked}) => isStacked).map(({item, y}) => placeOf(item, y, view)),
    ...single.map(item => markOf(item, place)),
    ...crowded.flatMap(items => [crowdOf(items, place), ...items.map(item => unseenOf(item, place))]),
  ];
  const shapes = drawn.flatMap(({shapes}) => shapes);
  const wanted = drawn.flatMap(({labels}) => labels).sort((a, b) => RANK(a) - RANK(b));
  return wanted.length === 0 ? shapes : [...shapes, ...labelsOf(wanted, [...solid(shapes.filter(({isUnseen}) => !isUnseen), view.unit), nowOf(view, y, height)], view)];
}

// What matters most is drawn last, over the others.
const WEIGHT = ({kind, state}) => ['opens', 'closes', 'exception', 'deployment', 'passed', 'refused'].indexOf(kind) + (state === 'unexplained' ? 10 : 0);

// Whose words have a place first; names of bars have what is left.
const RANK = ({within, item}) => within ? 3 : item.isStack || item.state === 'unexplained' ? 0 : item.kind === 'opens' || item.kind === 'closes' ? 2 : 1;

function isSeen(item, {x, left, right, now, unit}) {
  const slack = 20 * unit;
  return x(item.from) <= right + slack && x(item.kind === 'exception' || item.to !== null ? item.to ?? item.from : endOf(item, now)) >= left - slack;
}

const solid = (shapes, unit) => shapes.filter(({shape}) => shape !== 'text' && shape !== 'hatch').map(shape => ({item: shape.item, box: {...extent(shape, unit), isStem: shape.isStem}}));

// The line of now goes behind bars, and not through words beside them.
const BEHIND = {};
const nowOf = ({x, now}, y, height) => ({item: BEHIND, box: {x: x(now) - 1, y, right: x(now) + 1, bottom: y + height}});

/** Where what is drawn of an item is, for a pointer and for the focus: `{item, x, y, right, bottom}`, what is on top last. */
export function places(shapes, unit) {
  const boxes = new Map();
  for (const {item, box: {x, y, right, bottom}} of solid(shapes.filter(({item}) => item && !item.isStack), unit)) {
    const box = boxes.get(item);
    if (!box) boxes.set(item, {item, x, y, right, bottom});
    else Object.assign(box, {x: Math.min(x, box.x), y: Math.min(y, box.y), right: Math.max(right, box.right), bottom: Math.max(bottom, box.bottom)});
  }
  return [...boxes.values()];
}

/** The box of a shape; that of a line is as wide as a finger needs. */
export function extent({shape, x, y, width, height, r, from, to, points}, unit) {
  const least = 4 * unit;
  const box = ([x, y, right, bottom]) => ({x, y, right, bottom});
  switch (shape) {
    case 'rect': return box([x, y, x + width, y + height]);
    case 'circle': return box([x - r - 2, y - r - 2, x + r + 2, y + r + 2]);
    case 'line': return box([Math.min(from[0], to[0]) - least, Math.min(from[1], to[1]) - least, Math.max(from[0], to[0]) + least, Math.max(from[1], to[1]) + least]);
    default: return box([Math.min(...points.map(([px]) => px)), Math.min(...points.map(([, py]) => py)), Math.max(...points.map(([px]) => px)), Math.max(...points.map(([, py]) => py))]);
  }
}
