// The inputs of the action, as options of the command line.
import * as core from '@actions/core';

/** Each input that is an option of the same name; the command line says what it makes of one that it does not know. */
export const INPUTS = {
  reason: 'text', until: 'text', by: 'text', freeze: 'list', all: 'flag', policy: 'text', needs: 'text', wait: 'text',
  change: 'list', run: 'text', claim: 'flag', exception: 'text', record: 'flag', attest: 'text', evidence: 'text', org: 'text', host: 'text', timeout: 'text',
};

/** What follows `nodeploy`: each value in one argument with its option, so that none is taken for an option itself. */
export function commandLine(command) {
  const given = Object.entries(INPUTS).flatMap(([name, kind]) => {
    const text = core.getInput(name);
    if (text === '') return [];
    if (kind === 'flag') return core.getBooleanInput(name) ? [`--${name}`] : [];
    return (kind === 'list' ? lines(text) : [text]).map(value => `--${name}=${value}`);
  });
  return [...environments().map(name => `--environment=${name}`), command, ...given];
}

/** The environments that are named, one a line or with commas between them. */
export const environments = () => lines(core.getInput('environments').replaceAll(',', '\n'));

const lines = text => text.split('\n').map(line => line.trim()).filter(Boolean);
