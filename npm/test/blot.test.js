// The token in whatever is printed: Kosli's words, a policy, a calendar, a file's name, an option, a stack.
import assert from 'node:assert/strict';
import {mkdirSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'node:test';
import {blotOut, holdsToken} from '../cli/blot.js';
import {nodeploy} from './child.js';
import {ask, serve, temporaryFolder} from './local-kosli.js';

/** What a stream of ours prints of these chunks. */
function printed(token, ...chunks) {
  const got = [];
  const stream = {write: (chunk, ...rest) => got.push(Buffer.from(chunk).toString(), ...rest.filter(each => typeof each === 'string'))};
  blotOut(token, [stream]);
  for (const chunk of chunks) stream.write(chunk);
  return got.join('');
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
