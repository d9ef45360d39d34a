// Runs a script through the modules of the command line, that of a gate and the whole one; ../README.md says what a script is.
import {readFileSync} from 'node:fs';
import {brotliDecompressSync} from 'node:zlib';
import {runScript} from '../node/script.js';

const built = name => readFileSync(new URL(`../../../npm/wasm/${name}`, import.meta.url));
const [gate, whole] = [built('gate.wasm'), brotliDecompressSync(built('freeze_bg.wasm.br'))].map(bytes => new WebAssembly.Module(bytes));

const GLUE = {'./freeze_bg.js': {__wbindgen_init_externref_table() {}}};
const instances = new Map();

// Each call comes to the gate's module first. Where that ends, nothing more is asked of it: a new one is for the next call.
await runScript((name, input) => {
  try {
    return answered(gate, name, input);
  } catch {
    instances.delete(gate);
    return answered(whole, name, input);
  }
});

function answered(module, name, input) {
  if (!instances.has(module)) {
    const {exports} = new WebAssembly.Instance(module, GLUE);
    exports.__wbindgen_start();
    instances.set(module, exports);
  }
  const exports = instances.get(module);
  const place = exports.__wbindgen_malloc(input.length, 1);
  new Uint8Array(exports.memory.buffer).set(input, place);
  const [at, length] = exports[name](place, input.length);
  const answer = Buffer.from(exports.memory.buffer.slice(at, at + length));
  exports.__wbindgen_free(at, length, 1);
  return answer;
}
