// Commands to paste: quoted by the core.
import {door} from '../core.js';

const encoder = new TextEncoder();

/** One line for a POSIX shell, safe to paste, that runs exactly this `argv`. */
export const shellLine = argv => door.shell_line(encoder.encode(argv.join('\0'))); // no argument has a NUL
