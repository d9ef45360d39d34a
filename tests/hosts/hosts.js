// The five hosts: what each needs, how it is built, how its example and its runner are started.
import {execFileSync, spawnSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {existsSync, mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {homedir} from 'node:os';
import {delimiter, join} from 'node:path';
import {fileURLToPath} from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));
export const plugin = join(root, 'plugin', 'nodeploy.wasm');

// What is built stays here, for every checkout: wasmtime takes minutes.
const kept = join(process.env.CARGO_HOME ?? join(homedir(), '.cargo'), 'nodeploy', 'hosts');
const example = language => join(root, 'plugin', 'examples', language);
const runner = language => join(root, 'tests', 'hosts', language);
const windows = process.platform === 'win32';
const exe = windows ? '.exe' : '';

const rustTarget = join(kept, 'rust');
const goProgram = name => join(kept, 'go', name + exe);
const venv = join(kept, 'python');
const python = join(venv, windows ? 'Scripts' : 'bin', `python${exe}`);
const classes = ['classes', join('dependency', '*')].map(part => join(example('java'), 'target', part)).join(delimiter);
// Of the limits that are asked for, those that the SDK enforces.
const enforced = (...names) => names;

export const hosts = [
  {
    name: 'Rust',
    engine: 'extism 1.30, wasmtime',
    tools: [['cargo', '--version']],
    limits: enforced('memory', 'time', 'fuel'),
    prepare() {
      for (const folder of [example('rust'), runner('rust')]) {
        run('cargo', ['build', '--quiet', '--locked', '--target-dir', rustTarget], {cwd: folder});
      }
    },
    runner: [join(rustTarget, 'debug', `script-runner${exe}`)],
    example: [join(rustTarget, 'debug', `nodeploy-host${exe}`)],
    env: {EXTISM_CACHE_CONFIG: ''},
  },
  {
    name: 'Node',
    engine: '@extism/extism 1.0, V8',
    tools: [['node', '--version']],
    limits: enforced(),
    prepare() {
      const folder = example('node');
      once(join(folder, 'node_modules', '.prepared'), [join(folder, 'package-lock.json')], () => {
        run(windows ? 'npm.cmd' : 'npm', ['ci', '--no-audit', '--no-fund'], {cwd: folder, shell: windows});
      });
    },
    runner: ['node', '--no-warnings', join(runner('node'), 'runner.js')],
    example: ['node', '--no-warnings', join(example('node'), 'nodeploy.js')],
  },
  {
    name: 'Python',
    engine: 'extism 1.1, libextism 1.41, wasmtime',
    tools: [['python3', '-c', 'import venv, ensurepip, sys; sys.exit(sys.version_info < (3, 9))']],
    limits: enforced('memory', 'time'),
    prepare() {
      const requirements = join(example('python'), 'requirements.txt');
      once(join(venv, '.prepared'), [requirements], () => {
        rmSync(venv, {recursive: true, force: true});
        run('python3', ['-m', 'venv', venv]);
        run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--require-hashes', '-r', requirements]);
      });
    },
    runner: [python, '-B', join(runner('python'), 'runner.py')],
    example: [python, '-B', join(example('python'), 'nodeploy.py')],
    env: {EXTISM_CACHE_CONFIG: ''},
  },
  {
    name: 'Go',
    engine: 'go-sdk 1.7, wazero',
    tools: [['go', 'version']],
    limits: enforced('memory', 'time'),
    prepare() {
      mkdirSync(join(kept, 'go'), {recursive: true});
      run('go', ['build', '-o', goProgram('nodeploy-host'), '.'], {cwd: example('go')});
      run('go', ['build', '-o', goProgram('script-runner'), '.'], {cwd: runner('go')});
    },
    runner: [goProgram('script-runner')],
    example: [goProgram('nodeploy-host')],
  },
  {
    name: 'Java',
    engine: 'chicory-sdk-core 0.3, Chicory',
    tools: [['java', '-version'], ['javac', '-version'], [windows ? 'mvn.cmd' : 'mvn', '-version']],
    limits: enforced('memory', 'time'),
    prepare() {
      const folder = example('java');
      const sources = [join(folder, 'pom.xml'), join(folder, 'src', 'main', 'java', 'Nodeploy.java')];
      once(join(folder, 'target', '.prepared'), sources, () => {
        const mvn = windows ? 'mvn.cmd' : 'mvn';
        run(mvn, ['--quiet', '--batch-mode', 'compile', 'dependency:copy-dependencies'], {cwd: folder, shell: windows});
      });
    },
    runner: ['java', '-cp', classes, join(runner('java'), 'Runner.java')],
    example: ['java', '-cp', classes, 'Nodeploy'],
    env: {LC_ALL: 'C.UTF-8'},
  },
];

/** The host that all others are held against beside native Rust: the npm package. It loads a module of its own. */
export const npmPackage = {
  name: 'npm package',
  engine: 'wasm-bindgen, V8',
  tools: [],
  runner: ['node', join(runner('npm'), 'runner.js')],
};

/** What is missing to build and run this host; nothing if it is all there. */
export function missing({tools}) {
  return tools.find(([program, ...args]) => spawnSync(program, args, {shell: windows, stdio: 'ignore'}).status !== 0)?.[0];
}

export function run(program, args, options = {}) {
  execFileSync(program, args, {stdio: ['ignore', 'ignore', 'inherit'], ...options});
}

/** Does it unless it was done with the same files before. */
function once(stamp, files, prepare) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(readFileSync(file));
  const now = hash.digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === now) return;
  prepare();
  writeFileSync(stamp, now);
}
