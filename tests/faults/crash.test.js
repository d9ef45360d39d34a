// The command line killed with SIGKILL at each of its requests, then run again: it ends as if nothing had happened.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {kosliHttp, run} from '../../npm/index.js';
import {program, skip} from '../kosli/cli.js';
import {nodeploy, rounds, spread} from './command.js';
import {DEATHS} from './deaths.js';
import {ENVIRONMENT, SCENES, essence, facts, stage, theatre} from './scenes.js';

const scenesTold = Object.entries(SCENES);
const isThorough = rounds >= 50;

for (const [via, options] of [
  ['http', {}],
  ['cli', {skip}],
]) {
  const place = via === 'cli' ? ['--via', 'cli', '--program', program] : [];

  test(`killed at each request, via ${via}`, options, async t => {
    const scenes = await theatre(t);
    const tally = {killed: 0, repeated: 0, more: 0};
    for (const [name, {args}] of scenesTold) {
      const whole = await uninterrupted(t, scenes, name, [...args, ...place]);
      const deaths = whole.requests.flatMap(({isWrite}, index) =>
        Object.keys(DEATHS).filter(death => isWrite || death === 'before Kosli has it').map(death => ({number: index + 1, death})));
      // The real CLI takes its time: without being asked for more, every fourth.
      const chosen = via === 'cli' && !isThorough ? deaths.filter((_, index) => index % 4 === 1) : deaths;
      await spread(chosen, 2, async ({number, death}) => {
        const told = `${name}, killed at request ${number} (${whole.requests[number - 1].shown}), ${death}`;
        tally.killed++;
        const {repeated, more} = await killedOnce(t, {scenes, name, args, place, number, death, whole, told});
        tally.repeated += repeated;
        tally.more += more;
      });
      t.diagnostic(`${name}: ${chosen.length} of ${deaths.length} deaths at ${whole.requests.length} requests`);
    }
    t.diagnostic(`via ${via}: ${tally.killed} killed, ${tally.repeated} attestations said twice and ${tally.more} flags of the same holder raised twice, all by requests that arrived late`);
  });
}

/** How the scene ends, and what is asked on the way. */
async function uninterrupted(t, scenes, name, args) {
  const {server, proxy, env, close} = await stage(t, scenes, name);
  const {code, stdout, stderr} = await nodeploy(args, env).ended;
  assert.equal(code, 0, `${name}\n${stdout}${stderr}`);
  const requests = proxy.requests.map(({method, path}) => ({isWrite: method !== 'GET', shown: `${method} ${path}`}));
  const {state, repeated} = essence(await facts(server));
  assert.equal(repeated, 0);
  await close();
  return {requests, state};
}

/** One death and the same command again. Returns how many attestations and flags a request that arrived late has added. */
async function killedOnce(t, {scenes, name, args: words, place, number, death, whole, told}) {
  const {server, proxy, env, close} = await stage(t, scenes, name);
  const args = [...words, ...place];
  const arrival = [];
  const first = nodeploy(args, env);
  const kill = () => {
    first.child.kill('SIGKILL');
    return first.ended;
  };
  proxy.meddle = async exchange => {
    if (exchange.number === number) return DEATHS[death](exchange, kill, arrival);
    exchange.answer(await exchange.forward());
  };
  assert.equal((await first.ended).signal, 'SIGKILL', told);
  proxy.meddle = undefined;

  await gateHolds(server, told);
  const again = await nodeploy(args, env).ended;
  assert.equal(again.code, 0, `${told}\n${again.stdout}${again.stderr}`);
  if (arrival.length > 0) {
    for (const forward of arrival) await forward();
    await gateHolds(server, told);
    const after = await nodeploy(args, env).ended;
    assert.equal(after.code, 0, `${told}\n${after.stdout}${after.stderr}`);
  }
  const {state, repeated} = essence(await facts(server));
  if (arrival.length > 0 && args[0] === 'on' && state.counts.tags > whole.state.counts.tags) {
    // A flag that arrives when the freeze stands under a newer id: one freeze more, of the same holder, who can lift it.
    assert.equal(state.counts.tags, whole.state.counts.tags + 1, told);
    assert.equal((await nodeploy(['off', '--by', 'steve', ...place], env).ended).code, 0, told);
    assert.deepEqual(Object.keys((await facts(server)).tags).filter(key => key.endsWith('~steve')), [], told);
    await close();
    return {repeated, more: 1};
  }
  assert.deepEqual(state, whole.state, told);
  assert.ok(repeated <= arrival.length, `${told}: ${repeated} attestations were said again`);
  await close();
  return {repeated, more: 0};
}

/** Whatever the moment: a freeze that is begun on record and not ended is one that the gate sees. */
async function gateHolds(server, told) {
  const {records} = await facts(server);
  const open = Object.entries(records).filter(([, {on, off}]) => on.length > 0 && off.length === 0 && !isExpired(on));
  const kosli = kosliHttp({host: server.url, org: server.org, token: server.token});
  const {decision} = await run({environment: ENVIRONMENT, action: {type: 'assert'}}, {kosli});
  await kosli.close();
  if (open.length > 0) assert.equal(decision, 'refuse', `${told}: ${open.map(([id]) => id)} stands, and the gate lets pass`);
  assert.notEqual(decision, 'error', told);
}

const isExpired = on => on.every(({annotations: {until}}) => until && Date.parse(until) <= Date.now());
