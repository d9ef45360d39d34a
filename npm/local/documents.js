// The JSON that Kosli shows, member for member as its real documents have them (see the samples in the tests).
import {compliance} from './compliance.js';

/** `members` are those of a logical environment: nothing is reported to itself. */
export function environmentDocument(org, environment, members = []) {
  const isLogical = environment.type === 'logical';
  const latest = (isLogical ? members : [environment]).flatMap(({snapshots}) => snapshots.slice(-1));
  const states = latest.map(({compliant}) => compliant);
  return {
    org,
    name: environment.name,
    type: environment.type,
    description: environment.description,
    last_modified_at: environment.last_modified_at,
    last_reported_at: environment.last_reported_at,
    last_changed_at: latest.reduce((last, {at}) => Math.max(last, at), null),
    state: states.includes(false) ? false : states.length === 0 || states.includes(null) ? null : true,
    include_scaling: environment.include_scaling,
    tags: Object.fromEntries(environment.tags),
    policies: environment.policies,
    included_environments: isLogical ? environment.included_environments : null,
  };
}

export const flowDocument = (org, flow) => ({
  id: flow.id,
  name: flow.name,
  description: flow.description,
  visibility: flow.visibility,
  org,
  template: flow.template.content,
  repo_url: null,
  tags: Object.fromEntries(flow.tags),
});

export const flowListDocument = (org, flow) => ({
  ...flowDocument(org, flow),
  latest_activity_at: flow.order.at(-1)?.last_modified_at ?? flow.last_modified_at,
  latest_state: flow.order.length === 0 ? null : compliance(flow.order.at(-1)).status,
});

export function trailDocument(org, trail, base) {
  const status = compliance(trail);
  const {version, trail: expected, content} = trail.template;
  return {
    name: trail.name,
    description: trail.description,
    git_commit_info: trail.git_commit_info,
    origin_url: trail.origin_url,
    user_data: trail.user_data,
    repo_ids: [],
    last_modified_at: trail.last_modified_at,
    created_at: trail.created_at,
    compliance_status: status,
    template: {version, trail: expected, content},
    compliance_state: status.status,
    is_compliant: status.is_compliant,
    events: trail.events.map(event => eventDocument(org, trail, event)),
    created_by: trail.created_by,
    flow: {name: trail.flow.name, tags: Object.fromEntries(trail.flow.tags)},
    external_urls: trail.external_urls,
    html_url: trailUrl(org, trail, base),
  };
}

export const attestationDocument = (org, attestation, base) => ({
  schema_version: 1,
  attestation_type: 'generic',
  attestation_name: attestation.name,
  is_compliant: attestation.is_compliant,
  origin_url: attestation.origin_url,
  description: attestation.description,
  git_commit_info: attestation.git_commit_info,
  external_urls: attestation.external_urls,
  annotations: attestation.annotations,
  ...(attestation.artifact_fingerprint && {artifact_fingerprint: attestation.artifact_fingerprint}),
  ...(attestation.target_artifacts && {target_artifacts: attestation.target_artifacts}),
  user_data: attestation.user_data,
  created_at: attestation.created_at,
  attestation_id: attestation.id,
  html_url: `${trailUrl(org, attestation.trail, base)}?attestation_id=${attestation.id}`,
  flow_name: attestation.trail.flow.name,
  trail_name: attestation.trail.name,
  reported_by: attestation.reported_by,
  has_audit_package: attestation.attachments.length > 0,
  _links: {
    self: {href: `${base}/api/v2/attestations/${org}/${attestation.trail.flow.name}/trail/${attestation.trail.name}/${attestation.name}`},
  },
});

export const trailUrl = (org, trail, base) => `${base}/${org}/flows/${trail.flow.name}/trails/${trail.name}`;

const eventDocument = (org, trail, {at, by, type, git_commit_info, repo_info, attestation, more}) => ({
  org_id: org,
  flow_id: trail.flow.id,
  trail_id: trail.id,
  timestamp: at,
  type,
  git_commit_info,
  repo_info,
  ...(by !== undefined && {setting_user_id: by}),
  ...(attestation && {
    attestation_type: 'generic',
    is_compliant: attestation.is_compliant,
    attestation_id: attestation.id,
    template_reference_name: attestation.name,
    is_reattestation: null,
  }),
  ...more,
});
