// Every block of every document is run as it would be pasted, or is named with the test that runs it.
import assert from 'node:assert/strict';
import {execFileSync, spawn} from 'node:child_process';
import {chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {delimiter, dirname, join} from 'node:path';
import test from 'node:test';
import {fileURLToPath} from 'node:url';
import {CLI} from './child.js';
import {ask, serve, temporaryFolder} from './local-kosli.js';
import {plan, readPolicy} from '../index.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = name => readFileSync(join(root, name), 'utf8');
const isWindows = process.platform === 'win32';

/** Where a block that is not run here is run: a file, and the test in it. */
const at = (file, title = '') => () => {
  assert.ok(existsSync(join(root, file)), file);
  assert.ok(read(file).includes(title), `${file} has \`${title}\``);
};
/** A drawing, or pseudocode. */
const words = () => {};

// By document and the beginning of the block.
const BLOCKS = {
  'README.md': {
    '$ nodeploy -e prod-aws -r "Demo': at('npm/test/docs.test.js', 'the story that both tell'),
    "$ nodeploy -e 'prod-*' -r": at('npm/test/many-cli.test.js', 'an incident: one command freezes, one shows, one lifts'),
    '$ nodeploy report': at('npm/test/report.test.js', "the auditor's question, in one command"),
    'cargo xtask demo': at('xtask/src/main.rs', 'demo'),
    'on: workflow_dispatch': at('npm/test/docs.test.js', 'the pipeline of the readme runs the file that is built'),
    'policy: release': policy,
    'nodeploy -e prod-aws -r "CVE-2026-1234"': excepted,
  },
  'npm/readme.md': {
    '$ nodeploy -e prod-aws -r "Demo': at('npm/test/docs.test.js', 'the story that both tell'),
    'set -e\nnodeploy -e prod-aws assert\n./deploy.sh': gate,
    'npm install --global': at('npm/test/pack.test.js', 'npm'),
    'nodeploy -e prod-aws --local': lines,
    'nodeploy -e prod-aws -r "database migration"': lines,
    "nodeploy -e 'prod-*' -e '!prod-sandbox'": lines,
    'nodeploy windows --svg': at('npm/test/pictures.test.js', 'each verb draws both, beside what it prints'),
    'nodeploy report ': lines,
    'nodeploy windows --svg': lines,
    'import {report': at('npm/test/report.test.js', "the auditor's question, in one command"),
    'import {runMany': at('npm/test/many.test.js', 'all alarms are up before any record begins'),
    '# yaml-language-server': policy,
    'BEGIN:VCALENDAR': at('npm/test/blocks.test.js', "'holidays.ics'"), // with the policy
    '$ nodeploy -e prod-aws windows': at('npm/test/docs.test.js', "the readme's policy says what the readme says"),
    'nodeploy -e prod-aws assert --needs': lines,
    'nodeploy -e prod-aws -r "CVE-2026-1234"': excepted,
    'process.exitCode = 2': program,
    'sha256sum --check nodeploy.cjs.sha256': at('npm/test/one-file.test.js'),
    'nodeploy -e prod-aws assert --record': at('tests/kosli/on-record.test.js'),
    '# gate-prod-aws.yaml': at('tests/kosli/on-record.test.js'),
    'kosli create policy gate-prod-aws': at('tests/kosli/on-record.test.js'),
    '# payments.yaml': at('tests/kosli/on-record.test.js'),
  },
  'core/README.md': {
    'observe(call) -> reads': words,
    'repeat up to 8 times': words,
    '{\n  "action"': call,
    '[dependencies]': rustWithChrono,
    'use freeze_core::': at('core/src/lib.rs', 'include_str!("../README.md")'), // a doctest
  },
  'core/EXCEPTIONS.md': {
    '$ nodeploy': at('npm/test/docs.test.js', 'the story of an exception'),
    '$ kosli': at('xtask/src/demo.rs', 'let_a_hotfix_pass'),
    'jobs:': trustedJob,
  },
  'core/WINDOWS.md': {
    '# yaml-language-server': policy,
    'policy: release': policy,
    'BEGIN:VCALENDAR': at('npm/test/blocks.test.js', "'holidays.ics'"),
  },
  'core/HISTORY.md': {'{"action": {"type": "report"': words}, // vectors/report-*.json are like it
  'plugin/README.md': {
    'set -e\npython gate.py': at('tests/hosts/gates.js', 'script deploys on two lines'),
    'import contextlib, json': at('tests/hosts/gates.js'),
    "import {spawnSync} from 'node:child_process'": at('tests/hosts/gates.js'),
    'package main': at('tests/hosts/gates.js'),
    'import com.fasterxml': at('tests/hosts/gates.js'),
    'use extism::': at('tests/hosts/gates.js'),
    '$ python nodeploy.py': at('tests/hosts/examples.js', 'the lines of plugin/README.md'),
    '$ sha256sum --check': at('tests/hosts/module.test.js', 'plugin/README.md shows how to verify it'),
  },
  'ARCHITECTURE.md': {'                 call (JSON)': words},
  'tests/vectors/README.md': {'{': words}, // of a table
  'tests/history/README.md': {'node --test ': at('tests/history/history.test.js', 'NODEPLOY_ROUNDS')},
  'tests/oracle/README.md': {'cargo test -p freeze-oracle': packages},
  'tests/proof/README.md': {'cargo test -p freeze-proof': packages},
  'fuzz/README.md': {'cargo +nightly fuzz run': targets},
};

const documents = readdirSync(root, {recursive: true})
  .filter(name => name.endsWith('.md') && !/(^|[\\/])(node_modules|target|\.git)[\\/]/.test(name))
  .map(name => name.replaceAll('\\', '/')).sort();

for (const document of documents) {
  const blocks = [...read(document).matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(([, language, text]) => ({language, text, document}));
  const known = Object.entries(BLOCKS[document] ?? {});
  for (const block of blocks) {
    const [begin] = block.text.split('\n');
    test(`${document}: ${begin}`, async t => {
      if (document.startsWith('npm/pipelines/')) return at('npm/pipelines/test/pages.test.js')(); // a CI's configuration
      const found = known.filter(([beginning]) => block.text.startsWith(beginning));
      assert.equal(found.length, 1, 'a block of a document is run: say how in BLOCKS');
      await found[0][1](t, block);
    });
  }
  test(`${document} has the blocks that are known`, () => {
    for (const [beginning] of known) assert.ok(blocks.some(({text}) => text.startsWith(beginning)), beginning);
  });
}

test('no document goes on after a refusal, and none has npm fetch a package that is not ours', () => {
  for (const document of documents.filter(name => name !== 'CHANGELOG.md')) {
    const blocks = [...read(document).matchAll(/^```\w*\n(.*?)^```$/gms)].map(([, text]) => text).join('');
    assert.doesNotMatch(blocks, /assert.*&&|gate.*&&|npx nodeploy/, document);
    assert.doesNotMatch(read(document), /npm install nodeploy\b|npx nodeploy/, document);
  }
});

test('what a document names is there: files, links, steps of xtask', () => {
  const built = read('.gitignore').split('\n').filter(line => line.startsWith('/npm/')).map(line => line.slice(1));
  const isBuilt = path => path.endsWith('.wasm') || built.some(made => `${path}/`.startsWith(made));
  const sources = ['xtask/src', 'tests/vectors/src'].flatMap(folder => readdirSync(join(root, folder)).filter(name => name.endsWith('.rs')).map(name => read(`${folder}/${name}`))).join('');
  for (const document of documents) {
    const text = read(document);
    for (const [, link] of text.matchAll(/\]\((?!https?:)([^)#\s]+)(?:#[^)]*)?\)/g)) {
      assert.ok(existsSync(join(root, dirname(document), link)), `${document}: ${link}`);
    }
    for (const [, path] of text.matchAll(/`((?:core|npm|plugin|tests|wasm|fuzz|xtask)\/[\w./-]+)`/g)) {
      if (!isBuilt(path)) assert.ok([root, join(root, dirname(document))].some(from => existsSync(join(from, path))), `${document}: ${path}`);
    }
    for (const [, command, step] of text.matchAll(/cargo xtask (\w+)(?: ([a-z]+))?/g)) {
      for (const word of [command, step].filter(Boolean)) assert.ok(sources.includes(`"${word}"`), `${document}: cargo xtask ${command} ${step ?? ''}`);
    }
  }
});

/** A folder in which `nodeploy` and `./deploy.sh` are commands, and a Kosli of its own. */
async function stage(t) {
  const cwd = temporaryFolder(t);
  const server = await serve(t);
  for (const name of ['prod-aws', 'prod-eu', 'prod-sandbox']) await ask(server, 'PUT', '/api/v2/environments/acme', {json: {name, type: 'K8S', description: ''}});
  script(join(cwd, 'bin', 'nodeploy'), `exec '${process.execPath}' '${CLI}' "$@"`);
  script(join(cwd, 'deploy.sh'), 'echo deployed');
  const env = {
    PATH: join(cwd, 'bin') + delimiter + process.env.PATH,
    KOSLI_ORG: 'acme', KOSLI_API_TOKEN: server.token, KOSLI_HOST: server.url, GITHUB_ACTOR: 'steve',
  };
  return {cwd, env, sh: text => end('sh', ['-c', text], {cwd, env})};
}

function script(file, line) {
  mkdirSync(dirname(file), {recursive: true});
  writeFileSync(file, `#!/bin/sh\n${line}\n`);
  chmodSync(file, 0o755);
}

function end(program, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {...options, stdio: ['pipe', 'pipe', 'pipe']});
    const output = {stdout: '', stderr: ''};
    for (const name of ['stdout', 'stderr']) child[name].setEncoding('utf8').on('data', text => { output[name] += text; });
    child.on('error', reject).on('close', code => resolve({code, ...output}));
    child.stdin.on('error', () => {}).end(options.input ?? '');
  });
}

async function gate(t, {text}) {
  if (isWindows) return t.skip('no sh');
  const {sh} = await stage(t);
  const open = await sh(text);
  assert.deepEqual([open.code, open.stdout.endsWith('deployed\n')], [0, true], open.stderr);
  assert.equal((await sh('nodeploy -e prod-aws -r x on')).code, 0);
  const shut = await sh(`${text}echo 'went on'\n`);
  assert.equal(shut.code, 1);
  assert.doesNotMatch(shut.stdout, /deployed|went on/);
}

// Line by line; none of them may be one that nodeploy does not understand.
async function lines(t, {text}) {
  if (isWindows) return t.skip('no sh');
  const {cwd, sh} = await stage(t);
  writeFileSync(join(cwd, 'nodeploy.yaml'), 'windows: []\n');
  let wanted = 0;
  const nextYear = `${new Date().getFullYear() + 1}-`; // the past cannot be asked about
  for (const line of text.trimEnd().replace(/\b20\d\d-(?=\d\d-\d\dT)/g, nextYear).split('\n')) {
    const {code, stdout, stderr} = await sh(line);
    const [words] = line.split(' #');
    if (/ on( |$)/.test(words)) wanted = 1;
    if (/ off( |$)/.test(words)) wanted = 0;
    assert.equal(code, / assert( |$)/.test(words) ? wanted : 0, `${line}: ${stdout}${stderr}`);
  }
}

const CI = {GITHUB_ACTIONS: 'true', GITHUB_SHA: '4f1c2ab9d8e7f6a5b4c3d2e1f0a9b8c7d6e5f4a3', GITHUB_REPOSITORY: 'acme/shop', GITHUB_RUN_ID: '42', GITHUB_JOB: 'deploy'};

// Line by line, while steve freezes; the id of what was asked for is put where a line says ID.
async function excepted(t, {text}) {
  if (isWindows) return t.skip('no sh');
  const {cwd, env, sh} = await stage(t);
  assert.equal((await sh('nodeploy -e prod-aws -r x on')).code, 0);
  let id;
  for (const line of text.trimEnd().split('\n')) {
    const by = / approve/.test(line.split(' #')[0]) ? 'noah' : 'maya';
    const {code, stdout, stderr} = await end('sh', ['-c', line.replace(/\bID\b/, id)], {cwd, env: {...env, ...CI, NODEPLOY_BY: by}});
    assert.equal(code, 0, `${line}: ${stdout}${stderr}`);
    id ??= /exception-\S+~maya/.exec(stdout)?.[0];
  }
}

// Each job's line with its variables, while steve freezes and noah has approved.
async function trustedJob(t, {text}) {
  if (isWindows) return t.skip('no sh');
  const {cwd, env, sh} = await stage(t);
  const asked = await sh('nodeploy -e prod-aws -r x on && nodeploy -e prod-aws -r x --by maya --change commit=4f1c2ab --until 2h except');
  assert.equal(asked.code, 0, asked.stderr);
  assert.equal((await sh(`nodeploy -e prod-aws --by noah approve --exception ${/exception-\S+~maya/.exec(asked.stdout)[0]}`)).code, 0);
  const commands = [...text.matchAll(/^  (\w+):\n|- run: (nodeploy .*)$/gm)];
  let job;
  for (const [, name, line] of commands) {
    job = name ?? job;
    if (!line) continue;
    const {code, stdout, stderr} = await end('sh', ['-c', line], {cwd, env: {...env, ...CI, GITHUB_JOB: job}});
    assert.equal(code, 0, `${job}: ${line}: ${stdout}${stderr}`);
  }
  assert.equal(commands.length, 4);
}

async function policy(t, {text, document}) {
  const cwd = temporaryFolder(t);
  writeFileSync(join(cwd, 'nodeploy.yaml'), text);
  const [, calendar] = /^```ics\n(.*?)^```$/ms.exec(read(document)) ?? [];
  if (calendar) writeFileSync(join(cwd, 'holidays.ics'), calendar);
  const {decision, summary} = plan({action: {type: 'windows'}, now: '2026-11-24T12:00:00Z', policy: await readPolicy(join(cwd, 'nodeploy.yaml'))});
  assert.equal(decision, 'proceed', summary);
}

async function program(t, {text, document}) {
  assert.match(read(document), /`gate\.mjs`/, 'its name says that it is a module');
  const {cwd, env, sh} = await stage(t);
  mkdirSync(join(cwd, 'node_modules'));
  writeFileSync(join(cwd, 'gate.mjs'), text.replace("'nodeploy'", JSON.stringify(new URL('../index.js', import.meta.url).href)));
  const go = more => end(process.execPath, ['gate.mjs'], {cwd, env: {...env, ...more}});
  assert.equal((await go()).code, 0);
  for (const token of [undefined, '', 'two\nlines', 'wrong']) {
    assert.equal((await go({KOSLI_API_TOKEN: token})).code, 2, `the token ${token}`);
  }
  if (isWindows) return;
  if (existsSync('/dev/full')) {
    for (const streams of ['>/dev/full', '>/dev/full 2>&1']) assert.equal((await sh(`'${process.execPath}' gate.mjs ${streams}`)).code, 2, streams);
  }
  assert.equal((await sh('nodeploy -e prod-aws -r "because of X" on')).code, 0);
  const shut = await go();
  assert.equal(shut.code, 1);
  assert.match(shut.stdout, /because of X\nto lift it: nodeploy/);
  writeFileSync(join(cwd, 'gate.mjs'), text); // with no such package
  const missing = await go();
  assert.deepEqual([missing.code, missing.stdout], [2, ''], missing.stderr);
}

function call(t, {text}) {
  const answer = plan(text);
  assert.notEqual(answer.reason, 'bad_call', answer.summary);
  assert.deepEqual(answer.action.type, 'on');
}

/** The dependencies as they stand there, with a program that uses both. */
function rustWithChrono(t, {text}) {
  return cargo(t, text, `
    fn main() -> Result<(), Box<dyn std::error::Error>> {
        let mut call = freeze_core::Call::from_json(&std::io::read_to_string(std::io::stdin())?)?;
        call.now = chrono::Utc::now();
        call.now = "2024-10-31T10:44:48Z".parse()?;
        println!("{}", freeze_core::plan(&call).summary);
        Ok(())
    }`);
}

const CALL = '{"action": {"type": "assert"}, "now": "2024-10-31T10:44:48Z", "environment": {"name": "prod-aws", "tags": {}}}';

// Beside a clone named `nodeploy`, compiled with what is in this one's lock file and target folder.
async function cargo(t, dependencies, main) {
  const cwd = temporaryFolder(t);
  mkdirSync(join(cwd, 'src'));
  writeFileSync(join(cwd, 'Cargo.toml'), `[package]\nname = "gate"\nversion = "0.0.0"\nedition = "2024"\n\n${dependencies.replace('"nodeploy/core"', JSON.stringify(join(root, 'core')))}`);
  writeFileSync(join(cwd, 'src', 'main.rs'), main);
  copyFileSync(join(root, 'Cargo.lock'), join(cwd, 'Cargo.lock'));
  const env = {...process.env, CARGO_TARGET_DIR: join(root, 'target', 'nodeploy', 'documents')};
  const cargo = ['run', '--quiet', '--offline'];
  const go = input => end('cargo', cargo, {cwd, env, input});
  const {code, stdout, stderr} = await go(CALL);
  assert.deepEqual([code, stdout], [0, 'prod-aws is not frozen\n'], stderr);
  return {go, sh: (streams, input) => end('sh', ['-c', `cargo ${cargo.join(' ')} ${streams}`], {cwd, env, input})};
}

function targets(t, {text}) {
  for (const [, name, more] of text.matchAll(/fuzz run (\S+)(.*)/g)) {
    assert.ok(existsSync(join(root, 'fuzz', 'fuzz_targets', `${name}.rs`)), name);
    for (const [, file] of more.matchAll(/=(fuzz\/\S+)/g)) assert.ok(existsSync(join(root, file)), file);
  }
}

function packages(t, {text}) {
  const {packages} = JSON.parse(execFileSync('cargo', ['metadata', '--no-deps', '--offline', '--format-version', '1'], {cwd: root, maxBuffer: 1 << 26}));
  for (const [, name] of text.matchAll(/-p (\S+)/g)) assert.ok(packages.some(each => each.name === name), name);
}
