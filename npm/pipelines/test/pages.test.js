// The pages for other CIs: each snippet is read by the schema or the parser of those whom it is for, and so is one that is broken.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'node:test';
import {fileURLToPath} from 'node:url';
import {parse} from 'yaml';
import {OPTIONS} from '../../cli/options.js';
import {VERB_NAMES} from '../../cli/verbs.js';
import {nodeploy} from '../../test/child.js';
import {temporaryFolder} from '../../test/local-kosli.js';

const here = name => fileURLToPath(new URL(`../${name}`, import.meta.url));
const read = name => readFileSync(here(name), 'utf8');
const snippet = (page, language) => new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(read(page))[1];
const HOW = 'pip install -r npm/pipelines/test/requirements.txt';

const schema = (...args) => file => ['check-jsonschema', ...args, file];
const hcl = file => ['python3', '-c', 'import sys, hcl2; print(hcl2.load(open(sys.argv[1])))', file];

for (const [what, text, spoil, name, command] of [
  ['azure.md', () => snippet('azure.md', 'yaml'), ['  - script:', '  - skript:'], 'azure-pipelines.yml', schema('--builtin-schema', 'vendor.azure-pipelines', '--regex-variant', 'nonunicode')],
  ['circleci.md', () => snippet('circleci.md', 'yaml'), ['docker:\n      - image: cimg/node', 'docker:\n      - imagee: cimg/node'], 'config.yml', schema('--builtin-schema', 'vendor.circle-ci')],
  ['bitbucket.md', () => snippet('bitbucket.md', 'yaml'), ['- step:', '- stepp:'], 'bitbucket-pipelines.yml', schema('--builtin-schema', 'vendor.bitbucket-pipelines')],
  ['gitlab/readme.md', () => snippet('gitlab/readme.md', 'yaml'), ['script:', 'skript:'], '.gitlab-ci.yml', schema('--builtin-schema', 'vendor.gitlab-ci', '--data-transform', 'gitlab-ci')],
  ...readdirSync(here('gitlab/templates')).map(file => [
    `gitlab/templates/${file}`, () => read(`gitlab/templates/${file}`).split(/^---$/m)[1].replaceAll('$[[ inputs.stage ]]', 'deploy'),
    ['script:', 'script: {}\n  skript:'], '.gitlab-ci.yml', schema('--builtin-schema', 'vendor.gitlab-ci', '--data-transform', 'gitlab-ci'),
  ]),
  ['argocd.md', () => snippet('argocd.md', 'yaml'), ['backoffLimit: 0', 'backoffLimitt: 0'], 'job.yaml', file => ['kubernetes-validate', '--strict', file]],
  ['kubernetes.md', () => snippet('kubernetes.md', 'yaml'), ['concurrencyPolicy: Forbid', 'concurrencyPolicy: 3'], 'cronjob.yaml', file => ['kubernetes-validate', '--strict', file]],
  ['terraform.md', () => snippet('terraform.md', 'hcl'), ['lifecycle {', 'lifecycle'], 'main.tf', hcl],
  ['docker/Dockerfile', () => read('docker/Dockerfile'), ['FROM node:22-alpine', 'FROM node'], 'Dockerfile', file => ['hadolint', file]],
  ['jenkins.md', () => snippet('jenkins.md', 'groovy'), ["sh './deploy.sh'", "sh './deploy.sh"], 'Jenkinsfile', file => ['npm-groovy-lint', '--noserver', '--failon', 'error', file]],
]) {
  test(what, t => {
    const [program] = command('');
    // Without `--noserver` npm-groovy-lint leaves one behind, even of this.
    const probe = {'python3': ['-c', 'import hcl2'], 'npm-groovy-lint': ['--noserver', '--version']}[program] ?? ['--version'];
    if (spawnSync(program, probe).status !== 0) {
      return t.skip(`${program === 'python3' ? 'python-hcl2' : program} is not here: ${program === 'npm-groovy-lint' ? 'npm install --global npm-groovy-lint, and Java' : HOW}`);
    }
    const file = join(temporaryFolder(t), name);
    const check = content => {
      writeFileSync(file, content);
      const [, ...args] = command(file);
      return spawnSync(program, args, {encoding: 'utf8'});
    };
    const {status, stdout, stderr} = check(text());
    assert.equal(status, 0, stdout + stderr);
    const broken = text().replace(...spoil);
    assert.notEqual(broken, text(), `${spoil[0]} is in it`);
    assert.notEqual(check(broken).status, 0, 'it does find what is wrong');
  });
}

test('every command line that a page shows is one', async () => {
  const pages = ['readme.md', 'github/readme.md', 'gitlab/readme.md', ...readdirSync(here('.')).filter(name => name.endsWith('.md'))];
  const shown = pages.flatMap(page => [...read(page).matchAll(/node (?:nodeploy\.cjs|"\$NODEPLOY_INPUT_FILE") ([^'`\n]+)|run: nodeploy ([^\n>]+)/g)].map(([, one, other]) => [page, (one ?? other).trim()]));
  const args = ['argocd.md', 'kubernetes.md'].map(page => [page, [].concat(containersOf(parse(snippet(page, 'yaml')))[0].args).join(' ')]);
  assert.ok(shown.length >= 5 && args.length === 2);
  for (const [page, line] of [...shown, ...args]) {
    const {stderr} = await nodeploy(line.split(' '), {env: {NODEPLOY_ENV: 'prod-aws', KOSLI_ORG: 'acme'}});
    assert.match(stderr, /the Kosli API token is missing|policy|nodeploy\.yaml/, `${page}: ${line}: ${stderr}`);
    assert.ok(line.split(' ').some(word => VERB_NAMES.includes(word)), line);
  }
});

test('what is named as a variable is one', () => {
  const known = new Set(Object.values(OPTIONS).map(({variable}) => variable));
  for (const page of ['readme.md', ...readdirSync(here('.')).filter(name => name.endsWith('.md')), 'gitlab/readme.md', 'gitlab/templates/gate.yml', 'gitlab/templates/freeze.yml', 'gitlab/templates/sync.yml']) {
    for (const [name] of read(page).matchAll(/\bNODEPLOY_[A-Z_]+/g)) {
      if (!/^NODEPLOY_(ANSWER_|INPUT_FILE$)/.test(name)) assert.ok(known.has(name.replace('_INPUT_', '_')), `${page}: ${name}`);
    }
  }
});

const containersOf = ({spec}) => (spec.jobTemplate ?? {spec}).spec.template.spec.containers;
