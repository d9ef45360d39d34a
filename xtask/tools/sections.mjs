// A wasm module by its sections.

const HEADER = 8;
export const CODE = 10;
export const DATA = 11;

/** `[{id, begin, content}]`: where each begins, and what it holds. */
export function sections(wasm) {
  const all = [];
  for (let at = HEADER; at < wasm.length;) {
    const begin = at;
    const id = wasm[at++];
    let [length, shift] = [0, 0];
    do {
      length += (wasm[at] & 127) * 2 ** shift;
      shift += 7;
    } while (wasm[at++] & 128);
    all.push({id, begin, content: wasm.subarray(at, at + length)});
    at += length;
  }
  return all;
}

/** `{code, data}`, which one after the other are the module: what comes before its data, and that with what follows. The modules of one core have the same data. */
export function parted(wasm) {
  const {begin} = sections(wasm).find(({id}) => id === DATA);
  return {code: wasm.subarray(0, begin), data: wasm.subarray(begin)};
}
