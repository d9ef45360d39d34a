// A policy of many freeze windows in Node: the calls that core/benches/windows asked natively, beside V8's JSON of the
// policy alone, and what a whole gate computes.
import {readFileSync} from 'node:fs';
import path from 'node:path';
import {run} from '../../npm/index.js';
import {initSync, plan as planBytes} from '../../npm/wasm/freeze.js';
import {duration, folder, interleaved, median, ratioRow, row, time} from './report.mjs';

initSync({module: readFileSync(new URL('../../npm/wasm/freeze_bg.wasm', import.meta.url))});
const utf8 = new TextEncoder();
const plan = text => planBytes(utf8.encode(text));
const file = name => readFileSync(path.join(folder, `${name}.json`), 'utf8');

for (const state of ['open', 'closed']) {
  for (const size of [10, 1000]) {
    const text = file(`${size}-${state}.call`);
    if (plan(text) !== file(`${size}-${state}.answer`)) throw new Error(`the native core and the module answer \`${size}-${state}\` with other bytes`);
    const policy = JSON.stringify(JSON.parse(text).policy);
    const repeats = 1000 / size;
    const [ours, theirs] = interleaved(40, [() => repeat(repeats, plan, text), () => repeat(repeats, JSON.parse, policy)]).map(took => took / repeats);
    const limit = size === 1000 && {limit: duration(6), used: ours / 6};
    row({what: `plan, freeze windows: ${size}, ${state}, wasm in Node`, measured: duration(ours), outOf: `${duration(ours / size)} each`, ...limit});
    ratioRow({what: `  / V8 parse of its policy alone, ${(policy.length / 1000).toFixed(1)} KB`, ours, theirs});
  }
}

// Every look at Kosli hands the whole call over again.
const {now, policy, observed, settings: {org}} = JSON.parse(file('1000-open.call'));
const kosli = {org, send: async ({as}) => observed[as]};
const clock = () => new Date(now);
const times = [];
for (let round = -5; round < 20; round++) {
  const begun = performance.now();
  const {decision, summary} = await run({environment: 'prod-aws', action: {type: 'assert'}, policy}, {kosli, clock});
  if (decision !== 'proceed') throw new Error(`the gate should let pass: ${summary}`);
  if (round >= 0) times.push(performance.now() - begun);
}
row({what: '  beside it: what a whole gate computes, 1000 windows, open', measured: duration(median(times)), outOf: `${duration(time(() => JSON.stringify(policy)))} to write the policy once`});

function repeat(count, work, value) {
  for (let index = 0; index < count; index++) work(value);
}
