// What `npm run gate --needs=20m` keeps: npm takes an option that stands before a `--` for its own, and Yarn 1 one before the script's name. nodeploy
// hears nothing of it; a gate would pass without its policy, or what it needs. Both tell their scripts by variables what they have taken.
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {leftOut, OPTIONS, UsageError} from './options.js';
import {tokensOf} from './tokens.js';
import {takers, VERB_NAMES, VERBS} from './verbs.js';
import {shellLine} from '../text/shell.js';

// Of these npm has its own, and means them. A dry run it means of what it does itself; a script it runs all the same.
const NPMS = ['all', 'yes', 'json', 'save', 'version', 'help'];
const isOfNpm = (name, {npm_command: command}) => NPMS.includes(name) || (name === 'dry-run' && command !== undefined && !/^(run|exec)/.test(command));

/** Throws a `UsageError` for the first option of the verb in `args` that has been kept, and does not stand there, too. */
export function refuseKept(args, env) {
  const tokens = tokensOf(args, OPTIONS);
  const words = tokens.filter(({kind}) => kind === 'positional').map(({value}) => value);
  const verb = words.find(word => VERB_NAMES.includes(word));
  if (verb === undefined || tokens.some(({name}) => ['help', 'version'].includes(name))) return;
  const strays = words.filter(word => word !== verb && !word.startsWith('-'));
  const yarn = keptByYarn(env);
  const byNpm = yarn === undefined || env.npm_command !== undefined;
  for (const name of Object.keys(OPTIONS).filter(name => !isOfNpm(name, env))) {
    const byYarn = yarn?.(name);
    const kept = byYarn ?? (byNpm ? keptByNpm(name, env) : undefined);
    const verbs = takers(name);
    if (kept === undefined || (verbs.length > 0 && !verbs.includes(verb))) continue;
    const given = tokens.filter(token => token.name === name).map(({value}) => value ?? 'true');
    const values = kept.split('\n\n'); // as npm tells an option that is given twice
    if (values.every(value => given.includes(value))) continue;
    const setting = byYarn === undefined ? settingOf(name, env) : undefined;
    if (setting !== undefined && given.length > 0) continue;
    throw new UsageError(...wordsOf(name, {values, given, strays, setting, runner: byYarn === undefined ? 'npm' : 'yarn', env}));
  }
  // It knows `--local other` as one of its own that takes no value.
  if (strays.length > 0 && !VERBS[verb].argument && /npm-cli\.js$/.test(env.npm_execpath)) {
    throw new UsageError(`unexpected argument \`${strays[0]}\` after \`${verb}\``, `is it the value of an option that npm has kept? ${BEFORE}: ${lineOf(['--OPTION', strays[0]], env)}`);
  }
}

function keptByNpm(name, env) {
  const told = option => env[`npm_config_${option.replaceAll('-', '_')}`];
  if (name.startsWith('no-')) return told(name.slice(3)) === '' ? 'true' : undefined;
  return told(name) ?? told(OPTIONS[name].short ?? '');
}

// Yarn 1 tells of all its arguments. Where a script of npm's has started it, there are npm's variables, too.
function keptByYarn({npm_config_argv: argv, npm_config_user_agent: agent = '', npm_lifecycle_event: script}) {
  if (argv === undefined || !agent.startsWith('yarn/1')) return undefined;
  const original = originalOf(argv);
  const kept = tokensOf(original.slice(0, Math.max(0, original.indexOf(script))), OPTIONS);
  return name => kept.filter(token => token.name === name).map(({value}) => value ?? 'true').at(-1);
}

function originalOf(argv) {
  try {
    const {original} = JSON.parse(argv);
    if (original.every(word => typeof word === 'string')) return original;
  } catch {
    // it is told below
  }
  throw new UsageError('npm_config_argv, by which Yarn tells what it was given, cannot be read, and so not what it has kept', 'start nodeploy without it: node_modules/.bin/nodeploy');
}

// The file of npm's settings that has it: what stands there is passed on as what is typed is.
function settingOf(name, {npm_config_local_prefix: folder, npm_config_userconfig: user, npm_config_globalconfig: all}) {
  const line = new RegExp(`^\\s*${name.replaceAll('-', '[-_]')}(\\[\\])?\\s*(=|$)`, 'm');
  return [folder && join(folder, '.npmrc'), user, all].filter(Boolean).find(file => {
    try {
      return line.test(readFileSync(file, 'utf8'));
    } catch {
      return false; // npm has read none there, either
    }
  });
}

const BEFORE = 'write -- before what is meant for nodeploy';
const lineOf = (words, {npm_command: command, npm_lifecycle_event: script = 'SCRIPT'}) =>
  command === 'exec' ? `npm exec -- nodeploy \u2026 ${shellLine(words)}` : shellLine(['npm', 'run', script, '--', ...words]);

function wordsOf(name, {values, given, strays, setting, runner, env}) {
  const {type, multiple, value: what} = OPTIONS[name];
  const isOff = values.at(-1) === '';
  const again = type === 'boolean' ? [`--${name}`] : values.slice(multiple ? 0 : -1).map(value => `--${name}=${value === 'true' ? strays.at(-1) ?? what ?? 'json' : value}`);
  const isSaid = !isOff || (type === 'string' && leftOut(name).endsWith('='));
  if (setting !== undefined) return [`\`${name}\` is set in ${setting}, and npm passes it on as if it were typed`, `take it out there${isSaid ? `, or say what is meant for nodeploy: ${lineOf(again, env)}` : ''}`];
  const kept = `${runner} has kept \`--${isOff && type === 'boolean' ? 'no-' : ''}${name}\` for itself`;
  if (given.length > 0 && !multiple) return [`${kept}, and the script says another one`, 'say it there: in package.json'];
  if (!isSaid) return [kept, leftOut(name)];
  return [kept, runner === 'yarn' ? `write it behind the script's name: ${shellLine(['yarn', env.npm_lifecycle_event, ...again])}` : `${BEFORE}: ${lineOf(again, env)}`];
}
