// What went wrong with a read or a command, in Kosli's own words where it had any; and what was to be done.
import {printable} from './printable.js';
import {shellLine} from './shell.js';

/** Why this raw result is no success: one printable line. */
export function failureOf(result) {
  if (result.error !== undefined) return printable(result.error);
  if (result.status !== undefined) return printable(`Kosli answered ${result.status}${prefixed(messageOf(result.body))}`);
  const error = result.stderr.split('\n').findLast(line => line.startsWith('Error: ')) ?? result.stderr.trim();
  return printable(`kosli ended with ${result.exit_code}${prefixed(shortened(error.replace(/^Error: /, '')))}`);
}

function messageOf(body) {
  let document;
  try {
    document = JSON.parse(body);
  } catch {
    return shortened(body.trim());
  }
  if (typeof document === 'string') return shortened(document);
  const {message, detail, errors} = document ?? {};
  const words = [message ?? detail ?? document, errors].filter(part => part !== undefined);
  return shortened(words.map(part => typeof part === 'string' ? part : JSON.stringify(part)).join(': '));
}

const prefixed = text => text && `: ${text}`;
const shortened = text => text.length > 300 ? `${text.slice(0, 300)}...` : text;

/** A command as a person would say it: `tag prod-aws`. */
export function nameOf(command) {
  switch (command.type) {
    case 'create_flow': return `create flow ${command.flow}`;
    case 'begin_trail': return `begin trail ${command.trail}`;
    case 'attest': return `attest ${command.name} on trail ${command.trail}`;
    case 'tag_environment': return `tag ${command.environment}`;
    default: return command.argv.slice(1, 3).join(' ');
  }
}

/** The command line that brings `action` to its end. */
export function commandLine(environment, action) {
  const words = ['nodeploy', '-e', environment, action.type];
  if (action.type === 'off' && action.freezes === 'all') words.push('--all');
  else if (action.type === 'off') for (const id of action.freezes ?? []) words.push('--freeze', id);
  else if (action.id !== undefined) words.push('--freeze', action.id);
  if (action.by !== undefined) words.push('--by', action.by);
  if (action.until !== undefined) words.push('--until', action.until);
  if (action.reason !== undefined) words.push('-r', action.reason);
  return shellLine(words);
}
