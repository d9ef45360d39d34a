// The JSON that Kosli shows of what runs: artifacts, snapshots, events, member for member as its real documents have them.
import {compliance} from './compliance.js';
import {trailUrl} from './documents.js';

const environmentUrl = (org, {name}, base) => `${base}/${org}/environments/${name}`;
const artifactUrl = (org, {flow, fingerprint, id}, base) => `${base}/${org}/flows/${flow.name}/artifacts/${fingerprint}?artifact_id=${id}`;

const words = {'started-': 'started running', exited: 'stopped running'};

/** An event of an environment's log. Of an artifact without provenance nobody knows what Kosli shows; the CLI's table needs a text for `pipeline`. */
export function eventDocument(org, environment, {index, at, type, was, now, artifact}, base) {
  const [build] = artifact.builds;
  const count = now === 0 ? was : now;
  const verb = Object.entries(words).find(([begin]) => type.startsWith(begin))?.[1];
  return {
    environment_name: environment.name,
    snapshot_index: index,
    artifact_name: artifact.name,
    sha256: artifact.fingerprint,
    description: `${count} ${count === 1 ? 'instance' : 'instances'} ${verb === undefined ? 'changed' : `${verb} (from ${was} to ${now})`}`,
    reported_at: at,
    pipeline: build?.flow.name ?? '',
    deployments: [],
    flows: [...new Set(artifact.builds.map(({flow}) => flow.name))].map(name => ({flow_name: name, deployments: null})),
    artifact_compliance: artifact.compliant,
    snapshot_compliance: environment.snapshots[index - 1].compliant === true,
    type,
    code_diff: build === undefined ? null : diffUrl(build, artifact.previous[0]),
    _links: {
      artifact: build === undefined ? null : {
        self: `${base}/api/v2/artifacts/${org}/${build.flow.name}/fingerprint/${artifact.fingerprint}`,
        html: artifactUrl(org, build, base),
      },
      snapshot: {self: `${base}/api/v2/snapshots/${org}/${environment.name}/${index}`, html: `${environmentUrl(org, environment, base)}/snapshots/${index}`},
    },
  };
}

// As GitHub and GitLab have it.
function diffUrl({commit_url: url, git_commit: to}, previous) {
  const begin = /^(.*)\/commit\/[^/]*$/.exec(url ?? '')?.[1];
  return begin === undefined || previous === undefined ? null : `${begin}/compare/${previous.git_commit}...${to}`;
}

/** A row of the list of snapshots; `compliant` is never null: the CLI's table would fail at it. */
export function snapshotRow({index, at, compliant}, next, now) {
  return {index, from: at, to: next?.at ?? 0, compliant: compliant === true, duration: (next?.at ?? now) - at};
}

/** A whole snapshot: what runs, and what stopped with it. */
export function snapshotDocument(org, environment, {index, at, running, changes, compliant, policies}, base) {
  const next = environment.snapshots[index];
  const changed = new Map(changes.map(change => [change.artifact.fingerprint, change]));
  const exited = changes.filter(({now}) => now === 0).map(({artifact}) => artifact);
  const isRunning = new Set(running.map(({fingerprint}) => fingerprint));
  const countOf = value => running.filter(artifact => artifact.compliant === value).length;
  return {
    index,
    is_latest: next === undefined,
    next_snapshot_timestamp: next?.at ?? null,
    artifact_compliance_count: {true: countOf(true), false: countOf(false), null: countOf(null)},
    timestamp: at,
    type: environment.type,
    compliant: compliant === true,
    html_url: `${environmentUrl(org, environment, base)}/snapshots/${index}`,
    artifacts: [...running, ...exited].map(artifact => {
      const {type, was, now} = changed.get(artifact.fingerprint) ?? {type: 'unchanged', was: artifact.instances.length, now: artifact.instances.length};
      return artifactInSnapshot(org, environment.type, artifact, {annotation: {type, was, now}, policies, isRunning}, base);
    }),
    applied_policies: [],
  };
}

function artifactInSnapshot(org, environmentType, artifact, {annotation, policies, isRunning}, base) {
  const {builds, previous, instances, compliant} = artifact;
  const begun = instances.map(({creationTimestamp}) => creationTimestamp);
  const flows = builds.map((build, place) => flowDocument(org, build, previous[place], {begun, isRunning}, base));
  const [first] = flows;
  return {
    name: artifact.name,
    compliant,
    deployments: [],
    policy_decisions: policies.map(name => ({policy_version: 1, status: compliant ? 'COMPLIANT' : 'NON-COMPLIANT', policy_name: name})),
    reasons_for_incompliance: [],
    fingerprint: artifact.fingerprint,
    creationTimestamp: begun,
    pods: environmentType === 'K8S' ? podsOf(instances) : null,
    annotation,
    flow_name: first?.flow_name ?? null,
    git_commit: first?.git_commit ?? null,
    commit_url: first?.commit_url ?? null,
    html_url: first?.html_url ?? null,
    flow_html_url: first?.flow_html_url ?? null,
    deployment_diff: first?.deployment_diff ?? null,
    commit_lead_time: first?.commit_lead_time ?? null,
    flows,
    ...(environmentType === 'ECS' && {ecs_context: ecsOf(instances[0])}),
  };
}

function flowDocument(org, build, previous, {begun, isRunning}, base) {
  const committed = build.git_commit_info?.timestamp;
  return {
    flow_name: build.flow.name,
    trail_name: build.trail.name,
    template_reference_name: build.template_reference_name,
    git_commit: build.git_commit,
    commit_url: build.commit_url,
    git_commit_info: build.git_commit_info,
    html_url: artifactUrl(org, build, base),
    flow_html_url: `${base}/${org}/flows/${build.flow.name}`,
    deployment_diff: previous === undefined ? null : {
      diff_url: diffUrl(build, previous),
      previous_git_commit: previous.git_commit,
      previous_fingerprint: previous.fingerprint,
      previous_artifact_name: previous.filename,
      previous_artifact_compliance_state: compliance(previous.trail).status,
      previous_running: isRunning.has(previous.fingerprint),
      previous_git_commit_url: previous.commit_url,
      previous_trail_name: previous.trail.name,
      previous_template_reference_name: previous.template_reference_name,
    },
    commit_lead_time: committed === undefined ? null : begun[0] - committed,
    artifact_compliance_in_flow: compliance(build.trail).is_compliant,
    flow_reasons_for_non_compliance: [],
  };
}

const podsOf = instances => Object.fromEntries(instances.filter(({podName}) => podName !== undefined).map(({podName, namespace, creationTimestamp, owners}) =>
  [podName, {namespace, creationTimestamp, owners: owners ?? null}]));

const ecsOf = ({taskArn, cluster_name: cluster = null, service_name: service = null}) => ({task_arn: taskArn ?? null, cluster_name: cluster, service_name: service});

/** An artifact in the flow that it was reported to; `runs` are the environments where it runs or ran. */
export function artifactDocument(org, build, {running, exited, history}, base) {
  const {flow, trail} = build;
  const {artifacts_statuses: statuses} = compliance(trail);
  const {status} = statuses[build.template_reference_name];
  return {
    flow_name: flow.name,
    trail_name: trail.name,
    template_reference_name: build.template_reference_name,
    artifact_id: build.id,
    fingerprint: build.fingerprint,
    filename: build.filename,
    git_commit: build.git_commit,
    git_commit_info: build.git_commit_info,
    commit_url: build.commit_url,
    build_url: build.build_url,
    repo_url: build.repo_url,
    repo_info: build.repo_info,
    external_urls: build.external_urls,
    annotations: build.annotations,
    user_data: build.user_data,
    created_at: build.created_at,
    created_by: build.reported_by,
    state: status,
    running,
    exited,
    history,
    html_url: artifactUrl(org, build, base),
    trail_html_url: trailUrl(org, trail, base),
  };
}
