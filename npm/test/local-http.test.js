// What the local Kosli answers over HTTP: who may ask, what it accepts, how it refuses, what its documents hold.
import assert from 'node:assert/strict';
import http from 'node:http';
import {test} from 'node:test';
import {ask, multipartOf, serve} from './local-kosli.js';

const environment = {name: 'prod', type: 'server', description: 'Production'};
const emptyTemplate = {name: 'template_file', filename: 'template.yml', value: 'version: 1'};
const dataOf = data => ({name: 'data_json', value: JSON.stringify(data)});

async function furnished(t, options) {
  const server = await serve(t, options);
  const done = async (method, path, content) => assert.equal((await ask(server, method, path, content)).body, 'OK', path);
  await done('PUT', '/api/v2/environments/acme', {json: environment});
  await done('PUT', '/api/v2/flows/acme/template_file', {form: [dataOf({name: 'f', description: ''}), emptyTemplate]});
  await done('PUT', '/api/v2/trails/acme/f', {form: [dataOf({name: 't'})]});
  await done('POST', '/api/v2/attestations/acme/f/trail/t/generic', {form: [dataOf({attestation_name: 'on', user_data: {}, is_compliant: true})]});
  return server;
}

test('only those may ask who know the token and the name', async t => {
  const server = await furnished(t);
  const path = '/api/v2/environments/acme/prod';
  const bearer = {authorization: `Bearer ${server.token}`};
  for (const [status, headers] of [
    [200, {}],
    [200, {authorization: `bearer ${server.token}`}],
    [200, {host: 'localhost'}],
    [200, {host: 'LOCALHOST:1234'}],
    [401, {authorization: undefined}],
    [401, {authorization: ''}],
    [401, {authorization: 'Bearer '}],
    [401, {authorization: `Bearer ${server.token} `.replace(/.$/, 'x')}],
    [401, {authorization: `Bearer ${server.token.slice(0, -1)}`}],
    [401, {authorization: `Basic ${Buffer.from(`${server.token}:`).toString('base64')}`}],
    [403, {host: 'evil.example'}],
    [403, {host: `127.0.0.1.evil.example:${server.port}`}],
    [403, {host: 'evil.example', authorization: undefined}],
    [403, {...bearer, host: 'localhost@evil.example'}],
  ]) assert.equal((await ask(server, 'GET', path, {headers})).status, status, JSON.stringify(headers));
});

test('an empty token lets nobody in', async t => {
  const server = await furnished(t, {token: ''});
  assert.match(server.token, /^[0-9a-f]{40}$/);
  for (const authorization of ['', 'Bearer', 'Bearer ']) {
    assert.equal((await ask(server, 'GET', '/api/v2/environments/acme', {headers: {authorization}})).status, 401);
  }
});

test('what is not understood is refused', async t => {
  const server = await furnished(t);
  const api = '/api/v2';
  const notFound = 'The requested URL was not found on the server';
  const invalid = 'Input payload validation failed';
  const json = 'application/json';
  const deep = `{"name":"t","user_data":${'['.repeat(200)}${']'.repeat(200)}}`;
  const form = (...fields) => ({form: fields});
  const attestation = fields => form(dataOf({attestation_name: 'on', is_compliant: true, ...fields}));
  const attest = `${api}/attestations/acme/f/trail/t/generic`;
  for (const [method, path, content, status, message, errors] of [
    ['GET', '/', {}, 404, notFound],
    ['GET', `${api}/environments`, {}, 404, notFound],
    ['GET', `/${api}/environments/acme`, {}, 404, notFound],
    ['GET', `http://127.0.0.1${api}/environments/acme`, {}, 404, notFound],
    ['GET', `${api}/flows/../environments/acme/prod`, {}, 404, notFound],
    ['GET', `${api}/environments/acme/..`, {}, 404, 'Environment named \'..\' does not exist for organization \'acme\''],
    ['GET', `${api}/environments/acme/a%2Fb`, {}, 404, 'Environment named \'a/b\' does not exist for organization \'acme\''],
    ['GET', `${api}/environments/acme/__proto__`, {}, 404, 'Environment named \'__proto__\' does not exist for organization \'acme\''],
    ['GET', `${api}/environments/acme/%ZZ`, {}, 400, 'The requested URL is not percent-encoded UTF-8'],
    ['GET', `${api}/environments/acme/%FF`, {}, 400, 'The requested URL is not percent-encoded UTF-8'],
    ['DELETE', `${api}/environments/acme/prod`, {}, 405, 'The method is not allowed for the requested URL'],
    ['GET', `${api}/environments/other/prod`, {}, 403, 'You don\'t have permission to access this resource'],
    ['GET', `${api}/environments/acme?space_id=x`, {}, 400, invalid, {space_id: 'the local Kosli does not know the parameter \'space_id\''}],
    ['GET', `${api}/environments/acme?sort=size`, {}, 400, invalid, {sort: '\'size\' is not one of name, last_modified_at, last_changed_at'}],
    ['GET', `${api}/environments/acme?per_page=51`, {}, 400, invalid, {per_page: '\'51\' is not a whole number from 1 to 50'}],
    ['GET', `${api}/trails/acme?flow=f&page=0`, {}, 400, invalid, {page: '\'0\' is not a whole number from 1 to 9007199254740991'}],
    ['GET', `${api}/trails/acme?flow=f&per_page=101`, {}, 400, invalid, {per_page: '\'101\' is not a whole number from 1 to 100'}],
    ['GET', `${api}/trails/acme?flow=f&name=t`, {}, 400, invalid, {name: 'the local Kosli does not know the parameter \'name\''}],
    ['GET', `${api}/attestations/acme?name=a&name_regex=b`, {}, 400, invalid, {name_regex: 'it cannot be given together with name'}],
    ['GET', `${api}/attestations/acme?name_regex=(`, {}, 400, invalid, {name_regex: '\'(\' is not a regular expression'}],
    ['GET', `${api}/attestations/acme?from_timestamp=1.5`, {}, 400, invalid, {from_timestamp: '\'1.5\' is not a whole number of seconds'}],
    ['GET', `${api}/attestations/acme?after=none`, {}, 400, invalid, {after: '\'none\' is not where a page ended'}],
    ['PATCH', `${api}/tags/acme/space/prod`, {json: {}}, 404, notFound],
    ['PATCH', `${api}/tags/acme/constructor/prod`, {json: {}}, 404, notFound],
    ['PATCH', `${api}/tags/acme/env/prod`, {json: {set_tag: {}}}, 400, invalid, {set_tag: 'Additional properties are not allowed (\'set_tag\' was unexpected)'}],
    ['PATCH', `${api}/tags/acme/env/prod`, {json: {set_tags: {a: 1}}}, 400, invalid, {set_tags: '1 is not of type \'string\''}],
    ['PATCH', `${api}/tags/acme/env/prod`, {body: '{"set_tags":{"__proto__":"x"}}', headers: {'content-type': json}}, 400, invalid, {set_tags: '\'__proto__\' does not match \'^[a-zA-Z0-9][a-zA-Z0-9\\-_.~]*$\''}],
    ['PATCH', `${api}/tags/acme/env/prod`, {json: {remove_tags: 'a'}}, 400, invalid, {remove_tags: '\'a\' is not of type \'array\''}],
    ['PATCH', `${api}/tags/acme/env/prod`, {json: []}, 400, invalid, {'': '[] is not of type \'object\''}],
    ['PATCH', `${api}/tags/acme/env/prod`, {}, 415, 'The body must be JSON'],
    ['PATCH', `${api}/tags/acme/env/prod`, {body: '{', headers: {'content-type': json}}, 400, 'The body is not JSON'],
    ['PATCH', `${api}/tags/acme/env/prod`, {body: Buffer.from('"\xFF"', 'latin1'), headers: {'content-type': json}}, 400, 'The body is not UTF-8'],
    ['PATCH', `${api}/tags/acme/env/prod`, {body: '{}', headers: {'content-type': 'text/plain'}}, 415, 'The content type \'text/plain\' is neither JSON nor a multipart form'],
    ['PUT', `${api}/environments/acme`, {json: {name: 'x'}}, 400, invalid, {type: '\'type\' is a required property'}],
    ['PUT', `${api}/environments/acme`, {json: {name: 'x', type: 'k8s'}}, 400, invalid, {type: '\'k8s\' is not one of [\'K8S\', \'ECS\', \'S3\', \'lambda\', \'server\', \'docker\', \'azure-apps\', \'cloud-run\', \'logical\']'}],
    ['PUT', `${api}/environments/acme`, {json: {...environment, type: 'K8S'}}, 400, invalid, {type: 'environment \'prod\' is of type \'server\''}],
    ['PUT', `${api}/environments/acme`, {json: {...environment, name: 'a\n'}}, 400, invalid, {name: '\'a\n\' does not match \'^[a-zA-Z0-9][a-zA-Z0-9.\\-_]*$\''}],
    ['PUT', `${api}/flows/acme/template_file`, form(dataOf({name: 'f'})), 400, invalid, {template_file: '\'template_file\' is a required property'}],
    ['PUT', `${api}/flows/acme/template_file`, form(dataOf({name: 'f'}), {...emptyTemplate, value: 'version: 2'}), 400, invalid, {template: 'a template begins with `version: 1`'}],
    ['PUT', `${api}/trails/acme/f`, {json: {name: 't'}}, 415, 'The body must be a multipart form'],
    ['PUT', `${api}/trails/acme/f`, form(), 400, invalid, {data_json: '\'data_json\' is required once'}],
    ['PUT', `${api}/trails/acme/f`, form(dataOf({name: 't'}), dataOf({name: 'u'})), 400, invalid, {data_json: '\'data_json\' is required once'}],
    ['PUT', `${api}/trails/acme/f`, form({name: 'data_json', value: deep}), 400, 'The JSON is nested too deeply'],
    ['PUT', `${api}/trails/acme/f`, form(dataOf({name: 't', template: 'x'})), 400, invalid, {template: 'Additional properties are not allowed (\'template\' was unexpected)'}],
    ['PUT', `${api}/trails/acme/f`, {body: 'x', headers: {'content-type': 'multipart/form-data'}}, 400, 'The form cannot be read: the content type names no boundary'],
    ['PUT', `${api}/trails/acme/f`, {body: multipartOf([dataOf({name: 't'})]).body.subarray(0, -6), headers: {'content-type': multipartOf([]).type}}, 400, 'The form cannot be read: a part is cut short'],
    ['POST', attest, form(dataOf({attestation_name: 'on'}), {name: 'extra', value: ''}), 400, invalid, {extra: 'Additional properties are not allowed (\'extra\' was unexpected)'}],
    ['POST', attest, attestation({user_data: 'text'}), 400, invalid, {user_data: '\'text\' is not of type \'object\''}],
    ['POST', attest, attestation({annotations: {'a b': 'x'}}), 400, invalid, {annotations: '\'a b\' does not match \'^[A-Za-z0-9_-]+$\''}],
    ['POST', attest, attestation({external_urls: {a: {url: 'x'}}}), 400, invalid, {external_urls: '\'href\' is a required property'}],
    ['POST', attest, attestation({is_compliant: 'true'}), 400, invalid, {is_compliant: '\'true\' is not of type \'boolean\''}],
    ['POST', attest, attestation({target_artifacts: ['a', 'b']}), 400, invalid, {target_artifacts: 'the local Kosli takes one artifact at a time'}],
    ['POST', attest, attestation({artifact_fingerprint: 'a'.repeat(64)}), 404, `Artifact with fingerprint ${'a'.repeat(64)} does not exist in trail "t" of flow "f" belonging to organization "acme"`],
  ]) {
    const answer = await ask(server, method, path, content);
    assert.deepEqual(answer, {status, body: errors === undefined ? {message} : {message, errors}}, `${method} ${path}`);
  }
  const {body: trail} = await ask(server, 'GET', `${api}/trails/acme/f/t`);
  assert.equal(trail.events.length, 2, 'nothing of it was written');
});

test('a request that is too large is answered, and the next one too', async t => {
  const server = await furnished(t);
  const path = '/api/v2/attestations/acme/f/trail/t/generic';
  const sized = bytes => {
    const form = size => [dataOf({attestation_name: 'on'}), {name: 'attachment_file', filename: 'a', value: Buffer.alloc(size)}];
    return form(bytes - multipartOf(form(0)).body.length);
  };
  const most = 10 * 1024 * 1024;
  assert.equal((await ask(server, 'POST', path, {form: sized(most)})).status, 201);
  assert.equal((await ask(server, 'POST', path, {form: sized(most + 1)})).status, 413);
  const agent = new http.Agent({keepAlive: true});
  t.after(() => agent.destroy());
  assert.equal((await ask(server, 'POST', path, {form: sized(3 * most), headers: {'transfer-encoding': 'chunked'}, agent})).status, 413);
  assert.equal(Object.values(agent.freeSockets).flat().length, 1, 'the connection is as good as before');
  assert.equal((await ask(server, 'POST', path, {form: sized(most + 1), headers: {authorization: 'Bearer wrong'}})).status, 401);
  assert.equal((await ask(server, 'GET', '/api/v2/attestations/acme/f/trail/t/on')).body.length, 2);
});

test('texts and values come back to the byte', async t => {
  const server = await furnished(t);
  const texts = [
    '', '\0', 'a\0b', '\r', '\n', '\r\n', 'x\r\n--a1b2c3\r\n', 'x\r\n--a1b2c3--\r\n', '\u0001\u001F\u007F\u0080\u2028\uFEFF', '🚦\u{10FFFF}', '\uD800', 'x\uDC00y',
    '"\\</script>', `"${'['.repeat(200)}`, 'x'.repeat(4096), '🚦'.repeat(100_000),
  ];
  for (const text of texts) {
    const data = {attestation_name: 'text', description: text, annotations: {text}, user_data: [text, 1.5, null, {constructor: text}], external_urls: {[text.replace(/[=.]/g, '') || 'x']: {href: text}}};
    assert.equal((await ask(server, 'POST', '/api/v2/attestations/acme/f/trail/t/generic', {form: [dataOf(data)]})).status, 201);
    const {body: [latest]} = await ask(server, 'GET', '/api/v2/attestations/acme/f/trail/t/text');
    const {description, annotations, user_data, external_urls} = latest;
    assert.deepEqual({attestation_name: 'text', description, annotations, user_data, external_urls}, data);
    assert.equal((await ask(server, 'PATCH', '/api/v2/tags/acme/environment/prod', {json: {set_tags: {text}, remove_tags: null}})).status, 200);
    assert.equal((await ask(server, 'GET', '/api/v2/environments/acme/prod')).body.tags.text, text);
  }
});

test('documents have the members that Kosli\'s have, in their order', async t => {
  const server = await furnished(t);
  const membersOf = async path => Object.keys((await ask(server, 'GET', `/api/v2/${path}`)).body);
  const at = async path => (await ask(server, 'GET', `/api/v2/${path}`)).body;
  const environmentMembers = ['org', 'name', 'type', 'description', 'last_modified_at', 'last_reported_at', 'last_changed_at', 'state', 'include_scaling', 'tags', 'policies', 'included_environments'];
  const trailMembers = [
    'name', 'description', 'git_commit_info', 'origin_url', 'user_data', 'repo_ids', 'last_modified_at', 'created_at', 'compliance_status', 'template',
    'compliance_state', 'is_compliant', 'events', 'created_by', 'flow', 'external_urls', 'html_url',
  ];
  assert.deepEqual(await membersOf('environments/acme/prod'), environmentMembers);
  assert.deepEqual(Object.keys((await at('environments/acme'))[0]), environmentMembers);
  assert.deepEqual(await membersOf('flows/acme/f'), ['id', 'name', 'description', 'visibility', 'org', 'template', 'repo_url', 'tags']);
  assert.deepEqual(Object.keys((await at('flows/acme'))[0]).slice(-2), ['latest_activity_at', 'latest_state']);
  assert.deepEqual(await membersOf('trails/acme/f/t'), trailMembers);
  const trail = await at('trails/acme/f/t');
  assert.deepEqual((await at('trails/acme?flow=f')).data, [trail]);
  assert.deepEqual((await at('trails/acme/f')).data, [trail]);
  assert.deepEqual(Object.keys(trail.compliance_status), ['status', 'is_compliant', 'attestations_statuses', 'artifacts_statuses', 'evaluated_at', 'flow_template_id']);
  assert.deepEqual(Object.keys(trail.compliance_status.attestations_statuses[0]), ['attestation_name', 'attestation_type', 'attestation_id', 'overridden_attestation_id', 'status', 'is_compliant', 'unexpected']);
  assert.deepEqual(trail.template, {version: 1, trail: {attestations: [], artifacts: []}, content: 'version: 1'});
  assert.equal(trail.created_by, 'alice');
  const [attestation] = await at('attestations/acme/f/trail/t/on');
  assert.deepEqual(Object.keys(attestation), [
    'schema_version', 'attestation_type', 'attestation_name', 'is_compliant', 'origin_url', 'description', 'git_commit_info', 'external_urls', 'annotations', 'user_data',
    'created_at', 'attestation_id', 'html_url', 'flow_name', 'trail_name', 'reported_by', 'has_audit_package', '_links',
  ]);
  assert.match(attestation.attestation_id, /^[0-9a-f-]{32}$/);
  assert.equal(attestation.html_url, `${server.url}/acme/flows/f/trails/t?attestation_id=${attestation.attestation_id}`);
  assert.deepEqual((await at(`attestations/acme?attestation_id=${attestation.attestation_id}`)).data, [attestation]);
  assert.deepEqual((await at('attestations/acme?attestation_id=none')).data, []);
});

test('times order what happened, however fast', async t => {
  const server = await furnished(t);
  await Promise.all(Array.from({length: 50}, () => ask(server, 'POST', '/api/v2/attestations/acme/f/trail/t/generic', {form: [dataOf({attestation_name: 'many'})]})));
  const times = (await ask(server, 'GET', '/api/v2/attestations/acme/f/trail/t/many')).body.map(({created_at}) => created_at);
  assert.equal(new Set(times).size, 50);
  assert.deepEqual(times, times.toSorted((left, right) => right - left), 'newest first');
});

test('send answers what HTTP answers', async t => {
  const server = await furnished(t);
  for (const request of [
    {method: 'GET', path: '/api/v2/trails/acme?flow=f&page=1&per_page=100'},
    {method: 'GET', path: '/api/v2/environments/acme/none'},
    {method: 'PATCH', path: '/api/v2/tags/acme/env/prod', json: {set_tags: {a: '1'}, remove_tags: []}},
    {method: 'PUT', path: '/api/v2/trails/acme/f', form: [dataOf({name: 'u'}), emptyTemplate]},
    {method: 'PUT', path: '/api/v2/trails/acme/f', form: [dataOf({name: 'u v'})]},
  ]) {
    const own = await server.send({request});
    assert.equal(typeof own.body, 'string');
    const {status, body} = await ask(server, request.method, request.path, request);
    const parsed = JSON.parse(own.body.replaceAll('http://localhost/', `${server.url}/`));
    // The second time a trail exists.
    assert.deepEqual({status: own.status === 201 ? 200 : own.status, body: parsed}, {status, body}, request.path);
  }
});

test('it listens on the loopback address only', async t => {
  const server = await serve(t);
  await assert.rejects(new Promise((resolve, reject) => {
    http.get({host: '127.0.0.2', port: server.port}, resolve).on('error', reject);
  }), {code: process.platform === 'linux' ? 'ECONNREFUSED' : /./});
});
