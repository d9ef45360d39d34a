// The inputs of the action, as options of the command line.
import * as core from '@actions/core';
import {ALSO, nearest, OPTIONS, UsageError} from '../../cli/options.js';

/** Each input that is an option of the same name; the command line says what it makes of one that it does not know. */
export const INPUTS = [
  'reason', 'until', 'by', 'freeze', 'all', 'except', 'policy', 'needs', 'wait', 'at', 'change', 'run', 'claim', 'record', 'attest', 'evidence',
  'exit-code', 'closed', 'awaiting', 'days', 'from', 'to', 'delay', 'no-deployments', 'html', 'svg',
  'exception', 'window', 'uses', 'approvals', 'org', 'host', 'timeout', 'save',
];

// Options that would be something else done, or asked of another Kosli, if they were passed over.
const ONLY_OPTIONS = ['all-environments', 'dry-run', 'local', 'via', 'program'];

/**
 * Throws a `UsageError` for an input that the action does not have: GitHub warns of it and goes on, and a gate with `need: 20m` would pass without it.
 * A variable of the job may be called like one, so only those that are near.
 */
export function refuseUnknown(env) {
  const known = ['environments', 'command', 'file', ...INPUTS];
  const isGiven = name => Boolean(env[`INPUT_${name.toUpperCase()}`]);
  for (const variable of Object.keys(env).filter(name => /^INPUT_./.test(name) && env[name] !== '')) {
    const name = variable.slice('INPUT_'.length).toLowerCase();
    if (known.includes(name)) continue;
    const near = nearest(ALSO[name] ?? name, [...known, ...ONLY_OPTIONS]);
    if (near === undefined || (known.includes(near) && isGiven(near))) continue;
    const advice = known.includes(near) ? `did you mean \`${near}\`?` : `the command line has --${near}: \`command: setup\`, then \`run: nodeploy …\``;
    throw new UsageError(`this action has no input \`${name}\``, `${advice} (if it is a variable ${variable} of the job, give that another name)`);
  }
}

/** What follows `nodeploy`: each value in one argument with its option, so that none is taken for an option itself. */
export function commandLine(command) {
  const given = INPUTS.flatMap(name => {
    const text = core.getInput(name);
    const {type, multiple} = OPTIONS[name];
    if (text === '') return [];
    if (type === 'boolean') return isOn(name, text) ? [`--${name}`] : [];
    return (multiple ? lines(text) : [text]).map(value => `--${name}=${value}`);
  });
  const file = core.getInput('file');
  const names = core.getInput('environments') === '' ? [] : [environments().join(',')]; // one that names nothing is an error, not the variable's
  return [...names.map(list => `--environment=${list}`), command, ...given, ...(file ? ['--', file] : [])];
}

const isOn = (name, text) => {
  if (/^(true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  throw new UsageError(`the input \`${name}\` is \`${text}\``, 'write true or false');
};

/** The environments that are named, one a line or with commas between them. */
export const environments = () => lines(core.getInput('environments').replaceAll(',', '\n'));

const lines = text => text.split('\n').map(line => line.trim()).filter(Boolean);
