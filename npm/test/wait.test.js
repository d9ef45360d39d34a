import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import {waitUntilOpen} from '../index.js';
import {lookUntilOpen} from '../loop/wait.js';
import {waitedInVain, waitingFor, waitingLines} from '../cli/waiting.js';
import {moment, span} from '../cli/moments.js';
import {progress} from '../cli/progress.js';

const START = Date.parse('2026-12-24T17:00:00Z');
const MINUTE = 60_000;
const at = minutes => new Date(START + minutes * MINUTE).toISOString().replace('.000Z', 'Z');

const outcome = (decision, words, answer = {}) => ({
  decision, reason: decision, summary: decision, advice: null, done: [], rounds: 1, ...words,
  last: {decision, reason: decision, opens_at: null, closes_at: null, freezes: [], windows: [], ...answer},
});
const OPEN = () => outcome('proceed');
const CLOSED = (opensAt = null) => outcome('refuse', {}, {opens_at: opensAt});
const BLIND = () => outcome('error', {reason: 'unreadable_environment', summary: 'Kosli answered 503'});

/** Waits with a clock of its own; `look(minutes since the start, how many looks before)`. */
async function waiting(look, {wait = 30, random = () => 0.5, early = 0, ...options} = {}) {
  let now = START;
  const looks = [];
  const events = [];
  const ended = await lookUntilOpen(async () => {
    const minutes = (now - START) / MINUTE;
    looks.push(minutes);
    return look(minutes, looks.length - 1);
  }, {
    wait: Math.round(wait * MINUTE), environment: 'prod', clock: () => new Date(now), sleep: async milliseconds => { now += Math.max(1, milliseconds - early); },
    random, onEvent: event => events.push(event), ...options,
  });
  return {...ended, looks, events, waited: (now - START) / MINUTE};
}

test('open at once: one look', async () => {
  const {decision, looks, events, rounds, deadline} = await waiting(OPEN);
  assert.deepEqual([decision, looks, events, rounds, deadline], ['proceed', [0], [], 1, at(30)]);
});

test('it waits until it opens, looks every minute, and a moment after that', async () => {
  const {decision, looks, rounds} = await waiting(minutes => minutes < 5 ? CLOSED(at(5)) : OPEN());
  assert.equal(decision, 'proceed');
  assert.deepEqual(looks.map(each => each.toFixed(2)), ['0.00', '0.95', '1.90', '2.85', '3.80', '4.75', '5.04']);
  assert.equal(rounds, looks.length);
});

test('it opens later than the deadline: one look, and no wait', async () => {
  const {decision, looks, events, waited} = await waiting(() => CLOSED(at(30.1)));
  assert.deepEqual([decision, looks, events, waited], ['refuse', [0], [], 0]);
});

test('as long as it takes: the deadline is the end of time', async () => {
  const {decision, deadline} = await waiting(minutes => minutes < 100 ? CLOSED() : OPEN(), {wait: Infinity});
  assert.deepEqual([decision, deadline], ['proceed', '9999-12-31T23:59:59Z']);
});

test('it opens at the deadline: the last look is then', async () => {
  const {decision, looks} = await waiting(minutes => minutes < 30 ? CLOSED(at(30)) : OPEN());
  assert.deepEqual([decision, looks.at(-1)], ['proceed', 30]);
});

test('nobody knows when: a look every 30 to 60 s, the last one at the deadline', async () => {
  const {decision, looks, waited} = await waiting(() => CLOSED(), {random: Math.random});
  assert.deepEqual([decision, waited, looks.at(-1)], ['refuse', 30, 30]);
  const rests = looks.slice(1).map((each, index) => each - looks[index]);
  assert.ok(rests.slice(0, -1).every(rest => rest >= 0.5 && rest <= 1), String(rests));
});

test('lifted early: it goes on', async () => {
  const {decision, waited} = await waiting(minutes => minutes < 3 ? CLOSED(at(20)) : OPEN());
  assert.equal(decision, 'proceed');
  assert.ok(waited >= 3 && waited <= 4, waited);
});

test('frozen meanwhile, for longer than it waits: it gives up', async () => {
  const {decision, waited, last} = await waiting(minutes => minutes < 3 ? CLOSED(at(20)) : CLOSED(at(200)));
  assert.deepEqual([decision, last.opens_at], ['refuse', at(200)]);
  assert.ok(waited <= 4);
});

test('closed once more as it opens: it waits on', async () => {
  const {decision, looks} = await waiting(minutes => minutes < 5 ? CLOSED(at(5)) : minutes < 6 ? CLOSED(at(6)) : OPEN());
  assert.equal(decision, 'proceed');
  assert.ok(looks.at(-1) >= 6 && looks.at(-1) < 6.1);
});

test('an opening that has passed while it looked: it looks again in a moment', async () => {
  const {looks} = await waiting((minutes, before) => before === 0 ? CLOSED(at(-0.01)) : OPEN());
  assert.deepEqual(looks.map(each => Math.round(each * MINUTE)), [0, 1900]);
});

test('a timer that is early by a millisecond costs no look', async () => {
  for (const opensAt of [at(1), null]) {
    const {looks} = await waiting(minutes => minutes < 1 ? CLOSED(opensAt) : OPEN(), {wait: 1, random: () => 1, early: 1});
    assert.deepEqual(looks, [0, 1], opensAt);
  }
});

test('a thousand that wait for the same moment come one after another, none too early', async () => {
  const last = await Promise.all(Array.from({length: 1000}, async () => (await waiting(minutes => minutes < 5 ? CLOSED(at(5)) : OPEN(), {random: Math.random})).looks.at(-1)));
  const seconds = last.map(each => (each - 5) * 60);
  assert.ok(seconds.every(each => each >= 0 && each <= 6), `${Math.min(...seconds)} to ${Math.max(...seconds)} s`);
  for (let second = 0; second < 5; second++) assert.ok(seconds.filter(each => each >= second && each < second + 1).length > 80, `second ${second}`);
});

test('a first look that fails is the end: a wrong token is not worth half an hour', async () => {
  const {decision, reason, looks} = await waiting(BLIND);
  assert.deepEqual([decision, reason, looks], ['error', 'unreadable_environment', [0]]);
});

test('a later look that fails is made again, and what was known still holds', async () => {
  const {decision, events, looks} = await waiting((minutes, before) => minutes >= 5 ? OPEN() : before === 2 ? BLIND() : CLOSED(at(5)));
  assert.equal(decision, 'proceed');
  assert.deepEqual(events.map(({failed}) => failed), [null, null, 'Kosli answered 503', null, null, null]);
  assert.ok(events.every(({last}) => last.opens_at === at(5)));
  assert.equal(looks.length, 7);
});

test('looks that fail until the deadline: an error, in the words of the last one', async () => {
  const {decision, reason, summary, waited, looks} = await waiting((_, before) => before === 0 ? CLOSED(at(5)) : BLIND());
  assert.deepEqual([decision, reason, summary, waited], ['error', 'unreadable_environment', 'Kosli answered 503', 30]);
  assert.ok(looks.length > 20 && looks.length < 60, looks.length);
});

test('stopped while it waits, and while it looks', async () => {
  const stopped = {decision: 'error', reason: 'aborted', summary: 'stopped before prod opened', advice: null};
  const asleep = new AbortController();
  const one = await waiting(() => CLOSED(), {signal: asleep.signal, sleep: async () => asleep.abort()});
  assert.deepEqual({...one, ...stopped}, one);
  assert.equal(one.looks.length, 1);
  const looking = new AbortController();
  const two = await waiting((_, before) => {
    if (before === 0) return CLOSED();
    looking.abort();
    return outcome('error', {reason: 'aborted', summary: 'stopped; nothing was changed', advice: 'to finish: x'});
  }, {signal: looking.signal});
  assert.deepEqual({...two, ...stopped}, two);
  const already = await waiting(() => outcome('error', {reason: 'aborted'}), {signal: AbortSignal.abort()});
  assert.deepEqual({...already, ...stopped}, already);
  const claimed = {reason: 'aborted', summary: 'stopped; done before: attest nodeploy-claimed', advice: 'to finish: x', done: [{type: 'attest'}]};
  const writing = await waiting(() => outcome('error', claimed), {signal: AbortSignal.abort()});
  assert.deepEqual({...writing, ...claimed}, writing);
});

test('whatever is seen: it ends, never after the deadline, never asks twice within a second, and proceeds only when it is open', async () => {
  const sight = fc.oneof(
    fc.constant({}), fc.constant({blind: true}), fc.constant({open: true}), fc.double({min: -5, max: 60, noNaN: true}).map(opens => ({opens})));
  await fc.assert(fc.asyncProperty(fc.array(sight, {minLength: 1, maxLength: 30}), fc.integer({min: 0, max: 20 * MINUTE}).map(each => each / MINUTE), fc.integer(), async (sights, wait, seed) => {
    let state = seed >>> 0;
    const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
    const {decision, looks, waited} = await waiting((_, before) => {
      const {open, blind, opens} = sights[before % sights.length];
      return open ? OPEN() : blind ? BLIND() : CLOSED(opens === undefined ? null : new Date(START + opens * MINUTE).toISOString());
    }, {wait, random});
    const final = sights[(looks.length - 1) % sights.length];
    assert.equal(decision, final.open ? 'proceed' : final.blind ? 'error' : 'refuse');
    assert.ok(waited <= wait + 1e-6);
    const rests = looks.slice(1).map((each, index) => (each - looks[index]) * 60);
    for (const rest of rests.slice(0, -1)) assert.ok(rest >= 0.999 && rest <= 65.001, String(rests));
  }), {numRuns: 500});
});

test('only an assert of the present can wait, and not without end', async () => {
  const kosli = {send: async () => ({error: 'no'})};
  for (const [call, options, words] of [
    [{environment: 'prod', action: {type: 'status'}}, {kosli, wait: 1}, /only an `assert` can wait/],
    [{environment: 'prod', action: {type: 'assert', at: at(0)}}, {kosli, wait: 1}, /only for the present/],
    [{environment: 'prod', action: {type: 'assert'}}, {kosli}, /`wait` is missing/],
    [{environment: 'prod', action: {type: 'assert'}}, {kosli, wait: Number.NaN}, /`wait` is missing/],
    [{environment: 'prod', action: {type: 'assert'}}, {wait: 1}, /needs a `kosli`/],
    [undefined, undefined, /only an `assert`/],
  ]) await assert.rejects(waitUntilOpen(call, options), words);
});

test('what a terminal shows of it', () => {
  const event = {environment: 'prod\u001B', deadline: at(30), last: {opens_at: at(12)}};
  assert.equal(waitingFor(event, START, START + 42_000), 'waiting for prod\\u{1b} to open at 17:12 UTC (in 12 min); next look in 42 s, Ctrl-C stops');
  assert.equal(waitingFor({...event, last: {opens_at: at(24 * 60)}}, START, START + MINUTE), 'waiting for prod\\u{1b} to open at 2026-12-25 17:00 UTC (in 1 d); next look in 1 min, Ctrl-C stops');
  for (const opensAt of [null, at(-1)]) assert.equal(waitingFor({...event, last: {opens_at: opensAt}}, START + 10_000, START), 'waiting for prod\\u{1b} to open (30 min at most); next look in 0 s, Ctrl-C stops');
  // The next look stays in sight.
  for (const [width, words] of [
    [74, 'waiting for prod\\u{1b} to open at 17:12 UTC (in 12 min); next look in 42 s'], [72, 'waiting for prod\\u{1b} to open in 12 min; next look in 42 s'],
    [50, 'waiting, opens in 12 min; next look in 42 s'], [10, 'waiting; next look in 42 s'],
  ]) assert.equal(waitingFor(event, START, START + 42_000, width), words);
});

test('what a log shows of it: a line at the start, and one for each change', () => {
  const event = (opensAt, {failed = null, ...answer} = {}) => ({deadline: at(30), wait: 42_000, failed, last: {reason: 'freeze_window', summary: 'prod is closed', opens_at: opensAt, freezes: [], windows: [{name: 'a'}], ...answer}});
  const line = waitingLines({onTerminal: false});
  assert.equal(line(event(at(12)), START), 'prod is closed; waiting for it to open at 17:12 UTC (in 12 min), until 17:30 UTC at the latest, looking at least once a minute');
  assert.equal(line(event(at(12)), START + MINUTE), undefined);
  assert.equal(line(event(at(12), {failed: 'Kosli answered 503'}), START + 2 * MINUTE), 'Kosli answered 503; looking again in 42 s');
  assert.equal(line(event(at(12), {failed: 'Kosli answered 503'}), START + 3 * MINUTE), undefined);
  assert.match(line(event(at(12)), START + 4 * MINUTE), /in 8 min/);
  assert.equal(line(event(null, {freezes: [{id: 'x'}]}), START + 5 * MINUTE), 'prod is closed; waiting for it to open, until 17:30 UTC at the latest, looking at least once a minute');
  assert.match(line(event(null, {freezes: [{id: 'y'}]}), START + 6 * MINUTE), /^prod is closed; /, 'another one has frozen it');
  const terminal = waitingLines({onTerminal: true});
  assert.equal(terminal(event(at(12)), START), 'prod is closed');
  assert.equal(terminal(event(at(12)), START), undefined);
});

test('why it did not wait', () => {
  const said = (decision, opensAt, now) => waitedInVain({decision, deadline: at(30), last: {opens_at: opensAt}}, START + now * MINUTE);
  assert.equal(said('refuse', at(31), 0), 'not waiting for that: --wait ends at 17:30 UTC');
  assert.equal(said('refuse', null, 30), 'waited until 17:30 UTC');
  assert.equal(said('proceed', null, 30), undefined);
  assert.equal(said('error', null, 30), undefined);
});

for (const [milliseconds, words] of [[0, '0 s'], [1, '1 s'], [59_001, '1 min'], [60_000, '1 min'], [60_001, '2 min'], [65 * MINUTE, '1 h 5 min'], [120 * MINUTE, '2 h'], [53 * 60 * MINUTE, '2 d 5 h'], [48 * 60 * MINUTE, '2 d']]) {
  test(`${milliseconds} ms: ${words}`, () => assert.equal(span(milliseconds), words));
}

for (const [text, zone, words] of [
  ['2026-12-24T17:00:00Z', undefined, '2026-12-24 17:00 UTC'],
  ['2026-12-24T17:00:30Z', 'UTC', '2026-12-24 17:00:30 UTC'],
  ['2026-12-24T17:00:00Z', 'Europe/London', '2026-12-24 17:00 UTC'],
  ['2026-12-24T17:00:00Z', 'Europe/Berlin', '2026-12-24 17:00 UTC (18:00 Europe/Berlin)'],
  ['2026-12-24T17:00:00Z', 'Asia/Tokyo', '2026-12-24 17:00 UTC (2026-12-25 02:00 Asia/Tokyo)'],
  ['2026-12-24T17:00:00Z', 'Mars/Olympus', '2026-12-24 17:00 UTC'],
  ['soon', 'UTC', 'soon'],
]) {
  test(`${text} in ${zone}`, () => assert.equal(moment(text, zone), words));
}

test('the line on the terminal: drawn at once, no wider than the terminal, gone when it ends', () => {
  const written = [];
  const line = progress({columns: 40, write: text => written.push(text)});
  line.event({type: 'round', round: 1});
  line.event({type: 'waiting', environment: 'prod', wait: 42_000, deadline: new Date(Date.now() + MINUTE).toISOString(), last: {opens_at: null}});
  line.stop();
  assert.deepEqual(written, ['\r\u001B[Kwaiting; next look in 42 s', '\r\u001B[K']);
});
