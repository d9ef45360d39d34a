// What a report costs: 50 environments with 1,000 freezes and 4,000 attestations in 90 days, on a local Kosli; and one of an
// environment in which nothing has ever happened.
import {fork} from 'node:child_process';
import {once} from 'node:events';
import http from 'node:http';
import path from 'node:path';
import {openLocal} from '../../npm/local/index.js';
import {duration, folder, row} from './report.mjs';

const environments = 50;
const freezes = 20; // in each
const HOUR = 3_600_000;
const from = Date.UTC(2026, 0, 1);
const to = from + 90 * 24 * HOUR;

let now = from;
const local = await openLocal({dir: path.join(folder, 'past'), org: 'acme', clock: () => new Date(now)});
await play();
const asked = [];
const server = http.createServer((request, response) => {
  asked.push(request.url);
  local.handle(request, response);
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');

const busy = await report('prod-*');
const all = environments * freezes;
const {totals} = busy;
if (totals.freezes !== all || totals.refused !== all || totals.failed || totals.deployments.unexplained !== all) {
  throw new Error(`a report of ${all} freezes, refusals and deployments was expected: ${JSON.stringify(totals)}`);
}
row({what: `report of ${environments} environments, ${all} freezes, ${4 * all} attestations, ${all} deployments: reads`, measured: String(busy.reads)});
row({what: '  time, and memory at the most', measured: `${busy.memory} MB`, outOf: duration(busy.took), limit: '300 MB', used: busy.memory / 300});
const idle = await report('idle');
row({what: 'report of an environment in which nothing happened: reads', measured: String(idle.reads), limit: '3', used: idle.reads / 3});
server.close();
server.closeAllConnections();
await local.close();

/** In a process of its own, whose memory is its own. */
async function report(...names) {
  asked.length = 0;
  const url = `http://127.0.0.1:${server.address().port}`;
  const child = fork(new URL('past-report.mjs', import.meta.url), [url, local.token, String(from), String(to), ...names], {stdio: ['ignore', 'inherit', 'inherit', 'ipc']});
  const [told] = await once(child, 'message');
  return {...told, reads: asked.length};
}

/** Each environment is frozen every 4 days: extended, refused to somebody who deploys all the same, lifted. */
async function play() {
  const names = Array.from({length: environments}, (_, number) => `prod-${String(number).padStart(2, '0')}`);
  for (const name of [...names, 'idle']) await write('PUT', 'environments/acme', {json: {name, type: 'K8S', description: ''}});
  for (const name of names) await write('PUT', 'flows/acme/template_file', form({name: `${name}-nodeploy`}, {name: 'template_file', filename: 'template.yml', value: 'version: 1'}));
  for (let freeze = 0; freeze < freezes; freeze++) {
    now = from + (freeze * 4 + 1) * 24 * HOUR;
    const id = `${new Date(now).toISOString().slice(0, 19).replaceAll(':', '.')}~steve`;
    const each = work => Promise.all(names.map(work));
    const attest = (name, description, annotations) => each(environment => write('POST', `attestations/acme/${environment}-nodeploy/trail/${id}/generic`,
      form({attestation_name: name, user_data: {}, description, annotations, is_compliant: true})));
    await each(environment => write('PUT', `trails/acme/${environment}-nodeploy`, form({name: id})));
    await attest('nodeploy-on', 'database migration', {by: 'steve'});
    now += HOUR;
    await attest('nodeploy-on', 'database migration, and it takes longer', {by: 'steve'});
    await attest('nodeploy-refused', 'x', {run: String(freeze), change: `commit=${'4f1c'.repeat(10)}`, reason: 'frozen'});
    now += HOUR;
    const digest = String(freeze).padStart(64, '0');
    const artifacts = [{digests: {[`registry/shop:${freeze}`]: digest}, creationTimestamp: now / 1000 - 20, podName: 'shop-0', namespace: 'shop', owners: []}];
    await each(environment => write('PUT', `environments/acme/${environment}/report/K8S`, {json: {artifacts}}));
    now += HOUR;
    await attest('nodeploy-off', 'done', {by: 'steve'});
  }
  now = to;
  await Promise.all([...names, 'idle'].map(name => write('PUT', `environments/acme/${name}/report/K8S`, {json: {artifacts: []}})));
}

async function write(method, at, content) {
  const {status, body} = await local.send({request: {method, path: `/api/v2/${at}`, ...content}});
  if (status > 201) throw new Error(`${method} ${at}: ${status} ${body}`);
}

function form(data, ...files) {
  return {form: [{name: 'data_json', value: JSON.stringify(data)}, ...files]};
}
