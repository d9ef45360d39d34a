// What reads text of others takes time in proportion to its length: twice the text, twice the steps, counted by V8 itself.
import assert from 'node:assert/strict';
import {Session} from 'node:inspector/promises';
import test from 'node:test';
import {JSON_TEXTS, YAML} from './hostile-texts.js';
import {parseJson} from '../policy/json.js';
import {parseYaml} from '../policy/yaml.js';

const PARSERS = /\/npm\/policy\/|\/node_modules\/yaml\//;

class Refused extends Error {}
const refuse = (offset, words) => { throw new Refused(words); };

async function read(reader, text) {
  try {
    await reader(text, refuse);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
  }
}

/** How often all blocks of the parsers' code were entered. */
async function steps(session, reader, text) {
  await session.post('Profiler.takePreciseCoverage'); // from zero
  await read(reader, text);
  const {result} = await session.post('Profiler.takePreciseCoverage');
  const blocks = result.filter(({url}) => PARSERS.test(url)).flatMap(({functions}) => functions).flatMap(({ranges}) => ranges);
  return blocks.reduce((sum, {count}) => sum + count, 0);
}

for (const [language, reader, texts] of [['YAML', parseYaml, YAML], ['JSON', parseJson, JSON_TEXTS]]) {
  for (const [what, make] of Object.entries(texts)) {
    test(`${language}: ${what}`, async t => {
      const session = new Session();
      session.connect();
      t.after(() => session.disconnect());
      await session.post('Profiler.enable');
      await session.post('Profiler.startPreciseCoverage', {callCount: true, detailed: true});
      await read(reader, make(1000)); // what is loaded once
      const once = await steps(session, reader, make(10_000));
      const twice = await steps(session, reader, make(20_000));
      assert.ok(once > 0);
      assert.ok(twice < 2.2 * once + 100, `${once} steps, of twice as much ${twice}`);
    });
    // Regular expressions take steps of their own, which nobody counts: this ends, or the test does not.
    test(`${language}: ${what}, 256 KiB`, () => read(reader, make(256 * 1024)));
  }
}
