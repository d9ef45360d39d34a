// Streams that break: a log's disk is full, a terminal or a reader is gone. The work goes on, and a gate does not pass unheard.
import {closeSync} from 'node:fs';
import {isatty} from 'node:tty';

let isLost = false;

/** From here on an error of stdout or stderr ends nothing. */
export function watchStreams() {
  for (const stream of [process.stdout, process.stderr]) {
    const wasTerminal = terminals.includes(stream.fd);
    stream.once('error', ({code}) => { isLost ||= !hasLeft(code, wasTerminal); }); // those after the first only say that the stream is closed
    stream.on('error', () => {});
  }
}

// Node puts a terminal back as it was when it ends, and aborts where that terminal is gone; what was closed it leaves alone.
const terminals = [0, 1, 2].filter(descriptor => isatty(descriptor));
process.on('exit', () => {
  for (const descriptor of terminals) if (!isatty(descriptor)) closed(descriptor);
});

function closed(descriptor) {
  try {
    closeSync(descriptor);
  } catch {
    // It was closed already, which is all that is wanted.
  }
}

/** Whether somebody who still wants to read it misses what was said: the disk of a log is full. */
export const isUnheard = () => isLost;

// `nodeploy status | head -1`, or a terminal that was closed: nobody is there any more, and nobody is misled.
const hasLeft = (code, wasTerminal) => code === 'EPIPE' || (code === 'EIO' && wasTerminal);
