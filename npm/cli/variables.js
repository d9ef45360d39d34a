// What a pipeline says once, for all of its commands: a variable for an option. An option that is given goes first; a variable
// holds for the verbs that take its option, and one that is empty, as CIs make of what is not set, is none.
import {ALSO, nearest, OPTIONS, UsageError} from './options.js';
import {takers} from './verbs.js';

// Each is read where its empty value, or the lack of it, has a meaning.
const ELSEWHERE = ['environment', 'by', 'policy', 'org', 'host'];

/** Adds what the variables say to the `values` of `verb`; the result puts the variables' names into a text about their options. */
export function addVariables(verb, values, env) {
  refuseUnknown(verb, values, env);
  const taken = [];
  for (const [name, {type, variable, unless = [], multiple}] of Object.entries(OPTIONS)) {
    const text = variable && !ELSEWHERE.includes(name) ? env[variable]?.trim() : undefined;
    if (!text) continue;
    if (name in values || !isFor(verb, name) || unless.some(other => other in values)) continue;
    const value = type === 'boolean' ? truth(variable, text) : text;
    if (value === false) continue;
    values[name] = multiple ? [value] : value;
    taken.push([name, variable]);
  }
  return text => taken.reduce((said, [name, variable]) => said.replaceAll(`--${name}`, variable), text);
}

const isFor = (verb, name) => takers(name).length === 0 || takers(name).includes(verb);

// Of these only the whole name counts: `NODEPLOY_JSON_FILE` and `NODEPLOY_TO_SLACK` are somebody's own.
const SHORT = ['json', 'csv', 'md', 'ics', 'html', 'svg', 'from', 'to', 'days', 'yes'];
const NOT_MEANT = ['channel', 'user']; // near `change` and `uses`, and common

// A gate would pass without what `NODEPLOY_NEED=20m` or `NODEPLOY_POLICY_FILE` says. Others may have variables that begin so, too: only what is near is refused, and only
// where nothing else says it.
function refuseUnknown(verb, values, env) {
  const variables = Object.keys(env).filter(name => /^NODEPLOY_./.test(name) && env[name].trim() !== '' && !KNOWN.has(name));
  for (const variable of variables) {
    const name = meant(variable.slice('NODEPLOY_'.length).toLowerCase().replaceAll('_', '-'));
    if (name === undefined || name in values || !isFor(verb, name) || env[OPTIONS[name].variable]) continue;
    const instead = OPTIONS[name].variable;
    throw new UsageError(`nodeploy reads no variable \`${variable}\``, instead ? `did you mean ${instead}?` : `say it by the option, --${name}`);
  }
}

const KNOWN = new Set(Object.values(OPTIONS).map(({variable}) => variable));

// `policy-file` and `needs-open` begin with an option, `envirnoment` is a slip of one. NODEPLOY_VERSION is somebody's own.
function meant(word) {
  const known = ALSO[word] ?? word;
  if (['version', 'help', ...NOT_MEANT].includes(known)) return undefined;
  if (Object.hasOwn(OPTIONS, known)) return known;
  const names = Object.keys(OPTIONS).filter(name => !['version', 'help', ...SHORT].includes(name));
  return names.find(name => known.startsWith(`${name}-`)) ?? nearest(known, names);
}

function truth(variable, text) {
  if (/^(1|true|yes|on)$/i.test(text)) return true;
  if (/^(0|false|no|off)$/i.test(text)) return false;
  throw new UsageError(`${variable} is \`${text}\`, neither true nor false`, `write ${variable}=true, or unset it`);
}
