// What each CI states, as its documentation has the variables; and what is not believed.
import assert from 'node:assert/strict';
import test from 'node:test';
import {repositoryAt, statedBy, withSaid} from '../cli/ci.js';

const COMMIT = '4f1c2ab9d8e7f6a5b4c3d2e1f0a9b8c7d6e5f4a3';
const UUID = '4735ba57-80d0-46e2-8fa0-b28223a86586';

const CIS = {
  'GitHub Actions': {
    env: {CI: 'true', GITHUB_ACTIONS: 'true', GITHUB_SHA: COMMIT, GITHUB_ACTOR: 'maya', GITHUB_TRIGGERING_ACTOR: 'maya', GITHUB_REPOSITORY: 'acme/shop', GITHUB_REF: 'refs/heads/main', GITHUB_EVENT_NAME: 'push', GITHUB_RUN_ID: '1658821493', GITHUB_RUN_NUMBER: '3', GITHUB_RUN_ATTEMPT: '1', GITHUB_JOB: 'deploy', ACTIONS_ORCHESTRATION_ID: `${UUID}.deploy.__default`},
    change: {commit: COMMIT, actor: 'maya', repository: 'acme/shop', ref: 'refs/heads/main'},
    run: 'github:acme/shop:1658821493:deploy',
    again: {GITHUB_RUN_ATTEMPT: '2', GITHUB_TRIGGERING_ACTOR: 'noah', ACTIONS_ORCHESTRATION_ID: '2f2143b0-aa62-45fa-84b7-aa381657fda7.deploy.__default'},
    others: [{GITHUB_RUN_ID: '1658821494', GITHUB_RUN_NUMBER: '4'}, {GITHUB_JOB: 'deploy-eu'}, {ACTIONS_ORCHESTRATION_ID: `${UUID}.deploy.eu`}, {ACTIONS_ORCHESTRATION_ID: `${UUID}.deploy.us`}, {ACTIONS_ORCHESTRATION_ID: `${UUID}.call-eu.deploy.__default`}, {GITHUB_REPOSITORY: 'acme/stock'}],
    schedule: {GITHUB_EVENT_NAME: 'schedule'},
    gone: ['GITHUB_RUN_ID', 'GITHUB_JOB', 'GITHUB_REPOSITORY'],
  },
  'GitLab CI': {
    env: {CI: 'true', GITLAB_CI: 'true', CI_COMMIT_SHA: COMMIT, GITLAB_USER_LOGIN: 'maya', CI_PROJECT_PATH: 'acme/web/shop', CI_COMMIT_BRANCH: 'main', CI_COMMIT_REF_NAME: 'main', CI_PIPELINE_SOURCE: 'push', CI_PIPELINE_ID: '1000', CI_JOB_ID: '5001', CI_JOB_NAME: 'deploy'},
    change: {commit: COMMIT, actor: 'maya', repository: 'acme/web/shop', ref: 'refs/heads/main'},
    run: 'gitlab:1000:deploy',
    again: {CI_JOB_ID: '5002'},
    others: [{CI_PIPELINE_ID: '1001'}, {CI_JOB_NAME: 'deploy: [eu]'}, {CI_JOB_NAME: 'deploy: [us]'}, {CI_NODE_INDEX: '1'}, {CI_NODE_INDEX: '2'}],
    schedule: {CI_PIPELINE_SOURCE: 'schedule'},
    gone: ['CI_PIPELINE_ID', 'CI_JOB_NAME'],
  },
  'Jenkins': {
    env: {JENKINS_URL: 'https://ci.example/', JOB_NAME: 'shop/deploy', BUILD_NUMBER: '42', BUILD_TAG: 'jenkins-shop-deploy-42', GIT_COMMIT: COMMIT, GIT_URL: 'https://robot:secret@git.example/acme/shop.git', GIT_BRANCH: 'origin/main', BUILD_USER_ID: 'maya'},
    change: {commit: COMMIT, actor: 'maya', repository: 'acme/shop', ref: 'refs/heads/main'},
    run: 'jenkins:shop/deploy:42',
    again: {EXECUTOR_NUMBER: '3', NODE_NAME: 'other'},
    others: [{BUILD_NUMBER: '43'}, {JOB_NAME: 'shop/deploy/REGION=eu'}, {STAGE_NAME: 'deploy eu'}, {STAGE_NAME: 'deploy us'}],
    schedule: {BUILD_USER_ID: 'timer'},
  },
  'Azure Pipelines': {
    env: {TF_BUILD: 'True', SYSTEM_HOSTTYPE: 'build', SYSTEM_TEAMPROJECT: 'shop', BUILD_BUILDID: '1430', BUILD_SOURCEVERSION: COMMIT, BUILD_SOURCEBRANCH: 'refs/heads/main', BUILD_REPOSITORY_NAME: 'acme/shop', BUILD_REQUESTEDFOR: 'Maya Ito', BUILD_REASON: 'Manual', SYSTEM_STAGENAME: 'prod', SYSTEM_PHASENAME: 'deploy', SYSTEM_JOBNAME: '__default', SYSTEM_JOBID: UUID, SYSTEM_JOBATTEMPT: '1'},
    change: {commit: COMMIT, actor: 'Maya Ito', repository: 'acme/shop', ref: 'refs/heads/main'},
    run: 'azure:shop:1430:prod:deploy:__default',
    again: {SYSTEM_JOBID: 'another', SYSTEM_JOBATTEMPT: '2', SYSTEM_STAGEATTEMPT: '2', SYSTEM_PHASEATTEMPT: '2'},
    others: [{BUILD_BUILDID: '1431'}, {SYSTEM_STAGENAME: 'dev'}, {SYSTEM_PHASENAME: 'check'}, {SYSTEM_JOBNAME: 'eu'}, {SYSTEM_JOBPOSITIONINPHASE: '2'},
      {SYSTEM_HOSTTYPE: 'release', RELEASE_RELEASEID: '7', RELEASE_ENVIRONMENTNAME: 'prod'}, {SYSTEM_HOSTTYPE: 'release', RELEASE_RELEASEID: '8', RELEASE_ENVIRONMENTNAME: 'prod'}],
    schedule: {BUILD_REASON: 'Schedule'},
    gone: ['BUILD_BUILDID', 'SYSTEM_PHASENAME', 'SYSTEM_JOBNAME'],
  },
  'CircleCI': {
    env: {CI: 'true', CIRCLECI: 'true', CIRCLE_SHA1: COMMIT, CIRCLE_USERNAME: 'maya', CIRCLE_PROJECT_USERNAME: 'acme', CIRCLE_PROJECT_REPONAME: 'shop', CIRCLE_BRANCH: 'main', CIRCLE_JOB: 'deploy', CIRCLE_BUILD_NUM: '99', CIRCLE_WORKFLOW_ID: 'w1', CIRCLE_WORKFLOW_JOB_ID: 'j1', CIRCLE_WORKFLOW_WORKSPACE_ID: UUID},
    change: {commit: COMMIT, actor: 'maya', repository: 'acme/shop', ref: 'refs/heads/main'},
    run: `circleci:${UUID}:deploy`,
    again: {CIRCLE_BUILD_NUM: '100', CIRCLE_WORKFLOW_ID: 'w2', CIRCLE_WORKFLOW_JOB_ID: 'j2'},
    others: [{CIRCLE_WORKFLOW_WORKSPACE_ID: 'other'}, {CIRCLE_JOB: 'deploy-eu'}, {CIRCLE_NODE_INDEX: '0'}, {CIRCLE_NODE_INDEX: '1'}],
    gone: ['CIRCLE_WORKFLOW_WORKSPACE_ID', 'CIRCLE_JOB'],
  },
  'Bitbucket Pipelines': {
    env: {CI: 'true', BITBUCKET_BUILD_NUMBER: '12', BITBUCKET_COMMIT: COMMIT, BITBUCKET_REPO_FULL_NAME: 'acme/shop', BITBUCKET_BRANCH: 'main', BITBUCKET_STEP_TRIGGERER_UUID: '{1}', BITBUCKET_STEP_UUID: '{2}', BITBUCKET_STEP_RUN_NUMBER: '1'},
    change: {commit: COMMIT, actor: '{1}', repository: 'acme/shop', ref: 'refs/heads/main'},
    run: 'bitbucket:acme/shop:12:{2}',
    again: {BITBUCKET_STEP_RUN_NUMBER: '2'},
    others: [{BITBUCKET_BUILD_NUMBER: '13'}, {BITBUCKET_STEP_UUID: '{3}'}, {BITBUCKET_PARALLEL_STEP: '0'}, {BITBUCKET_PARALLEL_STEP: '1'}],
    gone: ['BITBUCKET_STEP_UUID', 'BITBUCKET_REPO_FULL_NAME'],
  },
  'Buildkite': {
    env: {CI: 'true', BUILDKITE: 'true', BUILDKITE_COMMIT: COMMIT, BUILDKITE_BUILD_CREATOR: 'Maya Ito', BUILDKITE_SOURCE: 'ui', BUILDKITE_REPO: 'git@github.com:acme/shop.git', BUILDKITE_BRANCH: 'main', BUILDKITE_PULL_REQUEST: 'false', BUILDKITE_BUILD_ID: UUID, BUILDKITE_STEP_ID: 's1', BUILDKITE_JOB_ID: 'j1', BUILDKITE_RETRY_COUNT: '0'},
    change: {commit: COMMIT, actor: 'Maya Ito', repository: 'acme/shop', ref: 'refs/heads/main'},
    run: `buildkite:${UUID}:s1`,
    again: {BUILDKITE_JOB_ID: 'j2', BUILDKITE_RETRY_COUNT: '1'},
    others: [{BUILDKITE_BUILD_ID: 'other', BUILDKITE_REBUILT_FROM_BUILD_ID: UUID}, {BUILDKITE_STEP_ID: 's2'}, {BUILDKITE_STEP_KEY: 'deploy'}, {BUILDKITE_PARALLEL_JOB: '0'}, {BUILDKITE_PARALLEL_JOB: '1'}, {BUILDKITE_LABEL: 'deploy eu'}, {BUILDKITE_LABEL: 'deploy us'}],
    schedule: {BUILDKITE_SOURCE: 'schedule'},
    gone: ['BUILDKITE_BUILD_ID', 'BUILDKITE_STEP_ID'],
  },
  'TeamCity': {
    env: {TEAMCITY_VERSION: '2025.07', BUILD_NUMBER: '1.2.3', BUILD_VCS_NUMBER: COMMIT, BUILD_URL: 'https://ci.example/viewLog.html?buildId=777&buildTypeId=Deploy'},
    change: {commit: COMMIT},
    run: 'teamcity:777',
    again: {},
    others: [{BUILD_URL: 'https://ci.example/buildConfiguration/Deploy_2/778?tab=log'}, {BUILD_URL: 'https://ci.example/buildConfiguration/Deploy/779'}],
    gone: ['BUILD_URL'],
  },
  'Drone': {
    env: {CI: 'true', DRONE: 'true', DRONE_COMMIT_SHA: COMMIT, DRONE_REPO: 'acme/shop', DRONE_COMMIT_REF: 'refs/heads/main', DRONE_BUILD_TRIGGER: 'maya', DRONE_BUILD_EVENT: 'promote', DRONE_BUILD_NUMBER: '42', DRONE_STAGE_NAME: 'deploy', DRONE_STAGE_NUMBER: '1'},
    change: {commit: COMMIT, actor: 'maya', repository: 'acme/shop', ref: 'refs/heads/main'},
    run: 'drone:acme/shop:42:deploy:1',
    again: {},
    others: [{DRONE_BUILD_NUMBER: '43', DRONE_BUILD_PARENT: '42'}, {DRONE_STAGE_NAME: 'eu', DRONE_STAGE_NUMBER: '2'}, {DRONE_STAGE_NUMBER: '2'}, {DRONE_REPO: 'acme/stock'}],
    schedule: {DRONE_BUILD_TRIGGER: '@cron', DRONE_BUILD_EVENT: 'cron'},
    gone: ['DRONE_REPO', 'DRONE_BUILD_NUMBER', 'DRONE_STAGE_NAME'],
  },
  'Woodpecker': {
    env: {CI: 'woodpecker', CI_COMMIT_SHA: COMMIT, CI_REPO: 'acme/shop', CI_COMMIT_REF: 'refs/heads/main', CI_PIPELINE_AUTHOR: 'maya', CI_PIPELINE_EVENT: 'manual', CI_PIPELINE_NUMBER: '8', CI_WORKFLOW_NAME: 'deploy', CI_WORKFLOW_NUMBER: '1'},
    change: {commit: COMMIT, actor: 'maya', repository: 'acme/shop', ref: 'refs/heads/main'},
    run: 'woodpecker:acme/shop:8:deploy:1',
    again: {CI_STEP_STARTED: '1722617519'},
    others: [{CI_PIPELINE_NUMBER: '9', CI_PIPELINE_PARENT: '8'}, {CI_WORKFLOW_NAME: 'check'}, {CI_WORKFLOW_NUMBER: '2'}],
    schedule: {CI_PIPELINE_EVENT: 'cron'},
    gone: ['CI_REPO', 'CI_PIPELINE_NUMBER', 'CI_WORKFLOW_NAME'],
  },
};

for (const [ci, {env, change, run, again, others, schedule, gone = []}] of Object.entries(CIS)) {
  test(`${ci} states the change and the run`, () => {
    assert.deepEqual(statedBy(env), {ci, change, run, doubts: []});
    const rerun = statedBy({...env, ...again});
    assert.deepEqual([rerun.run, rerun.change], [run, change], 'a job that is run again is the same use');
    const runs = [run, ...others.map(other => statedBy({...env, ...other}).run)];
    assert.ok(runs.every(Boolean), JSON.stringify(runs));
    assert.equal(new Set(runs).size, runs.length, `others are others: ${runs}`);
    if (schedule) assert.equal(statedBy({...env, ...schedule}).change.actor, undefined, 'nobody started it');
    for (const name of gone) for (const value of [undefined, '', ' ', '0\n']) {
      const partial = statedBy({...env, [name]: value});
      assert.equal(partial.run, undefined, `${name}=${JSON.stringify(value)}: ${partial.run}`);
      assert.ok(partial.doubts.some(({about}) => about === 'run'), name);
    }
  });

  test(`${ci}: what is hostile states nothing`, () => {
    for (const [name, real] of Object.entries(env)) {
      for (const value of ['', 'a\nb', `${real}\n`, ` ${real}`, '\u0085', 'x'.repeat(300), '\uFFFD', '\uD800', 'HEAD', '0'.repeat(40)]) {
        const told = `${name}=${JSON.stringify(value)}`;
        const stated = statedBy({...env, [name]: value});
        assert.ok([undefined, ci].includes(stated.ci), told);
        for (const fact of Object.values({...stated.change, run: stated.run ?? 'none'})) assert.doesNotMatch(fact, /^$|[\p{Cc}\uFFFD\uD800]|^\s|\s$|.{256}/u, told);
        if (stated.change.commit !== undefined) assert.equal(stated.change.commit, COMMIT, told);
        if (stated.ci === undefined) assert.deepEqual(stated.change, {}, told);
      }
    }
  });
}

test('a terminal states nothing', () => {
  for (const env of [
    {}, {CI: 'true'}, {CI: 'true', GITHUB_SHA: COMMIT, GITHUB_RUN_ID: '1', GITHUB_JOB: 'deploy', GITHUB_REPOSITORY: 'a/b'},
    ...['false', '0', '', 'no', 'TRUE '].map(flag => ({...CIS['GitHub Actions'].env, GITHUB_ACTIONS: flag})),
    {...CIS['GitHub Actions'].env, ACT: 'true'},
    {...CIS['GitLab CI'].env, GITLAB_CI: 'false'}, {...CIS.CircleCI.env, CIRCLECI: 'false'}, {...CIS['Azure Pipelines'].env, TF_BUILD: 'False'},
    {...CIS.Buildkite.env, BUILDKITE: 'false'}, {...CIS.Drone.env, DRONE: 'false'}, {...CIS['Bitbucket Pipelines'].env, BITBUCKET_BUILD_NUMBER: '0'},
    {JENKINS_URL: 'https://ci.example/'}, {BUILD_NUMBER: '1', JOB_NAME: 'x'}, // for somebody's own scripts
  ]) assert.deepEqual(statedBy(env), {ci: undefined, change: {}, run: undefined, doubts: []}, JSON.stringify(env));
});

test('of several CIs at once none is believed', () => {
  const names = Object.keys(CIS);
  for (const one of names) for (const other of names) {
    if (one === other || [one, other].every(name => ['Drone', 'Woodpecker'].includes(name)) || [one, other].includes('Woodpecker')) continue;
    const {change, run, doubts} = statedBy({...CIS[one].env, ...CIS[other].env});
    assert.deepEqual([change, run], [{}, undefined], `${one} and ${other}`);
    assert.match(doubts[0].text, new RegExp(`several CIs.*${one}|several CIs.*${other}`));
  }
});

test('what tells runs apart cannot be imitated by a colon', () => {
  const {env} = CIS['GitLab CI'];
  const runs = [{CI_JOB_NAME: 'a:b', CI_NODE_INDEX: 'c'}, {CI_JOB_NAME: 'a', CI_NODE_INDEX: 'b:c'}, {CI_JOB_NAME: 'a%3Ab', CI_NODE_INDEX: 'c'}].map(other => statedBy({...env, ...other}).run);
  assert.equal(new Set(runs).size, 3, `${runs}`);
});

test('unverified names are nobody', () => {
  assert.equal(statedBy({...CIS.Buildkite.env, BUILDKITE_SOURCE: 'webhook'}).change.actor, undefined);
  assert.equal(statedBy({...CIS.Drone.env, DRONE_BUILD_TRIGGER: '@hook'}).change.actor, undefined);
});

test("who may be another than the variable's, or nobody, is not stated, and the gate says why", () => {
  for (const [ci, told, words] of [
    ['GitHub Actions', {GITHUB_EVENT_NAME: 'workflow_run'}, 'a run by `workflow_run` follows another one, which a schedule may have started'],
    ['GitLab CI', {CI_PIPELINE_SOURCE: 'parent_pipeline'}, 'a run by `parent_pipeline` follows another one, which a schedule may have started'],
    ['GitLab CI', {CI_PIPELINE_SOURCE: 'pipeline', CI_JOB_MANUAL: 'true'}, 'a run by `pipeline` follows another one, which a schedule may have started'], // a `delayed` job has that, too
    ['Buildkite', {BUILDKITE_SOURCE: 'webhook'}, 'of a build that nobody has started by hand it is what the commit says of its author, unverified, or what another build says'],
    ['Buildkite', {BUILDKITE_SOURCE: undefined}, 'of a build that nobody has started by hand it is what the commit says of its author, unverified, or what another build says'],
    ['Buildkite', {BUILDKITE_SOURCE: 'trigger_job'}, 'of a build that nobody has started by hand it is what the commit says of its author, unverified, or what another build says'],
    ['Woodpecker', {CI_PIPELINE_PARENT: '8', CI_PIPELINE_EVENT: 'deployment'}, "pipeline 8 was started again, or deployed, and it is that one's"],
  ]) {
    const stated = statedBy({...CIS[ci].env, ...told});
    const actors = stated.doubts.filter(({about}) => about === 'actor').map(({text}) => text);
    assert.deepEqual([stated.change.actor, actors], [undefined, [`its actor is not stated: ${words}; say who it is: --change actor=NAME`]], ci);
    assert.ok(!withSaid(stated, {change: {actor: 'maya'}}).doubts.some(text => /its actor/.test(text)), ci);
  }
  for (const [ci, told] of [['GitLab CI', {CI_PIPELINE_SOURCE: 'merge_request_event'}], ['GitLab CI', {CI_PIPELINE_SOURCE: 'web'}], ['GitHub Actions', {GITHUB_EVENT_NAME: 'merge_group'}], ['Buildkite', {BUILDKITE_SOURCE: 'api'}], ['Woodpecker', {CI_PIPELINE_PARENT: '0'}]]) {
    assert.deepEqual(statedBy({...CIS[ci].env, ...told}), statedBy(CIS[ci].env), ci);
  }
});

test('a scheduled pipeline has no actor, and nothing is doubtful about that', () => {
  assert.equal(statedBy({...CIS['GitLab CI'].env, CI_PIPELINE_SOURCE: 'pipeline_execution_policy_schedule'}).change.actor, undefined);
  for (const [ci, {env, schedule}] of Object.entries(CIS)) if (schedule) assert.deepEqual(statedBy({...env, ...schedule}).doubts, [], ci);
});

test('a classic release of Azure is of whoever deploys, not of whoever had the build', () => {
  const env = {...CIS['Azure Pipelines'].env, SYSTEM_HOSTTYPE: 'release', RELEASE_RELEASEID: '7', RELEASE_ENVIRONMENTNAME: 'prod', RELEASE_REQUESTEDFOR: 'Ann Lee', RELEASE_DEPLOYMENT_REQUESTEDFOR: 'Noah Berg', RELEASE_REASON: 'Manual'};
  assert.equal(statedBy(env).change.actor, 'Noah Berg');
  assert.equal(statedBy({...env, SYSTEM_HOSTTYPE: 'deployment'}).change.actor, 'Noah Berg');
  assert.equal(statedBy({...env, RELEASE_REASON: 'Schedule'}).change.actor, undefined);
  assert.equal(statedBy({...env, RELEASE_DEPLOYMENT_REQUESTEDFOR: ''}).change.actor, undefined);
  assert.equal(statedBy({...env, BUILD_REASON: 'Schedule'}).change.actor, 'Noah Berg', 'the build was scheduled');
  assert.equal(statedBy({...env, SYSTEM_HOSTTYPE: 'build'}).change.actor, 'Maya Ito');
});

test('a personal build of TeamCity may hold what is in no commit', () => {
  const {env} = CIS.TeamCity;
  const {change, run, doubts} = statedBy({...env, BUILD_IS_PERSONAL: 'true'});
  assert.deepEqual([change, run, doubts.map(({about}) => about)], [{}, 'teamcity:777', ['commit']]);
  assert.match(doubts[0].text, /^its commit is not stated: a personal build may hold what is in no commit; .*--change commit=HASH/);
});

test('a fact with a control character is not stated', () => {
  for (const character of ['\0', '\n', '\t', '\x1F', '\x7F', '\x85', '\x9F', '\u2028', '\u2029']) {
    const {change, doubts} = statedBy({...CIS['GitHub Actions'].env, GITHUB_ACTOR: `ma${character}ya`});
    assert.deepEqual([change.actor, doubts.map(({about}) => about)], [undefined, ['actor']], JSON.stringify(character));
  }
  for (const name of ['Zoë', 'ma\u00A0ya', '日本', '\u202Ama']) assert.equal(statedBy({...CIS['GitHub Actions'].env, GITHUB_ACTOR: name}).change.actor, name);
});

test('an event about another commit than GITHUB_SHA states none', () => {
  const {env, change: {commit, ref, ...others}, run} = CIS['GitHub Actions'];
  for (const event of ['workflow_run', 'check_run', 'check_suite', 'status', 'issue_comment', 'repository_dispatch', 'pull_request_target']) {
    const stated = statedBy({...env, GITHUB_EVENT_NAME: event});
    const {actor, ...unpeopled} = others;
    assert.deepEqual([stated.change, stated.run, stated.doubts.map(({about}) => about).filter(about => about !== 'actor')], [event === 'workflow_run' ? unpeopled : others, run, ['commit', 'ref']], event);
    assert.match(stated.doubts[0].text, new RegExp(`^its commit is not stated: a run by \`${event}\` is told that of a branch, .*: --change commit=HASH`));
    assert.match(stated.doubts.at(-1).text, /^its ref is not stated: .*: --change ref=REF$/);
    assert.deepEqual(withSaid(stated, {change: {commit, ref, actor}}).doubts, []);
  }
  for (const event of ['push', 'pull_request', 'workflow_dispatch', 'release', 'deployment', 'merge_group', 'workflow_call']) {
    assert.deepEqual(statedBy({...env, GITHUB_EVENT_NAME: event}).change, {commit, ref, ...others}, event);
  }
});

test('a checkout of another commit is what is deployed, and the run is not told of it', () => {
  const other = '9'.repeat(40);
  for (const [name, {env, change: {commit, ref, ...others}, run}] of Object.entries(CIS)) {
    const stated = statedBy(env, () => other);
    assert.deepEqual([stated.change, stated.run], [others, run], name);
    assert.deepEqual(stated.doubts, ref ? [doubt('commit', 'HASH (`git rev-parse HEAD`)'), doubt('ref', 'REF')] : [doubt('commit', 'HASH (`git rev-parse HEAD`)')], name);
    for (const here of [commit, undefined, 'HEAD', '']) assert.deepEqual(statedBy(env, () => here), statedBy(env), `${name}, ${here}`);
  }
  function doubt(about, value) {
    return {about, text: `its ${about} is not stated: the checkout here is at \`${other}\`, the run is told of \`${COMMIT}\`; say that of what is deployed: --change ${about}=${value}`};
  }
  statedBy({...CIS['GitHub Actions'].env, GITHUB_SHA: ''}, () => assert.fail('where none is stated, nobody looks'));
});

test('a run of Azure that deploys what another pipeline has built is told of that one\'s commit alone', () => {
  const {env, change: {commit, ref, ...others}} = CIS['Azure Pipelines'];
  const stated = statedBy({...env, RESOURCES_PIPELINE_BUILD_SOURCECOMMIT: commit.replace('4', '5')});
  assert.deepEqual([stated.change, stated.doubts.map(({about}) => about)], [others, ['commit', 'ref']]);
  assert.match(stated.doubts[0].text, /^its commit is not stated: the run uses a pipeline \(`resources`\) that has built another one; .*: --change commit=HASH/);
  assert.deepEqual(statedBy({...env, RESOURCES_PIPELINE_BUILD_SOURCECOMMIT: commit, RESOURCES_PIPELINE_TOOLS_SOURCECOMMIT: ''}).change, {commit, ref, ...others});
});

test("a clone's address is a repository, without its password", () => {
  for (const [address, repository] of Object.entries({
    'https://github.com/acme/shop.git': 'acme/shop', 'https://user:token@git.example:8443/acme/web/shop/': 'acme/web/shop', 'git@github.com:acme/shop.git': 'acme/shop',
    'ssh://git@host:22/acme/shop.git': 'acme/shop', 'github.com:acme/shop': 'acme/shop', 'https://acme@dev.azure.com/acme/web%20shop/_git/shop': 'acme/web%20shop/_git/shop',
    '/srv/git/shop.git': undefined, 'C:\\shop': undefined, 'https://github.com/': undefined, '': undefined, 'https://u:p@ss/w@host/x': undefined, 'https://host/a?token=b': undefined,
  })) assert.equal(repositoryAt(address), repository, address);
});

test('what is said comes before what the CI states', () => {
  const stated = statedBy(CIS['GitHub Actions'].env);
  const {change, run} = withSaid(stated, {change: {kind: 'hotfix', commit: '4f1c2ab'}, run: 'mine'});
  assert.deepEqual([change, run], [{commit: '4f1c2ab', actor: 'maya', repository: 'acme/shop', ref: 'refs/heads/main', kind: 'hotfix'}, 'mine']);
  assert.equal(withSaid(stated, {}).run, 'github:acme/shop:1658821493:deploy');
  const doubtful = statedBy({...CIS['GitHub Actions'].env, GITHUB_SHA: 'HEAD', GITHUB_JOB: '', ACTIONS_ORCHESTRATION_ID: ''});
  const doubts = said => withSaid(doubtful, said).doubts;
  const [commit, job] = ['GitHub Actions: its commit is not stated: `HEAD` is not a whole commit hash', 'GitHub Actions: its run is not stated: a variable that tells it is missing'];
  assert.deepEqual([doubts({}), doubts({run: 'mine'}), doubts({change: {commit: COMMIT}})], [[commit, job], [commit], [job]]);
});
