// The command line as one file: nothing but Node is needed beside it, and what is not the whole of it lets nothing through.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {copyFileSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {createHash} from 'node:crypto';
import {dirname, join} from 'node:path';
import test from 'node:test';
import {fileURLToPath} from 'node:url';
import {brotliCompressSync} from 'node:zlib';
import {CLI, node} from './child.js';
import {ask, serve, temporaryFolder} from './local-kosli.js';

const BUILT = fileURLToPath(new URL('../nodeploy.cjs', import.meta.url));
const BUNDLER = fileURLToPath(new URL('../../xtask/tools/bundle.mjs', import.meta.url));
const npm = fileURLToPath(new URL('..', import.meta.url));

test('it is what these sources make, the same bytes again', async t => {
  const folder = temporaryFolder(t);
  const odd = join(folder, 'of another machine');
  mkdirSync(odd);
  const {code, stderr} = await node([BUNDLER, 'package', npm, folder], {env: {...process.env, TMPDIR: odd, NODEPLOY_POLICY: 'missing.yaml', NODE_V8_COVERAGE: odd}});
  assert.deepEqual([code, stderr], [0, '']);
  for (const name of ['nodeploy.cjs', 'nodeploy.cjs.sha256', 'nodeploy-page.cjs', 'nodeploy-page.cjs.sha256', 'index.cjs', 'index.d.cts']) {
    assert.ok(readFileSync(join(folder, name)).equals(readFileSync(join(npm, name))), `${name} is of other sources: cargo xtask build`);
  }
  const text = readFileSync(BUILT);
  assert.equal(readFileSync(`${BUILT}.sha256`, 'utf8'), `${createHash('sha256').update(text).digest('hex')}  nodeploy.cjs\n`);
  assert.ok(text.every(byte => byte < 0x80), 'ASCII alone: of a file with other letters V8 keeps twice the size');
  assert.ok(!text.includes(npm), 'no path of the machine that built it');
  for (const licence of ['Copyright (c) 2026 the nodeploy authors', 'UNICODE LICENSE V3', 'Copyright Eemeli Aro']) assert.ok(text.includes(licence), licence);
});

test('it is started by its name, as it was built', {skip: process.platform === 'win32' && 'it starts programs by their extension'}, async t => {
  const folder = temporaryFolder(t);
  assert.equal((await node([BUNDLER, 'package', npm, folder])).code, 0);
  const {status, stdout} = spawnSync(join(folder, 'nodeploy.cjs'), ['--version'], {encoding: 'utf8', env: {PATH: `${dirname(process.execPath)}:/usr/bin:/bin`}});
  assert.deepEqual([status, stdout], [0, `${JSON.parse(readFileSync(join(npm, 'package.json'))).version}\n`]);
});

test('alone in a folder it freezes, reads a policy in YAML, gates and serves a local Kosli', async t => {
  const cwd = temporaryFolder(t);
  copyFileSync(BUILT, join(cwd, 'nodeploy.cjs'));
  writeFileSync(join(cwd, 'nodeploy.yaml'), 'policy: release\nwindows:\n  - {name: always, effect: freeze, environments: [prod], timezone: UTC, days: [mon-sun], from: 00:00, to: 24:00}\n');
  const run = (...args) => node(['nodeploy.cjs', '--local', 'box', ...args], {cwd, env: {PATH: process.env.PATH, SystemRoot: process.env.SystemRoot}});
  const on = await run('-e', 'staging', '-r', 'why', '--by', 'steve', 'on');
  assert.equal(on.code, 0, on.stderr);
  const closed = (await run('-e', 'staging', 'assert')).stdout;
  assert.match(closed, /frozen\.\n[^]*\n {4}why    why\n[^]*policy nodeploy\.yaml: 0 of 1 window/);
  assert.match(closed, /\nto lift it: node nodeploy\.cjs -e staging off --freeze \S+ --local box\n/, 'as it was typed');
  const {code, stdout} = await run('-e', 'staging', '--json', 'off', '--all');
  assert.deepEqual([code, JSON.parse(stdout).decision], [0, 'proceed']);
  assert.equal((await run('-e', 'staging', 'assert')).code, 0);
  assert.match((await node(['nodeploy.cjs', 'local', '--help'], {cwd})).stdout, /^Usage: nodeploy local /);
});

test('a gate loads the modules of gates, whoever does more the whole one, too, and whose whole one is spoilt proceeds with nothing', async t => {
  const cwd = temporaryFolder(t);
  writeFileSync(join(cwd, 'nodeploy.yaml'), 'windows:\n  - {name: weekend, effect: freeze, environments: [staging], timezone: Europe/London, start: 0 16 * * fri, end: 0 8 * * mon}\n');
  writeFileSync(join(cwd, 'count.cjs'), 'const {Module} = WebAssembly;\nWebAssembly.Module = function (bytes) { process._rawDebug(`a module of ${bytes.length}`); return new Module(bytes); };\n');
  for (const name of ['whole', 'policy', 'gates', 'others']) writeFileSync(join(cwd, `spoilt-${name}.cjs`), spoilt(name));
  const run = async (file, ...args) => {
    const {code, stderr} = await node(['--require', './count.cjs', file, '-e', 'prod', '--local', 'box', ...args], {cwd, env: {PATH: process.env.PATH, SystemRoot: process.env.SystemRoot}});
    const said = /^nodeploy: .* (cannot be .*\nis the file whole\? install it again)$/m.exec(stderr);
    return said ? [code, said[1]] : [code, ...Array.from(stderr.matchAll(/^a module of (.*)$/gm), ([, length]) => MODULES[length])];
  };
  const refused = [2, 'cannot be unpacked: Decompression failed\nis the file whole? install it again'];
  const on = ['-r', 'why', '--by', 'steve', 'on'];
  assert.deepEqual(await run(BUILT, ...on), [0, 'gate', 'whole']);
  assert.deepEqual(await run(BUILT, 'assert'), [1, 'gate', 'policy', 'whole']);
  for (const args of [['assert'], ['off', '--all']]) assert.deepEqual(await run('spoilt-whole.cjs', ...args), refused);
  assert.deepEqual(await run(BUILT, 'off', '--all'), [0, 'gate', 'whole']);
  for (const file of [BUILT, 'spoilt-whole.cjs']) {
    assert.deepEqual(await run(file, 'assert', '--json'), [0, 'gate', 'policy'], file);
    assert.deepEqual(await run(file, 'assert', '--policy='), [0, 'gate'], file);
  }
  assert.deepEqual(await run('spoilt-policy.cjs', 'assert'), [0, 'gate', 'whole']);
  assert.deepEqual(await run('spoilt-gates.cjs', 'assert'), refused);
  for (const name of ['whole', 'others']) assert.deepEqual(await run(`spoilt-${name}.cjs`, ...on), refused);
});

test('an open gate loads what it needs, and no more, wherever it runs', async t => {
  const folder = temporaryFolder(t);
  const [plain, checkout, policy] = ['plain', 'checkout', 'policy'].map(name => join(folder, name));
  for (const made of [plain, join(checkout, '.git'), policy]) mkdirSync(made, {recursive: true});
  writeFileSync(join(checkout, '.git', 'HEAD'), `${'4f'.repeat(20)}\n`);
  writeFileSync(join(policy, 'nodeploy.yaml'), 'windows:\n  - {name: weekend, effect: freeze, environments: [staging], timezone: Europe/London, start: 0 16 * * fri, end: 0 8 * * mon}\n');
  writeFileSync(join(folder, 'note.cjs'), `const zlib = require('node:zlib');
    const {Module} = WebAssembly;
    const {brotliDecompressSync} = zlib;
    WebAssembly.Module = function (bytes) { process._rawDebug(\`noted: \${bytes.length}\`); return new Module(bytes); };
    zlib.brotliDecompressSync = bytes => { process._rawDebug('noted: unpacked'); return brotliDecompressSync(bytes); };\n`);
  const server = await serve(t);
  await ask(server, 'PUT', '/api/v2/environments/acme', {json: {name: 'prod', type: 'K8S', description: ''}});
  const gitHub = {CI: 'true', GITHUB_ACTIONS: 'true', GITHUB_SHA: '4f'.repeat(20), GITHUB_REPOSITORY: 'acme/shop', GITHUB_REF: 'refs/heads/main', GITHUB_EVENT_NAME: 'push', GITHUB_ACTOR: 'zoe', GITHUB_RUN_ID: '1', GITHUB_JOB: 'deploy'};
  const gitLab = {CI: 'true', GITLAB_CI: 'true', CI_COMMIT_SHA: '4f'.repeat(20), CI_PROJECT_PATH: 'acme/platform/shop', CI_COMMIT_BRANCH: 'main', GITLAB_USER_LOGIN: 'zoe', CI_PIPELINE_ID: '903456123', CI_JOB_NAME: 'deploy'};
  for (const [cwd, variables, ...args] of [
    [plain, {}], [plain, {}, '--policy='], [plain, {CI: 'true'}], [checkout, {}], [checkout, gitHub], [checkout, gitHub, '--json'], [plain, gitLab], [plain, {}, '--change', 'service=shop'],
    [policy, {}], [policy, gitHub], [policy, gitLab, '--json'],
  ]) {
    const env = {PATH: process.env.PATH, SystemRoot: process.env.SystemRoot, HOME: folder, KOSLI_HOST: server.url, KOSLI_API_TOKEN: server.token, KOSLI_ORG: 'acme', ...variables};
    const {code, stderr} = await node(['--require', join(folder, 'note.cjs'), BUILT, '-e', 'prod', 'assert', ...args], {cwd, env});
    assert.equal(code, 0, stderr);
    const noted = Array.from(stderr.matchAll(/^noted: (.*)$/gm), ([, what]) => MODULES[what] ?? what);
    assert.deepEqual(noted, cwd === policy ? ['unpacked', 'unpacked', 'policy'] : ['gate'], `${JSON.stringify(variables)} ${args}`);
  }
});

test('a part that lies in no pack, and a pack that is none, are told, and nothing is run in their place', async t => {
  const cwd = temporaryFolder(t);
  writeFileSync(join(cwd, 'nodeploy.yaml'), 'windows: []\n');
  for (const [pack, text, said, ...args] of [
    ['gates', '{}', /^it has no part \d+\nis the file whole\? install it again\n/, 'assert'],
    ['others', '{}', /^it has no part \d+\nis the file whole\? install it again\n/, '-r', 'why', 'on'],
    ['gates', '{"1":', /^.*JSON.*\nis the file whole\? install it again\n/, 'assert'],
  ]) {
    const file = join(cwd, `${pack}.cjs`);
    writeFileSync(file, repacked(pack, text));
    const {code, stderr} = await node([file, '-e', 'prod', '--local', 'box', ...args], {cwd, env: {PATH: process.env.PATH, SystemRoot: process.env.SystemRoot}});
    const [, why = stderr] = stderr.split(`nodeploy: ${file} cannot be unpacked: `);
    assert.equal(code, 2, stderr.slice(0, 2000));
    assert.match(why, said);
  }
});

// The file with another text in one of its packs.
function repacked(pack, text) {
  const whole = readFileSync(BUILT, 'latin1');
  const begin = whole.lastIndexOf(`/*${pack}:`) + pack.length + 3;
  return whole.slice(0, begin) + brotliCompressSync(text).toString('base64') + whole.slice(whole.indexOf('*', begin));
}

// The modules by their length.
const MODULES = Object.fromEntries(Object.entries({gate: 'gate', policy: 'policy', whole: 'freeze_bg'}).map(([name, file]) => [readFileSync(join(npm, 'wasm', `${file}.wasm`)).length, name]));

// The file with 400 other letters in what it has `name`d.
function spoilt(name) {
  const text = readFileSync(BUILT, 'latin1');
  const middle = text.lastIndexOf(`/*${name}:`) + 9000;
  return `${text.slice(0, middle)}${'A'.repeat(400)}${text.slice(middle + 400)}`;
}

test('it runs where Node makes no code of texts', async t => {
  const cwd = temporaryFolder(t);
  writeFileSync(join(cwd, 'nodeploy.yaml'), 'windows: []\n');
  const run = (...args) => node(['--disallow-code-generation-from-strings', BUILT, '--local', 'box', ...args], {cwd, env: {PATH: process.env.PATH, SystemRoot: process.env.SystemRoot}});
  const {code, stderr} = await run('-e', 'prod', '-r', 'why', '--by', 'steve', 'on');
  assert.equal(code, 0, stderr);
  assert.equal((await run('-e', 'prod', 'assert')).code, 1);
});

test('where Node has no WebAssembly, it says so, and lets nothing through', async t => {
  const {code, stderr} = await node(['--jitless', BUILT, '-e', 'prod', '--local', 'box', 'assert'], {cwd: temporaryFolder(t), env: {}});
  assert.equal(code, 2);
  assert.match(stderr, /\nNode was started without WebAssembly, which the core is: leave out --jitless/);
});

test('where a limit leaves no room for WebAssembly, it says what does', {skip: process.platform !== 'linux' && 'ulimit -v is of Linux'}, async t => {
  for (const file of [BUILT, CLI]) {
    const limited = flags => spawnSync('sh', ['-c', 'ulimit -v 6000000; exec "$0" "$@"', process.execPath, file, '-e', 'prod', 'assert'], {
      cwd: temporaryFolder(t), encoding: 'utf8', env: {PATH: process.env.PATH, ...flags},
    });
    const {status, stderr} = limited({});
    assert.equal(status, 2);
    const isFrugal = Number(process.versions.node.split('.')[0]) >= 24; // which does without it by itself
    assert.match(stderr, isFrugal ? /the Kosli organisation is missing/ : /^nodeploy cannot start: .*memory.*\n.*NODE_OPTIONS=--disable-wasm-trap-handler\nnodeploy: could not decide \(exit 2\)\n$/);
    assert.match(limited({NODE_OPTIONS: '--disable-wasm-trap-handler'}).stderr, /the Kosli organisation is missing/);
  }
});

test('an old Node reads it, says that it is too old, and lets nothing through', async t => {
  const {transform} = await import(new URL('../../xtask/tools/node_modules/esbuild/lib/main.js', import.meta.url));
  const [old, newest] = await Promise.all(['node12', 'esnext'].map(target => transform(readFileSync(BUILT, 'utf8'), {target, minifyWhitespace: true, legalComments: 'none'})));
  assert.ok(old.code === newest.code, 'no syntax that is newer than Node 12');
  const old18 = `data:text/javascript,${encodeURIComponent("Object.defineProperty(process, 'versions', {value: {...process.versions, node: '18.20.8'}})")}`;
  for (const [args, env, isJson] of [[[], {}, false], [['--json'], {}, true], [['-o', 'json'], {}, true], [['--output=json'], {}, true], [[], {NODEPLOY_OUTPUT: 'json'}, true]]) for (const file of [BUILT, CLI]) {
    const {code, stdout, stderr} = await node(['--import', old18, file, '-e', 'prod', '--local', 'box', 'assert', ...args], {cwd: temporaryFolder(t), env});
    assert.equal(code, 2);
    const words = /^nodeploy needs Node 20 or later, and .* is v[\d.]+/;
    if (!isJson) assert.match(stderr, new RegExp(`${words.source}\nstart it with a newer one, .*\nnodeploy: could not decide \\(exit 2\\)\n$`));
    else assert.match(JSON.parse(stdout).summary, words);
  }
});

test('it runs in a folder whose name ends a line', async t => {
  const cwd = join(temporaryFolder(t), 'of\u2028ours');
  mkdirSync(cwd);
  copyFileSync(BUILT, join(cwd, 'nodeploy.cjs'));
  writeFileSync(join(cwd, 'nodeploy.yaml'), 'windows: []\n');
  const {code, stderr} = await node([join(cwd, 'nodeploy.cjs'), '-e', 'prod', '--local', 'box', '-r', 'why', '--by', 'steve', 'on'], {cwd, env: {PATH: process.env.PATH, SystemRoot: process.env.SystemRoot}});
  assert.equal(code, 0, stderr);
});

test('cut short anywhere, it lets nothing through', async t => {
  const whole = readFileSync(BUILT);
  const folder = temporaryFolder(t);
  const ends = [...whole.toString('latin1').matchAll(/[;}\n]/g)].map(({index}) => index + 1).filter(index => index > 45);
  // Where a statement ends is where what is left can still be a program.
  const cuts = [50, ends[0], ends[3], ...Array.from({length: 24}, (_, step) => ends[Math.floor((step + 1) * (ends.length - 2) / 25)]), ends.at(-2)];
  for (const cut of cuts) {
    const file = join(folder, `${cut}.cjs`);
    writeFileSync(file, whole.subarray(0, cut));
    assert.notEqual((await node([file, '-e', 'prod', '--local', 'box', 'assert'], {cwd: folder, env: {}})).code, 0, `cut at ${cut}`);
  }
});
