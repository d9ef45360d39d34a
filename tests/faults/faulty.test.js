// A Kosli that misbehaves at each request of each action: nothing passes that was not seen, and the same command finishes the work.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {kosliCli, kosliHttp, run} from '../../npm/index.js';
import {program, skip} from '../kosli/cli.js';
import {nodeploy, rounds, spread} from './command.js';
import {FAULTS} from './faults.js';
import {ENVIRONMENT, SCENES, essence, facts, stage, theatre} from './scenes.js';

const isThorough = rounds >= 50;

const ACTIONS = {
  'on': {type: 'on', reason: 'a = "reason", of mine', by: 'steve', until: '2999-01-01T00:00:00Z'},
  'on beside another': {type: 'on', reason: 'mine', by: 'steve'},
  'on with another reason': {type: 'on', reason: 'on second thoughts', by: 'steve'},
  'off': {type: 'off', by: 'steve', reason: 'done'},
  'off beside another': {type: 'off', by: 'steve'},
  'off --all': {type: 'off', freezes: 'all', by: 'eve'},
  'sync': {type: 'sync'},
};

const at_once = async () => {};
// Only silence is waited for to its end, so nothing else has little time: this machine may be busy.
const EXECUTORS = {
  http: (url, {org, token}, retries, {isSilent} = {}) => kosliHttp({host: url, org, token, retries, ...(isSilent && {timeouts: {idle: 1000}}), sleep: at_once, env: {}}),
  cli: (url, {org, token}, retries, {isSilent} = {}) => kosliCli({program, host: url, org, token, retries, ...(isSilent && {timeout: 5000}), env: {PATH: process.env.PATH}}),
};

for (const [via, retries, share, options] of [
  ['http', 0, isThorough ? 1 : 7, {}],
  ['http', 2, isThorough ? 1 : 17, {}],
  ['cli', 0, isThorough ? 1 : 40, {skip}],
]) {
  test(`each fault at each request, via ${via}, ${retries} retries${share > 1 ? ` (one in ${share}; NODEPLOY_ROUNDS)` : ''}`, options, async t => {
    const scenes = await theatre(t);
    const tallies = Object.fromEntries(Object.keys(FAULTS).map(what => [what, {tried: 0, unnoticed: 0, failed: 0, repeated: 0}]));
    const summaries = new Map();
    let drawn = 0;
    for (const [name, action] of Object.entries(ACTIONS)) {
      const whole = await wholly(t, scenes, name, action, via);
      const cases = [];
      for (let number = 1; number <= whole.requests.length; number++) {
        for (const [what, fault] of Object.entries(FAULTS)) {
          // Which attestations were heard of is what matters most.
          const isChosen = drawn++ % share === 0 || (fault.isUnheard && whole.requests[number - 1].method === 'POST');
          if (isChosen) cases.push({number, what, fault});
        }
      }
      await spread(cases, 4, async ({number, what, fault}) => {
        const {method, path} = whole.requests[number - 1];
        const told = `${name}: the answer to request ${number} (${method} ${path}) ${what}`;
        tallies[what].tried++;
        const summary = await once(t, {scenes, name, action, via, retries, number, fault, whole, told, tally: tallies[what]});
        if (summary && !summaries.has(what)) summaries.set(what, summary);
      });
    }
    for (const [what, tally] of Object.entries(tallies)) t.diagnostic(`${what}: ${JSON.stringify(tally)} ${summaries.get(what) ?? ''}`);
    t.diagnostic(`via ${via}, ${retries} retries: ${JSON.stringify(sum(Object.values(tallies)))}`);
  });
}

const sum = tallies => tallies.reduce((all, each) => Object.fromEntries(Object.entries(each).map(([key, count]) => [key, (all[key] ?? 0) + count])), {});

/** How the scene ends when nothing goes wrong, and what is asked on the way. */
async function wholly(t, scenes, name, action, via) {
  const {server, proxy, close} = await stage(t, scenes, name);
  const {decision} = await perform(action, EXECUTORS[via](proxy.url, server, 0));
  assert.equal(decision, 'proceed');
  const {state} = essence(await facts(server));
  await close();
  return {requests: proxy.requests, state};
}

async function perform(action, kosli) {
  try {
    return await run({environment: ENVIRONMENT, action}, {kosli, sleep: at_once});
  } finally {
    await kosli.close();
  }
}

async function once(t, {scenes, name, action, via, retries, number, fault, whole, told, tally}) {
  const {server, proxy, close} = await stage(t, scenes, name);
  const isBelieved = fault.lies || (via === 'cli' && fault.liesToCli);
  let struck;
  proxy.meddle = async exchange => {
    if (exchange.number !== number) return exchange.answer(await exchange.forward());
    struck = exchange;
    await fault.befall(exchange);
  };
  const outcome = await perform(action, EXECUTORS[via](proxy.url, server, retries, fault));
  proxy.meddle = undefined;
  assert.ok(struck, told);
  const shown = `${told}\n${JSON.stringify({...outcome, answer: undefined, last: undefined}, null, 1)}`;
  const {state, repeated} = essence(await facts(server));
  if (outcome.decision === 'proceed') {
    tally.unnoticed++;
    if (deniesRecord(fault, struck)) await gateHolds(server, told);
    else assert.deepEqual(...[state, whole.state].map(isBelieved ? withoutWords : each => each), `${shown}\nproceeds, and it is not so`);
  } else {
    tally.failed++;
    assert.equal(outcome.decision, 'error', shown);
    assert.ok(!fault.isHarmless, shown);
    assert.match(outcome.summary, via === 'cli' ? /could not read .+: .|failed: kosli/s : fault.words, shown);
    assert.ok(outcome.advice, `${shown}\nsays nothing of what to do`);
    await gateHolds(server, told);
    const again = await perform(action, EXECUTORS[via](proxy.url, server, retries));
    assert.equal(again.decision, 'proceed', `${shown}\nand again: ${again.summary}`);
    const after = essence(await facts(server));
    assert.deepEqual(after.state, whole.state, `${shown}\nand again`);
    assert.ok(after.repeated <= allowed(fault, struck), `${shown}\nand again: said ${after.repeated} times more`);
  }
  assert.ok(repeated <= allowed(fault, struck), `${shown}\nsaid ${repeated} times more`);
  tally.repeated += repeated;
  await close();
  return outcome.decision === 'error' ? outcome.summary : undefined;
}

// The second look sees whether a freeze stands; that a flag kept the reason that it had, it leaves to the record.
const withoutWords = ({tags, ...state}) => ({...state, tags: Object.keys(tags)});

// On record twice is only what is sent twice on the way, and what Kosli itself denies to have.
const allowed = (fault, struck) => (fault.mayRepeat && struck.method === 'POST') || deniesRecord(fault, struck) ? 1 : 0;

// In Kosli's own words: nobody has said why, or until when. What is not known cannot be kept; the freeze is.
const deniesRecord = ({lies}, {path}) => lies && path.endsWith('/nodeploy-on');

/** A freeze that is begun on record and not ended is one that the gate sees. */
async function gateHolds(server, told) {
  const {records} = await facts(server);
  const open = Object.values(records).filter(({on, off}) =>
    on.length > 0 && off.length === 0 && on.some(({annotations: {until}}) => !until || Date.parse(until) > Date.now()));
  const {decision} = await perform({type: 'assert'}, EXECUTORS.http(server.url, server, 0));
  if (open.length > 0) assert.equal(decision, 'refuse', `${told}: a freeze stands, and the gate lets pass`);
}

const GATES = {
  'open': {before: () => []},
  'frozen': {before: SCENES.off.before},
};

for (const [via, options, share] of [['http', {}, isThorough ? 1 : 3], ['cli', {skip}, isThorough ? 1 : 6]]) {
  test(`the gate, as a process, via ${via}: exit code 0 only for what was seen`, options, async t => {
    const scenes = await theatre(t, GATES);
    const tally = {};
    let drawn = 0;
    for (const name of Object.keys(GATES)) {
      const cases = [1, 2].flatMap(number => Object.entries(FAULTS).map(([what, fault]) => ({number, what, fault}))).filter(() => drawn++ % share === 0);
      await spread(cases, 2, async ({number, what, fault}) => {
        if (what === 'never comes') return; // half a minute; above it is told in an instant
        const {proxy, env, close} = await stage(t, scenes, name);
        proxy.meddle = async exchange => {
          if (exchange.number === number) return fault.befall(exchange);
          exchange.answer(await exchange.forward());
        };
        const args = ['assert', ...(via === 'cli' ? ['--via', 'cli', '--program', program] : [])];
        const {code, stdout, stderr} = await nodeploy(args, env).ended;
        const told = `${name}, the answer to request ${number} ${what}: exit code ${code}\n${stdout}${stderr}`;
        if (fault.isHarmless) assert.equal(code, name === 'open' ? 0 : 1, told);
        // Of a gate that is closed, one look may be enough.
        else assert.ok(code === 2 || (name === 'frozen' && code === 1) || seesEnough(via, what, code), told);
        tally[`${name} ${code}`] = (tally[`${name} ${code}`] ?? 0) + 1;
        await close();
      });
    }
    t.diagnostic(`via ${via}: ${JSON.stringify(tally)}`);
  });
}

// The kosli CLI unpacks what is packed.
const seesEnough = (via, what, code) => via === 'cli' && what === 'is packed, unasked' && code === 0;
