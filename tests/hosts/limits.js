// The examples end: two minutes after they began, whatever hangs, and when Ctrl-C comes while they look or wait.
import assert from 'node:assert/strict';
import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, test} from 'node:test';
import {withOther} from './hosts.js';
import {Stage} from './stage.js';

// Where each says how long a run may take.
const LIMITS = {
  rust: ['src/lib.rs', 'const LIMIT: Duration = Duration::from_secs(120);'],
  js: ['nodeploy.js', 'const LIMIT = 120_000;'],
  python: ['nodeploy.py', 'LIMIT = 120 '],
  go: ['nodeploy/nodeploy.go', 'limit  = 120 * time.Second '],
  java: ['src/main/java/Nodeploy.java', 'LIMIT_SECONDS = 120;'],
};
// A process that kosli leaves behind has its output open, and outlives a limit that does not hold: then it goes on.
const HANGS = 'sleep 15';
// The host's youngest thread catches the signal, where /proc names it: a host that waits in another one must hear of it, too.
const STOPS = 'kill -INT $(ls /proc/$PPID/task | sort -n | tail -n 1) 2>/dev/null || kill -INT $PPID';
// Once the host has heard that this process ended, it rests.
const STOPS_AFTERWARDS = '( while kill -0 $$; do :; done; kill -INT $PPID ) >/dev/null 2>&1 &';
const COMMIT = '4f1c2ab9d8e7f6a5b4c3d2e1f0a9b8c7d6e5f4a3';

export function limits(present, folder) {
  describe('the examples end', () => {
    const stage = new Stage(folder);

    for (const host of present) {
      test(`${host.name}: two minutes for a run, one second in this one: a look that hangs`, t => stage.with(t, async () => {
        const [file, text] = LIMITS[host.language];
        host.hasty = withOther(host, join(folder.path, `hasty-${host.language}`), file, text, text.replace('120', '1'));
        const late = await stage.go(host.hasty, {type: 'assert'}, {env: {PATH: stage.kosli.pathWhere('get', HANGS)}});
        assert.equal(late.code, 2, late.stdout + late.stderr);
        assert.match(late.stderr, /^error: gave up after 1 s\ndone: nothing\nto finish, run it with: \{"type": ?"assert"/m);
      }));
      test(`${host.name}: a command that hangs`, t => stage.with(t, async () => {
        const late = await stage.go(host.hasty, {type: 'on', by: host.name, reason: 'late'}, {env: {PATH: stage.kosli.pathWhere('tag', HANGS)}});
        assert.equal(late.code, 2, late.stdout + late.stderr);
        const [, rest] = /^error: (?:tag_environment failed: .*|gave up after 1 s)\ndone: nothing\nto finish, run it with: (.*)$/m.exec(late.stderr) ?? assert.fail(late.stderr);
        assert.equal((await stage.go(host, rest)).code, 0);
        assert.equal((await stage.go(host, {type: 'off', by: host.name})).code, 0);
      }));
    }

    for (const host of present) {
      test(`${host.name}, stopped while a look hangs, ends that`, t => stage.with(t, async () => {
        const gone = join(folder.path, `${host.language}-went-on`);
        const ended = await stage.go(host, {type: 'assert'}, {env: {PATH: stage.kosli.pathWhere('get', `${STOPS}; ${HANGS}; : >'${gone}'`)}});
        assert.equal(ended.code, 2, ended.stdout + ended.stderr);
        assert.match(ended.stderr, /^error: stopped\ndone: nothing$/m);
        assert.ok(!existsSync(gone), 'it waited for the look');
      }));
    }

    test('an exception to claim', t => stage.with(t, async () => {
      const [host] = present;
      assert.equal((await stage.go(host, {type: 'on', by: 'steve', reason: 'database migration'})).code, 0);
      const until = new Date(Date.now() + 3_600_000).toISOString().replace(/\.\d+/, '');
      const except = {type: 'except', by: 'maya', reason: 'CVE-2026-1234', until, change: {commit: COMMIT.slice(0, 7)}, uses: present.length};
      assert.equal((await stage.go(host, except)).code, 0);
      const {data: [{name: exception}]} = JSON.parse(await stage.kosli.cli(['list', 'trails', '--flow', 'prod-aws-nodeploy-exceptions', '--output', 'json']));
      assert.equal((await stage.go(host, {type: 'approve', exception, by: 'noah'})).code, 0);
    }));
    for (const host of present) {
      test(`${host.name}, stopped while it rests after its claim, does not look again`, t => stage.with(t, async () => {
        const log = join(folder.path, `${host.language}-rested`);
        const gate = {type: 'assert', claim: true, change: {commit: COMMIT}, run: host.name};
        const ended = await stage.go(host, gate, {env: {PATH: stage.kosli.pathWhere('"$1"', `echo "$1" >>'${log}'; [ "$1" = attest ] && { ${STOPS_AFTERWARDS} }`)}});
        assert.equal(ended.code, 2, ended.stdout + ended.stderr);
        assert.match(ended.stderr, /^error: stopped\ndone: attest$/m);
        assert.equal(readFileSync(log, 'utf8').trim().split('\n').at(-1), 'attest');
      }));
    }
  });
}
