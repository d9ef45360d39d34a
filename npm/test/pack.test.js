// The package as it is published: packed, installed into an empty project, and used from there.
import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import {cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import test from 'node:test';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import {observe, plan} from '../index.js';
import {node} from './child.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const shell = process.platform === 'win32'; // npm is a script there
const tsc = join(createRequire(import.meta.url).resolve('typescript/package.json'), '..', 'bin', 'tsc');

const project = mkdtempSync(join(tmpdir(), 'nodeploy-test-'));
test.after(() => rmSync(project, {recursive: true}));
// A cache of its own: there may be no home to keep one in.
const npm = (args, cwd) => promisify(execFile)('npm', [...args, '--offline', '--no-audit', '--no-fund', '--loglevel=error', `--cache=${join(project, 'cache')}`], {cwd, shell});
let packed;

test.before(async () => {
  const {stdout} = await npm(['pack', '--json', '--pack-destination', project], root);
  [packed] = JSON.parse(stdout);
  writeFileSync(join(project, 'package.json'), '{"name":"consumer","version":"1.0.0","private":true}');
  // Its one dependency is packed from where it is installed: nothing is asked of any registry.
  const dependency = await npm(['pack', join(root, 'node_modules', 'yaml'), '--json', '--pack-destination', project], root);
  const [{filename}] = JSON.parse(dependency.stdout);
  await npm(['install', join(project, packed.filename), join(project, filename)], project);
});

const write = (name, text) => writeFileSync(join(project, name), text);

test('it holds what is needed, and nothing else', () => {
  const files = packed.files.map(({path}) => path);
  for (const name of ['package.json', 'readme.md', 'LICENSE', 'LICENSE-UNICODE', 'index.js', 'index.d.ts', 'index.cjs', 'index.d.cts', 'cli.js', 'nodeploy.cjs', 'nodeploy.cjs.sha256', 'nodeploy-page.cjs', 'nodeploy-page.cjs.sha256', 'wasm/core.js', 'local/command.js', 'policy/file.js', 'policy/yaml.js', 'text/shell.js', 'nodeploy.schema.json']) assert.ok(files.includes(name), name);
  for (const folder of [root, join(root, '..', 'core')]) assert.equal(readFileSync(join(folder, 'LICENSE'), 'utf8'), readFileSync(join(root, '..', 'LICENSE'), 'utf8'), `${folder}: a copy of the one above it, for those who have the package alone`);
  assert.equal(readFileSync(join(root, 'LICENSE-UNICODE'), 'utf8'), readFileSync(join(root, '..', 'core', 'LICENSE-UNICODE'), 'utf8'), 'npm/LICENSE-UNICODE is a copy of the core\'s');
  for (const name of files) assert.match(name, /^[a-z-]+(\.d|\.schema)?\.(c?js|c?ts|json|md)$|^nodeploy(-page)?\.cjs\.sha256$|^(cli|kosli(\/http)?|local|loop|policy|text)\/[a-z-]+\.js$|^wasm\/core\.js$|^LICENSE/);
  assert.deepEqual(readdirSync(join(project, 'node_modules')).filter(name => !name.startsWith('.')).sort(), ['nodeploy', 'yaml'], 'it depends on nothing else');
  const {dependencies} = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const yaml = JSON.parse(readFileSync(join(project, 'node_modules', 'yaml', 'package.json'), 'utf8'));
  assert.deepEqual([dependencies, yaml.dependencies, yaml.license], [{yaml: yaml.version}, undefined, 'ISC'], 'one version, and nothing below it');
  const local = /from '(\.[^']+)'|import\('(\.[^']+)'\)/g;
  for (const name of files.filter(each => each.endsWith('.js'))) {
    for (const [, one, other] of readFileSync(join(root, name), 'utf8').matchAll(local)) {
      const target = new URL(one ?? other, `file:///${name}`).pathname.slice(1);
      assert.ok(files.includes(target), `${name} imports ${target}`);
    }
  }
});

test('import', async () => {
  write('import.mjs', `
    import * as nodeploy from 'nodeploy';
    const {plan, observe, version, run, kosliHttp, kosliCli} = nodeploy;
    console.log(JSON.stringify([Object.keys(nodeploy).sort(), version, observe({}), plan().decision, typeof run, typeof kosliHttp, typeof kosliCli]));`);
  const {stdout, stderr} = await node([join(project, 'import.mjs')]);
  assert.equal(stderr, '');
  const {version} = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  assert.deepEqual(JSON.parse(stdout), [['joinReports', 'kosliCli', 'kosliHttp', 'observe', 'plan', 'readPolicy', 'report', 'run', 'runMany', 'version', 'waitUntilOpen'], version, [], 'error', 'function', 'function', 'function']);
});

test('require', async () => {
  write('require.cjs', "const nodeploy = require('nodeploy'); console.log(nodeploy.plan({}).decision, Object.keys(nodeploy).join());");
  const {code, stdout} = await node([join(project, 'require.cjs')]);
  assert.deepEqual([code, stdout], [0, 'error joinReports,kosliCli,kosliHttp,observe,plan,readPolicy,report,run,runMany,version,waitUntilOpen\n']);
});

test('what needs no Node has no import of it, and is what a browser gets', async () => {
  write('pure.mjs', `
    import {plan, run} from 'nodeploy/pure';
    const send = async ({as}) => ({status: 200, body: as === 'environment' ? JSON.stringify({name: 'prod', tags: {}}) : '{"data": [], "pagination": {"page": 1, "page_count": 0, "total": 0}}'});
    console.log(plan({}).decision, (await run({environment: 'prod', action: {type: 'assert'}}, {kosli: {org: 'acme', send}})).reason);`);
  const {code, stdout, stderr} = await node(['--conditions=browser', 'pure.mjs'], {cwd: project});
  assert.deepEqual([code, stdout, stderr], [0, 'error not_frozen\n', '']);
  const {exports} = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  assert.deepEqual(exports['.'].browser, exports['./pure']);
  const seen = new Set(['pure.js']);
  for (const name of seen) {
    const source = readFileSync(join(root, name), 'utf8');
    assert.doesNotMatch(source, /'node:|\bprocess\./, name);
    for (const [, target] of source.matchAll(/(?:from |import\()'(\.[^']+)'/g)) seen.add(new URL(target, `file:///${name}`).pathname.slice(1));
  }
  assert.ok(seen.has('loop/run.js') && seen.has('wasm/core.js'), [...seen].join());
});

// With the others: cargo xtask test bundlers.
const esbuild = join(root, '..', 'xtask', 'tools', 'node_modules', 'esbuild', 'bin', 'esbuild');
test('bundled by esbuild, with nothing beside it', {skip: !existsSync(esbuild) && 'esbuild is not here: cargo xtask build'}, async t => {
  write('app.mjs', "import {plan} from 'nodeploy'; console.log(plan({action: {type: 'windows'}, now: '2026-12-01T00:00:00Z', environment: null, policy: {windows: []}}).decision);");
  for (const [format, file] of [['esm', 'app.mjs'], ['cjs', 'app.cjs']]) {
    const folder = mkdtempSync(join(tmpdir(), 'nodeploy-test-'));
    t.after(() => rmSync(folder, {recursive: true}));
    await promisify(execFile)(esbuild, ['app.mjs', '--bundle', '--platform=node', `--format=${format}`, `--outfile=${join(folder, file)}`, '--log-level=error'], {cwd: project});
    const {stdout, stderr} = await node([join(folder, file)]);
    assert.deepEqual([stdout, stderr], ['proceed\n', '']);
  }
});

test('the command line', async () => {
  const {version} = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const bin = join(project, 'node_modules', '.bin', shell ? 'nodeploy.cmd' : 'nodeploy');
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(FORCE_COLOR|NODEPLOY_\w+|KOSLI_\w+)$/.test(name))); // npm's scripts need some of it
  const run = args => promisify(execFile)(bin, args, {cwd: project, shell, env}).catch(error => error);
  assert.equal((await run(['--version'])).stdout, `${version}\n`);
  const on = await run(['-e', 'prod', '-r', 'why', '--by', 'steve', '--local', 'sandbox', 'on']);
  assert.match(on.stdout, /^Setting nodeploy for prod\n/);
  const refused = await run(['-e', 'prod', '--local', 'sandbox', 'assert']);
  assert.equal(refused.code, 1);
  assert.match(refused.stdout, /^Checking nodeploy for prod: frozen\.\n/);
});

test('a policy: YAML with `yaml`, JSON without it, and the schema for editors', async () => {
  write('nodeploy.yaml', 'windows: []');
  write('nodeploy.json', '{"windows": []}');
  write('policy.mjs', `
    import {readPolicy} from 'nodeploy';
    import {createRequire} from 'node:module';
    const schema = createRequire(import.meta.url)('nodeploy/nodeploy.schema.json');
    console.log(JSON.stringify([await readPolicy(process.argv[2]), schema.title]));`);
  const read = async name => {
    const {code, stdout, stderr} = await node(['policy.mjs', name], {cwd: project});
    return [code, stdout || /PolicyError: .*/.exec(stderr)[0]];
  };
  for (const name of ['nodeploy.yaml', 'nodeploy.json']) assert.deepEqual(await read(name), [0, '[{"windows":[]},"nodeploy.yaml"]\n']);
  const away = join(project, 'node_modules', 'yaml');
  renameSync(away, `${away}-away`);
  try {
    assert.deepEqual(await read('nodeploy.json'), [0, '[{"windows":[]},"nodeploy.yaml"]\n']);
    assert.deepEqual(await read('nodeploy.yaml'), [1, 'PolicyError: the npm package `yaml` is missing, without which no YAML can be read']);
    const {code, stderr} = await node([join(project, 'node_modules', 'nodeploy', 'cli.js'), '-e', 'prod', 'assert', '--policy', 'nodeploy.yaml'], {cwd: project, env: {}});
    assert.equal(code, 2);
    assert.match(stderr, /^nodeploy: the npm package `yaml` is missing/);
  } finally {
    renameSync(`${away}-away`, away);
  }
});

for (const [what, ruin, forJson = [['--json'], ['-o', 'json']]] of [
  ['is missing', file => rmSync(file)],
  ['is cut short', file => truncateSync(file, 1000)],
  ['is something else', file => writeFileSync(file, '<html>')],
  ['is missing, and how it is asked for JSON, too,', file => [file, join(dirname(file), '..', 'cli', 'wants-json.js')].forEach(each => rmSync(each)), [['--json']]],
]) {
  test(`a package whose module ${what} says so, with exit code 2`, async t => {
    const folder = mkdtempSync(join(tmpdir(), 'nodeploy-\u202E-test-'));
    t.after(() => rmSync(folder, {recursive: true}));
    cpSync(join(project, 'node_modules', 'nodeploy'), folder, {recursive: true});
    ruin(join(folder, 'wasm', 'core.js'));
    const run = (...args) => node([join(folder, 'cli.js'), '-e', 'prod', 'assert', ...args], {env: {}});
    const {code, stdout, stderr} = await run();
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, /^nodeploy cannot start: .+\n.*install it again\nnodeploy: could not decide \(exit 2\)\n$/);
    assert.doesNotMatch(stderr, /\u202E/, 'the path of what is missing is escaped');
    for (const asked of forJson) {
      const json = await run(...asked);
      assert.equal(json.code, 2);
      assert.equal(JSON.parse(json.stdout).decision, 'error');
      assert.doesNotMatch(json.stdout, /\u202E/);
    }
  });
}

test('a package without the door to its core, too', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'nodeploy-test-'));
  t.after(() => rmSync(folder, {recursive: true}));
  cpSync(join(project, 'node_modules', 'nodeploy'), folder, {recursive: true});
  rmSync(join(folder, 'core.js'));
  const {code, stdout} = await node([join(folder, 'cli.js'), '-e', 'prod', 'assert', '--json'], {env: {}});
  assert.deepEqual([code, JSON.parse(stdout).reason], [2, 'internal']);
});

const CONSUMER = `
import {joinReports, kosliCli, kosliHttp, observe, plan, readPolicy, report, run, runMany, version, waitUntilOpen} from 'nodeploy';
import type {Answer, Call, EnvironmentReport, Kosli, Outcome, Policy, ReportDocument} from 'nodeploy';

const call: Call = {action: {type: 'on', reason: 'why'}, now: '2024-10-31T10:44:48Z', environment: 'prod', settings: {org: 'acme'}};
const answer: Answer = plan(call);
if (answer.decision === 'proceed') for (const command of answer.commands) if (command.type === 'attest') console.log(command.trail, command.argv.length);
console.log(observe(call).map(read => read.request?.path), version.length);
export async function go(kosli: Kosli = kosliHttp({org: 'acme', token: 'x'})): Promise<Outcome> {
  return run({environment: 'prod', action: {type: 'assert'}}, {kosli, onEvent: event => { if (event.type === 'retry') console.log(event.wait); }});
}
export async function windows(kosli: Kosli): Promise<string[]> {
  const policy: Policy = await readPolicy('nodeploy.yaml');
  const all = await run({environment: null, action: {type: 'windows', days: 30, ics: true}, policy});
  const {deadline} = await waitUntilOpen({environment: 'prod', action: {type: 'assert', needs: 'PT20M'}, policy}, {kosli, wait: 1_800_000, onEvent: event => { if (event.type === 'waiting') console.log(event.last.opens_at); }});
  return [deadline, ...(all.last?.closures ?? []).map(({starts_local}) => starts_local)];
}
export async function past(kosli: Kosli): Promise<ReportDocument> {
  const all: EnvironmentReport[] = [];
  for await (const one of report({kosli, environments: ['prod-*'], from: new Date(0), to: '2026-11-29T00:00:00Z', deployments: true, onEvent: event => { if (event.type === 'reported') console.log(event.of); }})) {
    console.log(one.error?.summary, one.totals?.deployments?.unexplained, one.freezes[0]?.ended?.how, one.exceptions[0]?.claims[0]?.counts, one.deployments[0]?.label);
    all.push(one);
  }
  return joinReports(all, {org: kosli.org ?? null});
}
export const policy: Policy = {windows: [
  {name: 'a', effect: 'freeze', environments: ['*'], timezone: 'UTC', from: '2026-12-24', to: '2026-12-27'},
  {name: 'b', effect: 'allow', environments: ['*'], timezone: 'UTC', days: ['mon-fri'], from: '09:00', to: '17:00', tags: {tier: ['a', 'b']}},
  {name: 'c', effect: 'freeze', environments: ['*'], timezone: 'UTC', start: '0 22 * * FRI', duration: 'PT2H'},
  {name: 'd', effect: 'freeze', environments: ['*'], timezone: 'UTC', dtstart: '2026-01-01', rrule: 'FREQ=DAILY', duration: 'P1D'},
  {name: 'e', suspended: true},
]};
export const viaCli: Kosli = kosliCli({org: 'acme', token: 'x', program: '/opt/kosli'});

// @ts-expect-error a freeze needs a reason
plan({...call, action: {type: 'on'}});
// @ts-expect-error there is no such action
plan({...call, action: {type: 'freeze', reason: 'x'}});
// @ts-expect-error a window needs a time rule
plan({...call, policy: {windows: [{name: 'a', effect: 'freeze', environments: ['*'], timezone: 'UTC'}]}});
// @ts-expect-error only windows do without an environment
plan({action: {type: 'assert'}, now: call.now, environment: null});
// @ts-expect-error only an assert can wait
waitUntilOpen({environment: 'prod', action: {type: 'status'}}, {kosli: viaCli, wait: 1});
// @ts-expect-error run looks for itself
run({environment: {name: 'prod', tags: {}}, action: {type: 'assert'}}, {kosli: viaCli});
// @ts-expect-error the past is asked of Kosli
report({environments: ['prod']});
// @ts-expect-error the token is needed
kosliHttp({org: 'acme'});
`;

const SIGNAL = `
import {run, type Kosli} from 'nodeploy';
export const stop = (kosli: Kosli, signal: AbortSignal) => run({environment: 'prod', action: {type: 'sync'}}, {kosli, signal});
`;

for (const [name, files, options] of [
  ['nodenext', ['consumer.mts', 'consumer.cts'], {module: 'nodenext', moduleResolution: 'nodenext'}],
  ['bundler', ['consumer.ts', 'signal.ts'], {module: 'esnext', moduleResolution: 'bundler', lib: ['ES2022', 'DOM']}],
]) {
  test(`TypeScript with ${name}`, async () => {
    for (const file of files) write(file, file === 'signal.ts' ? SIGNAL : `declare const console: {log(...what: unknown[]): void};\n${CONSUMER}`.replace(/^declare.*\n/, options.lib ? '' : '$&'));
    const {stdout, code} = await compile(name, files, options);
    assert.deepEqual([stdout, code], ['', 0]);
  });
}

// Every call and every answer of the contract, as literals, against the hand-written types.
test('index.d.ts fits every vector', async () => {
  const args = ['run', '--quiet', '--locked', '--package', 'freeze-vectors', '--', 'expand'];
  const {stdout: vectors} = await promisify(execFile)('cargo', args, {cwd: join(root, '..'), maxBuffer: 2 ** 26});
  const lines = ["import type {Answer, Call, Read} from 'nodeploy';"];
  for (const vector of vectors.trimEnd().split('\n')) {
    const {call: text, answer} = JSON.parse(vector);
    const call = parsed(text);
    if (call === undefined) continue; // a call that is no JSON
    // What a vector expects is a part of the answer, so the answer itself is checked.
    if (isCall(call, answer)) lines.push(`({...${JSON.stringify(call)}}) satisfies Call;`);
    lines.push(`(${JSON.stringify(plan(call))}) satisfies Answer;`, `(${JSON.stringify(observe(call))}) satisfies Read[];`);
  }
  assert.ok(lines.length > 3000, `${lines.length} literals`);
  write('vectors.ts', lines.join('\n'));
  const {stdout, code} = await compile('vectors', ['vectors.ts'], {module: 'nodenext', moduleResolution: 'nodenext'});
  assert.deepEqual([stdout, code], ['', 0]);
});

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

// Of a call that the core refuses as such, the types need not know; a freeze without a reason they refuse, too.
const isCall = (call, answer) => typeof call === 'object' && call !== null && !['bad_call', 'bad_policy', 'no_reason'].includes(answer?.reason);

async function compile(name, files, compilerOptions) {
  write(`${name}.json`, JSON.stringify({files, compilerOptions: {target: 'es2022', lib: ['ES2022'], types: [], strict: true, exactOptionalPropertyTypes: true, noEmit: true, ...compilerOptions}}));
  return node([tsc, '--project', `${name}.json`], {cwd: project});
}
