// Who freezes, where --by does not say: the CI's actor, else git's user, else the login.
import {execFileSync} from 'node:child_process';
import {userInfo} from 'node:os';

// The person (or bot) who started the pipeline, as each CI names them.
const ACTORS = [
  'GITHUB_ACTOR', // GitHub Actions
  'GITLAB_USER_LOGIN', // GitLab
  'BITBUCKET_STEP_TRIGGERER_UUID', // Bitbucket: it gives no name, only the account's id
  'BUILD_REQUESTEDFOR', // Azure Pipelines
  'CIRCLE_USERNAME', // CircleCI
  'BUILDKITE_BUILD_CREATOR', // Buildkite
  'CODEBUILD_INITIATOR', // AWS CodeBuild
  'BUILD_USER_ID', // Jenkins with the build-user-vars plugin
];

/** A name, or `undefined` where nothing knows one. */
export function holder(env) {
  const actor = ACTORS.map(name => env[name]?.trim()).find(Boolean);
  return actor ?? gitUser() ?? login();
}

function gitUser() {
  try {
    const name = execFileSync('git', ['config', 'user.name'], {
      encoding: 'utf8', timeout: 2000, stdio: ['ignore', 'pipe', 'ignore'], windowsHide: true,
    });
    return name.trim() || undefined;
  } catch {
    return undefined; // no git, or no name set
  }
}

function login() {
  try {
    return userInfo().username || undefined;
  } catch {
    return undefined; // a container whose user has no name
  }
}
