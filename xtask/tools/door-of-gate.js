// The module in the one file, beside the program (parts.js): as a text V8 would read it twice, letter by letter. It is there twice, as a
// gate runs it (gate-module.mjs), and whole.
import * as glue from 'freeze.js';

let isWhole = false;
startGate();

// What the gate's module lacks, the whole one is asked, from the beginning.
const asked = ask => (...given) => {
  if (!isWhole) {
    try {
      return ask(...given);
    } catch {
      startWhole();
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

function startGate() {
  glue.initSync({module: aside('gate')});
}

// It is packed: to read over it takes longer than a gate has.
function startWhole() {
  try {
    glue.initSync({module: require('node:zlib').brotliDecompressSync(aside('whole'))});
    isWhole = true;
  } catch (error) {
    startGate(); // one that has ended in the middle of a call is asked nothing more
    throw Object.assign(new Error(`the core in ${__filename} cannot be started: ${error.message}`), {advice: 'is the file whole? install it again'});
  }
}

function aside(name) {
  return Buffer.from(nodeploy_aside(name) ?? '', 'base64');
}
