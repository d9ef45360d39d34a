// Words of strangers (reasons, holders, tags, Kosli's errors) in every place of the command line's output: they stay words.
import assert from 'node:assert/strict';
import {chmodSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {test} from 'node:test';
import {nodeploy, rounds, spread} from './command.js';
import {ENVIRONMENT, facts, stage, theatre} from './scenes.js';
import {TEXTS} from '../../npm/test/words.js';

// Written apart from core/src/text. A line feed ends a line of ours and nothing else.
const DELICATE = /[\p{Cc}\p{Cs}\u061C\u200B\u200E\u200F\u2028-\u202E\u2060-\u206F\uFEFF\u{E0000}-\u{E007F}]/u;
const OBEYED = /^\s*::|##[a-z]*\[/i;

/** All of `cases`, or without being asked for more one of them, another for each text. */
const some = (cases, what) => rounds >= 50 ? cases : [cases[Object.keys(TEXTS).indexOf(what) % cases.length]];

function checkLines({stdout, stderr}, told) {
  for (const line of `${stdout}${stderr}`.split('\n')) {
    assert.doesNotMatch(line, DELICATE, told);
    assert.doesNotMatch(line, OBEYED, told);
  }
}

const linesOf = text => text.split('\n').length;

test('reasons and holders', async t => {
  const scenes = await theatre(t, {open: {before: () => []}});
  const plain = await story(t, scenes, 'plain', 'steve');
  await spread(Object.entries(TEXTS), 2, async ([what, text]) => {
    const told = await story(t, scenes, text, text);
    for (const [name, {code, stdout}] of Object.entries(told)) {
      assert.equal(code, plain[name].code, `${what}, ${name}\n${stdout}`);
      // Words make no lines. (In a line for a shell they may: it is pasted as a whole.)
      if (!name.includes('--dry-run')) assert.equal(linesOf(stdout), linesOf(plain[name].stdout), `${what}, ${name}\n${stdout}`);
    }
  });
});

/** Freezes with these words, looks at it in every way, lifts it. */
async function story(t, scenes, reason, by) {
  const {server, env, close} = await stage(t, scenes, 'open');
  const outcomes = {};
  const go = async (...args) => {
    const outcome = await nodeploy(args, env).ended;
    const name = args.filter(word => !word.startsWith('--reason=')).map(word => word.replace(/^--by=.*/s, '--by')).join(' ');
    outcomes[name] = outcome;
    const told = `${name}: ${JSON.stringify(reason)}\n${outcome.stdout}${outcome.stderr}`;
    checkLines(outcome, told);
    if (!args.includes('--json')) return undefined;
    assert.equal(outcome.stderr, '', told);
    return JSON.parse(outcome.stdout);
  };
  const words = [`--reason=${reason}`, `--by=${by}`];
  await go('on', ...words, '--dry-run');
  await go('on', ...words, '--dry-run', '--json');
  await go('on', ...words);
  const {records} = await facts(server);
  const [[record]] = [Object.values(records)];
  assert.deepEqual(record.on.map(({description, annotations}) => [description, annotations.by]), [[reason.startsWith('-') ? ` ${reason}` : reason, by]]);
  await go('assert');
  const refused = await go('assert', '--json');
  assert.equal(refused.decision, 'refuse');
  assert.equal(refused.freezes.length, 1);
  const [freeze] = refused.freezes;
  assert.deepEqual([freeze.reason.trimStart(), freeze.by, freeze.until, freeze.state], [reason, by, null, 'open']);
  await go('status');
  await go('report');
  assert.deepEqual((await go('status', '--json')).freezes, [{...freeze, reported_by: 'alice'}]); // what the record says is read besides
  await go('off', `--by=${by}x`); // not theirs
  await go('sync');
  await go('off', '--all', '--dry-run');
  await go('off', ...words);
  await go('assert');
  await close();
  return outcomes;
}

test("tags that others wrote, and a gate that they do not open", async t => {
  const scenes = await theatre(t, {open: {before: () => []}});
  await spread(Object.entries(TEXTS), 2, async ([what, text]) => {
    const {server, env, close} = await stage(t, scenes, 'open');
    const tag = set => server.send({request: {method: 'PATCH', path: `/api/v2/tags/acme/env/${ENVIRONMENT}`, json: {set_tags: set, remove_tags: []}}});
    for (const set of some([{nodeploy: text}, {'nodeploy.2024-10-31T10.44.48~eve': text, team: text}], what)) {
      await tag(set);
      for (const args of [['assert'], ['assert', '--json'], ['status'], ['sync'], ['off', '--by', 'steve'], ['off', '--all', '--dry-run'], ['assert']]) {
        const outcome = await nodeploy(args, env).ended;
        const told = `${what}: ${args.join(' ')}\n${outcome.stdout}${outcome.stderr}`;
        checkLines(outcome, told);
        // Whoever may write the tags may also write that a freeze has expired: that is no injection.
        const saysExpired = what === 'is of a flag' && set.nodeploy === undefined;
        if (args[0] === 'assert' && !saysExpired) assert.equal(outcome.code, 1, told);
      }
    }
    await close();
  });
});

test("Kosli's errors, over HTTP and through the kosli CLI", async t => {
  const scenes = await theatre(t, {open: {before: () => []}});
  const program = join(scenes.folder, 'kosli.js');
  writeFileSync(program, `#!${process.execPath}\nconst {KOSLI_ORG: how} = process.env; const text = Buffer.from(process.env.HOME, 'base64').toString();\nif (how === 'out') { process.stdout.write(text); } else { process.stderr.write('Error: ' + text + '\\n'); process.exitCode = 1; }\n`);
  chmodSync(program, 0o755);
  await spread(Object.entries(TEXTS), 2, async ([what, text]) => {
    const {proxy, env, close} = await stage(t, scenes, 'open');
    const check = async (args, variables, told) => {
      for (const more of [[], ['--json']]) {
        const outcome = await nodeploy([...args, ...more], {...env, ...variables}).ended;
        const shown = `${what}, ${told}: ${args.join(' ')} ${more}\n${outcome.stdout}${outcome.stderr}`;
        assert.equal(outcome.code, 2, shown);
        checkLines(outcome, shown);
        if (more.length === 0) assert.ok(linesOf(outcome.stderr) <= 4, shown);
        else assert.equal(JSON.parse(outcome.stdout).decision, 'error', shown);
      }
    };
    const on = ['on', '-r', 'x', '--by', 'steve'];
    for (const body of some([JSON.stringify({message: text}), JSON.stringify({message: 'm', errors: {[text]: text}}), text], what)) {
      proxy.meddle = async ({answer}) => answer({status: 400, body});
      await check(['assert'], {}, 'a read');
      proxy.meddle = async exchange => exchange.isWrite ? exchange.answer({status: 422, body}) : exchange.answer(await exchange.forward());
      await check(on, {}, 'a write');
    }
    proxy.meddle = async ({answer}) => answer({status: 200, body: text});
    await check(['assert'], {}, 'no document');
    const place = ['--via', 'cli', '--program', program];
    const HOME = Buffer.from(text).toString('base64');
    await check(['assert', ...place], {HOME}, 'stderr');
    await check(['assert', ...place], {HOME, KOSLI_ORG: 'out'}, 'stdout');
    await close();
  });
});

test('what stands on the command line and in the variables', async t => {
  const env = {PATH: process.env.PATH, KOSLI_ORG: 'acme', KOSLI_API_TOKEN: 'secret-token', KOSLI_HOST: 'http://127.0.0.1:9', KOSLI_MAX_API_RETRIES: '0', NODEPLOY_ENV: 'prod'};
  await spread(Object.entries(TEXTS), 2, async ([what, text]) => {
    for (const [args, variables] of [
      [['assert', `--environment=${text}`]],
      [[text]],
      [['assert', text]],
      [['on', '-r', 'x', `--until=${text}`]],
      [['off', `--freeze=${text}`]],
      [['assert', `--host=${text}`]],
      [['assert', `--org=${text}`]],
      [['assert', `--via=${text}`]],
      [['assert', '--via', 'cli', `--program=${text}`]],
      [[`--${text}`]],
      [['assert'], {KOSLI_MAX_API_RETRIES: text}],
      [['assert'], {KOSLI_API_TOKEN: text}],
    ]) {
      const outcome = await nodeploy(args, {...env, ...variables}).ended;
      const told = `${what}: ${args.join(' ')}\n${outcome.stdout}${outcome.stderr}`;
      assert.equal(outcome.code, 2, told);
      assert.ok(linesOf(outcome.stderr) <= 4, told);
      checkLines(outcome, told);
    }
  });
});
