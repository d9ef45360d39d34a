// What a person reads: the script's lines, and more of them where it kept silent.
import {asTyped} from './typed.js';
import {VERBS} from './verbs.js';
import {plan} from '../core.js';
import {counted} from '../text/counted.js';
import {matchWords} from '../text/match.js';
import {printable, printableJson} from '../text/printable.js';
import {shellLine} from '../text/shell.js';

const REFUSED = {
  frozen: 'frozen.', outside_allow_windows: 'closed, outside its allow windows.', closes_too_soon: 'closes too soon.', would_be_excepted: 'closed, and this change would be excepted.',
};

// Without a policy these say so, too: it may be missing.
const HEARS_OF_NONE = ['assert', 'status', 'sync'];
const saysPolicy = (verb, policy) => VERBS[verb].policy === 'optional' && (HEARS_OF_NONE.includes(verb) || policy !== undefined);

/** The first line of a verb, as the script has it. */
export const head = (verb, environment) => `${VERBS[verb].head} nodeploy for ${printable(environment)}`;

/** One command that was done, in the kosli CLI's words. */
export function doneLine(command, result) {
  switch (command.type) {
    case 'create_flow': return `flow '${command.flow}' was ${isNew(result) ? 'created' : 'updated'}`;
    case 'begin_trail': return `trail '${command.trail}' was ${isNew(result) ? 'begun' : 'updated'}`;
    case 'attest': return `generic attestation '${command.name}' is reported to trail: ${command.trail}`;
    case 'tag_environment': return tagLine(command);
  }
}

const isNew = ({status, stdout = ''}) => status === 201 || / was (begun|created)/.test(stdout);

function tagLine({environment, set = {}, unset = []}) {
  const added = Object.keys(set).length > 0 && `Tag(s) [${Object.keys(set).join(', ')}] added`;
  const removed = unset.length > 0 && `Tag(s) [${unset.join(', ')}] removed`;
  return printable(`${[added, removed].filter(Boolean).join(', and ')} for env '${environment}'`);
}

/** The outcome of a run for a person. */
export async function showText(outcome, about) {
  const {verb, environment, values, env, policy} = about;
  const answer = outcome.last ?? outcome;
  const paint = painter(process.stdout, env);
  const pasted = (text, next) => asTyped(withPlace(text, next, values));
  warn(outcome.outcomes ? ofAll(outcome) : answer.warnings ?? [], {policy, pasted});
  const advice = outcome.advice && (await advised(outcome, {verb, environment})).map(line => pasted(printable(line), outcome.next)).join('\n');
  const shown = {...about, answer, paint, advice, pasted};

  const isTable = Boolean(outcome.report ?? answer.overview);
  if (isTable && outcome.reason === 'usage') { // tables say how it stands, and not that a file of it could not be written
    showError(outcome, shown);
    shown.advice = null;
  }
  if (outcome.report) return showHistory(outcome, shown);
  if (values.md && (outcome.decision !== 'error' || answer.overview)) return showPage(outcome, shown);
  if (answer.overview) return showOverview(outcome, shown);
  if (outcome.decision === 'error') return showError(outcome, shown);
  if (outcome.outcomes) return showMany(outcome, shown);
  if (outcome.dryRun) {
    for (const {argv} of outcome.commands) print(shellLine(argv));
    // Stdout is for a shell.
    if (outcome.commands.length > 0) return void (VERBS[verb].writes && process.stderr.write(`nodeploy: planned: ${printable(outcome.summary)}\n`));
    if (VERBS[verb].writes && answer.decision === 'proceed') return void process.stderr.write(`nodeploy: ${printable(outcome.summary)}; nothing to do\n${advice ? `${advice}\n` : ''}`);
  }
  if (values.ics) return void process.stdout.write(answer.calendar);
  return showOne(outcome, shown);
}

function warn(warnings, {policy, pasted}) {
  for (const {text, place, next} of warnings) {
    const where = place && policy ? `${printable(policy.at(place))}: ` : '';
    process.stderr.write(`warning: ${where}${pasted(printable(text), next)}\n`);
  }
}

function showError({summary}, {env, advice}) {
  process.stderr.write(`nodeploy: ${painter(process.stderr, env).red(printable(summary))}\n`);
  if (advice) process.stderr.write(`${advice}\n`);
}

async function showHistory(outcome, {values, env, paint, advice}) {
  const folds = (await import('./folds.js')).foldsOf(values, env, print);
  const {widthOfTerminal} = await import('./columns.js');
  (await import('./history.js')).showReport(outcome, {values, width: widthOfTerminal(process.stdout), paint, folds, print, warn: line => process.stderr.write(`nodeploy: ${line}\n`)});
  if (advice) process.stderr.write(`${advice}\n`);
}

async function showPage(outcome, {verb, environment, values, policy, stated, answer, pasted}) {
  const {answerPage} = await import('./pages.js');
  print(answerPage(outcome, {verb, environment, values, policy, asking: asksFor(answer, stated), withPlace: pasted}));
}

async function showOverview({decision, summary}, {values, env, policy, answer, paint, advice}) {
  const {fleetLines} = await import('./fleet.js');
  const rows = values.closed ? answer.overview.filter(({decision}) => decision !== 'proceed') : answer.overview;
  const {foldsOf, printLong} = await import('./folds.js');
  const {widthOfTerminal} = await import('./columns.js');
  const lines = fleetLines(rows, {width: widthOfTerminal(process.stdout), paint});
  printLong(`${counted(rows.length)} environments`, lines, foldsOf(values, env, print), print);
  if (rows.length > 0) print('');
  print((decision === 'error' ? paint.red : text => text)(printable(summary)));
  const which = policy ? `policy ${policy.file}` : (await import('./policy-file.js')).noPolicyLine(values.policy);
  print(printable(`${which}; times are in UTC, as the tags have it`));
  if (advice) print(advice);
}

async function showMany({decision, summary, outcomes}, {verb, values, policy, paint, advice}) {
  if (values['dry-run']) return void process.stderr.write(`nodeploy: ${printable(summary)}; nothing was changed\n`); // stdout is for a shell
  print((decision === 'proceed' ? paint.green : paint.red)(printable(summary)));
  await printBesides(outcomes);
  if (saysPolicy(verb, policy)) print(printable((await import('./many.js')).policyLineOfAll(outcomes, policy, values.policy)));
  if (advice) print(advice);
}

async function showOne(outcome, {verb, environment, values, env, policy, stated, answer, paint, advice, pasted}) {
  const {decision, freezes} = answer;
  if (verb === 'assert') {
    sayVerdict(outcome, {environment, answer, paint});
  } else {
    const colour = decision === 'refuse' ? paint.red : text => text;
    print(colour(printable(verb === 'status' ? shortened(outcome, answer, environment) : outcome.summary)));
    await printBesides([{environment, ...outcome}]);
    for (const path of answer.differs ?? []) print(`  ${printable(path)}`);
    if (verb === 'replay' && answer.evidence) print(`evidence ${answer.evidence}`);
  }
  const isPassed = verb === 'assert' && decision === 'proceed';
  if (verb === 'status' || decision === 'refuse') for (const line of freezeLines(freezes)) print(line);
  const about = ['assert', 'status', 'windows'].includes(verb) ? await windowsText(answer, {isPassed, policy, offersWait: verb === 'assert' && values.wait === undefined}) : {lines: []};
  if (about.agenda?.length > 0) {
    const {foldsOf, printLong} = await import('./folds.js');
    printLong(`${counted(answer.closures.length)} closures`, about.agenda, foldsOf(values, env, print), print);
    print('');
  }
  for (const line of about.lines) print(line);
  const rest = await exceptionsText(answer, {verb, environment, decision, stated, claims: values.claim});
  for (const line of rest.lines) print(line);
  if (saysPolicy(verb, policy)) print(printable((await import('./policy-file.js')).policyLine(answer, policy, environment, values.policy)));
  if (advice && !isPassed) print(advice);
  if (about.last) print(about.last);
  for (const [line, type] of rest.last ?? []) print(pasted(line, {action: {type}}));
}

function sayVerdict({reason, summary}, {environment, answer, paint}) {
  const at = answer.action?.at;
  const ok = reason === 'excepted' ? 'ok, this change is excepted.' : at ? `ok at ${printable(time(at))}, as far as is known now.` : 'ok.';
  print(`${head('assert', environment)}: ${answer.decision === 'proceed' ? paint.green(ok) : paint.red(REFUSED[reason] ?? 'closed.')}`);
  if (['closes_too_soon', 'excepted'].includes(reason)) print(printable(summary)); // no window is active that could tell
}

// Of exceptions that wait, one line for each.
async function advised(outcome, {verb, environment}) {
  if (outcome.next?.action.type !== 'approve' || verb === 'except') return [outcome.advice];
  const {approveLines} = await import('./exceptions.js');
  const lines = approveLines((outcome.outcomes ?? [{environment, ...outcome}]).map(one => ({...(one.last ?? one), environment: one.environment})), outcome);
  return lines.length > 0 ? lines : [outcome.advice];
}

// Only `on` and `off` tell of it.
async function printBesides(outcomes) {
  if (outcomes.some(({besides}) => besides)) for (const line of (await import('./besides.js')).besidesLines(outcomes)) print(line);
}

// Who, why, since and until stand in a paragraph for each freeze.
function shortened({reason, summary}, {action, freezes}, environment) {
  if (reason !== 'frozen' || action?.at) return summary;
  const open = freezes.filter(({state}) => state === 'open').length;
  return `${environment} is frozen${open > 1 ? ` by ${counted(open)} freezes` : ''}`;
}

// Of many, each once: what is wrong with a policy each of them says.
const ofAll = ({warnings = [], outcomes}) =>
  [...new Map([...warnings, ...outcomes.flatMap(one => (one.last ?? one).warnings ?? [])].map(warning => [warning.text, warning])).values()];

// Somebody at a terminal has pasted what a job has to run.
const UNSTATED = 'nothing states which change this is, so no exception lets it pass; in a job its variables do, elsewhere say it: --change commit=4f1c2ab --run ID';

// Most of those who ask have no exceptions: theirs are loaded for those who have.
async function exceptionsText(answer, {verb, environment, decision, stated, claims}) {
  const {exceptions = [], reason, action} = answer;
  const asking = asksFor({decision, reason}, stated);
  if (exceptions.length === 0 && !asking && !action?.awaiting) return {lines: []};
  const {awaitingNone, exceptionLines, nextLines} = await import('./exceptions.js');
  const shown = decision === 'proceed' && verb === 'assert' ? exceptions.filter(({why}) => why === null) : exceptions;
  if (asking) for (const doubt of stated.doubts) process.stderr.write(`nodeploy: ${printable(doubt)}\n`);
  if (asking && claims && Object.keys(stated.change).length === 0) process.stderr.write(`nodeploy: ${UNSTATED}\n`);
  return {lines: [...exceptionLines(shown, stated), ...(action?.awaiting ? awaitingNone([answer]) : [])], last: asking ? nextLines({exceptions, environment, ...asking}) : undefined};
}

// The change that an exception would have to let pass.
const asksFor = ({decision, reason}, stated) => decision === 'refuse' && reason !== 'closes_too_soon' ? stated : undefined;

// Most of those who ask have no windows: theirs is loaded for those who have.
async function windowsText(answer, {isPassed, policy, offersWait}) {
  const {windows = [], closures = []} = answer;
  if (windows.length === 0 && !answer.opens_at && !answer.closes_at) return {lines: []};
  const {agendaLines, earlierLine, openingLines, windowLines} = await import('./windows.js');
  const now = Date.now();
  return {
    agenda: closures.length > 0 ? agendaLines(closures, {at: Date.parse(answer.action?.at ?? '') || now}) : [],
    lines: [
      ...(isPassed ? [] : windowLines(windows)),
      ...openingLines(answer, {policy, now, offersWait}),
    ],
    last: answer.closures ? undefined : earlierLine(answer, policy),
  };
}

/** The outcome of a run as one JSON document, whatever it is. */
export function showJson(outcome, about) {
  print(documentOf(outcome, about));
}

/** That document's text. */
export function documentOf(outcome, about) {
  const {outcomes, decision, reason, summary, advice, warnings, report} = outcome;
  if (report) return printableJson({decision, reason, summary, advice: advice && withPlace(advice, outcome.next, about.values), next: outcome.next, warnings, ...report});
  if (!outcomes) return printableJson(contentOf(outcome, about));
  const environments = outcomes.map(({environment, ...one}) => ({environment, ...contentOf({...one, dryRun: about.values['dry-run']}, about)}));
  return printableJson({decision, reason, summary, advice: advice && withPlace(advice, outcome.next, about.values), next: outcome.next ?? null, warnings, environments});
}

// The core's answer, with what the command line knows of it: whatever the core adds goes through.
function contentOf({answer: first, last, done = [], rounds = 0, dryRun, outcomes, deadline, besides, ...outcome}, {values, policy, stated}) {
  const {commands, ...answer} = {...(last ?? plan(null)), ...outcome}; // what comes of no look has what an unreadable call's answer has
  const {advice, next = null, overview, warnings} = answer;
  return {
    ...answer,
    advice: advice && withPlace(advice, next, values),
    next,
    freezes: remembered(answer.freezes, first),
    ...(overview && values.closed && {overview: overview.filter(({decision}) => decision !== 'proceed')}),
    ...(stated && {doubts: stated.doubts}),
    ...(policy && {policy: {file: policy.file, ...(answer.policy ?? {name: null, windows: null, for_environment: null})}}),
    warnings: warnings.map(warning => ({...warning, text: withPlace(warning.text, warning.next, values)})),
    ...(dryRun ? {commands} : {done, rounds}),
  };
}

// With its flag goes what a lifted freeze said of itself: the first look still saw it.
function remembered(freezes, first) {
  const seen = new Map(first?.freezes.map(freeze => [freeze.id, freeze]));
  return freezes.map(freeze => {
    if (freeze.state !== 'ended' || !seen.has(freeze.id)) return freeze;
    const gaps = Object.entries(freeze).filter(([, value]) => value === null).map(([key]) => [key, seen.get(freeze.id)[key]]);
    return {...freeze, ...Object.fromEntries(gaps)};
  });
}

/**
 * The command that a text ends with must reach the Kosli that was asked here, go by the policy that was named, leave the evidence that was asked
 * for, and wait as long: what the command line said of it is said again, unless the text says how long.
 */
export function withPlace(text, next, values) {
  if (!next) return text;
  const own = VERBS[next.action.type]?.options ?? [];
  const said = next.options?.wait === undefined ? ['policy', 'evidence', 'wait'] : ['policy', 'evidence'];
  return [text, ...placeOf(values, said.filter(name => own.includes(name)))].join(' ');
}

/** Which Kosli is asked, and for how long, and these `others`, as the command line said it. */
export const placeOf = (values, others = []) =>
  ['org', 'host', 'via', 'program', 'local', 'timeout', ...others].filter(name => values[name] !== undefined).map(name => shellLine(wordsOf(name, values[name])));

// An empty word would be a variable that is not set, and one with a dash an option.
const wordsOf = (name, value) => value === '' || value.startsWith('-') ? [`--${name}=${value}`] : [`--${name}`, value];

// A paragraph each.
const freezeLines = freezes => freezes.flatMap(({id, since, by, reported_by: account, reason, until, state, except}) => [
  `  ${printable(id)}${state && state !== 'open' ? ` (${printable(state)})` : ''}`,
  ...[['since', since && time(since)], ['by', account ? holder(by, account) : by], ['why', reason], ['until', until && time(until)], ['except', except && matchWords(except)]]
    .filter(([, text]) => text !== null && text !== undefined)
    .map(([name, text]) => `    ${name.padEnd(6)} ${printable(text)}`),
]);

// As the core's summaries have it.
const holder = (by, account) => by === null ? `the account ${account}` : `${by} (account ${account})`;

// 2024-10-31T10:44:48Z -> 2024-10-31 10:44:48 UTC; anything else stays as it was written.
const time = text => text.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d(?::\d\d)?)Z$/, '$1 $2 UTC');

// `paint.red(text)` and so on, where the stream is a terminal that wants colours, or FORCE_COLOR says so.
function painter(stream, env) {
  const forced = env.FORCE_COLOR; // a CI's log has colours, and is no terminal
  const wanted = forced ? !/^(0|false)$/i.test(forced) : stream.isTTY && !env.NO_COLOR && env.TERM !== 'dumb';
  const paint = code => text => wanted ? `\u001B[${code}m${text}\u001B[0m` : text;
  return {red: paint(31), green: paint(32)};
}

const print = line => process.stdout.write(`${line}\n`);
