// Exceptions with real processes: no more than its uses pass, whoever races, dies or misbehaves; who passes is on record.
import assert from 'node:assert/strict';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as later} from 'node:timers/promises';
import {test} from 'node:test';
import {kosliHttp, run} from '../../npm/index.js';
import {startLocal} from '../../npm/local/index.js';
import {program, skip} from '../kosli/cli.js';
import {nodeploy, rounds, spread} from './command.js';
import {DEATHS} from './deaths.js';
import {COMMIT, checkUses, except, gate, prepared, uses} from './excepted.js';
import {FAULTS} from './faults.js';
import {proxy} from './proxy.js';
import {ENVIRONMENT, stage, theatre} from './scenes.js';

const isThorough = rounds >= 50;
const VIAS = [
  {via: 'http', place: [], options: {}, races: isThorough ? 100 : 2, share: isThorough ? 1 : 5},
  {via: 'cli', place: ['--via', 'cli', '--program', program], options: {skip}, races: isThorough ? 20 : 1, share: isThorough ? 2 : 20},
];
const USES = 3;
const RIVALS = 8;

for (const {via, place, options, races} of VIAS) {
  test(`eight rivals, three uses, via ${via} (${races} rounds; NODEPLOY_ROUNDS)`, options, async t => {
    const folder = mkdtempSync(join(tmpdir(), 'nodeploy-faults-'));
    const server = await startLocal({dir: join(folder, 'kosli'), org: 'acme', user: 'ci'});
    t.after(async () => {
      await server.close();
      rmSync(folder, {recursive: true});
    });
    const kosli = kosliHttp({host: server.url, org: 'acme', token: server.token});
    t.after(() => kosli.close());
    const way = await proxy(t, server.url);
    way.meddle = async exchange => {
      await later(Math.random() * 60); // nobody is served before the others for being first
      exchange.answer(await exchange.forward());
    };
    const env = {KOSLI_HOST: way.url, KOSLI_ORG: 'acme', KOSLI_API_TOKEN: server.token, PATH: process.env.PATH, HOME: folder};
    const tally = {passed: 0, refused: 0, claims: 0};
    for (let round = 0; round < races; round++) {
      const environment = `e${round}`;
      await server.send({request: {method: 'PUT', path: '/api/v2/environments/acme', json: {name: environment, type: 'server', description: ''}}});
      await except({kosli, environment, uses: USES});
      const go = name => nodeploy(['-e', environment, ...gate(name), ...place], env).ended;
      const names = Array.from({length: RIVALS}, (_, index) => `rival-${index}`);
      const outcomes = await Promise.all(names.map(go));
      const told = `round ${round}`;
      for (const [index, {code, stdout, stderr}] of outcomes.entries()) assert.ok([0, 1].includes(code), `${told}, ${names[index]}: ${code}\n${stdout}${stderr}`);
      const passed = names.filter((_, index) => outcomes[index].code === 0);
      const record = await uses(server, environment);
      checkUses(record, passed, USES, told);
      assert.equal(passed.length, USES, `${told}: nobody was cut, and ${passed} pass`);
      tally.passed += passed.length;
      tally.refused += outcomes.filter(({code}) => code === 1).length;
      tally.claims += record.claims.length;
      if (round > 0) continue;
      // A job that is run again is the same use; one that was refused stays so.
      for (const name of names) assert.equal((await go(name)).code, passed.includes(name) ? 0 : 1, `${told}: ${name} again`);
      assert.deepEqual(await uses(server, environment), record, `${told}: run again, they write nothing`);
    }
    t.diagnostic(`via ${via}: ${races} rounds, ${JSON.stringify(tally)}`);
  });

  test(`a claiming gate killed at each request passes once, via ${via}`, options, async t => {
    const scenes = await excepted(t);
    const {requests} = await whole(t, scenes, place);
    const deaths = requests.flatMap((isWrite, index) =>
      Object.keys(DEATHS).filter(death => isWrite || death === 'before Kosli has it').map(death => ({number: index + 1, death, isWrite})));
    const chosen = deaths.filter(({isWrite}, index) => (isWrite && via === 'http') || index % (isThorough ? (via === 'http' ? 1 : 2) : 12) === 0);
    let late = 0;
    await spread(chosen, 4, async ({number, death}) => {
      const told = `killed at request ${number} of ${requests.length}, ${death}`;
      const {server, proxy: way, env, close} = await stage(t, scenes, 'excepted');
      const go = () => nodeploy([...gate('job'), ...place], env);
      const arrival = [];
      const first = go();
      const kill = () => {
        first.child.kill('SIGKILL');
        return first.ended;
      };
      way.meddle = async exchange => {
        if (exchange.number === number) return DEATHS[death](exchange, kill, arrival);
        exchange.answer(await exchange.forward());
      };
      assert.equal((await first.ended).signal, 'SIGKILL', told);
      way.meddle = undefined;
      checkUses(await uses(server), [], 1, told);
      const again = await go().ended;
      assert.equal(again.code, 0, `${told}\n${again.stdout}${again.stderr}`);
      for (const forward of arrival) await forward();
      const record = await uses(server);
      checkUses(record, ['job'], 1, told);
      late += record.claims.length + record.passes.length - 2;
      assert.ok(record.claims.length + record.passes.length - 2 <= arrival.length, `${told}: ${JSON.stringify(record)}`);
      const other = await nodeploy([...gate('another'), ...place], env).ended;
      assert.equal(other.code, 1, `${told}: its only use is taken\n${other.stdout}${other.stderr}`);
      await close();
    });
    t.diagnostic(`via ${via}: ${chosen.length} of ${deaths.length} deaths at ${requests.length} requests; ${late} attestations said twice, by requests that arrived late`);
  });

  test(`Kosli fails at each request of a claiming gate: it never passes, via ${via}`, options, async t => {
    const scenes = await excepted(t);
    const {requests} = await whole(t, scenes, place);
    const numbers = requests.map((_, index) => index + 1).filter(number => isThorough || number % (via === 'http' ? 4 : 12) === 1);
    const codes = {};
    await spread(numbers, 4, async number => {
      const {server, proxy: way, env, close} = await stage(t, scenes, 'excepted');
      way.meddle = async exchange => exchange.number >= number ? exchange.answer({status: 500, body: '{"message":"no"}'}) : exchange.answer(await exchange.forward());
      const {code, stdout, stderr} = await nodeploy([...gate('job'), ...place], env).ended;
      assert.ok(code === 1 || code === 2, `from request ${number} on: ${code}\n${stdout}${stderr}`);
      codes[code] = (codes[code] ?? 0) + 1;
      checkUses(await uses(server), [], 1, `from request ${number} on`);
      await close();
    });
    t.diagnostic(`via ${via}: ${numbers.length} of ${requests.length} requests, exit codes ${JSON.stringify(codes)}`);
  });
}

test('each fault at each request of a claiming gate: whoever passes is on record', async t => {
  const scenes = await excepted(t);
  const {requests} = await whole(t, scenes, []);
  const cases = requests.flatMap((_, index) => Object.entries(FAULTS).map(([what, fault]) => ({number: index + 1, what, fault})))
    .filter(({what}, index) => what !== 'never comes' && index % (isThorough ? 1 : 17) === 0);
  const decisions = {};
  await spread(cases, 4, async ({number, what, fault}) => {
    const {server, proxy: way, close} = await stage(t, scenes, 'excepted');
    way.meddle = async exchange => exchange.number === number ? fault.befall(exchange) : exchange.answer(await exchange.forward());
    const {decision, summary} = await atOnce({type: 'assert', claim: true, change: {commit: COMMIT}, run: 'job'}, way.url, server);
    const told = `the answer to request ${number} ${what}: ${decision}, ${summary}`;
    decisions[decision] = (decisions[decision] ?? 0) + 1;
    if (fault.isHarmless) assert.equal(decision, 'proceed', told);
    checkUses(await uses(server), decision === 'proceed' ? ['job'] : [], 1, told);
    way.meddle = undefined;
    if (decision !== 'proceed') {
      const again = await atOnce({type: 'assert', claim: true, change: {commit: COMMIT}, run: 'job'}, way.url, server);
      assert.equal(again.decision, 'proceed', `${told}; and again: ${again.summary}`);
    }
    await close();
  });
  t.diagnostic(`${cases.length} faults: ${JSON.stringify(decisions)}`);
});

test('with a token that only reads, a gate passes once a trusted job has claimed its use', async t => {
  const scenes = await excepted(t);
  const {server, proxy: way, env, close} = await stage(t, scenes, 'excepted');
  way.meddle = async exchange => exchange.isWrite
    ? exchange.answer({status: 403, body: '{"message":"You don\'t have permission to access this resource"}'}) : exchange.answer(await exchange.forward());
  const go = async (args, code, words, variables = env) => {
    const ended = await nodeploy(args, variables).ended;
    assert.equal(ended.code, code, `${args.join(' ')}\n${ended.stdout}${ended.stderr}`);
    assert.match(ended.stdout + ended.stderr, words);
  };
  const trusted = {...env, KOSLI_HOST: server.url};
  const claim = ['claim', '--change', `commit=${COMMIT}`, '--run', 'job'];
  await go(gate('job'), 2, /403.*permission/);
  await go(gate('job', []), 1, /nodeploy -e prod-aws claim .*--run job/);
  assert.ok(way.requests.filter(({method}) => method !== 'GET').length === 1, 'without --claim it tries no write');
  await go(claim, 2, /403/);
  await go(claim, 0, /nodeploy-claimed/, trusted);
  checkUses(await uses(server), ['job'], 1, 'claimed by the trusted job');
  const before = way.requests.length;
  await go(gate('job', []), 0, /ok/);
  assert.ok(way.requests.slice(before).every(({method}) => method === 'GET'));
  await go(gate('another', []), 1, /used|taken/);
  await close();
});

/** Frozen, with an exception for one use. */
async function excepted(t) {
  const scenes = await theatre(t, {});
  await prepared(join(scenes.folder, '0'));
  return {folder: scenes.folder, copy: () => scenes.copyOf('0')};
}

/** Which requests of the gate are writes, where nothing goes wrong. */
async function whole(t, scenes, place) {
  const {proxy: way, env, close} = await stage(t, scenes, 'excepted');
  const {code, stdout, stderr} = await nodeploy([...gate('job'), ...place], env).ended;
  assert.equal(code, 0, stdout + stderr);
  const requests = way.requests.map(({method}) => method !== 'GET');
  await close();
  return {requests};
}

// The two seconds pass at once.
async function atOnce(action, host, {org, token}) {
  const kosli = kosliHttp({host, org, token, retries: 0, env: {}, sleep: async () => {}});
  let passed = 0;
  const sleep = async milliseconds => { passed += milliseconds; };
  try {
    return await run({environment: ENVIRONMENT, action}, {kosli, sleep, clock: () => new Date(Date.now() + passed)});
  } finally {
    await kosli.close();
  }
}
