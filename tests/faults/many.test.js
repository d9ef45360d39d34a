// `on` over fifty environments: killed at any moment, with members that come, go and change their names, and a Kosli that
// has had enough. Run again, all are frozen: no alarm down, nothing on record twice.
import assert from 'node:assert/strict';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {test} from 'node:test';
import {kosliHttp, runMany} from '../../npm/index.js';
import {startLocal} from '../../npm/local/index.js';
import {nodeploy, rounds} from './command.js';
import {proxy} from './proxy.js';
import {essence, facts} from './scenes.js';

const COUNT = 50;
const NAMES = Array.from({length: COUNT}, (_, number) => `prod-${String(number).padStart(2, '0')}`);
const LOGICAL = 'production';
const REQUESTS = COUNT * 8; // of a whole run: two reads, four writes, two reads more

/** Fifty environments, one that is made of all of them, and one beside; a proxy in front, and the variables that lead there. */
async function fleet(t) {
  const folder = mkdtempSync(join(tmpdir(), 'nodeploy-many-'));
  const server = await startLocal({dir: folder, org: 'acme', user: 'alice'});
  const ask = (method, path, json) => server.send({request: {method, path: `/api/v2/environments/acme${path}`, json}});
  for (const name of [...NAMES, 'beside']) await ask('PUT', '', {name, type: 'server', description: ''});
  await ask('PUT', '', {name: LOGICAL, type: 'logical', description: '', included_environments: NAMES});
  const closing = [];
  const way = await proxy({after: close => closing.push(close)}, server.url);
  const env = {KOSLI_HOST: way.url, KOSLI_ORG: 'acme', KOSLI_API_TOKEN: server.token, NODEPLOY_BY: 'steve', PATH: process.env.PATH, HOME: folder};
  const kosli = kosliHttp({host: server.url, org: 'acme', token: server.token});
  const gate = environments => runMany({action: {type: 'status'}}, {kosli, environments});
  let closed;
  const close = () => closed ??= (async () => {
    await kosli.close();
    for (const each of closing) each();
    await server.close();
    rmSync(folder, {recursive: true, force: true});
  })();
  t.after(close); // also of a round that fails: a server that is left keeps the test from ending
  return {server, proxy: way, env, ask, gate, close};
}

const ON = ['-r', 'payments down', 'on'];

/** Each of `names` is frozen once, by tag and by record, and nothing is left to mend. */
async function allFrozen({server, gate}, names, told) {
  for (const {environment, reason, last} of (await gate(names)).outcomes) {
    assert.deepEqual([reason, last.freezes.length, last.warnings], ['frozen', 1, []], `${told}: ${environment}`);
  }
  for (const name of names) {
    const {state, repeated} = essence(await facts(server, name));
    const records = Object.values(state.records);
    assert.deepEqual([repeated, records.length, records[0]?.on.length, records[0]?.off.length, state.counts.tags], [0, 1, 1, 0, 2], `${told}: ${name}`);
  }
}

// Of what is left to chance: the same every time.
function chance(seed) {
  let state = Math.imul(seed, 2_654_435_761);
  return below => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return Math.floor((state >>> 0) / 2 ** 32 * below);
  };
}

test(`killed at any moment, then again: ${COUNT} are frozen`, async t => {
  const moments = [];
  for (let round = 0; round < rounds; round++) {
    const dice = chance(round + 1);
    const world = await fleet(t);
    const at = 1 + dice(REQUESTS);
    const isHeard = dice(2) === 0;
    const told = `round ${round}, killed at request ${at}`;
    const first = nodeploy(['-e', 'prod-*', ...ON], world.env);
    const onTheirWay = new Set();
    world.proxy.meddle = async exchange => {
      if (exchange.number === at) {
        if (isHeard) await exchange.forward();
        first.child.kill('SIGKILL');
        return exchange.cut();
      }
      const forwarded = exchange.forward();
      onTheirWay.add(forwarded);
      exchange.answer(await forwarded);
    };
    const {signal, code} = await first.ended;
    assert.ok(signal === 'SIGKILL' || code === 0, told);
    await Promise.allSettled(onTheirWay);
    world.proxy.meddle = undefined;

    // Every alarm goes up before any record begins: whatever is on record, the gate sees, and so do old gates.
    const {outcomes} = await world.gate(['prod-*']);
    const recorded = await Promise.all(NAMES.map(async name => Object.keys((await facts(world.server, name)).records).length > 0));
    for (const [index, {environment, reason, last}] of outcomes.entries()) {
      if (recorded[index]) assert.deepEqual([reason, last.warnings.some(({code}) => code === 'signal_down')], ['frozen', false], `${told}: ${environment}`);
    }
    if (recorded.some(Boolean)) assert.ok(outcomes.every(({reason}) => reason === 'frozen'), `${told}: a record has begun, and not every alarm is up`);

    const again = await nodeploy(['-e', 'prod-*', ...ON], world.env).ended;
    assert.equal(again.code, 0, `${told}\n${again.stdout}${again.stderr}`);
    await allFrozen(world, NAMES, told);
    moments.push(`${at}${recorded.some(Boolean) ? 'r' : ''}`);
    await world.close();
  }
  t.diagnostic(`${rounds} rounds, killed at request ${moments.join(', ')} (r: records had begun)`);
});

test('members join, leave, are archived and renamed meanwhile', async t => {
  for (let round = 0; round < rounds; round++) {
    const dice = chance(round + 1000);
    const world = await fleet(t);
    const [left, archived, renamed] = [NAMES[dice(15)], NAMES[15 + dice(15)], NAMES[30 + dice(15)]];
    const told = `round ${round}: ${left} left, ${archived} was archived, ${renamed} renamed`;
    const members = NAMES.filter(name => ![left, archived].includes(name)).map(name => name === renamed ? 'renamed' : name);
    const changes = [
      () => world.ask('PUT', `/${LOGICAL}/join`, {physical_env_name: 'beside'}),
      async () => {
        const {included_environments: now} = JSON.parse((await world.ask('GET', `/${LOGICAL}`)).body);
        await world.ask('PUT', '', {name: LOGICAL, type: 'logical', description: '', included_environments: now.filter(name => name !== left)});
      },
      () => world.ask('PUT', `/${archived}/archive`, null),
      () => world.ask('PUT', `/${renamed}/rename`, {new_name: 'renamed'}),
    ];
    const when = changes.map(() => 1 + dice(REQUESTS));
    world.proxy.meddle = async ({number, forward, answer}) => {
      for (const [index, change] of changes.entries()) if (when[index] === number) await change();
      answer(await forward());
    };
    await nodeploy(['-e', LOGICAL, ...ON], world.env).ended;
    world.proxy.meddle = undefined;
    for (const [index, change] of changes.entries()) if (when[index] > world.proxy.requests.length) await change();
    // Somebody sees that one is gone, takes it out, and says it again; a cron job would do with `sync`.
    await world.ask('PUT', '', {name: LOGICAL, type: 'logical', description: '', included_environments: [...members, 'beside']});
    for (const args of [ON, ['sync']]) {
      const {code, stdout, stderr} = await nodeploy(['-e', LOGICAL, ...args], world.env).ended;
      assert.equal(code, 0, `${told}\n${stdout}${stderr}`);
    }
    const {decision, outcomes} = await world.gate([LOGICAL]);
    assert.equal(decision, 'refuse', told);
    assert.deepEqual(outcomes.map(({environment}) => environment).sort(), [LOGICAL, 'beside', ...members].sort(), told);
    for (const {environment, reason, last} of outcomes) {
      assert.equal(reason, 'frozen', `${told}: ${environment}`);
      // Whoever was renamed half way has the flow of the former name, and another one by now.
      if (environment === 'renamed') continue;
      // Whoever joined after the first `on` was frozen by the second, under the second's time; then `sync` gave it the logical one's, too.
      const most = environment === 'beside' ? 2 : 1;
      assert.ok(last.freezes.length >= 1 && last.freezes.length <= most, `${told}: ${environment} has ${last.freezes.length} freezes`);
      assert.ok(last.freezes.every(({by, reason: why}) => by === 'steve' && why === 'payments down'), `${told}: ${environment}`);
      assert.deepEqual(last.warnings, [], `${told}: ${environment}`);
    }
    await world.close();
  }
  t.diagnostic(`${rounds} rounds`);
});

test('a Kosli that answers 429 with Retry-After: all are frozen in the end', async t => {
  let refused = 0;
  for (let round = 0; round < Math.max(1, Math.floor(rounds / 5)); round++) {
    const dice = chance(round + 2000);
    const world = await fleet(t);
    const before = new Map(); // a request is refused once, and repeated after a second
    world.proxy.meddle = async ({method, path, forward, answer}) => {
      const key = `${method} ${path}`;
      const left = before.get(key) ?? (dice(10) === 0 ? 1 : 0);
      before.set(key, left - 1);
      if (left <= 0) return answer(await forward());
      refused++;
      answer({status: 429, headers: {'retry-after': '0', 'content-type': 'application/json'}, body: '{"message":"Too many requests"}'});
    };
    const {code, stdout, stderr} = await nodeploy(['-e', 'prod-*', ...ON], world.env).ended;
    world.proxy.meddle = undefined;
    assert.equal(code, 0, `${stdout}${stderr}`);
    await allFrozen(world, NAMES, `round ${round}`);
    await world.close();
  }
  t.diagnostic(`${refused} requests refused`);
});
