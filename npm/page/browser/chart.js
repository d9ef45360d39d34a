// The time line on a canvas: what is drawn, and what of the time is seen.
import {arrange} from '../look/rows.js';
import {saysText} from '../look/svg.js';
import {places, shapesOf} from '../look/shapes.js';
import {drawAxis, drawGround} from './axis.js';
import {brush} from './brush.js';
import {element, fill, find} from './elements.js';
import {gestures} from './gestures.js';
import {keys} from './keys.js';
import {marker} from './marker.js';

const NARROW = 700; // as in page.css
const CLOSEST = 10 * 60_000; // ten minutes across: no closer

export function chartOf(state, open) {
  const {timeline, whole} = state;
  const [axis, bars, scroller, field, plot] = ['axis', 'bars', 'scroller', 'field', 'plot'].map(find);
  const chart = {state, plot, boxes: [], arranged: undefined, arrange: arrangeAll, show, zoom, move, all, look, at, boxAt, boxOf, reveal, open};
  let size = {width: 0, height: 0, left: 0, unit: 1};
  let frame = 0;
  let told = 0;
  state.view = {...whole};
  const mark = marker(chart);
  gestures(chart);
  keys(chart, mark);
  buttons();
  scroller.addEventListener('scroll', draw, {passive: true});
  new ResizeObserver(() => arrangeAll()).observe(find('chart'));
  for (const query of ['(prefers-color-scheme: dark)', '(forced-colors: active)']) matchMedia(query).addEventListener('change', draw);
  return chart;

  /** Puts the rows where they are: after another filter, another size. */
  function arrangeAll() {
    const unit = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
    const isNarrow = innerWidth <= NARROW;
    const wanted = state.isFiltered ? new Set(state.shown.map(({item}) => item)) : undefined;
    state.rowsShown = wanted ? timeline.rows.map(row => ({...row, items: row.items.filter(item => wanted.has(item))})).filter(({items}) => items.length > 0) : timeline.rows;
    chart.records = new Map(state.shown.map(record => [record.item, record]));
    chart.arranged = arrange(state.rowsShown, {unit, isNarrow, now: timeline.now});
    const left = isNarrow ? 0 : 12.5 * unit * 16;
    const width = scroller.clientWidth;
    field.style.height = `${Math.max(chart.arranged.height, 48)}px`;
    size = {left, width, height: Math.min(scroller.clientHeight, Math.max(chart.arranged.height, 48)), unit, isNarrow, full: find('chart').clientWidth};
    plot.style.left = `${left}px`;
    names();
    mark.keep();
    draw();
  }

  /** Draws it once more: after another time, another zone. */
  function show() {
    names();
    draw();
  }

  function names() {
    fill(find('names'), chart.arranged.rows.map(({row, y, height}) => {
      const says = [saysText(row.says, timeline.now, state.zone), row.detail].filter(Boolean).join(' \u00B7 ');
      const item = element('li', {class: row.state ?? 'none', title: `${row.name}: ${says}`}, element('b', {}, row.name), element('span', {}, says));
      item.style.top = `${y}px`;
      item.style.height = `${height}px`;
      return item;
    }));
  }

  function draw() {
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      paint();
    });
  }

  function paint() {
    const {left, width, height, unit, full} = size;
    const {from, to} = state.view;
    find('tip').hidden = true; // what it told of is elsewhere now
    const plotWidth = width - left;
    const x = time => (time - from) / (to - from) * plotWidth;
    const view = {x, left: 0, right: plotWidth, unit, now: timeline.now, bar: chart.arranged.bar, zone: state.zone};
    const top = scroller.scrollTop;
    const seen = chart.arranged.rows.filter(row => row.y + row.height >= top && row.y <= top + height);
    drawAxis(brush(axis, full, 2.6 * 16 * unit), {view, left, full, from, to, now: timeline.now, zone: state.zone});
    const pen = brush(bars, plotWidth, height);
    drawGround(pen, {view, rows: seen, top, height, from, to, zone: state.zone, now: timeline.now});
    pen.shift(-top);
    const shapes = seen.flatMap(row => shapesOf(row, view));
    for (const shape of shapes) pen.draw(shape);
    chart.boxes = places(shapes, unit);
    find('range').textContent = `${state.zone.full(from)} to ${state.zone.full(to)} (${state.zone.name})`;
    mark.place();
  }

  /** Shows that time, within what there is. */
  function look(from, to) {
    const length = Math.min(Math.max(to - from, CLOSEST), whole.to - whole.from);
    const begin = Math.min(Math.max(from, whole.from), whole.to - length);
    state.view = {from: begin, to: begin + length};
    draw();
    clearTimeout(told);
    told = setTimeout(() => state.say(find('range').textContent), 600);
  }

  /** By a factor, about that time. */
  function zoom(factor, about = (state.view.from + state.view.to) / 2) {
    const {from, to} = state.view;
    const length = Math.min(Math.max((to - from) * factor, CLOSEST), whole.to - whole.from);
    const share = (about - from) / (to - from);
    look(about - share * length, about - share * length + length);
  }

  /** By a share of what is seen. */
  function move(share) {
    const {from, to} = state.view;
    look(from + share * (to - from), to + share * (to - from));
  }

  function all() {
    look(whole.from, whole.to);
  }

  /** The time at that place of the screen. */
  function at(clientX) {
    const {left, width} = plot.getBoundingClientRect();
    return state.view.from + (clientX - left) / width * (state.view.to - state.view.from);
  }

  /** What is drawn at that place of the screen, the topmost. */
  function boxAt(clientX, clientY) {
    const {left, top} = plot.getBoundingClientRect();
    const [px, py] = [clientX - left, clientY - top];
    return chart.boxes.findLast(({x, y, right, bottom}) => px >= x - 2 && px <= right + 2 && py >= y && py <= bottom);
  }

  function boxOf(item) {
    return chart.boxes.find(box => box.item === item);
  }

  /** Brings it into view. */
  function reveal(item, row) {
    const {from, to} = state.view;
    if (item.from < from || item.from > to - (to - from) * 0.05) look(item.from - (to - from) / 3, item.from + (to - from) * 2 / 3);
    if (row.y < scroller.scrollTop || row.y + row.height > scroller.scrollTop + scroller.clientHeight) scroller.scrollTop = Math.max(0, row.y - scroller.clientHeight / 3);
    cancelAnimationFrame(frame);
    frame = 0;
    paint();
  }

  function buttons() {
    const middle = () => timeline.now >= state.view.from && timeline.now <= state.view.to ? timeline.now : (state.view.from + state.view.to) / 2;
    const days = count => {
      const begin = timeline.kind === 'report' ? middle() - count * 0.8 * 86_400_000 : middle() - count * 0.1 * 86_400_000;
      look(begin, begin + count * 86_400_000);
    };
    const deeds = {back: () => move(-0.25), forth: () => move(0.25), in: () => zoom(0.5), out: () => zoom(2), week: () => days(7), month: () => days(30), all};
    for (const button of document.querySelectorAll('[data-do]')) button.addEventListener('click', deeds[button.dataset.do]);
  }
}
