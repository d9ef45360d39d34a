// The door to the core: JSON text in, JSON text out. Everything that is decided is decided behind it.
import * as door from './wasm/core.js';

export {door};

export const plan = call => JSON.parse(door.plan(bytes(call)));
export const observe = call => JSON.parse(door.observe(bytes(call)));
export const version = door.version();

const encoder = new TextEncoder();
const NOT_UTF8 = Uint8Array.of(0xff);

// A text, or bytes, reach the core as they are. Of anything else, its JSON; `undefined` has none, and the core must still
// get something to refuse, as for a text with half a surrogate pair, which an encoder would put right by a guess.
function bytes(call) {
  if (call instanceof Uint8Array) return call;
  const text = typeof call === 'string' ? call : JSON.stringify(call) ?? 'null';
  return text.isWellFormed() ? encoder.encode(text) : NOT_UTF8;
}
