// The modules of gates answer as the whole one does, or end. Of gates like those that they were made from they answer nearly all.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import test from 'node:test';
import {asking, decided, KINDS} from '../../xtask/tools/gates.mjs';

const GLUE = {'./freeze_bg.js': {__wbindgen_init_externref_table() {}}};
const built = name => new WebAssembly.Module(readFileSync(new URL(`../wasm/${name}.wasm`, import.meta.url)));
const whole = started(built('freeze_bg'));

const OTHERS = Array.from({length: 60}, (_, index) => 1_000_000 + index); // than those that they were made from

for (const [kind, {policies}] of Object.entries(KINDS)) {
  const module = built(kind);

  test(`${kind}: gates that it was not made from`, () => {
    let [asked, ended] = [0, 0];
    for (const number of OTHERS) {
      let ask = started(module); // as each process does
      decided(number, policies, (name, text) => {
        asked++;
        const answer = whole(name, text);
        if (ask && !saysOrEnds(ask, name, text, answer)) {
          ended++;
          ask = undefined;
        }
        return answer;
      });
    }
    assert.ok(asked > 6 * OTHERS.length, `${asked} calls`);
    assert.ok(ended <= OTHERS.length / 10, `${ended} of ${OTHERS.length} ended`);
  });

  test(`${kind}: calls that are spoilt`, () => {
    let ask = started(module);
    for (const number of OTHERS) {
      let place = number;
      decided(number, policies, (name, text) => {
        place = Math.imul(place, 69_069) + 1 >>> 0;
        const at = place % text.length;
        for (const spoilt of [text.slice(0, at), text.slice(0, at) + text.slice(at + 1), `${text.slice(0, at)}"${text.slice(at)}`]) {
          if (!saysOrEnds(ask, name, spoilt, whole(name, spoilt))) ask = started(module);
        }
        return whole(name, text);
      });
    }
  });
}

function started(module) {
  const {exports} = new WebAssembly.Instance(module, GLUE);
  exports.__wbindgen_start();
  return asking(exports);
}

// Whether it has said this; one that has ended is asked nothing more.
function saysOrEnds(ask, name, text, answer) {
  let said;
  try {
    said = ask(name, text);
  } catch (error) {
    assert.ok(error instanceof WebAssembly.RuntimeError, error.message);
    return false;
  }
  assert.equal(said, answer, `${name} ${text}`);
  return true;
}
