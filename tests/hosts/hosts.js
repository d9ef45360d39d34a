// The five hosts: what each needs, which limits its SDK enforces, how it is built, how its runner, its example and the gate
// of plugin/README.md are started. `copy` builds an example that was copied to a folder.
import {execFileSync, spawnSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {homedir} from 'node:os';
import {basename, delimiter, dirname, join} from 'node:path';
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
const inJava = part => join(example('java'), 'target', part);
const libraries = join(inJava('dependency'), '*');
const jar = inJava('host.jar');
const loaded = inJava('host.jsa');
// For a life of seconds the first of its two compilers is the quicker one, and its plainest collector. From three processors on Java's own pool is another.
const java = (...classes) => ['java', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-XX:ActiveProcessorCount=4', '-cp', classes.join(delimiter)];
// Its classes as they lie in memory once they are loaded, which is a third of such a life. It takes them where the class path begins
// with these jars; where it cannot, it loads them, and says nothing of it.
const quickJava = (...classes) => [...java(libraries, jar, ...classes), `-XX:SharedArchiveFile=${loaded}`, '-Xlog:disable'];

export const hosts = [
  {
    name: 'Rust',
    language: 'rust',
    engine: 'extism 1.30, wasmtime',
    tools: [['cargo', '--version']],
    limits: ['memory', 'time', 'fuel'],
    prepare() {
      for (const folder of [example('rust'), runner('rust')]) {
        run('cargo', ['build', '--quiet', '--locked', '--target-dir', rustTarget], {cwd: folder});
      }
    },
    runner: [join(rustTarget, 'debug', `script-runner${exe}`)],
    example: [join(rustTarget, 'debug', `nodeploy-host${exe}`)],
    isWasmtime: true,
    gate(source, folder) {
      for (const file of ['Cargo.toml', 'Cargo.lock']) {
        write(join(folder, file), readFileSync(join(example('rust'), file), 'utf8').replace('"nodeploy-host"', '"gate"'));
      }
      write(join(folder, 'src', 'main.rs'), source);
      run('cargo', ['build', '--quiet', '--locked', '--target-dir', rustTarget], {cwd: folder});
      return [join(rustTarget, 'debug', `gate${exe}`)];
    },
    copy(folder) {
      for (const file of ['Cargo.toml', 'Cargo.lock', 'src/main.rs']) replaceIn(join(folder, file), /nodeploy([-_])host/g, 'copied$1host');
      run('cargo', ['build', '--quiet', '--locked', '--target-dir', rustTarget], {cwd: folder});
      return [join(rustTarget, 'debug', `copied-host${exe}`)];
    },
  },
  {
    name: 'Node',
    language: 'js',
    engine: '@extism/extism 1.0, V8',
    tools: [['node', '--version']],
    limits: [],
    prepare() {
      const folder = example('node');
      once(join(folder, 'node_modules', '.prepared'), [join(folder, 'package-lock.json')], () => {
        run(windows ? 'npm.cmd' : 'npm', ['ci', '--no-audit', '--no-fund'], {cwd: folder, shell: windows});
      });
    },
    runner: ['node', '--no-warnings', join(runner('node'), 'runner.js')],
    example: ['node', '--no-warnings', join(example('node'), 'nodeploy.js')],
    gate(source, folder) {
      write(join(folder, 'gate.mjs'), source);
      symlinkSync(join(example('node'), 'node_modules'), join(folder, 'node_modules'), 'junction');
      return ['node', '--no-warnings', join(folder, 'gate.mjs')];
    },
    copy(folder) {
      symlinkSync(join(example('node'), 'node_modules'), join(folder, 'node_modules'), 'junction');
      return ['node', '--no-warnings', join(folder, 'nodeploy.js')];
    },
  },
  {
    name: 'Python',
    language: 'python',
    engine: 'extism 1.1, libextism 1.41, wasmtime',
    hasThreads: true,
    tools: [['python3', '-c', 'import venv, ensurepip, sys; sys.exit(sys.version_info < (3, 9))']],
    limits: ['memory', 'time'],
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
    isWasmtime: true,
    gate(source, folder) {
      write(join(folder, 'gate.py'), source);
      return [python, join(folder, 'gate.py')];
    },
    copy: folder => [python, '-B', join(folder, 'nodeploy.py')],
  },
  {
    name: 'Go',
    language: 'go',
    engine: 'go-sdk 1.7, wazero',
    hasThreads: true,
    tools: [['go', 'version']],
    limits: ['memory', 'time'],
    prepare() {
      mkdirSync(join(kept, 'go'), {recursive: true});
      run('go', ['build', '-o', goProgram('nodeploy-host'), '.'], {cwd: example('go')});
      run('go', ['build', '-o', goProgram('script-runner'), '.'], {cwd: runner('go')});
    },
    runner: [goProgram('script-runner')],
    example: [goProgram('nodeploy-host')],
    gate(source, folder) {
      for (const file of ['go.mod', 'go.sum']) copyFileSync(join(example('go'), file), join(folder, file));
      write(join(folder, 'gate.go'), source);
      const program = join(folder, `go-gate${exe}`);
      run('go', ['build', '-o', program, 'gate.go'], {cwd: folder});
      return [program];
    },
    copy(folder) {
      const program = join(folder, `copied${exe}`);
      run('go', ['build', '-o', program, '.'], {cwd: folder});
      return [program];
    },
  },
  {
    name: 'Java',
    language: 'java',
    engine: 'chicory-sdk-core 0.3, Chicory',
    hasThreads: true,
    tools: [['java', '-version'], ['javac', '-version'], [windows ? 'mvn.cmd' : 'mvn', '-version']],
    limits: ['memory', 'time'],
    prepare() {
      const folder = example('java');
      const source = join(runner('java'), 'Runner.java');
      const sources = [join(folder, 'pom.xml'), ...['Nodeploy', 'Policy'].map(name => join(folder, 'src', 'main', 'java', `${name}.java`)), source];
      once(join(folder, 'target', '.prepared'), sources, () => {
        const mvn = windows ? 'mvn.cmd' : 'mvn';
        run(mvn, ['--quiet', '--batch-mode', 'compile', 'dependency:copy-dependencies'], {cwd: folder, shell: windows});
        run('javac', ['-cp', [libraries, inJava('classes')].join(delimiter), '-d', inJava('runner'), source]);
        run('jar', ['--create', '--file', jar, '-C', inJava('classes'), '.', '-C', inJava('runner'), '.']);
        const [program, ...args] = java(libraries, jar);
        spawnSync(program, [...args, `-XX:ArchiveClassesAtExit=${loaded}`, 'Nodeploy', plugin, 'prod-aws', '{"type": "no"}']); // it asks nobody
      });
    },
    runner: [...quickJava(), 'Runner'],
    example: [...quickJava(), 'Nodeploy'],
    env: {LC_ALL: 'C.UTF-8'},
    gate(source, folder) {
      write(join(folder, 'Gate.java'), source);
      run('javac', ['-cp', libraries, '-d', folder, join(folder, 'Gate.java')]);
      return [...quickJava(folder), 'Gate'];
    },
    copy(folder) {
      const sources = join(folder, 'src', 'main', 'java');
      run('javac', ['-cp', libraries, '-d', folder, ...readdirSync(sources).map(name => join(sources, name))]);
      return [...java(libraries, folder), 'Nodeploy'];
    },
  },
];

/** The host that all others are held against beside native Rust: the npm package. It loads a module of its own. */
export const npmPackage = {
  name: 'npm package',
  engine: 'wasm-bindgen, V8',
  tools: [],
  runner: ['node', join(runner('npm'), 'runner.js')],
};

/** Has wasmtime and wazero keep in this folder what they compile: it takes a second, and hundreds of processes begin with it. */
export function keepCompiled(folder) {
  const file = join(folder, 'wasmtime.toml');
  writeFileSync(file, `[cache]\ndirectory = ${JSON.stringify(join(folder, 'wasmtime'))}\n`);
  for (const host of hosts.filter(({isWasmtime}) => isWasmtime)) host.env = {EXTISM_CACHE_CONFIG: file};
  hosts.find(({name}) => name === 'Go').env = {NODEPLOY_CACHE: join(folder, 'wazero')};
}

/** The host with an example of its own, in `folder`, in whose `file` this text stands in place of that. */
export function withOther(host, folder, file, text, other) {
  cpSync(example(host.language === 'js' ? 'node' : host.language), folder, {recursive: true, filter: path => !['node_modules', 'target'].includes(basename(path))});
  replaceIn(join(folder, file), text, other);
  return {...host, example: host.copy(folder)};
}

function replaceIn(file, text, other) {
  const before = readFileSync(file, 'utf8');
  const after = before.replace(text, other);
  if (after === before) throw new Error(`${file} has no ${text}`);
  writeFileSync(file, after);
}

/** What is missing to build and run this host; nothing if it is all there. */
export function missing({tools}) {
  return tools.find(([program, ...args]) => spawnSync(program, args, {shell: windows, stdio: 'ignore'}).status !== 0)?.[0];
}

export function run(program, args, options = {}) {
  execFileSync(program, args, {stdio: ['ignore', 'ignore', 'inherit'], ...options});
}

function write(file, text) {
  mkdirSync(dirname(file), {recursive: true});
  writeFileSync(file, text);
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
