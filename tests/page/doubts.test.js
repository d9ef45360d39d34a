// What is not known is said where the picture is, and counted as the text of the same report counts.
import assert from 'node:assert/strict';
import test from 'node:test';
import {deployment, document, freeze, part, refused, unread} from '../../npm/test/past.js';
import {answerOf} from '../../npm/cli/history-tables.js';
import {timelineOf} from '../../npm/page/timeline.js';
import {NOW} from './histories.js';
import {browser, drawn, skip} from './shown.js';

const now = Date.parse(NOW);
const ABOUT = {verb: 'report', now};
const at = text => Date.parse(text);
const report = (...parts) => ({report: document(...parts)});
const timeline = (...parts) => timelineOf(report(...parts), ABOUT);

test('what is not known is said below the title, and has a tile', () => {
  const closed = freeze();
  for (const [parts, doubt, tile] of [
    [[part('qb'), unread], 'incomplete, qa could not be read', ['not read', 1, true]],
    [[part('qb'), {...unread, from: NOW}], 'incomplete, qa could not be read to the end', ['not read', 1, true]],
    [[part('torn', {unreadable: [{what: 'trail', name: 't', detail: 'd'}], totals: {unreadable: 1}})], 'incomplete, 1 entry could not be read', ['entry not read', 1, true]],
    [[part('tagged', {warnings: [{code: 'no_id', text: 'x'}]})], 'a tag that is not on record closes tagged', ['closed, not on record', 1, true]],
    [[part('gone', {freezes: [closed], totals: {freezes: 1, unknown_after: NOW}})], 'what was deployed in gone is not fully known', ['not fully known', 1, true]],
  ]) {
    const told = timeline(...parts);
    assert.equal(told.doubt, doubt);
    assert.deepEqual(told.tiles.filter(([,, isAlarm]) => isAlarm), [tile]);
    assert.ok(answerOf(document(...parts)).sentence.includes(doubt), 'as the text has it');
    assert.equal(told.nothing, 'Nothing that could be read was closed.');
    const svg = drawn.svg(report(...parts), ABOUT);
    assert.ok(svg.includes(`>${doubt}</text>`) && svg.includes(`. ${doubt}. `), svg);
    assert.ok(drawn.html(report(...parts), ABOUT).includes(`<p id="doubt">${doubt}</p>`));
  }
  const {doubt, nothing, tiles} = timeline(part('qb'));
  assert.deepEqual([doubt, nothing, tiles.some(([,, isAlarm]) => isAlarm)], ['', 'Nothing was closed.', false]);
});

test('where nothing was read nothing is counted, and the period is what was asked', () => {
  const told = more => timelineOf({...report(unread), ...more}, ABOUT);
  assert.deepEqual(told().tiles, [['environment', 1], ['not read', 1, true]]);
  const asked = told({asked: {from: '2026-10-01T00:00:00Z', to: '2026-11-01T00:00:00Z'}});
  assert.deepEqual([asked.from, asked.to], [at('2026-10-01T00:00:00Z'), at('2026-11-01T00:00:00Z')]);
  assert.ok(!drawn.svg(report(unread), ABOUT).includes('1970'));
});

test('deployments that nobody looked for are not none', () => {
  const tiles = deployments => timeline(part('qb', {totals: {deployments}})).tiles.map(([name]) => name);
  assert.ok(!tiles(null).includes('unexplained deployments'));
  assert.ok(tiles({unexplained: 0, excepted: 0, uncertain: 0, before: 0}).includes('unexplained deployments'));
});

test('a run that two freezes refused is refused once, as in the text', () => {
  const both = part('qb', {freezes: [freeze({refused: [refused]}), freeze({id: 'other', refused: [refused]})], totals: {freezes: 2, refused: 2, seconds: 60}});
  assert.deepEqual(timeline(both).tiles.find(([name]) => name === 'refused'), ['refused', 1]);
  assert.match(answerOf(document(both)).sentence, /; 1 refused/);
});

const VAGUE = freeze({ended: {at: null, by: null, reported_by: null, reason: null, how: 'unknown'}, notes: ['ended_unknown'], held: {from: '2026-10-31T10:44:48Z', to: '2026-11-29T00:00:00Z', seconds: 1}});

test('an end that nobody knows is no open end', () => {
  const {rows: [{items: [bar]}]} = timeline(part('qb', {freezes: [VAGUE], totals: {freezes: 1, seconds: 1}}));
  assert.deepEqual([bar.state, bar.to, bar.isVague, bar.until], ['ended', at('2026-11-29T00:00:00Z'), true, undefined]);
  assert.deepEqual(bar.facts.filter(([name]) => name === 'Ended' || name === 'Noted'), [['Ended', 'not known'], ['Noted', 'ended, and nobody can tell when']]);
  const svg = drawn.svg(report(part('qb', {freezes: [VAGUE], totals: {freezes: 1, seconds: 1}})), ABOUT);
  assert.match(svg, />end not known<[^]*freeze, ended</);
  assert.match(svg, /<rect [^>]*stroke-dasharray[^>]*s-ended/);
});

test('status tells of more freezes than the one that it draws', () => {
  const closed = freezes => timelineOf({decision: 'proceed', overview: [{environment: 'a', type: 'K8S', decision: 'refuse', reason: 'frozen', by: 'x', why: 'y', since: NOW, until: null, freezes, windows: [], opens_at: null, closes_at: null}], warnings: [], summary: ''}, {verb: 'status', now}).rows[0].items[0];
  assert.deepEqual([closed(3).label, closed(3).by], ['x +2: y', 'x +2']);
  assert.deepEqual([closed(1).label, closed(1).by], ['x: y', 'x']);
});

test('a page says it, and its empty table promises nothing', {skip}, async t => {
  const show = await browser(t);
  const page = await show(drawn.html(report(part('qb'), unread), ABOUT), {width: 320});
  assert.equal(await page.textContent('#doubt'), 'incomplete, qa could not be read');
  assert.ok((await page.locator('#doubt').boundingBox()).y < (await page.locator('#tiles').boundingBox()).y);
  assert.equal(await page.textContent('.nothing'), 'Nothing that could be read was closed.');
  assert.equal(await page.textContent('#tiles .alarm'), 'not read1');
});

test('the table and the keyboard say of such an end that it is not known', {skip}, async t => {
  const show = await browser(t);
  const page = await show(drawn.html(report(part('qb', {freezes: [VAGUE], totals: {freezes: 1, seconds: 1}})), ABOUT));
  assert.equal(await page.$eval('#table tbody tr', row => row.cells[3].textContent), 'not known');
  await page.focus('#mark');
  assert.match(await page.getAttribute('#mark', 'aria-label'), /to an end not known$/);
});
