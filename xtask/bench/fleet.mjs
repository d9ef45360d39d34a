// Many environments: `overview` of 5 MB beside V8's own reading of the same bytes; `status` over 10,000 of them and `on` over 200, on a
// local Kosli.
import {fork} from 'node:child_process';
import {once} from 'node:events';
import http from 'node:http';
import {readFileSync} from 'node:fs';
import path from 'node:path';
import {kosliHttp, plan, run, runMany} from '../../npm/index.js';
import {door} from '../../npm/core.js';
import {openLocal} from '../../npm/local/index.js';
import {duration, folder, ratioRow, row, time} from './report.mjs';

const file = name => readFileSync(path.join(folder, name), 'utf8');
const list = file('list.json');
const native = JSON.parse(file('native.json'));
const megabytes = (list.length / 1e6).toFixed(1);
const isFrozen = ({tags}) => Object.keys(tags).some(key => key === 'nodeploy' || key.startsWith('nodeploy.'));
const utf8 = new TextEncoder();
const read = answer => {
  if (answer.decision !== 'proceed') throw new Error(`an overview was expected, and it says ${answer.decision}`);
};
// As Kosli's list comes: bytes, beside a call with a place for it.
const bytes = name => {
  const {observed: {environments: {body, ...rest}, ...others}, ...call} = JSON.parse(file(`${name}.call.json`));
  const parts = [JSON.stringify({...call, observed: {...others, environments: {...rest, body: ''}}}), body].map(text => utf8.encode(text));
  return () => read(JSON.parse(door.plan_beside(...parts)));
};
const text = name => {
  const call = JSON.parse(file(`${name}.call.json`));
  return () => read(plan(call));
};
const [v8, wasm, fromText, windows] = fastest(60, [() => JSON.parse(list).filter(isFrozen), bytes('list'), text('list'), bytes('windows')]);
ratioRow({what: `overview, ${megabytes} MB, native at opt-level 3 / V8 parse and filter`, ours: native.list, theirs: v8, limit: 1});
ratioRow({what: '  the same, wasm in Node, from its bytes to an object', ours: wasm, theirs: v8, limit: 1.8});
ratioRow({what: '  the same, from a text of JavaScript', ours: fromText, theirs: v8});
row({what: '  with 10 windows, native', measured: duration(native.windows), limit: duration(25), used: native.windows / 25});
row({what: '  with 10 windows, wasm in Node', measured: duration(windows)});

// 10,000 environments: a process of its own, whose memory is its own.
const many = await served(10_000, 'many');
const status = fork(new URL('fleet-status.mjs', import.meta.url), [many.url, many.token], {stdio: ['ignore', 'inherit', 'inherit', 'ipc']});
const [{took, memory, rows}] = await once(status, 'message');
if (rows !== 10_000) throw new Error(`the table has ${rows} rows`);
row({what: 'status over 10,000 environments: reads', measured: String(many.asked.length), limit: '1', used: many.asked.length});
row({what: '  time, and memory at the most', measured: `${memory} MB`, outOf: duration(took), limit: '300 MB', used: memory / 300});
await many.close();

// 200 environments: until the last alarm is up.
const action = {type: 'on', reason: 'payments down', by: 'steve'};
const side = await served(200, 'side');
let begun = performance.now();
let alarm = 0;
await runMany({action}, {kosli: side.kosli, environments: ['*'], onEvent({type, item}) {
  if (type === 'result' && item.type === 'tag_environment') alarm = performance.now() - begun;
}});
await side.close();
const single = await served(200, 'row');
begun = performance.now();
let last = 0;
for (const environment of single.names) {
  await run({environment, action}, {kosli: single.kosli, onEvent({type, item}) {
    if (type === 'result' && item.type === 'tag_environment') last = performance.now() - begun;
  }});
}
await single.close();
ratioRow({what: 'on over 200, until the last alarm is up, side by side / one after the other', ours: alarm, theirs: last});

/** The least that each work takes, of so many rounds in turns: what the machine can, whatever else it is doing. */
function fastest(rounds, works) {
  const least = works.map(() => Infinity);
  for (let round = 0; round < rounds; round++) works.forEach((work, index) => { least[index] = Math.min(least[index], time(work)); });
  return least;
}

/** A local Kosli with so many environments, over HTTP, that answers as late as one far away. */
async function served(count, name, delay = count > 1000 ? 0 : 20) {
  const local = await openLocal({dir: path.join(folder, name), org: 'acme'});
  const names = Array.from({length: count}, (_, number) => `prod-${String(number).padStart(5, '0')}`);
  await Promise.all(names.map(each => local.send({request: {method: 'PUT', path: '/api/v2/environments/acme', json: {name: each, type: 'K8S', description: ''}}})));
  const asked = [];
  const server = http.createServer((request, response) => {
    asked.push(request.url);
    setTimeout(() => local.handle(request, response), delay);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${server.address().port}`;
  const kosli = kosliHttp({host: url, org: 'acme', token: local.token});
  return {url, token: local.token, names, asked, kosli, async close() {
    await kosli.close();
    server.close();
    server.closeAllConnections();
    await local.close();
  }};
}
