// What stands on the command line, checked before anything is done.
import {tokensOf} from './tokens.js';
import {meant, VERB_NAMES, takers, VERBS} from './verbs.js';
import {shellLine} from '../text/shell.js';

/** A command line that cannot be carried out; `advice` says what would do, and the help of the verb `about` (or of all: an empty one) was asked for beside. */
export class UsageError extends Error {
  constructor(message, advice = 'nodeploy --help shows what there is', about) {
    super(message);
    this.advice = advice;
    this.about = about;
  }
}

// Each with its line of the help, or those of the verbs that take it, and the variable that a pipeline sets once for it (variables.js). Which verbs take one that is not
// for all of them is said in verbs.js.
export const OPTIONS = {
  environment: {
    short: 'e', type: 'string', multiple: true, value: 'ENV', variable: 'NODEPLOY_ENV',
    help: "the Kosli environment; or many: repeated, with commas, globs ('prod-*'), '!NAME' to leave one out; of a logical one all members",
  },
  'all-environments': {type: 'boolean', help: 'every environment of the organisation'},
  reason: {short: 'r', type: 'string', value: 'REASON', variable: 'NODEPLOY_REASON', help: {on: 'why deployments must stop', off: 'why they may go on', except: 'why this change may pass', 'approve, revoke': 'why'}},
  until: {type: 'string', value: 'TIME', variable: 'NODEPLOY_UNTIL', help: 'when it ends: 90m, 2h30m, 18:00 (the next one here), 2024-11-01T09:00 (here), 2024-11-01T09:00:00Z'},
  by: {
    type: 'string', value: 'NAME', variable: 'NODEPLOY_BY',
    help: "who freezes, lifts, asks, approves or revokes (default: in CI its actor; elsewhere your login, else git's user.name; never a name that many share; --by= for nobody, as the script's freezes)",
  },
  freeze: {type: 'string', multiple: true, value: 'ID', help: {'off, except': "this freeze, whoever's; may be repeated", on: 'take up this one again'}},
  yes: {type: 'boolean', help: {'on, off': 'with globs: do not ask on a terminal'}},
  all: {type: 'boolean', help: {off: 'every freeze of ENV'}},
  policy: {
    type: 'string', value: 'FILE', variable: 'NODEPLOY_POLICY',
    help: 'the freeze windows (default: nodeploy.yaml, .yml or .json in this folder, if there is one; --policy= for none)',
  },
  needs: {type: 'string', value: 'SPAN', variable: 'NODEPLOY_NEEDS', help: {'assert, claim': 'ENV must stay open that long: 20m, 2h, PT90M'}},
  wait: {type: 'string', value: 'SPAN', variable: 'NODEPLOY_WAIT', unless: ['at', 'dry-run'], help: {assert: 'wait for ENV to open, that long at most'}},
  at: {type: 'string', value: 'TIME', help: {'assert, status, windows': 'decide for then: 18:00, or 2026-12-24T18:00:00Z'}},
  record: {type: 'boolean', variable: 'NODEPLOY_RECORD', unless: ['at'], help: {assert: 'put a refusal on the record of each freeze that holds'}},
  attest: {type: 'string', value: 'FLOW/TRAIL', variable: 'NODEPLOY_ATTEST', unless: ['at'], help: {assert: "put the verdict on the deployment's own trail, as nodeploy-ENV, before it may pass"}},
  evidence: {type: 'string', value: 'FILE', variable: 'NODEPLOY_EVIDENCE', help: {assert: 'keep all that was decided from in FILE, for `replay`'}},
  'exit-code': {type: 'boolean', variable: 'NODEPLOY_EXIT_CODE', help: {status: 'exit as assert does: 1 if ENV is closed', report: 'exit 1 if not every deployment is explained, or an exception was overused'}},
  closed: {type: 'boolean', help: {status: 'only those that are not open, of many'}},
  days: {type: 'string', value: 'N', help: {windows: 'this many days ahead (default: 90)'}},
  ics: {type: 'boolean', help: {windows: 'print an iCalendar file; with -e also with the freezes of people that have an end'}},
  from: {type: 'string', value: 'TIME', help: {report: 'since then: 90d (ago; the default), 2024-10-01 (here), 2024-10-01T09:00:00Z'}},
  to: {type: 'string', value: 'TIME', help: {report: 'until then (default: now); 2024-12-31T24:00 has all of that day'}},
  delay: {type: 'string', value: 'SPAN', variable: 'NODEPLOY_DELAY', help: {report: 'how long it may take until Kosli hears what runs (default: 10m)'}},
  'no-deployments': {type: 'boolean', help: {report: 'only who closed what, and who was let through'}},
  csv: {type: 'boolean', help: {report: 'print CSV, a row for each fact; no spreadsheet takes a text in it for a formula'}},
  md: {type: 'boolean', help: {'status, windows, report': "print Markdown, for a job's summary, a merge request or a chat"}},
  html: {type: 'string', value: 'FILE', help: {'status, windows, report': 'also draw a time line, as a page in FILE that needs nothing else'}},
  svg: {type: 'string', value: 'FILE', help: {'status, windows, report': 'also draw a time line as a still picture, for a chat or a readme'}},
  change: {
    type: 'string', multiple: true, value: 'KEY=VALUE',
    help: {
      'assert, status, claim': "a fact of the change, beside those of the CI's variables (commit, actor, repository, ref); may be repeated",
      except: 'what the change must be, a glob; may be repeated: every KEY must fit, by any of its globs',
    },
  },
  run: {type: 'string', value: 'ID', variable: 'NODEPLOY_RUN', help: {'assert, status, claim': "which run it is (default: by the CI's variables; a job that is run again is the same one)"}},
  claim: {type: 'boolean', variable: 'NODEPLOY_CLAIM', unless: ['at'], help: {assert: 'put the use of an exception on record if one lets this change through'}},
  exception: {type: 'string', value: 'ID', help: {'approve, revoke, claim': 'this exception', except: 'take up this one again'}},
  window: {type: 'string', multiple: true, value: '[POLICY/]NAME', help: {except: 'this window; may be repeated (without --window and --freeze: all that closes ENV now)'}},
  uses: {type: 'string', value: 'N', help: {except: 'that many runs may pass (default: 1)'}},
  approvals: {type: 'string', value: 'N', help: {except: 'that many others must approve (default: 1, or as many as the policy says; 0 is enough only where all that closes is your own)'}},
  awaiting: {type: 'boolean', help: {status: 'the exceptions that wait for an approval, too'}},
  except: {type: 'string', multiple: true, value: 'KEY=GLOB', help: {on: 'a change with this may pass the freeze; may be repeated: every KEY must fit, by any of its globs'}},
  org: {type: 'string', value: 'ORG', variable: 'KOSLI_ORG', help: 'the Kosli organisation'},
  host: {type: 'string', value: 'URL', variable: 'KOSLI_HOST', help: 'where Kosli is (default: https://app.kosli.com)'},
  via: {type: 'string', value: 'http|cli', variable: 'NODEPLOY_VIA', help: "talk to Kosli's API (default), or run the kosli CLI"},
  program: {type: 'string', value: 'PATH', variable: 'NODEPLOY_PROGRAM', help: 'the kosli CLI (default: kosli, found on PATH)'},
  local: {type: 'string', value: 'DIR', help: 'use the local Kosli in the folder DIR, and no other; `on` makes it'},
  'dry-run': {type: 'boolean', help: 'look, then print each kosli command as a line for a shell; change nothing'},
  timeout: {type: 'string', value: 'SPAN', variable: 'NODEPLOY_TIMEOUT', help: 'the longest that one look at Kosli may take (default: 60s; 4m at most); writes are waited for'},
  save: {
    type: 'string', multiple: true, value: 'FILE', variable: 'NODEPLOY_SAVE',
    help: 'also write the answer to FILE: as JSON, or as variables if its name ends in .env',
  },
  json: {type: 'boolean', help: 'print one JSON document on stdout, errors too; also -o json'},
  output: {short: 'o', type: 'string', variable: 'NODEPLOY_OUTPUT', unless: ['json', 'csv', 'md']},
  version: {short: 'v', type: 'boolean', help: 'print the version; goes alone'},
  help: {short: 'h', type: 'boolean', help: 'print this; of a verb: nodeploy assert --help'},
};

/** What an option is for: to this verb, or to all. */
export function purposeOf({help}, verb) {
  if (typeof help !== 'object') return help;
  const purposes = Object.entries(help);
  if (verb) return purposes.find(([verbs]) => verbs.split(', ').includes(verb))?.[1];
  return purposes.map(([verbs, purpose]) => `${verbs}: ${purpose}`).join('. ');
}

// What stdout holds besides lines: one document.
const SHAPES = ['json', 'csv', 'md', 'ics'];

/** Whether stdout is one document, which no other line may be in. */
export const isDocument = values => SHAPES.some(name => values[name]);

// Keys of a change, which somebody may take for options.
const FACTS = ['commit', 'sha', 'actor', 'repository', 'repo', 'ref', 'branch', 'kind', 'service'];

// Where `--name=` is a value, too: every environment, nobody, no policy, no reason.
const MAY_BE_EMPTY = ['environment', 'by', 'policy', 'reason'];

/** `{verb, values}`: `values` by the option's long name. Throws a `UsageError`. */
export function parse(args) {
  const tokens = tokensOf(args, OPTIONS);
  const values = {};
  const words = [];
  for (const token of tokens) {
    if (token.kind === 'positional') words.push(token.value);
    if (token.kind === 'option') {
      refuseOneDash(args[token.index]);
      take(token, values);
    }
  }
  if (values.help || values.version || ALONE.includes(words[0])) return {verb: undefined, values: alone(values, words, tokens)};
  const [verb, ...others] = words;
  if (VERBS[verb]?.argument && others.length > 0) values.file = others.shift();
  if (verb === undefined) refuseSwallowed(values);
  checkVerb(verb, others, values);
  if (VERBS[verb].argument && !values.file) throw new UsageError(`\`${verb}\` needs a file`, `name it: nodeploy ${verb} ${VERBS[verb].argument}`);
  for (const name of Object.keys(values)) {
    const verbs = takers(name);
    if (verbs.length === 0 || verbs.includes(verb)) continue;
    if (name === 'policy' && values.policy === '') delete values.policy; // none is what it goes by
    else throw new UsageError(`--${name} does not go with \`${verb}\``, `--${name} goes with: ${verbs.join(', ')}`);
  }
  return {verb, values};
}

/** Looks at what options and variables say together. */
export function checkOutput(values) {
  if (values.output !== undefined && !['json', 'table'].includes(values.output)) throw new UsageError(`--output \`${values.output}\` is neither json nor table`);
  if (values.output === 'table' && values.json) throw new UsageError('--json and --output table exclude each other', 'leave one of them out');
  values.json ||= values.output === 'json';
  const shapes = SHAPES.filter(name => values[name]);
  const isBoth = shapes.length === 2 && shapes.includes('ics') && shapes.includes('json'); // a calendar within the document
  if (shapes.length > 1 && !isBoth) throw new UsageError(`--${shapes[0]} and --${shapes[1]} exclude each other`, 'leave one of them out');
}

const ALONE = ['help', 'version'];

// Help and the version let a pipeline pass, so exit code 0 is only for whoever asks for nothing else:
// `nodeploy -e prod -h https://kosli.example assert` is a gate whose author took -h for --host.
function alone(values, words, tokens) {
  const {help, version = words[0] === 'version', ...others} = values;
  const isShort = tokens.some(({rawName}) => rawName === '-h');
  const [about, ...rest] = words.slice(ALONE.includes(words[0]) ? 1 : 0).filter(word => !ALONE.includes(word));
  const own = version || rest.length > 0 ? undefined : about === undefined ? '' : WITH_HELP.find(word => word === about);
  if (isShort && (words.length > 0 || Object.keys(others).length > 0)) {
    throw new UsageError('-h goes alone, and decides nothing', `the address of Kosli is --host URL; the help is \`${withHelp(about)}\``, own);
  }
  if (Object.keys(others).length > 0 || (version && (help || words.length > (words[0] === 'version' ? 1 : 0)))) {
    const name = version ? '--version' : '--help';
    throw new UsageError(`${name} goes alone, and decides nothing`, `leave it out, or run \`${version ? 'nodeploy --version' : withHelp(about)}\``, own);
  }
  if (about !== undefined && own === undefined) checkVerb(about, rest);
  return {help: !version, version, about: own || undefined};
}

const withHelp = word => `nodeploy ${WITH_HELP.includes(word) ? `${word} ` : ''}--help`;

function take({name, rawName, value, inlineValue}, values) {
  const option = Object.hasOwn(OPTIONS, name) ? OPTIONS[name] : undefined;
  if (!option) {
    if (/^no-/.test(name) && Object.hasOwn(OPTIONS, name.slice(3))) throw new UsageError(`there is no option \`${rawName}\``, leftOut(name.slice(3)));
    if (TOKENS.includes(name)) throw new UsageError(`there is no option \`${rawName}\``, 'the token goes into KOSLI_API_TOKEN: others could read an option in the process list');
    const long = ALSO[name] ?? nearest(name, Object.keys(OPTIONS));
    const guess = rawName.startsWith('--') ? FACTS.includes(name) ? `-change ${name}=VALUE` : dashed(long) : SHORTS.find(short => short === name.toLowerCase()) ?? dashed(ALSO[name]);
    throw new UsageError(`there is no option \`${rawName}\``, guess ? `did you mean -${guess}?` : undefined);
  }
  if (option.type === 'boolean') {
    if (value !== undefined) throw new UsageError(`--${name} takes no value`);
    values[name] = true;
    return;
  }
  if (value === undefined) throw new UsageError(`${rawName} needs a value`, `write ${rawName} ${option.value ?? 'json'}`);
  if (value === '' && !(inlineValue && MAY_BE_EMPTY.includes(name)) && name !== 'local') {
    const none = {by: '; for nobody write --by=', policy: '; for no policy write --policy='}[name] ?? '';
    throw new UsageError(`${rawName} is given an empty value`, `is a variable not set?${none}`);
  }
  if (value.startsWith('-') && !inlineValue) {
    throw new UsageError(`${rawName} needs a value, and \`${value}\` looks like an option`, `if it is the value, write --${name}=${value}`);
  }
  if (inlineValue && value.startsWith('=') && !rawName.startsWith('--')) { // it would become part of the value: a freeze because of `=payments down`
    throw new UsageError(`${rawName} takes no \`=\``, `write ${shellLine([rawName, value.slice(1) || option.value || 'json'])}`);
  }
  if (option.multiple) (values[name] ??= []).push(value);
  else if (name in values) throw new UsageError(`--${name} is given twice`);
  else values[name] = value;
}

// `-until 2h` is read as `-u -n -t …`, and `-env prod` as an environment `nv` and a verb `prod`.
function refuseOneDash(arg) {
  const [, name, rest] = /^-([a-z][a-z-]{2,})(=.*)?$/s.exec(arg) ?? [];
  const long = ALSO[name] ?? name;
  if (name && Object.hasOwn(OPTIONS, long)) throw new UsageError(`\`-${name}\` is no option: one of more than a letter begins with two dashes`, `did you mean ${shellLine([`--${long}${rest ?? ''}`])}?`);
}

/** What `--no-claim` and `--no-policy` mean. */
export function leftOut(name) {
  const {type, variable} = OPTIONS[name];
  if (MAY_BE_EMPTY.includes(name)) return `for none write --${name}=`;
  return `leave out --${name}${type === 'boolean' && variable ? `; ${variable}=false turns its variable off` : ''}`;
}

/** What others call an option. */
export const ALSO = {env: 'environment', for: 'until', duration: 'until', format: 'output', message: 'reason', m: 'reason', y: 'yes', organization: 'org'};
const TOKENS = ['token', 'api-token', 'api-key'];

const SHORTS = Object.values(OPTIONS).map(({short}) => short).filter(Boolean);
const dashed = name => name && `-${name}`;

// `nodeploy -e prod -r on`: the verb was taken for a value.
function refuseSwallowed(values) {
  const [name, value] = Object.entries(values).find(([, value]) => VERB_NAMES.includes(value)) ?? [];
  if (name) throw new UsageError(`\`${value}\` was taken for the value of --${name}, so there is no verb`, `give --${name} a value: --${name} ${OPTIONS[name].value} ${value}`);
}

const OTHERS = ['local', 'completion'];
const WITH_HELP = [...VERB_NAMES, ...OTHERS];

function checkVerb(verb, others, {environment, reason} = {}) {
  if (verb === undefined) throw new UsageError('nothing to do', `say one of: ${VERB_NAMES.join(', ')}, local (nodeploy --help shows more)`);
  if (verb === '') throw new UsageError('the first word is empty', `is a variable not set? say one of: ${VERB_NAMES.join(', ')}`);
  if (OTHERS.includes(verb)) throw new UsageError(`\`${verb}\` comes first, and has a help of its own`, `nodeploy ${verb} --help shows it`);
  if (!VERB_NAMES.includes(verb)) {
    if (/^(second|sec|minute|min|hour|day|week)s?$/i.test(verb)) throw new UsageError(`there is no \`${verb}\``, 'a span is one word: 90m, 2h30m, 3d');
    // `-r payments down on`
    const stray = [verb, ...others].slice(0, 1 + others.findIndex(word => VERB_NAMES.includes(word)));
    if (reason !== undefined && stray.length > 0) throw new UsageError(`there is no \`${verb}\``, `a text of several words goes into quotes: ${shellLine(['-r', [reason, ...stray].join(' ')])}`);
    if (environment === undefined && stray.length > 0) throw new UsageError(`there is no \`${verb}\``, `an environment is named with -e: ${shellLine(['-e', verb])}`);
    if (['true', 'false'].includes(verb)) throw new UsageError(`there is no \`${verb}\``, `write "${verb === 'true' ? 'on' : 'off'}" in quotes: without them YAML takes it for ${verb}`);
    const guess = meant(verb.toLowerCase()) ?? nearest(verb, [...VERB_NAMES, ...OTHERS, ...ALONE]);
    throw new UsageError(`there is no \`${verb}\``, guess ? `did you mean ${guess}?` : `say one of: ${VERB_NAMES.join(', ')}, local (nodeploy --help shows more)`);
  }
  if (others.length > 0) {
    if (others[0].startsWith('-')) throw new UsageError(`unexpected argument \`${others[0]}\` after \`${verb}\` and \`--\``, 'leave out the --, which ends the options; pnpm and newer Yarns pass it on');
    if (others[0] === '') throw new UsageError(`unexpected empty argument after \`${verb}\``, 'is a variable in quotes not set?');
    if (others[0] === 'help') throw new UsageError(`unexpected argument \`help\` after \`${verb}\``, `its help: ${withHelp(verb)}`, verb);
    throw new UsageError(`unexpected argument \`${others[0]}\` after \`${verb}\``, optionFor(others[0], verb) ?? ([
      environment === undefined && `an environment is named with -e: ${shellLine(['-e', others[0]])}`,
      VERBS[verb].options.includes('reason') && (/\s/.test(others[0]) ? `a reason is given with -r: ${shellLine(['-r', others[0]])}` : 'a text of several words goes into quotes: -r "database migration"'),
    ].filter(Boolean).join('; ') || undefined));
  }
}

// `off all`, and an id without what it is the id of.
function optionFor(word, verb) {
  const {options} = VERBS[verb];
  if (OPTIONS[word]?.type === 'boolean' && options.includes(word)) return `did you mean --${word}?`;
  const named = /^\d{4}-\d\d-\d\dT/.test(word) ? ['exception', 'freeze'].find(name => options.includes(name)) : undefined;
  return named && `did you mean ${shellLine([`--${named}`, word])}?`;
}

/** The name that was probably meant, or `undefined`: a slip of it, the only one that begins so (`env`), or that with more behind it (`exceptions`). */
export function nearest(word, names) {
  const typed = word.toLowerCase();
  const [best] = names
    .map(name => ({name, distance: distance(typed, name), isBegun: name.startsWith(typed)}))
    .sort((a, b) => a.distance - b.distance || b.isBegun - a.isBegun); // `of` is `off`, and not `on`
  if (best && best.distance <= Math.max(1, Math.floor(best.name.length / 3))) return best.name;
  const begun = names.filter(name => (typed.length >= 3 && name.startsWith(typed)) || (name.length >= 5 && typed.startsWith(name)));
  return begun.length === 1 ? begun[0] : undefined;
}

// Levenshtein's, with two neighbours that have changed places as one slip.
function distance(a, b) {
  let before;
  let row = Array.from({length: b.length + 1}, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) next[j] = Math.min(next[j], before[j - 2] + 1);
    }
    [before, row] = [row, next];
  }
  return row[b.length];
}
