// Words in a picture: whole, inside of it, over no mark and over no other word; at any width, at any edge. The shapes are there in any case.
import assert from 'node:assert/strict';
import test from 'node:test';
import {drawAxis} from '../../npm/page/browser/axis.js';
import {BARS} from '../../npm/page/kinds.js';
import {arrange} from '../../npm/page/look/rows.js';
import {extent, shapesOf} from '../../npm/page/look/shapes.js';
import {fit, widthOf} from '../../npm/page/look/text.js';
import {zone} from '../../npm/page/look/zone.js';
import {timelineOf} from '../../npm/page/timeline.js';
import {closing, standing} from './agendas.js';
import {history, NOW} from './histories.js';
import {browser, drawn, skip} from './shown.js';

process.env.TZ = 'Europe/Berlin';
const now = Date.parse(NOW);
const DAY = 86_400_000;
const REPORT = {verb: 'report', now};
const VIEWS = [[320, 0.94, true], [336, 0.94, true], [612, 1, false], [1030, 1, false], [3500, 1.375, false]];

const item = (kind, from, more) => ({kind, state: kind, from, to: null, label: 'steve: database migration', by: null, what: '', facts: [], parts: [], url: null, ...more});
const row = items => ({name: 'prod', detail: '', state: null, says: [], items});

const OUTCOMES = [
  ...[1, 2, 3, 4].map(seed => [`report ${seed}`, history({environments: seed * 2, freezes: seed * seed * 14, seed, days: [7, 30, 90][seed % 3]}), REPORT]),
  ['status', standing({environments: 60}), {verb: 'status', now}],
  ['windows', closing({windows: 8, days: 90}), {verb: 'windows', now}],
  ['windows of one environment', closing({windows: 5, days: 30}), {verb: 'windows', environment: 'prod', now}],
];

const boxOf = ({x, y, text, size, weight, anchor}) => {
  const width = widthOf(text, size, weight);
  const left = {middle: x - width / 2, end: x - width}[anchor] ?? x;
  return {x: left, right: left + width, y: y - size * 0.45, bottom: y + size * 0.45, text};
};
const meet = (a, b) => a.x < b.right && a.right > b.x && a.y < b.bottom && a.bottom > b.y;

/** The words of some shapes, those within marks aside; and what is no word. */
function parted(shapes) {
  const labels = shapes.filter(({shape, anchor}) => shape === 'text' && anchor !== 'middle');
  const marks = shapes.filter(shape => !labels.includes(shape) && shape.shape !== 'hatch' && shape.shape !== 'text');
  return {labels, marks};
}

/** That no word leaves `left` to `right`, or meets another or a mark. */
function check(placed, view, what) {
  const {labels, marks} = parted(shapesOf(placed, view));
  const boxes = labels.map(boxOf);
  for (const [index, box] of boxes.entries()) {
    const where = `${what}: ${box.text} at ${Math.round(box.x)} to ${Math.round(box.right)}`;
    assert.ok(box.x >= view.left && box.right <= view.right, `${where} crosses the edge`);
    for (const other of boxes.slice(0, index)) assert.ok(!meet(box, other), `${where} meets ${other.text}`);
    for (const mark of marks) {
      if (mark.isStem && labels[index].item.kind in BARS) continue; // where there is no other room
      const isOwnBar = mark.shape === 'rect' && mark.item === labels[index].item; // on it is where its name belongs
      assert.ok(isOwnBar || !meet(box, extent({...mark, ...(mark.shape === 'line' && {width: 1})}, 0.2)), `${where} meets a ${mark.shape} of ${mark.item.kind} ${mark.item.state}`);
    }
  }
  return labels.length;
}

test('no word crosses the edge, another word, or a mark: any report, any width, any time that is looked at', () => {
  let count = 0;
  for (const [name, outcome, about] of OUTCOMES) {
    const timeline = timelineOf(outcome, about);
    for (const [width, unit, isNarrow] of VIEWS) {
      const arranged = arrange(timeline.rows, {unit, isNarrow, now});
      const length = timeline.to - timeline.from;
      for (const [from, to] of [[timeline.from, timeline.to], [timeline.from, timeline.to + length / 10], [now - length / 50, now + length / 50], [now - 3 * DAY, now], [now, now + 2 * DAY]]) {
        const view = {x: at => (at - from) / (to - from) * width, left: 0, right: width, unit, now, bar: arranged.bar, zone: zone(true)};
        for (const placed of arranged.rows) count += check(placed, view, `${name}, ${width} px, ${placed.row.name}`);
      }
    }
  }
  assert.ok(count > 2000, `only ${count} words were looked at`);
});

test('a word stands where there is room for it, or its mark stands alone', () => {
  const [width, unit] = [400, 1];
  const at = x => now + (x - 200) * 1000;
  const view = {x: time => 200 + (time - now) / 1000, left: 0, right: width, unit, now, bar: 16, zone: zone(true)};
  const told = (...items) => {
    const shapes = shapesOf(arrange([row(items)], {now}).rows[0], view);
    for (const one of items) assert.ok(shapes.some(shape => shape.item === one && shape.shape !== 'text'), 'its shape is there');
    return parted(shapes).labels.map(({text, anchor}) => `${anchor === 'end' ? '<' : ''}${text}`);
  };
  const unexplained = x => item('deployment', at(x), {state: 'unexplained'});
  const freeze = (from, to, more) => item('freeze', at(from), {state: to === null ? 'open' : 'ended', to: to === null ? null : at(to), ...more});
  for (const [what, items, expected] of [
    ['in the middle', [unexplained(60)], ['unexplained']],
    ['at the right edge', [unexplained(390)], ['<unexplained']],
    ['at the left edge', [unexplained(5)], ['unexplained']],
    ['before a mark', [unexplained(100), item('refused', at(130))], ['<unexplained']],
    ['before now', [unexplained(150)], ['<unexplained']],
    ['between marks', [item('passed', at(80)), unexplained(100), item('refused', at(130))], []],
    ['two of them, now before the first', [unexplained(240), unexplained(280)], ['unexplained']],
    ['closes at the right edge', [item('closes', at(395))], ['<closes Sun 12:03']],
    ['beyond the edge', [item('opens', at(405))], []],
    ['an open freeze', [freeze(20, null)], ['open', 'steve: database migration']],
    ['a planned end beyond the edge', [freeze(20, null, {until: at(500)})], ['<until Sun 12:05', 'steve: database migration']],
    ['a planned end with no room after it', [freeze(150, null, {until: at(380)})], ['<until Sun 12:03']],
    ['a stem through a bar', [freeze(20, 190), unexplained(30)], ['unexplained', 'steve: database migra\u2026']],
    ['a stem in its middle', [freeze(20, 190), unexplained(110)], ['<unexplained', 'steve: dat\u2026']],
  ]) assert.deepEqual(told(...items), expected, what);
});

test('above them: dates do not meet each other or the flag of now, which is whole at either edge', () => {
  for (const [width, unit, isNarrow] of VIEWS) {
    const left = isNarrow ? 0 : 200 * unit;
    for (let step = 0; step <= 40; step++) {
      const length = [2, 9, 40, 95, 400, 3000][step % 6] * DAY;
      const from = now - length * step / 40;
      const shapes = [];
      const view = {x: at => (at - from) / length * width, left: 0, right: width, unit};
      drawAxis({draw: shape => shapes.push(shape)}, {view, left, full: left + width, from, to: from + length, now, zone: zone(false)});
      const flag = shapes.find(({shape}) => shape === 'rect');
      assert.ok(flag.x >= 0 && flag.x + flag.width <= left + width, `the flag is at ${flag.x}`);
      const boxes = shapes.filter(({shape, text}) => shape === 'text' && text !== 'now').map(boxOf);
      for (const [index, box] of boxes.entries()) {
        assert.ok(box.x >= 0 && box.right <= left + width, `${box.text} at ${width} px`);
        for (const other of [...boxes.slice(0, index), extent(flag, unit)]) assert.ok(!meet(box, other), `${box.text} meets ${other.text ?? 'now'} at ${width} px`);
      }
    }
  }
});

test('as much of a word as has room, and nothing of which nobody could tell what it stands for', () => {
  assert.equal(fit('database migration', 60, 11.5).at(-1), '\u2026');
  assert.deepEqual([fit('steve', 10, 11.5), fit('steve', 26, 11.5), fit('zoe: audit', 44, 11.5), fit('weekend', 44, 11.5), fit('weekend', 55, 11.5)], ['', '', 'zoe\u2026', '', 'weeke\u2026']);
});

// In the widest of the faces that are common: what is reckoned without a screen holds on one.
test('in a real picture each text is inside of it and meets no other, nor a bar its name', {skip}, async t => {
  const show = await browser(t);
  const names = ['prod-data-platform-eu-central', 'WWWWWWWWWWWWWWWWWWWWWWWW', 'quarter-end-closing', 'iiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiii', '\u6F22\u5B57\u6F22\u5B57\u6F22\u5B57\u6F22\u5B57\u6F22\u5B57\u6F22\u5B57', '\u0416\u0430\u0431\u0430-\u0436\u0443\u043A-\u0436\u0438\u0437\u043D\u044C-\u0436\u0430\u0431\u0430'];
  for (const [name, outcome, about] of [...OUTCOMES, ['long names', history({environments: 6, freezes: 60, names}), REPORT]]) {
    const page = await show(drawn.svg(outcome, about), {suffix: 'svg', width: 800});
    const {width, height, texts, plot} = await page.evaluate(() => {
      const {width: {baseVal: {value: width}}, height: {baseVal: {value: height}}} = document.documentElement;
      const rectOf = ({x, y, right, bottom}) => ({x, right, y: y + (bottom - y) * 0.2, bottom: bottom - (bottom - y) * 0.2});
      return {width, height, plot: document.querySelector('clipPath rect').x.baseVal.value, texts: [...document.querySelectorAll('text')].map(one => ({...rectOf(one.getBoundingClientRect()), text: one.textContent}))};
    });
    for (const [index, box] of texts.entries()) {
      const where = `${name}: ${box.text} at ${Math.round(box.x)} to ${Math.round(box.right)}`;
      assert.ok(box.x >= 0 && box.right <= width && box.y >= 0 && box.bottom <= height, `${where} of ${width}`);
      assert.ok(!(box.x < 40 && box.y > 95 && box.bottom < height - 60) || box.right < plot - 2, `${where} runs into the bars`);
      for (const other of texts.slice(0, index)) {
        const isMark = [box, other].some(({text}) => text === '?' || text === '!'); // marks of one moment lie over each other
        assert.ok(isMark || !meet(box, other), `${where} meets ${other.text}`);
      }
    }
    await page.context().close();
  }
});

test('on a telephone the time line comes first: search and filters are folded, and open by a key', {skip}, async t => {
  const show = await browser(t);
  const telephone = {width: 360, height: 740, hasTouch: true};
  const old = await show(drawn.html(history({environments: 20, freezes: 120}), REPORT), {...telephone, seen: now + 100 * 60_000});
  const page = await show(drawn.html(history({environments: 20, freezes: 120}), REPORT), telephone);
  for (const shown of [old, page]) {
    const {y} = await shown.locator('#chart').boundingBox();
    assert.ok(y < 320, `it begins at ${y}`);
  }
  assert.equal(await page.isVisible('#search'), false);
  await page.focus('#more summary');
  await page.keyboard.press('Enter');
  await page.fill('#search', 'prod-aws');
  assert.deepEqual(await page.$$eval('#names b', rows => rows.map(({textContent}) => textContent)), ['prod-aws', 'prod-aws-2']);
  await page.setViewportSize({width: 1280, height: 740});
  await page.waitForFunction(() => document.getElementById('more').open);
});
