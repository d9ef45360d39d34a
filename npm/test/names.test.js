// Whose name it is: one person's, or anybody's.
import assert from 'node:assert/strict';
import test from 'node:test';
import {isOnes} from '../cli/names.js';

const SHARED = [
  '', 'root', 'administrator2', 'NT AUTHORITY\\SYSTEM', 'Local Service', 'www-data', 'nobody', '1000660000', 'BUILD07$', 'Your Name',
  'ubuntu', 'ubuntu@ip-10-0-0-1', 'ec2-user', 'ssm-user', 'cloudshell-user', 'vsts_azpcontainer', 'Microsoft.VisualStudio.Services.TFS',
  'CI Bot', 'Jenkins CI', 'JenkinsCI', 'jenkins1', 'jenkins-agent', 'runner-01', 'actions-runner', 'GitHub Actions', 'GitLab CI', 'gitlab-ci-token', 'bitbucket-pipelines',
  'buildagent01', 'BuildAgent', 'tcagent', 'bamboo-agent', 'tfsbuild', 'cibuild', 'buildbot', 'buildserver', 'k8s-deployer', 'prod-deploy', 'deploybot', 'svc-deploy', 'ACME\\svc_payments', 'svcpayments',
  'ops', 'ops team', 'devops', 'sre', 'oncall', 'on-call', 'test', 'Test User', 'user1', 'release-manager', 'noreply@github.com', 'system:serviceaccount:prod:x',
  'web-flow', 'renovate[bot]', 'dependabot[bot]', 'project_12_bot_4f', 'acme Build Service (acme)', 'codepipeline/prod', 'CodeBuild-Jenkins-Plugin', 'rule/nightly',
  'rundeck', 'awx', 'octopus', 'Tentacle', 'zuul', 'prow', 'gocd', 'gitea', 'git', 'airflow', 'argo-workflows', 'harness-delegate', 'k8s', 'n8n', 'nodejs', 'sbx_user1051', 'backup',
  'Microsoft.VisualStudio.Services.ReleaseManagement', 'Copilot', 'duo-developer', 'scheduling-system', 'SCMTrigger', 'GitLabPush', 'cloudbuild', 'x-access-token', 'oauth2', 'acme-machine',
  'timer', 'scmChange', 'branchIndexing', 'remoteRequest', 'genericWebhook', 'Scheduled', 'cron',
];
for (const name of SHARED) test(`${JSON.stringify(name)} is nobody's alone`, () => assert.equal(isOnes(name), false));

const OWN = [
  'steve', 'Steve Tooke', 'steve.tooke', 'octocat', 'alice1', 'jsmith02', 'alice@acme.com', 'ACME\\alice', "O'Brien", 'Björn', '李雷', '{d301aafa-d676-4ee0-88be-962be7417567}',
  'Katherine Jenkins', 'Jenkinson', 'Travis Smith', 'Ruby Smith', 'Max Core', 'Talbot', 'Brunner', 'Sargent', 'Dever', 'cindy', 'cdavis', 'Gitte', 'opsahl', 'Vincent', 'Gerrit', 'git.tanaka', 'Vela', 'Zuul Berg', 'Xavier', 'Duong', 'Claude',
];
for (const name of OWN) test(`${JSON.stringify(name)} is a person's`, () => assert.equal(isOnes(name), true));
