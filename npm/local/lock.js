// One process at a time, by a lock that the kernel holds on the open file and drops when its holder dies, however it dies.
// So there is no stale lock: nothing to recognise by a pid (which may have been reused, or belong to another container),
// nothing to take over, and no race between two that take over.
import {spawn} from 'node:child_process';
import {closeSync, constants, openSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {setTimeout as sleep} from 'node:timers/promises';

/**
 * Opens `file` for reading and writing, creating it if need be, and locks it. Closing the descriptor unlocks it.
 *
 * While another process holds the lock, tries again for `wait` milliseconds, then rejects naming that process.
 */
export async function openLocked(file, {wait = 0, retryAfter = 50} = {}) {
  const deadline = performance.now() + wait;
  for (;;) {
    const descriptor = await tryToLock(file);
    if (descriptor !== undefined) {
      writeFileSync(noteOf(file), `${process.pid}\n`);
      return descriptor;
    }
    const left = deadline - performance.now();
    if (left <= 0) throw new Busy(file, wait);
    // Not all at once: those who wait have often begun together.
    await sleep(Math.min(left, retryAfter * (0.5 + Math.random())));
  }
}

/** Closes a descriptor of `openLocked`. */
export function closeLocked(file, descriptor) {
  rmSync(noteOf(file), {force: true});
  closeSync(descriptor);
}

class Busy extends Error {
  code = 'busy';

  constructor(file, wait) {
    const waited = wait > 0 ? ` after ${wait / 1000} s` : '';
    super(`\`${file}\` is still in use by ${holderOf(file)}${waited}; let it finish, stop it, or use another folder`);
  }
}

// Who holds the lock is for people only: nothing is decided by it, so it may be out of date for a moment.
const noteOf = file => `${file}.pid`;

function holderOf(file) {
  try {
    const pid = readFileSync(noteOf(file), 'utf8').trim();
    if (/^\d+$/.test(pid)) return `process ${pid}`;
  } catch {}
  return 'another process';
}

const tryToLock = file => {
  switch (process.platform) {
    case 'linux': case 'android': return lockByProgram(file);
    // O_EXLOCK of <fcntl.h>: open(2) and flock(2) in one.
    case 'darwin': case 'freebsd': case 'openbsd': case 'netbsd': return lockByOpening(file, 0x20 | constants.O_NONBLOCK);
    // UV_FS_O_EXLOCK of libuv: nobody else may open the file.
    case 'win32': return lockByOpening(file, 0x1000_0000);
    default: throw new Error(`the local Kosli cannot lock a file on ${process.platform}`);
  }
};

const readWriteCreate = constants.O_RDWR | constants.O_CREAT;

async function lockByOpening(file, exclusively) {
  try {
    return openSync(file, readWriteCreate | exclusively, 0o600);
  } catch (error) {
    if (['EAGAIN', 'EWOULDBLOCK', 'EBUSY'].includes(error.code)) return undefined;
    throw error;
  }
}

// Linux has neither flag, and Node no flock(2); the program flock(1) of util-linux and busybox calls it on a descriptor
// that it inherits. The lock belongs to the open file, which is ours: it stays when the program has ended.
async function lockByProgram(file) {
  const descriptor = openSync(file, readWriteCreate, 0o600);
  try {
    if (await flock(descriptor)) return descriptor;
  } catch (error) {
    closeSync(descriptor);
    throw new Error(`\`${file}\` cannot be locked: ${error.message}`, {cause: error});
  }
  closeSync(descriptor);
  return undefined;
}

function flock(descriptor) {
  return new Promise((resolve, reject) => {
    const program = spawn('flock', ['-x', '-n', '3'], {stdio: ['ignore', 'ignore', 'pipe', descriptor]});
    let complaint = '';
    program.stderr.setEncoding('utf8').on('data', text => { complaint += text; });
    program.once('error', error => {
      reject(error.code === 'ENOENT' ? new Error('the program `flock` is missing (install util-linux)') : error);
    });
    program.once('close', (code, signal) => {
      if (code === 0) resolve(true);
      // "Somebody else has it" is the one failure without a word.
      else if (code === 1 && complaint === '') resolve(false);
      else reject(new Error(`\`flock\` failed (${signal ?? code}): ${complaint.trim()}`));
    });
  });
}
