// Command lines as this one was typed: where one file lies in a repository there is no `nodeploy` on the PATH.
import {relative} from 'node:path';
import {isInCi} from './in-ci.js';
import {shellLine} from '../text/shell.js';

// Behind its lead (`to lift it: nodeploy …`), in backticks, or at the beginning; what somebody has said stands in quotes.
const COMMANDS = () => /(?<=[\s=,])'(?:[^']|'\\'')*'|(?<lead>^|: |`)nodeploy (?=[-a-z])/gm;

/** The `text` of an advice, its commands run as `process` was started. */
export function asTyped(text, {argv, cwd, pid, env} = process) {
  const script = argv[1] ?? '';
  if (!script.endsWith('.cjs')) return text;
  const path = pathTo(script, cwd);
  const isOutside = /^\.\.(?![^\\/])|^[\\/]|^\w:/.test(path);
  if (isOutside && (pid === 1 || isInCi(env))) return text; // an image's, or an action's: not where its log is read
  const program = shellLine(['node', path.length < script.length ? path : script]);
  return text.replace(COMMANDS(), (match, lead) => lead === undefined ? match : `${lead}${program} `);
}

// A working folder may be gone.
function pathTo(script, cwd) {
  try {
    return relative(cwd(), script);
  } catch {
    return script;
  }
}
