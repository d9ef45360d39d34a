// A question may be answered with 0 though it is closed; a gate never.
import assert from 'node:assert/strict';
import test from 'node:test';
import {exitCode} from '../cli/exit-code.js';
import {VERB_NAMES} from '../cli/verbs.js';
import {CLI, node, nodeploy} from './child.js';
import {ask, serve, serveAt} from './local-kosli.js';

const GATE = {proceed: 0, refuse: 1, error: 2, 'nobody knows this': 2};

test('every decision of every verb; of `status` alone a refusal is an answer', () => {
  for (const verb of VERB_NAMES) {
    for (const [decision, code] of Object.entries(GATE)) {
      for (const isGate of [undefined, true]) {
        const isAnswer = verb === 'status' && decision === 'refuse' && !isGate;
        assert.equal(exitCode(verb, decision, {'exit-code': isGate}), isAnswer ? 0 : code, `${verb} ${decision} ${isGate}`);
      }
    }
  }
});

const account = ({url, token}) => ({KOSLI_ORG: 'acme', KOSLI_API_TOKEN: token, KOSLI_HOST: url, NODEPLOY_ENV: 'prod-aws'});
const create = server => ask(server, 'PUT', '/api/v2/environments/acme', {json: {name: 'prod-aws', type: 'K8S', description: ''}});
const tag = (server, tags) => ask(server, 'PATCH', '/api/v2/tags/acme/env/prod-aws', {json: {set_tags: tags, remove_tags: []}});

test('the command line: open, closed, unknown', async t => {
  const server = await serve(t);
  await create(server);
  const codes = async (env = {}) => {
    const run = async (...args) => (await nodeploy([...args, '--policy='], {env: {...account(server), KOSLI_MAX_API_RETRIES: '0', ...env}})).code;
    return [await run('assert'), await run('status'), await run('status', '--exit-code'), await run('status', '--json')];
  };
  assert.deepEqual(await codes(), [0, 0, 0, 0]);
  await tag(server, {nodeploy: 'null'});
  assert.deepEqual(await codes(), [1, 0, 1, 0]);
  assert.deepEqual(await codes({NODEPLOY_ENV: 'nobody'}), [2, 2, 2, 2]);
  assert.deepEqual(await codes({KOSLI_API_TOKEN: 'wrong'}), [2, 2, 2, 2]);
  const {code, stderr} = await nodeploy(['assert', '--exit-code'], {env: account(server)});
  assert.equal(code, 2);
  assert.match(stderr, /--exit-code does not go with `assert`/);
});

test('off: by a name that is no freeze, which was meant', async t => {
  const server = await serve(t);
  await create(server);
  const run = (...args) => nodeploy(args, {env: account(server)});
  const ids = [];
  for (const by of ['mary', 'steve', 'rosemary', 'kim']) ids.push(/^freezing prod-aws as (\S+):/m.exec((await run('on', '-r', 'rest', '--by', by)).stdout)[1]);
  const [mary, steve, , kim] = ids;
  await run('off', '--by', 'ann', '--freeze', kim);
  const year = mary.slice(0, 4);
  for (const [name, code, guess] of [
    [`${mary},`, 0, `--freeze ${mary}`], [`${mary},${steve}`, 0, `--freeze ${mary} --freeze ${steve}`], ['mary', 1, `--freeze ${mary}`],
    [steve.slice(0, -1), 1, `--freeze ${steve}`], [steve.replace('T', ''), 1, `--freeze ${steve}`], ['all', 1, '--all'], ['*', 0, '--all'], ['nobody', 1, undefined],
    [year, 1, undefined], [kim, 0, undefined], ['mar', 1, undefined], ['rose', 1, undefined], [mary.replace('mary', 'joe'), 1, undefined],
  ]) {
    const off = await run('off', '--by', 'ann', '--freeze', name);
    assert.equal(off.code, code, name);
    assert.equal(/^did you mean (.*)\? If not, to (?:see|lift) /m.exec(off.stdout)?.[1], guess, off.stdout);
  }
  for (const told of [/^lifting the freeze /m, /^the freeze \S+ of prod-aws has been lifted; /m]) assert.match((await run('off', '--freeze', mary, '--freeze', mary)).stdout, told);
  for (const [words, guess] of [[['off', mary], `--freeze ${mary}`], [['off', 'all'], '--all'], [['approve', mary], `--exception ${mary}`], [['claim', mary], `--exception ${mary}`]]) {
    const {code, stderr} = await run(...words);
    assert.equal(code, 2);
    assert.ok(stderr.includes(`\ndid you mean ${guess}?\n`), stderr);
  }
});

test('off: what only others freeze is no success, and stays as it is', async t => {
  const server = await serve(t);
  await create(server);
  const run = (...args) => nodeploy(args, {env: account(server)});
  assert.equal((await run('on', '-r', 'rest', '--by', 'mary')).code, 0);
  const {code, stdout} = await run('off', '--by', 'steve');
  assert.equal(code, 1);
  assert.match(stdout, /^Removing nodeploy for prod-aws\nNOTHING WAS LIFTED: prod-aws has no freeze of steve; prod-aws STAYS FROZEN since .* by mary: rest\n/);
  assert.match(stdout, /\nto lift it: nodeploy -e prod-aws off --freeze \S+~mary\n$/);
  assert.equal((await run('on', '-r', 'mine', '--by', 'steve')).code, 0);
  for (const round of ['first', 'repeated']) {
    const off = await run('off', '--by', 'steve');
    assert.equal(off.code, 0, round);
    assert.match(off.stdout, /; prod-aws STAYS FROZEN since .* by mary: rest\n/, round);
  }
  assert.equal((await run('assert')).code, 1);
});

test('a clock that is off: whatever goes by it is nobody\'s to know', async t => {
  const hour = 3_600_000;
  const server = await serveAt(t, new Date(Date.now() - hour).toUTCString());
  await create(server);
  const run = (...args) => nodeploy(args, {env: account(server)});
  const open = await run('assert');
  assert.equal(open.code, 0);
  assert.match(open.stderr, /^warning: this machine's clock says .* UTC, Kosli's says .* UTC; set the clock right\n$/);
  assert.equal((await run('on', '-r', 'x', '--by', 'steve', '--until', '2h')).code, 2);
  await tag(server, {'nodeploy.x': `by=steve&until=${new Date(Date.now() - hour / 2).toISOString()}`});
  const {code, stderr} = await run('assert');
  assert.equal(code, 2);
  assert.match(stderr, /nodeploy: this machine's clock says .* UTC, Kosli's says .* UTC, and the end of x goes by the clock; set it right\n/);
});

// As a tracer does that has something to send before the end.
const WRAPPED = `data:text/javascript,${encodeURIComponent('const {exit} = process; process.exit = code => exit.call(process, code);')}`;

test('a closed gate stays closed where somebody has wrapped `process.exit`', async t => {
  const server = await serve(t);
  await create(server);
  await tag(server, {nodeploy: 'null'});
  const {code} = await node(['--import', WRAPPED, CLI, 'assert', '--policy='], {env: {PATH: process.env.PATH, ...account(server)}});
  assert.equal(code, 1);
});
