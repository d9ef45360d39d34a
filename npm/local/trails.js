// Flows and their trails: made, listed in pages.
import {flowDocument, flowListDocument, trailDocument} from './documents.js';
import {flowOf, trailOf} from './found.js';
import {newId} from './id.js';
import {Refusal, inputs, invalid, pagingInput, templateInput} from './input.js';
import {formOf, onlyKnown, textOf} from './request.js';

// Flows

export function putFlow({store, write, request}) {
  const {data, files} = formOf(request, 'template_file');
  const fields = inputs.flow(data);
  if (files.length !== 1) throw invalid({template_file: '\'template_file\' is a required property'});
  const known = store.flows.get(fields.name);
  write({write: 'flow', id: known?.id ?? newId(), template_id: newId(), ...fields, template: templateInput(textOf(files[0]))});
  return {status: known ? 200 : 201, body: 'OK'};
}

// What the CLI sends when it is told of no template: Kosli still takes it, as a thing of the past.
export function putOldFlow() {
  throw new Refusal(400, 'The local Kosli takes flows with a template only: add --use-empty-template or --template-file');
}

export function listFlows({store, org, query}) {
  onlyKnown(query, []);
  return {body: [...store.flows.values()].map(flow => flowListDocument(org, flow))};
}

export function getFlow({store, org, params}) {
  return {body: flowDocument(org, flowOf(store, org, params.flow))};
}

// Trails

export function putTrail({store, org, write, params, request}) {
  const flow = flowOf(store, org, params.flow);
  const {data, files} = formOf(request, 'template_file');
  const fields = inputs.trail(data);
  const template = files.length === 0 ? {} : {template_id: newId(), template: templateInput(textOf(files[0]))};
  const known = flow.trails.get(fields.name);
  write({write: 'trail', flow: flow.name, id: known?.id ?? newId(), ...fields, ...template});
  return {status: known ? 200 : 201, body: 'OK'};
}

export function listTrails({store, org, query, base}) {
  onlyKnown(query, ['flow', 'flow_tag', 'fingerprint', 'page', 'per_page']);
  const flow = query.get('flow');
  const all = flow === null ? store.trails : flowOf(store, org, flow).order;
  const [key, value] = query.get('flow_tag')?.split(/=(.*)/s) ?? [];
  const tagged = key === undefined ? all : all.filter(({flow: {tags}}) => tags.get(key) === value);
  const fingerprint = query.get('fingerprint');
  const trails = fingerprint === null ? tagged : tagged.filter(trail => store.builds.get(fingerprint)?.some(build => build.trail === trail));
  return {body: pageOfTrails(org, trails, query, base)};
}

export function listTrailsOfFlow({store, org, params, query, base}) {
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

export function getTrail({store, org, params, base}) {
  return {body: trailDocument(org, trailOf(store, org, params), base)};
}
