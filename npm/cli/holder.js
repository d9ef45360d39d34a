// Who freezes, where --by does not say: NODEPLOY_BY, else the CI's actor, else the login, else git's user.
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

// Names that many share: who freezes under one of them cannot be asked, and anyone's `off` would lift it.
const SHARED = new Set([
  // systems
  'root', 'toor', 'admin', 'administrator', 'system', 'local service', 'network service', 'nobody', 'nonroot', 'daemon', 'guest',
  'default', 'user', 'users', 'me', 'unknown', 'you', 'your name', 'www-data', 'nginx', 'apache', 'httpd',
  // images of machines
  'ubuntu', 'debian', 'centos', 'fedora', 'rocky', 'almalinux', 'alpine', 'arch', 'suse', 'opensuse', 'rhel', 'core', 'bitnami', 'pi',
  'ec2-user', 'ssm-user', 'cloud-user', 'cloudshell-user', 'opc', 'oracle', 'azureuser', 'vagrant',
  // images of containers, and editors in the cloud
  'node', 'python', 'ruby', 'java', 'go', 'golang', 'rust', 'php', 'bun', 'deno', 'app', 'appuser', 'application', 'docker', 'dockeruser', 'container',
  'containeradministrator', 'containeruser', 'kosli', 'nodeploy', 'vscode', 'codespace', 'codespaces', 'gitpod', 'coder', 'jovyan', 'devcontainer', 'dev', 'developer',
  // CIs and what deploys
  'ci', 'cd', 'cicd', 'ci-user', 'ciuser', 'build', 'builder', 'buildagent', 'builduser', 'agent', 'worker', 'runner', 'runneradmin', 'actions', 'actions-runner',
  'github', 'github-runner', 'github-actions', 'github actions', 'github-actions[bot]', 'gitlab', 'gitlab-runner', 'gitlab ci', 'jenkins', 'jenkins-agent', 'circleci', 'circle', 'travis',
  'buildkite', 'buildkite-agent', 'bamboo', 'teamcity', 'concourse', 'drone', 'woodpecker', 'semaphore', 'appveyor', 'codebuild', 'codebuild-user',
  'azdevops', 'azuredevops', 'vsts', 'vsts_azpcontainer', 'vssadministrator', 'microsoft.visualstudio.services.tfs', 'bitbucket', 'bitbucket-pipelines',
  'deploy', 'deployer', 'deployment', 'release', 'releaser', 'service', 'svc', 'bot', 'automation', 'ansible', 'terraform', 'atlantis', 'argocd', 'flux', 'tekton', 'spinnaker',
]);

/** A name, or `undefined` where nothing knows one that is a single person's (or bot's). */
export function holder(env) {
  const named = env.NODEPLOY_BY?.trim();
  if (named) return named;
  const actor = ACTORS.map(name => env[name]?.trim()).find(isOnes);
  if (actor) return actor;
  for (const ask of [login, gitUser]) {
    const name = ask();
    if (isOnes(name)) return name;
  }
  return undefined;
}

// A number is a user without a name, a `$` at the end a Windows machine.
const isOnes = name => Boolean(name) && !SHARED.has(name.toLowerCase()) && !/^\d+$|\$$/.test(name);

function gitUser() {
  try {
    const name = execFileSync('git', ['config', 'user.name'], {
      encoding: 'utf8', timeout: 2000, stdio: ['ignore', 'pipe', 'ignore'], windowsHide: true,
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
