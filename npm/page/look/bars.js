// A span of time as a bar, and the words that belong to it.
import {hatchOf} from './hatch.js';
import {endOf} from './rows.js';
import {counted} from '../../text/counted.js';

export const FONT = 11.5;

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

/** `{shapes, labels}`: what labels.js is to find room for. */
export function barOf(item, top, view) {
  const {x, left, right, unit, now, bar, zone} = view;
  const look = LOOKS[`${item.kind} ${item.state}`] ?? LOOKS[item.kind] ?? LOOKS['freeze ended'];
  const box = (from, to, {hatch, ...look}) => {
    const [begin, end] = [Math.max(x(from), left - 10), Math.min(x(to), right + 10)];
    const place = {x: begin, y: top, width: Math.max(end - begin, 3 * unit), height: bar};
    const {ink: _, ...drawn} = look;
    return [{shape: 'rect', ...place, radius: 3 * unit, ...drawn, item}, ...(hatch ? [{...hatchOf(hatch, place, x(from), unit), item}] : [])];
  };
  const isOpen = item.to === null;
  const isPast = isOpen && item.until !== undefined && item.until <= now;
  const isPlanned = isOpen && item.until > now;
  const end = isOpen ? Math.max(item.from, now) : item.to;
  const tail = x(isPlanned ? item.until : end);
  const shapes = [
    ...(isPlanned ? box(now, item.until, {...look, fill: 'paper', dashed: true}) : []),
    ...box(item.from, isPast ? item.until : end, item.isVague ? {...look, dashed: true} : look),
    ...(isPast ? box(item.until, end, OVERDUE) : []),
    ...(isOpen && !isPlanned ? fading(tail, top, isPast ? 'overdue' : look.stroke, view, item) : []),
  ];
  const words = {item, y: top + bar / 2, size: FONT * unit};
  const labels = [{...words, text: item.label, fill: look.ink, within: [Math.max(x(item.from), left), Math.min(x(isPast ? item.until : end), right)], plate: look.hatch && look.fill, backing: look.fill}];
  if (item.isVague) labels.push({...words, text: 'end not known', fill: 'uncertain', weight: 600, places: tail < left ? [] : [{at: tail + 5 * unit}, {at: tail - 5 * unit, anchor: 'end', from: x(item.from), isOver: true}, {at: x(item.from) - 5 * unit, anchor: 'end'}]});
  if (isOpen) {
    labels.push({
      ...words, text: isPast ? 'overdue' : isPlanned ? `until ${zone.near(item.until, now)}` : 'open', fill: isPast ? 'overdue' : look.stroke, weight: 600,
      places: tail < left ? [] : [
        {at: tail + (isPlanned ? 5 : 20) * unit},
        ...(isPlanned ? [{at: Math.min(tail, right) - 5 * unit, anchor: 'end', from: x(now), isOver: true}] : []),
        {at: x(item.from) - 5 * unit, anchor: 'end'},
      ],
    });
  }
  return {shapes, labels};
}

/** Bars for which there is no lane: one box for all of them, which says how many. */
export function stackOf(stack, {x, left, right, unit, bar}) {
  const item = {isStack: true};
  const [begin, end] = [Math.max(x(stack.from), left - 10), Math.min(x(stack.to), right + 10)];
  const width = Math.max(end - begin, 3 * unit);
  return {
    shapes: [{shape: 'rect', x: begin, y: stack.y, width, height: bar, radius: 3 * unit, fill: 'paper', stroke: 'muted', dashed: true, item}],
    labels: [{item, text: `+${counted(stack.count)} more`, y: stack.y + bar / 2, size: FONT * unit, fill: 'ink', weight: 600, places: [
      {at: Math.max(begin, left) + 5 * unit, to: end, isOver: true}, {at: begin + width + 5 * unit}, {at: begin - 5 * unit, anchor: 'end'},
    ]}],
  };
}

/** One of these: where it is, for a pointer and for the focus. */
export function placeOf(item, top, {x, left, right, unit, now, bar}) {
  const [begin, end] = [Math.max(x(item.from), left - 10), Math.min(x(endOf(item, now)), right + 10)];
  return {shapes: [{shape: 'rect', x: begin, y: top, width: Math.max(end - begin, 3 * unit), height: bar, isUnseen: true, item}], labels: []};
}

// It goes on: three strokes, each thinner than the last, and a point.
function fading(at, top, colour, {unit, bar, right}, item) {
  if (at > right) return [];
  return [[2, 4], [8, 2.5], [12.5, 1.5]].map(([away, width]) => ({shape: 'rect', x: at + away * unit, y: top, width: width * unit, height: bar, radius: 0, fill: colour, item}));
}
