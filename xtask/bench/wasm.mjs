// The module in Node: a decision beside V8's own JSON of the same call, its memory, and a huge environment.
import {readFileSync} from 'node:fs';
import {initSync, plan as planBytes} from '../../npm/wasm/freeze.js';
import {interleaved, ratioRow, row} from './report.mjs';

const file = path => readFileSync(new URL(`../../${path}`, import.meta.url));
const {memory} = initSync({module: file('npm/wasm/freeze_bg.wasm')});
const call = name => file(`core/benches/${name}.json`).toString().trimEnd();
const utf8 = new TextEncoder();
const plan = text => planBytes(utf8.encode(text));
const json = text => JSON.stringify(JSON.parse(text));

for (const [name, decision] of [['open', 'proceed'], ['frozen', 'refuse']]) {
  const text = call(name);
  expect(plan(text), decision);
  const [ours, theirs] = interleaved(200, [() => repeat(100, plan, text), () => repeat(100, json, text)]);
  ratioRow({what: `plan, 1 KB, a gate that is ${name}, wasm in Node / V8 parse + stringify`, ours: ours / 100, theirs: theirs / 100, limit: 2.2});
}

const before = memory.buffer.byteLength;
repeat(100_000, plan, call('frozen'));
const grown = memory.buffer.byteLength - before;
row({what: 'memory of the module after 100,000 more calls', measured: `+${grown} bytes`, outOf: `${before / 1024} KB`, limit: '+0 bytes', used: grown > 0 ? Infinity : 0});

const huge = environment(50_000);
const hugeCall = JSON.stringify({...JSON.parse(call('open')), observed: {
  trails: {status: 200, body: '{"data":[],"pagination":{"total":0,"page":1,"per_page":100,"page_count":0}}'},
  environment: {status: 200, body: huge},
}});
expect(plan(hugeCall), 'proceed');
const [oursHuge, theirsHuge] = interleaved(15, [() => plan(hugeCall), () => JSON.parse(huge)]);
const megabytes = (huge.length / 1e6).toFixed(1);
ratioRow({what: `plan, ${megabytes} MB environment of 50,000 tags / V8 parse of it`, ours: oursHuge, theirs: theirsHuge, limit: 1});

/** An environment's document with as many tags, none of them a freeze. */
function environment(tags) {
  const entries = Array.from({length: tags}, (_, index) => [`team-${index}.setting`, `${'words and more '.repeat(5)}${index}`]);
  return JSON.stringify({org: 'acme', name: 'prod-aws', type: 'K8S', tags: Object.fromEntries(entries), policies: [], included_environments: null});
}

function repeat(count, work, value) {
  for (let index = 0; index < count; index++) work(value);
}

function expect(answer, decision) {
  if (JSON.parse(answer).decision !== decision) throw new Error(`this benchmark is about \`${decision}\`, and the answer is ${answer}`);
}
