// What is drawn of a time line, as a list of plain shapes: a canvas and an SVG show the same.
//   {shape: rect | line | poly | circle | hatch | text, …, fill, stroke, dashed, item}     colours by their name in the palette
import {hatchOf} from './hatch.js';
import {endOf} from './rows.js';

const FONT = 11.5;

/** All of one arranged row. `view` has `x(time)`, `left` and `right` of what is seen, `unit`, `now`, `bar` and `zone`. */
export function shapesOf({bars, marks, middle, y}, view) {
  const shapes = [];
  for (const {item, y: top} of bars) if (isSeen(item, view)) shapes.push(...barOf(item, top, view));
  const seen = marks.filter(item => isSeen(item, view)).sort((a, b) => WEIGHT(a) - WEIGHT(b) || a.from - b.from);
  for (const item of seen) shapes.push(...markOf(item, {y: middle, top: y, view, room: roomAfter(item, seen, view)}));
  return shapes;
}

// What matters most is drawn last, over the others.
const WEIGHT = ({kind, state}) => ['opens', 'closes', 'exception', 'deployment', 'passed', 'refused'].indexOf(kind) + (state === 'unexplained' ? 10 : 0);

function isSeen(item, {x, left, right, now, unit}) {
  const slack = 90 * unit;
  return x(item.from) <= right + slack && x(item.kind === 'exception' || item.to !== null ? item.to ?? item.from : endOf(item, now)) >= left - slack;
}

const LOOKS = {
  'freeze open': {fill: 'freeze', stroke: 'freeze', ink: 'freezeInk'},
  'freeze overdue': {fill: 'freeze', stroke: 'freeze', ink: 'freezeInk'},
  'freeze ended': {fill: 'endedSoft', stroke: 'ended', ink: 'endedInk'},
  'freeze begun': {fill: 'paper', stroke: 'ended', ink: 'endedInk', dashed: true},
  window: {fill: 'windowSoft', stroke: 'window', ink: 'windowInk', hatch: 'slash'},
  closed: {fill: 'closedSoft', stroke: 'closed', ink: 'closedInk', hatch: 'back', dashed: true},
  allow: {fill: 'allowSoft', stroke: 'allow', ink: 'allowInk', hatch: 'upright'},
};
const OVERDUE = {fill: 'overdueSoft', stroke: 'overdue', ink: 'overdueInk', hatch: 'cross'};

function barOf(item, top, view) {
  const {x, left, right, unit, now, bar} = view;
  const look = LOOKS[`${item.kind} ${item.state}`] ?? LOOKS[item.kind] ?? LOOKS['freeze ended'];
  const box = (from, to, {hatch, ...look}) => {
    const [begin, end] = [Math.max(x(from), left - 10), Math.min(x(to), right + 10)];
    const place = {x: begin, y: top, width: Math.max(end - begin, 3 * unit), height: bar};
    const {ink: _, ...drawn} = look;
    return [{shape: 'rect', ...place, radius: 3 * unit, ...drawn, item}, ...(hatch ? [{...hatchOf(hatch, place, x(from), unit), item}] : [])];
  };
  const isOpen = item.to === null;
  const isPast = isOpen && item.until !== undefined && item.until <= now;
  const shapes = [];
  const end = isOpen ? Math.max(item.from, now) : item.to;
  if (isOpen && item.until > now) shapes.push(...box(now, item.until, {...look, fill: 'paper', dashed: true}));
  shapes.push(...box(item.from, isPast ? item.until : end, look));
  if (isPast) shapes.push(...box(item.until, end, OVERDUE));
  const tail = x(isOpen && item.until > now ? item.until : end);
  if (isOpen && !(item.until > now)) shapes.push(...fading(tail, top, isPast ? 'overdue' : look.stroke, view, item));
  if (isOpen) shapes.push(...note(isPast ? 'overdue' : item.until > now ? `until ${view.zone.near(item.until, now)}` : 'open', tail + (item.until > now ? 5 : 20) * unit, top, isPast ? 'overdue' : look.stroke, view, item));
  shapes.push(...label(item.label, Math.max(x(item.from), left), Math.min(x(isPast ? item.until : end), right), top, look, view, item));
  return shapes;
}

// It goes on: three strokes, each thinner than the last, and a point.
function fading(at, top, colour, {unit, bar, right}, item) {
  if (at > right) return [];
  return [[2, 4], [8, 2.5], [12.5, 1.5]].map(([away, width]) => ({shape: 'rect', x: at + away * unit, y: top, width: width * unit, height: bar, radius: 0, fill: colour, item}));
}

const note = (text, at, top, fill, {unit, bar, right}, item) =>
  at + widthOf(text, FONT * unit) > right ? [] : [{shape: 'text', x: at, y: top + bar / 2, text, size: FONT * unit, fill, weight: 600, item}];

function label(text, from, to, top, {ink, hatch, fill}, {unit, bar}, item) {
  const size = FONT * unit;
  const fitted = fit(text, to - from - 10 * unit, size);
  if (fitted === '') return [];
  const plate = hatch ? [{shape: 'rect', x: from + 3 * unit, y: top + 2 * unit, width: Math.min(widthOf(fitted, size) + 4 * unit, to - from - 4 * unit), height: bar - 4 * unit, radius: 2 * unit, fill, item}] : [];
  return [...plate, {shape: 'text', x: from + 5 * unit, y: top + bar / 2, text: fitted, size, fill: ink, item}];
}

function markOf(item, {y, top, view, room}) {
  const {x, unit, zone, now, left, right} = view;
  const at = x(item.from);
  const r = 5.5 * unit;
  const poly = (points, look) => ({shape: 'poly', points: points.map(([dx, dy]) => [at + dx * r, y + dy * r]), item, ...look});
  const words = (text, fill, dx = 9) => widthOf(text, FONT * unit) + (dx + 9) * unit < room ? [{shape: 'text', x: at + dx * unit, y, text, size: FONT * unit, fill, weight: 600, item}] : [];
  switch (item.kind) {
    case 'exception': {
      const end = item.to === null ? at : Math.min(x(item.to), right + 10);
      const isLive = ['approved', 'used', 'excepted'].includes(item.state);
      return [
        {shape: 'line', from: [Math.max(at, left - 10), y], to: [Math.max(end, at), y], stroke: 'exception', width: 1.5 * unit, dashed: !isLive, item},
        poly([[0, -1.1], [1.1, 0], [0, 1.1], [-1.1, 0]], {fill: isLive ? 'exception' : 'paper', stroke: 'exception'}),
      ];
    }
    case 'passed': return [poly([[0, -1], [1, 0.8], [-1, 0.8]], {fill: 'passed', stroke: 'paper'})];
    case 'refused': return [
      {shape: 'line', from: [at, y - 7 * unit], to: [at, y + 7 * unit], stroke: 'refused', width: 2.2 * unit, item},
      {shape: 'line', from: [at - 4 * unit, y - 7 * unit], to: [at + 4 * unit, y - 7 * unit], stroke: 'refused', width: 2.2 * unit, item},
    ];
    case 'deployment': return deploymentOf(item, {at, y, top, r, unit, poly, words});
    default: {
      const colour = item.kind === 'opens' ? 'allow' : 'window';
      const flag = item.kind === 'opens' ? [[0, -1.3], [1.5, -0.6], [0, 0.1]] : [[-1, -1], [1, -1], [0, 0.6]];
      return [
        {shape: 'line', from: [at, y - 8 * unit], to: [at, y + 8 * unit], stroke: colour, width: 1.5 * unit, item},
        poly(flag, {fill: colour}),
        ...words(`${item.kind} ${zone.near(item.from, now)}`, `${colour}Ink`, 11),
      ];
    }
  }
}

function deploymentOf(item, {at, y, top, r, unit, poly, words}) {
  const circle = look => ({shape: 'circle', x: at, y, r: 0.8 * r, item, ...look});
  switch (item.state) {
    case 'excepted': return [circle({fill: 'deployed', stroke: 'paper'})];
    case 'before': return [circle({fill: 'paper', stroke: 'deployed'})];
    case 'uncertain': return [circle({fill: 'paper', stroke: 'uncertain', r: r * 1.15}), {shape: 'text', x: at, y, text: '?', size: 10 * unit, fill: 'uncertain', weight: 700, anchor: 'middle', item}];
    // Unmistakable without a colour, too: larger than all others, a stem through what was closed, an exclamation mark, a word.
    default: return [
      {shape: 'line', from: [at, top + 2 * unit], to: [at, y], stroke: 'alarm', width: 2 * unit, item},
      poly([[-0.65, -1.5], [0.65, -1.5], [1.5, -0.65], [1.5, 0.65], [0.65, 1.5], [-0.65, 1.5], [-1.5, 0.65], [-1.5, -0.65]], {fill: 'alarm', stroke: 'paper'}),
      {shape: 'text', x: at, y, text: '!', size: 12 * unit, fill: 'alarmInk', weight: 800, anchor: 'middle', item},
      ...words('unexplained', 'alarm', 12),
    ];
  }
}

// How far it is to the next mark on the right.
function roomAfter(item, marks, {x, right}) {
  let next = right;
  for (const other of marks) {
    const at = x(other.from);
    if (other !== item && at > x(item.from) - 1 && at < next) next = at;
  }
  return next - x(item.from);
}

/** Where what is drawn of an item is, for a pointer and for the focus: `{item, x, y, right, bottom}`, what is on top last. */
export function places(shapes, unit) {
  const boxes = new Map();
  for (const {item, ...shape} of shapes) {
    if (!item || shape.shape === 'text' || shape.shape === 'hatch') continue;
    const [x, y, right, bottom] = extent(shape, unit);
    const box = boxes.get(item);
    if (!box) boxes.set(item, {item, x, y, right, bottom});
    else Object.assign(box, {x: Math.min(x, box.x), y: Math.min(y, box.y), right: Math.max(right, box.right), bottom: Math.max(bottom, box.bottom)});
  }
  return [...boxes.values()];
}

function extent({shape, x, y, width, height, r, from, to, points}, unit) {
  const least = 4 * unit;
  switch (shape) {
    case 'rect': return [x, y, x + width, y + height];
    case 'circle': return [x - r - 2, y - r - 2, x + r + 2, y + r + 2];
    case 'line': return [Math.min(from[0], to[0]) - least, Math.min(from[1], to[1]) - least, Math.max(from[0], to[0]) + least, Math.max(from[1], to[1]) + least];
    default: return [Math.min(...points.map(([px]) => px)), Math.min(...points.map(([, py]) => py)), Math.max(...points.map(([px]) => px)), Math.max(...points.map(([, py]) => py))];
  }
}

const WIDE = /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE4F\uFF00-\uFF60\u{1F300}-\u{1FAFF}\u{20000}-\u{3FFFD}]/u;
const THIN = /[ iljtfrI.,:;'|!()[\]/-]/;

/** About how wide a text is: a picture that is drawn without a screen cannot measure. */
export function widthOf(text, size) {
  let width = 0;
  for (const letter of text) width += WIDE.test(letter) ? 1.05 : THIN.test(letter) ? 0.36 : /[A-Z_mwMW@%]/.test(letter) ? 0.78 : 0.61;
  return width * size;
}

/** As much of it as has room, or nothing where that would say nothing. */
export function fit(text, room, size) {
  if (room < 2 * size) return '';
  if (text.length * size * 0.3 < room && widthOf(text, size) <= room) return text;
  let width = widthOf('\u2026', size);
  let fitted = '';
  for (const letter of text) {
    width += widthOf(letter, size);
    if (width > room) break;
    fitted += letter;
  }
  return fitted.trim().length > 1 ? `${fitted.trimEnd()}\u2026` : '';
}
