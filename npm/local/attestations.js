// Attestations: taken, found again.
import {createHash} from 'node:crypto';
import {attestationDocument} from './documents.js';
import {trailOf} from './found.js';
import {newId} from './id.js';
import {inputs, invalid, missing, refuse} from './input.js';
import {formOf, onlyKnown} from './request.js';

export function postAttestation({store, org, write, params, request}) {
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

export function getAttestations({store, org, params, base}) {
  const namesakes = trailOf(store, org, params).attestations.get(params.name) ?? [];
  return {body: namesakes.map(attestation => attestationDocument(org, attestation, base)).reverse()};
}

export function findAttestation({store, org, query, base}) {
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
