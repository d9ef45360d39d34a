// A moment as a mark, and the word beside it.
import {FONT} from './bars.js';
import {widthOf} from './text.js';
import {counted} from '../../text/counted.js';

const R = 5.5;

/** `{shapes, labels}`; `top`: where the bars of its row begin. */
export function markOf(item, {y, top, view}) {
  const {x, unit, left, right, now, zone} = view;
  const at = x(item.from);
  const r = R * unit;
  const poly = (points, look) => ({shape: 'poly', points: points.map(([dx, dy]) => [at + dx * r, y + dy * r]), item, ...look});
  const words = (text, fill, after, before = after) => ({
    item, text, y, size: FONT * unit, fill, weight: 600, places: at < left || at > right ? [] : [{at: at + after * unit}, {at: at - before * unit, anchor: 'end'}],
  });
  const pen = {item, at, y, top, r, unit, poly, words};
  switch (item.kind) {
    case 'exception': return {shapes: exceptionOf(pen, view), labels: []};
    case 'passed': return {shapes: [poly([[0, -1], [1, 0.8], [-1, 0.8]], {fill: 'passed', stroke: 'paper'})], labels: []};
    case 'refused': return {labels: [], shapes: [
      {shape: 'line', from: [at, y - 7 * unit], to: [at, y + 7 * unit], stroke: 'refused', width: 2.2 * unit, item},
      {shape: 'line', from: [at - 4 * unit, y - 7 * unit], to: [at + 4 * unit, y - 7 * unit], stroke: 'refused', width: 2.2 * unit, item},
    ]};
    case 'deployment': return deploymentOf(pen);
    default: {
      const opens = item.kind === 'opens';
      const colour = opens ? 'allow' : 'window';
      return {
        shapes: [
          {shape: 'line', from: [at, y - 8 * unit], to: [at, y + 8 * unit], stroke: colour, width: 1.5 * unit, item},
          poly(opens ? [[0, -1.3], [1.5, -0.6], [0, 0.1]] : [[-1, -1], [1, -1], [0, 0.6]], {fill: colour}),
        ],
        labels: [words(`${item.kind} ${zone.near(item.from, now)}`, `${colour}Ink`, 11, opens ? 7 : 9)],
      };
    }
  }
}

function exceptionOf({item, at, y, unit, poly}, {x, left, right}) {
  const end = item.to === null ? at : Math.min(x(item.to), right + 10);
  const isLive = ['approved', 'used', 'excepted'].includes(item.state);
  return [
    {shape: 'line', from: [Math.max(at, left - 10), y], to: [Math.max(end, at), y], stroke: 'exception', width: 1.5 * unit, dashed: !isLive, item},
    poly([[0, -1.1], [1.1, 0], [0, 1.1], [-1.1, 0]], {fill: isLive ? 'exception' : 'paper', stroke: 'exception'}),
  ];
}

function deploymentOf({item, at, y, top, r, unit, poly, words}) {
  const circle = look => ({shape: 'circle', x: at, y, r: 0.8 * r, item, ...look});
  switch (item.state) {
    case 'excepted': return {shapes: [circle({fill: 'deployed', stroke: 'paper'})], labels: []};
    case 'before': return {shapes: [circle({fill: 'paper', stroke: 'deployed'})], labels: []};
    case 'uncertain': return {labels: [], shapes: [
      circle({fill: 'paper', stroke: 'uncertain', r: r * 1.15}), {shape: 'text', x: at, y, text: '?', size: 10 * unit, fill: 'uncertain', weight: 700, anchor: 'middle', item},
    ]};
    // Unmistakable without a colour, too: larger than all others, a stem through what was closed, an exclamation mark, a word.
    default: return {labels: [words('unexplained', 'alarm', 12)], shapes: [
      {shape: 'line', from: [at, top + 2 * unit], to: [at, y], stroke: 'alarm', width: 2 * unit, isStem: true, item},
      poly([[-0.65, -1.5], [0.65, -1.5], [1.5, -0.65], [1.5, 0.65], [0.65, 1.5], [-0.65, 1.5], [-1.5, 0.65], [-1.5, -0.65]], {fill: 'alarm', stroke: 'paper'}),
      {shape: 'text', x: at, y, text: '!', size: 12 * unit, fill: 'alarmInk', weight: 800, anchor: 'middle', item},
    ]};
  }
}

/** Unexplained deployments whose marks would touch, one after the other: `crowded`, a list each; and all other marks. */
export function crowds(items, {x, unit}) {
  const runs = [];
  for (const item of items.filter(({state}) => state === 'unexplained').sort((a, b) => a.from - b.from)) {
    const last = runs.at(-1);
    if (last && x(item.from) - x(last.at(-1).from) < 3 * R * unit) last.push(item);
    else runs.push([item]);
  }
  const crowded = runs.filter(({length}) => length > 1);
  const within = new Set(crowded.flat());
  return {single: items.filter(item => !within.has(item)), crowded};
}

/** They as one mark, from the first to the last, with their number; one stem alone goes through what was closed. */
export function crowdOf(items, {y, top, view: {x, unit, left, right}}) {
  const item = {isStack: true};
  const r = R * unit;
  const [first, last] = [items[0], items.at(-1)].map(({from}) => Math.min(Math.max(x(from), left - 4 * r), right + 4 * r));
  const [begin, end] = [first - 1.5 * r, last + 1.5 * r];
  const number = counted(items.length);
  const size = 11 * unit;
  const room = Math.min(end, right) - Math.max(begin, left);
  const middle = (Math.min(end, right) + Math.max(begin, left)) / 2;
  return {
    shapes: [
      {shape: 'line', from: [first, top + 2 * unit], to: [first, y], stroke: 'alarm', width: 2 * unit, isStem: true, item},
      {shape: 'rect', x: begin, y: y - 1.5 * r, width: end - begin, height: 3 * r, radius: r, fill: 'alarm', stroke: 'paper', item},
      ...(room < 2 * r ? [] : [{shape: 'text', x: middle, y, text: widthOf(number, size, 800) < room - 2 * unit ? number : '!', size, fill: 'alarmInk', weight: 800, anchor: 'middle', item}]),
    ],
    labels: [{item, text: 'unexplained', y, size: FONT * unit, fill: 'alarm', weight: 600, places: room < 2 * r ? [] : [{at: end + 3 * unit}, {at: begin - 3 * unit, anchor: 'end'}]}],
  };
}

/** One of these: where it is, for a pointer and for the focus. */
export const unseenOf = (item, {y, view: {x, unit}}) =>
  ({shapes: [{shape: 'rect', x: x(item.from) - 4 * unit, y: y - 1.5 * R * unit, width: 8 * unit, height: 3 * R * unit, isUnseen: true, item}], labels: []});
