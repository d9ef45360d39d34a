// The journal: one JSON line for each accepted write, on disk before the write is answered.
//
// Every line ends with a sum over itself and the sum of the line before, so that a changed, missing, repeated or foreign
// line is noticed wherever it is. A line counts once its newline is there: what follows the last newline was cut short
// by a crash, has never been answered, and is dropped.
import {createHash} from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import {promisify} from 'node:util';
import {closeLocked, openLocked} from './lock.js';

const version = 1;

/**
 * Opens the journal `file`, replays it through `apply(entry)` and returns it, ready for `append(entry)`.
 *
 * `head` is written into a new journal's first line; an existing one's is found in `journal.head`.
 * One process has a journal open at a time; see `openLocked` for `wait`.
 */
export async function openJournal(file, {head, apply, wait, onWarning}) {
  const descriptor = await openLocked(file, {wait});
  try {
    const journal = new Journal(file, descriptor);
    journal.replay(apply, onWarning);
    if (journal.head === undefined) await journal.begin(head);
    return journal;
  } catch (error) {
    closeLocked(file, descriptor);
    throw error;
  }
}

class Journal {
  head;
  #file;
  #descriptor;
  #length = 0; // bytes up to and with the last newline
  #sum = '';
  #batch; // lines that wait for the batch before them to be on disk
  #onDisk = Promise.resolve();
  #closed = false;

  constructor(file, descriptor) {
    this.#file = file;
    this.#descriptor = descriptor;
  }

  replay(apply, onWarning) {
    const bytes = fs.readFileSync(this.#descriptor);
    for (let number = 1, end; (end = bytes.indexOf(0x0A, this.#length)) !== -1; number++) {
      this.#replayLine(bytes.subarray(this.#length, end), number, apply);
      this.#length = end + 1;
    }
    const torn = bytes.subarray(this.#length);
    if (torn.length === 0) return;
    // Somebody else's file is not ours to cut.
    if (this.head === undefined && !isCut(torn, beginning)) throw damage(this.#file, 1, 'it does not begin a journal');
    onWarning(`${this.#file}: dropped the last ${torn.length} bytes, a line cut short before it was answered`);
    fs.ftruncateSync(this.#descriptor, this.#length);
    fs.fsyncSync(this.#descriptor);
  }

  #replayLine(bytes, number, apply) {
    try {
      const {text, sum} = unseal(bytes);
      if (sum !== sumOf(this.#sum, text)) throw new Error('its sum does not fit');
      this.#sum = sum;
      const entry = JSON.parse(text);
      if (number > 1) apply(entry);
      else if (entry.journal !== 'nodeploy local') throw new Error('it does not begin a journal');
      else if (entry.version !== version) throw new Error(`it is of version ${entry.version}, this program reads ${version}`);
      else this.head = entry;
    } catch (error) {
      throw damage(this.#file, number, error.message);
    }
  }

  async begin(head) {
    this.head = {journal: 'nodeploy local', version, ...head};
    await this.append(this.head);
    syncFolder(path.dirname(this.#file));
  }

  /** Resolves once `entry` is on disk. After one failure all fail: what is on disk is then unknown. */
  append(entry) {
    this.#mustBeOpen();
    if (this.#batch === undefined) {
      this.#batch = [];
      this.#onDisk = this.#onDisk.then(() => this.#flush()); // not after a failure
      this.#onDisk.catch(() => {}); // everyone who waits hears of it, and nobody may be waiting
    }
    const text = JSON.stringify(entry);
    this.#sum = sumOf(this.#sum, text);
    this.#batch.push(seal(text, this.#sum));
    return this.#onDisk;
  }

  /** Resolves once everything appended so far is on disk, where it will be found again. */
  async settled() {
    await this.#onDisk;
    this.#mustBeOpen(); // or another process may have gone on
    if (!this.#isInPlace()) throw new Error(`${this.#file} was removed or replaced while it was open; nothing is answered any more: start again`);
  }

  /** Unlocks the journal, once everything appended is on disk. */
  async close() {
    if (this.#closed) return;
    this.#closed = true;
    await this.#onDisk.catch(() => {});
    closeLocked(this.#file, this.#descriptor);
  }

  // What is written to a file that has no name any more is gone with its process.
  #isInPlace() {
    const [open, named] = [fs.fstatSync(this.#descriptor, {bigint: true}), fs.statSync(this.#file, {bigint: true, throwIfNoEntry: false})];
    return named?.ino === open.ino && named.dev === open.dev;
  }

  #mustBeOpen() {
    if (this.#closed) throw new Error(`${this.#file} was closed`);
  }

  // Everything that arrived during the last flush goes to disk in one.
  async #flush() {
    const bytes = Buffer.from(this.#batch.join(''));
    this.#batch = undefined;
    try {
      for (let done = 0; done < bytes.length;) {
        const {bytesWritten} = await write(this.#descriptor, bytes, done, bytes.length - done, this.#length + done);
        done += bytesWritten;
      }
      await fsync(this.#descriptor);
    } catch (error) {
      throw new Error(`${this.#file} could not be written (${error.message}); nothing is answered any more: free or replace the disk and start again`, {cause: error});
    }
    this.#length += bytes.length;
  }
}

const beginning = '{"journal":"nodeploy local",';

// Whether `bytes` are the beginning of a line that begins with `text`. A crash can leave zeros where data was to come.
const isCut = (bytes, text) => {
  const found = bytes.toString('latin1', 0, text.length).replace(/\0+$/, '');
  return text.startsWith(found);
};

const damage = (file, number, what) => new Error(`${file}:${number}: this line is damaged (${what}); restore the file from a backup, or use another folder`);

// By name at the time of the call, so that a test can make the disk fail.
const fsync = descriptor => promisify(fs.fsync)(descriptor);
const write = (...parameters) => promisify(fs.write)(...parameters);

const sumOf = (previous, text) => createHash('sha256').update(previous).update(text).digest('hex').slice(0, 16);

// The sum is the line's last member: {"a":1} becomes {"a":1,"sum":"…"}, which is JSON again.
const seal = (text, sum) => `${text.slice(0, -1)},"sum":"${sum}"}\n`;

const utf8 = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true});

function unseal(bytes) {
  const line = utf8.decode(bytes);
  const match = /,"sum":"([0-9a-f]{16})"}$/.exec(line);
  if (match === null) throw new Error('it does not end with a sum');
  return {text: `${line.slice(0, match.index)}}`, sum: match[1]};
}

/** Makes a folder's list of names durable: without it a power cut may lose a new file that was itself flushed. */
export function syncFolder(folder) {
  if (process.platform === 'win32') return; // folders cannot be opened there; NTFS journals their names itself
  const descriptor = fs.openSync(folder, 'r');
  try {
    fs.fsyncSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}
