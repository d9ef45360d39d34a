// The inputs of the action, as options of the command line.
import * as core from '@actions/core';
import {OPTIONS} from '../../cli/options.js';

/** Each input that is an option of the same name; the command line says what it makes of one that it does not know. */
export const INPUTS = [
  'reason', 'until', 'by', 'freeze', 'all', 'except', 'policy', 'needs', 'wait', 'at', 'change', 'run', 'claim', 'record', 'attest', 'evidence',
  'exit-code', 'closed', 'awaiting', 'days', 'from', 'to', 'delay', 'no-deployments', 'html', 'svg',
  'exception', 'window', 'uses', 'approvals', 'org', 'host', 'timeout', 'save',
];

/** What follows `nodeploy`: each value in one argument with its option, so that none is taken for an option itself. */
export function commandLine(command) {
  const given = INPUTS.flatMap(name => {
    const text = core.getInput(name);
    const {type, multiple} = OPTIONS[name];
    if (text === '') return [];
    if (type === 'boolean') return core.getBooleanInput(name) ? [`--${name}`] : [];
    return (multiple ? lines(text) : [text]).map(value => `--${name}=${value}`);
  });
  const file = core.getInput('file');
  const names = core.getInput('environments') === '' ? [] : [environments().join(',')]; // one that names nothing is an error, not the variable's
  return [...names.map(list => `--environment=${list}`), command, ...given, ...(file ? ['--', file] : [])];
}

/** The environments that are named, one a line or with commas between them. */
export const environments = () => lines(core.getInput('environments').replaceAll(',', '\n'));

const lines = text => text.split('\n').map(line => line.trim()).filter(Boolean);
