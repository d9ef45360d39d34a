// What is known: environments and what ran in them, flows, trails, artifacts, attestations, in memory, as the journal's entries made it.
//
// An entry holds everything that was decided when it was written (ids, times, who), so that a replay gives the same documents.
import {artifactsIn, takeReport} from './snapshots.js';
import {readTemplate} from './template.js';

export class Store {
  environments = new Map();
  renamed = new Map(); // from a former name to the one it has now
  archived = new Map();
  flows = new Map();
  trails = []; // of all flows, oldest first
  attestations = new Map(); // by id, oldest first
  attestationsByName = new Map();
  builds = new Map(); // by fingerprint: what trails say of an artifact, the first that was told of it first; a list is never changed
  latest = 0; // the newest entry's time

  /** Makes an entry of the journal so. */
  apply(entry) {
    if (!Object.hasOwn(effects, entry.write)) throw new Error(`it writes \`${entry.write}\`, which is unknown`);
    effects[entry.write](this, entry);
    this.latest = entry.at;
  }

  trail(flow, name) {
    return this.flows.get(flow)?.trails.get(name);
  }
}

const effects = {
  environment(store, {at, by, id = null, name, type, ...fields}) {
    // One that was archived comes back with what it had: a freeze that was lost on the way would be the worse mistake.
    const known = store.environments.get(name) ?? store.archived.get(name) ?? {
      id, name, description: '', include_scaling: false, policies: [], included_environments: [], tags: new Map(),
      last_reported_at: null, report: [], reported: [], snapshots: [], events: [], lines: new Map(),
    };
    store.archived.delete(name);
    store.renamed.delete(name);
    store.environments.set(name, Object.assign(known, {type, ...fields, last_modified_at: at}));
  },

  archive(store, {name}) {
    store.archived.set(name, known(store.environments.get(name), name));
    store.environments.delete(name);
  },

  rename(store, {at, name, to}) {
    const environment = known(store.environments.get(name), name);
    store.environments.delete(name);
    store.environments.set(to, Object.assign(environment, {name: to, last_modified_at: at}));
    for (const [former, current] of store.renamed) if (current === name) store.renamed.set(former, to);
    store.renamed.set(name, to);
    store.renamed.delete(to);
    store.archived.delete(to);
    for (const {included_environments: members} of store.environments.values()) {
      if (members.includes(name)) members.splice(members.indexOf(name), 1, to);
    }
  },

  // Without artifacts it says what the last one said.
  report(store, {at, environment: name, artifacts}) {
    const environment = known(store.environments.get(name), name);
    if (artifacts !== undefined) environment.reported = artifactsIn(artifacts, environment.reported);
    environment.report = artifacts ?? environment.report;
    takeReport(store, environment, at);
  },

  tags(store, {at, kind, name, set, remove}) {
    const tagged = known(store[kind].get(name), name);
    // A key that is both set and removed stays: for a freeze that is the careful side.
    for (const key of remove) tagged.tags.delete(key);
    for (const [key, value] of Object.entries(set)) tagged.tags.set(key, value);
    tagged.last_modified_at = at;
  },

  flow(store, {at, by, id, template_id, name, template, ...fields}) {
    const flow = store.flows.get(name) ?? {
      id, name, description: '', visibility: 'private', tags: new Map(), trails: new Map(), order: [],
    };
    store.flows.set(name, Object.assign(flow, fields, {last_modified_at: at, template: readTemplate(template), template_id}));
  },

  trail(store, {at, by, flow: flowName, id, template_id, name, template, repo_info, ...fields}) {
    const flow = known(store.flows.get(flowName), flowName);
    let trail = flow.trails.get(name);
    const event = trail === undefined ? 'trail_reported' : 'trail_updated';
    if (trail === undefined) {
      trail = {
        id, name, flow, description: '', git_commit_info: null, origin_url: null, user_data: {}, external_urls: null,
        created_at: at, created_by: by, template: flow.template, template_id: flow.template_id,
        attestations: new Map(), artifacts: new Map(), events: [],
      };
      flow.trails.set(name, trail);
      flow.order.push(trail);
      store.trails.push(trail);
    }
    Object.assign(trail, fields, {last_modified_at: at});
    if (template !== undefined) Object.assign(trail, {template: readTemplate(template), template_id});
    trail.events.push({at, by, type: event, git_commit_info: fields.git_commit_info ?? null, repo_info: repo_info ?? null});
  },

  artifact(store, {at, by, flow, trail: trailName, ...fields}) {
    const trail = known(store.trail(flow, trailName), trailName);
    const {fingerprint, template_reference_name: name, filename, git_commit} = fields;
    const build = {flow: trail.flow, trail, created_at: at, reported_by: by, ...fields};
    artifactOf(trail, name).build = build;
    const others = store.builds.get(fingerprint) ?? [];
    const place = others.findIndex(other => other.trail === trail && other.template_reference_name === name);
    // Told again, as by a job that is run again, it stays where it was; and if nothing is new of it, what it was.
    if (place === -1) store.builds.set(fingerprint, [...others, build]);
    else if (Object.keys(fields).some(key => isOther(fields[key], others[place][key]))) store.builds.set(fingerprint, others.with(place, build));
    trail.last_modified_at = at;
    trail.events.push({
      at, by, type: 'artifact_creation_reported', git_commit_info: fields.git_commit_info ?? null, repo_info: fields.repo_info ?? null,
      more: {artifact_fingerprint: fingerprint, artifact_name: filename, artifact_id: fields.id, template_reference_name: name, git_commit},
    });
  },

  attestation(store, {at, by, flow, trail: trailName, id, attestation_name: name, repo_info, artifact, ...fields}) {
    const trail = known(store.trail(flow, trailName), trailName);
    const attestation = {
      id, name, trail, is_compliant: true, origin_url: null, description: '', git_commit_info: null, external_urls: null,
      annotations: {}, user_data: {}, attachments: [], created_at: at, reported_by: by, ...fields,
    };
    store.attestations.set(id, attestation);
    const all = artifact === undefined ? trail.attestations : artifactOf(trail, artifact).attestations;
    addTo(all, name, attestation);
    addTo(store.attestationsByName, name, attestation);
    trail.last_modified_at = at;
    trail.events.push({
      at, by, type: artifact === undefined ? 'trail_attestation_reported' : 'trail_attestation_for_artifact_reported',
      git_commit_info: attestation.git_commit_info, repo_info: repo_info ?? null, attestation,
      ...(artifact !== undefined && {more: {target_artifact: artifact}}),
    });
  },
};

function addTo(lists, name, item) {
  const list = lists.get(name);
  if (list === undefined) lists.set(name, [item]);
  else list.push(item);
}

const isOther = (left, right) => JSON.stringify(left) !== JSON.stringify(right);

function artifactOf(trail, name) {
  if (!trail.artifacts.has(name)) trail.artifacts.set(name, {build: undefined, attestations: new Map()});
  return trail.artifacts.get(name);
}

function known(value, name) {
  if (value === undefined) throw new Error(`it writes to \`${name}\`, which was never created`);
  return value;
}
