// Text written by others (reasons, Kosli's words, names) on its way to a terminal or a CI log.

// C0 and C1 controls, the bidirectional controls, invisible separators and tags, lone surrogates.
// Joiners (U+200C, U+200D) stay: emoji and several scripts need them.
const UNPRINTABLE = /[\u0000-\u001F\u007F-\u009F\u061C\u200B\u200E\u200F\u2028-\u202E\u2060-\u206F\uD800-\uDFFF\uFEFF\uFFF9-\uFFFB\u{E0000}-\u{E007F}]/gu;

// Azure, TeamCity and old GitHub runners obey `##name[...]` anywhere in a line, GitHub `::name::` at its start.
const LOG_COMMAND = /##(?=[a-z]*\[)/gi;
const LOG_COMMAND_AT_START = /^(\s*):(?=:)/;

const SHORT = {'\n': '\\n', '\r': '\\r', '\t': '\\t'};

/** One line that a terminal shows as it stands and that no CI runner takes for a command. */
export const printable = text => String(text)
  .replace(UNPRINTABLE, character => SHORT[character] ?? `\\u{${character.codePointAt(0).toString(16)}}`)
  .replace(LOG_COMMAND, '#\\u{23}')
  .replace(LOG_COMMAND_AT_START, '$1\\u{3a}');

/** JSON for a terminal or a CI log: the same document, with everything delicate written as `\uXXXX`. */
export const printableJson = document => JSON.stringify(document, null, 2)
  .replace(UNPRINTABLE, character => character === '\n' ? '\n' : escaped(character))
  .replace(LOG_COMMAND, '#\\u0023');

const escaped = character => Array.from({length: character.length}, (_, index) =>
  `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`).join('');
