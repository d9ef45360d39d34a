// `--md`: what people said is shown, and none of it is markup, a mention, or a command of a log.
import assert from 'node:assert/strict';
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'node:test';
import {nodeploy} from './child.js';
import {ask, serve, temporaryFolder} from './local-kosli.js';
import {kosli} from './windows-kosli.js';
import {TEXTS} from './words.js';
import {facts} from '../cli/markdown.js';
import {code, oneLine, plain, table} from '../text/markdown.js';

// What is left when our own marks are taken out is letters, digits and blanks, and what means nothing between these.
const isInert = text => /^[\p{L}\p{M}\p{N} ]*$/u.test(text.replace(/(?<=[\p{L}\p{N}])-(?=[\p{L}\p{N}])|(?<=\d)[.:](?=\d)|(?<=[\p{L}\p{N}]), /gu, ' ').replace(/&#\d+;/g, ''));

test('how it stands with an exception is said in words', () => {
  const exception = {id: 'e', by: 'ann', reason: null, until: '2026-01-01T00:00:00Z'};
  const told = (state, why) => facts({exceptions: [{...exception, state, why}]})[0].slice(3);
  assert.deepEqual(told('live', 'other_change'), [['state', 'not over'], ['but', 'it is for other changes']]);
  assert.deepEqual(told('awaiting', 'not_approved'), [['state', 'waits for an approval']]);
});

test('text of others is text', () => {
  for (const [what, text] of Object.entries(TEXTS)) {
    for (const written of [plain(text), code(text).slice('<code>'.length, -'</code>'.length)]) {
      assert.ok(isInert(written), `${what}: ${written}`);
      const read = written.replaceAll('&#8203;', '').replace(/&#(\d+);/g, (_, number) => String.fromCodePoint(number));
      assert.equal(read, oneLine(text), what);
    }
  }
  assert.equal(oneLine('a\u3164b\u115Fc\u200Bd\r\n'), 'a\\u{3164}b\\u{115f}c\\u{200b}d\\u{d}\\u{a}');
  assert.equal(table(['a', 'b'], [[plain('x|y'), '']]), '| a | b |\n| --- | --- |\n| x&#124;y |  |');
});

test('nobody is told, and nothing is linked, by a name in it; what is copied stays as it is', () => {
  for (const [text, written] of [
    ['ask @maya', 'ask &#64;&#8203;maya'],
    ['see #12 and !34', 'see &#35;&#8203;12 and &#33;&#8203;34'],
    ['@"a b" %1 &2 $3 ~x', '&#64;&#8203;&#34;a b&#34; &#37;&#8203;1 &#38;&#8203;2 &#36;&#8203;3 &#126;&#8203;x'],
    ['5% & more!', '5&#37; &#38; more&#33;'],
    ['a-b, 1.5, 10:44 --x a.b :c: -', 'a-b, 1.5, 10:44 &#45;&#45;x a&#46;b &#58;c&#58; &#45;'],
  ]) assert.equal(plain(text), written);
  assert.equal(code('2024-10-31T10.44.48~steve'), '<code>2024-10-31T10.44.48&#126;steve</code>');
  assert.equal(code(''), '');
});

test('status and windows', async t => {
  const server = await serve(t);
  for (const name of ['prod-aws', 'staging']) await ask(server, 'PUT', '/api/v2/environments/acme', {json: {name, type: 'K8S', description: ''}});
  const cwd = temporaryFolder(t);
  writeFileSync(join(cwd, 'nodeploy.json'), JSON.stringify({policy: 'release', windows: [
    {name: 'launch | day', effect: 'freeze', environments: ['prod-*'], timezone: 'Europe/Berlin', from: '2999-01-01', to: '2999-01-02', reason: TEXTS['is Markdown']},
  ]}));
  const env = {KOSLI_ORG: 'acme', KOSLI_API_TOKEN: server.token, KOSLI_HOST: server.url, TZ: 'UTC', NODEPLOY_BY: 'steve'};
  const run = args => nodeploy(args, {env, cwd});
  await run(['-e', 'prod-aws', '-r', TEXTS['is Markdown'], 'on', '--except', 'kind=docs']);
  assert.match((await run(['-e', 'prod-aws', 'status', '--change', 'kind=code'])).stdout, /\n {4}except kind=docs\n/);
  for (const [args, ...words] of [
    [['-e', 'prod-aws', 'status', '--change', 'kind=code'], /\n\| except \| kind&#61;docs \|\n/],
    [['-e', 'prod-aws', 'status'], /^### \u26D4 nodeploy status: prod-aws\n\n/, /\n\| freeze \| <code>\d.*steve<\/code> \|\n\| --- \| --- \|\n\| by \| steve \|\n/, /\n\npolicy nodeploy&#46;json&#58; 1 of 1 window is for prod-aws\n$/],
    [['-e', 'prod-aws,staging', 'status', '--exit-code'], /\n### \u2705 nodeploy status: staging\n/],
    [['status'], /^### \u26D4 2 environments.*\n\n\| environment \| state \| by \| since \| why \|\n\| --- \| --- \| --- \| --- \| --- \|\n\| prod-aws \| frozen \| steve \| /, /\| staging \| open \|/],
    [['windows', '--at', '2998-12-20T12:00:00Z'], /^### \u{1F4C5} /u, /\n\| Europe&#47;Berlin \| here, UTC \|  \|  \|\n/, /\| freeze \| launch &#124; day \|/, /\n\| window \| what \| rule \| why \| until or next \|\n/],
  ]) {
    const {code, stdout, stderr} = await run([...args, '--md']);
    assert.equal(code, args.includes('--exit-code') ? 1 : 0, stderr);
    for (const word of words) assert.match(stdout, word);
    const markup = stdout.replace(/^### ./gmu, '').replace(/^\|( --- \|)+$|<\/?(code|pre)>|&#\d+;|nodeploy status: /gm, '').replace(/^\| .* \|$/gm, row => row.replaceAll(' | ', ' ').slice(2, -2));
    for (const line of markup.split('\n')) assert.ok(isInert(line.replace('Warning: ', '').replace(/^Opens at /, '')), line);
  }
  for (const args of [['-e', 'prod-aws', 'status'], ['-e', 'prod-aws,staging', 'status', '--exit-code'], ['status']]) {
    assert.match((await run([...args, '--md', '--org', 'acme'])).stdout, / &#45;&#45;org acme<\/pre>/, 'the next command asks the same Kosli');
  }
});

test('status: what opens it, as without --md', async t => {
  const {run} = await kosli(t, {name: 'always', effect: 'freeze', environments: ['*'], timezone: 'UTC', from: '2020-01-01', to: '2999-01-01'});
  await run(['-r', 'why', '--by', 'steve', 'on']);
  const {stdout} = await run(['status', '--md', '--change', 'kind=docs', '--org', 'acme']);
  const read = stdout.replaceAll('&#8203;', '').replace(/&#(\d+);/g, (_, number) => String.fromCodePoint(number)).split('\n');
  const said = (await run(['status', '--change', 'kind=docs', '--org', 'acme'])).stdout.trimEnd().split('\n').slice(-2);
  assert.match(said[0], /^`always` closes it all the same; to open it earlier: `suspended: true` for `always` in nodeploy\.json$/);
  assert.match(said[1], /^to ask for an exception: nodeploy -e prod-aws .* except --org acme$/);
  assert.deepEqual(read.slice(-4), [said[0], '', `<pre>${said[1]}</pre>`, ''], stdout);
  // What has been asked for already is not advised once more.
  await run(['-r', 'why', '--by', 'ann', '--change', 'kind=docs', '--until', '2h', 'except']);
  for (const form of [[], ['--md']]) {
    const told = (await run(['status', '--change', 'kind=docs', ...form])).stdout;
    assert.match(told, /waits for an approval/);
    assert.doesNotMatch(told, /to ask for an exception/);
  }
});

for (const [what, args, words] of [
  ['with --json', ['status', '--md', '--json'], /--json and --md exclude each other/],
  ['with --ics', ['windows', '--md', '--ics'], /--md and --ics exclude each other/],
  ['of a gate', ['-e', 'prod-aws', 'assert', '--md'], /--md does not go with `assert`/],
]) {
  test(`--md ${what} is an error`, async () => {
    const {code, stdout, stderr} = await nodeploy(args);
    assert.equal(code, 2);
    assert.match(stdout + stderr, words);
  });
}
