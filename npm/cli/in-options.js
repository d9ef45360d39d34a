// What the core finds wrong with a call, for whoever has typed it: fields of a call are options of the command line.
import {OPTIONS} from './options.js';
import {shellLine} from '../text/shell.js';

const OF_THE_CALL = ['bad_call', 'bad_text', 'at_passed', 'until_passed', 'until_too_far'];
const NAMED_ELSE = new Map([['environments', '-e'], ['freezes', '--freeze'], ['windows', '--window']]);
const IDS = ['freeze', 'exception', 'attest'];

/** The outcome, what its summary says of fields said of what gave them: an option, or its variable (which `named` puts in the option's place). */
export function inOptions(outcome, {values, env, named}) {
  const {reason, summary} = outcome;
  const told = OF_THE_CALL.includes(reason) ? ofFields(summary, {values, env}) : reason === 'bad_name' ? ofName(summary, values) : summary;
  return told === summary ? outcome : {...outcome, summary: named(told)};
}

// A field stands at the beginning, or after one of these words; elsewhere it is what somebody gave, and has called so.
function ofFields(summary, given) {
  const text = summary.replace(/^the call cannot be read: /, '');
  const told = text
    .replace(/(?<=^|^`freezes` and |be, |later |earlier |before |leave )`([a-z]+)`/g, (all, field) => optionOf(field, given) ?? all)
    .replace(/^the ([a-z]+) (?=is \d|has a NUL)/, (all, field) => `${optionOf(field, given) ?? all.trim()} `);
  return told === text ? summary : asTyped(told);
}

// An example, too, is of what can be typed, not of JSON.
function asTyped(text) {
  const [, option, key] = /^(--[a-z]+): (?:`(\w+)` has )?/.exec(text) ?? [];
  const each = (...values) => shellLine(key ? values.flatMap(value => [option, `${key}=${value}`]) : ['-e', values.join(',')]);
  return text
    .replace(/(?<=, e\.g\. )\{"kind": "hotfix"\}$/, example => option ? `${option} kind=hotfix` : example)
    .replace(/(?<=; list each (?:name|value) separately: )\["(!?[a-z-]+)", "(!?[a-z-]+)"\]/, (all, one, other) => each(one, other));
}

function optionOf(field, {values, env}) {
  if (NAMED_ELSE.has(field)) return NAMED_ELSE.get(field);
  if (Object.hasOwn(values, field)) return `--${field}`;
  const variable = Object.hasOwn(OPTIONS, field) ? OPTIONS[field].variable : undefined;
  return variable && env[variable]?.trim() ? variable : undefined;
}

// Which of the ids it is: `--exception: `no pe` is not a valid Kosli trail name; …`
function ofName(summary, values) {
  const [, name] = /^`([^`]*)` is not a valid Kosli (?:trail|flow) name/.exec(summary) ?? [];
  const option = IDS.find(id => name !== undefined && [values[id] ?? []].flat().some(text => text.includes(name)));
  return option ? `--${option}: ${summary}` : summary;
}
