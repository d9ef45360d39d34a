// What JSON would leave out of a call without a word: a policy that is `undefined`, or that nobody has waited for, opens a gate.

const DEEPEST = 200;

/** What is lost, in words that begin with its place; `undefined` if nothing is, as of a text or bytes. */
export const lossOf = call => typeof call === 'string' || isBytes(call) ? undefined : lossIn(call, '', 0);

function lossIn(value, place, depth) {
  const name = place === '' ? 'it' : `\`${place}\``;
  if (typeof value?.toJSON === 'function') return lossIn(value.toJSON(), place, depth + 1);
  switch (typeof value) {
    case 'string': case 'boolean': return undefined;
    case 'undefined': return `${name} is undefined; leave it out, or give it a value`;
    case 'number': return Number.isFinite(value) ? undefined : `${name} is ${value}, which JSON does not have`;
    case 'object': break;
    default: return `${name} is a ${typeof value}, which JSON does not have`;
  }
  if (value === null) return undefined;
  if (depth > DEEPEST) return `${name} is nested too deeply`;
  if (typeof value.then === 'function') return `${name} is a Promise: await it`;
  if (!Array.isArray(value) && !isPlain(value)) return `${name} is ${kindOf(value)}, of which JSON keeps little; make it a plain object`;
  for (const key of keysOf(value)) {
    // The raw results of reads may lack what Kosli has not sent: the core knows.
    const loss = place === '' && key === 'observed' ? undefined : lossIn(value[key], inside(place, key), depth + 1);
    if (loss) return loss;
  }
  return undefined;
}

function kindOf(value) {
  const kind = value.constructor?.name;
  return kind && kind !== 'Object' ? `a ${kind}` : 'an object that inherits from another one';
}

const keysOf = value => Array.isArray(value) ? value.keys() : Object.keys(value); // holes of a list, too

const inside = (place, key) => typeof key === 'number' ? `${place}[${key}]` : place === '' ? key : `${place}.${key}`;

/** Whether it is bytes, also of another realm: in a test of jsdom's, those of Node are. */
export const isBytes = value => ArrayBuffer.isView(value) && value[Symbol.toStringTag] === 'Uint8Array';

/** Whether it is an object like `{}`, also one of another realm. */
export function isPlain(object) {
  const prototype = Object.getPrototypeOf(object);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
