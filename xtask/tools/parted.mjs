// A wasm module in two: its code with what that needs, and its data. The modules of one core have the same data.

const DATA = 11; // the section's number
const HEADER = 8;

/** `{code, data}`, which one after the other are the module. */
export function parted(wasm) {
  for (let at = HEADER; at < wasm.length;) {
    if (wasm[at] === DATA) return {code: wasm.subarray(0, at), data: wasm.subarray(at)};
    let [length, shift] = [0, 0];
    do length |= (wasm[++at] & 0x7F) << shift; while (shift += 7, wasm[at] & 0x80);
    at += length + 1;
  }
  throw new Error('the module has no data');
}
