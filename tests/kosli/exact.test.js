// For every command and read, with texts that hurt: what the real kosli CLI sends for `argv` equals `request`,
// and equals what the HTTP executor sends, byte for byte.
import assert from 'node:assert/strict';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'node:test';
import fc from 'fast-check';
import {kosliCli, kosliHttp, observe, plan, run} from '../../npm/index.js';
import {openLocal} from '../../npm/local/index.js';
import {program, skip} from './cli.js';
import {recording} from './recording.js';

const HURTFUL = [
  'Demo for blog post', 'a,b', 'a=b', 'a=b=c', 'db, see k=v', '"', '""', '"a"', 'say "hi"', 'say "hi" k=v', '"quoted', 'quoted"',
  '-foo', '--dry-run', '--', '-', '- list', '=', '==', '=x', 'x=', ',', ',,', 'a,"b=c",d', 'two\nlines', 'two\nlines k=v', 'l1\r\nl2', 'l1\r\nl2 k=v',
  '\r', 'a\rb=c', 'end\n', '\nstart', 'tab\there', '\u0001\u001B[31m\u007F', '\u0085\u2028\u202E', 'é 漢字 🙂 👩‍🚀', '\uFEFFbom',
  '$(id) `id` $HOME ~ * ? ! # & ; | < >', "it's", '\\', '\\n', '%', '100% %s %d %2F', 'https://x/y?a=b,c&d=e', '<script>&amp;', "'", ' leading', 'trailing ',
  'KOSLI', 'null', 'true', '{}', '@file', '/dev/stdin', 'x'.repeat(4096), `${'ü"=,\n'.repeat(680)}`,
];

const piece = fc.oneof(fc.constantFrom('"', '=', ',', '\n', '\r', '\r\n', '-', '%', '\\', ' ', "'", 'é', '🙂', '\u0007', 'k=v', 'a'), fc.string({unit: 'grapheme', maxLength: 6}));
const generated = fc.sample(fc.array(piece, {minLength: 1, maxLength: 10}).map(pieces => pieces.join('')), {numRuns: 30, seed: 20_241_031});

const now = '2024-10-31T10:44:48Z';
const settings = {org: 'acme'};

/** What is written to freeze with this `text` wherever one goes, to say it again otherwise, to lift it, and to mend. */
function commandsWith(text, by) {
  const on = act({type: 'on', reason: text, by}, {});
  if (on.decision === 'error') return {refused: on.reason};
  const {set: tags} = on.commands.find(({type}) => type === 'tag_environment');
  const id = Object.keys(tags).find(key => key !== 'nodeploy').slice('nodeploy.'.length);
  const off = act({type: 'off', freezes: [id], by, reason: text}, tags);
  const script = act({type: 'off', freezes: 'all', by, reason: text}, {nodeploy: text});
  return {commands: [...on.commands, ...off.commands, ...script.commands]};
}

const act = (action, tags) => plan({action, now, environment: {name: 'prod-aws', tags}, settings});

let lane = 0;

/** Sends `item` through the real CLI and over HTTP; both must have sent its `request`. */
async function check({url, take}, item) {
  const lanes = [`cli-${++lane}`, `http-${lane}`];
  const account = path => ({host: `${url}/${path}`, org: 'acme', token: 'secret', retries: 0});
  const viaCli = kosliCli({...account(lanes[0]), program});
  const viaHttp = kosliHttp(account(lanes[1]));
  const [result] = await Promise.all([viaCli.send(item), viaHttp.send(item)]);
  await viaHttp.close();
  const [[cli, ...more], [http]] = lanes.map(take);
  const shown = JSON.stringify(item.argv);
  assert.deepEqual(cli, item.request, `${shown}\n${result.stderr}`);
  assert.deepEqual(http, item.request, shown);
  assert.deepEqual(more, [], shown);
  if (item.type) assert.equal(result.exit_code, 0, result.stderr);
}

async function checkAll(recorded, items) {
  const left = [...items];
  const worker = async () => {
    for (let item = left.pop(); item; item = left.pop()) await check(recorded, item);
  };
  await Promise.all([worker(), worker(), worker()]);
}

test('every command, with texts that hurt', {skip}, async t => {
  const recorded = await recording(t);
  const seen = new Set();
  const refused = {};
  const items = [];
  for (const text of [...HURTFUL, ...generated]) {
    const {commands = [], refused: reason} = commandsWith(text, text.length > 256 ? 'steve' : text);
    if (reason) (refused[reason] ??= []).push(text);
    for (const command of commands) {
      const key = JSON.stringify(command.argv);
      if (!seen.has(key)) items.push(command);
      seen.add(key);
    }
  }
  const count = type => items.filter(item => item.type === type).length;
  t.diagnostic(`${items.length} commands: ${['begin_trail', 'attest', 'tag_environment'].map(type => `${count(type)} ${type}`).join(', ')}; refused texts: ${JSON.stringify(Object.fromEntries(Object.entries(refused).map(([reason, texts]) => [reason, texts.length])))}`);
  assert.ok(count('attest') > 200 && count('tag_environment') > 100);
  for (const texts of Object.values(refused)) for (const text of texts) assert.equal(text.trim(), '', JSON.stringify(text));
  await checkAll(recorded, items);
});

test('refusals and verdicts, with runs and reasons that hurt', {skip}, async t => {
  const recorded = await recording(t);
  const items = [];
  for (const text of [...HURTFUL, ...generated].filter(text => text.trim() !== '')) {
    const by = text.length > 256 ? 'steve' : text;
    for (const tags of [{}, {'nodeploy.2024-10-31T10.44.48~steve': String(new URLSearchParams({by, reason: text}))}]) {
      const statuses = [{attestation_name: 'nodeploy-on', status: 'COMPLETE'}];
      const data = [{name: '2024-10-31T10.44.48~steve', compliance_status: {attestations_statuses: Object.keys(tags).length > 0 ? statuses : []}}];
      const shown = body => ({status: 200, body: JSON.stringify(body)});
      const observed = {
        'trails': shown({data, pagination: {page_count: 1}}), 'environment': shown({name: 'prod.eu', tags}),
        'verdict': shown([]), 'attestation/2024-10-31T10.44.48~steve/nodeploy-refused': shown([]),
      };
      const action = {type: 'assert', run: by, record: true, attest: 'payments/4f1c2ab', evidence: true};
      const {commands, reason, summary} = plan({action, now: '2024-10-31T11:44:48Z', environment: 'prod.eu', settings, observed});
      assert.deepEqual([reason, commands.length], Object.keys(tags).length > 0 ? ['frozen', 2] : ['attesting', 1], `${JSON.stringify(text)}: ${summary}`);
      items.push(...commands);
    }
  }
  t.diagnostic(`${items.length} commands`);
  await checkAll(recorded, items);
});

// What hurts as a fact or a run, and would not be read as a glob or as nothing.
const FACTS = [...HURTFUL, ...generated].filter(text => text.trim() !== '' && text.length <= 256 && !text.includes('\0'));

test('exceptions, claims and passes, with reasons, facts and runs that hurt', {skip}, async t => {
  const recorded = await recording(t);
  const items = new Map();
  const shown = body => ({status: 200, body: JSON.stringify(body)});
  const freeze = '2024-10-31T10.44.48~steve';
  const exception = 'exception-2024-10-31T10.44.48-2024-10-31T14.00.00~maya';
  const has = name => ({attestation_name: name, status: 'COMPLETE'});
  const trail = (name, ...names) => ({name, compliance_status: {attestations_statuses: names.map(has)}});
  const list = (...data) => shown({data, pagination: {page_count: 1}});
  const said = (name, id, annotations, on = exception) => ({attestation_name: name, attestation_id: id, created_at: 1_730_371_500, trail_name: on, annotations, description: 'why', reported_by: 'ci'});
  const frozen = {
    'trails': list(trail(freeze, 'nodeploy-on')), 'environment': shown({name: 'prod-aws', tags: {[`nodeploy.${freeze}`]: 'by=steve&reason=x'}}),
    [`attestation/${freeze}/nodeploy-on`]: shown([{...said('nodeploy-on', 'a', {by: 'steve'}, freeze), created_at: 1_730_371_400}]),
  };
  const add = (wanted, call) => {
    const {commands, reason, summary} = plan({environment: 'prod-aws', settings, ...call});
    assert.ok(commands.some(({name}) => name === wanted), `${wanted}: ${reason}: ${summary}`);
    for (const command of commands) items.set(JSON.stringify(command.argv), command);
  };
  for (const text of FACTS) {
    add('nodeploy-exception', {action: {type: 'except', reason: text, by: text, until: '2024-10-31T14:00:00Z', change: {kind: 'hotfix'}}, now, observed: {...frozen, exceptions: list()}});
    const asked = shown([said('nodeploy-exception', 'a1', {by: 'maya', freezes: freeze, change: 'kind=hotfix', uses: '1', approvals: '1'})]);
    const own = {[`exception/${exception}`]: shown(trail(exception, 'nodeploy-exception')), [`exception/${exception}/nodeploy-exception`]: asked};
    add('nodeploy-approved', {action: {type: 'approve', exception, by: text, reason: text}, now, observed: {...own, [`exception/${exception}/nodeploy-approved`]: shown([])}});
    add('nodeploy-revoked', {action: {type: 'revoke', exception, by: text, reason: text}, now, observed: own});
    add('nodeploy-on', {action: {type: 'on', reason: 'x', by: 'al', except: {kind: 'docs', actor: ['al', 'm*']}}, now, observed: {trails: list(), environment: shown({name: 'prod-aws', tags: {}})}});
    const change = {kind: 'hotfix', note: text};
    const fact = String(new URLSearchParams(Object.entries(change)));
    const observed = {
      ...frozen, 'exceptions': list(trail(exception, 'nodeploy-exception')), ...own,
      [`exception/${exception}/nodeploy-approved`]: shown([said('nodeploy-approved', 'b1', {by: 'noah', of: 'a1'})]),
      [`exception/${exception}/nodeploy-claimed`]: shown([]), [`attestation/${freeze}/nodeploy-passed`]: shown([]),
    };
    const action = {type: 'assert', change, run: text, claim: true};
    add('nodeploy-claimed', {action, now: '2024-10-31T11:00:00Z', observed});
    const claimed = {...observed, [`exception/${exception}/nodeploy-claimed`]: shown([said('nodeploy-claimed', 'c1', {run: text, change: fact})])};
    add('nodeploy-passed', {action: {...action, claimed_at: '2024-10-31T10:59:00Z'}, now: '2024-10-31T11:00:00Z', observed: claimed});
  }
  for (const call of [{action: {type: 'approve', exception, by: 'noah'}, observed: {}}, {action: {type: 'assert', change: {kind: 'hotfix'}}, observed: frozen}]) {
    for (const read of observe({now, environment: 'prod-aws', settings, ...call})) items.set(JSON.stringify(read.argv), read);
  }
  t.diagnostic(`${items.size} reads and commands`);
  await checkAll(recorded, items.values());
});

test('the lists of all environments and flows', {skip}, async t => {
  const recorded = await recording(t);
  for (const [action, ...names] of [[{type: 'select', environments: ['prod-*'], past: true}, 'environments', 'flows'], [{type: 'overview'}, 'environments']]) {
    const lists = observe({action, now, settings});
    assert.deepEqual(lists.map(({as}) => as), names);
    for (const list of lists) await check(recorded, list);
  }
});

test('everything that a report reads', {skip}, async t => {
  const recorded = await recording(t);
  const freeze = '2024-10-31T10.44.48~steve';
  const shown = body => ({status: 200, body: JSON.stringify(body)});
  const action = {type: 'report', from: '2024-10-31T00:00:00Z'};
  const started = {type: 'started-compliant', reported_at: 1_730_375_050.5, sha256: 'b'.repeat(64), snapshot_index: 7};
  const trail = {name: freeze, flow: {name: 'prod.eu-nodeploy'}, compliance_status: {attestations_statuses: [{attestation_name: 'nodeploy-on', status: 'COMPLETE'}]}};
  const answers = {
    'environment': shown({name: 'prod.eu', tags: {}, type: 'K8S', last_reported_at: 1_730_375_100}),
    'trails': shown({data: [trail], pagination: {page_count: 1}}),
    'exceptions': {status: 404, body: '{"message": "Flow named \'prod.eu-nodeploy-exceptions\' does not exist"}'},
    'events': shown([started]),
    'snapshot': shown({index: 7, artifacts: [{fingerprint: started.sha256, flows: [{flow_name: 'runner-ci', trail_name: '4f1c2ab'}]}]}),
    'verdict': shown([]),
    [`attestation/${freeze}/nodeploy-on`]: shown([{attestation_name: 'nodeploy-on', attestation_id: 'a', created_at: 1_730_371_489, annotations: {by: 'steve'}}]),
  };
  const call = {action, now: '2024-10-31T11:44:48Z', environment: 'prod.eu', settings, observed: {}};
  const read = new Map();
  for (let reads = observe(call); reads.length > 0; reads = observe(call)) {
    for (const item of reads) {
      read.set(item.as, item);
      call.observed[item.as] = answers[item.as];
    }
  }
  assert.deepEqual([...read.keys()].toSorted(), Object.keys(answers).toSorted());
  assert.equal(plan(call).report.deployments[0].label, 'unexplained');
  await checkAll(recorded, [...read.values()]);
});

test('everything that a story with a wiped tag, a lost record and a sync asks and writes', {skip}, async t => {
  const recorded = await recording(t);
  const local = await openLocal({dir: mkdtempSync(join(tmpdir(), 'nodeploy-test-')), org: 'acme'});
  t.after(() => {
    rmSync(local.dir, {recursive: true});
    return local.close();
  });
  const write = (method, path, body) => local.send({request: {method, path: `/api/v2/${path}`, json: body}});
  for (const name of ['prod-aws', 'staging']) await write('PUT', 'environments/acme', {name, type: 'server', description: ''});
  const flow = [{name: 'data_json', value: '{"name":"staging-nodeploy","description":""}'}, {name: 'template_file', filename: 'template.yml', value: 'version: 1'}];
  await local.send({request: {method: 'PUT', path: '/api/v2/flows/acme/template_file', form: flow}}); // and no trail in it
  const items = new Map();
  const kosli = {
    org: 'acme',
    send(item) {
      items.set(JSON.stringify(item.argv), item);
      return local.send(item);
    },
  };
  let minute = 0;
  const go = (action, environment = 'prod-aws') => run({environment, action}, {kosli, clock: () => new Date(Date.UTC(2024, 9, 31, 10, minute++))});
  await go({type: 'on', reason: 'first', by: 'steve'});
  const {body} = await local.send({request: {method: 'GET', path: '/api/v2/environments/acme/prod-aws'}});
  await write('PATCH', 'tags/acme/env/prod-aws', {set_tags: {}, remove_tags: Object.keys(JSON.parse(body).tags)});
  assert.equal((await go({type: 'assert'})).decision, 'refuse');
  await go({type: 'sync'});
  await go({type: 'on', reason: 'second', by: 'jon', until: '2024-10-31T10:20:00Z'});
  await write('PATCH', 'tags/acme/env/prod-aws', {set_tags: {'nodeploy.2024-10-30T09.00.00~eve': 'by=eve'}, remove_tags: []});
  await go({type: 'assert'});
  await go({type: 'on', reason: 'third', by: 'steve'}, 'staging');
  minute = 59;
  await go({type: 'sync'});
  await go({type: 'off', freezes: 'all', by: 'steve', reason: 'done'});
  assert.equal((await go({type: 'assert'})).decision, 'proceed');

  const kinds = new Set([...items.values()].map(({argv}) => argv.slice(1, 3).join(' ')));
  for (const kind of ['list trails', 'get env', 'get flow', 'get trail', 'get attestation', 'create flow', 'begin trail', 'attest generic', 'tag env']) assert.ok(kinds.has(kind), `${kind} of ${[...kinds].join(', ')}`);
  t.diagnostic(`${items.size} reads and commands`);
  await checkAll(recorded, items.values());
});
