// The command line: reads it, has it carried out, says what came of it. Exit code 0 proceed, 1 refuse, 2 error.
import {isatty} from 'node:tty';
import {actionOf, timeoutOf, understood, waitOf} from './action.js';
import {holdsToken} from './blot.js';
import {carryOut, disconnect, hasWritten, overviewOf} from './carry-out.js';
import {environmentsOf} from './environments.js';
import {EXIT_CODES, exitCode} from './exit-code.js';
import {checkOutput, parse, UsageError} from './options.js';
import {refusePlaceholders} from './placeholders.js';
import {documentOf, showJson, showText, withPlace} from './report.js';
import {filesToSave, forget, save, saveError} from './save.js';
import {isUnheard, watchStreams} from './streams.js';
import {addVariables} from './variables.js';
import {VERBS} from './verbs.js';
import {wantsJson} from './wants-json.js';
import {version} from '../core.js';
import {printable} from '../text/printable.js';
import {shellLine} from '../text/shell.js';

// What a gate does not need is imported where it is needed: half of a gate's time is the start of its process.

const LAST_WORDS = {1: 'refused (exit 1)', 2: 'could not decide (exit 2)'};
const UNBEGUN = 'nothing was done (exit 2)'; // by what writes, and has not come to that
const UNFINISHED = 'did not finish (exit 2)'; // of what may have written
const DIFFERS = 'not the same (exit 1)'; // of what was decided
const REPORTED = {1: 'not all of it is explained (exit 1)', 2: 'the report is not complete (exit 2)'};

let args = [];
let isForItsWords = true; // what `on`, `off` and `sync` are for is done, though nobody may read of it
let said = ''; // the verb, once it is understood

/** Carries out the command line; what came of it is the process's exit code. */
export async function start(given, env) {
  args = given;
  watchStreams();
  process.once('uncaughtException', lastResort);
  process.on('exit', code => {
    if (code === EXIT_CODES.proceed && isForItsWords && isUnheard()) process.exitCode = EXIT_CODES.error;
  });
  process.exitCode = await main(args, env);
  if (args[0] === 'local') return;
  sayLastWords(process.exitCode);
  await new Promise(resolve => setImmediate(resolve)); // a stream that broke says so before that
  // Node takes itself apart for longer than a gate decides, if it is let. What a slow reader has not taken yet, it writes first.
  if ([process.stdout, process.stderr].every(({writableLength}) => writableLength === 0)) leave();
  // A name server that is silent holds the process for longer than any look takes.
  setTimeout(() => process.stdout.writableLength > 0 || leave(), 3000).unref();
}

// Says the code: whoever has wrapped `process.exit` (a tracer, by NODE_OPTIONS) passes on what is given, and an `undefined` would be a 0.
const leave = () => process.exit(process.exitCode);

async function lastResort(error) {
  process.on('uncaughtException', () => process.exit(EXIT_CODES.error)); // not even this could be said
  const ended = disconnect();
  const summary = printable(error?.code ? error.message : error?.stack ?? error);
  await (wantsJson(args, process.env) ? showJson : showText)({decision: 'error', reason: 'internal', summary, advice: null}, {values: {}, env: process.env});
  sayLastWords(EXIT_CODES.error);
  await ended;
  process.stdout.write('', () => process.exit(EXIT_CODES.error));
}

// In a log, a refusal and an error look alike.
function sayLastWords(code) {
  const words = lastWordsOf(code);
  if (words && !wantsJson(args, process.env) && !isatty(2)) process.stderr.write(`nodeploy: ${words}\n`);
}

function lastWordsOf(code) {
  const isError = code === EXIT_CODES.error;
  const isToWrite = said === '' ? args.some(arg => Object.hasOwn(VERBS, arg) && VERBS[arg].writes) : !isForItsWords;
  if (isError && isToWrite) return hasWritten() ? UNFINISHED : UNBEGUN;
  if (code === EXIT_CODES.refuse && said === 'replay') return DIFFERS;
  return (said === 'report' ? REPORTED : LAST_WORDS)[code];
}

async function main(args, env) {
  if (args[0] === 'local') return (await import('../local/command.js')).local(args.slice(1), process);
  const asJson = wantsJson(args, env);
  const files = filesToSave(args, env);
  const show = shower(files, {asJson, env});
  let named = text => text; // as the user has named it: by an option, or by its variable
  try {
    if (args[0] === 'completion') return print((await import('./completion.js')).completion(args.slice(1), (...words) => new UsageError(...words)).trimEnd());
    forget(files);
    if (env.npm_command || env.npm_config_argv) (await import('./npm-run.js')).refuseKept(args, env);
    const {verb, values} = parse(args);
    if (values.help) return print((await helpOf(values.about)).trimEnd());
    if (values.version) return print(version);
    if (holdsToken(args, env.KOSLI_API_TOKEN)) throw new UsageError('the command line holds the API token; others could read it there, and on record', 'take it out: the token comes from KOSLI_API_TOKEN alone');
    named = addVariables(verb, values, env);
    refusePlaceholders(values);
    checkOutput(values);
    const {environment = null, environments} = meantOf(verb, values, env);
    const keeper = values.evidence === undefined ? undefined : await keeperOf(values, environments, env);
    const draw = values.html === undefined && values.svg === undefined ? outcome => outcome : await drawer(values, {env, asJson});
    const wait = await waitOf(values);
    const timeout = await timeoutOf(values);
    const stated = VERBS[verb].states ? await statedOf(values, env) : undefined;
    const action = tableOf(await actionOf(verb, values, env, stated), {environments, values});
    refuseToken(stated, 'the change or the run holds the API token', 'say others: --change KEY=VALUE, --run ID');
    refuseToken(action, 'the name of who freezes holds the API token', 'say another name: --by NAME (or NODEPLOY_BY)');
    const guesses = asJson ? [] : await understood(values, action);
    for (const guess of guesses) process.stderr.write(`nodeploy: ${printable(guess)}\n`);
    said = verb;
    isForItsWords = !VERBS[verb].writes || values['dry-run'] === true;
    const isTold = VERBS[verb].policy === 'told';
    const policy = VERBS[verb].policy && !isTold ? await policyOf(verb, values, env, environment) : undefined;
    const runOne = isTold ? await (await import('./besides.js')).runTelling(verb, () => policyOf(verb, values, env)) : undefined;
    if (verb === 'sync') refuseToken(policy?.policy, `${policy?.file} holds the API token, and sync would put it on record`, 'take it out of the file and its calendars, and have a new token made');
    if (action.ics && environment) action.frozen = true; // a calendar of one environment has what people have frozen, too
    const asked = action.windows ? (await import('./excepting.js')).inPolicy(action, policy) : action;
    const call = {environment: VERBS[verb].argument ? null : environment, action: asked, ...(policy && {policy: policy.policy})};
    const lastWords = async (code, words) => {
      await show(words, {verb, environment, values, env, policy, stated});
      if (!asJson && !isatty(2)) process.stderr.write(`nodeploy: stopped (exit ${code})\n`);
    };
    const placed = outcome => placedIn(outcome, {policy, values, env, named});
    const outcome = await placed(await carryOut({verb, values, env, call, environments, wait, timeout, asJson, lastWords, keeper, placed, runOne}));
    const told = verb === 'off' && values.freeze ? (await import('./meant-freeze.js')).withGuess(outcome, values.freeze)
      : values.file === undefined ? outcome : (await import('./evidence.js')).ofFile(outcome, values.file);
    keeper?.keep(outcome, text => process.stderr.write(`warning: ${printable(text)}\n`));
    const about = {verb, environment, values, env, policy, stated};
    const {decision} = await show(draw(told, about), about);
    return exitCode(verb, decision, values);
  } catch (error) {
    if (error.about !== undefined && !asJson) process.stderr.write(`${await helpOf(error.about || undefined)}\n`); // on stdout and with exit code 0 a gate would take it for a pass
    const reason = error.reason ?? (error instanceof UsageError ? 'usage' : 'internal');
    await show({decision: 'error', reason, summary: printable(named(error.message)), advice: error.advice ?? null}, {values: {}, env});
    return EXIT_CODES.error;
  }
}

// Shows an outcome, and keeps it in the files. Resolves to what was shown: an answer that cannot be kept is an error, and is told as one.
const shower = (files, {asJson, env}) => async (outcome, about) => {
  const told = saved(outcome, about, {files: files.splice(0), token: env.KOSLI_API_TOKEN});
  await (asJson ? showJson : showText)(told, about);
  return told;
};

function saved(outcome, about, {files, token}) {
  try {
    if (files.length > 0) save(files, documentOf(outcome, about), token);
    return outcome;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const {message, advice, reason} = error;
    const told = {...outcome, decision: 'error', reason: reason ?? 'usage', summary: printable(`${message}; what it says: ${outcome.summary}`), advice: outcome.advice ?? advice};
    saveError(files, documentOf(told, about), token);
    return told;
  }
}

// Says where in the policy, or in what was typed, it is wrong.
async function placedIn(outcome, {policy, values, env, named}) {
  const {place} = outcome.last ?? outcome;
  if (place && policy) return {...outcome, summary: `${printable(policy.at(place))}: ${outcome.summary}`};
  return outcome.decision === 'error' ? (await import('./in-options.js')).inOptions(outcome, {values, env, named}) : outcome;
}

async function keeperOf({evidence: file}, environments, {KOSLI_API_TOKEN: token}) {
  if (environments) throw new UsageError('--evidence keeps what one gate decided from, and many are asked', 'ask each of them, with a file of its own');
  return (await import('./evidence.js')).keeper(file, token);
}

async function drawer(values, {env, asJson}) {
  const warn = text => asJson || process.stderr.write(`nodeploy: ${printable(text)}\n`);
  return (await import('./pictures.js')).pictures(values, {env, warn});
}

// `{environment}`, or `{environments}` for many.
function meantOf(verb, values, env) {
  const meant = environmentsOf(values, env);
  const {anywhere, argument, table} = VERBS[verb];
  if (argument && values.environment === undefined) return {}; // the variable is for those that ask about one
  if (meant.environments && anywhere) throw new UsageError(`\`${verb}\` tells of one environment, or without -e of all windows`, 'name one: -e prod-aws');
  if (meant.environments || meant.environment || anywhere) return meant;
  if (table && values.environment === undefined) return {environments: ['*']};
  const every = verb === 'sync' ? `; for every one, as from cron: ${withPlace('nodeploy --all-environments sync', {action: {type: verb}}, values)}` : '';
  throw new UsageError('the environment is missing', `set NODEPLOY_ENV or pass -e${isByNpmRun(env) ? ' (behind a --: npm takes one before it for its own)' : ''}${every}`);
}

const isByNpmRun = ({npm_command: command, npm_execpath: path = ''}) => command !== undefined && command !== 'exec' && path.endsWith('npm-cli.js');

// The question of a person about many is one look at Kosli's list; that of a gate is put to each of them.
function tableOf(action, {environments, values}) {
  const isTable = environments && action.type === 'status' && !values['exit-code'] && !values.awaiting; // which no list of Kosli's shows
  if (values.closed && !isTable) throw new UsageError('--closed is for `status` of many environments, without --exit-code', 'leave it out');
  return isTable ? overviewOf(environments, action) : action;
}

// What the pipeline states of its change and run, by the CI's variables and the command line.
async function statedOf({change = [], run}, env) {
  const [{statedBy, withSaid}, {factsOf}, {refuseBrokenText}, {checkedOut}] = await Promise.all([import('./ci.js'), import('./change.js'), import('./said.js'), import('./checkout.js')]);
  refuseBrokenText({'--change': change, '--run': [run]});
  return withSaid(statedBy(env, checkedOut), {change: factsOf(change), run});
}

function refuseToken(document = {}, words, advice) {
  if (holdsToken([JSON.stringify(document)], process.env.KOSLI_API_TOKEN)) throw new UsageError(words, advice);
}

// `{file, policy, at(place)}`, where there is one.
async function policyOf(verb, values, env, environment) {
  const {policy: named} = values;
  const {policyFile} = await import('./policy-file.js');
  const file = await policyFile(named, env);
  if (file !== undefined) {
    return {file, ...await (await import('../policy/file.js')).openPolicy(file)};
  }
  if (VERBS[verb].policy === 'required') {
    const status = withPlace(shellLine(['nodeploy', ...(environment ? ['-e', environment] : []), 'status']), {action: {type: 'status'}}, values);
    throw new UsageError(`there is no policy ${named === '' ? 'by --policy=' : `in ${process.cwd()}`}, and so no windows`, `write nodeploy.yaml, or name it: --policy FILE; to see what people have frozen: ${status}`);
  }
  return undefined;
}

const helpOf = async about => (await import('./help.js')).help(about);

function print(text) {
  process.stdout.write(`${text}\n`);
  return EXIT_CODES.proceed;
}
