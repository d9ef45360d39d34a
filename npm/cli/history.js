// `report` on the command line: what is asked, read side by side, and shown as lines, Markdown or CSV.
import {tableLines} from './columns.js';
import {answerOf, missingLines, needsLook, tablesOf, totalLines} from './history-tables.js';
import {printLong} from './folds.js';
import {page, signOf, warnings} from './markdown.js';
import {UsageError} from './options.js';
import {isoMilliseconds, neededTime} from './span.js';
import {pastTime} from './times.js';
import {joinReports} from '../loop/joined.js';
import {again, unbegun} from '../loop/many-words.js';
import {report} from '../loop/report.js';
import {plain} from '../text/markdown.js';
import {printable} from '../text/printable.js';
import {count, counted} from '../text/counted.js';

/** The action, from the options. */
export function reportingOf(type, {from, to, delay, 'no-deployments': without}) {
  const now = new Date();
  const action = {
    type, ...(from !== undefined && {from: pastTime('from', from, now)}), ...(to !== undefined && {to: pastTime('to', to, now)}),
    ...(delay !== undefined && {delay: neededTime(delay, 'delay')}), ...(without && {deployments: false}),
  };
  if (Date.parse(action.from) >= now.getTime()) throw new UsageError(`--from \`${from}\` is not in the past`, 'a report is about what has happened: --from 90d');
  if ((Date.parse(action.to) || now.getTime()) - Date.parse(action.from) > MOST_DAYS * 86_400_000) throw new UsageError(`--from \`${from}\` is too far back`, `a report is about ${MOST_DAYS} days at most`);
  if (Date.parse(action.from) >= Date.parse(action.to)) throw new UsageError(`--from \`${from}\` is not before --to \`${to}\``, 'the earlier one is --from; what happens at --to is no part of it');
  if (isoMilliseconds(action.delay ?? 'PT0S') > LONGEST_DELAY) throw new UsageError(`--delay \`${delay}\` is too long`, 'it is 7 days at most: --delay 1h');
  return action;
}

const MOST_DAYS = 3660;
const LONGEST_DELAY = 7 * 86_400_000;

/** Reads all of it. `print(text)` writes to stdout what can be shown before all is read. */
export async function carryOutReport({type, ...action}, {environments, values, print, kosli, onEvent, ...options}) {
  const now = `${new Date().toISOString().slice(0, 19)}Z`;
  const rows = values.csv ? await csvRowsOf(print) : undefined;
  const isKept = ['save', 'html', 'svg'].some(name => values[name] !== undefined);
  const reports = [];
  try {
    const listen = event => {
      if (event.type === 'selected') rows?.expect(event.selected);
      if (event.type === 'reported' && !event.isTold) rows?.skip(event.environment);
      onEvent(event);
    };
    for await (const one of report({...action, environments, kosli, onEvent: listen, ...options})) {
      rows?.add(one);
      reports.push(rows && !isKept ? {...one, freezes: [], exceptions: [], deployments: []} : one); // what has been printed need not be kept
    }
  } catch (error) {
    if (!error.reason) throw error;
    const {reason, message: summary, advice = null} = error;
    return {...unbegun({decision: 'error', reason, summary, advice, next: null}, {type, ...action}, environments), warnings: []};
  }
  rows?.end();
  const [{environment, from, error, warnings}] = reports;
  if (error && from === null && reports.length === 1 && environments.includes(environment)) return {decision: 'error', ...error, next: null, ...readAgain(reports, {type, ...action}), warnings}; // it was asked for by its name, and nothing is known of it
  return outcomeOf(joinReports(reports, {now, org: kosli.org}), {type, ...action}, values);
}

/** How far it has come: for the last words of one that is cut. */
export function followReports(environments) {
  let read = 0;
  let all = 0;
  return {
    event({type, selected, ended, of}) {
      if (type === 'selected') all = selected.length;
      if (type === 'reported') [read, all] = [ended, of];
    },
    cutWords: action => ({
      decision: 'error', reason: 'aborted', summary: all === 0 ? 'stopped; nothing was read' : `stopped: ${counted(read)} of ${count(all, 'environment')} ${all === 1 ? 'was' : 'were'} read`,
      ...again(`to read ${all === 1 ? 'it' : 'them'} again`, environments, action),
    }),
  };
}

// In the order of the names: what is done before its turn waits for it.
async function csvRowsOf(print) {
  const {csvHead, csvRows} = await import('./history-csv.js');
  let names = [];
  const waiting = new Map();
  const tell = name => {
    print(waiting.get(name));
    waiting.delete(name);
  };
  const add = (name, rows) => {
    waiting.set(name, rows);
    while (waiting.has(names[0])) tell(names.shift());
  };
  print(csvHead());
  return {
    expect(selected) {
      names = selected.map(({environment}) => environment).sort();
    },
    add: one => add(one.environment, csvRows(one)),
    skip: name => add(name, ''),
    end() {
      for (const name of [...waiting.keys()].sort()) tell(name);
    },
  };
}

function outcomeOf(document, action, values) {
  const {environments, totals: {failed, unreadable}} = document;
  const {error} = environments.find(({error}) => error) ?? {};
  const named = environments.length > 1 ? environment => `${environment}: ` : () => '';
  const outcome = {
    decision: 'proceed', reason: DONE, summary: printable(answerOf(document).sentence),
    advice: null, next: null, ...readAgain(environments, action),
    warnings: environments.flatMap(({environment, warnings}) => warnings.map(warning => ({...warning, text: `${named(environment)}${warning.text}`}))),
    report: document,
    asked: action,
  };
  if (error) return {...outcome, decision: 'error', reason: error.reason};
  if (failed + unreadable > 0) return {...outcome, decision: 'error', reason: 'incomplete'};
  return values['exit-code'] && needsLook(document) ? {...outcome, decision: 'refuse', reason: 'unexplained'} : outcome;
}

function readAgain(environments, action) {
  const names = environments.filter(({error}) => error?.advice).map(({environment}) => environment);
  return names.length > 0 ? again(`to read ${names.length === 1 ? 'it' : 'them'} again`, names, action) : undefined;
}

const DONE = 'reported'; // the core's

/** Shows it: what is missing is said first and last. */
export function showReport({report: document}, {values, width, paint, folds, print, warn}) {
  const missing = missingLines(document).map(printable);
  if (values.csv) for (const line of missing) warn(line);
  else if (values.md) print(reportPage(document));
  else {
    const {sentence, period} = answerOf(document);
    for (const line of [(needsLook(document) ? paint.red : paint.green)(printable(sentence)), printable(period)]) print(line);
    for (const {title, isBad, ...table} of tablesOf(document)) {
      const lines = tableLines(table, {width}).map((line, at) => isBad[at - 1] ? paint.red(line) : line);
      for (const line of ['', title]) print(line);
      printLong(`${counted(table.rows.length)} rows`, lines, folds, print);
    }
    const totals = totalLines(document).map(([what, text]) => `${what.padEnd(8)}  ${printable(text)}`);
    for (const line of [...section(totals), ...section(missing.map(paint.red))]) print(line);
  }
}

const section = lines => lines.length > 0 ? ['', ...lines] : [];

function reportPage(document) {
  const {sentence, period} = answerOf(document);
  const {failed, unreadable} = document.totals;
  return page({
    sign: signOf({decision: failed + unreadable > 0 ? 'error' : needsLook(document) ? 'refuse' : 'proceed'}),
    title: sentence, lead: plain(period),
    tables: [...tablesOf(document), {title: 'totals', heads: ['what', 'how much'], rows: totalLines(document)}],
    notes: [...document.environments.flatMap(warnings), ...missingLines(document).map(plain)],
  });
}
