// What a CI says of the change and the run, by the variables that it documents (core/EXCEPTIONS.md has the table and its sources).
// A terminal says nothing. What is doubtful is not stated: without a fact a gate stays closed, with a wrong one it may open.

/**
 * `{ci, change, run, doubts}`: the CI's name, the facts, the run, and what was set and is not believed: `[{about: 'commit', text}]`.
 * A job that is run again is the same run; another job, and another job of a matrix, is another one. `checkedOut(commit)` is the commit that lies here, of several that one, `null` if that cannot be read.
 */
export function statedBy(env, checkedOut = () => undefined) {
  const here = CIS.filter(({is}) => is(env));
  const doubts = [];
  const doubt = (about, text) => doubts.push({about, text});
  if (here.length > 1) doubt(undefined, `there are variables of several CIs (${here.map(({ci}) => ci).join(', ')}), so none is believed`);
  if (here.length !== 1) return {ci: undefined, change: {}, run: undefined, doubts};
  const [{ci, word, run, ...table}] = here;
  const read = name => set(typeof name === 'function' ? name(env) : env[name]);
  const change = {};
  const another = anotherThan(table.commit && read(table.commit), checkedOut);
  for (const fact of ['commit', 'actor', 'repository', 'ref']) {
    const value = table[fact] && read(table[fact]);
    if (value === undefined || (fact === 'actor' && isScheduled(env[table.event]))) continue;
    const wrong = table.another?.(env, fact) || (SAY[fact] && another && `${another}: ${SAY[fact]}`) || (fact === 'commit' && !isCommit(value) ? `\`${value.slice(0, 80)}\` is not a whole commit hash` : wrongWith(value));
    if (wrong) doubt(fact, `its ${fact} is not stated: ${wrong}`);
    else change[fact] = value;
  }
  const {told, wrong} = runOf(word, run(env));
  if (wrong) doubt('run', `its run is not stated: ${wrong}`);
  return {ci, change, run: told, doubts};
}

/** The same with what the command line says in its place; the doubts that are left as texts. */
export function withSaid({ci, change: facts, run, doubts}, {change = {}, run: said}) {
  const left = doubts.filter(({about}) => about === 'run' ? said === undefined : !Object.hasOwn(change, about));
  return {ci, change: {...facts, ...change}, run: said ?? run, doubts: left.map(({text}) => [ci, text].filter(Boolean).join(': '))};
}

// What was checked out by a name, a tag or a hash of its own (a `ref` of actions/checkout) is what is deployed, and not what the run is told.
function anotherThan(commit, checkedOut) {
  const here = commit && isCommit(commit) ? checkedOut(commit) : undefined;
  if (here === null) return 'which commit is checked out here cannot be read; say that of what is deployed';
  return here !== undefined && isCommit(here) && here !== commit && `the checkout here is at \`${here}\`, the run is told of \`${commit}\`; say that of what is deployed`;
}

// `github:acme/shop:1658821493:deploy`. No part holds a colon of its own, so no two runs are written alike.
function runOf(word, parts) {
  if (parts.includes(undefined)) return {wrong: 'a variable that tells it is missing'};
  const told = [word, ...parts].map(part => part.replace(/[%:]/g, encodeURIComponent)).join(':');
  const wrong = parts.map(wrongWith).find(Boolean) || (Buffer.byteLength(told) > LONGEST && 'it is too long');
  return wrong ? {wrong} : {told};
}

/** Whether a pipeline was started by nobody: whoever wrote the schedule is not there. */
export const isScheduled = event => /^(schedule|cron)|_schedule$/i.test(event ?? '');

const set = text => text === undefined || text === '' ? undefined : text;

/** Whether it is a whole hash. */
export const isCommit = text => /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(text) && !/^0+$/.test(text);

const LONGEST = 255;

function wrongWith(text) {
  if (text.trim() !== text) return 'it begins or ends with a blank';
  if (/[\0-\x1F\x7F-\x9F\u2028\u2029]/.test(text)) return 'it holds a line break or another control character';
  if (text.includes('\uFFFD') || !text.isWellFormed()) return 'it is not UTF-8';
  return text.length > LONGEST && 'it is too long';
}

// An id that is 0 is a simulator's.
const isId = text => text !== undefined && /^[1-9]\d*$/.test(text);
const id = text => isId(text) ? text : undefined;
const given = parts => parts.filter(part => part !== undefined);
const isTrue = text => text?.toLowerCase() === 'true';

const branch = name => name && `refs/heads/${name}`;
const tag = name => name && `refs/tags/${name}`;

const OF_AZURE = {
  commit: 'BUILD_SOURCEVERSION', repository: 'BUILD_REPOSITORY_NAME', ref: 'BUILD_SOURCEBRANCH',
  another: (env, fact) => SAY[fact] && Object.keys(env).some(name => /^RESOURCES_PIPELINE_.+_SOURCECOMMIT$/i.test(name) && set(env[name]) && env[name] !== env.BUILD_SOURCEVERSION) && `the run uses a pipeline (\`resources\`) that has built another one; say that of what is deployed: ${SAY[fact]}`,
};

/** `acme/shop` of a clone's address, which may hold a password; `undefined` where it is no such address. */
export function repositoryAt(address = '') {
  const [, path] = /^(?:\w+:\/\/(?:[^/@]*@)?[^/@]+\/|(?:[\w.-]+@)?[\w.-]+:)([\w.~%+-]+(?:\/[\w.~%+-]+)*)\/?$/.exec(address) ?? [];
  return path?.replace(/\.git$/, '') || undefined;
}

/**
 * `is`: whether this is one of its jobs. Of each fact the variable, or what makes it. `event`: what started the pipeline. `people`: who did, for
 * what somebody does in it; the first that is set. `another(env, fact)`: why the fact is of something else than what is deployed, or of somebody else.
 */
export const CIS = [
  {
    ci: 'GitHub Actions', word: 'github',
    is: env => env.GITHUB_ACTIONS === 'true' && !env.ACT, // `act` plays it on somebody's own machine
    commit: 'GITHUB_SHA', repository: 'GITHUB_REPOSITORY', ref: 'GITHUB_REF', event: 'GITHUB_EVENT_NAME',
    people: ['GITHUB_TRIGGERING_ACTOR', 'GITHUB_ACTOR'],
    another: ({GITHUB_EVENT_NAME: event}, fact) => SAY[fact] ? ABOUT_ANOTHER.includes(event) && `a run by \`${event}\` is told that of a branch, not of what the event is about; say that of what is checked out: ${SAY[fact]}`
      : fact === 'actor' && event === 'workflow_run' && follows(event),
    actor: 'GITHUB_ACTOR', // not GITHUB_TRIGGERING_ACTOR, who may be another one when it is run again
    run: env => [set(env.GITHUB_REPOSITORY), id(env.GITHUB_RUN_ID), jobOnGitHub(env)],
  },
  {
    ci: 'GitLab CI', word: 'gitlab',
    is: env => env.GITLAB_CI === 'true', // gitlab-ci-local says false
    commit: 'CI_COMMIT_SHA', actor: 'GITLAB_USER_LOGIN', repository: 'CI_PROJECT_PATH', event: 'CI_PIPELINE_SOURCE', people: ['GITLAB_USER_LOGIN'],
    ref: env => branch(env.CI_COMMIT_BRANCH) || tag(env.CI_COMMIT_TAG) || set(env.CI_MERGE_REQUEST_REF_PATH),
    another: ({CI_PIPELINE_SOURCE: source}, fact) => fact === 'actor' && ['parent_pipeline', 'pipeline'].includes(source) && follows(source),
    // CI_JOB_ID is another one when a job is retried. The name tells jobs of a matrix apart.
    run: env => [id(env.CI_PIPELINE_ID), set(env.CI_JOB_NAME), ...given([set(env.CI_NODE_INDEX)])],
  },
  {
    ci: 'Jenkins', word: 'jenkins',
    is: env => (set(env.JENKINS_URL) || env.BUILD_TAG?.startsWith('jenkins-')) && set(env.JOB_NAME) !== undefined,
    people: ['BUILD_USER_ID'],
    commit: 'GIT_COMMIT', // the rest by plugins: git, branch-api, build-user-vars
    actor: env => env.BUILD_USER_ID === 'timer' ? undefined : set(env.BUILD_USER_ID),
    repository: env => repositoryAt(env.GIT_URL),
    ref: env => env.CHANGE_ID ? undefined : tag(env.TAG_NAME) || branch(env.BRANCH_NAME || /^origin\/(.+)/.exec(env.GIT_BRANCH)?.[1]),
    run: env => [env.JOB_NAME, id(env.BUILD_NUMBER), ...given([set(env.STAGE_NAME)])],
  },
  {
    ci: 'Azure Pipelines', word: 'azure',
    is: env => isTrue(env.TF_BUILD) && !isRelease(env),
    ...OF_AZURE, actor: 'BUILD_REQUESTEDFOR', event: 'BUILD_REASON', people: ['BUILD_REQUESTEDFOR'],
    run: env => [set(env.SYSTEM_TEAMPROJECT), id(env.BUILD_BUILDID), ...given([set(env.SYSTEM_STAGENAME)]), ...jobOnAzure(env)],
  },
  {
    // A release (classic). What begins with BUILD_ is of the build that it deploys, whoever had that built; others may deploy it, too.
    ci: 'Azure Pipelines', word: 'azure',
    is: env => isTrue(env.TF_BUILD) && isRelease(env),
    ...OF_AZURE, actor: 'RELEASE_DEPLOYMENT_REQUESTEDFOR', event: 'RELEASE_REASON', people: ['RELEASE_DEPLOYMENT_REQUESTEDFOR'],
    run: env => [set(env.SYSTEM_TEAMPROJECT), 'release', id(env.RELEASE_RELEASEID), set(env.RELEASE_ENVIRONMENTNAME), ...given(jobOnAzure(env))],
  },
  {
    ci: 'CircleCI', word: 'circleci',
    is: env => env.CIRCLECI === 'true',
    commit: 'CIRCLE_SHA1', actor: 'CIRCLE_USERNAME', people: ['CIRCLE_USERNAME'],
    repository: env => env.CIRCLE_PROJECT_USERNAME && env.CIRCLE_PROJECT_REPONAME && `${env.CIRCLE_PROJECT_USERNAME}/${env.CIRCLE_PROJECT_REPONAME}`,
    ref: env => tag(env.CIRCLE_TAG) || branch(env.CIRCLE_BRANCH),
    // CIRCLE_WORKFLOW_ID, CIRCLE_WORKFLOW_JOB_ID and CIRCLE_BUILD_NUM are others when it is run again.
    run: env => [set(env.CIRCLE_WORKFLOW_WORKSPACE_ID), set(env.CIRCLE_JOB), ...given([set(env.CIRCLE_NODE_INDEX)])],
  },
  {
    ci: 'Bitbucket Pipelines', word: 'bitbucket',
    is: env => isId(env.BITBUCKET_BUILD_NUMBER),
    commit: 'BITBUCKET_COMMIT', repository: 'BITBUCKET_REPO_FULL_NAME', actor: 'BITBUCKET_STEP_TRIGGERER_UUID', people: ['BITBUCKET_STEP_TRIGGERER_UUID'], // it has no names
    ref: env => tag(env.BITBUCKET_TAG) || branch(env.BITBUCKET_BRANCH),
    // BITBUCKET_STEP_RUN_NUMBER counts how often a step was run.
    run: env => [set(env.BITBUCKET_REPO_FULL_NAME), env.BITBUCKET_BUILD_NUMBER, set(env.BITBUCKET_STEP_UUID), ...given([set(env.BITBUCKET_PARALLEL_STEP)])],
  },
  {
    ci: 'Buildkite', word: 'buildkite',
    is: env => env.BUILDKITE === 'true',
    commit: 'BUILDKITE_COMMIT', event: 'BUILDKITE_SOURCE', people: ['BUILDKITE_BUILD_CREATOR'],
    repository: env => repositoryAt(env.BUILDKITE_REPO),
    ref: env => isId(env.BUILDKITE_PULL_REQUEST) ? `refs/pull/${env.BUILDKITE_PULL_REQUEST}/head` : tag(env.BUILDKITE_TAG) || branch(env.BUILDKITE_BRANCH),
    actor: 'BUILDKITE_BUILD_CREATOR',
    another: ({BUILDKITE_SOURCE: source}, fact) => fact === 'actor' && !['ui', 'api'].includes(source) && `of a build that nobody has started by hand it is what the commit says of its author, unverified, or what another build says; ${SAY_WHO}`,
    // BUILDKITE_JOB_ID is another one when a job is retried. The label tells jobs of a matrix apart.
    run: env => [set(env.BUILDKITE_BUILD_ID), set(env.BUILDKITE_STEP_KEY) ?? set(env.BUILDKITE_STEP_ID), ...given([set(env.BUILDKITE_PARALLEL_JOB), set(env.BUILDKITE_LABEL)])],
  },
  {
    ci: 'TeamCity', word: 'teamcity',
    is: env => set(env.TEAMCITY_VERSION) !== undefined,
    commit: 'BUILD_VCS_NUMBER', // of a build with a single VCS root; the build number may be anything
    another: env => set(env.BUILD_IS_PERSONAL) && `a personal build may hold what is in no commit; say that of what is deployed: ${SAY.commit}`,
    run: env => [id(/(?:[?&]buildId=(?=\d+(?:[&#]|$))|\/(?=\d+\/?(?:[?#]|$)))(\d+)/.exec(env.BUILD_URL)?.[1])],
  },
  {
    ci: 'Drone', word: 'drone',
    is: env => env.DRONE === 'true' && env.CI !== 'woodpecker',
    commit: 'DRONE_COMMIT_SHA', repository: 'DRONE_REPO', ref: 'DRONE_COMMIT_REF', event: 'DRONE_BUILD_EVENT',
    actor: env => env.DRONE_BUILD_TRIGGER?.startsWith('@') ? undefined : set(env.DRONE_BUILD_TRIGGER), // @hook, @cron
    run: env => [set(env.DRONE_REPO), id(env.DRONE_BUILD_NUMBER), set(env.DRONE_STAGE_NAME), ...given([set(env.DRONE_STAGE_NUMBER)])],
  },
  {
    ci: 'Woodpecker', word: 'woodpecker',
    is: env => env.CI === 'woodpecker',
    commit: 'CI_COMMIT_SHA', repository: 'CI_REPO', ref: 'CI_COMMIT_REF', actor: 'CI_PIPELINE_AUTHOR', event: 'CI_PIPELINE_EVENT',
    another: ({CI_PIPELINE_PARENT: parent}, fact) => fact === 'actor' && isId(parent) && `pipeline ${parent} was started again, or deployed, and it is that one's; ${SAY_WHO}`,
    run: env => [set(env.CI_REPO), id(env.CI_PIPELINE_NUMBER), set(env.CI_WORKFLOW_NAME), ...given([set(env.CI_WORKFLOW_NUMBER)])],
  },
];

const SAY = {commit: '--change commit=HASH (`git rev-parse HEAD`)', ref: '--change ref=REF'};
const SAY_WHO = 'say who it is: --change actor=NAME';
const follows = event => `a run by \`${event}\` follows another one, which a schedule may have started; ${SAY_WHO}`;

// Of these events GITHUB_SHA and GITHUB_REF are the default branch's (pull_request_target: the base branch's, once), whichever commit has been
// tested, commented on, or named in a payload, and is checked out by its hash in what follows.
const ABOUT_ANOTHER = ['workflow_run', 'check_run', 'check_suite', 'status', 'issue_comment', 'repository_dispatch', 'pull_request_target'];

// GITHUB_JOB is the same in every job of a matrix and in every call of a reusable workflow. Newer runners tell them apart:
// `<uuid>.<job>.<leg>`, of which only the uuid is another one when it is run again.
function jobOnGitHub({GITHUB_JOB: job, ACTIONS_ORCHESTRATION_ID: orchestration}) {
  const [, whole] = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.(.+)$/i.exec(orchestration) ?? [];
  const path = whole?.replace(/\.__default$/, '');
  return path?.split('.').includes(job) ? path : set(job);
}

const isRelease = ({SYSTEM_HOSTTYPE: type}) => type !== undefined && type !== 'build';

// SYSTEM_JOBID is of one attempt.
const jobOnAzure = env => [set(env.SYSTEM_PHASENAME), set(env.SYSTEM_JOBNAME) ?? set(env.AGENT_JOBNAME), ...given([set(env.SYSTEM_JOBPOSITIONINPHASE)])];
