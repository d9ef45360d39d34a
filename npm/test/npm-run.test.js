// Options that npm and Yarn keep for themselves: said, with what passes them on. Rows that have variables are what pnpm 12, Yarn 1 and 4 and npm 11 set; the others run npm.
import assert from 'node:assert/strict';
import {execFile, spawnSync} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'node:test';
import {promisify} from 'node:util';
import {CLI, nodeploy} from './child.js';
import {KOSLI} from './cli-kosli.js';
import {temporaryFolder} from './local-kosli.js';

const KEPT = {npm_command: 'run', npm_lifecycle_event: 'gate'};
const argv = (...original) => ({npm_config_user_agent: 'yarn/1.22.22 npm/? node/v20.20.2 linux x64', npm_lifecycle_event: 'gate', npm_config_argv: JSON.stringify({remain: [], cooked: ['run', 'gate'], original})});

for (const [args, words, env] of [
  [['assert'], /npm has kept `--needs` for itself\nwrite -- before .*: npm run gate -- --needs=20m\nnodeploy: could not decide/, {...KEPT, npm_config_needs: '20m'}],
  [['assert'], /npm has kept `--claim` .*\n.*: npm exec -- nodeploy … --claim$/m, {npm_command: 'exec', npm_lifecycle_event: 'npx', npm_config_claim: 'true'}],
  [['on', '-r', 'x', '--by', 'steve'], /npm has kept `--dry-run` .*\n.*: npm run freeze -- --dry-run\n/, {npm_command: 'run-script', npm_lifecycle_event: 'freeze', npm_config_dry_run: 'true'}],
  [['assert'], /npm has kept `--change` .*\n.*: npm run gate -- --change=kind=docs --change=a=b\n/, {...KEPT, npm_config_change: 'kind=docs\n\na=b'}],
  [['report'], /npm has kept `--no-deployments` .*\n.*: npm run gate -- --no-deployments\n/, {...KEPT, npm_config_deployments: ''}],
  [['assert'], /npm has kept `--policy` .*\n.*: npm run gate -- --policy=\n/, {...KEPT, npm_config_policy: ''}],
  [['assert'], /npm has kept `--needs` for itself\nleave out --needs\n/, {...KEPT, npm_config_needs: ''}],
  [['assert', '--needs', '1h'], /npm has kept `--needs` for itself, and the script says another one\nsay it there: in package\.json\n/, {...KEPT, npm_config_needs: '20m'}],
  [['assert', '--claim'], /npm has kept `--no-claim` for itself, and the script says another one\n/, {...KEPT, npm_config_claim: ''}],
  [['assert', '--needs=1h'], /ECONNREFUSED/, {...KEPT, npm_config_needs: '1h', npm_config_until: '2h', npm_config_json: 'true'}],
  [['assert'], /ECONNREFUSED/, {npm_command: 'publish', npm_config_dry_run: 'true'}],
  [['assert'], /yarn has kept `--needs` for itself\nwrite it behind the script's name: yarn gate --needs=20m\n/, argv('run', '--needs=20m', 'gate')],
  [['assert'], /yarn has kept `--claim` for itself\n.*: yarn gate --claim\n/, argv('--silent', '--claim', 'gate')],
  [['assert', '--needs=20m'], /ECONNREFUSED/, {...argv('gate', '--needs=20m'), npm_config_org: 'its setting'}],
  [['assert'], /yarn has kept `--needs` for itself\nwrite it behind the script's name: yarn gate --needs=20m\n/, {npm_command: 'run', ...argv('run', '--needs=20m', 'gate')}],
  [['assert'], /npm has kept `--needs` for itself\n/, {npm_command: 'run', npm_config_needs: '20m', ...argv('run', 'gate')}],
  [['assert'], /ECONNREFUSED/, {...argv('run', '--needs=20m', 'gate'), npm_config_user_agent: 'npm/6.14.18 node/v14.21.3 linux x64'}],
  ...['{', '{}', 'null', '{"original": [1]}'].map(text => [['assert'], /npm_config_argv, by which Yarn tells what it was given, cannot be read/, {...argv(), npm_config_argv: text}]),
  [['assert'], /the environment is missing\nset NODEPLOY_ENV or pass -e \(behind a --: npm takes one before it for its own\)\n/, {...KEPT, npm_execpath: '/usr/lib/node_modules/npm/bin/npm-cli.js', NODEPLOY_ENV: ''}],
  [['assert'], /the environment is missing\nset NODEPLOY_ENV or pass -e\n/, {npm_command: 'exec', npm_execpath: '/usr/lib/node_modules/npm/bin/npm-cli.js', NODEPLOY_ENV: ''}],
  [['assert'], /the environment is missing\nset NODEPLOY_ENV or pass -e\n/, {npm_command: 'run-script', npm_execpath: '/usr/lib/node_modules/pnpm/bin/pnpm.cjs', NODEPLOY_ENV: ''}],
  [['assert', '--', '--claim'], /unexpected argument `--claim` after `assert` and `--`\nleave out the --, .*pnpm/, {npm_command: 'run-script'}],
]) {
  test(`nodeploy ${args.join(' ')} ${JSON.stringify(env)}`, async () => {
    const {code, stderr} = await nodeploy(args, {env: {...KOSLI, ...env}});
    assert.equal(code, 2);
    assert.match(stderr, words);
  });
}

// Whether this npm tells its scripts of options that it does not know.
function whyNoRow() {
  const cwd = mkdtempSync(join(tmpdir(), 'nodeploy-test-'));
  try {
    writeFileSync(join(cwd, 'package.json'), JSON.stringify({scripts: {probe: 'node -p process.env.npm_config_probed'}}));
    const {stdout, error} = spawnSync('npm', ['run', 'probe', '--probed=yes'], {cwd, encoding: 'utf8', shell: process.platform === 'win32'});
    return error ? 'npm is not here' : !/^yes$/m.test(stdout) && 'this npm tells its scripts of no option that it does not know';
  } finally {
    rmSync(cwd, {recursive: true});
  }
}

const skip = whyNoRow();

for (const [args, words, npmrc] of [
  [['--needs', '20m'], /npm has kept `--needs` .*\n.*: npm run gate -- --needs=20m\n/],
  [['-o', 'json'], /npm has kept `--output` .*\n.*: npm run gate -- --output=json\n/],
  [['--no-claim'], /npm has kept `--no-claim` for itself\nleave out --claim; NODEPLOY_CLAIM=false turns its variable off\n/],
  [['--local=box'], /unexpected argument `box` after `assert`\nis it the value of an option that npm has kept\? .*: npm run gate -- --OPTION box\n/],
  [['--', '--no-claim'], /there is no option `--no-claim`\nleave out --claim; NODEPLOY_CLAIM=false/],
  [['--', '--no-policy'], /there is no option `--no-policy`\nfor none write --policy=\n/],
  [['--', '--claim'], /ECONNREFUSED/],
  [[], /`org` is set in .*\.npmrc, and npm passes it on as if it were typed\ntake it out there, or say what is meant for nodeploy: npm run gate -- --org=acme\n/, 'org=acme\n'],
  [['--', '--org=other'], /ECONNREFUSED/, 'org=acme\n'],
  [[], /`claim` is set in .*\.npmrc, .*\ntake it out there\n/, 'claim=false\n'],
]) {
  test(`npm run gate ${args.join(' ')} ${npmrc ?? ''}`, {skip}, async t => {
    const cwd = temporaryFolder(t);
    writeFileSync(join(cwd, 'package.json'), JSON.stringify({scripts: {gate: `node "${CLI}" assert`}}));
    if (npmrc) writeFileSync(join(cwd, '.npmrc'), npmrc);
    const env = {...KOSLI, PATH: process.env.PATH, SystemRoot: process.env.SystemRoot, HOME: cwd};
    const {code, stderr} = await promisify(execFile)('npm', ['run', 'gate', ...args], {cwd, env, shell: process.platform === 'win32'}).catch(error => error);
    assert.equal(code, 2);
    assert.match(stderr, words);
  });
}
