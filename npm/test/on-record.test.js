// What a gate leaves behind: refusals, verdicts, and evidence that replays.
import assert from 'node:assert/strict';
import {mkdirSync, readFileSync, readdirSync, statSync, symlinkSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import {run, waitUntilOpen} from '../index.js';
import {nodeploy} from './child.js';
import {serve, temporaryFolder} from './local-kosli.js';

const FROZEN = '2024-10-31T10.44.48~steve';
const PAST = () => new Date('2024-10-31T10:44:48Z');

/** A local Kosli with the environment `prod`, a deployment's trail `payments/4f1c2ab`, and, if wanted, a freeze. */
async function kosliWith(t, {frozen = true, meddle = (item, send) => send(item)} = {}) {
  const server = await serve(t);
  const ask = async (method, route, more = {}) => JSON.parse((await server.send({request: {method, path: `/api/v2/${route}`, ...more}})).body);
  await ask('PUT', 'environments/acme', {json: {name: 'prod', type: 'server', description: ''}});
  await ask('PUT', 'flows/acme/template_file', {form: [{name: 'data_json', value: '{"name":"payments"}'}, {name: 'template_file', filename: 't.yml', value: 'version: 1'}]});
  await ask('PUT', 'trails/acme/payments', {form: [{name: 'data_json', value: '{"name":"4f1c2ab"}'}]});
  if (frozen) assert.equal((await run({environment: 'prod', action: {type: 'on', reason: 'why', by: 'steve'}}, {kosli: server, clock: PAST})).decision, 'proceed');
  const sent = [];
  const kosli = {
    org: 'acme',
    send(item) {
      if (item.type) sent.push(item.name ?? item.type);
      return meddle(item, server.send);
    },
  };
  const said = async (flow, trail, name) => (await ask('GET', `attestations/acme/${flow}/trail/${trail}/${name}`)).reverse();
  return {
    server, kosli, sent,
    freeze: action => run({environment: 'prod', action: {by: 'steve', ...action}}, {kosli: server, clock: PAST}),
    gate: (action, options) => run({environment: 'prod', action: {type: 'assert', run: '77', ...action}}, {kosli, sleep: async () => {}, ...options}),
    refusals: async () => (await said('prod-nodeploy', FROZEN, 'nodeploy-refused')).map(({annotations}) => annotations),
    verdicts: async () => (await said('payments', '4f1c2ab', 'nodeploy-prod')).map(({is_compliant: passes, annotations: {run, reason}}) => [passes, run, reason]),
    env: {KOSLI_HOST: server.url, KOSLI_ORG: 'acme', KOSLI_API_TOKEN: server.token, NODEPLOY_ENV: 'prod', HOME: temporaryFolder(t)},
  };
}

const RECORD = {record: true};
const ATTEST = {attest: 'payments/4f1c2ab'};
const forbidden = (item, send) => item.type ? {status: 403, body: '{"message":"You don\'t have permission to access this resource"}'} : send(item);

test('a refusal is on record once for each use', async t => {
  const {gate, refusals, sent} = await kosliWith(t);
  for (const one of ['77', '77', '78']) {
    const {decision, reason, summary} = await gate({...RECORD, run: one});
    assert.deepEqual([decision, reason], ['refuse', 'frozen']);
    assert.match(summary, /^prod is frozen since 2024-10-31 10:44:48 UTC by steve: why$/);
  }
  assert.deepEqual(await refusals(), [{reason: 'frozen', run: '77'}, {reason: 'frozen', run: '78'}]);
  assert.deepEqual(sent, ['nodeploy-refused', 'nodeploy-refused']);
});

test('a gate that waits records one refusal, not one a look', async t => {
  const {kosli, freeze, refusals} = await kosliWith(t);
  let looks = 0;
  const outcome = await waitUntilOpen({environment: 'prod', action: {type: 'assert', run: '77', record: true}}, {
    kosli, wait: 3_600_000, random: () => 0,
    async sleep() {
      if (++looks === 5) await freeze({type: 'off'});
    },
  });
  assert.equal(looks, 5);
  assert.equal(outcome.decision, 'proceed');
  assert.equal((await refusals()).length, 1);
});

test('who passes is on the deployment\'s trail first, and a refusal goes there, too', async t => {
  const {gate, freeze, verdicts} = await kosliWith(t, {frozen: false});
  const passed = await gate(ATTEST);
  assert.deepEqual([passed.decision, passed.reason, passed.rounds, passed.answer.reason], ['proceed', 'not_frozen', 2, 'attesting']);
  assert.equal(passed.summary, 'prod is not frozen');
  assert.equal((await gate(ATTEST)).rounds, 1); // the job is run again
  await freeze({type: 'on', reason: 'why'});
  assert.deepEqual([(await gate(ATTEST)).decision, (await gate(ATTEST)).decision], ['refuse', 'refuse']);
  await freeze({type: 'off'});
  assert.equal((await gate(ATTEST)).decision, 'proceed');
  assert.equal((await gate({...ATTEST, run: '78'})).decision, 'proceed');
  assert.deepEqual(await verdicts(), [[true, '77', 'not_frozen'], [false, '77', 'frozen'], [true, '77', 'not_frozen'], [true, '78', 'not_frozen']]);
});

test('a freeze between the verdict and the look that lets pass: refused, and said so', async t => {
  let freeze;
  const kosli = await kosliWith(t, {frozen: false, meddle: async (item, send) => {
    const result = await send(item);
    if (item.compliant === true) await freeze({type: 'on', reason: 'why'});
    return result;
  }});
  ({freeze} = kosli);
  assert.deepEqual([(await kosli.gate(ATTEST)).decision, await kosli.verdicts()], ['refuse', [[true, '77', 'not_frozen'], [false, '77', 'frozen']]]);
});

test('a token that may not write: a refusal stays one, and says what is missing', async t => {
  const {gate, refusals, verdicts, sent} = await kosliWith(t, {meddle: forbidden});
  const {decision, reason, last} = await gate({...RECORD, ...ATTEST});
  assert.deepEqual([decision, reason], ['refuse', 'frozen']);
  assert.deepEqual(last.warnings.map(({code, text}) => [code, text]), [
    ['not_written', `attest nodeploy-refused on trail ${FROZEN} failed: Kosli answered 403: You don't have permission to access this resource; the refusal stands`],
    ['not_written', 'attest nodeploy-prod on trail 4f1c2ab failed: Kosli answered 403: You don\'t have permission to access this resource; the refusal stands'],
  ]);
  assert.deepEqual([await refusals(), await verdicts()], [[], []]);
  assert.deepEqual(sent, ['nodeploy-refused', 'nodeploy-prod']);
});

test('a token that may not write: nobody passes', async t => {
  const {gate, verdicts} = await kosliWith(t, {frozen: false, meddle: forbidden});
  const {decision, reason, summary, advice} = await gate(ATTEST);
  assert.deepEqual([decision, reason], ['error', 'command_failed']);
  assert.match(summary, /^attest nodeploy-prod on trail 4f1c2ab failed: Kosli answered 403/);
  assert.equal(advice, 'to finish: nodeploy -e prod assert --run 77 --attest payments/4f1c2ab');
  assert.deepEqual(await verdicts(), []);
});

test('a write that is not heard of is looked at, not repeated', async t => {
  let heard = false;
  const {gate, verdicts, refusals} = await kosliWith(t, {meddle: async (item, send) => {
    const result = await send(item);
    if (!item.type || heard) return result;
    heard = item.name === 'nodeploy-prod';
    return {status: 502, body: ''};
  }});
  assert.equal((await gate({...RECORD, ...ATTEST})).decision, 'refuse');
  assert.deepEqual([(await refusals()).length, await verdicts()], [1, [[false, '77', 'frozen']]]);
});

test('the command line: what it leaves behind, and its exit codes', async t => {
  const {env, freeze, verdicts, refusals} = await kosliWith(t, {frozen: false});
  const args = ['assert', '--record', '--attest', 'payments/4f1c2ab'];
  const passed = await nodeploy(args, {env});
  assert.deepEqual([passed.code, passed.stdout.replace(/^no policy.*\n/m, '')], [0, 'generic attestation \'nodeploy-prod\' is reported to trail: 4f1c2ab\nChecking nodeploy for prod: ok.\n']);
  await freeze({type: 'on', reason: 'why'});
  const refused = await nodeploy([...args, '--json'], {env});
  assert.deepEqual([refused.code, JSON.parse(refused.stdout).done.map(({name}) => name)], [1, ['nodeploy-refused', 'nodeploy-prod']]);
  assert.deepEqual([(await verdicts()).map(([passes]) => passes), (await refusals()).length], [[true, false], 1]);
  const nowhere = await nodeploy(['assert', '--attest', 'payments/none'], {env});
  assert.equal(nowhere.code, 1);
  assert.match(nowhere.stderr, /warning: this refusal is not on the trail payments\/none: .* begin it first: kosli begin trail none --flow payments \(if there is no flow payments: kosli create flow payments --use-empty-template\)/);
  await freeze({type: 'off'});
  const unknown = await nodeploy(['assert', '--attest', 'payments/none'], {env});
  assert.equal(unknown.code, 2);
  assert.match(unknown.stderr, /the verdict has to go on the trail none of the flow payments, and Kosli says: Trail with name 'none' does not exist/);
  for (const [wrong, words] of [['4f1c2ab', /FLOW\/TRAIL/], ['a/b/c', /not a valid Kosli trail name/], ['../b', /not a valid Kosli flow name/]]) {
    const {code, stderr} = await nodeploy(['assert', '--attest', wrong], {env});
    assert.deepEqual([code, words.test(stderr)], [2, true], stderr);
  }
});

test('evidence: kept for its owner, without the token, and it replays', async t => {
  const {env, server, verdicts} = await kosliWith(t, {frozen: false});
  const folder = temporaryFolder(t);
  const file = path.join(folder, 'evidence.json');
  const cwd = folder;
  assert.equal((await nodeploy(['assert', '--evidence', file, '--attest', 'payments/4f1c2ab'], {env, cwd})).code, 0);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(folder), ['evidence.json']);
  const text = readFileSync(file, 'utf8');
  assert.ok(!text.includes(server.token));
  const {call, answer, before} = JSON.parse(text);
  assert.deepEqual([answer.decision, before.length, before[0].answer.reason], ['proceed', 1, 'attesting']);
  assert.equal(call.observed.environment.status, 200);
  // What went on the trail is one of its looks.
  assert.equal(before[0].answer.commands[0].annotations.evidence, before[0].answer.evidence);
  assert.equal((await verdicts()).length, 1);

  // Nothing of Kosli is needed for it.
  const replayed = await nodeploy(['replay', file], {cwd});
  assert.deepEqual([replayed.code, replayed.stderr], [0, '']);
  assert.match(replayed.stdout, /^prod at 20.* UTC: nodeploy \S+ let it pass \(not_frozen\), and nodeploy \S+ gives the same answer, byte for byte\nevidence [0-9a-f]{64}\n/);
  assert.deepEqual(JSON.parse((await nodeploy(['replay', file, '--json'], {cwd})).stdout).differs, []);

  // Kept again, it is another look's, and nothing of the old one is left.
  assert.equal((await nodeploy(['assert', '--evidence', file], {env, cwd})).code, 0);
  assert.deepEqual([readdirSync(folder), JSON.parse(readFileSync(file)).before], [['evidence.json'], []]);
});

test('the line to go on with leaves evidence as well', async t => {
  const {env} = await kosliWith(t, {frozen: false});
  const cwd = temporaryFolder(t);
  const args = ['assert', '--record', '--attest', 'payments/4f1c2ab', '--evidence', 'the gate.json'];
  const line = /look again: nodeploy -e prod assert --record --attest payments\/4f1c2ab --evidence 'the gate\.json'$/m;
  for (const more of [[], ['--json']]) {
    const {code, stdout, stderr} = await nodeploy([...args, ...more], {env: {...env, KOSLI_API_TOKEN: 'another'}, cwd});
    assert.deepEqual([code, line.test(more.length > 0 ? JSON.parse(stdout).advice : stderr)], [2, true], stdout + stderr);
  }
  // Not a verb that takes none.
  assert.equal((await nodeploy(['-e', 'prod', '-r', 'why', '--by', 'steve', 'on'], {env, cwd})).code, 0);
  assert.match((await nodeploy(args, {env, cwd})).stdout, /^to lift it: nodeploy -e prod off --freeze \S+$/m);
});

test('a refusal\'s evidence is kept, too, and so is an error\'s', async t => {
  const {env} = await kosliWith(t);
  const file = path.join(temporaryFolder(t), 'evidence.json');
  for (const [args, code, decision] of [[[], 1, 'refuse'], [['-e', 'none'], 2, 'error']]) {
    assert.equal((await nodeploy(['assert', '--evidence', file, ...args], {env})).code, code);
    assert.equal(JSON.parse(readFileSync(file)).answer.decision, decision);
    assert.equal((await nodeploy(['replay', file])).code, 0);
  }
});

test('ten changed bytes, at random places, are all noticed', async t => {
  const {env} = await kosliWith(t);
  const folder = temporaryFolder(t);
  const file = path.join(folder, 'evidence.json');
  assert.equal((await nodeploy(['assert', '--evidence', file, '--record'], {env})).code, 1);
  const kept = readFileSync(file);
  for (let tried = 0; tried < 10; tried++) {
    const changed = Buffer.from(kept);
    const at = Math.floor(Math.random() * kept.length);
    changed[at] ^= 1 << Math.floor(Math.random() * 8);
    const other = path.join(folder, 'changed.json');
    writeFileSync(other, changed);
    const {code, stdout, stderr} = await nodeploy(['replay', other]);
    assert.ok(code === 1 || code === 2, `byte ${at}: ${changed[at]} for ${kept[at]}: ${code}\n${stdout}${stderr}`);
    assert.match(stdout + stderr, /not as it was written|not an evidence file|not UTF-8/);
  }
});

test('evidence that cannot be kept lets nobody pass, and says so before anything is asked', async t => {
  const {env, sent} = await kosliWith(t, {frozen: false});
  const folder = temporaryFolder(t);
  mkdirSync(path.join(folder, 'folder'));
  symlinkSync('/dev/null', path.join(folder, 'link'));
  for (const [file, words] of [
    [path.join(folder, 'none', 'e.json'), /ENOENT/], [path.join(folder, 'folder'), /no regular file/], [path.join(folder, 'link'), /no regular file/], ['/dev/null', /no regular file/],
  ]) {
    const {code, stderr} = await nodeploy(['assert', '--evidence', file], {env});
    assert.deepEqual([code, words.test(stderr)], [2, true], stderr);
  }
  assert.ok(!statSync('/dev/null').isFile());
  assert.deepEqual(sent, []);
});

test('a policy that holds the token is kept nowhere', async t => {
  const {env, server} = await kosliWith(t, {frozen: false});
  const folder = temporaryFolder(t);
  const window = {name: 'w', effect: 'freeze', environments: ['other*'], timezone: 'UTC', from: '2020-01-01', to: '2020-01-02T24:00', reason: `see ${server.token}`};
  writeFileSync(path.join(folder, 'nodeploy.json'), JSON.stringify({windows: [window]}));
  const {code, stderr} = await nodeploy(['assert', '--evidence', 'e.json'], {env, cwd: folder});
  assert.equal(code, 2);
  assert.match(stderr, /the evidence would hold the API token, so it is not kept/);
  assert.deepEqual(readdirSync(folder), ['nodeploy.json']);
});

test('what replay is asked for', async t => {
  const folder = temporaryFolder(t);
  writeFileSync(path.join(folder, 'latin1'), Buffer.from([0x7B, 0xE9, 0x7D]));
  writeFileSync(path.join(folder, 'other.json'), '{}');
  for (const [args, words] of [
    [['replay'], /`replay` needs a file/], [['replay', 'a', 'b'], /unexpected argument `b`/], [['replay', 'none'], /cannot be read \(ENOENT\)/],
    [['replay', 'latin1'], /not UTF-8/], [['replay', 'other.json'], /^nodeploy: other\.json: it is not an evidence file.*\nname what `nodeploy assert --evidence FILE` has written$/m], [['replay', 'other.json', '-e', 'prod'], /has its environment in the file|not an evidence file/],
  ]) {
    const {code, stderr} = await nodeploy(args, {cwd: folder, env: {NODEPLOY_ENV: 'prod'}});
    assert.deepEqual([code, words.test(stderr)], [2, true], stderr);
  }
});

test('evidence is one gate\'s', async t => {
  const {env} = await kosliWith(t);
  const {code, stderr} = await nodeploy(['assert', '--evidence', 'e.json', '-e', 'prod', '-e', 'other'], {env, cwd: temporaryFolder(t)});
  assert.deepEqual([code, /--evidence keeps what one gate decided from|given twice/.test(stderr)], [2, true], stderr);
});
