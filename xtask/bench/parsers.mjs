// The parsers of a policy's file with texts made to keep them busy: each in proportion to its length, the slowest by name.
import {JSON_TEXTS, YAML} from '../../npm/test/hostile-texts.js';
import {parseJson} from '../../npm/policy/json.js';
import {parseYaml} from '../../npm/policy/yaml.js';
import {row} from './report.mjs';

const MOST = 1024 * 1024; // the longest file that is read
const LIMIT = 4000; // milliseconds; a step that is quadratic takes minutes

for (const [language, reader, texts] of [['YAML', parseYaml, YAML], ['JSON', parseJson, JSON_TEXTS]]) {
  const times = [];
  for (const [what, make] of Object.entries(texts)) {
    const text = make(MOST);
    const began = performance.now();
    try {
      await reader(text, () => { throw new RangeError('refused'); });
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
    times.push({what, time: performance.now() - began});
  }
  const [slowest] = times.sort((a, b) => b.time - a.time);
  row({what: `${language}, 1 MiB, the slowest of ${times.length} hostile texts: ${slowest.what}`, measured: `${slowest.time.toFixed(0)} ms`, outOf: 'nothing', limit: `${LIMIT} ms`, used: slowest.time / LIMIT});
}
