// Who freezes: what the CI says, the login, git.
import assert from 'node:assert/strict';
import {existsSync, writeFileSync} from 'node:fs';
import {delimiter, join} from 'node:path';
import test from 'node:test';
import {node} from './child.js';
import {kosli} from './cli-kosli.js';
import {temporaryFolder} from './local-kosli.js';

test('who freezes: the CI says it, --by says it better, --by= says nobody', async t => {
  const {run} = await kosli(t);
  const by = async (args, env) => JSON.parse((await run([...args, '--dry-run', '--json'], {env})).stdout).action.by ?? null;
  const on = ['on', '-r', 'x'];
  assert.equal(await by(on, {GITHUB_ACTOR: 'octocat'}), 'octocat');
  assert.equal(await by(on, {GITLAB_USER_LOGIN: 'tanuki'}), 'tanuki');
  assert.equal(await by(on, {BUILD_REQUESTEDFOR: 'Steve Tooke'}), 'Steve Tooke');
  assert.equal(await by([...on, '--by', 'steve'], {GITHUB_ACTOR: 'octocat'}), 'steve');
  assert.equal(await by([...on, '--by='], {GITHUB_ACTOR: 'octocat'}), null);
  assert.equal(await by(on, {NODEPLOY_BY: 'ann', GITHUB_ACTOR: 'octocat'}), 'ann');
  assert.equal(await by([...on, '--by', 'steve'], {NODEPLOY_BY: 'ann'}), 'steve');
  assert.equal(await by(on, {NODEPLOY_BY: ' ', GITHUB_ACTOR: 'octocat'}), 'octocat');
  assert.equal(await by(on, {GITHUB_ACTOR: 'github-actions[bot]', GITLAB_USER_LOGIN: 'tanuki'}), 'tanuki');
});

for (const [env, found] of [
  [{GITHUB_ACTOR: 'alice', GITHUB_TRIGGERING_ACTOR: 'bob'}, 'bob'], // Bob runs Alice's job once more
  [{GITHUB_ACTOR: 'alice', GITHUB_TRIGGERING_ACTOR: 'github-actions[bot]'}, null],
  [{GITHUB_ACTOR: 'alice', GITHUB_EVENT_NAME: 'schedule'}, null], [{GITHUB_ACTOR: 'alice', GITHUB_EVENT_NAME: 'workflow_dispatch'}, 'alice'],
  [{GITLAB_USER_LOGIN: 'tanuki', CI_PIPELINE_SOURCE: 'schedule'}, null], [{GITLAB_USER_LOGIN: 'project_12_bot_4f'}, null],
  [{BUILD_REQUESTEDFOR: 'Alice', BUILD_REASON: 'Schedule'}, null], [{BUILD_REQUESTEDFOR: 'acme Build Service (acme)'}, null],
  [{CODEBUILD_INITIATOR: 'codepipeline/prod'}, null], [{CODEBUILD_INITIATOR: 'CodeBuild-Jenkins-Plugin'}, null], [{CODEBUILD_INITIATOR: 'alice'}, 'alice'],
  [{CIRCLE_USERNAME: 'Scheduled'}, null],
  ...['ui', 'api'].map(source => [{BUILDKITE: 'true', BUILDKITE_BUILD_CREATOR: 'Ann Lee', BUILDKITE_SOURCE: source}, 'Ann Lee']),
  ...['webhook', 'trigger_job', 'schedule', undefined].map(source => [{BUILDKITE: 'true', BUILDKITE_BUILD_CREATOR: 'Ann Lee', ...(source && {BUILDKITE_SOURCE: source})}, null]), // what a commit says of its author
  [{GITHUB_ACTOR: 'alice', GITHUB_EVENT_NAME: 'workflow_run'}, null], // of a scheduled one, maybe
  [{GITLAB_USER_LOGIN: 'tanuki', CI_PIPELINE_SOURCE: 'parent_pipeline'}, null], [{GITLAB_USER_LOGIN: 'tanuki', CI_PIPELINE_SOURCE: 'pipeline'}, null],
  [{TF_BUILD: 'True', SYSTEM_HOSTTYPE: 'release', BUILD_REQUESTEDFOR: 'Maya Ito', RELEASE_DEPLOYMENT_REQUESTEDFOR: 'Noah Berg'}, 'Noah Berg'], // Maya had the build that Noah deploys
  [{TF_BUILD: 'True', SYSTEM_HOSTTYPE: 'release', BUILD_REQUESTEDFOR: 'Maya Ito', RELEASE_DEPLOYMENT_REQUESTEDFOR: 'Noah Berg', RELEASE_REASON: 'Schedule'}, null],
  [{TF_BUILD: 'True', SYSTEM_HOSTTYPE: 'build', BUILD_REQUESTEDFOR: 'Maya Ito', RELEASE_DEPLOYMENT_REQUESTEDFOR: 'Noah Berg'}, 'Maya Ito'],
  [{GITHUB_ACTIONS: 'true', GITHUB_ACTOR: 'alice', JENKINS_URL: 'http://ci', JOB_NAME: 'agents', BUILD_USER_ID: 'bob'}, null], // a runner of GitHub's in a container of Jenkins'
  [{GITHUB_ACTIONS: 'true', GITHUB_ACTOR: 'alice', GITHUB_EVENT_NAME: 'schedule', BUILD_USER_ID: 'bob'}, null], [{GITHUB_ACTIONS: 'true', GITHUB_ACTOR: 'alice', BUILD_USER_ID: 'bob'}, 'alice'],
  [{GITHUB_ACTOR: 'alice', GITLAB_USER_LOGIN: 'tanuki'}, null], [{GITHUB_ACTOR: 'alice', GITLAB_USER_LOGIN: 'alice'}, 'alice'],
 [{BUILD_USER_ID: 'timer'}, null], [{BUILD_USER_ID: 'alice'}, 'alice'],
  [{BITBUCKET_STEP_TRIGGERER_UUID: '{d301aafa-d676-4ee0-88be-962be7417567}'}, '{d301aafa-d676-4ee0-88be-962be7417567}'],
  ...['RD_JOB_ID', 'TFC_RUN_ID', 'ATLANTIS_TERRAFORM_VERSION', 'PROW_JOB_ID', 'ARGO_NODE_ID', 'bamboo_planKey'].map(sign => [{[sign]: '1'}, null]), // CIs that set no CI
  [{CI: 'true'}, null], [{JENKINS_URL: 'http://ci'}, null], [{TEAMCITY_VERSION: '2025'}, null], [{CI: 'false'}, 'Grace Hopper'], [{}, 'Grace Hopper'],
]) {
  test(`who freezes, as ${JSON.stringify(env)} tells: ${found ?? 'nobody'}`, async t => {
    const {run} = await kosli(t);
    const asRoot = "import os from 'node:os'; import {syncBuiltinESMExports} from 'node:module'; os.userInfo = () => ({username: 'root'}); syncBuiltinESMExports();";
    const git = {GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'user.name', GIT_CONFIG_VALUE_0: 'Grace Hopper', NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(asRoot)}`};
    const {action, summary, advice} = JSON.parse((await run(['on', '-r', 'x', '--dry-run', '--json'], {env: {...git, ...env}})).stdout);
    assert.equal(action?.by ?? null, found);
    if (found === null) assert.match(`${summary}: ${advice}`, /^who freezes\? this CI names no single person: say it: --by NAME/);
  });
}

test('a git that does not end holds nobody up', {skip: process.platform === 'win32'}, async t => {
  const {run} = await kosli(t);
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, 'git'), "#!/bin/sh\ntrap '' TERM\nsleep 4\n: > survived\n", {mode: 0o755});
  const asRoot = "import os from 'node:os'; import {syncBuiltinESMExports} from 'node:module'; os.userInfo = () => ({username: 'root'}); syncBuiltinESMExports();";
  const env = {PATH: `${folder}${delimiter}${process.env.PATH}`, NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(asRoot)}`};
  assert.equal((await run(['on', '-r', 'x'], {env, cwd: folder})).code, 2);
  assert.ok(!existsSync(join(folder, 'survived')));
});

// The login and git's name, as a stand-in for the system tells them.
for (const [login, git, found] of [
  ['grace', 'Grace Hopper', 'grace'], ['root', 'Grace Hopper', 'Grace Hopper'], ['runner', undefined, undefined], ['ec2-user', 'Jenkins', undefined],
  ['Administrator', ' ', undefined], ['1000660000', undefined, undefined], ['BUILD07$', undefined, undefined], ['vscode', 'ann', 'ann'], [undefined, undefined, undefined], [undefined, 'ann', 'ann'],
]) {
  test(`login ${login}, git ${git}: ${found ?? 'nobody'}`, async t => {
    const {run} = await kosli(t);
    const folder = temporaryFolder(t);
    const asLogin = `import os from 'node:os'; import {syncBuiltinESMExports} from 'node:module';
      os.userInfo = () => { ${login === undefined ? 'throw new Error("no such user")' : `return {username: ${JSON.stringify(login)}}`} }; syncBuiltinESMExports();`;
    const env = {
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(asLogin)}`,
      GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null', GIT_DIR: join(folder, 'none'),
      ...(git !== undefined && {GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'user.name', GIT_CONFIG_VALUE_0: git}),
    };
    const told = async (...args) => JSON.parse((await run([...args, '--dry-run', '--json'], {env, cwd: folder})).stdout);
    const on = await told('on', '-r', 'x');
    assert.equal(on.action?.by, found);
    const off = await told('off');
    assert.equal(off.action?.by, found);
    if (found !== undefined) return;
    assert.deepEqual([on.decision, off.decision], ['error', 'error']);
    assert.match(`${on.summary}: ${on.advice}`, /^who freezes\? .*--by NAME/);
    assert.match(`${off.summary}: ${off.advice}`, /^whose freeze is it\? .*--by NAME .*--freeze ID.*--all/);
    for (const args of [['on', '-r', 'x', '--by='], ['off', '--by='], ['off', '--all'], ['off', '--freeze', 'x']]) assert.notEqual((await told(...args)).reason, 'usage', args.join(' '));
  });
}
