// A moment as a mark, and the word beside it.
import {FONT} from './bars.js';

/** `{shapes, labels}`; `top`: where the bars of its row begin. */
export function markOf(item, {y, top, view}) {
  const {x, unit, left, right, now, zone} = view;
  const at = x(item.from);
  const r = 5.5 * unit;
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
      {shape: 'line', from: [at, top + 2 * unit], to: [at, y], stroke: 'alarm', width: 2 * unit, item},
      poly([[-0.65, -1.5], [0.65, -1.5], [1.5, -0.65], [1.5, 0.65], [0.65, 1.5], [-0.65, 1.5], [-1.5, 0.65], [-1.5, -0.65]], {fill: 'alarm', stroke: 'paper'}),
      {shape: 'text', x: at, y, text: '!', size: 12 * unit, fill: 'alarmInk', weight: 800, anchor: 'middle', item},
    ]};
  }
}
