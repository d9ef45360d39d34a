// Tables of texts of others as lines of a terminal or a log.
import {printable} from '../text/printable.js';

/** Without the columns that say nothing: `{heads, rows}`. */
export function withoutEmpty(heads, rows) {
  const isShown = heads.map((_, column) => rows.some(row => row[column] !== ''));
  const shown = row => row.filter((_, column) => isShown[column]);
  return {heads: shown(heads), rows: rows.map(shown)};
}

/**
 * The lines, the heads first; none of a table without rows. None is longer than `width`, a terminal's, where there is one: so that the last column,
 * which says why, is in sight, names are cut, and the `spare` columns go, one after another.
 */
export function tableLines({heads, rows, spare = []}, {width} = {}) {
  if (rows.length === 0) return [];
  const last = heads.length - 1;
  const cells = [heads, ...rows].map(row => row.map((text, column) => column === last ? printable(text) : cutName(printable(text), LONGEST_CELL)));
  const natural = heads.map((_, column) => cells.reduce((most, row) => Math.max(most, widthOf(row[column])), 0));
  const {widths, isTooWide} = fitted(heads, natural, width);
  const [gone] = spare.filter(head => heads.includes(head));
  if (isTooWide && gone !== undefined) return tableLines({...without(gone, {heads, rows}), spare}, {width});
  return cells.map(row => cut(row.map((cell, column) => {
    const shown = column === last ? cell : cutName(cell, widths[column]);
    return shown + ' '.repeat(Math.max(0, widths[column] - widthOf(shown)));
  }).join('  ').trimEnd(), width));
}

// Names that may be cut, the first first, and how much of each must stay.
const CUT = [['by', 12], ['approved by', 12], ['while', 12], ['for', 12], ['artifact', 12], ['environment', 20]];
const LEAST = 12; // of the last column, and a fifth of what is wide

function fitted(heads, natural, width = Infinity) {
  const widths = [...natural];
  const wanted = Math.min(natural.at(-1), Math.max(LEAST, Math.floor(width / 5)));
  let excess = natural.slice(0, -1).reduce((sum, one) => sum + one + 2, wanted) - width;
  for (const [head, least] of CUT) {
    const column = heads.indexOf(head);
    if (excess <= 0 || column < 0 || column === heads.length - 1) continue;
    widths[column] = Math.max(Math.min(least, natural[column]), natural[column] - excess);
    excess -= natural[column] - widths[column];
  }
  return {widths, isTooWide: excess > 0};
}

function without(head, {heads, rows}) {
  const column = heads.indexOf(head);
  const rest = row => row.filter((_, at) => at !== column);
  return {heads: rest(heads), rows: rows.map(rest)};
}

// With how many more there are.
function cutName(text, width) {
  const [more = ''] = / \+\d+$/.exec(text) ?? [];
  return widthOf(text) <= width ? text : cut(text.slice(0, text.length - more.length), width - more.length) + more;
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
