// The examples, with the real kosli CLI on a local Kosli: they freeze, gate and lift beside each other, let nothing through that
// they could not find out, and are stopped between two commands.
import assert from 'node:assert/strict';
import {copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, statSync, truncateSync} from 'node:fs';
import {join} from 'node:path';
import {describe, test} from 'node:test';
import {plugin, root} from './hosts.js';
import {WITHOUT_KOSLI} from './local-kosli.js';
import {Stage} from './stage.js';

const isGo = ({name}) => name === 'Go';
const isPython = ({name}) => name === 'Python';
const holder = host => `${host.name} & co`;
const FAILS = "echo 'Error: no' >&2; exit 1";
const STOPS = 'kill -INT $PPID';
const ASCII = {LC_ALL: 'C', LANG: 'C', PYTHONUTF8: '0', PYTHONCOERCECLOCALE: '0'};

export function examples(present, folder) {
  describe('the examples freeze, gate and lift', () => {
    const stage = new Stage(folder);
    const reason = 'say "hi", see k=v & -é\n冻结 $(touch x)';
    const steps = [
      ['passes the open gate', {type: 'assert'}, 0, /not frozen/],
      ['freezes', host => ({type: 'on', by: holder(host), reason}), 0, /^freezing prod-aws as .*say "hi", see k=v/],
      ['stops at the gate', {type: 'assert'}, 1, /frozen.*say "hi", see k=v/],
      ['lifts its own', host => ({type: 'off', by: holder(host)}), 0, /./],
    ];
    // Step by step, so that each meets what the others have done: the gate stays shut until the last one lifts.
    for (const [what, action, code, words] of steps) {
      for (const host of present) {
        test(`${host.name} ${what}`, t => stage.with(t, async () => {
          const ended = await stage.go(host, typeof action === 'function' ? action(host) : action);
          assert.equal(ended.code, code, ended.stdout + ended.stderr);
          assert.match(ended.stdout, words);
        }));
      }
    }
    for (const host of present) {
      test(`${host.name}, cut short, leaves the gate shut and says how to finish`, t => stage.with(t, async () => {
        const by = holder(host);
        const cut = await stage.go(host, {type: 'on', by, reason: 'cut short'}, {env: {PATH: stage.kosli.pathWhere('attest', FAILS)}});
        assert.equal(cut.code, 2, cut.stdout + cut.stderr);
        const [, rest] = /to finish, run it with: (.*)$/m.exec(cut.stderr) ?? assert.fail(cut.stderr);
        assert.equal((await stage.go(host, {type: 'assert'})).code, 1);
        assert.equal((await stage.go(host, JSON.parse(rest))).code, 0);
        assert.equal((await stage.go(host, {type: 'off', by})).code, 0);
      }));
      test(`${host.name} finds the gate open, and its record exact`, t => stage.with(t, async () => {
        assert.equal((await stage.go(host, {type: 'assert'})).code, 0);
        const {data} = JSON.parse(await stage.kosli.cli(['list', 'trails', '--flow', 'prod-aws-nodeploy', '--output', 'json']));
        const records = await Promise.all(data.map(({name}) => stage.record(name)));
        assert.equal(records.filter(({on, off}) => on.annotations.by === holder(host) && on.description === reason && off).length, 1);
      }));
      test(`${host.name} lets nothing through that it could not find out`, t => stage.with(t, async () => {
        assert.equal((await stage.go(host, {type: 'assert'}, {environment: 'no-such-env'})).code, 2);
        assert.equal((await stage.go(host, {type: 'asert'})).code, 2);
        assert.equal((await stage.go(host, '{"type":"assert","type":"off"}')).code, 2);
        const twice = await stage.go(host, '{"type":"assert"} {"type":"assert"}');
        assert.equal(twice.code, 2);
        assert.match(twice.stderr, /^error: the action is not JSON such as \{"type": "assert"\}: ./m);
        assert.equal((await stage.go(host, '{"type":"assert"},"settings":{"tag":"other"}')).code, 2);
        assert.equal((await stage.go(host, {type: 'assert'}, {env: {KOSLI_API_TOKEN: 'wrong'}})).code, 2);
        assert.equal((await stage.go(host, {type: 'on', reason}, {env: {KOSLI_API_TOKEN: 'wrong'}})).code, 2);
      }));
      test(`${host.name} says that there is no kosli CLI`, t => stage.with(t, async () => {
        const {code, stdout} = await stage.go(host, {type: 'assert'}, {env: {PATH: WITHOUT_KOSLI}});
        assert.equal(code, 2);
        assert.match(stdout, /^could not read the environment `prod-aws`: there is no `kosli` on the PATH; install the kosli CLI, or add its folder to the PATH$/m);
      }));
    }

    for (const host of present) {
      test(`${host.name}, stopped while it writes, says what was done and how to finish`, t => stage.with(t, async () => {
        const by = holder(host);
        const stopped = await stage.go(host, {type: 'on', by, reason: 'stopped'}, {env: {PATH: stage.kosli.pathWhere('begin', STOPS)}});
        assert.equal(stopped.code, 2, stopped.stdout + stopped.stderr);
        const [, done, rest] = /^error: stopped\ndone: (.*)\nto finish, run it with: (.*)$/m.exec(stopped.stderr) ?? assert.fail(stopped.stderr);
        assert.equal(done, 'tag_environment, begin_trail');
        assert.equal((await stage.go(host, {type: 'assert'})).code, 1);
        assert.equal((await stage.go(host, rest)).code, 0);
        assert.equal((await stage.go(host, {type: 'off', by})).code, 0);
      }));
      test(`${host.name}, stopped while it looks, lets nothing through`, t => stage.with(t, async () => {
        const stopped = await stage.go(host, {type: 'assert'}, {env: {PATH: stage.kosli.pathWhere('get', STOPS)}});
        assert.equal(stopped.code, 2, stopped.stdout + stopped.stderr);
        assert.match(stopped.stderr, /^error: stopped\ndone: nothing$/m);
      }));
      test(`${host.name} writes exactly, or not at all, where the locale is ASCII`, t => stage.with(t, async () => {
        const tags = async () => (await stage.environment('prod-aws')).tags;
        assert.deepEqual(await tags(), {});
        const on = {type: 'on', by: 'ascii', reason};
        const {code, stderr} = await stage.go(host, on, {env: ASCII});
        if (code === 2) {
          assert.match(stderr, /PYTHONUTF8=1|LC_ALL=C\.UTF-8/);
          assert.deepEqual(await tags(), {});
        } else {
          assert.equal(code, 0, stderr);
          const [flag] = Object.keys(await tags()).filter(key => key !== 'nodeploy');
          assert.equal((await stage.record(flag.slice('nodeploy.'.length))).on.description, reason);
          assert.equal((await stage.go(host, {type: 'off', by: 'ascii'})).code, 0);
        }
      }));
      test(`${host.name} passes nobody whom it could not tell`, {skip: !existsSync('/dev/full') && 'there is no /dev/full here'}, t => stage.with(t, async () => {
        for (const words of [`'{"type":"assert"}' >/dev/full`, `'{"type":"assert"}' >/dev/full 2>/dev/full`, `'{"type":"asert"}' 2>/dev/full`]) {
          assert.equal((await stage.shell(host, words)).code, 2, words);
        }
      }));
      test(`${host.name} takes no argument that is not UTF-8`, t => stage.with(t, async () => {
        const broken = await stage.shell(host, `'{"type":"on","by":"latin","reason":"caf'"$(printf '\\351')"'"}'`);
        assert.equal(broken.code, 2, broken.stdout + broken.stderr);
        assert.deepEqual((await stage.environment('prod-aws')).tags, {});
      }));
    }

    test('Go begins with what it has compiled and kept, and lets nothing through where that is broken', {skip: !present.some(isGo) && 'there is no Go here'}, t => stage.with(t, async () => {
      const go = cache => stage.go(present.find(isGo), {type: 'assert'}, {env: {NODEPLOY_CACHE: cache}});
      const cache = mkdtempSync(join(folder.path, 'kept-'));
      assert.equal((await go(cache)).code, 0);
      const files = () => readdirSync(cache, {recursive: true}).map(name => join(cache, name)).filter(path => statSync(path).isFile());
      const kept = files();
      assert.ok(kept.length > 0);
      assert.equal((await go(cache)).code, 0);
      assert.deepEqual(files(), kept);
      for (const file of kept) truncateSync(file, 10_000);
      assert.equal((await go(cache)).code, 2);
      assert.equal((await go(plugin)).code, 2); // which is no folder
    }));

    test('the lines of plugin/README.md freeze, gate and lift', {skip: !present.some(isPython) && 'there is no Python here'}, t => stage.with(t, async () => {
      const python = present.find(isPython);
      const cwd = mkdtempSync(join(folder.path, 'lines-'));
      for (const name of ['nodeploy.py', 'policy.py']) copyFileSync(join(root, 'plugin', 'examples', 'python', name), join(cwd, name));
      copyFileSync(plugin, join(cwd, 'nodeploy.wasm'));
      const [, lines] = /^```\n(\$ python nodeploy\.py .*?)^```$/ms.exec(readFileSync(join(root, 'plugin', 'README.md'), 'utf8'));
      const said = [];
      for (const [, line] of lines.matchAll(/^\$ (.*)$/gm)) {
        const {code, stdout, stderr} = await stage.kosli.run('sh', ['-c', line.replace(/^python /, `'${python.example[0]}' -B `)], python.env, cwd);
        assert.equal(code, 0, stderr);
        said.push(stdout);
      }
      assert.match(said[0], /^freezing prod-aws/);
      assert.match(said[1], /frozen since .* by steve: Demo for blog post\n[^]*\n1\n$/);
      assert.match(said[2], /^lifting /);
    }));
  });
}
