// Whether a trail has what its template asks for, and nothing that says no.

/**
 * The compliance of a trail, as Kosli shows it.
 *
 * The latest attestation of a name counts. One that the template does not name is "unexpected", which does no harm; one
 * that it names and that is not there leaves the trail INCOMPLETE. Artifacts likewise, each with its own attestations.
 */
export function compliance(trail) {
  const {attestations, artifacts} = trail.template.trail;
  const evaluated = {evaluated_at: trail.last_modified_at, flow_template_id: trail.template_id};
  const statuses = statusesOf(attestations, trail.attestations);
  const expected = new Map(artifacts.map(artifact => [artifact.name, artifact.attestations]));
  const names = new Set([...expected.keys(), ...trail.artifacts.keys()]);
  const artifactsStatuses = Object.fromEntries([...names].map(name =>
    [name, {...artifactStatus(expected.get(name) ?? [], trail.artifacts.get(name)), unexpected: !expected.has(name), ...evaluated}]));
  const status = together([...statuses, ...Object.values(artifactsStatuses)]);
  return {
    status, is_compliant: status === 'COMPLIANT', attestations_statuses: statuses, artifacts_statuses: artifactsStatuses, ...evaluated,
  };
}

// Attestations may be there before the artifact that they are about.
function artifactStatus(expected, {build, attestations} = {attestations: new Map()}) {
  const statuses = statusesOf(expected, attestations);
  const status = build === undefined ? 'MISSING' : together(statuses);
  return {
    artifact_fingerprint: build?.fingerprint ?? null,
    artifact_id: build?.id ?? null,
    status,
    is_compliant: status === 'COMPLIANT',
    attestations_statuses: statuses,
  };
}

const refusing = ({status, is_compliant: isCompliant}) => status === 'NON-COMPLIANT' || (status === 'COMPLETE' && !isCompliant);
const lacking = ({status}) => status === 'MISSING' || status === 'INCOMPLETE';
const together = statuses => statuses.some(refusing) ? 'NON-COMPLIANT' : statuses.some(lacking) ? 'INCOMPLETE' : 'COMPLIANT';

function statusesOf(expected, attestations) {
  const reported = new Map(attestations);
  const statuses = expected.map(attestation => {
    const fits = attestation.type === '*' || attestation.type === 'generic';
    const latest = fits ? reported.get(attestation.name)?.at(-1) : undefined;
    if (latest === undefined) return missingStatus(attestation);
    reported.delete(attestation.name);
    return completeStatus(latest, false);
  });
  for (const namesakes of reported.values()) statuses.push(completeStatus(namesakes.at(-1), true));
  return statuses;
}

const completeStatus = (attestation, unexpected) => ({
  attestation_name: attestation.name,
  attestation_type: 'generic',
  attestation_id: attestation.id,
  overridden_attestation_id: null,
  status: 'COMPLETE',
  is_compliant: attestation.is_compliant,
  unexpected,
});

const missingStatus = ({name, type}) => ({
  attestation_name: name,
  attestation_type: type,
  attestation_id: null,
  overridden_attestation_id: null,
  status: 'MISSING',
  is_compliant: null,
  unexpected: false,
});
