// How wide texts are, about: a picture that is drawn without a screen cannot measure. As wide as DejaVu Sans, so that narrower faces have room to spare.

const KINDS = [ // letters, of 1 px: plain and bold
  [/[ 'IJijl]/, 0.32, 0.38], [/[,./:;\\|]/, 0.34, 0.4], [/[-f]/, 0.37, 0.44], [/[!()[\]rt]/, 0.42, 0.5], [/["*?_`csz]/, 0.55, 0.61], [/[kvxy]/, 0.6, 0.67], [/[a-ln-vx-z0-9${}]/, 0.64, 0.72],
  [/[EFLPSTYZ]/, 0.69, 0.74], [/[ABCKRVX]/, 0.7, 0.78], [/[#&+<=>^~DGHNOQU]/, 0.84, 0.88], [/[\s\S]/, 1, 1.12],
];
const [PLAIN, BOLD] = [1, 2].map(face => Array.from({length: 128}, (_, code) => KINDS.find(([letters]) => letters.test(String.fromCharCode(code)))[face]));
const WIDE = /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE4F\uFF00-\uFF60\u{1F000}-\u{1FAFF}\u{20000}-\u{3FFFD}]/u;
const OTHER = {'\u00B7': 0.36, '\u2026': 1};

/** In pixels; bold from a weight of 600. */
export function widthOf(text, size, weight = 400) {
  const known = weight >= 600 ? BOLD : PLAIN;
  let width = 0;
  for (const letter of text) width += known[letter.codePointAt(0)] ?? OTHER[letter] ?? (WIDE.test(letter) ? 1.05 : 0.8);
  return width * size;
}

const LEAST = 5; // letters of a word: of fewer nobody can tell which it is

/** As much of it as has room, or nothing where that would say nothing. */
export function fit(text, room, size, weight = 400) {
  if (room < 2 * size) return '';
  if (text.length * size * 0.3 < room && widthOf(text, size, weight) <= room) return text;
  let left = room - widthOf('\u2026', size, weight);
  const fitted = [];
  for (const letter of text) {
    left -= widthOf(letter, size, weight);
    if (left < 0) break;
    fitted.push(letter);
  }
  const shown = fitted.join('').replace(/[\s:,;.\-]+$/, '');
  const isWhole = shown.length > 1 && !/[\p{L}\p{N}]/u.test(text.slice(shown.length).charAt(0));
  return isWhole || [...shown].length >= LEAST ? `${shown}\u2026` : '';
}

/** All of a sentence in at most three lines of that width, semibold; what is more is cut. */
export function linesOf(sentence, width, size = 12) {
  const lines = [];
  for (const word of sentence.split(' ').filter(Boolean)) {
    const longer = lines.length > 0 ? `${lines.at(-1)} ${word}` : word;
    if (lines.length > 0 && (lines.length === LINES || widthOf(longer, size, 600) <= width)) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.map(line => fit(line, width, size, 600));
}

const LINES = 3;
