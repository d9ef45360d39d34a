// The functions of the one file that are put in parentheses do what they did.
import assert from 'node:assert/strict';
import test from 'node:test';
import vm from 'node:vm';
import {eager} from '../../xtask/tools/eager.mjs';

const all = () => true;

for (const [what, code, written] of [
  ['a declaration holds from the beginning', 'said(f(2)); function f(n) { return n > 0 ? n + f(n - 1) : 0; }', 'var f=(function(n){ return n > 0 ? n + f(n - 1) : 0; });said(f(2)); '],
  ['of two declarations the later one', 'said(f()); function f() { return 1; } function f() { return 2; }'],
  ['a declaration in another one', 'function f() { return g(); function g() { return 3; } } said(f(), f.name);'],
  ['after a directive', '"use strict"; said(f()); function f() { return this; }', '"use strict"; var f=(function(){ return this; });said(f()); '],
  ['in a block', 'function f(is) { if (is) { return g(); function g() { return 4; } } } said(f(true), f(false));'],
  ['an arrow function', 'const f = n => n * 2; said(f(2), f.name);', 'const f = (function(n){return n * 2}); said(f(2), f.name);'],
  ['of an object, of two values, of none', 'const f = () => ({a: 1}), g = () => (said(1), 2), h = () => {}; said(f(), g(), h());'],
  ['one in another one', 'const f = a => b => () => a + b; said(f(1)(2)());', 'const f = (function(a){return (function(b){return (function(){return a + b})})}); said(f(1)(2)());'],
  ['with all kinds of parameters', 'const f = ({a = 1, b: [c] = [2]} = {}, d = () => 3, ...e) => [a, c, d(), e]; said(f(), f({a: 4}, () => 5, 6, 7));'],
  ['with the `this` and the `arguments` of its place', 'function f() { return [() => this.a, () => arguments[0], () => [1].map(() => this.a), (b = this.a) => b]; } said(f.call({a: 8}, 9).map(each => each()));'],
  ['with what a text says of its place', 'function f() { return [1].map(() => eval("this.a")); } said(f.call({a: 21}));'],
  ['a method, a getter, one of a class', 'const o = {a() { return () => this; }, get b() { return (() => 10)(); }, async c() {}, ["d" + 1]() { return 11; }}; class C { #e = 12; f() { return (() => this.#e)(); } static g = () => 13; } said(o.a()() === o, o.b, o.d1(), new C().f(), C.g());'],
  ['with the class, and the `new`, of its place', 'class A { f() { return 21; } } class B extends A { f() { return (() => super.f())(); } } function C() { this.isNew = (() => new.target === C)(); } said(new B().f(), new C().isNew);'],
  ['a generator', 'function* f() { yield* (function* () { yield 14; })(); } said([...f()]);'],
  ['one with a name of its own', 'const f = function g(n) { return n ? g(n - 1) : g.name; }; said(f(2), typeof g);'],
  ['a key that is its value', 'const a = () => 15, o = {a}, {a: b = () => 16, c = () => 17} = o; said(o.a(), b(), c());'],
  ['in a text', 'said(`${[1].map(n => `${n}!`)}`);'],
  ['that is called where it stands', '(function () { said(18); })(); (() => said(19))(); (async () => { said(await (async n => n)(20)); })();'],
]) {
  test(`${what}`, async () => {
    const changed = eager(code, all);
    if (written) assert.equal(changed, written);
    assert.notEqual(changed, code);
    assert.deepEqual(await sayings(changed), await sayings(code));
    assert.equal(eager(code, () => false), code);
  });
}

test('of two that end together, the one that runs', () => {
  const code = 'const f = a => b => c;';
  assert.equal(eager(code, ({start}) => start === code.indexOf('a =>')), 'const f = (function(a){return b => c});');
});

async function sayings(code) {
  const said = [];
  vm.runInNewContext(code, {said: (...words) => said.push(JSON.stringify(words))});
  await new Promise(resolve => setImmediate(resolve));
  return said;
}
