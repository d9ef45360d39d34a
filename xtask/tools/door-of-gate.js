// The module in the one file, beside the program (parts.js): as a text V8 would read it twice, letter by letter. It is there twice, as a
// gate runs it (gate-module.mjs), and whole.
import * as glue from 'freeze.js';

let isWhole = false;
glue.initSync({module: aside('gate')});

// What the gate's module lacks, the whole one is asked, from the beginning. It is packed: to read over it takes longer than a gate has.
const asked = ask => (...given) => {
  if (!isWhole) {
    try {
      return ask(...given);
    } catch {
      glue.initSync({module: require('node:zlib').brotliDecompressSync(aside('whole'))});
      isWhole = true;
    }
  }
  return ask(...given);
};

export const command_line = asked(glue.command_line);
export const local_time = asked(glue.local_time);
export const observe = asked(glue.observe);
export const observe_beside = asked(glue.observe_beside);
export const plan = asked(glue.plan);
export const plan_beside = asked(glue.plan_beside);
export const printable = asked(glue.printable);
export const printable_json = asked(glue.printable_json);
export const shell_line = asked(glue.shell_line);
export const version = asked(glue.version);

function aside(name) {
  return Buffer.from(nodeploy_aside(name), 'base64');
}
