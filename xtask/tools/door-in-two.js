// The module in two parts, both as comments in a function that nothing calls: in a comment V8 looks for the end alone, a text it would
// read twice, letter by letter. Bun keeps no comments; there the file is read once more.
import {initSync} from 'freeze.js';

initSync({module: aside('gate')});

export * from 'freeze.js';

/** Puts the rest beside what a gate runs, whose exports these are. It is packed: to read over it takes longer than a gate has. */
export function load(exports) {
  const rest = require('node:zlib').brotliDecompressSync(aside('rest'));
  new WebAssembly.Instance(new WebAssembly.Module(rest), {'./freeze_bg.js': exports});
}

function aside(name) {
  const found = text => new RegExp(`/\\*${name}:([^*]+)`).exec(text)?.[1];
  return Buffer.from(found(String(nodeploy_aside)) ?? found(require('node:fs').readFileSync(__filename, 'latin1')), 'base64');
}
