// The answer in a file, for the next step of a pipeline: `--save gate.json` has all of it, `--save gate.env` what is safe as a variable.
import {lstatSync, readFileSync, rmSync} from 'node:fs';
import {blot} from './blot.js';
import {UsageError} from './options.js';
import {writeWhole} from './whole-file.js';

/** The files that these arguments or the variable name, read before they are checked: an error is an answer, too. */
export function filesToSave(args, {NODEPLOY_SAVE: variable}) {
  const files = args.flatMap((arg, index) => {
    if (arg.startsWith('--save=')) return [arg.slice('--save='.length)];
    return arg === '--save' && !args[index + 1]?.startsWith('-') ? [args[index + 1]] : [];
  });
  return (files.length > 0 ? files : [variable?.trim()]).filter(Boolean);
}

/** Away with the answers of an earlier run: whatever happens now, they must not be taken for this one's. In `files` stay those that may be written. */
export function forget(files) {
  const wrong = files.splice(0).flatMap(file => {
    try {
      attempt(file, () => refuseOther(file));
      attempt(file, () => rmSync(file, {force: true}));
      files.push(file);
      return [];
    } catch (error) {
      return [error];
    }
  });
  if (wrong.length > 0) throw wrong[0];
}

/** Writes `document`, an answer as `--json` prints it, to each of `files`: to all of them, or to none. */
export function save(files, document, token) {
  const text = blot(document, token);
  const written = [];
  try {
    for (const file of files) {
      write(file, text);
      written.push(file);
    }
  } catch (error) {
    for (const file of written) rmSync(file, {force: true});
    throw error;
  }
}

/** Writes why the answer could not be written to whichever of `files` can be: a step that reads one of them finds an error. */
export function saveError(files, document, token) {
  const text = blot(document, token);
  for (const file of files) {
    try {
      write(file, text);
    } catch {
      // This is the one that it is about, or one like it.
    }
  }
}

function write(file, text) {
  attempt(file, () => {
    refuseOther(file); // evidence may be there by now
    writeWhole(file, file.endsWith('.env') ? variables(text) : `${text}\n`);
  });
}

const ANSWER = /^(\{\s*"decision":|NODEPLOY_ANSWER_|$)/; // or empty, as mktemp makes it

// It may be a policy, evidence, /dev/null: what is not an answer is somebody's.
function refuseOther(file) {
  const found = lstatSync(file, {throwIfNoEntry: false});
  if (!found) return;
  if (!found.isFile()) throw new Error('it is there, and is no regular file');
  if (!ANSWER.test(readFileSync(file, 'latin1'))) throw new Error('it is there, and is no answer of nodeploy');
}

function attempt(file, action) {
  try {
    action();
  } catch (error) {
    throw new UsageError(`the answer cannot be written to \`${file}\` (${error.code ?? error.message})`, 'name another file, in a folder that may be written: --save FILE');
  }
}

// GitLab, and a shell that sources it, take a value as it stands: so only codes, times and ids are in it, no text of anybody's.
function variables(document) {
  const {decision, reason, opens_at: opens, closes_at: closes, action} = JSON.parse(document);
  return Object.entries({DECISION: decision, REASON: reason, OPENS_AT: opens, CLOSES_AT: closes, FREEZE: action?.id})
    .map(([name, value]) => `NODEPLOY_ANSWER_${name}=${/^[\w:.+~-]+$/.test(value ?? '') ? value : ''}\n`).join('');
}
