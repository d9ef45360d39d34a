// October 2024 of three environments, for tests of reports: frozen, excepted, deployed anyway, restarted, overdue.
import assert from 'node:assert/strict';
import {nodeploy} from './child.js';
import {serve} from './local-kosli.js';
import {run} from '../index.js';

const api = '/api/v2';
const hex = letter => letter.repeat(64);
const commit = letter => letter.repeat(40);

/** That month in a local Kosli, which then goes by the clock of today. */
export async function october(t) {
  let now;
  const clock = () => now ?? new Date();
  const server = await serve(t, {clock});
  const send = async (method, path, content) => {
    const {status, body} = await server.send({request: {method, path: `${api}/${path}`, ...content}});
    assert.ok(status < 300, `${path}: ${body}`);
  };
  const data = json => ({name: 'data_json', value: JSON.stringify(json)});
  const kosli = {org: 'acme', send: item => server.send(item)};
  const go = async (environment, action) => {
    const outcome = await run({environment, action}, {kosli, clock, sleep: async milliseconds => { now = new Date(now.getTime() + milliseconds); }});
    assert.notEqual(outcome.decision, 'error', outcome.summary);
    return outcome.answer;
  };
  const at = time => { now = new Date(`2024-10-${time}Z`); };
  const report = (environment, ...artifacts) => send('PUT', `environments/acme/${environment}/report/K8S`, {json: {
    artifacts: artifacts.map(([letter, started]) => ({digests: {[`registry/web:${letter}`]: hex(letter)}, creationTimestamp: Date.parse(`2024-10-${started}Z`) / 1000, podName: letter, namespace: 'web', owners: []})),
  }});
  const build = async (letter, author) => {
    await send('PUT', 'trails/acme/web-ci', {form: [data({name: commit(letter)})]});
    await send('POST', 'artifacts/acme/web-ci', {json: {
      fingerprint: hex(letter), filename: `registry/web:${letter}`, git_commit: commit(letter), trail_name: commit(letter), template_reference_name: 'web', build_url: 'https://ci.example/1', repo_url: '',
      commit_url: `https://github.com/acme/web/commit/${commit(letter)}`, git_commit_info: {sha1: commit(letter), message: 'm', author, timestamp: now.getTime() / 1000, branch: 'main', url: ''},
    }});
  };

  at('01T08:00:00');
  for (const name of ['prod-aws', 'prod-eu', 'staging']) await send('PUT', 'environments/acme', {json: {name, type: 'K8S', description: ''}});
  await send('PUT', 'flows/acme/template_file', {form: [data({name: 'web-ci', description: ''}), {name: 'template_file', filename: 'template.yml', value: 'version: 1'}]});
  await build('a', 'jon');
  for (const name of ['prod-aws', 'prod-eu']) await report(name, ['a', '01T07:59:00']);
  at('31T10:44:48');
  await go('prod-aws', {type: 'on', reason: 'database migration', by: 'steve'});
  at('31T10:50:00');
  await build('b', 'jon');
  await build('c', 'maya');
  await go('prod-aws', {type: 'assert', record: true, change: {commit: commit('b')}, run: '41'});
  at('31T11:00:00');
  const {action: {id}} = await go('prod-aws', {type: 'except', reason: 'CVE-2026-1234', by: 'maya', until: '2024-10-31T13:00:00Z', change: {commit: 'ccccccc'}});
  at('31T11:01:00');
  await go('prod-aws', {type: 'approve', exception: id, by: 'noah'});
  at('31T11:05:00');
  await go('prod-aws', {type: 'assert', claim: true, change: {commit: commit('c')}, run: '42'});
  at('31T11:10:00');
  await report('prod-aws', ['c', '31T11:09:00']);
  at('31T11:20:00');
  await report('prod-aws', ['c', '31T11:19:00']); // restarted
  at('31T11:30:00');
  await report('prod-aws', ['b', '31T11:29:00']); // whoever that was
  at('31T12:44:48');
  await go('prod-aws', {type: 'off', by: 'steve'});
  at('31T14:00:00');
  await go('prod-eu', {type: 'on', reason: 'audit', by: 'ann', until: '2024-10-31T18:00:00Z'});
  at('31T23:00:00');
  for (const [name, letter] of [['prod-aws', 'b'], ['prod-eu', 'a']]) await report(name, [letter, '31T11:29:00']);
  now = undefined;
  const env = {KOSLI_ORG: 'acme', KOSLI_API_TOKEN: server.token, KOSLI_HOST: server.url, TZ: 'UTC'};
  return {server, env, ask: (args, more) => nodeploy(['report', '--from', '2024-10-01T00:00:00Z', '--to', '2024-11-01T00:00:00Z', ...args], {env: {...env, ...more}})};
}
