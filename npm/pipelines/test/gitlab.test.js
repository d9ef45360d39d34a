// The GitLab components, run by gitlab-ci-local in the shell of this machine: its reading of `spec: inputs`, rules and reports.
import assert from 'node:assert/strict';
import {spawn, spawnSync} from 'node:child_process';
import {copyFileSync, cpSync, existsSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'node:test';
import {fileURLToPath} from 'node:url';
import {parse} from 'yaml';
import {OPTIONS} from '../../cli/options.js';
import {VERBS} from '../../cli/verbs.js';
import {ask, serve, temporaryFolder} from '../../test/local-kosli.js';

const here = name => fileURLToPath(new URL(name, import.meta.url));
const NEWER = here('../../../tests/bundlers/node_modules/node-22/bin/node'); // `cargo xtask test bundlers` brings it
const runner = Number(process.versions.node.split('.')[0]) >= 22 ? process.execPath : NEWER;
const why = !existsSync(runner) ? `gitlab-ci-local needs Node 22; this is ${process.version}, and there is no ${NEWER}`
  : ['git', 'rsync', 'bash'].map(name => spawnSync(name, ['--version']).error && `there is no ${name} here`).find(Boolean);

const REASON = 'it costs $HOME "5" `x`';

/** A project with the readme's pipeline, a gate that is a job of its own, and what is `more`; `run(jobs…)` resolves to `{code, said}`. */
async function project(t, variables = {}, more = '') {
  const server = await serve(t);
  await ask(server, 'PUT', '/api/v2/environments/acme', {json: {name: 'prod-aws', type: 'K8S', description: ''}});
  const cwd = temporaryFolder(t);
  cpSync(here('../gitlab/templates'), join(cwd, 'templates'), {recursive: true});
  copyFileSync(here('../../nodeploy.cjs'), join(cwd, 'nodeploy.cjs'));
  const [, pipeline] = /```yaml\n([^`]*)```/.exec(readFileSync(here('../gitlab/readme.md'), 'utf8'));
  const report = 'echo "the gate said $NODEPLOY_ANSWER_DECISION, $NODEPLOY_ANSWER_REASON"';
  const own = '  - local: templates/gate.yml\n    inputs: {environment: prod-aws, stage: deploy}\n';
  const after = `after:\n  stage: deploy\n  needs: [freeze-gate]\n  script:\n    - '${report}'\n`;
  writeFileSync(join(cwd, '.gitlab-ci.yml'), `${pipeline}\n${after}${more}`.replace('include:\n', `include:\n${own}`).replace('wait: 30m', 'wait: 1s, record: true').replace('until: 2h', `until: 2h, reason: '${REASON}'`).replace('./deploy.sh', 'echo deployed now'));
  writeFileSync(join(cwd, 'nodeploy.yaml'), 'policy: release\nwindows: []\n');
  for (const args of [['init', '-q', '-b', 'main'], ['add', '-A'], ['-c', 'user.name=x', '-c', 'user.email=x@example.com', 'commit', '-qm', 'x'], ['remote', 'add', 'origin', 'git@gitlab.example.com:acme/app.git']]) {
    assert.equal(spawnSync('git', args, {cwd}).status, 0, args.join(' '));
  }
  const all = {KOSLI_ORG: 'acme', KOSLI_HOST: server.url, KOSLI_API_TOKEN: server.token, GITLAB_USER_LOGIN: 'steve', ...variables};
  const run = (jobs, more = {}) => new Promise(resolve => {
    const given = Object.entries({...all, ...more}).flatMap(([name, value]) => ['--variable', `${name}=${value}`]);
    const child = spawn(runner, [here('../node_modules/gitlab-ci-local/dist/index.js'), '--force-shell-executor', '--needs', ...given, ...jobs], {
      cwd, env: {PATH: `${join(runner, '..')}:${process.env.PATH}`, HOME: cwd}, stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', text => { said += text; });
    child.on('close', code => resolve({code, said: said.replace(/\u001B\[[\d;]*m/g, '')}));
  });
  return {run, cwd, server};
}

// What the components have no input for, though their verb takes it, and why. Each input is a variable of the job.
const LEFT_OUT = {
  'all-environments': "it is the environment '*'",
  evidence: 'a job keeps it by `artifacts:paths`, which cannot be empty: the variable NODEPLOY_EVIDENCE, and a job that extends this one',
  run: 'known; else the variable NODEPLOY_RUN',
  at: 'it has no variable, being for people', change: 'it has no variable: commit, actor, repository and ref are known',
  by: 'whoever starts the job', yes: 'nobody is asked where there is no terminal',
  freeze: 'an id is only known once it is frozen: the script, in a job of its own', all: 'too much for a button: the script, in a job of its own',
  except: 'it has no variable: the script, in a job of its own',
};

test('every option of the verbs is an input, or is left out for a reason', t => {
  for (const [name, why] of Object.entries(LEFT_OUT)) t.diagnostic(`no input \`${name}\`: ${why}`);
  const used = new Set();
  for (const [file, verbs] of [['gate', ['assert']], ['freeze', ['on', 'off']], ['sync', ['sync']]]) {
    const [head, body] = readFileSync(here(`../gitlab/templates/${file}.yml`), 'utf8').split(/^---$/m);
    const {spec: {inputs}} = parse(head);
    for (const name of verbs.flatMap(verb => VERBS[verb].options)) {
      const input = {needs: 'needs-open'}[name] ?? name; // `needs` is a word of GitLab's
      const {variable, type} = OPTIONS[name];
      if (name in LEFT_OUT) used.add(name);
      assert.equal(name in LEFT_OUT, !Object.hasOwn(inputs, input), `${file}.yml: --${name} is neither an input nor left out on purpose`);
      if (name in LEFT_OUT) continue;
      assert.match(body, new RegExp(`^ {4}${variable.replace('_', '_INPUT_')}: .*"\\$\\[\\[ inputs\\.${input} \\]\\]"`, 'm'));
      assert.equal(inputs[input].type === 'boolean', type === 'boolean', `${file}.yml: ${input}`);
    }
  }
  assert.deepEqual([...used].sort(), Object.keys(LEFT_OUT).sort());
});

test('the gate passes, refuses and reports; the freeze has the words as they were said', {skip: why}, async t => {
  const {run} = await project(t);
  const open = await run(['deploy']);
  assert.equal(open.code, 0, open.said);
  assert.match(open.said, /Checking nodeploy for prod-aws: ok\./);
  assert.match(open.said, /deployed now/);
  const after = await run(['after']);
  assert.equal(after.code, 0, after.said);
  assert.match(after.said, /the gate said proceed, not_frozen/);

  const frozen = await run(['freeze']);
  assert.equal(frozen.code, 0, frozen.said);
  const gate = await run(['deploy']);
  assert.notEqual(gate.code, 0);
  assert.match(gate.said, /Checking nodeploy for prod-aws: frozen\.[^]*by +steve[^]*why +it costs \$HOME "5" `x`[^]*until/, 'no shell and no variable changes it');
  assert.doesNotMatch(gate.said, /deployed now$/m, 'deploy does not go on');
  const closed = await run(['after']);
  assert.notEqual(closed.code, 0);
  assert.doesNotMatch(closed.said, /the gate said/, 'what needs the gate does not run');

  const lifted = await run(['unfreeze']);
  assert.equal(lifted.code, 0, lifted.said);
  assert.equal((await run(['freeze-gate'])).code, 0);
});

test('a variable of the whole pipeline holds where no input is given', {skip: why}, async t => {
  const names = ['POLICY', 'WAIT', 'NEEDS', 'TIMEOUT', 'CLAIM', 'RECORD', 'ATTEST', 'REASON', 'UNTIL'];
  const values = what => Object.fromEntries(names.map(name => [name, ['CLAIM', 'RECORD'].includes(name) ? 'true' : `${what} of "${name}" $HOME`]));
  const all = values('pipeline');
  const inputs = values('input');
  const {run, cwd} = await project(t, {CI_PIPELINE_SOURCE: 'schedule'}, `variables:\n${names.map(name => `  NODEPLOY_${name}: {value: '${all[name]}', expand: false}\n`).join('')}`);
  writeFileSync(join(cwd, 'nodeploy.cjs'), "console.log('variables', JSON.stringify(process.env)); require('node:fs').writeFileSync('nodeploy.env', '')");
  const seen = async job => {
    const {code, said} = await run([job]);
    assert.equal(code, 0, said);
    const env = JSON.parse(/variables (\{.*\})/.exec(said)[1]);
    return Object.fromEntries(names.map(name => [name, env[`NODEPLOY_${name}`]]));
  };
  for (const job of ['freeze-gate', 'freeze-sync', 'freeze', 'unfreeze']) {
    assert.deepEqual(await seen(job), {...all, ...(job === 'freeze-sync' && {POLICY: 'nodeploy.yaml'})}, job); // the readme's inputs; those of freeze go last
  }
  const file = join(cwd, '.gitlab-ci.yml');
  const given = ['policy', 'wait', 'needs-open', 'timeout', 'attest'].map(name => `${name}: '${inputs[name.replace('-open', '').toUpperCase()]}'`);
  writeFileSync(file, readFileSync(file, 'utf8').replace('{environment: prod-aws, stage: deploy}', `{environment: prod-aws, stage: deploy, ${given.join(', ')}}`));
  assert.deepEqual(await seen('freeze-gate'), {...inputs, REASON: all.REASON, UNTIL: all.UNTIL});
});

test('no variable of the project, of a schedule or from upstream puts another environment in the place of the one that is given', {skip: why}, async t => {
  const {run} = await project(t, {CI_PIPELINE_SOURCE: 'schedule', NODEPLOY_BY: 'steve'});
  const other = {NODEPLOY_ENV: 'staging', NODEPLOY_FILE: 'another.cjs'}; // as `trigger:forward` passes on; it goes before a variable of the job
  for (const [job, words] of [['freeze', /freezing prod-aws as/], ['deploy', /Checking nodeploy for prod-aws: frozen\./], ['freeze-gate', /Checking nodeploy for prod-aws: frozen\./], ['freeze-sync', /Syncing nodeploy for prod-aws/], ['unfreeze', /lifting the freeze of prod-aws/]]) {
    const {code, said} = await run([job], other);
    assert.match(said, words, job);
    assert.equal(code === 0, !['deploy', 'freeze-gate'].includes(job), said);
  }
});

test('what could not be decided does not pass either, nor shows the token', {skip: why}, async t => {
  const {run} = await project(t);
  const wrong = await run(['deploy'], {KOSLI_API_TOKEN: 'not-a-token-at-all'});
  assert.notEqual(wrong.code, 0);
  assert.match(wrong.said, /could not decide \(exit 2\)/);
  assert.doesNotMatch(wrong.said, /not-a-token-at-all/);
});

test('sync is for schedules', {skip: why}, async t => {
  const {run} = await project(t, {CI_PIPELINE_SOURCE: 'schedule'});
  const {code, said} = await run(['freeze-sync']);
  assert.equal(code, 0, said);
  assert.match(said, /Syncing nodeploy for prod-aws/);
});
