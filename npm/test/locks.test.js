// What a clone installs: `npm ci` refuses a lock file in which anything is missing, also what is optional and for another system.
import assert from 'node:assert/strict';
import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'node:test';
import {fileURLToPath} from 'node:url';

const NOT_OURS = /^(node_modules|target|\..*)$/;

const locksIn = folder => readdirSync(folder, {withFileTypes: true}).flatMap(entry => {
  const path = join(folder, entry.name);
  if (entry.isDirectory()) return NOT_OURS.test(entry.name) ? [] : locksIn(path);
  return entry.name === 'package-lock.json' ? [path] : [];
});

// As Node finds it: in the package's own node_modules, or in one further up.
function find(packages, from, name) {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('node_modules/') - 1))) {
    const found = packages[`${at}${at && '/'}node_modules/${name}`];
    if (found || at === '') return found;
  }
}

test('lock files are whole, and name no registry', () => {
  const files = locksIn(fileURLToPath(new URL('../../', import.meta.url)));
  assert.ok(files.length > 5, files.join());
  for (const file of files) {
    const {packages} = JSON.parse(readFileSync(file, 'utf8'));
    for (const [from, {dependencies, optionalDependencies, resolved}] of Object.entries(packages)) {
      assert.doesNotMatch(resolved ?? '', /^https?:/, `${file}: ${from}`);
      for (const name of Object.keys({...dependencies, ...optionalDependencies})) assert.ok(find(packages, from, name), `${file}: ${from} needs ${name}`);
    }
  }
});
