// What ran: how a report becomes a snapshot, and its changes events.
//
// An artifact is its fingerprint, however many instances of it run and whatever they are called. A snapshot is made when
// other artifacts run than before, or when Kosli knows more of one (its provenance, its compliance): not when some were
// merely restarted or scaled.
import {compliance} from './compliance.js';

/** What a report says, by artifact: `{fingerprint, name, instances}`. What was said `before` of an artifact and is said again is the same object. */
export function artifactsIn(report, before) {
  const found = new Map();
  for (const instance of report) {
    for (const [name, fingerprint] of Object.entries(instance.digests)) {
      const artifact = found.get(fingerprint);
      if (artifact === undefined) found.set(fingerprint, {fingerprint, name, instances: [instance]});
      else artifact.instances.push(instance);
    }
  }
  const said = new Map(before.map(artifact => [artifact.fingerprint, artifact]));
  return [...found.values()].map(artifact => {
    const same = said.get(artifact.fingerprint);
    return JSON.stringify(same) === JSON.stringify(artifact) ? same : artifact;
  });
}

/**
 * Takes a report: `environment.reported` runs now.
 *
 * What a snapshot holds is never changed afterwards; what did not change it has in common with the one before.
 */
export function takeReport(store, environment, at) {
  environment.last_reported_at = at;
  environment.last_modified_at = at;
  const before = new Map(environment.snapshots.at(-1)?.running.map(artifact => [artifact.fingerprint, artifact]));
  const running = runningOf(store, environment, before);
  const changes = changesOf(before, running);
  if (changes.length === 0) return;
  const index = environment.snapshots.length + 1;
  environment.snapshots.push({index, at, running, changes, compliant: together(environment, running), policies: environment.policies});
  for (const {type, was, now, artifact} of changes) {
    environment.events.push({index, at, type, was, now, artifact});
    if (now > 0) goOnLine(environment, running, artifact, was);
    if (was === 0 || now === 0) tellTrails(environment, index, at, now, artifact);
  }
}

const NONE = []; // one of its kind, so that what is the same is the same object

function runningOf(store, environment, before) {
  return environment.reported.map(artifact => {
    const builds = store.builds.get(artifact.fingerprint) ?? NONE;
    const known = before.get(artifact.fingerprint);
    const compliant = isCompliant(environment, builds);
    if (known?.builds === builds && known.compliant === compliant && known.instances === artifact.instances) return known;
    return {...artifact, builds, compliant, previous: builds.map(build => previousOf(environment, build))};
  });
}

// Without a policy nothing is asked of an artifact, and Kosli does not say whether it is compliant. What a policy asks is
// not known here: it is taken to ask for provenance that is compliant.
function isCompliant({policies}, builds) {
  if (policies.length === 0) return null;
  return builds.length > 0 && builds.every(({trail}) => compliance(trail).is_compliant);
}

const together = ({policies}, running) => policies.length === 0 ? null : running.every(({compliant}) => compliant === true);

// In one snapshot Kosli's log has them by fingerprint, and is read from its end.
function changesOf(before, running) {
  const now = new Set(running.map(({fingerprint}) => fingerprint));
  return [
    ...running.map(artifact => ({type: changeOf(before.get(artifact.fingerprint), artifact), was: before.get(artifact.fingerprint)?.instances.length ?? 0, now: artifact.instances.length, artifact})),
    ...[...before.values()].filter(({fingerprint}) => !now.has(fingerprint)).map(artifact => ({type: 'exited', was: artifact.instances.length, now: 0, artifact})),
  ].filter(({type}) => type !== undefined).sort((left, right) => left.artifact.fingerprint < right.artifact.fingerprint ? 1 : -1);
}

function changeOf(known, {builds, compliant}) {
  if (known === undefined) return `started-${compliant === null ? 'unknown' : compliant ? 'compliant' : 'non-compliant'}`;
  if (known.compliant !== compliant && compliant !== null) return compliant ? 'became-compliant' : 'became-non-compliant';
  if (known.builds !== builds) return 'updated-provenance';
  return known.compliant === compliant ? undefined : 'changed';
}

// A line is what ran in an environment of one artifact of a flow, build after build: as much of its end as tells the one before.
const lineOf = ({flow, template_reference_name: name}) => `${flow.name}/${name}`;

function goOnLine(environment, running, {builds}, was) {
  for (const build of builds) {
    const line = environment.lines.get(lineOf(build)) ?? [];
    const latest = line.at(-1)?.fingerprint;
    // One whose provenance came late takes the place of what no longer runs.
    const isNew = was === 0 || running.every(({fingerprint}) => fingerprint !== latest);
    if (isNew && latest !== build.fingerprint) environment.lines.set(lineOf(build), [...line.slice(-1), build]);
  }
}

const previousOf = (environment, build) => environment.lines.get(lineOf(build))?.findLast(({fingerprint}) => fingerprint !== build.fingerprint);

function tellTrails({id, name}, index, at, now, {fingerprint, builds}) {
  for (const {trail, template_reference_name} of builds) {
    trail.events.push({
      at, type: now === 0 ? 'artifact_stopped_running' : 'artifact_started_running', git_commit_info: null, repo_info: null,
      more: {
        artifact_fingerprint: fingerprint, environment_id: id, environment_name: name, snapshot_index: index,
        ...(now > 0 && {replica_number: now}), template_reference_name,
      },
    });
  }
}
