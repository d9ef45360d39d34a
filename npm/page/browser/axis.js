// Behind the bars: the axis above, days, weekends, rows, and now.
import {flagOf, isUnder} from '../look/now.js';
import {widthOf} from '../look/text.js';

/** `left`: how wide the names beside it are; `full`: with these. */
export function drawAxis(pen, {view, left, full, from, to, now, zone}) {
  const {right, unit} = view;
  const x = at => left + view.x(at);
  const [upper, lower] = [13 * unit, 31 * unit];
  const {fine, coarse} = zone.ticks(from, to, right / (62 * unit));
  for (const [index, {at, text}] of coarse.entries()) {
    const end = index + 1 < coarse.length ? x(coarse[index + 1].at) : left + right;
    if (index > 0) pen.draw({shape: 'line', from: [x(at), 2], to: [x(at), 42 * unit], stroke: 'line'});
    if (end - x(at) > widthOf(text, 12.5 * unit, 600) + 10 * unit) pen.draw({shape: 'text', x: x(at) + 5 * unit, y: upper, text, size: 12.5 * unit, weight: 600, fill: 'ink'});
  }
  const flag = flagOf({x, left, right: left + right, unit}, now, 2 * unit, full - 2 * unit);
  for (const [index, {at, text}] of fine.entries()) {
    if (at > to) continue;
    pen.draw({shape: 'line', from: [x(at), 36 * unit], to: [x(at), 42 * unit], stroke: 'line'});
    const width = widthOf(text, 11.5 * unit);
    const end = index + 1 < fine.length ? Math.min(x(fine[index + 1].at), left + right) : left + right;
    if (x(at) + 3 * unit + width < end && !isUnder(flag, x(at) + 3 * unit, width)) pen.draw({shape: 'text', x: x(at) + 3 * unit, y: lower, text, size: 11.5 * unit, fill: 'muted'});
  }
  if (!flag) return;
  pen.draw({shape: 'rect', x: flag.x, y: lower - 8 * unit, width: flag.width, height: 16 * unit, radius: 8 * unit, fill: 'now'});
  pen.draw({shape: 'text', x: flag.x + flag.width / 2, y: lower, text: 'now', size: 11 * unit, weight: 700, anchor: 'middle', fill: 'paper'});
}

export function drawGround(pen, {view, rows, top, height, from, to, zone, now}) {
  const {x, right, unit} = view;
  const upright = (at, stroke, width) => pen.draw({shape: 'line', from: [x(at), 0], to: [x(at), height], stroke, width});
  if (right / (to - from) * 86_400_000 >= 4) {
    for (const [begin, end] of zone.weekends(from, to)) {
      const [a, b] = [Math.max(x(begin), 0), Math.min(x(end), right)];
      if (b > a) pen.draw({shape: 'rect', x: a, y: 0, width: b - a, height, fill: 'weekend'});
    }
  }
  const {fine, coarse} = zone.ticks(from, to, right / (62 * unit));
  for (const {at} of fine) upright(at, 'grid');
  for (const {at} of coarse.slice(1)) upright(at, 'line');
  for (const row of rows) pen.draw({shape: 'line', from: [0, row.y + row.height - top], to: [right, row.y + row.height - top], stroke: 'grid'});
  if (now >= from && now <= to) upright(now, 'now', 1.5 * unit);
}
