// Folds in a CI's log: of many environments, and of what is long; nowhere else, and nobody's words make one.
import assert from 'node:assert/strict';
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'node:test';
import {nodeploy} from './child.js';
import {deployment, document, part, staging} from './past.js';
import {foldsOf} from '../cli/folds.js';
import {showReport} from '../cli/history.js';
import {ask, serve, temporaryFolder} from './local-kosli.js';

const SECTION = /\u001B\[0Ksection_(start|end):\d{10}:nodeploy_\d+_\d+(?:\[collapsed=true\])?\r\u001B\[0K/g;
const CIS = {
  GitHub: [{GITHUB_ACTIONS: 'true'}, title => `::group::${title}`, '::endgroup::'],
  Azure: [{TF_BUILD: 'True'}, title => `##[group]${title}`, '##[endgroup]'],
  GitLab: [{GITLAB_CI: 'true'}, title => `<start>${title}`, '<end>'],
};
const HOSTILE = ['::endgroup::', '##[endgroup]', '\u001B[0Ksection_end:1:nodeploy_1_1\r\u001B[0K', '\n::group::x', 'section_start:1:x'];

async function kosli(t, names) {
  const server = await serve(t);
  for (const name of names) await ask(server, 'PUT', '/api/v2/environments/acme', {json: {name, type: 'K8S', description: ''}});
  const env = {KOSLI_ORG: 'acme', KOSLI_API_TOKEN: server.token, KOSLI_HOST: server.url, NODEPLOY_BY: 'steve'};
  return async (args, more, options) => {
    const {code, stdout, stderr} = await nodeploy(args, {env: {...env, ...more}, ...options});
    return {code, stderr, stdout, lines: stdout.replace(SECTION, '<$1>').trimEnd().split('\n')};
  };
}

test('many environments: what passes is folded, what does not stands below', async t => {
  const run = await kosli(t, ['eu', 'us', 'qa']);
  assert.equal((await run(['-e', 'qa', '-r', HOSTILE.join(' '), 'on'])).code, 0);
  const refused = /^qa is frozen since /;
  for (const [name, [env, begin, end]] of Object.entries(CIS)) {
    const {code, lines} = await run(['-e', 'eu,us,qa', 'assert'], env);
    assert.deepEqual([code, lines[0], lines.slice(1, 3).sort(), lines[3]], [1, begin('3 environments'), ['eu is not frozen', 'us is not frozen'], end], name);
    assert.match(lines[4], refused);
    assert.deepEqual([lines[5], lines[6].split(': ')[0], lines[7].split(' off')[0], lines.length], ['3 environments: 1 closed (qa), 2 open', 'no policy', 'to lift it: nodeploy -e qa', 8], name);
  }
  const {GitHub: [env]} = CIS;
  const {lines} = await run(['-e', 'qa,missing-*,eu', '-e', '!eu', '-e', '!us', 'assert'], env);
  assert.doesNotMatch(lines.join('\n'), /group/, 'none of one');
  for (const [args, more] of [[['-e', 'eu,us,qa', 'assert'], {}], [['-e', '*', 'assert', '--json'], env], [['-e', '*', '--dry-run', 'off'], env], [['-e', 'qa', 'assert'], env], [['status'], env], [['status', '--md'], env]]) {
    assert.doesNotMatch((await run(args, more)).stdout, /^(::|##\[)|section_(start|end):\d/m, args.join(' '));
  }
});

test('a long table is folded, what it comes to is not', async t => {
  const names = Array.from({length: 11}, (_, index) => `env-${String(index).padStart(2, '0')}`);
  const run = await kosli(t, names);
  const {GitHub: [env, begin, end]} = CIS;
  const {lines} = await run(['status'], env);
  assert.deepEqual([lines[0], lines[12], lines[13], lines[15]], [begin('11 environments'), 'env-10       open', end, '11 environments, 11 open']);
  const cwd = temporaryFolder(t);
  writeFileSync(join(cwd, 'nodeploy.yaml'), 'windows: [{name: nights, effect: freeze, environments: ["*"], timezone: UTC, days: [mon-sun], from: 22:00, to: 06:00}]\n');
  const agenda = (await run(['windows', '--days', '20'], env, {cwd})).lines;
  assert.match(agenda[1], /^::group::\d\d closures$/);
  assert.deepEqual(agenda.slice(agenda.indexOf(end) - 1).map(line => line.slice(0, 8)).slice(1, 4), [end.slice(0, 8), '', '  nights']);
});

test('the tables of a report, whatever is said in them', () => {
  const env = CIS.GitHub[0];
  const deployments = Array.from({length: 12}, (_, index) => deployment({artifact: HOSTILE[index % HOSTILE.length], by: HOSTILE[index % HOSTILE.length]}));
  const said = [];
  const print = text => said.push(text);
  const paint = {red: text => text, green: text => text};
  const report = document(part('prod', {deployments, totals: {freezes: 1, seconds: 7200, deployments: {unexplained: 12, excepted: 0, uncertain: 0, before: 0}}}), staging);
  showReport({report}, {values: {}, paint, folds: foldsOf({}, env, print), print, warn: print});
  const lines = said.join('\n').split('\n');
  assert.deepEqual(lines.filter(line => /^\s*::|##\[/.test(line)), ['::group::12 rows', '::endgroup::']);
  assert.doesNotMatch(said.join('\n'), /[\u001B\r]|section_(start|end):/);
});
