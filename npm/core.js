// The door to the core: JSON text in, JSON text out. Everything that is decided is decided behind it.
import {lossOf} from './loss.js';
import * as door from './wasm/core.js';

export {door};

export function plan(call) {
  const loss = lossOf(call);
  if (!loss) return JSON.parse(door.plan(bytes(call)));
  return {...JSON.parse(door.plan(NOT_UTF8)), summary: door.printable(encoder.encode(`the call cannot be read: ${loss}`))};
}

export const observe = call => lossOf(call) ? [] : JSON.parse(door.observe(bytes(call)));

/** The command line that carries `call.action` out, safe to paste; empty where the call cannot be read. */
export const commandLine = call => lossOf(call) ? '' : door.command_line(bytes(call));

export const version = door.version();

const encoder = new TextEncoder();
const NOT_UTF8 = Uint8Array.of(0xff);

// A text, or bytes, reach the core as they are. Of anything else, its JSON: a text with half a surrogate pair, which an encoder
// would put right by a guess, is left for the core to refuse.
function bytes(call) {
  if (call instanceof Uint8Array) return call;
  const text = typeof call === 'string' ? call : JSON.stringify(call);
  return text.isWellFormed() ? encoder.encode(text) : NOT_UTF8;
}
