// The module in two parts, beside the program in the one file (parts.js): as a text V8 would read it twice, letter by letter.
import {initSync} from 'freeze.js';

initSync({module: aside('gate')});

export * from 'freeze.js';

/** Puts the rest beside what a gate runs, whose exports these are. It is packed: to read over it takes longer than a gate has. */
export function load(exports) {
  const rest = require('node:zlib').brotliDecompressSync(aside('rest'));
  new WebAssembly.Instance(new WebAssembly.Module(rest), {'./freeze_bg.js': exports});
}

function aside(name) {
  return Buffer.from(nodeploy_aside(name), 'base64');
}
