// Python with what python/requirements.txt names, in an environment of its own that is kept for every checkout.
import {execFileSync, spawnSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {existsSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {homedir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';

const folder = fileURLToPath(new URL('python/', import.meta.url));
const venv = join(process.env.CARGO_HOME ?? join(homedir(), '.cargo'), 'nodeploy', 'oracle');
const windows = process.platform === 'win32';
const python = join(venv, windows ? 'Scripts' : 'bin', windows ? 'python.exe' : 'python');

/** There is a Python here that can be used. */
export const isThere = () => {
  const check = 'import venv, ensurepip, sys; sys.exit(sys.version_info < (3, 9))';
  return spawnSync('python3', ['-c', check], {stdio: 'ignore'}).status === 0;
};

/** Runs one of python/'s programs; resolves to what it prints. */
export function run(program, ...args) {
  prepare();
  return execFileSync(python, ['-B', join(folder, program), ...args.map(String)], {
    encoding: 'utf8',
    maxBuffer: 1 << 30,
    stdio: ['ignore', 'pipe', 'inherit'],
    // Without a path zoneinfo takes the pinned package, not what the machine has.
    env: {...process.env, PYTHONTZPATH: '', PYTHONHASHSEED: '0', PYTHONWARNINGS: 'ignore::DeprecationWarning'},
  });
}

function prepare() {
  const stamp = join(venv, '.prepared');
  const requirements = join(folder, 'requirements.txt');
  const wanted = createHash('sha256').update(readFileSync(requirements)).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  rmSync(venv, {recursive: true, force: true});
  const options = {stdio: ['ignore', 'ignore', 'inherit']};
  execFileSync('python3', ['-m', 'venv', venv], options);
  execFileSync(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--require-hashes', '-r', requirements], options);
  writeFileSync(stamp, wanted);
}
