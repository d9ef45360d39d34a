// Names that many share: who freezes under one of them cannot be asked, and anyone's `off` would lift it.

// Nobody's alone, and nobody's in company of each other: `ci`, `ops team`, `test-user-2`.
const SHARED = new Set(`
  root toor admin administrator sysadmin superuser system local network service nobody nonroot daemon guest anonymous ghost
  default user users me unknown you your name someone somebody none null undefined www-data nginx apache httpd noreply no reply
  ubuntu debian centos fedora rocky almalinux alpine arch suse opensuse rhel core bitnami pi
  ec ssm cloud cloudshell opc oracle azureuser azure aws gcp vagrant container
  node python ruby java go golang rust php bun deno app appuser application docker dockeruser containeradministrator containeruser
  kosli nodeploy vscode codespace codespaces gitpod coder jovyan devcontainer dev developer developers
  ci cd cicd ciuser build builder builduser agent worker runner runneradmin actions
  jenkins hudson circle travis bamboo teamcity tc concourse drone woodpecker semaphore
  rundeck awx octopus tentacle spacelift harness delegate gocd buildbot zuul prow gitea forgejo gogs git codefresh codeship cloudbees cirrus codemagic appcircle bitrise
  airflow nomad saltstack puppet stackstorm rancher coolify dokku kestra n8n dagster prefect argo workflow workflows vercel netlify heroku openshift k8s kubernetes
  nodejs www http https lambda sbx podman buildah kaniko job jobs task tasks backup sync proxy postgres mysql redis
  azdevops azuredevops devops vsts azpcontainer vssadministrator microsoft visualstudio services tfs releasemanagement management bitbucket codestar cloudbuild duo
  deploy deployer deployment release releaser releases svc bot ansible terraform atlantis flux tekton spinnaker
  ops operations operator sre oncall on call support infra infrastructure platform team shared it helpdesk security qa manager managers ip
  test tests tester testing demo example prod production staging stage
  web flow scheduled schedule timer scm change scmchange branch indexing branchindexing event branchevent remote request remoterequest
  generic webhook genericwebhook trigger triggered scmtrigger upstream upstreamcause scheduling cron api apiuser hook hooks push gitlabpush token oauth x access
`.trim().split(/[\s-]+/));

// One of these words is enough: `svc-payments`, `CI Bot`, `acme Build Service (acme)`, `codepipeline/prod`, `renovate[bot]`.
const MACHINES = new Set(`
  ci cicd svc srv bot robot runner agent daemon service serviceaccount service-account automation automated pipeline pipelines codepipeline codebuild
  machine copilot deploy deployer deployment build builder github gitlab buildkite circleci appveyor argocd webhook hookshot noreply scheduler cronjob jenkinsfile dependabot renovate
`.trim().split(/\s+/));

// Written in one word: `buildagent01`, `deploybot`, `svcpayments`, `tcagent`. (Not every `bot` and `runner`: Talbot, Brunner.)
const COMPOUND = /^(?:ci|cd|build|deploy|release|test|auto|git|github|gitlab|jenkins|teamcity|tc|tfs|azure|vsts|ado|dev|ops|admin|code|merge|slack|chat|argo|flux|k8s|kube|docker|svc|gh|gl|bk)+(?:bot|robot|runner|agent|user|usr|account|svc|ci|cd|deploy|build|ops|machine|server|admin)+$|^svc|svc$|agent$|^ci(?:cd)?user|serviceaccount/;

/** Whether this can be one person's name. A number is a user without a name, a `$` at the end a Windows machine. */
export function isOnes(name) {
  if (!name || /\$$|\//.test(name)) return false;
  const [own] = name.split('\\').at(-1).split('@'); // DOMAIN\ann, ann@machine
  const together = wordsOf(own);
  const apart = wordsOf(own.replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2'));
  return [together, apart].every(words => !words.every(word => SHARED.has(word)))
    && ![...together, ...apart].some(word => MACHINES.has(word) || COMPOUND.test(word));
}

// In lower case, without numbers: `Runner-01` is one of many runners.
const wordsOf = name => name.normalize('NFKC').toLowerCase().split(/[^\p{L}\p{N}]+/u).map(word => word.replace(/\d+$/, '')).filter(Boolean);
