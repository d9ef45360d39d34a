// The package as it is published, in a project of its own, without asking any registry.
import {execFileSync, spawnSync} from 'node:child_process';
import {copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';

const npm = fileURLToPath(new URL('../../npm', import.meta.url));
const bins = fileURLToPath(new URL('node_modules/.bin/', import.meta.url));

const folder = mkdtempSync(join(tmpdir(), 'nodeploy-bundlers-'));
process.on('exit', () => rmSync(folder, {recursive: true, force: true}));

/** Both tarballs: the package's, and that of its one dependency as it is installed here. */
const tarballs = Object.fromEntries([['nodeploy', npm], ['yaml', join(npm, 'node_modules', 'yaml')]].map(([name, from]) => {
  const [{filename}] = JSON.parse(execFileSync('npm', ['pack', from, '--json', '--offline', '--loglevel=error', '--pack-destination', folder], {encoding: 'utf8'}));
  return [name, join(folder, filename)];
}));
export const tarball = tarballs.nodeploy;

/** What is bundled: the decision of a call that needs the core, its policy and its time zones. */
export const APP = `plan({action: {type: 'windows'}, now: '2026-12-01T00:00:00Z', environment: null, observed: {}, policy: {windows: [
  {name: 'w', effect: 'freeze', environments: ['*'], timezone: 'Europe/Berlin', from: '2026-12-24', to: '2026-12-27'}]}})`;
export const ESM = `import {plan} from 'nodeploy';\nconst {decision, closures} = ${APP};\nconsole.log(decision, closures[0].starts_at);\n`;
export const CJS = `const {plan} = require('nodeploy');\nconst {decision, closures} = ${APP};\nconsole.log(decision, closures[0].starts_at);\n`;
export const SAID = 'proceed 2026-12-23T23:00:00Z\n';

let count = 0;

/** A folder with the package's tarballs and `files`; `installed`: with node_modules, by npm. */
export function project(files, {installed = true} = {}) {
  const cwd = join(folder, `project-${++count}`);
  mkdirSync(cwd);
  const all = {'app.mjs': ESM, 'app.cjs': CJS, 'package.json': '{"name": "consumer", "version": "1.0.0", "private": true}', ...files};
  for (const [name, text] of Object.entries(all)) writeFileSync(join(cwd, name), text);
  for (const [name, file] of Object.entries(tarballs)) copyFileSync(file, join(cwd, `${name}.tgz`));
  if (installed) run('npm', ['install', '--offline', '--no-audit', '--no-fund', '--loglevel=error', './nodeploy.tgz', './yaml.tgz'], {cwd});
  return cwd;
}

/** Runs a program that must succeed; what it printed on stdout. */
export function run(program, args, {cwd, env}) {
  const {status, stdout, stderr, error} = spawnSync(existsSync(join(bins, program)) ? join(bins, program) : program, args, {cwd, env: {...process.env, ...env}, encoding: 'utf8'});
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${error?.message ?? `exit code ${status}`}\n${stdout}${stderr}`);
  return stdout;
}

/** Why a program is not tried, if it is not there: a reason for a skipped test. */
export function missing(program, args = ['--version']) {
  const {status, error} = spawnSync(existsSync(join(bins, program)) ? join(bins, program) : program, args, {encoding: 'utf8'});
  return status === 0 ? false : `${program} does not run here: ${error?.code ?? `exit code ${status}`}`;
}
