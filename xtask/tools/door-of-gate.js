// The core in the one file, beside the program (parts.js): as a text V8 would read it twice, letter by letter. It is there three times, as a
// gate without a policy runs it and as one with a policy does (gate-module.mjs), and whole.
import * as glue from 'freeze.js';

let started; // which of them

// What a gate's module lacks, the whole one is asked, from the beginning.
const asked = ask => (...given) => {
  if (started !== 'whole') {
    try {
      startGate(given);
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
export const version = () => NODEPLOY_VERSION; // for which nothing has to be started

// By a guess from the text of its call: where that is wrong, something is missing.
function startGate([call]) {
  if (started === 'policy') return;
  const name = Buffer.from(call.buffer, call.byteOffset, call.length).includes('"policy":{') ? 'policy' : 'gate';
  if (name === started) return;
  start(name === 'policy' ? nodeploy_unpacked(name) : nodeploy_aside(name));
  started = name;
}

function startWhole() {
  started = undefined; // one that has ended in the middle of a call is asked nothing more
  const code = nodeploy_unpacked('whole');
  nodeploy_whole('started', () => start(code));
  started = 'whole';
}

function start(code) {
  glue.initSync({module: Buffer.concat([code, nodeploy_aside('data')])});
}
