// Runs a script through the modules of the command line, those of gates and the whole one; ../README.md says what a script is.
import {readFileSync} from 'node:fs';
import {runScript} from '../node/script.js';

const built = name => readFileSync(new URL(`../../../npm/wasm/${name}`, import.meta.url));
const [gate, policy, whole] = ['gate', 'policy', 'freeze_bg'].map(name => new WebAssembly.Module(built(`${name}.wasm`)));

const GLUE = {'./freeze_bg.js': {__wbindgen_init_externref_table() {}}};
const instances = new Map();

// Each call comes to both modules of gates: they answer as the whole one does, or end. One that has ended is asked nothing more: a new one is
// for the next call.
await runScript((name, input) => {
  const answer = answered(whole, name, input);
  for (const module of [gate, policy]) {
    const said = answeredOr(module, name, input);
    if (said && !said.equals(answer)) return said; // which no other host says
  }
  return answer;
});

function answeredOr(module, name, input) {
  try {
    return answered(module, name, input);
  } catch {
    instances.delete(module);
    return undefined;
  }
}

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
