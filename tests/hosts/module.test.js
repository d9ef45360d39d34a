// What the built plugin asks of its host, and what it offers.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {test} from 'node:test';
import {plugin, root} from './hosts.js';

const bytes = readFileSync(plugin);
const module = new WebAssembly.Module(bytes);

test('it imports what passes a text in and one out, and nothing else', () => {
  const kernel = ['alloc', 'error_set', 'input_length', 'input_load_u64', 'input_load_u8', 'output_set', 'store_u64', 'store_u8'];
  const allowed = kernel.map(name => `function extism:host/env ${name}`);
  const imports = WebAssembly.Module.imports(module).map(({module: from, name, kind}) => `${kind} ${from} ${name}`);
  assert.deepEqual(imports.filter(name => !allowed.includes(name)), []);
});

test('it offers observe, plan and version, and starts nothing', () => {
  const functions = WebAssembly.Module.exports(module).filter(({kind}) => kind === 'function').map(({name}) => name);
  assert.deepEqual(functions.sort(), ['observe', 'plan', 'version']);
});

test('its checksum is the one beside it, and no path of a machine is in it', () => {
  const sum = createHash('sha256').update(bytes).digest('hex');
  assert.equal(readFileSync(`${plugin}.sha256`, 'utf8'), `${sum}  nodeploy.wasm\n`);
  const text = bytes.toString('latin1');
  for (const path of [process.env.HOME, process.cwd()]) assert.ok(!path || path === '/' || !text.includes(path), path);
});

test('plugin/README.md shows how to verify it', {skip: process.platform !== 'linux' && 'no sha256sum'}, () => {
  const [, shown] = /^```\n(\$ sha256sum .*?)^```$/ms.exec(readFileSync(join(root, 'plugin', 'README.md'), 'utf8'));
  let real = '';
  for (const [line, command] of shown.matchAll(/^\$ (.*)\n/gm)) real += line + execFileSync('sh', ['-c', command], {cwd: dirname(plugin), encoding: 'utf8'});
  assert.equal(shown, real);
});
