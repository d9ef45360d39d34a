// Scripts of calls: written, run by a host, compared.
import {execFile} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {plugin, root} from './hosts.js';

const execute = promisify(execFile);

/** What the examples allow one call: 256 MB, 10 s. */
export const USUAL = {pages: 4096, milliseconds: 10_000, fuel: 0};

export function temporaryFolder() {
  const path = mkdtempSync(join(tmpdir(), 'nodeploy-hosts-'));
  return {path, remove: () => rmSync(path, {recursive: true, force: true})};
}

/** Every vector and the generated calls with the native core's answers, as lines of bytes. */
export async function corpus(folder) {
  const args = ['run', '--quiet', '--locked', '--profile', 'checks', '--package', 'host-corpus', '--', folder];
  const {stdout} = await execute('cargo', args, {cwd: root});
  const script = join(folder, 'script.txt');
  return {...JSON.parse(stdout), script, answers: lines(join(folder, 'answers.txt'))};
}

/** Writes a script of `[function, text or {file}]`. */
export function writeScript(file, calls) {
  const argument = input => input.file ? `@${input.file}` : Buffer.from(input).toString('base64');
  writeFileSync(file, calls.map(([name, input]) => `${name} ${argument(input)}\n`).join(''));
  return file;
}

/** A host's answers to a script, line for line; and the microseconds of the median call. */
export async function ask(host, script, folder, {pages, milliseconds, fuel, threads = []} = USUAL) {
  const output = join(folder, `${host.name}.txt`);
  const [program, ...args] = [...host.runner, plugin, script, output, pages, milliseconds, fuel, ...[threads].flat()].map(String);
  const {stdout} = await execute(program, args, {env: {...process.env, ...host.env}});
  return {answers: lines(output), median: Number(stdout.trim())};
}

/** The lines that differ, the first of them shown. A failure is a failure in any words. */
export function differences(found, expected, isExcused = () => false) {
  const isSame = i => found[i] === expected[i] || (found[i]?.startsWith('!') && (expected[i] === '!' || isExcused(i)));
  const wrong = [];
  for (let i = 0; i < Math.max(found.length, expected.length); i++) if (!isSame(i)) wrong.push(i);
  if (wrong.length === 0) return [];
  const [i] = wrong;
  return [`${wrong.length} lines differ; line ${i + 1}:`, shown(found[i]), shown(expected[i])];
}

const shown = line => line && Buffer.from(line, 'latin1').toString().slice(0, 2000);

// Latin-1 keeps every byte apart.
const lines = file => readFileSync(file, 'latin1').split('\n').slice(0, -1);
