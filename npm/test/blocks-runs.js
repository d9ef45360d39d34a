// How the blocks of the documents are run, each kind of them.
import assert from 'node:assert/strict';
import {execFileSync, spawn} from 'node:child_process';
import {chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {delimiter, dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {CLI} from './child.js';
import {ask, serve, temporaryFolder} from './local-kosli.js';
import {plan, readPolicy} from '../index.js';

export const root = fileURLToPath(new URL('../../', import.meta.url));
export const read = name => readFileSync(join(root, name), 'utf8');
const isWindows = process.platform === 'win32';

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

export function script(file, line) {
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

export async function gate(t, {text}) {
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
export async function lines(t, {text}) {
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
export async function excepted(t, {text}) {
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
export async function trustedJob(t, {text}) {
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

export async function policy(t, {text, document}) {
  const cwd = temporaryFolder(t);
  writeFileSync(join(cwd, 'nodeploy.yaml'), text);
  const [, calendar] = /^```ics\n(.*?)^```$/ms.exec(read(document)) ?? [];
  if (calendar) writeFileSync(join(cwd, 'holidays.ics'), calendar);
  const {decision, summary} = plan({action: {type: 'windows'}, now: '2026-11-24T12:00:00Z', policy: await readPolicy(join(cwd, 'nodeploy.yaml'))});
  assert.equal(decision, 'proceed', summary);
}

export async function program(t, {text, document}) {
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

export function call(t, {text}) {
  const answer = plan(text);
  assert.notEqual(answer.reason, 'bad_call', answer.summary);
  assert.deepEqual(answer.action.type, 'on');
}

/** The dependencies as they stand there, with a program that uses both. */
export function rustWithChrono(t, {text}) {
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
export async function cargo(t, dependencies, main) {
  const cwd = temporaryFolder(t);
  mkdirSync(join(cwd, 'src'));
  writeFileSync(join(cwd, 'Cargo.toml'), `[package]\nname = "gate"\nversion = "0.0.0"\nedition = "2024"\n\n${dependencies.replace('"nodeploy/core"', JSON.stringify(join(root, 'core')))}`);
  writeFileSync(join(cwd, 'src', 'main.rs'), main);
  copyFileSync(join(root, 'Cargo.lock'), join(cwd, 'Cargo.lock'));
  const env = {...process.env, CARGO_TARGET_DIR: join(root, 'target', 'nodeploy', 'documents'), CARGO_PROFILE_DEV_DEBUG: '0'};
  const cargo = ['run', '--quiet', '--offline'];
  const go = input => end('cargo', cargo, {cwd, env, input});
  const {code, stdout, stderr} = await go(CALL);
  assert.deepEqual([code, stdout], [0, 'prod-aws is not frozen\n'], stderr);
  return {go, sh: (streams, input) => end('sh', ['-c', `cargo ${cargo.join(' ')} ${streams}`], {cwd, env, input})};
}

export function targets(t, {text}) {
  for (const [, name, more] of text.matchAll(/fuzz run (\S+)(.*)/g)) {
    assert.ok(existsSync(join(root, 'fuzz', 'fuzz_targets', `${name}.rs`)), name);
    for (const [, file] of more.matchAll(/=(fuzz\/\S+)/g)) assert.ok(existsSync(join(root, file)), file);
  }
}

export function packages(t, {text}) {
  const {packages} = JSON.parse(execFileSync('cargo', ['metadata', '--no-deps', '--offline', '--format-version', '1'], {cwd: root, maxBuffer: 1 << 26}));
  for (const [, name] of text.matchAll(/-p (\S+)/g)) assert.ok(packages.some(each => each.name === name), name);
}
