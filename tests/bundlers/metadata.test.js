// What others' tools say about the package's metadata and types.
import assert from 'node:assert/strict';
import test from 'node:test';
import {run, tarball} from './project.js';

test('publint', () => {
  assert.match(run('publint', [tarball, '--strict'], {cwd: '.', env: {NO_COLOR: '1'}}), /All good!/);
});

const attw = (...args) => run('attw', [tarball, '--no-emoji', '--no-color', '--format', 'table-flipped', ...args], {cwd: '.'});

test('Are the types wrong?', () => {
  assert.match(attw('--exclude-entrypoints', 'pure', 'nodeploy.cjs', 'nodeploy.schema.json'), /No problems found/);
});

// For pages, which have no `require`; Node from 20.19 on requires it all the same.
test('Are those of nodeploy/pure wrong?', () => {
  assert.match(attw('--profile', 'esm-only', '--entrypoints', 'pure'), /OK \(ESM\)/);
});
