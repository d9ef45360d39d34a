// What can be asked: each route of the API, what it reads from the store or writes to it.
//
// A route returns what to answer at once, from what it sees at once; that answer goes out when everything seen is on disk.
import {getArtifact, getArtifactsOfCommit, postArtifact} from './artifacts.js';
import {getAttestations, getAttestationsOfArtifact, listAttestations, listAttestationsOfFlow, postAttestation} from './attestations.js';
import {archiveEnvironment, attachPolicies, getEnvironment, joinEnvironment, listEnvironments, patchTags, putEnvironment, renameEnvironment} from './environments.js';
import {Refusal} from './input.js';
import {getSnapshot, listEvents, listSnapshots, putReport} from './running.js';
import {getFlow, getTrail, listFlows, listTrails, listTrailsOfFlow, putFlow, putOldFlow, putTrail} from './trails.js';

const routes = [
  ['PUT', 'environments/:org', putEnvironment],
  ['GET', 'environments/:org', listEnvironments],
  ['GET', 'environments/:org/:environment', getEnvironment],
  ['POST', 'environments/:org/:environment/policies', attachPolicies],
  ['PUT', 'environments/:org/:environment/report/:type', putReport],
  ['GET', 'environments/:org/:environment/events', listEvents],
  ['GET', 'snapshots/:org/:environment', listSnapshots],
  ['GET', 'snapshots/:org/:environment/:expression', getSnapshot],
  ['PUT', 'environments/:org/:environment/join', joinEnvironment],
  ['PUT', 'environments/:org/:environment/archive', archiveEnvironment],
  ['PUT', 'environments/:org/:environment/rename', renameEnvironment],
  ['PATCH', 'tags/:org/:kind/:name', patchTags],
  ['PUT', 'flows/:org/template_file', putFlow],
  ['PUT', 'flows/:org', putOldFlow],
  ['GET', 'flows/:org', listFlows],
  ['GET', 'flows/:org/:flow', getFlow],
  ['PUT', 'trails/:org/:flow', putTrail],
  ['GET', 'trails/:org', listTrails],
  ['GET', 'trails/:org/:flow', listTrailsOfFlow],
  ['GET', 'trails/:org/:flow/:trail', getTrail],
  ['POST', 'attestations/:org/:flow/trail/:trail/generic', postAttestation],
  ['GET', 'attestations/:org/:flow/trail/:trail/:name', getAttestations],
  ['GET', 'attestations/:org/:flow/artifact/:fingerprint/:name', getAttestationsOfArtifact],
  ['GET', 'attestations/:org', listAttestations],
  ['GET', 'attestations/:org/:flow', listAttestationsOfFlow],
  ['POST', 'artifacts/:org/:flow', postArtifact],
  ['GET', 'artifacts/:org/:flow/fingerprint/:fingerprint', getArtifact],
  ['GET', 'artifacts/:org/:flow/commit_sha/:commit', getArtifactsOfCommit],
].map(([method, pattern, respond]) => ({method, pattern: ['api', 'v2', ...pattern.split('/')], respond}));

/**
 * Answers one request: `{method, path, json}` or `{method, path, form: [{name, filename?, value}]}`, as `{status, body, headers?}`.
 *
 * `local` is `{store, org, write(entry), now()}`; `base` is the address that links begin with. Throws a `Refusal` as Kosli refuses.
 */
export function respond(local, base, request) {
  const [path, search = ''] = request.path.split(/\?(.*)/s);
  const segments = path.split('/').slice(1).map(decoded);
  const matches = routes.map(route => ({...route, params: paramsOf(route.pattern, segments)})).filter(({params}) => params !== undefined);
  if (matches.length === 0) throw new Refusal(404, 'The requested URL was not found on the server');
  const match = matches.find(({method}) => method === request.method);
  if (match === undefined) throw new Refusal(405, 'The method is not allowed for the requested URL');
  if (match.params.org !== local.org) throw new Refusal(403, 'You don\'t have permission to access this resource');
  return {status: 200, ...match.respond({...local, base, params: match.params, query: new URLSearchParams(search), request})};
}

function decoded(segment) {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new Refusal(400, 'The requested URL is not percent-encoded UTF-8');
  }
}

function paramsOf(pattern, segments) {
  if (pattern.length !== segments.length) return undefined;
  const params = {};
  for (const [index, part] of pattern.entries()) {
    if (part.startsWith(':')) params[part.slice(1)] = segments[index];
    else if (part !== segments[index]) return undefined;
  }
  return params;
}
