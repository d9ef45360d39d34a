// `import {plan} from 'nodeploy'`, bundled: each bundler's output runs alone, in a folder without node_modules.
import assert from 'node:assert/strict';
import {copyFileSync, cpSync, mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'node:test';
import {CJS, ESM, missing, project, run, SAID} from './project.js';

// What a bundler has written, run where nothing else is.
function alone(t, cwd, out, main, program = process.execPath, ...args) {
  const folder = mkdtempSync(join(tmpdir(), 'nodeploy-alone-'));
  t.after(() => rmSync(folder, {recursive: true}));
  cpSync(join(cwd, out), folder, {recursive: true});
  return run(program, [...args, join(folder, main)].filter(Boolean), {cwd: folder});
}

for (const [format, entry] of [['esm', 'app.mjs'], ['cjs', 'app.mjs'], ['cjs', 'app.cjs'], ['esm', 'app.cjs']]) {
  test(`esbuild: ${entry} to ${format}`, t => {
    const cwd = project();
    const file = format === 'esm' ? 'app.mjs' : 'app.cjs';
    // What is CommonJS inside asks for Node's own modules with `require`, which an ES module has not: esbuild's own advice.
    const banner = format === 'esm' && entry === 'app.cjs' ? ["--banner:js=import {createRequire} from 'node:module'; const require = createRequire(import.meta.url);"] : [];
    run('esbuild', [entry, '--bundle', '--platform=node', `--format=${format}`, `--outfile=out/${file}`, '--log-level=error', ...banner], {cwd});
    assert.equal(alone(t, cwd, 'out', file), SAID);
  });
}

for (const format of ['es', 'cjs']) {
  test(`rollup: to ${format}`, t => {
    const cwd = project();
    const plugins = ['node-resolve', 'commonjs'].flatMap(name => ['-p', new URL(`node_modules/@rollup/plugin-${name}/dist/cjs/index.js`, import.meta.url).pathname]);
    run('rollup', ['app.mjs', '-f', format, '-d', 'out', '--entryFileNames', format === 'es' ? '[name].mjs' : '[name].cjs', '--chunkFileNames', format === 'es' ? '[name].mjs' : '[name].cjs', ...plugins, '--silent'], {cwd});
    assert.equal(alone(t, cwd, 'out', format === 'es' ? 'app.mjs' : 'app.cjs'), SAID);
  });
}

test('vite --ssr, with the package inside', t => {
  const cwd = project({'vite.config.mjs': 'export default {ssr: {noExternal: true}, logLevel: "error"};'});
  run('vite', ['build', '--ssr', 'app.mjs', '--outDir', 'out'], {cwd});
  assert.equal(alone(t, cwd, 'out', 'app.mjs'), SAID);
});

for (const [kind, entry, output] of [
  ['CommonJS', './app.cjs', "path: __dirname + '/out', filename: 'app.cjs'"],
  ['CommonJS of an ES module', './app.mjs', "path: __dirname + '/out', filename: 'app.cjs'"],
  ['an ES module', './app.mjs', "path: __dirname + '/out', filename: 'app.mjs', module: true, chunkFormat: 'module'"],
]) {
  test(`webpack: ${kind}`, t => {
    const cwd = project({'build.cjs': `
      const webpack = require(${JSON.stringify(new URL('node_modules/webpack/lib/index.js', import.meta.url).pathname)});
      webpack({mode: 'production', target: 'node20', context: __dirname, entry: '${entry}', output: {${output}}, experiments: {outputModule: ${output.includes('module: true')}}}, (error, stats) => {
        if (error || stats.hasErrors()) { console.error(error ?? stats.toString()); process.exit(1); }
      });`});
    run(process.execPath, ['build.cjs'], {cwd});
    assert.equal(alone(t, cwd, 'out', output.includes('app.mjs') ? 'app.mjs' : 'app.cjs'), SAID);
  });
}

test('ncc', t => {
  const cwd = project();
  run('ncc', ['build', 'app.cjs', '-o', 'out', '--quiet'], {cwd});
  assert.equal(alone(t, cwd, 'out', 'index.cjs'), SAID);
});

// It takes every part of the one file that a runtime may keep otherwise: the comments of a function, code of a text, the core.
const FREEZE = ['-e', 'prod', '-r', 'why', '--by', 'steve', '--local', 'box', 'on'];
const FROZEN = /^freezing prod as .*: why$/m;

const bun = missing('bun');
test('bun: run, build, and one program', {skip: bun}, t => {
  const cwd = project();
  assert.equal(run('bun', ['app.mjs'], {cwd}), SAID);
  run('bun', ['build', 'app.mjs', '--target=node', '--outdir=out'], {cwd});
  assert.equal(alone(t, cwd, 'out', 'app.js', 'bun'), SAID);
  run('bun', ['build', 'app.mjs', '--compile', '--outfile=one/app'], {cwd});
  const folder = mkdtempSync(join(tmpdir(), 'nodeploy-alone-'));
  t.after(() => rmSync(folder, {recursive: true}));
  copyFileSync(join(cwd, 'one', 'app'), join(folder, 'app'));
  assert.equal(run(join(folder, 'app'), [], {cwd: folder}), SAID);
  assert.match(run('bun', ['node_modules/nodeploy/nodeploy.cjs', ...FREEZE], {cwd}), FROZEN);
});

const deno = missing('deno');
test('deno: import, require, and the command line', {skip: deno}, () => {
  const cwd = project();
  const env = {DENO_NO_UPDATE_CHECK: '1', DENO_DIR: join(cwd, '.deno')};
  const args = ['run', '-A', '--no-remote', '--node-modules-dir=manual'];
  for (const file of ['app.mjs', 'app.cjs']) assert.equal(run('deno', [...args, file], {cwd, env}), SAID, file);
  assert.match(run('deno', [...args, 'node_modules/nodeploy/nodeploy.cjs', ...FREEZE], {cwd, env}), FROZEN);
});

test('yarn with Plug\'n\'Play: import, require, and the command line', {skip: missing('yarn')}, () => {
  const cwd = project({
    'package.json': JSON.stringify({name: 'consumer', private: true, dependencies: {nodeploy: 'file:./nodeploy.tgz'}, resolutions: {yaml: 'file:./yaml.tgz'}}),
    'yarn.lock': '', '.yarnrc.yml': 'enableTelemetry: false\nenableGlobalCache: false\nenableNetwork: false\n',
  }, {installed: false});
  run('yarn', ['install'], {cwd, env: {YARN_ENABLE_IMMUTABLE_INSTALLS: 'false', CI: ''}});
  for (const file of ['app.mjs', 'app.cjs']) assert.equal(run('yarn', ['node', file], {cwd}), SAID, file);
  assert.match(run('yarn', ['nodeploy', '--version'], {cwd}), /^\d/);
});

test('pnpm', {skip: missing('pnpm')}, () => {
  const cwd = project({
    'package.json': JSON.stringify({name: 'consumer', private: true, dependencies: {nodeploy: 'file:./nodeploy.tgz', yaml: 'file:./yaml.tgz'}}),
    'pnpm-workspace.yaml': 'overrides:\n  yaml: file:./yaml.tgz\n',
  }, {installed: false});
  run('pnpm', ['install', '--offline', '--store-dir', join(cwd, '.store')], {cwd});
  for (const file of ['app.mjs', 'app.cjs']) assert.equal(run(process.execPath, [file], {cwd}), SAID, file);
  assert.match(run(join(cwd, 'node_modules', '.bin', 'nodeploy'), ['--version'], {cwd}), /^\d/);
});

for (const node of ['node-22', 'node-24']) {
  const program = new URL(`node_modules/${node}/bin/node`, import.meta.url).pathname;
  test(`${node}: import and require`, {skip: missing(program)}, () => {
    const cwd = project({'app.mjs': ESM, 'app.cjs': CJS});
    for (const file of ['app.mjs', 'app.cjs']) assert.equal(run(program, [file], {cwd}), SAID, file);
  });
}
