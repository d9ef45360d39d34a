// Refusals and verdicts through the real kosli CLI: what it sends, what it prints of a trail, and a flow whose template demands the verdict.
import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {test} from 'node:test';
import {fileURLToPath} from 'node:url';
import {startLocal} from '../../npm/local/index.js';
import {program, skip} from './cli.js';

const NODEPLOY = fileURLToPath(new URL('../../npm/cli.js', import.meta.url));

test('what a gate leaves behind, as kosli prints it', {skip}, async t => {
  const folder = mkdtempSync(join(tmpdir(), 'nodeploy-kosli-'));
  const server = await startLocal({dir: join(folder, 'kosli'), org: 'acme', user: 'ci'});
  t.after(async () => {
    await server.close();
    rmSync(folder, {recursive: true});
  });
  const env = {PATH: process.env.PATH, HOME: folder, KOSLI_HOST: server.url, KOSLI_ORG: 'acme', KOSLI_API_TOKEN: server.token, NODEPLOY_ENV: 'prod.eu'};
  const start = (file, args) => new Promise(resolve => {
    execFile(file, args, {env, cwd: folder, maxBuffer: 1e8}, (error, stdout, stderr) => resolve({code: error ? error.code : 0, stdout, stderr}));
  });
  const kosli = async line => {
    const {code, stdout, stderr} = await start(program, line.split(' '));
    assert.equal(code, 0, `kosli ${line}\n${stderr}`);
    return stdout;
  };
  const nodeploy = (...args) => start(process.execPath, [NODEPLOY, ...args, '--via', 'cli', '--program', program]);
  const gate = () => nodeploy('assert', '--record', '--attest', 'payments/4f1c2ab', '--evidence', 'gate.json');

  writeFileSync(join(folder, 'payments.yaml'), 'version: 1\ntrail:\n  attestations:\n    - name: nodeploy-prod,eu\n      type: generic\n');
  await kosli('create env prod.eu --type server');
  await kosli('create flow payments --template-file payments.yaml');
  await kosli('begin trail 4f1c2ab --flow payments');
  const state = async () => {
    const trail = JSON.parse(await kosli('get trail 4f1c2ab --flow payments --output json'));
    return [trail.compliance_state, ...trail.compliance_status.attestations_statuses.map(({attestation_name: name, unexpected}) => [name, unexpected])];
  };
  const DEMANDED = ['nodeploy-prod,eu', false];
  assert.deepEqual(await state(), ['INCOMPLETE', DEMANDED]);

  assert.equal((await gate()).code, 0);
  assert.deepEqual(await state(), ['COMPLIANT', DEMANDED]);

  assert.equal((await nodeploy('-r', 'say "hi", a=b & <c>', '--by', 'steve', 'on')).code, 0);
  const refused = await gate();
  assert.deepEqual([refused.code, /generic attestation 'nodeploy-refused' is reported to trail/.test(refused.stdout)], [1, true], refused.stdout + refused.stderr);
  assert.deepEqual(await state(), ['NON-COMPLIANT', DEMANDED]);

  assert.equal((await nodeploy('--by', 'steve', 'off')).code, 0);
  assert.equal((await gate()).code, 0);
  assert.deepEqual(await state(), ['COMPLIANT', DEMANDED]);

  const verdicts = JSON.parse(await kosli('get attestation nodeploy-prod,eu --flow payments --trail 4f1c2ab --output json'));
  const told = verdicts.reverse().map(({is_compliant: passes, description, annotations}) => [passes, description.replace(/ since .* UTC/, ''), annotations.reason, annotations.environment]);
  assert.deepEqual(told, [
    [true, 'prod.eu is not frozen', 'not_frozen', 'prod.eu'],
    [false, 'prod.eu is frozen by steve: say "hi", a=b & <c>', 'frozen', 'prod.eu'],
    [true, 'prod.eu is not frozen', 'not_frozen', 'prod.eu'],
  ]);
  assert.match(verdicts.at(-1).annotations.evidence, /^[0-9a-f]{64}$/);
  assert.equal((await start(process.execPath, [NODEPLOY, 'replay', 'gate.json'])).code, 0);
  t.diagnostic(await kosli('get trail 4f1c2ab --flow payments'));
});
