// Who freezes, where --by does not say: NODEPLOY_BY; in a CI its actor, and nobody else; elsewhere the login, else git's user.
import {execFileSync} from 'node:child_process';
import {userInfo} from 'node:os';
import {CIS, isScheduled} from './ci.js';
import {isOnes} from './names.js';

// The person who started the pipeline, as each CI names them: the first of its variables that is set is its word.
const PEOPLE = [...CIS.filter(({people}) => people), {people: ['CODEBUILD_INITIATOR']}];

// What CIs set, and nobody's own machine.
const SIGNS = [
  'CONTINUOUS_INTEGRATION', 'GITHUB_ACTIONS', 'GITLAB_CI', 'BITBUCKET_BUILD_NUMBER', 'TF_BUILD', 'CIRCLECI', 'BUILDKITE', 'CODEBUILD_BUILD_ID',
  'JENKINS_URL', 'JENKINS_HOME', 'HUDSON_URL', 'BUILD_ID', 'BUILD_NUMBER', 'CI_BUILD_ID', 'CI_BUILD_NUMBER', 'CI_NAME', 'CI_JOB_ID', 'CI_PIPELINE_ID', 'TEAMCITY_VERSION', 'bamboo_buildKey', 'GO_PIPELINE_NAME',
  'DRONE', 'CI_WOODPECKER', 'TRAVIS', 'APPVEYOR', 'SEMAPHORE', 'CIRRUS_CI', 'CF_BUILD_ID', 'HARNESS_BUILD_ID', 'SCREWDRIVER', 'BUDDY', 'BITRISE_IO', 'NETLIFY',
];

/** A name, or `undefined` where nothing knows one that is a single person's. */
export function holder(env) {
  const named = env.NODEPLOY_BY?.trim();
  if (named) return named;
  if (isInCi(env)) return PEOPLE.map(ci => actor(env, ci)).find(isOnes);
  for (const ask of [login, gitUser]) {
    const name = ask();
    if (isOnes(name)) return name;
  }
  return undefined;
}

/** Whether this is a CI's machine, whose login and whose git are everybody's. */
export function isInCi(env) {
  const isSet = name => !['', 'false', '0'].includes(env[name]?.trim().toLowerCase() ?? '');
  return ['CI', ...SIGNS, ...PEOPLE.flatMap(({people}) => people)].some(isSet);
}

function actor(env, {people, event}) {
  if (isScheduled(env[event])) return undefined;
  return people.map(name => env[name]?.trim()).find(Boolean);
}

function gitUser() {
  try {
    const name = execFileSync('git', ['config', 'user.name'], {
      encoding: 'utf8', timeout: 2000, killSignal: 'SIGKILL', stdio: ['ignore', 'pipe', 'ignore'], windowsHide: true,
    });
    return name.trim();
  } catch {
    return undefined; // no git, or no name set
  }
}

function login() {
  try {
    return userInfo().username.trim();
  } catch {
    return undefined; // a container whose user has no name
  }
}
