// The command line is read as `parseArgs` of node:util reads it, which is what it would be read with if that took less of a gate's start.
import assert from 'node:assert/strict';
import test from 'node:test';
import {parseArgs} from 'node:util';
import fc from 'fast-check';
import {OPTIONS} from '../cli/options.js';
import {tokensOf} from '../cli/tokens.js';

const parts = [
  '-', '--', '---', '=', '', ' ', 'a', 'prod', 'json', 'é', '👍', '-e', '-v', '-h', '-r', '-o', '-vh', '-x', '-1', '__proto__',
  ...Object.keys(OPTIONS).map(name => `--${name}`), '--env', '--no-all', '--toString', 'assert', 'on',
];
const arg = fc.oneof(fc.constantFrom(...parts), fc.array(fc.constantFrom(...parts), {minLength: 2, maxLength: 4}).map(some => some.join('')), fc.string());

test('as parseArgs has them', () => {
  fc.assert(fc.property(fc.array(arg, {maxLength: 6}), args => {
    assert.deepEqual(tokensOf(args, OPTIONS), plain(parseArgs({args, options: OPTIONS, strict: false, allowPositionals: true, tokens: true}).tokens));
  }), {numRuns: 3000, seed: 1});
});

const plain = tokens => tokens.map(token => ({...token}));
