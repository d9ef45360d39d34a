// What a person reads: the script's lines, and more of them where it kept silent.
import {printable} from '../printable.js';

const HEADS = {on: 'Setting', off: 'Removing', assert: 'Checking', sync: 'Mending'};

/** The first line of a verb, as the script has it. */
export const head = (verb, environment) => `${HEADS[verb]} nodeploy for ${printable(environment)}`;

/** One command that was done, in the kosli CLI's words. */
export function doneLine(command, result) {
  switch (command.type) {
    case 'create_flow': return `flow '${command.flow}' was ${isNew(result) ? 'created' : 'updated'}`;
    case 'begin_trail': return `trail '${command.trail}' was ${isNew(result) ? 'begun' : 'updated'}`;
    case 'attest': return `generic attestation '${command.name}' is reported to trail: ${command.trail}`;
    case 'tag_environment': return tagLine(command);
    default: return printable(command.argv.join(' '));
  }
}

const isNew = ({status, stdout = ''}) => status === 201 || / was (begun|created)/.test(stdout);

function tagLine({environment, set = {}, unset = []}) {
  const added = Object.keys(set).length > 0 && `Tag(s) [${Object.keys(set).join(', ')}] added`;
  const removed = unset.length > 0 && `Tag(s) [${unset.join(', ')}] removed`;
  return printable(`${[added, removed].filter(Boolean).join(', and ')} for env '${environment}'`);
}

/** The freezes of an answer, a paragraph each. */
export const freezeLines = freezes => freezes.flatMap(({id, since, by, reason, until, state}) => [
  `  ${printable(id)}${state && state !== 'open' ? ` (${printable(state)})` : ''}`,
  ...[['since', since && time(since)], ['by', by], ['why', reason], ['until', until && time(until)]]
    .filter(([, text]) => text !== null && text !== undefined)
    .map(([name, text]) => `    ${name.padEnd(6)} ${printable(text)}`),
]);

// 2024-10-31T10:44:48Z -> 2024-10-31 10:44:48 UTC; anything else stays as it was written.
const time = text => text.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d(?::\d\d)?)Z$/, '$1 $2 UTC');

/** `paint.red(text)` and so on, where the stream is a terminal that wants colours. */
export function painter(stream, env) {
  const wanted = stream.isTTY && !env.NO_COLOR && env.TERM !== 'dumb';
  const paint = code => text => wanted ? `\u001B[${code}m${text}\u001B[0m` : text;
  return {red: paint(31), green: paint(32), yellow: paint(33), bold: paint(1)};
}
