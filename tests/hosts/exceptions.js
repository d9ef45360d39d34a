// The examples with an exception on record: each states a change and a run, claims its use though the answer refuses, waits, and passes.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, test} from 'node:test';
import {Stage} from './stage.js';

const COMMIT = '4f1c2ab9d8e7f6a5b4c3d2e1f0a9b8c7d6e5f4a3';
const FLOW = 'prod-aws-nodeploy-exceptions';

export function exceptions(present, folder) {
  describe('the examples pass by an exception', () => {
    const stage = new Stage(folder);
    const gate = (run, more) => ({type: 'assert', claim: true, change: {commit: COMMIT}, run, ...more});
    const go = async (host, action, code, words = /./) => {
      const ended = await stage.go(host, action);
      assert.equal(ended.code, code, `${host.name}: ${JSON.stringify(action)}\n${ended.stdout}${ended.stderr}`);
      assert.match(ended.stdout, words);
    };
    let id;

    for (const host of present.slice(0, 1)) {
      test(`${host.name} freezes, asks and approves`, t => stage.with(t, async () => {
        await go(host, {type: 'on', by: 'steve', reason: 'database migration'}, 0);
        const until = new Date(Date.now() + 3_600_000).toISOString().replace(/\.\d+/, '');
        await go(host, {type: 'except', by: 'maya', reason: 'CVE-2026-1234', until, change: {commit: COMMIT.slice(0, 7)}, uses: present.length}, 0, /approve --exception/);
        const {data} = JSON.parse(await stage.kosli.cli(['list', 'trails', '--flow', FLOW, '--output', 'json']));
        [{name: id}] = data;
        await go(host, {type: 'approve', exception: id, by: 'maya'}, 1, /was asked for by maya, who cannot approve it/);
        await go(host, {type: 'approve', exception: id, by: 'noah'}, 0);
      }));
    }
    for (const host of present) {
      test(`${host.name}, stopped while it claims, neither waits nor looks again`, t => stage.with(t, async () => {
        const log = join(folder.path, `${host.language}-asked`);
        const ended = await stage.go(host, gate(host.name), {env: {PATH: stage.kosli.pathWhere('"$1"', `echo "$1" >>'${log}'; [ "$1" = attest ] && kill -INT $PPID`)}});
        assert.equal(ended.code, 2, ended.stdout + ended.stderr);
        assert.match(ended.stderr, /^error: stopped\ndone: attest$/m);
        assert.equal(readFileSync(log, 'utf8').trim().split('\n').at(-1), 'attest');
      }));
      test(`${host.name} claims its use and passes, once more, too; nothing else does`, t => stage.with(t, async () => {
        await go(host, gate(host.name, {claim: false}), 1, /frozen/);
        await go(host, gate(host.name, {change: {commit: COMMIT.replace('4', '5')}}), 1, /frozen/);
        await go(host, {type: 'assert'}, 1, /frozen/);
        await go(host, gate(host.name), 0, /maya/);
        await go(host, gate(host.name), 0, /maya/);
        await go(host, gate(host.name, {claim: false}), 0, /maya/);
      }));
    }
    test('each has one use, and there is no other', t => stage.with(t, async () => {
      const [host] = present;
      await go(host, gate('another'), 1, /used up/);
      const claims = JSON.parse(await stage.kosli.cli(['get', 'attestation', 'nodeploy-claimed', '--flow', FLOW, '--trail', id, '--output', 'json']));
      assert.deepEqual(claims.map(({annotations}) => annotations.run).sort(), present.map(({name}) => name).sort());
      await go(host, {type: 'off', by: 'steve'}, 0);
    }));
  });
}
