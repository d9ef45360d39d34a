// Bytes that are not UTF-8: a calendar folded within a character, which is put right, or another encoding, which is named.
import {isUtf8} from 'node:buffer';

// The beginning of a character in UTF-8, then a line's end and the one blank of a folded line, then what the character goes on with.
const SPLIT = /([\xC2-\xDF]|[\xE0-\xEF][\x80-\xBF]?|[\xF0-\xF4][\x80-\xBF]{0,2})((?:\r?\n|\r)[ \t])(?=[\x80-\xBF])/g;
const MOST_PIECES = 4; // of one character

/**
 * RFC 5545, 3.1, has lines folded anywhere, between two bytes of a character, too. Such a fold is moved in front of its character: what
 * is unfolded is the same, and each line keeps its number.
 */
export function foldedBetweenCharacters(bytes) {
  let text = bytes.toString('latin1');
  for (let piece = 1; piece < MOST_PIECES; piece++) text = text.replace(SPLIT, (_, begun, fold) => fold + begun);
  return Buffer.from(text, 'latin1');
}

/** `{trouble, advice}`: which encoding it is by the look of it, and how to make UTF-8 of it. */
export function notUtf8(bytes) {
  const packed = PACKED.find(({begins}) => begins.every((byte, index) => bytes[index] === byte));
  if (packed) return {trouble: `it is packed by ${packed.by}, and must be text`, advice: packed.advice};
  const encoding = unicode(bytes);
  if (encoding) return {trouble: `it is ${encoding} text, and must be UTF-8`, advice: convert(encoding)};
  const text = bytes.toString('latin1');
  if (bytes.includes(0)) return {trouble: `it is not UTF-8 text: line ${lineOf(text, bytes.indexOf(0))} has a NUL byte`, advice: 'export it again, as UTF-8'};
  const at = firstBroken(bytes);
  const line = lineOf(text, at);
  const byte = `0x${bytes[at].toString(16).toUpperCase()}`;
  // Where other characters are UTF-8, this is a damaged file rather than one in another encoding.
  if (/[\xC2-\xDF][\x80-\xBF]|[\xE0-\xEF][\x80-\xBF]{2}/.test(text)) return {trouble: `it is not UTF-8 text: line ${line} has a broken character (${byte})`, advice: 'export it again, as UTF-8'};
  const name = /[\x80-\x9F]/.test(text) ? 'Windows-1252' : 'Latin-1 or Windows-1252';
  return {trouble: `it is not UTF-8 text: by line ${line} (${byte}) it looks like ${name}`, advice: convert('Windows-1252')};
}

const lineOf = (text, at) => text.slice(0, at).split(/\r?\n|\r/).length;

// A server sends what it has packed, and a download keeps it so.
const PACKED = [
  {by: 'gzip', begins: [0x1F, 0x8B], advice: 'unpack it: gunzip < OLD > NEW; curl does so with --compressed'},
  {by: 'zip', begins: [0x50, 0x4B, 0x03, 0x04], advice: 'unpack it: unzip OLD'},
];

const convert = encoding => `export it as UTF-8, or convert it: iconv -f ${encoding.toUpperCase()} -t UTF-8 OLD > NEW`;

// By its byte order mark, or by the zeros beside ASCII.
function unicode(bytes) {
  const begins = (...mark) => mark.every((byte, index) => bytes[index] === byte);
  if (begins(0xFF, 0xFE, 0, 0) || begins(0, 0, 0xFE, 0xFF)) return 'UTF-32';
  if (begins(0xFF, 0xFE) || begins(0xFE, 0xFF)) return 'UTF-16';
  const isText = byte => byte >= 0x20 && byte < 0x7F;
  const [first, second, third, fourth] = bytes;
  if (isText(first) && second === 0 && isText(third) && fourth === 0) return 'UTF-16LE';
  if (first === 0 && isText(second) && third === 0 && isText(fourth)) return 'UTF-16BE';
  return undefined;
}

// Where the first byte is that no UTF-8 has there.
function firstBroken(bytes) {
  let [good, bad] = [0, bytes.length]; // the first `good` bytes are UTF-8 but for a character cut short, the first `bad` are not
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if ([0, 1, 2, 3].some(cut => isUtf8(bytes.subarray(0, Math.max(0, middle - cut))) && isBegun(bytes.subarray(middle - cut, middle)))) good = middle;
    else bad = middle;
  }
  return good;
}

const isBegun = ([first, ...others]) => first === undefined
  || ((first >= 0xE0 ? first < 0xF5 : first >= 0xC2 && others.length === 0) && (first >= 0xF0 || others.length < 2) && others.every(byte => byte >= 0x80 && byte < 0xC0));
