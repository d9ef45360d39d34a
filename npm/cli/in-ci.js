// Whether this runs in a CI, whichever it is (ci.js has those whose variables are read).
import {CIS} from './ci.js';

// What CIs set, and nobody's own machine.
const SIGNS = [
  'CONTINUOUS_INTEGRATION', 'GITHUB_ACTIONS', 'GITLAB_CI', 'BITBUCKET_BUILD_NUMBER', 'TF_BUILD', 'CIRCLECI', 'BUILDKITE', 'CODEBUILD_BUILD_ID', 'CODEBUILD_INITIATOR',
  'JENKINS_URL', 'JENKINS_HOME', 'HUDSON_URL', 'BUILD_ID', 'BUILD_NUMBER', 'CI_BUILD_ID', 'CI_BUILD_NUMBER', 'CI_NAME', 'CI_JOB_ID', 'CI_PIPELINE_ID', 'TEAMCITY_VERSION', 'bamboo_buildKey', 'GO_PIPELINE_NAME',
  'DRONE', 'CI_WOODPECKER', 'TRAVIS', 'APPVEYOR', 'SEMAPHORE', 'CIRRUS_CI', 'CF_BUILD_ID', 'HARNESS_BUILD_ID', 'SCREWDRIVER', 'BUDDY', 'BITRISE_IO', 'NETLIFY',
  'CODEBUILD_BUILD_ARN', 'bamboo_planKey', 'GO_PIPELINE_LABEL', 'BUDDY_WORKSPACE_ID', 'GITEA_ACTIONS', 'FORGEJO_ACTIONS', 'BUILDER_OUTPUT', 'RD_JOB_ID', 'TFC_RUN_ID', 'ATLANTIS_TERRAFORM_VERSION', 'ARGO_NODE_ID', 'PROW_JOB_ID',
  'TASKCLUSTER_ROOT_URL', 'VELA', 'AGOLA_GIT_REF', 'EARTHLY_CI', 'EAS_BUILD', 'CM_BUILD_ID', 'AC_APPCIRCLE', 'APPCENTER_BUILD_ID', 'CI_XCODE_PROJECT', 'CF_PAGES', 'WORKERS_CI', 'JB_SPACE_EXECUTION_NUMBER', 'OPENSHIFT_BUILD_NAME',
];

/** Whether this is a CI's machine, whose login and whose git are everybody's. */
export function isInCi(env) {
  const isSet = name => !['', 'false', '0'].includes(env[name]?.trim().toLowerCase() ?? '');
  return ['CI', ...SIGNS, ...CIS.flatMap(({people = []}) => people)].some(isSet);
}
