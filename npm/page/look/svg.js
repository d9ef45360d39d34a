// The time line as a still picture: an SVG without a script, a foreign font, or a request.
import {legendOf} from './legend.js';
import {flagOf, isUnder} from './now.js';
import {DARK, LIGHT} from './palette.js';
import {arrange} from './rows.js';
import {shapesOf} from './shapes.js';
import {fit, linesOf, widthOf} from './text.js';

const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'Noto Sans', 'DejaVu Sans', sans-serif";
const NAMES = 172;
const AXIS = 38;
const MANY = 40;
const DOUBT = 17; // a line of what is not known

/**
 * A whole picture of it. `zone` says whose times; `isPart`: of these `rows` alone, without title and legend, as a page prints it.
 */
export function svgOf(timeline, {zone, width = 800, rows, isPart = false, id = 'nodeploy', span = spanIn(width, timeline)}) {
  const {quiet, shown} = rows ? {quiet: 0, shown: rows} : folded(timeline.rows);
  const arranged = arrange(shown, {now: timeline.now});
  const doubt = isPart ? [] : linesOf(timeline.doubt ?? '', width - 32);
  const head = isPart ? 0 : 62 + doubt.length * DOUBT;
  const legend = isPart ? {svg: '', height: 0} : legendLines(timeline, width, id);
  const top = head + AXIS;
  const bottom = top + Math.max(arranged.height, 30);
  const height = Math.ceil(bottom + (quiet > 0 ? 24 : 0) + legend.height + (isPart ? 4 : 34));
  const left = NAMES;
  const right = width - 16;
  const x = at => left + (at - span.from) / (span.to - span.from) * (right - left);
  const view = {x, left, right, unit: 1, now: timeline.now, bar: arranged.bar, zone};
  const body = [
    ...background(arranged, {top, bottom, width, view, span, zone}),
    ...axis({top, bottom, view, span, zone, now: timeline.now}),
    ...arranged.rows.flatMap(placed => nameOf(placed, top, timeline.now, zone)),
    ...nowLine({top, bottom, view, now: timeline.now}),
    `<g clip-path="url(#${id}-plot)" transform="translate(0 ${top})">`,
    ...arranged.rows.flatMap(placed => shapesOf(placed, view)).map(shape => drawn(shape)).filter(Boolean),
    '</g>',
    ...nowFlag({top, view, now: timeline.now}),
    ...(quiet > 0 ? [text({x: 16, y: bottom + 15, size: 12, fill: 'muted', text: `and ${quiet} more ${quiet === 1 ? 'environment' : 'environments'}, with nothing to show`})] : []),
  ];
  const title = isPart ? `${timeline.title}: ${shown.length} rows` : timeline.title;
  const words = `${timeline.title}, ${zone.full(span.from)} to ${zone.full(span.to)} (${zone.name}). ${summaryOf(timeline)}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" data-generator="nodeploy" role="img" aria-labelledby="${id}-title ${id}-desc" font-family="${FONT}">`,
    `<title id="${id}-title">${escaped(title)}</title><desc id="${id}-desc">${escaped(words)}</desc>`,
    isPart ? '' : `<style>${darkRules()}</style>`,
    `<defs><clipPath id="${id}-plot"><rect x="${left}" y="-2" width="${n(right - left)}" height="${n(bottom - top + 4)}"/></clipPath></defs>`,
    isPart ? '' : `<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8" class="f-paper s-line" fill="${LIGHT.paper}" stroke="${LIGHT.line}"/>`,
    ...(isPart ? [] : headOf(timeline, {width, zone, doubt})),
    ...body,
    ...(isPart ? [] : [
      `<g transform="translate(0 ${n(bottom + (quiet > 0 ? 24 : 0))})">${legend.svg}</g>`,
      text({x: 16, y: height - 17, size: 11, fill: 'muted', text: `times in ${zone.name}; as of ${zone.full(timeline.now)}; drawn by nodeploy`}),
    ]),
    '</svg>',
  ].filter(Boolean).join('\n');
}

/** As `spanOf`, with room in a picture of that width for the words of what goes on. */
export const spanIn = (width, timeline) => spanOf(timeline, 90 / (width - NAMES), 145 / (width - NAMES));

/** From when to when it is drawn: now, too, and by that share more, so that what goes on can be seen to; with planned ends that are near, which say when. */
export function spanOf({from, to, now, rows}, share = 0.1, sharePlanned = 0.14) {
  const goesOn = rows.flatMap(({items}) => items.filter(item => item.to === null && ['freeze', 'window', 'closed'].includes(item.kind)));
  const planned = Math.min(goesOn.reduce((last, {until}) => Math.max(last, until ?? now), now), now + (to - from) / 4);
  const more = planned > now ? sharePlanned : goesOn.length > 0 ? share : 0.025;
  return {from, to: now <= to ? Math.max(to, planned + (to - from) * more) : to};
}

// Of many environments those in which there is something.
function folded(rows) {
  if (rows.length <= MANY) return {shown: rows, quiet: 0};
  const shown = rows.filter(({items, state}) => items.length > 0 || state === 'unknown' || state === 'closed');
  return {shown, quiet: rows.length - shown.length};
}

const summaryOf = ({doubt, tiles, rows}) => `${doubt ? `${doubt}. ` : ''}${tiles.filter(([, value]) => !isTime(value)).map(([name, value]) => `${name}: ${value}`).join('; ')}. ${rows.slice(0, 20).map(({name, items}) => `${name}: ${items.length}`).join(', ')}`;

function headOf({title, about, tiles, now}, {width, zone, doubt}) {
  const told = [...tiles.filter(([,, isAlarm]) => isAlarm), ...tiles.filter(([,, isAlarm]) => !isAlarm)].map(([name, entry, isAlarm]) => ({text: tileText(name, entry, {now, zone}), fill: isAlarm ? 'alarm' : 'muted', weight: isAlarm ? 700 : 400}));
  let x = 16;
  const words = told.flatMap(({text: words, fill, weight}) => {
    const [at, end] = [x, x + widthOf(words, 12, weight)];
    if (end < width - 16) x = end + 16;
    return end < width - 16 ? [text({x: at, y: 46 + doubt.length * DOUBT, size: 12, fill, weight, text: words})] : [];
  });
  const room = width - 48 - widthOf(title, 17, 700);
  return [
    text({x: 16, y: 24, size: 17, weight: 700, fill: 'ink', text: fit(title, width - 32, 17, 700)}),
    ...(about && room > 60 ? [text({x: width - 16, y: 24, size: 12, fill: 'muted', anchor: 'end', text: fit(about, room, 12)})] : []),
    ...doubt.map((line, index) => text({x: 16, y: 44 + index * DOUBT, size: 12, weight: 600, fill: 'alarm', text: line})),
    ...words,
  ];
}

/** `3 freezes`, `closed until Mon 08:00`, `closed for 2 h` */
function tileText(name, value, {now, zone}) {
  if (isTime(value)) return `${name} ${zone.near(value, now)}`;
  return typeof value === 'number' ? `${value} ${name}` : `${name} ${value}`;
}

/** A number so large is a moment, in milliseconds. */
export const isTime = value => typeof value === 'number' && value > 1e11;

function background({rows}, {top, bottom, width, view, span, zone}) {
  const {x, left, right} = view;
  const dayWidth = (right - left) / (span.to - span.from) * 86_400_000;
  const weekends = dayWidth < 3 ? [] : zone.weekends(span.from, span.to).map(([from, to]) => [Math.max(x(from), left), Math.min(x(to), right)]).filter(([from, to]) => to > from)
    .map(([from, to]) => rect({x: from, y: top, width: to - from, height: bottom - top, fill: 'weekend'}));
  return [
    ...weekends,
    ...rows.map(({y}) => line({from: [0.5, top + y], to: [width - 0.5, top + y], stroke: 'grid'})),
    line({from: [0.5, bottom], to: [width - 0.5, bottom], stroke: 'line'}),
  ];
}

function axis({top, bottom, view, span, zone, now}) {
  const {x, left, right} = view;
  const flag = flagOf(view, now);
  const {fine, coarse} = zone.ticks(span.from, span.to, (right - left) / 46);
  const ends = coarse.map(({at}, index) => index + 1 < coarse.length ? x(coarse[index + 1].at) : right);
  return [
    ...coarse.flatMap(({at, text: words}, index) => [
      ...(index > 0 ? [line({from: [x(at), top - AXIS + 6], to: [x(at), bottom], stroke: 'line'})] : []),
      ...(ends[index] - x(at) > widthOf(words, 12, 600) + 10 ? [text({x: x(at) + (index > 0 ? 5 : 0), y: top - AXIS + 13, size: 12, weight: 600, fill: 'ink', text: words})] : []),
    ]),
    ...fine.filter(({at}) => x(at) <= right).flatMap(({at, text: words}, index, {[index + 1]: next}) => [
      line({from: [x(at), top - 4], to: [x(at), bottom], stroke: 'grid'}),
      ...(x(at) + 4 + widthOf(words, 11) <= (next ? x(next.at) : right + 12) && !isUnder(flag, x(at) + 3, widthOf(words, 11)) ? [text({x: x(at) + 3, y: top - 11, size: 11, fill: 'muted', text: words})] : []),
    ]),
  ];
}

function nameOf({row, y, height}, top, now, zone) {
  const {name, detail, state, says} = row;
  const middle = top + y + Math.min(height / 2, 20);
  const sign = {closed: {fill: 'freeze', stroke: 'freeze'}, open: {fill: 'paper', stroke: 'allow'}, unknown: {fill: 'paper', stroke: 'uncertain', dashed: true}}[state];
  const words = saysText(says, now, zone);
  const room = NAMES - (sign ? 28 : 16) - 10;
  return [
    ...(sign ? [state === 'closed' ? rect({x: 14, y: middle - 12, width: 8, height: 8, radius: 1.5, ...sign}) : circle({x: 18, y: middle - 8, r: 4, ...sign})] : []),
    text({x: sign ? 28 : 16, y: middle - 8, size: 13, weight: 600, fill: 'ink', text: fit(name, room, 13, 600) || name.slice(0, 3)}),
    text({x: sign ? 28 : 16, y: middle + 8, size: 11, fill: 'muted', text: fit([words, detail].filter(Boolean).join(' \u00B7 '), room, 11)}),
  ];
}

/** What is said of a row: words, with times in that zone. */
export const saysText = (says, now, zone) => says.map((word, index) => typeof word === 'number' ? zone.near(word, now) : index > 0 && typeof says[index - 1] === 'string' && !/(until|after|opens|closes)$/.test(says[index - 1]) ? `\u00B7 ${word}` : word).join(' ');

function nowLine({top, bottom, view, now}) {
  return flagOf(view, now) ? [line({from: [view.x(now), top - 5], to: [view.x(now), bottom], stroke: 'now', width: 1.5})] : [];
}

function nowFlag({top, view, now}) {
  const flag = flagOf(view, now);
  if (!flag) return [];
  return [
    rect({x: flag.x, y: top - 18, width: flag.width, height: 14, radius: 7, fill: 'now'}),
    text({x: flag.x + flag.width / 2, y: top - 11, size: 10, weight: 700, anchor: 'middle', fill: 'paper', text: 'now'}),
  ];
}

function legendLines(timeline, width, id) {
  let [x, y] = [16, 12];
  const parts = legendOf(timeline).map(({shapes, width: sample, text: words}) => {
    const whole = sample + 6 + widthOf(words, 11.5) + 18;
    if (x + whole > width && x > 16) [x, y] = [16, y + 22];
    const svg = `<g transform="translate(${n(x)} ${y})">${shapes.map(shape => drawn(shape)).join('')}${text({x: sample + 6, y: 9, size: 11.5, fill: 'muted', text: words})}</g>`;
    x += whole;
    return svg;
  });
  return {svg: parts.join('\n'), height: parts.length > 0 ? y + 20 : 0};
}

/** One shape as SVG. */
export function drawn(shape) {
  const {shape: kind, isUnseen} = shape;
  if (isUnseen) return '';
  if (kind === 'text') return text(shape);
  if (kind === 'line') return line(shape);
  if (kind === 'circle') return circle(shape);
  if (kind === 'poly') return `<polygon points="${shape.points.map(([x, y]) => `${n(x)},${n(y)}`).join(' ')}"${paint(shape)}/>`;
  if (kind === 'hatch') return hatch(shape);
  return rect(shape);
}

const rect = shape => `<rect x="${n(shape.x)}" y="${n(shape.y)}" width="${n(shape.width)}" height="${n(shape.height)}"${shape.radius ? ` rx="${n(shape.radius)}"` : ''}${paint(shape)}/>`;
const circle = shape => `<circle cx="${n(shape.x)}" cy="${n(shape.y)}" r="${n(shape.r)}"${paint({...shape, strokeWidth: 1.8})}/>`;
const line = ({from, to, width, ...shape}) => `<line x1="${n(from[0])}" y1="${n(from[1])}" x2="${n(to[0])}" y2="${n(to[1])}"${paint({...shape, fill: undefined, strokeWidth: width})}/>`;
const hatch = ({segments, stroke, width}) => segments.length === 0 ? '' : `<path d="${segments.map(([a, b, c, d]) => `M${n(a)} ${n(b)}L${n(c)} ${n(d)}`).join('')}"${paint({stroke, strokeWidth: width})}/>`;

function text({x, y, text: words, size, fill, weight, anchor}) {
  if (words === '') return '';
  const look = `${weight && weight !== 400 ? ` font-weight="${weight}"` : ''}${anchor ? ` text-anchor="${anchor}"` : ''}`;
  // Not dominant-baseline: not every program that shows SVG knows it.
  return `<text x="${n(x)}" y="${n(y + size * 0.35)}" font-size="${n(size)}"${look} fill="${LIGHT[fill]}" class="f-${fill}">${escaped(words)}</text>`;
}

function paint({fill, stroke, strokeWidth, dashed}) {
  const classes = [fill && `f-${fill}`, stroke && `s-${stroke}`].filter(Boolean).join(' ');
  return `${fill ? ` fill="${LIGHT[fill]}"` : ' fill="none"'}${stroke ? ` stroke="${LIGHT[stroke]}" stroke-width="${n(strokeWidth ?? 1)}"` : ''}${dashed ? ' stroke-dasharray="4 3"' : ''} class="${classes}"`;
}

// What a program that knows no media queries leaves out: it shows the light colours, on their own paper.
function darkRules() {
  const rules = Object.entries(DARK).map(([name, colour]) => `.f-${name}{fill:${colour}}.s-${name}{stroke:${colour}}`);
  return `@media (prefers-color-scheme:dark){${rules.join('')}}`;
}

const n = number => String(Math.round(number * 10) / 10);

const ENTITIES = {'&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;'};
const escaped = words => words.replace(/[&<>"']/g, letter => ENTITIES[letter]);
