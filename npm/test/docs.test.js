// What the documents show is what happens.
import assert from 'node:assert/strict';
import {readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'node:test';
import {fileURLToPath} from 'node:url';
import {node, nodeploy} from './child.js';
import {ask, serve, serveAt, temporaryFolder} from './local-kosli.js';
import {plan, readPolicy} from '../index.js';

const read = name => readFileSync(fileURLToPath(new URL(name, import.meta.url)), 'utf8');
const DOCUMENTS = {'README.md': read('../../README.md'), 'npm/readme.md': read('../readme.md')};
const WINDOWS = read('../../core/WINDOWS.md');

const masked = text => text.replace(/\d{4}-\d\d-\d\dT\d\d\.\d\d\.\d\d~steve/g, 'ID').replace(/\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d)? UTC/g, 'TIME').replaceAll(process.cwd(), '/app');

test('the story that both tell', async t => {
  const server = await serve(t);
  await ask(server, 'PUT', '/api/v2/environments/acme', {json: {name: 'prod-aws', type: 'K8S', description: ''}});
  const env = {KOSLI_ORG: 'acme', KOSLI_API_TOKEN: server.token, KOSLI_HOST: server.url, GITHUB_ACTOR: 'steve'};
  const on = await nodeploy(['-e', 'prod-aws', '-r', 'Demo for blog post', 'on'], {env});
  const gate = await nodeploy(['-e', 'prod-aws', 'assert'], {env});
  const story = `$ nodeploy -e prod-aws -r "Demo for blog post" on\n${on.stdout}$ nodeploy -e prod-aws assert\n${gate.stdout}`;
  for (const [name, text] of Object.entries(DOCUMENTS)) assert.equal(masked(/```\n(\$ nodeploy [^`]*)```/.exec(text)[1]), masked(story), name);
});

// What the pipeline of the story has.
const CI = {GITHUB_ACTIONS: 'true', GITHUB_SHA: '4f1c2ab9d8e7f6a5b4c3d2e1f0a9b8c7d6e5f4a3', GITHUB_ACTOR: 'zoe', GITHUB_REPOSITORY: 'acme/shop', GITHUB_REF: 'refs/heads/main', GITHUB_RUN_ID: '42', GITHUB_JOB: 'deploy'};

test('the story of an exception', async t => {
  const server = await serve(t);
  await ask(server, 'PUT', '/api/v2/environments/acme', {json: {name: 'prod-aws', type: 'K8S', description: ''}});
  const env = {KOSLI_ORG: 'acme', KOSLI_API_TOKEN: server.token, KOSLI_HOST: server.url};
  assert.equal((await nodeploy(['-e', 'prod-aws', '-r', 'database migration', '--by', 'steve', 'on'], {env})).code, 0);
  const blocks = [...read('../../core/EXCEPTIONS.md').matchAll(/^```\n(\$ nodeploy .*?)^```$/gms)].map(([, block]) => block);
  assert.ok(blocks.length >= 5);
  const hidden = text => text.replace(/exception-[\d.T-]+~maya/g, 'EXCEPTION').replace(/\d{4}-\d\d-\d\dT[\d.]+~steve/g, 'ID').replace(/\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d)? UTC/g, 'TIME').replace(/^no policy.*$/gm, 'no policy');
  const cwd = temporaryFolder(t); // no checkout, which would be at another commit
  let id;
  for (const block of blocks) {
    let real = '';
    for (const [shown, line] of block.matchAll(/^\$ nodeploy (.*)\n/gm)) {
      const args = line.replace(/exception-\S+/, id).match(/"[^"]*"|\S+/g).map(word => word.replaceAll('"', ''));
      // The second build is another run.
      const {stdout} = await nodeploy(args, {cwd, env: {...env, ...(args.includes('assert') && {...CI, GITHUB_RUN_ID: /used up/.test(block) ? '43' : '42'})}});
      id ??= /exception-\S+~maya/.exec(stdout)?.[0];
      real += shown + stdout;
    }
    assert.equal(hidden(block), hidden(real));
  }
});

test("the readme's policy says what the readme says", async t => {
  const readme = DOCUMENTS['npm/readme.md'];
  const cwd = temporaryFolder(t);
  writeFileSync(join(cwd, 'nodeploy.yaml'), /```yaml\n([^`]*)```/.exec(readme)[1]);
  writeFileSync(join(cwd, 'holidays.ics'), 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260101T000000Z\r\nDTSTART;VALUE=DATE:20261003\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n');
  const server = await serveAt(t);
  await ask(server, 'PUT', '/api/v2/environments/acme', {json: {name: 'prod-aws', type: 'K8S', description: ''}});
  const env = {KOSLI_ORG: 'acme', KOSLI_API_TOKEN: server.token, KOSLI_HOST: server.url, TZ: 'Europe/Berlin'};
  const now = '2026-12-01T12:00:00Z';
  const [, shown] = /```\n(\$ nodeploy [^`]* windows [^`]*)```/.exec(readme);
  let real = '';
  for (const [line, args] of shown.matchAll(/^\$ nodeploy (.*)\n/gm)) real += line + (await nodeploy(args.split(' '), {env, cwd, now})).stdout;
  assert.equal(shown, real);
});

test('the pipeline of the readme runs the file that is built', async () => {
  const [, yaml] = /```yaml\n([^`]*)```/.exec(DOCUMENTS['README.md']);
  const [, line] = /run: node nodeploy\.cjs (.*)\n {6}- run: \.\/deploy\.sh\n/.exec(yaml);
  const {code, stderr} = await node([fileURLToPath(new URL('../nodeploy.cjs', import.meta.url)), ...line.split(' ')], {env: {}});
  assert.equal(code, 2);
  assert.match(stderr, /nodeploy\.yaml/, 'a policy that is named and missing is an error');
});

test('the policies that are shown are policies', async t => {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, 'holidays.ics'), 'BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20261225\nEND:VEVENT\nEND:VCALENDAR\n');
  const shown = Object.entries({...DOCUMENTS, 'core/WINDOWS.md': WINDOWS}).flatMap(([name, text]) =>
    [...text.matchAll(/```yaml\n([^`]*^windows:\n[^`]*)```/gm)].map(([, yaml]) => ({name, yaml})));
  assert.equal(new Set(shown.map(({name}) => name)).size, 3, 'each of the three shows one');
  for (const {name, yaml} of shown) {
    const file = join(folder, 'nodeploy.yaml');
    writeFileSync(file, yaml);
    const policy = await readPolicy(file);
    const {decision, summary} = plan({action: {type: 'windows'}, now: '2026-11-24T12:00:00Z', policy});
    assert.equal(decision, 'proceed', `${name}: ${summary}`);
  }
});

test('every code of the host is in the table, and no other', () => {
  const told = [...DOCUMENTS['npm/readme.md'].matchAll(/^\| `(\w+)` \|/gm)].map(([, code]) => code);
  const sources = ['loop/run.js', 'cli.js', ...readdirSync(new URL('../cli', import.meta.url)).map(name => `cli/${name}`)].map(name => read(`../${name}`)).join('\n');
  const used = [/\bfail\('(\w+)'/g, /reason: '(\w+)'/g, /const reason = .* \? '(\w+)'/g, /const reason = .* : '(\w+)'/g].flatMap(pattern => [...sources.matchAll(pattern)].map(([, code]) => code));
  assert.deepEqual([...new Set(told)].sort(), [...new Set(used)].sort());
});
