// What established libraries take to say which windows are active and when the first of them begins or ends, beside
// `plan` on the same windows. `plan` reads a call and Kosli's documents and writes an answer; they get the bare rules.
import {spawnSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {Cron} from 'croner';
import rrule from 'rrule';
import {initSync, plan as planBytes} from '../../npm/wasm/freeze.js';
import {folder, interleaved, ratioRow, row} from './report.mjs';

const {RRule} = rrule;
initSync({module: readFileSync(new URL('../../npm/wasm/freeze_bg.wasm', import.meta.url))});
const utf8 = new TextEncoder();
const second = 1000;
const clocks = {};

compare('cron', {package: 'croner', read: readCron, ask: askCron});
const ours = compare('rrule', {package: 'rrule', read: readRule, ask: askRule});
compareWithPython(ours);

/** Fails unless all say the same; the milliseconds of ours. */
function compare(kind, rival) {
  const closed = question(`${kind}-closed`);
  agree(closed, rival.package, rival.ask(closed.windows.map(rival.read), closed.at));
  const open = question(`${kind}-open`);
  agree(open, rival.package, rival.ask(open.windows.map(rival.read), open.at));
  const prepared = open.windows.map(rival.read);
  const [ours, fromText, asked] = interleaved(5, [
    () => planBytes(utf8.encode(open.call)),
    () => rival.ask(open.windows.map(rival.read), open.at),
    () => rival.ask(prepared, open.at),
  ]);
  ratioRow({what: `npm's ${rival.package}, from text / plan, ${open.windows.length} ${kind} windows, wasm in Node`, ours: fromText, theirs: ours});
  ratioRow({what: '  its rules read before / plan', ours: asked, theirs: ours});
  return ours;
}

function compareWithPython(ours) {
  const script = fileURLToPath(new URL('rivals/by_dateutil.py', import.meta.url));
  const {status, stdout, stderr} = spawnSync('python3', [script, path.join(folder, 'rrule-open.call.json')], {encoding: 'utf8'});
  if (status !== 0) {
    console.log(`python-dateutil cannot be asked: ${stderr?.trim().split('\n').at(-1) ?? 'there is no python3'}`);
    row({what: '  python-dateutil, from text / plan', measured: 'not measured'});
    return;
  }
  const {milliseconds, active, changes} = JSON.parse(stdout);
  agree(question('rrule-open'), 'python-dateutil', {active, changes});
  ratioRow({what: '  python-dateutil, from text / plan', ours: milliseconds, theirs: ours});
}

function question(name) {
  const file = kind => readFileSync(path.join(folder, `${name}.${kind}.json`), 'utf8');
  const call = file('call');
  const {now, policy} = JSON.parse(call);
  return {name, call, windows: policy.windows, at: Date.parse(now), answer: JSON.parse(file('answer'))};
}

function agree({name, answer}, rival, {active, changes}) {
  const theirs = JSON.stringify([active.toSorted(), answer.closes_at && changes]);
  const ours = JSON.stringify([answer.windows.map(window => window.name).toSorted(), answer.closes_at && Date.parse(answer.closes_at)]);
  if (ours !== theirs) throw new Error(`in \`${name}\` ${rival} finds ${theirs}, nodeploy ${ours}`);
}

function readCron({name, timezone, start, end, duration}) {
  return {name, start: new Cron(start, {timezone}), end: end && new Cron(end, {timezone}), lasts: duration && lasts(duration)};
}

function askCron(windows, at) {
  const state = {active: [], changes: Infinity};
  const now = new Date(at);
  const inclusive = new Date(at + second);
  for (const {name, start, end, lasts} of windows) {
    const [last] = start.previousRuns(1, inclusive);
    const ends = last && (end ? end.nextRun(last).getTime() : last.getTime() + lasts);
    take(state, name, at, ends, () => start.nextRun(now)?.getTime());
  }
  return state;
}

// In floating local times: with a time zone of its own rrule.js would format each date that it comes by.
function readRule({name, timezone, dtstart, rrule: rule, duration}) {
  const starts = new RRule({...RRule.parseString(rule), dtstart: new Date(`${dtstart}:00Z`)}, true);
  return {name, timezone, starts, lasts: lasts(duration)};
}

function askRule(windows, at) {
  const state = {active: [], changes: Infinity};
  for (const {name, timezone, starts, lasts} of windows) {
    const now = new Date(local(at, timezone));
    const last = starts.before(now, true);
    take(state, name, at, last && instant(last.getTime(), timezone) + lasts, () => {
      const next = starts.after(now);
      return next && instant(next.getTime(), timezone);
    });
  }
  return state;
}

/** Puts a window in: active until `ends`, or to begin when `next` says. */
function take(state, name, at, ends, next) {
  if (ends > at) state.active.push(name);
  const changes = ends > at ? ends : next();
  if (changes) state.changes = Math.min(state.changes, changes);
}

function lasts(duration) {
  return Number(/^PT(\d+)M$/.exec(duration)[1]) * 60 * second;
}

function local(at, timezone) {
  clocks[timezone] ??= new Intl.DateTimeFormat('sv-SE', {timeZone: timezone, dateStyle: 'short', timeStyle: 'medium'});
  return Date.parse(`${clocks[timezone].format(at).replace(' ', 'T')}Z`);
}

function instant(time, timezone) {
  const near = time - (local(time, timezone) - time);
  return time - (local(near, timezone) - near);
}
