// Tables of texts of others as lines of a terminal or a log.
import {printable} from '../text/printable.js';

/** Without the columns that say nothing: `{heads, rows}`. */
export function withoutEmpty(heads, rows) {
  const isShown = heads.map((_, column) => rows.some(row => row[column] !== ''));
  const shown = row => row.filter((_, column) => isShown[column]);
  return {heads: shown(heads), rows: rows.map(shown)};
}

/** The lines, the heads first; none of a table without rows. None is longer than `width`, a terminal's, where there is one. */
export function tableLines({heads, rows}, {width} = {}) {
  if (rows.length === 0) return [];
  const last = heads.length - 1;
  const cells = [heads, ...rows].map(row => row.map((text, column) => column === last ? printable(text) : cut(printable(text), LONGEST_CELL)));
  const widths = heads.map((_, column) => cells.reduce((most, row) => Math.max(most, widthOf(row[column])), 0));
  return cells.map(row => cut(row.map((cell, column) => cell + ' '.repeat(widths[column] - widthOf(cell))).join('  ').trimEnd(), width));
}

/** How wide a terminal is; `undefined` where there is none, or it does not say (0, as under `script`, and until a container's first resize). */
export const widthOfTerminal = stream => (stream.isTTY && stream.columns) || undefined;

/** As much of a line as a terminal of that width shows in one. */
export function cut(line, width = Infinity) {
  if (line.length <= width / 2 || widthOf(line) <= width) return line;
  let shown = '';
  let left = width - 1;
  for (const character of line) {
    left -= widthOf(character);
    if (left < 0) break;
    shown += character;
  }
  return `${shown}…`;
}

const LONGEST_CELL = 80; // one long name must not move all the others out of sight

// Where each character has its place, and letters of East Asia and emoji have two.
const widthOf = text => [...text.replace(NONE, '')].length + (text.match(WIDE)?.length ?? 0);

const NONE = /[\p{M}\u200C\u200D]/gu;
const WIDE = /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}\p{Script=Yi}\p{Emoji_Presentation}\u3000-\u303E\uFF01-\uFF60\uFFE0-\uFFE6]/gu;
