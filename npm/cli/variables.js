// What a pipeline says once, for all of its commands: a variable for an option. An option that is given goes first; a variable
// holds for the verbs that take its option, and one that is empty, as CIs make of what is not set, is none.
import {OPTIONS, UsageError} from './options.js';
import {takers} from './verbs.js';

// Each is read where its empty value, or the lack of it, has a meaning.
const ELSEWHERE = ['environment', 'by', 'policy', 'org', 'host'];

/** Adds what the variables say to the `values` of `verb`; the result puts the variables' names into a text about their options. */
export function addVariables(verb, values, env) {
  const taken = [];
  for (const [name, {type, variable, unless = [], multiple}] of Object.entries(OPTIONS)) {
    const text = variable && !ELSEWHERE.includes(name) ? env[variable]?.trim() : undefined;
    if (!text) continue;
    const verbs = takers(name);
    if (name in values || (verbs.length > 0 && !verbs.includes(verb)) || unless.some(other => other in values)) continue;
    const value = type === 'boolean' ? truth(variable, text) : text;
    if (value === false) continue;
    values[name] = multiple ? [value] : value;
    taken.push([name, variable]);
  }
  return text => taken.reduce((said, [name, variable]) => said.replaceAll(`--${name}`, variable), text);
}

function truth(variable, text) {
  if (/^(1|true|yes|on)$/i.test(text)) return true;
  if (/^(0|false|no|off)$/i.test(text)) return false;
  throw new UsageError(`${variable} is \`${text}\`, neither true nor false`, `write ${variable}=true, or unset it`);
}
