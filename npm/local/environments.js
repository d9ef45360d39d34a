// Environments and tags: made, listed, joined, archived, renamed, tagged.
import {environmentDocument} from './documents.js';
import {environmentOf, flowOf, membersOf, physicalOf} from './found.js';
import {newId} from './id.js';
import {Refusal, inputs, invalid, pagingInput, refuse} from './input.js';
import {chosen, jsonOf, onlyKnown} from './request.js';

export function putEnvironment({store, org, write, request}) {
  const fields = inputs.environment(jsonOf(request));
  for (const member of fields.included_environments ?? []) physicalOf(store, org, member);
  const known = store.environments.get(fields.name);
  if (known !== undefined && known.type !== fields.type) throw invalid({type: `environment '${fields.name}' is of type '${known.type}'`});
  // The CLI sends an empty description when it was given none.
  if (fields.description === '') delete fields.description;
  write({write: 'environment', ...(known === undefined && {id: newId()}), ...fields});
  return {status: known ? 200 : 201, body: 'OK'};
}

export function getEnvironment({store, org, params}) {
  return {body: documentOf(store, org, environmentOf(store, org, params.environment))};
}

const documentOf = (store, org, environment) => environmentDocument(org, environment, membersOf(store, environment));

// What they demand is not known here; that there are some makes what runs compliant or not.
export function attachPolicies({store, org, write, params, request}) {
  const {name, type, policies} = environmentOf(store, org, params.environment);
  const {policy_names: names} = inputs.policies(jsonOf(request));
  write({write: 'environment', name, type, policies: [...new Set([...policies, ...names])]});
  return {body: 'OK'};
}

export function joinEnvironment({store, org, write, params, request}) {
  const logical = environmentOf(store, org, params.environment);
  if (logical.type !== 'logical') throw invalid({name: `environment '${logical.name}' is not logical`});
  const {name} = physicalOf(store, org, inputs.join(jsonOf(request)).physical_env_name);
  write({write: 'environment', name: logical.name, type: 'logical', included_environments: [...new Set([...logical.included_environments, name])]});
  return {body: 'OK'};
}

// It is listed no more; what Kosli keeps of its tags nobody has said, and here they stay.
export function archiveEnvironment({store, org, write, params}) {
  write({write: 'archive', name: environmentOf(store, org, params.environment).name});
  return {body: 'OK'};
}

export function renameEnvironment({store, org, write, params, request}) {
  const {name} = environmentOf(store, org, params.environment);
  const {new_name: to} = inputs.rename(jsonOf(request));
  if (store.environments.has(to)) throw invalid({new_name: `environment '${to}' already exists`});
  write({write: 'rename', name, to});
  return {body: 'OK'};
}

export function listEnvironments({store, org, query}) {
  onlyKnown(query, ['name', 'type', 'tag', 'sort', 'sort_direction', 'page', 'per_page']);
  const name = (query.get('name') ?? '').toLowerCase();
  const types = query.getAll('type');
  const tags = query.getAll('tag').map(tag => tag.split(/:(.*)/s));
  const found = [...store.environments.values()].filter(environment =>
    environment.name.toLowerCase().includes(name)
    && (types.length === 0 || types.includes(environment.type))
    && tags.every(([key, value]) => environment.tags.has(key) && (value === undefined || environment.tags.get(key) === value)));
  const all = sorted(found.map(environment => documentOf(store, org, environment)), query);
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
  return environments.sort((left, right) => ((left[by] ?? 0) < (right[by] ?? 0) ? -1 : 1) * ascending);
}

// Tags

const tagged = {env: 'environment', environment: 'environment', environments: 'environment', flow: 'flow', flows: 'flow'};

export function patchTags({store, org, write, params: {kind, name}, request}) {
  const what = Object.hasOwn(tagged, kind) ? tagged[kind] : refuse(new Refusal(404, 'The requested URL was not found on the server'));
  const {name: current} = what === 'environment' ? environmentOf(store, org, name) : flowOf(store, org, name);
  const {set_tags: set = {}, remove_tags: remove = []} = inputs.tags(jsonOf(request));
  write({write: 'tags', kind: `${what}s`, name: current, set, remove});
  return {body: 'OK'};
}
