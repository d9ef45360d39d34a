// What a gate decided from, kept for whoever asks later: `--evidence FILE`, and `replay FILE`, which decides once more.
import {createHash} from 'node:crypto';
import {accessSync, constants, lstatSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {dirname} from 'node:path';
import {holdsToken} from './blot.js';
import {UsageError} from './options.js';
import {version} from '../core.js';
import {printable} from '../text/printable.js';

const REMEDY = 'name a file in a folder that may be written: --evidence FILE';

/** Keeps a gate's looks: `event(event)` of its run, and `keep(outcome, warn)`, which writes the last run's to `file`. */
export function keeper(file, token) {
  check(file);
  let rounds = [];
  return {
    event({type, round, call, answer}) {
      if (type === 'round' && round === 1) rounds = []; // a gate that waits looks again
      if (type === 'decided') rounds.push({call, answer});
    },
    /** Who passes without it does not pass; a refusal stays one. */
    keep(outcome, warn) {
      if (rounds.length === 0) return;
      try {
        write(file, textOf(rounds), token);
      } catch (error) {
        if (outcome.decision === 'proceed' || !(error instanceof UsageError)) throw error;
        warn(error.message);
      }
    },
  };
}

/** The text of an evidence file. */
export function textOf(rounds) {
  const [last, ...before] = rounds.toReversed();
  const body = JSON.stringify({nodeploy: version, ...last, before: before.reverse()}).slice(0, -1);
  return `${body},"sha256":"${createHash('sha256').update(body).digest('hex')}"}\n`;
}

/** The action that replays `file`. */
export function replayOf(type, {file}) {
  let bytes;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new UsageError(`\`${file}\` cannot be read (${error.code ?? error.message})`, WRITTEN);
  }
  try {
    return {type, file: new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(bytes)};
  } catch {
    throw new UsageError(`\`${file}\` is not UTF-8: it is not as it was written`, 'it proves nothing; take it again from where the pipeline has kept it');
  }
}

/** What is wrong with a file names it: many are replayed one after the other. */
export const ofFile = (outcome, file) => outcome.decision === 'proceed' ? outcome
  : {...outcome, summary: `${printable(file)}: ${outcome.summary}`, advice: outcome.advice ?? (outcome.decision === 'error' ? WRITTEN : null)};

const WRITTEN = 'name what `nodeploy assert --evidence FILE` has written';

const EVIDENCE = /^(\{"nodeploy":|$)/; // or empty, as mktemp makes it; anything else, a policy say, is somebody's

// What could not be written in the end would be on record before.
function check(file) {
  let problem;
  try {
    if (!lstatSync(file).isFile()) problem = 'it is there, and is no regular file';
    else if (!EVIDENCE.test(readFileSync(file, 'latin1'))) problem = 'it is there, and is no evidence of nodeploy';
  } catch (error) {
    if (error.code !== 'ENOENT') problem = error.code;
  }
  try {
    accessSync(dirname(file), constants.W_OK);
  } catch (error) {
    problem ??= error.code;
  }
  if (problem) throw new UsageError(`the evidence cannot be written to \`${printable(file)}\` (${problem})`, REMEDY);
}

// All of it or nothing, and for its owner's eyes.
function write(file, text, token) {
  if (holdsToken([text], token)) throw new UsageError('the evidence would hold the API token, so it is not kept', 'have a new token made, and take it out of where Kosli or the policy has it');
  const whole = `${file}.${process.pid}.tmp`;
  try {
    writeFileSync(whole, text, {mode: 0o600, flag: 'wx', flush: true});
    renameSync(whole, file);
  } catch (error) {
    rmSync(whole, {force: true});
    throw new UsageError(`the evidence cannot be written to \`${printable(file)}\` (${error.code ?? error.message})`, REMEDY);
  }
}
