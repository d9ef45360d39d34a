// The words for a run that did not come to its end: what was done, what failed, how to finish.
import {halfDone} from './half-done.js';
import {commandLine} from '../core.js';
import {printable} from '../text/printable.js';

/**
 * `{decision, reason, summary, advice, next}` of a run that stopped `tried` writes after its start: at `command` with that `result`,
 * or at a look, of which the core's `summary` tells.
 */
export function failure(reason, {command, result, summary, tried, done, environment, action}) {
  const what = summary ?? {
    cut: () => command ? `stopped during: ${nameOf(command)}, which may have been written` : 'stopped',
    aborted: () => command ? `stopped before: ${nameOf(command)}` : 'stopped',
    command_failed: () => `${nameOf(command)} failed: ${wordsOf(result)}`,
    not_settled: () => 'Kosli keeps showing something else than what was written; somebody else may be at work',
  }[reason]();
  const refused = command && done.length === 0 && tried === 1 && result?.status >= 400 && result.status < 500 ? UNTOUCHED[action?.type]?.(environment) ?? '' : '';
  const before = tried === 0 ? '; nothing was changed' : done.length === 0 ? refused : `; done before: ${[...new Set(done.map(nameOf))].join(', ')}`;
  const half = summary === undefined ? halfDone(action, done) : undefined;
  const left = half ? `; ${environment} is ${half}` : '';
  const rest = reason === 'until_passed' ? {type: 'sync'} : action; // what has ended meanwhile can only be put on record
  const line = commandLine({environment: environment ?? null, action: rest, now: new Date()});
  return {decision: 'error', reason, summary: what + left + before, ...(line ? {advice: `to finish: ${line}`, next: {action: rest, options: {}}} : {advice: null, next: null})};
}

/** The warning about a write on which nothing hangs. */
export const notWritten = (command, result) => ({code: 'not_written', text: `${nameOf(command)} failed: ${wordsOf(result)}; the refusal stands`});

// What a first write that Kosli has refused leaves.
const UNTOUCHED = {on: environment => `; ${environment} was NOT frozen`, off: environment => `; nothing of ${environment} was lifted`};

/** A command as a person would say it: `tag prod-aws`. */
export function nameOf(command) {
  switch (command.type) {
    case 'create_flow': return `create flow ${command.flow}`;
    case 'begin_trail': return `begin trail ${command.trail}`;
    case 'attest': return `attest ${command.name} on trail ${command.trail}`;
    case 'tag_environment': return `tag ${command.environment}`;
  }
}

// In Kosli's own words, where it had any.
function wordsOf(result) {
  if (result.error !== undefined) return printable(result.error);
  if (result.status !== undefined) return printable(`Kosli answered ${result.status}${prefixed(messageOf(result.body))}`);
  const stderr = result.stderr ?? '';
  const error = stderr.split('\n').findLast(line => line.startsWith('Error: ')) ?? stderr.trim();
  return printable(`kosli ended with ${result.exit_code}${prefixed(shortened(withoutRequest(error.replace(/^Error: /, ''))))}`);
}

// As the core has it of a read (which every host hands to it; a write is told by its host; test/kosli-words.test.js compares): Go names the request and its address three times before it comes to what was wrong.
const withoutRequest = error => error.replace(/^.*?(giving up after \d+ attempt\(s\))(?:: \w+ ".*?"(?=: ))?/s, '$1');

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
