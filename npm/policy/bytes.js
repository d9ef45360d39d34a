// A small file of text, or what is wrong with it. It is read at once: for any other way Node has to load more than a gate has time for.
import {isUtf8} from 'node:buffer';
import {closeSync, constants, fstatSync, openSync, readSync, realpathSync, statSync} from 'node:fs';
import {isAbsolute, relative, sep} from 'node:path';
import {foldedBetweenCharacters, notUtf8} from './encoding.js';

const MOST_BYTES = 1024 * 1024;

/**
 * `{text}` or `{trouble, advice}`, words that go on after the file's name. No link may lead it out of the folder `within`.
 * `isFolded`: its lines may be folded as a calendar's are, also within a character.
 */
export function readText(path, {within, isFolded = false} = {}) {
  let bytes;
  try {
    bytes = bytesOf(within === undefined ? path : pathWithin(within, path));
  } catch (error) {
    return {trouble: error instanceof Trouble ? error.message : words(error), advice: error.advice};
  }
  if (isFolded && !isUtf8(bytes)) bytes = foldedBetweenCharacters(bytes);
  if (!isUtf8(bytes) || bytes.includes(0)) return notUtf8(bytes);
  return {text: bytes.toString().replace(/^\uFEFF/, '')};
}

class Trouble extends Error {
  constructor(message, advice) {
    super(message);
    this.advice = advice;
  }
}

function pathWithin(folder, path) {
  const real = realpathSync.native(path);
  const inside = relative(realpathSync.native(folder), real);
  if (inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside)) throw new Trouble("it is a link that leads out of the policy's folder");
  return real;
}

// All of it, as it was at one moment: half of a policy may still read as one.
function bytesOf(path) {
  checkKind(statSync(path)); // to open a device may already do something
  const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0));
  try {
    const before = fstatSync(file, {bigint: true});
    checkKind(before); // it may have been put in its place just now
    if (before.size > MOST_BYTES) throw new Trouble('it is larger than 1 MiB', 'of a calendar export only what is still to come; a policy can be split into two');
    const bytes = Buffer.alloc(Number(before.size) + 1);
    let length = 0;
    for (let more = 1; more > 0 && length < bytes.length; length += more) {
      more = readSync(file, bytes, length, bytes.length - length, null);
    }
    const after = fstatSync(file, {bigint: true});
    if (length !== Number(before.size) || after.size !== before.size || after.mtimeNs !== before.mtimeNs) throw new Trouble('it changed while it was read');
    return bytes.subarray(0, length);
  } finally {
    closeSync(file);
  }
}

function checkKind(found) {
  if (found.isFile()) return;
  const kind = found.isDirectory() ? 'folder' : found.isFIFO() ? 'pipe' : found.isSocket() ? 'socket' : 'device';
  throw new Trouble(`it is a ${kind}, not a file`);
}

function words({code, message}) {
  switch (code) {
    case 'ENOENT': case 'ENOTDIR': return 'there is no such file';
    case 'EISDIR': return 'it is a folder, not a file';
    case 'EACCES': case 'EPERM': return 'this user may not read it';
    case 'ELOOP': return 'its links lead in a circle';
    case 'ENAMETOOLONG': return 'no file has so long a name';
    default: return message;
  }
}
