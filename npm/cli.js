#!/usr/bin/env node
// The command line: reads it, carries it out, says what came of it. Exit code 0 proceed, 1 refuse, 2 error.
import {parse, UsageError} from './cli/options.js';
import {printable, printableJson} from './printable.js';
import {shellLine} from './shell.js';

const EXIT_CODES = {proceed: 0, refuse: 1, error: 2};

// Whoever reads us may stop reading (`nodeploy status | head -1`); the work goes on, the exit code counts.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
process.on('uncaughtException', error => {
  process.stderr.write(`nodeploy: ${printable(error?.stack ?? error)}\n`);
  process.exit(EXIT_CODES.error);
});

process.exitCode = await main(process.argv.slice(2), process.env);

async function main(args, env) {
  if (args[0] === 'local') return (await import('./local/command.js')).local(args.slice(1), process);
  const asJson = args.includes('--json');
  const show = asJson ? showJson : showText;
  try {
    const {verb, values} = parse(args);
    if (values.help) return print((await import('./cli/help.js')).HELP.trimEnd());
    if (values.version) return print((await import('./core.js')).version);
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
  const by = values.by ?? (await import('./cli/holder.js')).holder(env);
  const action = {type: verb, ...(by && {by}), ...(values.reason !== undefined && {reason: values.reason})};
  if (verb === 'off') {
    if (values.all && values.freeze) throw new UsageError('--all and --freeze exclude each other');
    if (values.all || values.freeze) action.freezes = values.all ? 'all' : values.freeze;
    return action;
  }
  if (!values.reason?.trim()) throw new UsageError('a freeze needs a reason', 'say why deployments must stop: -r "database migration"');
  if (values.freeze?.length > 1) throw new UsageError('`on` takes up one freeze; --freeze is given twice');
  if (values.freeze) action.id = values.freeze[0];
  if (values.until !== undefined) action.until = (await import('./cli/until.js')).untilTime(values.until, new Date());
  return action;
}

async function carryOut({verb, values, env, environment, action, asJson}) {
  const [{connect}, {isSuccess, look, run}, {progress}, {stopSignal}] = await Promise.all([
    import('./cli/connect.js'), import('./run.js'), import('./cli/progress.js'), import('./cli/stop.js'),
  ]);
  const waiting = progress(process.stderr);
  const warn = text => {
    waiting.clear();
    process.stderr.write(`nodeploy: ${printable(text)}\n`);
  };
  const kosli = await connect({values, env, environment, verb, warn});
  const {signal, release} = stopSignal({
    onFirst: () => warn('stopping as soon as the step under way is done; once more stops at once'),
    onSecond: () => kosli.close(),
  });
  const say = asJson ? () => {} : line => {
    waiting.clear();
    print(line);
  };
  const {head, doneLine} = await import('./cli/report.js');
  const onEvent = event => {
    waiting.event(event);
    if (event.type === 'retry') warn(`${event.because}; trying again in ${Math.ceil(event.wait / 1000)} s`);
    if (event.type === 'result' && event.item.type && isSuccess(event.result)) say(doneLine(event.item, event.result));
  };
  try {
    const call = {environment, action};
    if (values['dry-run']) return {...await look(call, {kosli, signal, onEvent}), dryRun: true};
    if (verb !== 'assert' && verb !== 'status') say(head(verb, environment));
    return await run(call, {kosli, signal, onEvent});
  } finally {
    release();
    waiting.stop();
    await kosli.close();
  }
}

async function showText(outcome, {verb, environment, values, env}) {
  const {head, freezeLines, painter} = await import('./cli/report.js');
  const {decision, freezes, warnings} = outcome.last ?? outcome;
  const paint = painter(process.stdout, env);
  for (const {text} of warnings ?? []) process.stderr.write(`warning: ${printable(text)}\n`);
  const advice = outcome.advice && withPlace(printable(outcome.advice), values);

  if (outcome.decision === 'error') {
    process.stderr.write(`nodeploy: ${painter(process.stderr, env).red(printable(outcome.summary))}\n`);
    if (advice) process.stderr.write(`${advice}\n`);
    return;
  }
  if (outcome.dryRun) {
    for (const {argv} of outcome.commands) print(shellLine(argv));
    if (outcome.commands.length > 0) return;
  }
  if (verb === 'assert') {
    print(`${head(verb, environment)}: ${decision === 'proceed' ? paint.green('ok.') : paint.red('frozen.')}`);
    if (decision === 'proceed') return;
  } else {
    const colour = decision === 'refuse' ? paint.red : outcome.reason === 'none_of_yours' ? paint.yellow : text => text;
    print(colour(printable(outcome.summary)));
  }
  if (verb === 'assert' || verb === 'status' || decision === 'refuse') for (const line of freezeLines(freezes)) print(line);
  if (advice) print(advice);
}

async function showJson(outcome, {values}) {
  const {decision, reason, summary, advice} = outcome;
  const {freezes = [], warnings = [], action = null, commands = []} = outcome.last ?? outcome;
  print(printableJson({
    decision, reason, summary, advice: advice && withPlace(advice, values), freezes, warnings, action,
    ...(outcome.dryRun ? {commands} : {done: outcome.done ?? [], rounds: outcome.rounds ?? 0}),
  }));
}

// An advised command must reach the Kosli that was asked here: what the command line said of it is said again.
function withPlace(advice, values) {
  if (!/\bnodeploy -e /.test(advice)) return advice;
  const place = ['org', 'host', 'via', 'program', 'local'].filter(name => values[name] !== undefined);
  return [advice, ...place.map(name => shellLine([`--${name}`, values[name]]))].join(' ');
}

function print(text) {
  process.stdout.write(`${text}\n`);
  return EXIT_CODES.proceed;
}
