// The token, blotted out of every text that leaves this process, whoever has put it there: Kosli, a file, a person, a stack.
import {PRETENDING_TOKEN} from '../kosli/account.js';

const FEWEST = 6; // what is as short as a word is no secret, and would only spoil the text
const LONGEST = 100;

/** From here on these streams do not show `token`, however it is written and wherever its line is broken. */
export function blotOut(token, streams) {
  const blotted = blotter(token);
  if (!blotted) return;
  for (const stream of streams) {
    const write = stream.write.bind(stream);
    stream.write = (chunk, ...rest) =>
      write(typeof chunk === 'string' ? blotted(chunk) : Buffer.from(blotted(Buffer.from(chunk).toString('latin1')), 'latin1'), ...rest);
  }
}

/** A text without the token, for what leaves by another way than a stream. */
export const blot = (text, token) => blotter(token)?.(text) ?? text;

/** Whether one of these texts holds `token`: what is on record everybody may read. */
export function holdsToken(texts, token) {
  const blotted = blotter(token);
  return blotted !== undefined && texts.some(text => blotted(text) !== text);
}

let known = {}; // a process has one token, and asks for it again and again

function blotter(token) {
  if (known.token !== token) known = {token, blotted: blotterOf(token)};
  return known.blotted;
}

function blotterOf(token = '') {
  const secret = token.trim();
  if (secret.length < FEWEST || secret === PRETENDING_TOKEN) return undefined;
  const written = pieces(secret).map(piece => ({isPossible: possible(piece), pattern: undefined, piece}));
  // Where a line was broken within the token it stays broken: a folded line is no longer than it may be.
  const blotted = (text, part) => {
    if (!part.isPossible(text)) return text;
    part.pattern ??= new RegExp([spelled(part.piece), ...encoded(part.piece)].join('|'), 'g');
    return text.replace(part.pattern, found => `***${(found.match(BREAKS) ?? []).join('')}`);
  };
  return text => withoutBeginning(written.reduce(blotted, text), secret);
}

// An engine takes longer to compile that expression than a gate takes for all the rest. What every spelling keeps, each letter
// and digit in its order, is looked for first: nearly no text has them.
function possible(piece) {
  const spellings = [piece, ...base64s(piece), hexOf(piece)].map(text => text.replace(/\W/g, '').toLowerCase());
  return text => {
    const lower = text.toLowerCase();
    return spellings.some(letters => isWithin(letters, lower));
  };
}

// Whether these letters are all in `text`, in this order, with whatever between them.
function isWithin(letters, text) {
  let at = -1;
  for (const letter of letters) {
    at = text.indexOf(letter, at + 1);
    if (at < 0) return false;
  }
  return true;
}

// An expression for all of a long token would be too deep to match.
function pieces(secret) {
  const count = Math.ceil(secret.length / LONGEST);
  const length = Math.ceil(secret.length / count);
  return Array.from({length: count}, (_, index) => secret.slice(index * length, (index + 1) * length)).filter(piece => piece.length >= FEWEST);
}

// A line's end within a word, with the blank or tab of a folded line and the `=` of quoted-printable; also as JSON, a shell or a URL has it.
const BREAK = String.raw`=?(?:\r?\n|\r)[ \t]?|(?:\\{1,8}r)?\\{1,8}n(?: |\\{1,8}t)?|(?:%0[dD])?%0[aA](?:%20|%09|\+)?`;
const BREAKS = new RegExp(BREAK, 'g');
const MAYBE_BREAK = `(?:${BREAK})?`;
const ESCAPE = String.raw`(?:\\${MAYBE_BREAK}){1,8}`;

// However `secret` is escaped: for JSON (more than once), a shell, a URL, quoted-printable, a calendar, or by `printable`.
function spelled(secret) {
  const characters = [...secret];
  return characters.map((character, index) => {
    if (/\w/.test(character)) return character;
    const number = character.codePointAt(0);
    const hex = [...number.toString(16).padStart(2, '0')].map(anyCase);
    const ways = [
      [ESCAPE, 'u', '0*', ...hex], [ESCAPE, 'u', String.raw`\{`, '0*', ...hex, String.raw`\}`], [ESCAPE, '0?', ...number.toString(8).padStart(3, '0')],
      ['%', '(?:25)?', ...hex], ['=', ...hex], ['%', '%?'].filter(() => character === '%'), [String.raw`\+`].filter(() => character === ' '),
      [...encodeURIComponent(character)].map(literal), [`(?:${ESCAPE})?`, literal(character)],
    ].filter(way => way.length > 0).map(way => way.join(MAYBE_BREAK));
    // A shell's quotes end before what they cannot hold, and begin again after it. Those around all of it stay.
    const quotes = is => is ? `(?:['"]${MAYBE_BREAK}){0,3}` : '';
    return `${quotes(index > 0)}(?:${ways.join('|')})${MAYBE_BREAK}${quotes(index < characters.length - 1)}`;
  }).join(MAYBE_BREAK);
}

// As it looks within a longer text in base64 (where it begins at one of three places), or in hex (a calendar's UIDs).
function encoded(secret) {
  const loose = {'+': '(?:[+-]|%2[bB])', '/': String.raw`(?:\\{0,8}[/_]|%2[fF])`};
  const texts = [...base64s(secret).map(text => [...text].map(digit => loose[digit] ?? digit)), [...hexOf(secret)].map(anyCase)];
  return texts.map(digits => digits.join(MAYBE_BREAK));
}

function base64s(secret) {
  return [0, 1, 2].map(before => {
    const bytes = Buffer.from('\0'.repeat(before) + secret);
    return bytes.toString('base64').slice(Math.ceil(before * 8 / 6), Math.floor(bytes.length * 8 / 6));
  });
}

const hexOf = secret => Buffer.from(secret).toString('hex');

const anyCase = hex => hex.replace(/[a-f]/g, digit => `[${digit}${digit.toUpperCase()}]`);

const literal = character => character.replace(/[$()*+./?[\\\]^{|}-]/, String.raw`\$&`);

// A text that is too long to be shown in full may end within the token.
function withoutBeginning(text, secret) {
  const [first, ...others] = text.split(/(\u2026|\\u2026)/);
  if (others.length === 0) return text;
  let shown = '';
  for (const part of [first, ...others]) {
    if (part === '…' || part === '\\u2026') shown = cutOff(shown, secret);
    shown += part;
  }
  return shown;
}

function cutOff(text, secret) {
  for (let length = secret.length - 1; length >= FEWEST; length--) {
    if (text.endsWith(secret.slice(0, length))) return `${text.slice(0, -length)}***`;
  }
  return text;
}
