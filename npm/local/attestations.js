// Attestations: taken, found again, listed.
import {createHash} from 'node:crypto';
import {attestationDocument} from './documents.js';
import {flowOf, trailOf} from './found.js';
import {newId} from './id.js';
import {inputs, invalid, missing, pagingInput} from './input.js';
import {chosen, formOf, onlyKnown} from './request.js';

export function postAttestation({store, org, write, params, request}) {
  const trail = trailOf(store, org, params);
  const {data, files} = formOf(request, 'attachment_file');
  const fields = inputs.attestation(data);
  const artifact = artifactNamed(trail, org, params, fields);
  write({
    write: 'attestation', flow: params.flow, trail: trail.name, id: newId(), ...(artifact !== undefined && {artifact}), ...fields,
    // What was attached stays with whoever attached it: the journal only proves what it was.
    attachments: files.map(({filename, value}) => ({filename, sha256: createHash('sha256').update(value).digest('hex')})),
  });
  return {status: 201, body: 'OK'};
}

// The artifact of the trail that an attestation is about, by its name in the template; undefined if it is about the trail.
function artifactNamed(trail, org, params, {artifact_fingerprint: fingerprint, target_artifacts: targets = []}) {
  if (targets.length > 1) throw invalid({target_artifacts: 'the local Kosli takes one artifact at a time'});
  if (fingerprint === undefined) return targets[0];
  const [name] = [...trail.artifacts].find(([, {build}]) => build?.fingerprint === fingerprint) ?? [];
  if (name === undefined) throw missing.artifact(org, params.flow, params.trail, fingerprint);
  return name;
}

export function getAttestations({store, org, params, base}) {
  return newestFirst(trailOf(store, org, params).attestations.get(params.name) ?? [], org, base);
}

export function getAttestationsOfArtifact({store, org, params, base}) {
  const flow = flowOf(store, org, params.flow);
  const builds = (store.builds.get(params.fingerprint) ?? []).filter(build => build.flow === flow);
  if (builds.length === 0) throw missing.artifactInFlow(org, flow.name, params.fingerprint);
  const found = builds.flatMap(({trail, template_reference_name: name}) => trail.artifacts.get(name).attestations.get(params.name) ?? []);
  return newestFirst(found, org, base);
}

const newestFirst = (attestations, org, base) => ({body: attestations.map(attestation => attestationDocument(org, attestation, base)).reverse()});

const times = ['from_timestamp', 'to_timestamp'];

/** All of an organisation that fit, newest first; what a page leaves begins after its last one. */
export function listAttestations({store, org, query, base}) {
  onlyKnown(query, ['attestation_id', 'name', 'name_regex', 'flow', 'type', 'is_compliant', ...times, 'after', 'per_page']);
  const perPage = pagingInput(query, 'per_page', {absent: 20, most: 100});
  const found = chosenFrom(store, query).filter(filterOf(query)).reverse();
  const after = query.get('after');
  const begin = after === null ? 0 : found.findIndex(({id}) => id === after) + 1;
  if (after !== null && begin === 0) throw invalid({after: `'${after}' is not where a page ended`});
  const shown = found.slice(begin, begin + perPage);
  const linkTo = parameters => ({href: `${base}/api/v2/attestations/${org}?${parameters}`});
  const next = new URLSearchParams(query);
  next.set('after', shown.at(-1)?.id);
  return {
    body: {
      data: shown.map(attestation => attestationDocument(org, attestation, base)),
      _links: {self: linkTo(query), ...(begin + perPage < found.length && {next: linkTo(next)})},
      pagination: paginationOf(found, Math.floor(begin / perPage) + 1, perPage),
    },
  };
}

function chosenFrom(store, query) {
  const id = query.get('attestation_id');
  if (id !== null) return store.attestations.has(id) ? [store.attestations.get(id)] : [];
  const name = query.get('name');
  if (name !== null && query.has('name_regex')) throw invalid({name_regex: 'it cannot be given together with name'});
  return name === null ? [...store.attestations.values()] : [...store.attestationsByName.get(name) ?? []];
}

function filterOf(query) {
  const pattern = patternOf(query.get('name_regex'));
  const [flows, types] = ['flow', 'type'].map(name => query.getAll(name));
  const compliant = query.has('is_compliant') ? chosen(query, 'is_compliant', ['true', 'false']) === 'true' : undefined;
  const [from = 0, to = Infinity] = timesOf(query);
  return ({name, trail, is_compliant: isCompliant, created_at: at}) =>
    (pattern === undefined || pattern.test(name))
    && (flows.length === 0 || flows.includes(trail.flow.name))
    && (types.length === 0 || types.includes('generic'))
    && (compliant === undefined || compliant === isCompliant)
    && at >= from && at <= to;
}

function patternOf(text) {
  try {
    return text === null ? undefined : new RegExp(text, 'u');
  } catch {
    throw invalid({name_regex: `'${text}' is not a regular expression`});
  }
}

const timesOf = query => times.map(name => {
  const text = query.get(name);
  if (text === null) return undefined;
  if (!/^\d{1,15}$/.test(text)) throw invalid({[name]: `'${text}' is not a whole number of seconds`});
  return Number(text);
});

/** All of a flow, newest first, in numbered pages. */
export function listAttestationsOfFlow({store, org, params, query, base}) {
  onlyKnown(query, [...times, 'page', 'per_page']);
  const flow = flowOf(store, org, params.flow);
  const page = pagingInput(query, 'page', {absent: 1});
  const perPage = pagingInput(query, 'per_page', {absent: 20, most: 100});
  const found = [...store.attestations.values()].filter(({trail}) => trail.flow === flow).filter(filterOf(query)).reverse();
  const shown = found.slice((page - 1) * perPage, page * perPage);
  return {body: {data: shown.map(attestation => attestationDocument(org, attestation, base)), pagination: paginationOf(found, page, perPage)}};
}

const paginationOf = (found, page, perPage) => ({total: found.length, page, per_page: perPage, page_count: Math.ceil(found.length / perPage)});
