// What stands on the command line, checked before anything is done.
import {parseArgs} from 'node:util';

/** A command line that cannot be carried out; `advice` says what would do. */
export class UsageError extends Error {
  constructor(message, advice = 'nodeploy --help shows what there is') {
    super(message);
    this.advice = advice;
  }
}

const HOLDING = ['on', 'off'];
const VERBS = ['on', 'off', 'assert', 'status', 'windows', 'sync'];
/** The verbs that write to Kosli. */
export const WRITING = [...HOLDING, 'sync'];
/** Those that go by a policy. */
export const BY_POLICY = VERBS.filter(verb => !HOLDING.includes(verb));

// Which verbs an option goes with (absent: all of them).
const OPTIONS = {
  environment: {short: 'e', type: 'string'},
  reason: {short: 'r', type: 'string', verbs: HOLDING},
  until: {type: 'string', verbs: ['on']},
  by: {type: 'string', verbs: HOLDING},
  freeze: {type: 'string', multiple: true, verbs: HOLDING},
  all: {type: 'boolean', verbs: ['off']},
  policy: {type: 'string', verbs: BY_POLICY},
  at: {type: 'string', verbs: ['assert', 'status', 'windows']},
  needs: {type: 'string', verbs: ['assert']},
  wait: {type: 'string', verbs: ['assert']},
  'exit-code': {type: 'boolean', verbs: ['status']},
  days: {type: 'string', verbs: ['windows']},
  ics: {type: 'boolean', verbs: ['windows']},
  via: {type: 'string'},
  program: {type: 'string'},
  local: {type: 'string'},
  org: {type: 'string'},
  host: {type: 'string'},
  timeout: {type: 'string'},
  'dry-run': {type: 'boolean'},
  json: {type: 'boolean'},
  output: {short: 'o', type: 'string'},
  help: {short: 'h', type: 'boolean'},
  version: {type: 'boolean'},
};

// Where `--name=` is a value, too: every environment, nobody, no policy, no reason.
const MAY_BE_EMPTY = ['environment', 'by', 'policy', 'reason'];

/** Whether a JSON document is wanted, also of an error in the rest of these arguments. */
export const wantsJson = args => args.some((arg, index) =>
  ['--json', '-ojson', '--output=json'].includes(arg) || (arg === 'json' && ['-o', '--output'].includes(args[index - 1])));

/** `{verb, values}`: `values` by the option's long name. Throws a `UsageError`. */
export function parse(args) {
  const options = Object.fromEntries(Object.entries(OPTIONS).map(([name, {short, type}]) => [name, {type, ...(short && {short})}]));
  const {tokens} = parseArgs({args, options, strict: false, allowPositionals: true, tokens: true});
  const values = {};
  const words = [];
  for (const token of tokens) {
    if (token.kind === 'positional') words.push(token.value);
    if (token.kind === 'option') take(token, values);
  }
  if (values.help || values.version || words[0] === 'help') return {verb: undefined, values: alone(values, words, tokens)};
  const [verb, ...others] = words;
  checkVerb(verb, others);
  for (const name of Object.keys(values)) {
    const {verbs} = OPTIONS[name];
    if (verbs && !verbs.includes(verb)) throw new UsageError(`--${name} does not go with \`${verb}\``, `--${name} goes with: ${verbs.join(', ')}`);
  }
  if (values.output !== undefined && !['json', 'table'].includes(values.output)) throw new UsageError(`--output \`${values.output}\` is neither json nor table`);
  if (values.output === 'table' && values.json) throw new UsageError('--json and --output table exclude each other', 'leave one of them out');
  values.json ||= values.output === 'json';
  return {verb, values};
}

// Help and the version let a pipeline pass, so they are given only to whoever asks for nothing else:
// `nodeploy -e prod -h https://kosli.example assert` is a gate whose author took -h for --host.
function alone(values, words, tokens) {
  const {help, version, ...others} = values;
  const isShort = tokens.some(({rawName}) => rawName === '-h');
  const about = words[0] === 'help' ? words.slice(1) : words;
  if (isShort && (words.length > 0 || Object.keys(others).length > 0)) {
    throw new UsageError('-h shows the help, and only alone', 'the address of Kosli is --host URL; the help is `nodeploy --help`');
  }
  if (Object.keys(others).length > 0 || (version && (help || words.length > 0))) {
    const name = version ? '--version' : '--help';
    throw new UsageError(`${name} goes alone, and decides nothing`, `leave it out, or run \`nodeploy ${name}\``);
  }
  if (about.length > 0) checkVerb(about[0], about.slice(1));
  return {help: !version, version};
}

function take({name, rawName, value, inlineValue}, values) {
  const option = Object.hasOwn(OPTIONS, name) ? OPTIONS[name] : undefined;
  if (!option) {
    const guess = rawName.startsWith('--') && nearest(name, Object.keys(OPTIONS));
    throw new UsageError(`there is no option \`${rawName}\``, guess ? `did you mean --${guess}?` : undefined);
  }
  if (option.type === 'boolean') {
    if (value !== undefined) throw new UsageError(`--${name} takes no value`);
    values[name] = true;
    return;
  }
  if (value === undefined) throw new UsageError(`${rawName} needs a value`);
  if (value === '' && !(inlineValue && MAY_BE_EMPTY.includes(name)) && name !== 'local') {
    const none = {by: '; for nobody write --by=', policy: '; for no policy write --policy='}[name] ?? '';
    throw new UsageError(`${rawName} is given an empty value`, `is a variable not set?${none}`);
  }
  if (value.startsWith('-') && !inlineValue) {
    throw new UsageError(`${rawName} needs a value, and \`${value}\` looks like an option`, `if it is the value, write --${name}=${value}`);
  }
  if (option.multiple) (values[name] ??= []).push(value);
  else if (name in values) throw new UsageError(`--${name} is given twice`);
  else values[name] = value;
}

function checkVerb(verb, others) {
  if (verb === undefined) throw new UsageError('nothing to do', `say one of: ${VERBS.join(', ')}, local (nodeploy --help shows more)`);
  if (verb === '') throw new UsageError('the first word is empty', `is a variable not set? say one of: ${VERBS.join(', ')}`);
  if (verb === 'local') throw new UsageError('`local` comes first, and has options of its own', 'nodeploy local --help shows them');
  if (!VERBS.includes(verb)) {
    const guess = nearest(verb, VERBS);
    throw new UsageError(`there is no \`${verb}\``, guess ? `did you mean ${guess}?` : `say one of: ${VERBS.join(', ')}, local`);
  }
  if (others.length > 0) {
    if (others[0] === '') throw new UsageError(`unexpected empty argument after \`${verb}\``, 'is a variable in quotes not set?');
    throw new UsageError(`unexpected argument \`${others[0]}\` after \`${verb}\``,
      verb === 'on' || verb === 'off' ? 'a text of several words goes into quotes: -r "database migration"' : undefined);
  }
}

/** The name that was probably meant, or `undefined`. */
export function nearest(word, names) {
  const [best] = names
    .map(name => ({name, distance: distance(word.toLowerCase(), name)}))
    .sort((a, b) => a.distance - b.distance);
  return best && best.distance <= Math.max(1, Math.floor(best.name.length / 3)) ? best.name : undefined;
}

// Levenshtein's.
function distance(a, b) {
  let row = Array.from({length: b.length + 1}, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length];
}
