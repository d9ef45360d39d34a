// Eight processes at once on one environment: no freeze is lost, none is lifted by somebody else, and a sync mends the rest.
import assert from 'node:assert/strict';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {test} from 'node:test';
import {kosliHttp, run} from '../../npm/index.js';
import {startLocal} from '../../npm/local/index.js';
import {program, skip} from '../kosli/cli.js';
import {nodeploy, rounds} from './command.js';
import {facts} from './scenes.js';
import {turns} from './turns.js';

const TIMES_AGAIN = 3; // "run again", as the command line advises where it could not settle

/** Who does what in a round, drawn anew each time; the holder's name tells what is expected in the end. */
const PARTS = [
  {name: 'freezes', args: by => ['on', '-r', `${by}'s`, '--by', by], open: true},
  {name: 'says-more', before: true, args: by => ['on', '-r', 'on second thoughts', '--by', by], open: true},
  {name: 'lifts', before: true, args: by => ['off', '--by', by], open: false},
  {name: 'lifts-nothing', args: by => ['off', '--by', by], open: false},
  {name: 'stands', before: true, args: () => ['sync'], open: true},
  {name: 'asks', before: true, args: () => ['status'], open: true},
];

async function kosli(t) {
  const folder = mkdtempSync(join(tmpdir(), 'nodeploy-faults-'));
  const server = await startLocal({dir: join(folder, 'kosli'), org: 'acme', user: 'ci'});
  t.after(async () => {
    await server.close();
    rmSync(folder, {recursive: true});
  });
  const env = {KOSLI_HOST: server.url, KOSLI_ORG: 'acme', KOSLI_API_TOKEN: server.token, PATH: process.env.PATH, HOME: folder};
  const executor = kosliHttp({host: server.url, org: 'acme', token: server.token});
  t.after(() => executor.close());
  const go = (environment, action) => run({environment, action}, {kosli: executor});
  // Eight rivals at once; each has a command line, or several, one after the other.
  const race = async (wordsOf, told, count, mayEnd) => {
    const closing = [];
    const {urls, ended} = await turns({after: close => closing.push(close)}, server.url, wordsOf.length);
    const all = async (words, at) => {
      for (const each of Array.isArray(words[0]) ? words : [words]) await untilDone(each, at, told, count, mayEnd);
    };
    const outcomes = await Promise.allSettled(wordsOf.map((words, index) =>
      all(words, {...env, KOSLI_HOST: urls[index]}).finally(() => ended(index))));
    for (const close of closing) close();
    for (const {reason} of outcomes) if (reason) throw reason;
  };
  const create = name => server.send({request: {method: 'PUT', path: '/api/v2/environments/acme', json: {name, type: 'server', description: ''}}});
  return {server, go, race, create, folder};
}

const tally = () => ({processes: 0, again: 0, endedTwice: 0, leftClosed: 0, mendedBySync: 0});

/** One process, run again while it ends with "not settled". */
async function untilDone(args, env, told, count, mayEnd = () => false) {
  for (let again = 0; ; again++) {
    const {code, stdout, stderr} = await nodeploy(args, env).ended;
    count.processes++;
    if (code === 0 || mayEnd(code, stdout)) return;
    assert.ok(code === 2 && /somebody else may be at work/.test(stderr) && again < TIMES_AGAIN, `${told}: ${args.join(' ')} ended with ${code}\n${stdout}${stderr}`);
    count.again++;
  }
}

/** What must agree when nobody is at work: records, flags, the signal and the gate. */
async function agree(server, go, environment, expected, told) {
  const {tags, records} = await facts(server, environment);
  const open = Object.keys(records).filter(id => records[id].off.length === 0).sort();
  assert.deepEqual(open.map(holderOf).sort(), expected, told);
  assert.deepEqual(Object.keys(tags).filter(key => key !== 'nodeploy').sort(), open.map(id => `nodeploy.${id}`), `${told}: flags and records`);
  if (open.length === 0) assert.equal(tags.nodeploy, undefined, told);
  else assert.ok(open.includes(tags.nodeploy), `${told}: the signal shows ${tags.nodeploy} of ${open}`);
  for (const [id, {on}] of Object.entries(records)) assert.ok(on.length > 0, `${told}: ${id} has no nodeploy-on`);
  assert.equal((await go(environment, {type: 'assert'})).decision, open.length > 0 ? 'refuse' : 'proceed', told);
}

const holderOf = id => id.slice(id.indexOf('~') + 1);

for (const [via, options, place, share] of [
  ['http', {}, [], 1],
  ['cli', {skip}, ['--via', 'cli', '--program', program], 0.2],
]) {
  const times = Math.ceil(rounds * share);
  test(`eight rivals, each with a freeze of their own, via ${via} (${times} rounds; NODEPLOY_ROUNDS)`, options, async t => {
    const {server, go, race, create} = await kosli(t);
    const count = tally();
    for (let round = 0; round < times; round++) {
      const environment = `e${round}`;
      const told = `round ${round}`;
      await create(environment);
      const rivals = Array.from({length: 8}, (_, index) => {
        const part = PARTS[Math.floor(Math.random() * PARTS.length)];
        return {part, by: `${part.name}${index}`};
      });
      for (const {part, by} of rivals) if (part.before) assert.equal((await go(environment, {type: 'on', reason: 'before', by})).decision, 'proceed');
      // Who lifts nothing while others freeze is told so.
    const liftsNothing = (code, stdout) => code === 1 && /^NOTHING WAS LIFTED/m.test(stdout);
    await race(rivals.map(({part, by}) => ['-e', environment, ...part.args(by), ...place]), told, count, liftsNothing);

      const expected = rivals.filter(({part}) => part.open).map(({by}) => by).sort();
      assert.equal((await go(environment, {type: 'assert'})).decision, expected.length > 0 ? 'refuse' : 'proceed', `${told}: the gate before the sync`);
      const {records} = await facts(server, environment);
      for (const [id, {off}] of Object.entries(records)) {
        for (const {annotations} of off) assert.equal(annotations.by, holderOf(id), `${told}: ${id} was lifted by ${JSON.stringify(annotations)}`);
        count.endedTwice += Math.max(0, off.length - 1);
      }
      // Whoever wrote last has looked after it: nothing is left to mend.
      assert.deepEqual((await go(environment, {type: 'sync'})).done, [], `${told}: the sync has something to do`);
      await agree(server, go, environment, expected, told);
    }
    assert.equal(count.endedTwice, 0); // each is ended by one process
    t.diagnostic(`${times} rounds: ${JSON.stringify(count)}`);
  });
}

test(`one token for all: four freeze, three lift all, one syncs (${rounds} rounds; NODEPLOY_ROUNDS)`, async t => {
  const {server, go, race, create} = await kosli(t);
  const count = tally();
  for (let round = 0; round < rounds; round++) {
    const environment = `e${round}`;
    const told = `round ${round}`;
    await create(environment);
    await go(environment, {type: 'on', reason: 'before', by: 'before'});
    const words = [
      ...['a', 'a', 'b', 'c'].map(by => ['on', '-r', `${by}'s`, '--by', by]),
      ['off', '--all', '--by', 'x'], ['off', '--all', '--by', 'y'], ['off', '--by', 'before'], ['sync'],
    ];
    // A freeze that was lifted while it was begun says so.
    await race(words.map(args => ['-e', environment, ...args]), told, count, (code, stdout) => code === 1 && /has been lifted/.test(stdout));
    // Which of them came first is open: but each freeze stands, or its end is on record.
    const {records} = await facts(server, environment);
    const open = Object.keys(records).filter(id => records[id].off.length === 0).map(holderOf).sort();
    for (const by of ['a', 'b', 'c', 'before']) assert.ok(Object.keys(records).some(id => holderOf(id) === by), `${told}: no record of ${by}`);
    for (const {off} of Object.values(records)) {
      count.endedTwice += Math.max(0, off.length - 1);
      assert.ok(off.length <= 3, `${told}: ended by ${off.length}`); // by each of those who may, once
    }
    assert.ok(!open.includes('before'), told);
    // Who was told that the freeze has been lifted writes no more: its alarm may stay up until the next look.
    const {decision} = await go(environment, {type: 'assert'});
    if (open.length > 0) assert.equal(decision, 'refuse', `${told}: the gate before the sync`);
    else count.leftClosed += decision === 'refuse';
    const {done} = await go(environment, {type: 'sync'});
    count.mendedBySync += done.length > 0;
    await agree(server, go, environment, open, told);
  }
  t.diagnostic(`${rounds} rounds: ${JSON.stringify(count)}`);
});

const HOUR = 3_600_000;
const hours = count => new Date(Date.now() + count * HOUR).toISOString().slice(0, 19);

/** What becomes of a policy's window while it is active. */
const EDITS = {
  lengthened: () => ({to: hours(9)}),
  shortened: () => ({to: hours(2)}),
  moved: () => ({from: hours(-1)}),
  suspended: () => ({suspended: true}),
  over: () => ({to: hours(-0.5)}),
};

const drawn = list => list[Math.floor(Math.random() * list.length)];

// Both policies have a window of one name. One is edited from `sync` to `sync`, the other stays as it is.
test(`two policies and five people, every policy synced again and again (${rounds} rounds; NODEPLOY_ROUNDS)`, async t => {
  const {server, go, race, create, folder} = await kosli(t);
  const count = tally();
  const told = {edits: {}};
  for (let round = 0; round < rounds; round++) {
    const environment = `e${round}`;
    const place = `round ${round}`;
    await create(environment);
    const [steady, edited] = round % 2 ? ['release', 'data'] : ['data', 'release'];
    const base = {name: 'closing', effect: 'freeze', environments: ['*'], timezone: 'UTC', reason: 'closing time', from: hours(-3), to: hours(5)};
    const policy = (name, version, window) => {
      const path = join(folder, `${environment}-${name}-${version}.json`);
      writeFileSync(path, JSON.stringify({policy: name, windows: [window]}));
      return path;
    };
    const sync = path => ['-e', environment, '--policy', path, 'sync'];
    const asItIs = sync(policy(steady, 0, base));
    const names = [drawn(Object.keys(EDITS)), drawn([...Object.keys(EDITS), 'back']), drawn([...Object.keys(EDITS), 'back'])];
    const edits = names.map((name, index) => sync(policy(edited, index, {...base, ...EDITS[name]?.()})));
    for (const name of names) told.edits[name] = (told.edits[name] ?? 0) + 1;

    const people = Array.from({length: 5}, (_, index) => {
      const part = drawn(PARTS.filter(({name}) => name !== 'stands' && name !== 'lifts-nothing'));
      return {part, by: `${part.name}${index}`};
    });
    for (const {part, by} of people) if (part.before) assert.equal((await go(environment, {type: 'on', reason: 'before', by})).decision, 'proceed');
    await race([[sync(policy(edited, 'before', base)), ...edits], [asItIs, asItIs, asItIs], [asItIs, asItIs],
      ...people.map(({part, by}) => ['-e', environment, ...part.args(by)])], place, count, code => code === 1);

    const {records} = await facts(server, environment);
    const of = holder => Object.keys(records).filter(id => holderOf(id).startsWith(holder));
    const open = ids => ids.filter(id => records[id].off.length === 0);
    for (const {part, by} of people) {
      const mine = of(by);
      for (const {annotations} of mine.flatMap(id => records[id].off)) assert.equal(annotations.by, by, `${place}: ${by} was lifted by ${JSON.stringify(annotations)}`);
      assert.equal(open(mine).length > 0, part.open, `${place}: ${by}`);
    }
    const [stands, ...more] = of(`window${steady}closing.`);
    assert.deepEqual([more, records[stands].off], [[], []], `${place}: the other policy's freeze beside ${names}`);
    const last = names.at(-1);
    assert.equal(open(of(`window${edited}closing.`)).length, ['suspended', 'over'].includes(last) ? 0 : 1, `${place}: ${names}`);
    assert.equal((await go(environment, {type: 'assert'})).decision, 'refuse', place);
    assert.deepEqual((await go(environment, {type: 'sync'})).done, [], `${place}: the sync has something to do`);
    await agree(server, go, environment, open(Object.keys(records)).map(holderOf).sort(), place);
  }
  t.diagnostic(`${rounds} rounds: ${JSON.stringify({...count, ...told})}`);
});
