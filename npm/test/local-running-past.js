// A local Kosli whose clock a test moves, and what is reported to it.
import assert from 'node:assert/strict';
import {openLocal} from '../local/index.js';
import {temporaryFolder} from './local-kosli.js';

export const api = '/api/v2';
export const print = letter => letter.repeat(64);
export const instance = (letter, begun = 1_700_000_000, more = {}) => ({digests: {[`registry/${letter}:1`]: print(letter)}, creationTimestamp: begun, ...more});
const emptyTemplate = {name: 'template_file', filename: 'template.yml', value: 'version: 1'};
export const dataOf = data => ({name: 'data_json', value: JSON.stringify(data)});
export const commitOf = letter => letter.repeat(40);

/** A local Kosli whose clock a test moves: `at(seconds)`, then writes and reads that must succeed. */
export async function played(t, options) {
  let seconds = 1_767_225_600;
  const begin = seconds;
  const local = await openLocal({dir: temporaryFolder(t), org: 'acme', user: 'alice', clock: () => new Date(seconds * 1000), ...options});
  t.after(() => local.close());
  const send = async (method, path, content) => {
    const {status, body, ...rest} = await local.send({request: {method, path: `${api}/${path}`, ...content}});
    assert.deepEqual(rest, {}, 'run() takes it for a raw result');
    return {status, body: JSON.parse(body)};
  };
  const done = async (...request) => {
    const {status, body} = await send(...request);
    assert.ok(status === 200 || status === 201, JSON.stringify(body));
    return body;
  };
  return {
    local, begin, send, done,
    at: offset => { seconds = begin + offset; },
    get: path => done('GET', path),
    environment: (name, type = 'K8S', more = {}) => done('PUT', 'environments/acme', {json: {name, type, description: '', ...more}}),
    report: (name, artifacts, type = 'K8S') => done('PUT', `environments/acme/${name}/report/${type}`, {json: {artifacts}}),
    async artifact(letter, {flow = 'build', trail = commitOf(letter), name = 'web'} = {}) {
      await done('PUT', 'flows/acme/template_file', {form: [dataOf({name: flow, description: ''}), emptyTemplate]});
      await done('PUT', `trails/acme/${flow}`, {form: [dataOf({name: trail})]});
      await done('POST', `artifacts/acme/${flow}`, {json: {
        fingerprint: print(letter), filename: `registry/${letter}:1`, git_commit: commitOf(letter),
        git_commit_info: {sha1: commitOf(letter), message: 'm', author: 'maya', timestamp: begin - 600, branch: 'main', url: `https://github.com/acme/web/commit/${commitOf(letter)}`},
        repo_info: {url: 'https://github.com/acme/web', name: 'acme/web', id: '1', provider: 'github'},
        commit_url: `https://github.com/acme/web/commit/${commitOf(letter)}`, build_url: 'https://ci/1', repo_url: '', trail_name: trail, template_reference_name: name,
      }});
    },
  };
}

export const short = events => events.map(({snapshot_index: index, type, sha256, description}) => `${index} ${type} ${sha256[0]} ${description.replace(/ instances? /, ' ')}`);
