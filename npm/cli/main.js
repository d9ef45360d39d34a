// The command line: reads it, carries it out, says what came of it. Exit code 0 proceed, 1 refuse, 2 error.
import {isatty} from 'node:tty';
import {connect} from './connect.js';
import {parse, UsageError} from './options.js';
import {doneLine, head, showJson, showText} from './report.js';
import {version} from '../core.js';
import {printable} from '../printable.js';
import {isSuccess, look, run} from '../run.js';

// What a gate does not need is imported where it is needed: half of a gate's time is the start of its process.

const WRITING = ['on', 'off', 'sync'];
const EXIT_CODES = {proceed: 0, refuse: 1, error: 2};

process.on('uncaughtException', async error => {
  if (error?.code === 'EPIPE') return; // whoever reads us has stopped (`nodeploy status | head -1`): the work goes on
  const show = process.argv.includes('--json') ? showJson : showText;
  const summary = printable(error?.code ? error.message : error?.stack ?? error);
  await show({decision: 'error', reason: 'internal', summary, advice: null}, {values: {}, env: process.env});
  process.stdout.write('', () => process.exit(EXIT_CODES.error));
});

process.exitCode = await main(process.argv.slice(2), process.env);

async function main(args, env) {
  if (args[0] === 'local') return (await import('../local/command.js')).local(args.slice(1), process);
  const asJson = args.includes('--json');
  const show = asJson ? showJson : showText;
  try {
    const {verb, values} = parse(args);
    if (values.help) return print((await import('./help.js')).HELP.trimEnd());
    if (values.version) return print(version);
    const environment = values.environment ?? env.NODEPLOY_ENV;
    if (!environment) throw new UsageError('the environment is missing', 'set NODEPLOY_ENV or pass -e');
    const action = await actionOf(verb, values, env);
    const outcome = await carryOut({verb, values, env, environment, action, asJson});
    await show(outcome, {verb, environment, values, env});
    return EXIT_CODES[outcome.decision] ?? EXIT_CODES.error;
  } catch (error) {
    const reason = error instanceof UsageError ? 'usage' : 'internal';
    await show({decision: 'error', reason, summary: printable(error.message), advice: error.advice ?? null}, {values: {}, env});
    return EXIT_CODES.error;
  }
}

async function actionOf(verb, values, env) {
  if (verb !== 'on' && verb !== 'off') return {type: verb};
  const by = values.by ?? (await import('./holder.js')).holder(env);
  const action = {type: verb, ...(by && {by}), ...(values.reason !== undefined && {reason: values.reason})};
  if (verb === 'off') {
    if (values.all && values.freeze) throw new UsageError('--all and --freeze exclude each other');
    if (values.all || values.freeze) action.freezes = values.all ? 'all' : values.freeze;
    return action;
  }
  if (!values.reason?.trim()) throw new UsageError('a freeze needs a reason', 'say why deployments must stop: -r "database migration"');
  if (values.freeze?.length > 1) throw new UsageError('`on` takes up one freeze; --freeze is given twice');
  if (values.freeze) action.id = values.freeze[0];
  if (values.until !== undefined) action.until = (await import('./until.js')).untilTime(values.until, new Date());
  return action;
}

async function carryOut({verb, values, env, environment, action, asJson}) {
  const waiting = isatty(2) ? (await import('./progress.js')).progress(process.stderr) : undefined;
  const warn = text => {
    waiting?.clear();
    process.stderr.write(`nodeploy: ${printable(text)}\n`);
  };
  const say = asJson ? () => {} : line => {
    waiting?.clear();
    print(line);
  };
  const onEvent = event => {
    waiting?.event(event);
    if (event.type === 'retry') warn(`${event.because}; trying again in ${Math.ceil(event.wait / 1000)} s`);
    if (event.type === 'result' && event.item.type && isSuccess(event.result)) say(doneLine(event.item, event.result));
  };
  const kosli = await connect({values, env, environment, verb, warn});
  const stopping = WRITING.includes(verb) ? (await import('./stopping.js')).stopping(kosli, warn) : undefined;
  try {
    const options = {kosli, onEvent, signal: stopping?.signal};
    if (values['dry-run']) return {...await look({environment, action}, options), dryRun: true};
    if (WRITING.includes(verb)) say(head(verb, environment));
    return await run({environment, action}, options);
  } finally {
    stopping?.release();
    waiting?.stop();
    await kosli.close();
  }
}

function print(text) {
  process.stdout.write(`${text}\n`);
  return EXIT_CODES.proceed;
}
