// Runs a script through the module as the command line holds it, in two parts; ../README.md says what a script is.
import {readFileSync} from 'node:fs';
import {brotliDecompressSync} from 'node:zlib';
import {runScript} from '../node/script.js';

const LIFE = 50; // calls of one instance: whichever function is the first that its gate's part lacks

const built = name => readFileSync(new URL(`../../../npm/wasm/${name}`, import.meta.url));
const [gate, rest] = [built('gate.wasm'), brotliDecompressSync(built('rest.wasm.br'))].map(bytes => new WebAssembly.Module(bytes));

let calls = 0;
let exports; // of the instance

await runScript((name, input) => {
  if (calls++ % LIFE === 0) exports = instance();
  const place = exports.__wbindgen_malloc(input.length, 1);
  new Uint8Array(exports.memory.buffer).set(input, place);
  const [at, length] = exports[name](place, input.length);
  const answer = Buffer.from(exports.memory.buffer.slice(at, at + length));
  exports.__wbindgen_free(at, length, 1);
  return answer;
});

function instance() {
  const glue = {
    __wbindgen_init_externref_table() {},
    load: () => new WebAssembly.Instance(rest, {'./freeze_bg.js': exports}),
  };
  ({exports} = new WebAssembly.Instance(gate, {'./freeze_bg.js': glue}));
  exports.__wbindgen_start();
  return exports;
}
