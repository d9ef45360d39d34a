// Whether a long history makes a gate dearer: what `assert` asks a local Kosli after 100 ended freezes (a full page of
// them) and after 100,000.
import {once} from 'node:events';
import http from 'node:http';
import path from 'node:path';
import {kosliHttp, run} from '../../npm/index.js';
import {openLocal} from '../../npm/local/index.js';
import {duration, folder, median, row} from './report.mjs';

const few = 100;
const many = 100_000;

const young = await gate(path.join(folder, 'young'), few);
const old = await gate(path.join(folder, 'old'), many);
const same = JSON.stringify(young.asked) === JSON.stringify(old.asked);
row({
  what: `reads of a gate after ${many.toLocaleString('en')} ended freezes / after ${few}`,
  measured: `${old.asked.length}`, outOf: `${old.asked.length} / ${young.asked.length}, ${same ? 'the same' : 'others'}`,
  limit: '2', used: same ? old.asked.length / 2 : Infinity,
});
row({what: '  beside it: time of such a gate within one process', measured: duration(old.took), outOf: `${duration(old.took)} / ${duration(young.took)}`});

/** What a gate asks, and how long it takes, when so many freezes have ended. */
async function gate(dir, freezes) {
  const local = await openLocal({dir, org: 'acme'});
  await fill(local, freezes);
  let asked = [];
  const server = http.createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    local.handle(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const kosli = kosliHttp({host: `http://127.0.0.1:${server.address().port}`, org: local.org, token: local.token});
  const times = [];
  for (let round = 0; round < 20; round++) {
    asked = [];
    const begun = performance.now();
    const {decision, summary} = await run({environment: 'prod-aws', action: {type: 'assert'}}, {kosli});
    times.push(performance.now() - begun);
    if (decision !== 'proceed') throw new Error(`the gate should let pass: ${summary}`);
  }
  await kosli.close();
  server.close();
  server.closeAllConnections();
  await local.close();
  return {asked, took: median(times)};
}

async function fill(local, freezes) {
  const flow = 'prod-aws-nodeploy';
  const write = async (method, path, content) => {
    const {status, body} = await local.send({request: {method, path: `/api/v2/${path}`, ...content}});
    if (status !== 200 && status !== 201) throw new Error(`${method} ${path}: ${status} ${body}`);
  };
  const form = (data, ...files) => ({form: [{name: 'data_json', value: JSON.stringify(data)}, ...files]});
  await write('PUT', 'environments/acme', {json: {name: 'prod-aws', type: 'K8S', description: ''}});
  await write('PUT', 'flows/acme/template_file', form({name: flow, description: ''}, {name: 'template_file', filename: 'template.yml', value: 'version: 1'}));
  for (let first = 0; first < freezes; first += 1000) {
    const ids = Array.from({length: Math.min(1000, freezes - first)}, (_, index) => idOf(first + index));
    await Promise.all(ids.map(id => write('PUT', `trails/acme/${flow}`, form({name: id}))));
    for (const name of ['nodeploy-on', 'nodeploy-off']) {
      const data = {attestation_name: name, user_data: {}, description: 'a freeze of long ago', is_compliant: true};
      await Promise.all(ids.map(id => write('POST', `attestations/acme/${flow}/trail/${id}/generic`, form(data))));
    }
    if (first % 20_000 === 0 && freezes === many) console.log(`${first.toLocaleString('en')} of ${freezes.toLocaleString('en')} freezes on record`);
  }
}

/** Trails' names an hour apart, each by the same holder. */
function idOf(index) {
  const begun = new Date(Date.UTC(2010) + index * 3_600_000);
  return `${begun.toISOString().slice(0, 19).replaceAll(':', '.')}~steve`;
}
