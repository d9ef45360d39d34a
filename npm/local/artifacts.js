// Where an artifact comes from: reported to a trail, and found again by its fingerprint or its commit.
import {flowOf, trailOf} from './found.js';
import {newId} from './id.js';
import {inputs, invalid, missing, refuse} from './input.js';
import {jsonOf, onlyKnown} from './request.js';
import {artifactDocument} from './running-documents.js';

export function postArtifact({store, org, write, params, request}) {
  const flow = flowOf(store, org, params.flow);
  const {trail_name: trailName, ...fields} = inputs.artifact(jsonOf(request));
  const trail = trailOf(store, org, {flow: flow.name, trail: trailName});
  const known = trail.artifacts.get(fields.template_reference_name)?.build;
  const id = known?.fingerprint === fields.fingerprint ? known.id : newId();
  write({write: 'artifact', flow: flow.name, trail: trail.name, id, ...fields});
  return {status: 201, body: 'OK'};
}

/** One artifact, by its fingerprint or the beginning of it. */
export function getArtifact({store, org, params, query, base}) {
  onlyKnown(query, ['trail']);
  const {fingerprint: begin} = params;
  if (!/^[a-f0-9]{5,64}$/.test(begin)) throw invalid({fingerprint: `'${begin}' does not match '^[a-f0-9]{5,64}$'`});
  const builds = buildsIn(store, org, params.flow, query).filter(({fingerprint}) => fingerprint.startsWith(begin));
  const latest = builds.at(-1) ?? refuse(missing.artifactInFlow(org, params.flow, begin));
  if (builds.some(({fingerprint}) => fingerprint !== latest.fingerprint)) throw invalid({fingerprint: `'${begin}' fits more than one artifact`});
  return {body: documentOf(store, org, latest, base)};
}

/** All artifacts of a commit. */
export function getArtifactsOfCommit({store, org, params, query, base}) {
  onlyKnown(query, ['trail']);
  const builds = buildsIn(store, org, params.flow, query).filter(({git_commit: commit}) => commit.startsWith(params.commit));
  if (builds.length === 0) throw missing.commitInFlow(org, params.flow, params.commit);
  return {body: builds.map(build => documentOf(store, org, build, base))};
}

function buildsIn(store, org, flowName, query) {
  const flow = flowOf(store, org, flowName);
  const trail = query.get('trail');
  return [...store.builds.values()].flat().filter(build => build.flow === flow && (trail === null || build.trail.name === trail))
    .sort((left, right) => left.created_at - right.created_at);
}

function documentOf(store, org, build, base) {
  const all = [...store.environments.values()];
  const isIt = ({artifact}) => artifact.fingerprint === build.fingerprint;
  const place = (environment, index) => ({environment_name: environment.name, snapshot_index: index});
  const runs = environment => environment.snapshots.at(-1)?.running.some(artifact => isIt({artifact}));
  const lastExit = environment => environment.events.findLast(event => event.now === 0 && isIt(event));
  const seen = all.flatMap(environment => environment.events.filter(event => isIt(event) && (event.was === 0 || event.now === 0))
    .map(({at, now, index}) => ({event: `${now === 0 ? 'Stopped' : 'Started'} running in ${environment.name}#${index} environment`, timestamp: at})));
  return artifactDocument(org, build, {
    running: all.filter(runs).map(environment => place(environment, environment.snapshots.length)),
    exited: all.filter(environment => !runs(environment) && lastExit(environment)).map(environment => place(environment, lastExit(environment).index)),
    history: [{event: 'Artifact created', timestamp: build.created_at}, ...seen.sort((left, right) => left.timestamp - right.timestamp)],
  }, base);
}
