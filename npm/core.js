// The door to the core: JSON text in, JSON text out. Everything that is decided is decided behind it.
import {isBytes, isPlain, lossOf} from './loss.js';
import * as door from './wasm/core.js';

export {door};

export function plan(call) {
  const loss = lossOf(call);
  if (!loss) return JSON.parse(ask(call));
  return {...JSON.parse(door.plan(NOT_UTF8)), summary: door.printable(encoder.encode(`the call cannot be read: ${loss}`))};
}

export function observe(call) {
  if (lossOf(call)) return [];
  const parts = beside(call);
  return JSON.parse(parts ? door.observe_beside(...parts) : door.observe(bytes(call)));
}

/** The command line that carries `call.action` out, safe to paste; empty where the call cannot be read. */
export const commandLine = call => lossOf(call) ? '' : door.command_line(bytes(call));

export const version = door.version();

const encoder = new TextEncoder();
const NOT_UTF8 = Uint8Array.of(0xff);

// What is wrong with a call is said of it as it came.
function ask(call) {
  const parts = beside(call);
  const answer = parts && door.plan_beside(...parts);
  return !answer || answer.startsWith('{"decision":"error","reason":"bad_call"') ? door.plan(bytes(call)) : answer;
}

const LONG = 65_536;

// Kosli's list of thousands of environments is megabytes: it goes beside the call, and is not quoted into it and read out again.
function beside(call) {
  const whole = contentOf(call);
  const observed = contentOf(whole?.observed);
  const found = contentOf(observed?.environments);
  const place = ['body', 'stdout'].find(key => typeof found?.[key] === 'string' && found[key].length >= LONG);
  if (!place || !found[place].isWellFormed()) return undefined;
  const rest = {...whole, observed: {...observed, environments: {...found, [place]: ''}}};
  return [bytes(rest), encoder.encode(found[place])];
}

// What JSON has of an object: what is its own, read once. Nothing of what JSON writes in another way.
const contentOf = object => object && isPlain(object) && typeof object.toJSON !== 'function' ? {...object} : undefined;

// A text, or bytes, reach the core as they are. Of anything else, its JSON: a text with half a surrogate pair, which an encoder
// would put right by a guess, is left for the core to refuse.
function bytes(call) {
  if (isBytes(call)) return call;
  const text = typeof call === 'string' ? call : JSON.stringify(call);
  return text.isWellFormed() ? encoder.encode(text) : NOT_UTF8;
}
