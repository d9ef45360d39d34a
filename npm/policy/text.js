// A small file of text, or what is wrong with it.
import {isUtf8} from 'node:buffer';
import {open} from 'node:fs/promises';

const MOST_BYTES = 1024 * 1024;

/** `{text}` or `{trouble}`, words that go on after the file's name. */
export async function readText(path) {
  let bytes;
  try {
    bytes = await firstBytes(path, MOST_BYTES + 1);
  } catch (error) {
    return {trouble: words(error)};
  }
  if (bytes.length > MOST_BYTES) return {trouble: 'it is larger than 1 MiB'};
  if (!isUtf8(bytes)) return {trouble: 'it is not UTF-8 text'};
  return {text: bytes.toString().replace(/^\uFEFF/, '')};
}

// No more of it than that: it may be a device without an end.
async function firstBytes(path, most) {
  const file = await open(path);
  try {
    const bytes = Buffer.alloc(most);
    let length = 0;
    while (length < most) {
      const {bytesRead} = await file.read(bytes, length, most - length, null);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return bytes.subarray(0, length);
  } finally {
    await file.close();
  }
}

function words({code, message}) {
  switch (code) {
    case 'ENOENT': case 'ENOTDIR': return 'there is no such file';
    case 'EISDIR': return 'it is a folder, not a file';
    case 'EACCES': case 'EPERM': return 'this user may not read it';
    default: return message;
  }
}
