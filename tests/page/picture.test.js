// What answers become: rows, bars and marks; and what these look like. In plain Node, at a time that stands.
import assert from 'node:assert/strict';
import {createHash} from 'node:crypto';
import {readFileSync} from 'node:fs';
import test from 'node:test';
import {gzipSync} from 'node:zlib';
import {arrange} from '../../npm/page/look/rows.js';
import {BARS, MARKS, STATES} from '../../npm/page/kinds.js';
import {hatchOf} from '../../npm/page/look/hatch.js';
import {sampleOf} from '../../npm/page/look/legend.js';
import {LIGHT} from '../../npm/page/look/palette.js';
import {shapesOf} from '../../npm/page/look/shapes.js';
import {svgOf} from '../../npm/page/look/svg.js';
import {zone} from '../../npm/page/look/zone.js';
import {link, plain} from '../../npm/page/plain.js';
import {timelineOf} from '../../npm/page/timeline.js';
import {exception, freeze, part, prodEu} from '../../npm/test/past.js';
import {NOW} from './histories.js';
import {drawn} from './shown.js';
import {drawStory, storyThere} from './story.js';

process.env.TZ = 'Europe/Berlin';
const now = Date.parse(NOW);
const at = text => Date.parse(text);
const UTC = zone(true);
const row = (items, more) => ({name: 'prod', detail: '', state: null, says: [], items, ...more});
const bar = (from, to, more) => ({kind: 'freeze', state: 'ended', from, to, label: 'steve', by: 'steve', what: '', facts: [], parts: [], url: null, ...more});

/** The items of one freeze's row, with only these keys. */
function itemsOf(environment, keys) {
  const {rows: [{items}]} = timelineOf({report: {from: environment.from, to: environment.to, now: NOW, org: 'acme', environments: [environment], totals: environment.totals}}, {verb: 'report', now});
  return items.map(item => Object.fromEntries(keys.map(key => [key, item[key]])));
}

test('a bar ends when the freeze held no more, and not before it is known to', () => {
  for (const [what, more, expected] of [
    ['lifted', {}, {kind: 'freeze', state: 'ended', from: at('2026-10-31T10:44:48Z'), to: at('2026-10-31T12:44:48Z'), until: undefined}],
    ['open', {state: 'open', ended: null}, {kind: 'freeze', state: 'open', to: null, until: undefined}],
    ['open until then', {state: 'open', ended: null, until: '2026-12-01T00:00:00Z'}, {state: 'open', to: null, until: at('2026-12-01T00:00:00Z')}],
    ['overdue', {state: 'overdue', ended: null, until: '2026-11-01T00:00:00Z'}, {state: 'overdue', to: null, until: at('2026-11-01T00:00:00Z')}],
    ['expired: not when sync came by', {until: '2026-10-31T12:00:00Z', ended: {at: '2026-10-31T12:20:00Z', by: null, how: 'expired'}}, {state: 'ended', to: at('2026-10-31T12:00:00Z')}],
    ['dropped', {ended: {at: '2026-10-31T11:00:00Z', by: null, how: 'dropped'}}, {to: at('2026-10-31T11:00:00Z')}],
    ['a window', {window: {policy: 'release', name: 'weekend'}, by: null}, {kind: 'window', label: 'weekend', by: null}],
    ['begun', {state: 'begun', ended: null, since: null, reason: null, by: null}, {kind: 'freeze', state: 'begun', from: now, to: null, label: 'somebody'}],
  ]) assert.deepEqual(itemsOf(part('prod', {freezes: [freeze(more)]}), Object.keys(expected))[0], expected, what);
});

test('marks: refusals and passes, exceptions, deployments', () => {
  const marks = itemsOf(part('prod', {
    freezes: [freeze({refused: [{at: '2026-10-31T10:50:00Z', run: '41', change: {commit: '85cac88'}, reason: 'frozen', reported_by: null}], passed: [{at: '2026-10-31T11:05:00Z', run: '42', change: {}, exception: 'e', reported_by: null}]})],
    exceptions: [exception()],
    deployments: [{at: '2026-10-31T11:32:00Z', started_at: null, artifact: 'a', label: 'unexplained', freezes: []}, {at: '2026-10-31T11:32:00Z', started_at: '2026-10-31T11:31:10Z', artifact: 'b', label: 'before', freezes: []}],
  }), ['kind', 'state', 'from']).slice(1);
  assert.deepEqual(marks, [
    {kind: 'refused', state: 'refused', from: at('2026-10-31T10:50:00Z')}, {kind: 'passed', state: 'passed', from: at('2026-10-31T11:05:00Z')}, {kind: 'exception', state: 'used', from: at('2026-10-31T11:00:02Z')},
    {kind: 'deployment', state: 'unexplained', from: at('2026-10-31T11:32:00Z')}, {kind: 'deployment', state: 'before', from: at('2026-10-31T11:31:10Z')},
  ]);
});

test('what has no time that can be read is there at the end', () => {
  const odd = exception({asked_at: null, from: null, until: null, state: 'cut'});
  assert.deepEqual(itemsOf(part('prod', {exceptions: [odd], freezes: [freeze({since: 'x', ended: null, state: 'begun', refused: [{at: null, run: null, change: null}]})]}), ['kind', 'from', 'to']), [
    {kind: 'freeze', from: now, to: null}, {kind: 'refused', from: now, to: null}, {kind: 'exception', from: now, to: null},
  ]);
  assert.deepEqual(itemsOf(part('prod', {exceptions: [exception({from: '2026-11-02T00:00:00Z'})]}), ['from']), [{from: at('2026-11-02T00:00:00Z')}], 'asked for later');
});

test('what is not known of an environment is told in its row', () => {
  const rows = [prodEu, part('broken', {totals: null, error: {reason: 'unreadable_trails', summary: 'Kosli is away', advice: null}}), part('quiet'), part('tagged', {warnings: [{code: 'no_id', text: 'the tag shows `x`'}]}), part('gone', {warnings: [{code: 'environment_gone', text: 'gone is archived'}]}), part('torn', {unreadable: [{what: 'trail', name: 't', detail: 'd'}]})];
  const {rows: told, notes} = timelineOf({report: {from: NOW, to: NOW, now: NOW, org: null, environments: rows, totals: {}}}, {verb: 'report', now});
  assert.deepEqual(told.map(({state, says}) => [state, says]), [['closed', ['not heard of after', at('2026-11-28T12:00:00Z')]], ['unknown', ['not known', 'unreadable_trails']], [null, ['0 freezes']], ['closed', ['closed, not on record']], [null, ['0 freezes']], ['unknown', ['1 unreadable']]]);
  assert.deepEqual(notes, ['broken: Kosli is away', 'tagged: the tag shows `x`', 'gone: gone is archived']);
});

test('status: what closes each, and when that changes', () => {
  const overview = [
    {environment: 'a', type: 'K8S', decision: 'refuse', reason: 'frozen', by: 'steve', why: 'x', since: '2026-11-28T12:00:00Z', until: null, freezes: 2, windows: [], opens_at: null, closes_at: null},
    {environment: 'b', type: 'K8S', decision: 'refuse', reason: 'freeze_window', by: null, why: 'y', since: null, until: null, freezes: 0, windows: ['weekend'], opens_at: '2026-11-30T08:00:00Z', closes_at: null},
    {environment: 'c', type: 'K8S', decision: 'proceed', reason: 'not_frozen', by: null, why: null, since: null, until: null, freezes: 0, windows: [], opens_at: null, closes_at: '2026-12-04T16:00:00Z'},
    {environment: 'd', type: 'K8S', decision: 'error', reason: 'tags_unreadable', by: null, why: null, since: null, until: null, freezes: 0, windows: [], opens_at: null, closes_at: null},
  ];
  const {rows, tiles} = timelineOf({last: {decision: 'proceed', overview, warnings: [], summary: 'x'}, summary: 'x'}, {verb: 'status', now});
  assert.deepEqual(rows.map(({name, state, items}) => [name, state, items.map(({kind, state, from, to}) => [kind, state, from, to])]), [
    ['a', 'closed', [['freeze', 'open', at('2026-11-28T12:00:00Z'), null]]],
    ['b', 'closed', [['window', 'open', now, at('2026-11-30T08:00:00Z')], ['opens', 'planned', at('2026-11-30T08:00:00Z'), null]]],
    ['c', 'open', [['closes', 'planned', at('2026-12-04T16:00:00Z'), null]]],
    ['d', 'unknown', []],
  ]);
  assert.deepEqual(tiles, [['environments', 4], ['closed', 2, true], ['open', 1], ['unknown', 1, true]]);
});

test('bars that overlap lie below each other; a night outside allow windows in a lane of its own', () => {
  const lanes = (items, options) => arrange([row(items)], {now: 100, ...options}).rows[0].bars.map(({item, y}) => [item.label, y]);
  const [a, b, c] = [bar(0, 50, {label: 'a'}), bar(40, 60, {label: 'b'}), bar(50, 70, {label: 'c'})];
  assert.deepEqual(lanes([a, b, c]), [['a', 5], ['b', 24], ['c', 5]]);
  assert.deepEqual(lanes([bar(0, null, {label: 'open'}), bar(90, 95, {label: 'b'})]), [['open', 5], ['b', 24]], 'what is open goes on until now');
  assert.deepEqual(lanes([bar(0, 10, {label: 'night', kind: 'closed'}), bar(5, 8, {label: 'w', kind: 'window'}), bar(20, 30, {label: 'night', kind: 'closed'})]), [['w', 5], ['night', 24], ['night', 24]]);
  assert.ok(new Set(lanes(Array.from({length: 30}, (_, index) => bar(0, 50, {label: index}))).map(([, y]) => y)).size === 8);
});

test('what an unexplained deployment, an overdue freeze and a window look like needs no colour', () => {
  const view = {x: time => time, left: 0, right: 1000, unit: 1, now: 500, bar: 16, zone: UTC};
  const looks = item => shapesOf(arrange([row([item])], {now: 500}).rows[0], view);
  const unexplained = looks({kind: 'deployment', state: 'unexplained', from: 300, to: null, label: ''});
  assert.ok(unexplained.some(({text}) => text === '!') && unexplained.some(({text}) => text === 'unexplained'));
  assert.ok(!looks({kind: 'deployment', state: 'excepted', from: 300, to: null, label: ''}).some(({shape}) => shape === 'text'));
  const overdue = looks(bar(100, null, {state: 'overdue', until: 300}));
  assert.deepEqual(overdue.filter(({shape, width}) => shape === 'rect' && width > 20).slice(0, 2).map(({x, width}) => [x, width]), [[100, 200], [300, 200]]);
  assert.ok(overdue.some(({text}) => text === 'overdue') && overdue.some(({shape}) => shape === 'hatch'));
  assert.ok(looks(bar(0, 100, {kind: 'window'})).some(({shape}) => shape === 'hatch'));
  assert.ok(looks(bar(400, null, {state: 'open'})).some(({text}) => text === 'open'));
  assert.deepEqual(looks(bar(5000, 6000)), [], 'nothing of what is not seen');
});

test('whatever is told apart by its look is told apart in grey', () => {
  const grey = name => name && (luminance(LIGHT[name]) > 0.5 ? 'light' : 'dark');
  const seen = new Map();
  for (const kind of [...Object.keys(BARS), ...Object.keys(MARKS)]) {
    for (const state of STATES[kind] ?? [kind === 'exception' ? 'approved' : kind]) {
      const look = sampleOf({kind, state}).shapes.filter(({text}) => !text || /^[!?]$/.test(text)).map(({shape, text, width, r, fill, stroke, dashed, points, segments}) => [
        shape, text, shape === 'rect' && width > 10, Math.round(r ?? 0), grey(fill), shape === 'hatch' ? segments.length : Boolean(stroke), Boolean(dashed), points?.map(([x, y]) => [x - points[0][0], y - points[0][1]].map(Math.round)),
      ]);
      const drawn = JSON.stringify(look);
      assert.equal(seen.get(drawn), undefined, `${kind} ${state} looks like ${seen.get(drawn)}`);
      seen.set(drawn, `${kind} ${state}`);
    }
  }
});

/** 0 to 1, as WCAG reckons it. */
function luminance(colour) {
  const [r, g, b] = [1, 3, 5].map(index => Number.parseInt(colour.slice(index, index + 2), 16) / 255).map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

test('the lines of a window stay in its box, and move along with it', () => {
  for (const name of ['slash', 'back', 'cross', 'upright']) {
    for (const [x, width] of [[0, 100], [-10, 40], [3, 3], [7.5, 1020]]) {
      const {segments} = hatchOf(name, {x, y: 10, width, height: 16}, x - 12_345.6, 1);
      assert.ok(width < 10 || segments.length >= width / 9, `${name} ${x} ${segments.length}`);
      for (const [a, b, c, d] of segments) for (const [px, py] of [[a, b], [c, d]]) assert.ok(px >= x - 1e-6 && px <= x + width + 1e-6 && py >= 10 && py <= 26, `${name}: ${px} ${py}`);
    }
  }
});

test('the axis follows the days and months of its zone, also when clocks change', () => {
  const here = zone(false);
  const [from, to] = [at('2026-10-23T22:00:00Z'), at('2026-10-26T23:00:00Z')]; // clocks go back on the 25th
  assert.deepEqual(here.ticks(from, to, 6).fine.map(({at, text}) => [new Date(at).toISOString().slice(0, 13), text]), [['2026-10-23T22', 'Sat 24'], ['2026-10-24T22', 'Sun 25'], ['2026-10-25T23', 'Mon 26'], ['2026-10-26T23', 'Tue 27']]);
  assert.equal(UTC.ticks(from, to, 6).fine[0].text, 'Sat 24');
  for (const length of [1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12]) {
    const {fine} = here.ticks(now, now + length, 12);
    assert.ok(fine.length <= 14, `${length}: ${fine.length}`);
  }
  const weekends = here.weekends(from, at('2026-10-25T23:00:00Z')).map(span => span.map(time => new Date(time).toISOString().slice(0, 16)).join());
  assert.ok(weekends.includes('2026-10-23T22:00,2026-10-25T23:00'), weekends.join(' '));
  assert.deepEqual([here.near(now, now), here.near(at('2026-12-24T12:00:00Z'), now), here.name], ['Sun 13:00', 'Thu 24 Dec 13:00', 'Europe/Berlin']);
});

test('texts are told as they are, links only to https', () => {
  for (const [text, told] of [['a\nb\tc', 'a b c'], ['\u202Ex\u200B\uFEFF', '\\u{202e}x\\u{200b}\\u{feff}'], ['\u0007\uFFFF\uD800', '\\u{7}\\u{ffff}\\u{d800}'], ['caf\u00E9 \u{1F6A8} \u6F22', 'caf\u00E9 \u{1F6A8} \u6F22']]) assert.equal(plain(text), told);
  for (const [url, linked] of [['https://a.b/c?d#e', true], ['http://a.b', false], ['javascript:alert(1)', false], ['https://a.b/ c', false], ['https://a.b/"x', false], [null, false], [3, false], ['HTTPS://a.b', false]]) assert.equal(link(url) !== null, linked, String(url));
});

test('a picture of many environments has those in which something is, and says how many are left out', () => {
  const rows = Array.from({length: 60}, (_, index) => row(index % 2 ? [bar(now - 1e8, now - 1e7)] : [], {name: `prod-${index}`}));
  Object.assign(rows[6], {state: 'closed'});
  Object.assign(rows[8], {state: 'unknown'});
  const svg = svgOf({kind: 'report', title: 'x', about: '', now, from: now - 1e9, to: now, tiles: [], notes: [], rows}, {zone: UTC});
  assert.match(svg, /prod-1<[^]*prod-6<[^]*prod-8<[^]*prod-59<[^]*and 28 more environments, with nothing to show/);
  assert.doesNotMatch(svg, /prod-2</);
});

test('a picture has a title, a description and a ground of its own, and no script, no style from elsewhere, no request', () => {
  const story = drawStory();
  assert.match(story, /^<svg [^>]*width="800"[^>]*role="img" aria-labelledby="nodeploy-title nodeploy-desc"/);
  assert.match(story, /<title id="nodeploy-title">History of our change freezes<\/title><desc id="nodeploy-desc">History of our change freezes, Thu 17 Oct 2024 00:00 to /);
  assert.match(story, /<rect x="0\.5" y="0\.5" width="799"[^>]* fill="#ffffff"/);
  assert.doesNotMatch(story, /<script|href|url\((?!#)|@import|@font-face|<image|<foreignObject|https?:(?!\/\/www\.w3\.org\/2000\/svg")/);
});

test('the picture of README.md is the one that is drawn', () => {
  assert.equal(storyThere(), drawStory(), 'node tests/page/story.js draws it once more');
});

test('a page runs and looks like what is in it, and nothing else; a gate loads nothing of it', () => {
  const html = drawn.html({report: {from: NOW, to: NOW, now: NOW, org: null, environments: [], totals: {}}}, {verb: 'report', now});
  const hash = name => createHash('sha256').update(new RegExp(`<${name}>([^]*?)</${name}>`).exec(html)[1]).digest('base64');
  assert.equal(/Content-Security-Policy" content="([^"]*)"/.exec(html)[1], `default-src 'none'; script-src 'sha256-${hash('script')}'; style-src 'sha256-${hash('style')}'; img-src data:; base-uri 'none'; form-action 'none'`);
  assert.ok(html.includes(LIGHT.endedSoft));
  for (const name of ['nodeploy.cjs', 'index.cjs']) assert.ok(!readFileSync(new URL(`../../npm/${name}`, import.meta.url), 'utf8').includes(LIGHT.endedSoft), name);
});

test('the page without its data is small', () => {
  const file = readFileSync(new URL('../../npm/nodeploy-page.cjs', import.meta.url));
  assert.ok(gzipSync(file, {level: 9}).length < 60_000, `${gzipSync(file, {level: 9}).length} bytes`);
});
