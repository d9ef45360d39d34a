// Whether this runs in a CI, whichever it is (ci.js has those whose variables are read).
import {CIS} from './ci.js';

// What CIs set, and nobody's own machine.
const SIGNS = [
  'CONTINUOUS_INTEGRATION', 'GITHUB_ACTIONS', 'GITLAB_CI', 'BITBUCKET_BUILD_NUMBER', 'TF_BUILD', 'CIRCLECI', 'BUILDKITE', 'CODEBUILD_BUILD_ID', 'CODEBUILD_INITIATOR',
  'JENKINS_URL', 'JENKINS_HOME', 'HUDSON_URL', 'BUILD_ID', 'BUILD_NUMBER', 'CI_BUILD_ID', 'CI_BUILD_NUMBER', 'CI_NAME', 'CI_JOB_ID', 'CI_PIPELINE_ID', 'TEAMCITY_VERSION', 'bamboo_buildKey', 'GO_PIPELINE_NAME',
  'DRONE', 'CI_WOODPECKER', 'TRAVIS', 'APPVEYOR', 'SEMAPHORE', 'CIRRUS_CI', 'CF_BUILD_ID', 'HARNESS_BUILD_ID', 'SCREWDRIVER', 'BUDDY', 'BITRISE_IO', 'NETLIFY',
];

/** Whether this is a CI's machine, whose login and whose git are everybody's. */
export function isInCi(env) {
  const isSet = name => !['', 'false', '0'].includes(env[name]?.trim().toLowerCase() ?? '');
  return ['CI', ...SIGNS, ...CIS.flatMap(({people = []}) => people)].some(isSet);
}
