// The token in whatever is printed: Kosli's words, a policy, a calendar, a file's name, an option, a stack.
import assert from 'node:assert/strict';
import {createHash} from 'node:crypto';
import {mkdirSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'node:test';
import {blotOut, holdsToken} from '../cli/blot.js';
import {plan} from '../core.js';
import {printableJson} from '../text/printable.js';
import {shellLine} from '../text/shell.js';
import {nodeploy} from './child.js';
import {ask, serve, temporaryFolder} from './local-kosli.js';

/** What a stream of ours prints of a chunk. */
const printed = (token, chunk) => printer(token)(chunk);

function printer(token) {
  let got;
  const stream = {write: chunk => { got = Buffer.from(chunk).toString(); }};
  blotOut(token, [stream]);
  return chunk => {
    stream.write(chunk);
    return got;
  };
}

for (const [token, text, shown] of [
  ['s3cret-token', 'a s3cret-token b s3cret-token', 'a *** b ***'],
  ['s3cret-token\n', 'a s3cret-token b', 'a *** b'],
  ['s3cret"to\\ken', JSON.stringify({a: 's3cret"to\\ken'}), '{"a":"***"}'],
  ['s3cret/to+ken', 'x=s3cret%2Fto%2Bken', 'x=***'],
  ['s3cret~token', 'x=s3cret%7Etoken', 'x=***'],
  ['short', 'a short text', 'a short text'],
  ['DRY_RUN', 'the token is `DRY_RUN`', 'the token is `DRY_RUN`'],
  [undefined, 'undefined', 'undefined'],
  ['', 'a', 'a'],
]) {
  test(`${JSON.stringify(token)} in ${text}`, () => {
    assert.equal(printed(token, text), shown);
    assert.equal(printed(token, Buffer.from(`ü${text}`)), `ü${shown}`);
  });
}

// However it is written, nothing of it is left but what stood around it.
const PLAIN = '0123456789abcdef0123456789abcdef01234567';
const ODD = String.raw`s3c"r\e't/+~#::;tok=en%&x`;
const ways = {
  'JSON': token => JSON.stringify(token).slice(1, -1),
  'JSON in JSON': token => JSON.stringify(JSON.stringify(token)).slice(3, -3),
  'JSON with escapes': token => token.replace(/[^\w]/g, character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`),
  'a URL': encodeURIComponent,
  'a URL, twice': token => encodeURIComponent(encodeURIComponent(token)),
  'a form': token => new URLSearchParams({token}).toString().slice('token='.length),
  'a shell': token => shellLine([`${token}\u0001`]).replace(/^.*?'|\\001.*$/gs, ''),
  'quoted-printable': token => token.replace(/[^\w]/g, character => `=${character.charCodeAt(0).toString(16).toUpperCase()}`),
  'a calendar': token => token.replace(/[\\;,]/g, String.raw`\$&`),
  'hex': token => Buffer.from(token).toString('hex'),
};
for (const [way, write] of Object.entries(ways)) {
  test(`written for ${way}, and broken anywhere`, () => {
    for (const token of [PLAIN, ODD]) {
      const [text, print] = [write(token), printer(token)];
      assert.equal(print( `<${text}>`), '<***>', text);
      assert.equal(holdsToken([text], token), true, text);
      for (const end of ['\r\n ', '\n\t', '\n', '=\r\n']) {
        for (let at = 1; at < text.length; at++) {
          const shown = print(`<${text.slice(0, at)}${end}${text.slice(at)}>`);
          if (/^\w*$/.test(text)) assert.equal(shown, `<***${end}>`);
          else assert.ok(!shown.includes(token.slice(-3)) || !shown.includes(token.slice(0, 3)), shown);
        }
      }
    }
  });
}

test('in base64, wherever it begins', () => {
  for (const token of [PLAIN, ODD]) {
    for (const before of ['', 'a', 'ab', 'api:', 'user:']) {
      for (const encoding of ['base64', 'base64url']) {
        const shown = printed(token, Buffer.from(`${before}${token}!`).toString(encoding));
        assert.ok(!Buffer.from(shown, encoding).toString().includes(token.slice(2, -2)), shown);
        assert.match(shown, /\*\*\*/);
      }
    }
  }
});

test('of one that is cut off, what there is', () => {
  assert.equal(printed(PLAIN, `see ${PLAIN.slice(0, 20)}… and`), 'see ***… and');
  assert.equal(printed(PLAIN, `see ${PLAIN.slice(0, 20)}\\u2026 and`), 'see ***\\u2026 and');
  assert.equal(printed(PLAIN, 'see this… and'), 'see this… and');
});

test('a long one', () => {
  const token = Array.from({length: 50}, (_, index) => createHash('sha256').update(`${index}`).digest('base64url')).join('');
  assert.match(printed(token, `<${token}>`), /^<(\*\*\*)+>$/);
});

test('a calendar folds it nowhere that it is seen', () => {
  const print = printer(PLAIN);
  for (let before = 0; before <= 80; before++) {
    const window = {name: `w ${PLAIN}`, effect: 'freeze', environments: ['*'], timezone: 'UTC', from: '2026-12-24', to: '2026-12-27', reason: `${'x'.repeat(before)}${PLAIN} ü`};
    const {calendar} = plan({environment: 'prod', action: {type: 'windows', ics: true}, policy: {windows: [window]}, now: '2026-12-01T00:00:00Z', observed: {}});
    assert.equal(typeof calendar, 'string');
    for (const text of [calendar, printableJson({calendar})]) {
      const shown = print(text);
      const unfolded = shown.replace(/\r\n |\\r\\n /g, '');
      for (const secret of [PLAIN, PLAIN.slice(0, 12), PLAIN.slice(-12), Buffer.from(PLAIN).toString('hex')]) assert.ok(!unfolded.includes(secret), shown);
      assert.equal(shown.split('\r\n').length, text.split('\r\n').length, 'the lines stay');
    }
  }
});

test('a command line that holds it is noticed', () => {
  assert.equal(holdsToken(['on', '-r', 'see s3cret-token'], 's3cret-token'), true);
  assert.equal(holdsToken(['on', '-r', 'why'], 's3cret-token'), false);
  assert.equal(holdsToken(['on', '-r', 'short'], 'short'), false);
  assert.equal(holdsToken(['on', '-r', 'why'], undefined), false);
});

test('nothing that the command line prints shows it', async t => {
  const server = await serve(t);
  await ask(server, 'PUT', '/api/v2/environments/acme', {json: {name: 'prod-aws', type: 'K8S', description: ''}});
  await ask(server, 'PATCH', '/api/v2/tags/acme/env/prod-aws', {json: {set_tags: {nodeploy: server.token}, remove_tags: []}});
  const env = {KOSLI_ORG: 'acme', KOSLI_API_TOKEN: server.token, KOSLI_HOST: server.url, NODEPLOY_ENV: 'prod-aws'};
  const cwd = temporaryFolder(t);
  const window = {name: server.token, effect: 'freeze', environments: ['*'], timezone: 'UTC', from: '2020-01-01', to: '2099-01-01', reason: `see ${server.token}`};
  const files = {
    'good.json': JSON.stringify({windows: [window]}),
    'bad.json': JSON.stringify({windows: [{...window, timezone: server.token}]}),
    'cut.json': `{"${server.token}": 1, "${server.token}": 2}`,
    'yaml.yaml': `windows: [*${server.token}]`,
    'calendar.json': JSON.stringify({windows: [{name: 'a', effect: 'freeze', environments: ['*'], timezone: 'UTC', calendar: `${server.token}.ics`}]}),
    'line.json': JSON.stringify({windows: [{name: 'a', effect: 'freeze', environments: ['*'], timezone: 'UTC', calendar: 'line.ics'}]}),
    'line.ics': `BEGIN:VCALENDAR\n${server.token}\nEND:VCALENDAR\n`,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text);
  const policies = Object.keys(files).filter(name => !name.endsWith('.ics'));
  for (const args of [
    ['assert'], ['status'], ['off', '--by', 'x'], ['off', '--all', '--dry-run'], ['on', '-r', server.token, '--by', 'x'], [server.token], ['assert', `--${server.token}`], ['assert', '--policy', server.token],
    ...policies.flatMap(name => [['assert', '--policy', name], ['status', '--policy', name], ['sync', '--dry-run', '--policy', name], ['windows', '--policy', name], ['windows', '--ics', '--policy', name]]),
  ]) {
    for (const format of [[], ['--json']]) {
      const {stdout, stderr} = await nodeploy([...args, ...format], {env, cwd});
      assert.ok(`${stdout}${stderr}`.length > 0, args.join(' '));
      assert.ok(!`${stdout}${stderr}`.includes(server.token), `${args.join(' ')}\n${stdout}${stderr}`);
      if (format.length > 0) JSON.parse(stdout);
    }
  }
});

test('nor what it prints where it cannot even start, of a folder of that name', {skip: process.platform === 'win32' && 'links need rights there'}, async t => {
  const folder = join(temporaryFolder(t), 's3cret-token');
  mkdirSync(folder);
  writeFileSync(join(folder, 'target'), '');
  symlinkSync('target', join(folder, 'link'));
  const {stderr} = await nodeploy(['assert', '--policy', join(folder, 'no.yaml')], {env: {NODEPLOY_ENV: 'prod', KOSLI_API_TOKEN: 's3cret-token'}, cwd: folder});
  assert.doesNotMatch(stderr, /s3cret/);
});

test('nor is it put on record', async t => {
  const server = await serve(t);
  await ask(server, 'PUT', '/api/v2/environments/acme', {json: {name: 'prod-aws', type: 'K8S', description: ''}});
  const env = {KOSLI_ORG: 'acme', KOSLI_API_TOKEN: server.token, KOSLI_HOST: server.url, NODEPLOY_ENV: 'prod-aws'};
  const cwd = temporaryFolder(t);
  const window = {name: 'a', effect: 'freeze', environments: ['*'], timezone: 'UTC', from: '2020-01-01', to: '2099-01-01'};
  for (const [args, reason, extra] of [
    [['on', '-r', 'x'], '', {NODEPLOY_BY: server.token}],
    [['on', '-r', 'x', '--by', Buffer.from(`api:${server.token}`).toString('base64')], '', {}],
    [['sync'], `see ${server.token}`, {}],
    [['sync'], `see ${encodeURIComponent(server.token)}`, {}],
  ]) {
    writeFileSync(join(cwd, 'nodeploy.json'), JSON.stringify({windows: [{...window, reason: reason || 'x'}]}));
    const {code, stderr} = await nodeploy(args, {env: {...env, ...extra}, cwd});
    assert.deepEqual([code, /holds the API token/.test(stderr), stderr.includes(server.token)], [2, true, false], stderr);
  }
  assert.deepEqual((await ask(server, 'GET', '/api/v2/flows/acme')).body, []);
});
