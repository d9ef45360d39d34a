// The examples put what a gate decides on record: a refusal stands whatever becomes of its record, and nobody passes before the verdict is there.
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {Stage} from './stage.js';

const FLOW = 'payments';
const FAILS = "echo 'Error: no' >&2; exit 1";
const VANISHES = 'exit 0'; // it says that it has written

export function records(present, folder) {
  describe('the examples put what they decide on record', () => {
    const stage = new Stage(folder);
    const go = async (host, action, code, words, first) => {
      const env = first ? {PATH: stage.kosli.pathWhere('attest', first)} : {};
      const ended = await stage.go(host, action, {env});
      assert.equal(ended.code, code, `${host.name}: ${JSON.stringify(action)}\n${ended.stdout}${ended.stderr}`);
      assert.match(ended.stdout + ended.stderr, words);
    };
    const said = async (name, flow, trail) => JSON.parse(await stage.kosli.cli(['get', 'attestation', name, '--flow', flow, '--trail', trail, '--output', 'json']));
    let id;

    for (const host of present) {
      test(`${host.name}: nobody passes before the verdict is on the deployment's trail`, t => stage.with(t, async () => {
        const gate = {type: 'assert', run: host.name, attest: `${FLOW}/${host.language}`};
        await go(host, gate, 2, /begin it first/);
        await stage.kosli.cli(['create', 'flow', FLOW, '--use-empty-template']);
        await stage.kosli.cli(['begin', 'trail', host.language, '--flow', FLOW]);
        await go(host, gate, 2, /attest failed/, FAILS);
        await go(host, gate, 2, /not settled/, VANISHES);
        await go(host, gate, 0, /not frozen/);
        const verdicts = await said('nodeploy-prod-aws', FLOW, host.language);
        assert.deepEqual(verdicts.map(verdict => verdict.is_compliant), [true]);
      }));
    }
    for (const host of present.slice(0, 1)) {
      test(`${host.name} freezes`, t => stage.with(t, async () => {
        await go(host, {type: 'on', by: 'steve', reason: 'database migration'}, 0, /freezing/);
        [id] = Object.keys((await stage.environment('prod-aws')).tags).filter(key => key !== 'nodeploy').map(key => key.slice('nodeploy.'.length));
      }));
    }
    for (const host of present) {
      test(`${host.name}: a refusal goes on record once, and stands without it`, t => stage.with(t, async () => {
        const gate = {type: 'assert', run: host.name, record: true, attest: `${FLOW}/${host.language}`};
        await go(host, gate, 1, /warning: attest failed/, FAILS);
        await go(host, gate, 1, /frozen since .* by steve/);
        await go(host, gate, 1, /frozen since .* by steve/);
        const refusals = await said('nodeploy-refused', 'prod-aws-nodeploy', id);
        assert.equal(refusals.filter(({annotations}) => annotations.run === host.name).length, 1);
        const verdicts = await said('nodeploy-prod-aws', FLOW, host.language);
        assert.deepEqual(verdicts.map(verdict => verdict.is_compliant).sort(), [false, true]);
      }));
    }
  });
}
