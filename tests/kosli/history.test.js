// What is deployed during a freeze, from the real kosli CLI's reports: unexplained, let through and by whom, or only started again.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {setTimeout} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {program, skip} from './cli.js';
import {cluster, localKosli} from './stage.js';

const NODEPLOY = fileURLToPath(new URL('../../npm/cli.js', import.meta.url));
const VIA = {http: [], cli: ['--via', 'cli', '--program', program]};

// Each of them narrows what the CLI lists, if it gets to hear of it.
const NARROWING = {
  KOSLI_START_TS: '1', KOSLI_END_TS: '2', KOSLI_START: '-1', KOSLI_END: 'NOW', KOSLI_INTERVAL: '1..1', KOSLI_PAGE: '7', KOSLI_PAGE_LIMIT: '1', KOSLI_REVERSE: 'false', KOSLI_REPO: 'none',
  KOSLI_FLOW: 'none', KOSLI_FLOW_TAG: 'a=b', KOSLI_FINGERPRINT: 'f'.repeat(64), KOSLI_ATTESTATION_ID: 'none', KOSLI_TRAIL: 'none', KOSLI_TYPE: 'S3', KOSLI_TAG: 'a=b', KOSLI_OUTPUT: 'table',
};

async function stage(t, via) {
  const {kosli, run, write} = await localKosli(t);
  const {runs, pod} = await cluster(t, write);
  await Promise.all([kosli('create env live --type K8S'), kosli('create env files --type server'), kosli('create flow build --use-empty-template')]);
  for (const args of [['init', '-q'], ['config', 'user.email', 'ada@example.com'], ['config', 'user.name', 'Ada']]) await run('git', args);
  const nodeploy = async (expected, args, {through = via, env} = {}) => {
    const {code, stdout, stderr} = await run(process.execPath, [NODEPLOY, ...args, ...VIA[through]], {mayFail: true, env});
    assert.equal(code, expected, `nodeploy ${args.join(' ')}\n${stdout}${stderr}`);
    return stdout;
  };
  return {
    kosli, write, nodeploy,
    /** Builds an image, and resolves to its commit. */
    async build(letter) {
      await run('git', ['commit', '--allow-empty', '-qm', letter]);
      const commit = (await run('git', ['rev-parse', 'HEAD'])).stdout.trim();
      await kosli(`begin trail ${letter} --flow build --commit ${commit}`);
      await kosli(`attest artifact registry/web:${letter} --fingerprint ${letter.repeat(64)} --build-url https://ci/${letter} --commit-url https://github.com/acme/web/commit/${commit} --flow build --trail ${letter} --name web`);
      return commit;
    },
    /** The pod of an image starts, or none is left. */
    async deploy(letter) {
      runs(...letter ? [pod(`web-${letter}`, letter, `${new Date().toISOString().slice(0, 19)}Z`)] : []);
      await kosli('snapshot k8s live --kubeconfig kubeconfig');
    },
    report: async (through, ...args) => JSON.parse(await nodeploy(0, ['report', '--json', ...args], {through, env: NARROWING})),
  };
}

test('deployed anyway, deployed by an exception, restarted', {skip, concurrency: true}, t => Promise.all(Object.keys(VIA).map(via => t.test(`over ${via}`, t => story(t, via)))));

async function story(t, via) {
  const {kosli, write, nodeploy, build, deploy, report} = await stage(t, via);
  write('app/main', 'one');
  const [, , commit] = [await build('a'), await build('b'), await build('c')];
  await Promise.all([deploy('a'), kosli('snapshot path files --path app --name app')]);
  await setTimeout(1100); // of what starts in the second of a freeze nobody can tell what came first

  await nodeploy(0, ['on', '-e', 'live,files', '-r', 'migration', '--by', 'steve']);
  await deploy('b');
  write('app/main', 'two');
  await kosli('snapshot path files --path app --name app');
  const found = await nodeploy(1, ['report', '--exit-code']);
  assert.match(found, /^2 freezes closed .*; 1 deployment meanwhile is unexplained, 1 uncertain$/m);
  assert.match(found, /^live +unexplained .* Ada <ada@example\.com> +steve +[0-9a-f]{7} +registry\/web:b/m);

  const asked = await nodeploy(0, ['except', '-e', 'live', '--change', `commit=${commit}`, '--until', '2h', '-r', 'CVE', '--by', 'maya']);
  const [id] = /exception-\S+~maya/.exec(asked);
  await nodeploy(0, ['approve', '-e', 'live', '--exception', id, '--by', 'noah']);
  await nodeploy(0, ['assert', '-e', 'live', '--claim', '--change', `commit=${commit}`, '--run', 'run 7']);
  await deploy('c');
  for (const again of ['c', undefined, 'c']) await deploy(again); // another pod; none, and again one
  write('app/main', 'two');
  await kosli('snapshot path files --path app --name app');

  const to = `${new Date(Date.now() + 1000).toISOString().slice(0, 19)}Z`;
  const [told, same] = await Promise.all(['http', 'cli'].map(through => report(through, '--to', to)));
  assert.deepEqual({...same, now: told.now}, told);
  const [files, live] = told.environments;
  assert.deepEqual([files, live].map(({environment, deployments}) => [environment, deployments.map(({label, artifact, exception, run}) => [label, artifact, exception, run])]), [
    ['files', [['uncertain', 'app', null, null]]],
    ['live', [['unexplained', 'registry/web:b', null, null], ['excepted', 'registry/web:c', id, 'run 7']]],
  ]);
  const [{by, approvals, claims, state}] = live.exceptions;
  assert.deepEqual([by, approvals.map(({by}) => by), claims.map(({run}) => run), state], ['maya', ['noah'], ['run 7'], 'used']);
  assert.deepEqual([told.totals.deployments, told.totals.unreadable, told.totals.failed], [{unexplained: 1, excepted: 1, uncertain: 1, before: 0}, 0, 0]);
  // A file's time tells nothing of its start; a reporter that is never late does.
  const [prompt] = (await report(via, '-e', 'files', '--delay', '0s')).environments;
  assert.deepEqual(prompt.deployments.map(({label}) => label), ['unexplained']);
}
