// Where there is more than has room: what is left out of the picture is counted there, and can be reached all the same.
import assert from 'node:assert/strict';
import test from 'node:test';
import {spanOf} from '../../npm/page/look/svg.js';
import {timelineOf} from '../../npm/page/timeline.js';
import {deployment, document, freeze, part} from '../../npm/test/past.js';
import {standing} from './agendas.js';
import {NOW} from './histories.js';
import {browser, drawn, skip} from './shown.js';

const ABOUT = {verb: 'report', now: Date.parse(NOW)};
const two = number => String(number).padStart(2, '0');
const at = (day, index) => `2026-${day}T${two(Math.floor(index / 60))}:${two(index % 60)}:00Z`;
const crowd = (count, more) => Array.from({length: count}, (_, index) => freeze({
  id: `f${index}`, by: `p${index}`, since: at('10-05', index), ended: {at: at('11-10', index), by: null, reported_by: null, reason: null, how: 'lifted'}, ...more,
}));
const report = freezes => ({report: document(part('prod', {freezes, totals: {freezes: freezes.length, seconds: 60}}))});

test('of forty freezes at once the last lane says how many it stands for', () => {
  const svg = count => drawn.svg(report(crowd(count)), ABOUT);
  assert.deepEqual([svg(40), svg(9)].map(text => /\+\d+ more/.exec(text)?.[0]), ['+33 more', '+2 more']);
  assert.doesNotMatch(svg(8), / more</);
  assert.doesNotMatch(svg(40), /p7: /);
  assert.match(svg(40), /p6: /);
});

test('each of them can be reached by keys, by a pointer, and in the table', {skip}, async t => {
  const show = await browser(t);
  const page = await show(drawn.html(report(crowd(40)), ABOUT));
  assert.equal(await page.$$eval('#table tbody tr', rows => rows.length), 40);
  await page.focus('#mark');
  await page.keyboard.press('Home');
  const said = new Set();
  for (let index = 0; index < 40; index++) {
    const {label, width, height} = await page.$eval('#mark', mark => ({label: mark.getAttribute('aria-label'), width: mark.offsetWidth, height: mark.offsetHeight}));
    assert.ok(width > 2 && height > 5, `${label} has no place`);
    said.add(label);
    await page.keyboard.press('ArrowRight');
  }
  assert.equal(said.size, 40);
  const {x, y, width, height} = await page.locator('#mark').boundingBox();
  await page.mouse.click(x + width / 2, y + height / 2);
  assert.match(await page.textContent('#record-title'), /Freeze, ended: p\d+/);
  assert.deepEqual(page.faults, []);
});

test('a long name makes no row of the table higher than three lines', {skip}, async t => {
  const show = await browser(t);
  const long = 'n'.repeat(300);
  const page = await show(drawn.html(report(crowd(1, {by: long})), ABOUT));
  const {height} = await page.locator('#table tbody tr').boundingBox();
  assert.ok(height < 100, `${height} px`);
  await page.click('#table tbody button');
  assert.ok((await page.textContent('#record-body')).includes(long));
});

const unexplained = (count, minutes) => Array.from({length: count}, (_, index) => deployment({at: new Date(Date.parse('2026-11-01T00:00:00Z') + index * minutes * 60_000).toISOString(), started_at: null, fingerprint: `${index}`, freezes: ['f0']}));
const deployed = (count, minutes) => ({report: document(part('prod', {freezes: crowd(1), deployments: unexplained(count, minutes), totals: {freezes: 1, seconds: 60, deployments: {unexplained: count, excepted: 0, uncertain: 0, before: 0}}}))});

test('unexplained deployments whose marks would touch are one mark with their number, and one stroke', () => {
  const stems = svg => svg.match(/^<line [^>]*class="s-alarm"/gm).length; // that of the legend is within a group
  const told = (count, minutes) => {
    const svg = drawn.svg(deployed(count, minutes), ABOUT);
    assert.match(svg, />p0: database migration</, 'the name of what was closed can be read');
    return [stems(svg), svg.match(/>(\d+|!)<\/text>/g).slice(0, -1).map(text => /\d+|!/.exec(text)[0])];
  };
  assert.deepEqual(told(230, 20), [1, ['230']]);
  assert.deepEqual(told(2, 60), [1, ['2']]);
  assert.deepEqual(told(2, 7200), [2, ['!', '!']]);
});

test('where strokes leave no room for the name of a bar it stands over them, on a ground of its own', () => {
  const prod = part('prod', {freezes: crowd(1, {since: '2026-11-01T00:00:00Z'}), deployments: unexplained(19, 1440), totals: {freezes: 1, seconds: 1}});
  const svg = drawn.svg({report: {...document(prod), from: '2026-10-31T00:00:00Z', to: '2026-11-20T00:00:00Z', now: '2026-11-20T00:00:00Z'}}, ABOUT);
  assert.ok(svg.match(/^<line [^>]*class="s-alarm"/gm).length > 10, 'each has its stroke');
  assert.match(svg, /<rect [^>]*class="f-endedSoft"\/>\n<text [^>]*>p0: database migration</);
});

test('each of a crowd of deployments can be reached by keys and by a pointer', {skip}, async t => {
  const show = await browser(t);
  const page = await show(drawn.html(deployed(12, 60), ABOUT));
  await page.focus('#mark');
  await page.keyboard.press('End');
  const {x, y, width, height} = await page.locator('#mark').boundingBox();
  assert.ok(width > 2 && height > 5);
  assert.match(await page.getAttribute('#mark', 'aria-label'), /Deployment, unexplained/);
  await page.mouse.click(x + width / 2, y + height / 2);
  assert.match(await page.textContent('#record-title'), /^Deployment, unexplained/);
  assert.deepEqual(page.faults, []);
});

const MORE = 200_000; // than a call takes as its arguments

test('there may be more environments, and closures of one, than a call has arguments', () => {
  const about = {verb: 'status', environment: 'prod', now: Date.parse(NOW)};
  const timeline = timelineOf(standing({environments: MORE}), about);
  const {from, to} = spanOf(timeline);
  assert.deepEqual([timeline.rows.length, from < about.now, to > about.now], [MORE, true, true]);
  const closures = Array.from({length: MORE}, (_, index) => ({name: 'w', effect: 'freeze', starts_at: NOW, ends_at: new Date(about.now + 1000 * index).toISOString()}));
  const [prod] = timelineOf({closures, windows: [], warnings: [], summary: ''}, {...about, verb: 'windows'}).rows;
  assert.deepEqual(prod.says, ['closed until', about.now + 1000 * (MORE - 1)]);
});

test('a record may have more lines than a call has arguments', {skip}, async t => {
  const show = await browser(t);
  const said = Array.from({length: MORE}, () => ({at: NOW, by: 'p1', reported_by: null, what: 'extended'}));
  const page = await show(drawn.html(report(crowd(1, {said})), ABOUT));
  await page.$eval('#record-body', body => { body.hidden = true; }); // to lay it out takes a while
  await page.click('#table tbody button');
  assert.equal(await page.$$eval('#record-body ul li', lines => lines.length), MORE);
  assert.deepEqual(page.faults, []);
});
