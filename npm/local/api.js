// What can be asked: each route of the API, what it reads from the store or writes to it.
//
// A route returns what to answer at once, from what it sees at once; that answer goes out when everything seen is on disk.
import {createHash, randomUUID} from 'node:crypto';
import {attestationDocument, environmentDocument, flowDocument, flowListDocument, trailDocument} from './documents.js';
import {archived, Refusal, inputs, invalid, missing, pagingInput, templateInput} from './input.js';

const routes = [
  ['PUT', 'environments/:org', putEnvironment],
  ['GET', 'environments/:org', listEnvironments],
  ['GET', 'environments/:org/:environment', getEnvironment],
  ['PUT', 'environments/:org/:environment/join', joinEnvironment],
  ['PUT', 'environments/:org/:environment/archive', archiveEnvironment],
  ['PUT', 'environments/:org/:environment/rename', renameEnvironment],
  ['PATCH', 'tags/:org/:kind/:name', patchTags],
  ['PUT', 'flows/:org/template_file', putFlow],
  ['PUT', 'flows/:org', putOldFlow],
  ['GET', 'flows/:org', listFlows],
  ['GET', 'flows/:org/:flow', getFlow],
  ['PUT', 'trails/:org/:flow', putTrail],
  ['GET', 'trails/:org', listTrails],
  ['GET', 'trails/:org/:flow', listTrailsOfFlow],
  ['GET', 'trails/:org/:flow/:trail', getTrail],
  ['POST', 'attestations/:org/:flow/trail/:trail/generic', postAttestation],
  ['GET', 'attestations/:org/:flow/trail/:trail/:name', getAttestations],
  ['GET', 'attestations/:org', findAttestation],
].map(([method, pattern, respond]) => ({method, pattern: ['api', 'v2', ...pattern.split('/')], respond}));

/**
 * Answers one request: `{method, path, json}` or `{method, path, form: [{name, filename?, value}]}`, as `{status, body}`.
 *
 * `local` is `{store, org, write(entry)}`; `base` is the address that links begin with. Throws a `Refusal` as Kosli refuses.
 */
export function respond(local, base, request) {
  const [path, search = ''] = request.path.split(/\?(.*)/s);
  const segments = path.split('/').slice(1).map(decoded);
  const matches = routes.map(route => ({...route, params: paramsOf(route.pattern, segments)})).filter(({params}) => params !== undefined);
  if (matches.length === 0) throw new Refusal(404, 'The requested URL was not found on the server');
  const match = matches.find(({method}) => method === request.method);
  if (match === undefined) throw new Refusal(405, 'The method is not allowed for the requested URL');
  if (match.params.org !== local.org) throw new Refusal(403, 'You don\'t have permission to access this resource');
  return {status: 200, ...match.respond({...local, base, params: match.params, query: new URLSearchParams(search), request})};
}

function decoded(segment) {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new Refusal(400, 'The requested URL is not percent-encoded UTF-8');
  }
}

function paramsOf(pattern, segments) {
  if (pattern.length !== segments.length) return undefined;
  const params = {};
  for (const [index, part] of pattern.entries()) {
    if (part.startsWith(':')) params[part.slice(1)] = segments[index];
    else if (part !== segments[index]) return undefined;
  }
  return params;
}

// Environments

function putEnvironment({store, org, write, request}) {
  const fields = inputs.environment(jsonOf(request));
  for (const member of fields.included_environments ?? []) physicalOf(store, org, member);
  const known = store.environments.get(fields.name);
  if (known !== undefined && known.type !== fields.type) throw invalid({type: `environment '${fields.name}' is of type '${known.type}'`});
  // The CLI sends an empty description when it was given none.
  if (fields.description === '') delete fields.description;
  write({write: 'environment', ...fields});
  return {status: known ? 200 : 201, body: 'OK'};
}

function getEnvironment({store, org, params}) {
  return {body: environmentDocument(org, environmentOf(store, org, params.environment))};
}

// Also under the name that it had before it was renamed, as long as no other one has taken that.
function environmentOf(store, org, name) {
  const found = store.environments.get(name) ?? store.environments.get(store.renamed.get(name));
  if (found === undefined) throw store.archived.has(name) ? archived(org, name) : missing.environment(org, name);
  return found;
}

function physicalOf(store, org, name) {
  const found = environmentOf(store, org, name);
  if (found.type === 'logical') throw invalid({included_environments: `environment '${name}' is logical; a logical environment is made of physical ones`});
  return found;
}

function joinEnvironment({store, org, write, params, request}) {
  const logical = environmentOf(store, org, params.environment);
  if (logical.type !== 'logical') throw invalid({name: `environment '${logical.name}' is not logical`});
  const {name} = physicalOf(store, org, inputs.join(jsonOf(request)).physical_env_name);
  write({write: 'environment', name: logical.name, type: 'logical', included_environments: [...new Set([...logical.included_environments, name])]});
  return {body: 'OK'};
}

// It is listed no more; what Kosli keeps of its tags nobody has said, and here they stay.
function archiveEnvironment({store, org, write, params}) {
  write({write: 'archive', name: environmentOf(store, org, params.environment).name});
  return {body: 'OK'};
}

function renameEnvironment({store, org, write, params, request}) {
  const {name} = environmentOf(store, org, params.environment);
  const {new_name: to} = inputs.rename(jsonOf(request));
  if (store.environments.has(to)) throw invalid({new_name: `environment '${to}' already exists`});
  write({write: 'rename', name, to});
  return {body: 'OK'};
}

function listEnvironments({store, org, query}) {
  onlyKnown(query, ['name', 'type', 'tag', 'sort', 'sort_direction', 'page', 'per_page']);
  const name = (query.get('name') ?? '').toLowerCase();
  const types = query.getAll('type');
  const tags = query.getAll('tag').map(tag => tag.split(/:(.*)/s));
  const found = [...store.environments.values()].filter(environment =>
    environment.name.toLowerCase().includes(name)
    && (types.length === 0 || types.includes(environment.type))
    && tags.every(([key, value]) => environment.tags.has(key) && (value === undefined || environment.tags.get(key) === value)));
  const all = sorted(found, query).map(environment => environmentDocument(org, environment));
  if (!query.has('page') && !query.has('per_page')) return {body: all};
  const page = pagingInput(query, 'page', {absent: 1});
  const perPage = pagingInput(query, 'per_page', {absent: 15, most: 50});
  return {
    body: {
      page, per_page: perPage, total_pages: Math.ceil(all.length / perPage), total_count: all.length,
      environments: all.slice((page - 1) * perPage, page * perPage),
    },
  };
}

function sorted(environments, query) {
  const by = chosen(query, 'sort', ['name', 'last_modified_at', 'last_changed_at']);
  const ascending = chosen(query, 'sort_direction', ['asc', 'desc']) === 'asc' ? 1 : -1;
  // Here an environment changes only by being modified.
  const keyOf = by === 'name' ? ({name}) => name : ({last_modified_at}) => last_modified_at;
  return environments.sort((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1) * ascending);
}

// Tags

const tagged = {env: 'environment', environment: 'environment', environments: 'environment', flow: 'flow', flows: 'flow'};

function patchTags({store, org, write, params: {kind, name}, request}) {
  const what = Object.hasOwn(tagged, kind) ? tagged[kind] : refuse(new Refusal(404, 'The requested URL was not found on the server'));
  const {name: current} = what === 'environment' ? environmentOf(store, org, name) : flowOf(store, org, name);
  const {set_tags: set = {}, remove_tags: remove = []} = inputs.tags(jsonOf(request));
  write({write: 'tags', kind: `${what}s`, name: current, set, remove});
  return {body: 'OK'};
}

// Flows

function putFlow({store, write, request}) {
  const {data, files} = formOf(request, 'template_file');
  const fields = inputs.flow(data);
  if (files.length !== 1) throw invalid({template_file: '\'template_file\' is a required property'});
  const known = store.flows.get(fields.name);
  write({write: 'flow', id: known?.id ?? newId(), template_id: newId(), ...fields, template: templateInput(textOf(files[0]))});
  return {status: known ? 200 : 201, body: 'OK'};
}

// What the CLI sends when it is told of no template: Kosli still takes it, as a thing of the past.
function putOldFlow() {
  throw new Refusal(400, 'The local Kosli takes flows with a template only: add --use-empty-template or --template-file');
}

function listFlows({store, org, query}) {
  onlyKnown(query, []);
  return {body: [...store.flows.values()].map(flow => flowListDocument(org, flow))};
}

function getFlow({store, org, params}) {
  return {body: flowDocument(org, flowOf(store, org, params.flow))};
}

const flowOf = (store, org, name) => store.flows.get(name) ?? refuse(missing.flow(org, name));

// Trails

function putTrail({store, org, write, params, request}) {
  const flow = flowOf(store, org, params.flow);
  const {data, files} = formOf(request, 'template_file');
  const fields = inputs.trail(data);
  const template = files.length === 0 ? {} : {template_id: newId(), template: templateInput(textOf(files[0]))};
  const known = flow.trails.get(fields.name);
  write({write: 'trail', flow: flow.name, id: known?.id ?? newId(), ...fields, ...template});
  return {status: known ? 200 : 201, body: 'OK'};
}

function listTrails({store, org, query, base}) {
  onlyKnown(query, ['flow', 'flow_tag', 'page', 'per_page']);
  const flow = query.get('flow');
  const trails = flow === null ? store.trails : flowOf(store, org, flow).order;
  const [key, value] = query.get('flow_tag')?.split(/=(.*)/s) ?? [];
  return {body: pageOfTrails(org, key === undefined ? trails : trails.filter(({flow: {tags}}) => tags.get(key) === value), query, base)};
}

function listTrailsOfFlow({store, org, params, query, base}) {
  onlyKnown(query, ['page', 'per_page']);
  return {body: pageOfTrails(org, flowOf(store, org, params.flow).order, query, base)};
}

// Trails are kept oldest first and shown newest first: a page costs its own length, however many there are.
function pageOfTrails(org, trails, query, base) {
  const page = pagingInput(query, 'page', {absent: 1});
  const perPage = pagingInput(query, 'per_page', {absent: 20, most: 100});
  const end = trails.length - (page - 1) * perPage;
  const shown = end <= 0 ? [] : trails.slice(Math.max(0, end - perPage), end).reverse();
  return {
    data: shown.map(trail => trailDocument(org, trail, base)),
    pagination: {total: trails.length, page, per_page: perPage, page_count: Math.ceil(trails.length / perPage)},
  };
}

function getTrail({store, org, params, base}) {
  return {body: trailDocument(org, trailOf(store, org, params), base)};
}

const trailOf = (store, org, {flow, trail}) => flowOf(store, org, flow).trails.get(trail) ?? refuse(missing.trail(org, flow, trail));

// Attestations

function postAttestation({store, org, write, params, request}) {
  const trail = trailOf(store, org, params);
  const {data, files} = formOf(request, 'attachment_file');
  const {artifact_fingerprint: fingerprint, target_artifacts: targets = [], ...fields} = inputs.attestation(data);
  // There are no artifacts here.
  if (fingerprint !== undefined) throw missing.artifact(org, params.flow, params.trail, fingerprint);
  if (targets.length > 0) throw invalid({target_artifacts: 'artifacts cannot be attested in a local Kosli'});
  write({
    write: 'attestation', flow: params.flow, trail: trail.name, id: newId(), ...fields,
    // What was attached stays with whoever attached it: the journal only proves what it was.
    attachments: files.map(({filename, value}) => ({filename, sha256: createHash('sha256').update(value).digest('hex')})),
  });
  return {status: 201, body: 'OK'};
}

function getAttestations({store, org, params, base}) {
  const namesakes = trailOf(store, org, params).attestations.get(params.name) ?? [];
  return {body: namesakes.map(attestation => attestationDocument(org, attestation, base)).reverse()};
}

function findAttestation({store, org, query, base}) {
  onlyKnown(query, ['attestation_id']);
  const id = query.get('attestation_id') ?? refuse(invalid({attestation_id: '\'attestation_id\' is a required property'}));
  const data = [store.attestations.get(id)].filter(found => found !== undefined).map(found => attestationDocument(org, found, base));
  return {
    body: {
      data,
      _links: {self: {href: `${base}/api/v2/attestations/${org}?attestation_id=${encodeURIComponent(id)}`}},
      pagination: {total: data.length, page: 1, per_page: 20, page_count: data.length},
    },
  };
}

// Requests

// The length of Kosli's ids.
const newId = () => randomUUID().slice(0, 32);

function refuse(refusal) {
  throw refusal;
}

// A filter that is not understood must not pass for one that found everything.
function onlyKnown(query, names) {
  const unknown = [...query.keys()].find(name => !names.includes(name));
  if (unknown !== undefined) throw invalid({[unknown]: `the local Kosli does not know the parameter '${unknown}'`});
}

function chosen(query, name, [usual, ...others]) {
  const value = query.get(name) ?? usual;
  if (![usual, ...others].includes(value)) throw invalid({[name]: `'${value}' is not one of ${[usual, ...others].join(', ')}`});
  return value;
}

const jsonOf = ({json}) => json === undefined ? refuse(new Refusal(415, 'The body must be JSON')) : json;

// The fields of a multipart form: JSON in `data_json`, files in `fileField`, nothing else.
function formOf({form}, fileField) {
  if (form === undefined) throw new Refusal(415, 'The body must be a multipart form');
  const stranger = form.find(({name, filename}) => name !== 'data_json' && (name !== fileField || filename === undefined));
  if (stranger !== undefined) throw invalid({[stranger.name]: `Additional properties are not allowed ('${stranger.name}' was unexpected)`});
  const [data, ...more] = form.filter(({name}) => name === 'data_json');
  if (data === undefined || more.length > 0) throw invalid({data_json: '\'data_json\' is required once'});
  return {data: parseJson(textOf(data)), files: form.filter(({name}) => name === fileField)};
}

function textOf({name, value}) {
  if (typeof value === 'string') return value;
  try {
    return new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(value);
  } catch {
    throw invalid({[name]: 'it is not UTF-8'});
  }
}

/** Parses the JSON of a request. */
export function parseJson(text) {
  if (isDeep(text)) throw new Refusal(400, 'The JSON is nested too deeply');
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal(400, 'The body is not JSON');
  }
}

// Far less than what would overflow the stack when it is written or shown again.
const mostNested = 100;

function isDeep(text) {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const letter = text[at];
    if (quoted) {
      if (letter === '\\') at++;
      else if (letter === '"') quoted = false;
    } else if (letter === '"') quoted = true;
    else if (letter === '[' || letter === '{') {
      if (++depth > mostNested) return true;
    } else if (letter === ']' || letter === '}') depth--;
  }
  return false;
}
