// `--html` and `--svg`: files that are written whole or not at all, and nothing of others' in them that is more than a text.
import assert from 'node:assert/strict';
import {copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'node:test';
import {fileURLToPath} from 'node:url';
import {node, nodeploy} from './child.js';
import {temporaryFolder} from './local-kosli.js';
import {version} from '../index.js';

const ONE_FILE = fileURLToPath(new URL('../nodeploy.cjs', import.meta.url));
const POLICY = `policy: release
windows:
  - {name: weekend, effect: freeze, environments: ['prod-*'], timezone: Europe/Berlin, start: 0 16 * * fri, end: 0 8 * * mon, reason: nobody is around}
`;

/** A folder with a policy and a local Kosli in which prod-aws is frozen; `run(...args)`. */
async function stage(t, reason = 'database migration') {
  const cwd = temporaryFolder(t);
  writeFileSync(join(cwd, 'nodeploy.yaml'), POLICY);
  const run = (...args) => nodeploy(['--local', 'box', ...args], {cwd, env: {TZ: 'Europe/Berlin'}});
  const {code, stderr} = await run('-e', 'prod-aws', `--reason=${reason}`, '--by', 'steve', 'on');
  assert.equal(code, 0, stderr);
  return {cwd, run, read: name => readFileSync(join(cwd, name), 'utf8')};
}

const dataOf = html => JSON.parse(/<script type="application\/json" id="data">([^<]*)</.exec(html)[1]);

test('each verb draws both, beside what it prints', async t => {
  const {run, read} = await stage(t);
  for (const [args, kind, title, label] of [
    [['windows'], 'windows', 'When we are closed', 'weekend'],
    [['windows', '-e', 'prod-aws'], 'windows', 'When prod-aws is closed', 'weekend'],
    [['status'], 'status', 'How prod-aws stands', 'steve: database migration'],
    [['status', '-e', 'prod-aws'], 'status', 'How prod-aws stands', 'steve: database migration'],
    [['status', '-e', 'prod-aws', '-e', 'prod-*', '--exit-code'], 'status', 'How prod-aws stands', 'steve: database migration'],
    [['report', '--no-deployments'], 'report', 'History of prod-aws', 'steve: database migration'],
  ]) {
    const plain = await run(...args);
    const {code, stdout, stderr} = await run(...args, '--html', 'page.html', '--svg', 'picture.svg');
    assert.equal(code, plain.code, stderr);
    assert.equal(stdout.split('\n').length, plain.stdout.split('\n').length);
    assert.match(stderr, /^nodeploy: the time line is in page\.html\nnodeploy: the time line is in picture\.svg$/m);
    const timeline = dataOf(read('page.html'));
    assert.deepEqual([timeline.kind, timeline.title], [kind, title]);
    assert.ok(timeline.rows.flatMap(({items}) => items).some(item => item.label === label), JSON.stringify(timeline));
    assert.match(read('picture.svg'), new RegExp(`^<svg [^]*<title[^>]*>${title}</title><desc[^]*</svg>\n$`));
  }
});

test('`--json` is one document beside the files; `--closed` leaves out what is open', async t => {
  const {run, read} = await stage(t);
  assert.equal((await run('-e', 'staging', '-r', 'x', '--by', 'steve', 'on')).code, 0);
  assert.equal((await run('-e', 'staging', '--by', 'steve', 'off')).code, 0);
  const {stdout} = await run('status', '--json', '--html', 'page.html');
  assert.equal(JSON.parse(stdout).overview.length, 2);
  assert.deepEqual(dataOf(read('page.html')).rows.map(({name}) => name), ['prod-aws', 'staging']);
  await run('status', '--closed', '--html', 'page.html');
  assert.deepEqual(dataOf(read('page.html')).rows.map(({name}) => name), ['prod-aws']);
});

test('what has been printed as CSV is in the picture all the same', async t => {
  const {run, read} = await stage(t);
  const {stdout, stderr} = await run('report', '--no-deployments', '--csv', '--html', 'page.html');
  assert.match(stdout, /database migration/, stderr);
  assert.deepEqual(dataOf(read('page.html')).rows.map(({items}) => items.map(({label}) => label)), [['steve: database migration']]);
});

test('a file of somebody else stays, and is told before Kosli is asked', async t => {
  const {cwd, run, read} = await stage(t);
  writeFileSync(join(cwd, 'theirs.html'), '<!DOCTYPE html><p>mine');
  mkdirSync(join(cwd, 'folder'));
  writeFileSync(join(cwd, 'empty.html'), '');
  if (process.platform !== 'win32') symlinkSync('nodeploy.yaml', join(cwd, 'link.svg'));
  for (const [args, words] of [
    [['--html', 'theirs.html'], /`theirs\.html` \(it is there, and is no time line of nodeploy\)\nname another file/],
    [['--svg', 'nodeploy.yaml'], /no time line of nodeploy/],
    [['--html', 'folder'], /\(it is a folder\)/],
    [['--html', 'nowhere/page.html'], /\(there is no folder nowhere\)/],
    [['--svg', 'link.svg'], process.platform === 'win32' ? /./ : /no regular file/],
    [['--html', 'x', '--svg', 'x'], /name the same file/],
    [['--html', ''], /empty value/],
  ]) {
    const {code, stdout, stderr} = await run('status', ...args, '--policy=');
    assert.deepEqual([code, stdout], [2, ''], args.join(' '));
    assert.match(stderr, words);
  }
  assert.equal(read('nodeploy.yaml'), POLICY);
  assert.equal((await run('status', '--html', 'empty.html')).code, 0);
  assert.equal((await run('status', '--html', 'empty.html')).code, 0, 'its own is written over');
  assert.deepEqual(readdirSync(cwd).filter(name => name.endsWith('.tmp')), []);
  assert.equal((await run('-e', 'prod-aws', 'assert', '--html', 'page.html')).code, 2, 'a gate draws nothing');
  const {code} = await run('status', '-e', 'nobody', '--html', 'none.html');
  assert.deepEqual([code, existsSync(join(cwd, 'none.html'))], [2, false], 'an error tells of no environment');
});

test('what cannot be written is told by every verb and in every shape, and is an error', async t => {
  const {run} = await stage(t);
  const name = 'x'.repeat(250); // as long as a name may be, and too long for the file that is renamed to it
  for (const args of [['status', '--html'], ['status', '--md', '--svg'], ['windows', '--svg'], ['report', '--save'], ['report', '--csv', '--html']]) {
    const {code, stderr} = await run(...args, name);
    assert.equal(code, 2, `${args}`);
    assert.match(stderr, /^nodeploy: the (time line|answer) cannot be written to `x+` \((ENAMETOOLONG|ENOENT)\); what it says: .*$/m, `${args}`);
  }
});

test('beside the single file lies its page, of the same version; without it, it is said which is missing', async t => {
  const cwd = temporaryFolder(t);
  copyFileSync(ONE_FILE, join(cwd, 'nodeploy.cjs'));
  writeFileSync(join(cwd, 'nodeploy.yaml'), POLICY);
  const draw = () => node(['nodeploy.cjs', 'windows', '--html', 'page.html'], {cwd, env: {}});
  const page = ONE_FILE.replace('nodeploy.cjs', 'nodeploy-page.cjs');
  const missing = await draw();
  assert.deepEqual([missing.code, missing.stdout], [2, '']);
  assert.match(missing.stderr, /^nodeploy: --html and --svg need nodeploy-page\.cjs, and it is not here\nput it beside nodeploy\.cjs: /);
  assert.equal((await node(['nodeploy.cjs', 'windows'], {cwd, env: {}})).code, 0, 'nothing else needs it');
  writeFileSync(join(cwd, 'nodeploy-page.cjs'), readFileSync(page, 'utf8').slice(0, 50_000));
  assert.match((await draw()).stderr, /nodeploy-page\.cjs cannot be read \(/);
  writeFileSync(join(cwd, 'nodeploy-page.cjs'), "exports.version = '9.9.9';");
  assert.match((await draw()).stderr, new RegExp(`nodeploy-page\\.cjs is of version 9\\.9\\.9, and this is nodeploy ${version.replaceAll('.', '\\.')}\ntake both`));
  copyFileSync(page, join(cwd, 'nodeploy-page.cjs'));
  assert.equal((await draw()).code, 0);
  assert.equal(dataOf(readFileSync(join(cwd, 'page.html'), 'utf8')).title, 'When we are closed');
});

test('a row of an environment knows its page in Kosli, if that is on the web', async t => {
  const {cwd, run, read} = await stage(t);
  const urls = async (args, env) => {
    assert.equal((await nodeploy([...args, '--html', 'page.html'], {cwd, env})).code, 0);
    return dataOf(read('page.html')).rows.map(({url}) => url ?? null);
  };
  const own = ['windows', '-e', 'prod-aws'];
  assert.deepEqual(await urls(own, {KOSLI_ORG: 'acme'}), ['https://app.kosli.com/acme/environments/prod-aws']);
  assert.deepEqual(await urls([...own, '--org', 'a.b', '--host', 'https://kosli.acme.io/'], {}), ['https://kosli.acme.io/a.b/environments/prod-aws']);
  assert.deepEqual(await urls([...own, '--host', 'https://acme.io/kosli'], {KOSLI_ORG: 'acme'}), ['https://acme.io/kosli/acme/environments/prod-aws']);
  for (const host of ['https://me:secret@kosli.acme.io', 'https://kosli.acme.io?key=secret', 'https://a.io,https://b.io', 'kosli.acme.io']) {
    assert.deepEqual(await urls(own, {KOSLI_ORG: 'acme', KOSLI_HOST: host}), [null], `${host} is no address of Kosli's`);
  }
  assert.deepEqual(await urls(own, {KOSLI_ORG: 'acme', KOSLI_HOST: 'http://127.0.0.1:9'}), [null]);
  assert.deepEqual(await urls(['windows'], {KOSLI_ORG: 'acme'}), [null], 'a window is no environment');
  await run('status', '--html', 'page.html');
  assert.deepEqual(dataOf(read('page.html')).rows.map(({url}) => url ?? null), [null], 'a local Kosli has no pages');
});

test('the token is blotted out of it', async t => {
  const {cwd, read} = await stage(t, 'the token is tok-0123456789abcdef');
  assert.equal((await nodeploy(['--local', 'box', 'status', '--html', 'page.html', '--svg', 'picture.svg'], {cwd, env: {KOSLI_API_TOKEN: 'tok-0123456789abcdef'}})).code, 0);
  for (const name of ['page.html', 'picture.svg']) assert.ok(!read(name).includes('tok-'), name);
  assert.ok(read('page.html').includes('the token is'));
});
