// Gates that put their verdict on record, killed at each request, and eight at once while somebody freezes and lifts: no verdict says
// the opposite of its gate's exit code, and nobody passes who is not on record.
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {test} from 'node:test';
import {fileURLToPath} from 'node:url';
import './disk.js';
import {kosliHttp, run} from '../../npm/index.js';
import {startLocal} from '../../npm/local/index.js';
import {rounds, spread} from './command.js';
import {DEATHS} from './deaths.js';
import {FAULTS} from './faults.js';
import {proxy} from './proxy.js';
import {turns} from './turns.js';

const GATE = fileURLToPath(new URL('gate.js', import.meta.url));
const isThorough = rounds >= 50;

/** A gate's process: `{child, ended}`. */
function gate(name, env, idle = 60_000) {
  const child = spawn(process.execPath, [GATE, name, 'true', 'payments/4f1c2ab', idle], {env, stdio: ['ignore', 'pipe', 'pipe']});
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', text => { output += text; });
  return {child, ended: new Promise(resolve => child.once('close', (code, signal) => resolve({code, signal, output})))};
}

/** A local Kosli with `prod-aws`, frozen if asked for, and a deployment's trail. */
async function kosli({frozen}) {
  const folder = mkdtempSync(join(tmpdir(), 'nodeploy-faults-'));
  const server = await startLocal({dir: join(folder, 'kosli'), org: 'acme', user: 'ci'});
  const write = (method, path, more) => server.send({request: {method, path: `/api/v2/${path}`, ...more}});
  const form = (name, ...more) => ({form: [{name: 'data_json', value: JSON.stringify({name})}, ...more]});
  await write('PUT', 'environments/acme', {json: {name: 'prod-aws', type: 'server', description: ''}});
  await write('PUT', 'flows/acme/template_file', form('payments', {name: 'template_file', filename: 'template.yml', value: 'version: 1'}));
  await write('PUT', 'trails/acme/payments', form('4f1c2ab'));
  let id;
  if (frozen) id = (await run({environment: 'prod-aws', action: {type: 'on', reason: 'why', by: 'steve'}}, {kosli: server})).last.action.id;
  const said = async path => JSON.parse((await server.send({request: {method: 'GET', path: `/api/v2/attestations/acme/${path}`}})).body);
  const env = {KOSLI_HOST: server.url, KOSLI_ORG: 'acme', KOSLI_API_TOKEN: server.token, NODEPLOY_ENV: 'prod-aws', PATH: process.env.PATH, HOME: folder};
  return {
    server, env,
    /** Oldest first: `[run, is_compliant]`. */
    verdicts: async () => (await said('payments/trail/4f1c2ab/nodeploy-prod-aws')).reverse().map(one => [one.annotations.run, one.is_compliant]),
    refusals: async () => (await said(`prod-aws-nodeploy/trail/${id}/nodeploy-refused`)).map(({annotations}) => annotations.run),
    async close() {
      await server.close();
      rmSync(folder, {recursive: true});
    },
  };
}

const latestOf = (verdicts, name) => verdicts.findLast(([run]) => run === name)?.[1];

for (const frozen of [false, true]) {
  test(`a gate that is ${frozen ? 'closed' : 'open'}, killed at each request, then again`, async t => {
    const whole = await kosli({frozen});
    const way = await proxy(t, whole.server.url);
    assert.equal((await gate('77', {...whole.env, KOSLI_HOST: way.url}).ended).code, frozen ? 1 : 0);
    const requests = way.requests.map(({method}) => method);
    await whole.close();
    const deaths = requests.flatMap((method, index) => Object.keys(DEATHS).filter(death => method !== 'GET' || death === 'before Kosli has it').map(death => ({number: index + 1, death})));
    assert.ok(requests.filter(method => method === 'POST').length === (frozen ? 2 : 1), requests.join(' '));
    let repeated = 0;
    await spread(deaths, 2, async ({number, death}) => {
      const told = `killed at request ${number} of ${requests.length}, ${death}`;
      const closing = [];
      const {server, env, verdicts, refusals, close} = await kosli({frozen});
      const between = await proxy({after: end => closing.push(end)}, server.url);
      const first = gate('77', {...env, KOSLI_HOST: between.url});
      const arrival = [];
      const kill = () => {
        first.child.kill('SIGKILL');
        return first.ended;
      };
      between.meddle = async exchange => {
        if (exchange.number === number) return DEATHS[death](exchange, kill, arrival);
        exchange.answer(await exchange.forward());
      };
      assert.equal((await first.ended).signal, 'SIGKILL', told);
      between.meddle = undefined;
      for (const late of [false, true]) {
        if (late && arrival.length === 0) break;
        if (late) for (const forward of arrival) await forward();
        const {code, output} = await gate('77', env).ended;
        assert.equal(code, frozen ? 1 : 0, `${told}\n${output}`);
        assert.equal(latestOf(await verdicts(), '77'), !frozen, told);
      }
      const all = await verdicts();
      assert.ok(all.every(([, passes]) => passes === !frozen), `${told}: ${JSON.stringify(all)}`);
      const more = all.length - 1 + (frozen ? (await refusals()).length - 1 : 0);
      assert.ok(more <= arrival.length, `${told}: ${more} are on record again`);
      repeated += more;
      for (const end of closing) end();
      await close();
    });
    t.diagnostic(`${deaths.length} deaths at ${requests.length} requests (${requests.join(' ')}); ${repeated} said twice, all by requests that arrived late`);
  });
}

test(`a Kosli that misbehaves at each request of a gate${isThorough ? '' : ' (one in 6; NODEPLOY_ROUNDS)'}`, async t => {
  const tally = {0: 0, 1: 0, 2: 0};
  let drawn = 0;
  for (const frozen of [false, true]) {
    const faults = Object.entries(FAULTS).flatMap(([what, fault]) => Array.from({length: frozen ? 6 : 4}, (_, index) => ({what, ...fault, number: index + 1})));
    await spread(faults.filter(() => isThorough || drawn++ % 6 === 0), 4, async ({what, befall, isSilent, number}) => {
      const closing = [];
      const {server, env, verdicts, close} = await kosli({frozen});
      const between = await proxy({after: end => closing.push(end)}, server.url);
      between.meddle = async exchange => exchange.number === number ? befall(exchange) : exchange.answer(await exchange.forward());
      const {code, output} = await gate('77', {...env, KOSLI_HOST: between.url}, isSilent ? 1000 : undefined).ended;
      const told = `${frozen ? 'closed' : 'open'}, the answer to request ${number} ${what}: exit ${code}\n${output}`;
      assert.ok(code === 0 ? !frozen : code === 1 ? frozen : code === 2, told);
      if (code === 0) assert.equal(latestOf(await verdicts(), '77'), true, told);
      // A refusal that could not be written is told, and nothing else stands there.
      if (code === 1) assert.notEqual(latestOf(await verdicts(), '77'), true, told);
      tally[code]++;
      for (const end of closing) end();
      await close();
    });
  }
  t.diagnostic(`exit codes ${JSON.stringify(tally)}`);
});

const times = Math.ceil(rounds * (isThorough ? 0.5 : 0.6));

test(`eight gates at once, while somebody freezes and lifts (${times} rounds; NODEPLOY_ROUNDS)`, async t => {
  const tally = {passed: 0, refused: 0, verdicts: 0, turned: 0, refusals: 0};
  for (let round = 0; round < times; round++) {
    const {server, env, verdicts, refusals, close} = await kosli({frozen: round % 2 === 1});
    const closing = [];
    const names = Array.from({length: 8}, (_, index) => `${round}.${index}`);
    const {urls, ended} = await turns({after: end => closing.push(end)}, server.url, 9);
    // Who freezes and lifts is one of those that take turns.
    const meddling = (async () => {
      const hand = kosliHttp({host: urls[8], org: 'acme', token: server.token, retries: 0});
      for (const type of round % 2 === 1 ? ['off', 'on'] : ['on', 'off']) {
        await run({environment: 'prod-aws', action: {type, by: 'eve', reason: 'meanwhile', ...(type === 'off' && {freezes: 'all'})}}, {kosli: hand});
      }
      await hand.close();
      ended(8);
    })();
    const outcomes = await Promise.all(names.map((name, index) => gate(name, {...env, KOSLI_HOST: urls[index]}).ended.then(outcome => {
      ended(index);
      return outcome;
    })));
    await meddling;
    const all = await verdicts();
    tally.verdicts += all.length;
    for (const [index, {code, output}] of outcomes.entries()) {
      const told = `round ${round}, gate ${index}: exit ${code}\n${output}\n${JSON.stringify(all)}`;
      assert.ok(code === 0 || code === 1, told);
      assert.equal(latestOf(all, names[index]), code === 0, told);
      tally[code === 0 ? 'passed' : 'refused']++;
      tally.turned += all.filter(([name]) => name === names[index]).length - 1;
    }
    if (round % 2 === 1) {
      const recorded = await refusals();
      assert.equal(new Set(recorded).size, recorded.length, 'once for each use');
      tally.refusals += recorded.length;
    }
    for (const end of closing) end();
    await close();
  }
  t.diagnostic(JSON.stringify(tally));
});
