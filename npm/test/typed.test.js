// The commands that are advised run as the one that was typed did.
import assert from 'node:assert/strict';
import {join, resolve} from 'node:path';
import test from 'node:test';
import {asTyped} from '../cli/typed.js';

const here = resolve('repo');
const typed = (text, script, more) => asTyped(text, {argv: ['node', script], cwd: () => here, pid: 42, env: {}, ...more});
const inside = join(here, 'nodeploy.cjs');

test('as one file that lies in the working folder, or below it', () => {
  const said = 'to lift it: nodeploy -e prod off --freeze ID';
  assert.equal(typed(said, inside), 'to lift it: node nodeploy.cjs -e prod off --freeze ID');
  assert.equal(typed(said, inside, {env: {CI: 'true'}}), 'to lift it: node nodeploy.cjs -e prod off --freeze ID');
  assert.equal(typed(said, join(here, 'my tools', 'n.cjs')), `to lift it: node '${join('my tools', 'n.cjs')}' -e prod off --freeze ID`);
  assert.equal(typed(said, join(here, '..x', 'n.cjs'), {env: {CI: 'true'}}), `to lift it: node ${join('..x', 'n.cjs')} -e prod off --freeze ID`);
});

test('elsewhere by the shorter path; an image and an action are not where their log is read', () => {
  const said = 'nodeploy --help shows what there is';
  const near = resolve('n.cjs');
  const far = resolve('/n.cjs');
  assert.equal(typed(said, near), `node ${join('..', 'n.cjs')} --help shows what there is`);
  assert.equal(typed(said, far), `node ${far} --help shows what there is`);
  assert.equal(typed(said, far, {cwd() { throw new Error('ENOENT'); }}), `node ${far} --help shows what there is`);
  for (const more of [{pid: 1}, {env: {CI: 'true'}}]) assert.equal(typed(said, far, more), said);
});

test('by the name that is installed, or a script of the package', () => {
  for (const script of ['/usr/bin/nodeploy', '/app/node_modules/nodeploy/cli.js', undefined]) assert.equal(typed('to lift it: nodeploy -e prod off', script), 'to lift it: nodeploy -e prod off');
});

test('each command, and no word of anybody', () => {
  for (const [said, wanted] of [
    ['freeze: nodeploy -e p on --local box, or serve it: nodeploy local --dir box', 'freeze: node nodeploy.cjs -e p on --local box, or serve it: node nodeploy.cjs local --dir box'],
    ['the help is `nodeploy on --help`', 'the help is `node nodeploy.cjs on --help`'],
    ["to finish: nodeploy -e p --reason 'it'\\''s: nodeploy -e q on' on", "to finish: node nodeploy.cjs -e p --reason 'it'\\''s: nodeploy -e q on' on"],
    ['one: nodeploy -e p approve\ntwo: nodeploy -e p approve', 'one: node nodeploy.cjs -e p approve\ntwo: node nodeploy.cjs -e p approve'],
    ['write nodeploy.yaml, or name it: --policy FILE', 'write nodeploy.yaml, or name it: --policy FILE'],
    ['did you mean `nodeploy`?', 'did you mean `nodeploy`?'],
  ]) assert.equal(typed(said, inside), wanted);
});
