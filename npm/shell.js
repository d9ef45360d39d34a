// Arguments as a line for a POSIX shell.
import {printable} from './printable.js';

/** One line, safe to paste, that runs exactly this `argv`, also with line breaks and control characters in it. */
export function shellLine(argv) {
  const kept = [];
  const words = argv.map(argument => {
    if (printable(argument) === argument) return quoted(argument);
    if (!argument.endsWith('\n')) return `"$(printf ${quoted(format(argument))})"`;
    // `$(...)` drops line breaks at the end: a full stop keeps them, and is taken off again.
    kept.push(`text${kept.length}=$(printf ${quoted(format(`${argument}.`))}); `);
    return `"\${text${kept.length - 1}%.}"`;
  });
  return kept.join('') + words.join(' ');
}

/** One argument as a POSIX shell reads it. */
function quoted(argument) {
  // A `~` after `=` or at the start, and a `=` at the start, mean something to some shells.
  const isPlain = /^[\w.,:/@%+-][\w.,:/@%+~-]*$/.test(argument) || /^[\w.,:/@%+-][\w.,:/@%+=-]*$/.test(argument);
  return isPlain ? argument : `'${argument.replaceAll("'", String.raw`'\''`)}'`;
}

// A format for printf(1): everything that `printable` would change becomes its bytes in octal.
const format = text => text
  .replaceAll('\\', '\\\\')
  .replaceAll('%', '%%')
  .replace(/^-/, '\\055')
  .replaceAll('##', '#\\043')
  .replace(/./gsu, character => printable(character) === character ? character : octal(character));

const octal = character => Array.from(Buffer.from(character), byte => `\\${byte.toString(8).padStart(3, '0')}`).join('');
