// What Kosli accepts: patterns of names, shapes of inputs, and the words it refuses with.
import {readTemplate} from './template.js';

/** A request that Kosli answers with an error; everything else that is thrown is a fault of this program. */
export class Refusal extends Error {
  constructor(status, message, errors) {
    super(message);
    this.status = status;
    this.body = errors === undefined ? {message} : {message, errors};
  }
}

/** Throws, where an expression is wanted. */
export function refuse(refusal) {
  throw refusal;
}

export const invalid = errors => new Refusal(400, 'Input payload validation failed', errors);

export const archived = (org, name) => new Refusal(404, `Environment named '${name}' has been archived for organization '${org}'`);

export const missing = {
  environment: (org, name) => new Refusal(404, `Environment named '${name}' does not exist for organization '${org}'`),
  flow: (org, name) => new Refusal(404, `Flow named '${name}' does not exist for organization '${org}'`),
  trail: (org, flow, name) => new Refusal(404, `Trail with name '${name}' does not exist for Organization '${org}' and Flow '${flow}'`),
  artifactInFlow: (org, flow, fingerprint) => new Refusal(404, `Artifact with fingerprint '${fingerprint}' does not exist in flow '${flow}' belonging to organization '${org}'`),
  commitInFlow: (org, flow, commit) => new Refusal(404, `Artifact with commit '${commit}' does not exist in flow '${flow}' belonging to organization '${org}'`),
  artifact: (org, flow, trail, fingerprint) => new Refusal(404, `Artifact with fingerprint ${fingerprint} does not exist in trail "${trail}" of flow "${flow}" belonging to organization "${org}"`),
};

const quoted = value => typeof value === 'string' ? `'${value}'` : JSON.stringify(value);

const isObject = value => typeof value === 'object' && value !== null && !Array.isArray(value);

// A check returns what is wrong with a value, or undefined.
const matching = pattern => value => string(value) ?? (pattern.test(value) ? undefined : `${quoted(value)} does not match '${pattern.source}'`);
const oneOf = (...values) => value => values.includes(value) ? undefined : `${quoted(value)} is not one of [${values.map(quoted).join(', ')}]`;
const typed = (name, test) => value => test(value) ? undefined : `${quoted(value)} is not of type '${name}'`;
const nullable = check => value => value === null ? undefined : check(value);

const string = typed('string', value => typeof value === 'string');
const number = typed('number', value => typeof value === 'number' && value >= 0);
const boolean = typed('boolean', value => typeof value === 'boolean');
const object = typed('object', isObject);
const objectOrArray = typed('object', value => isObject(value) || Array.isArray(value));

const listOf = check => value => {
  if (!Array.isArray(value)) return `${quoted(value)} is not of type 'array'`;
  return value.map(check).find(wrong => wrong !== undefined);
};

const dictionaryOf = (key, check) => value => object(value)
  ?? Object.entries(value).map(([name, item]) => matching(key)(name) ?? check(item)).find(wrong => wrong !== undefined);

const environmentName = matching(/^[a-zA-Z0-9][a-zA-Z0-9.\-_]*$/);
const flowOrTrailName = matching(/^[a-zA-Z0-9][a-zA-Z0-9.\-_~]*$/);
const attestationName = matching(/^[a-zA-Z0-9\-_,]+$/);
const tagKey = /^[a-zA-Z0-9][a-zA-Z0-9\-_.~]*$/;
const fingerprint = matching(/^[a-f0-9]{64}$/);

const externalUrl = value => object(value) ?? faultOf(value, {href: string, fingerprint: nullable(fingerprint)}, ['href']);

// What both trails and attestations may carry about where they come from.
const provenance = {
  git_commit_info: nullable(object),
  repo_info: nullable(object),
  external_urls: nullable(dictionaryOf(/^[^=.]+$/, externalUrl)),
  origin_url: nullable(string),
  user_data: nullable(objectOrArray),
  description: nullable(string),
};

// One instance of what runs: a pod, a task, a container, a path. Each type of environment adds what it knows of it.
const instance = value => object(value) ?? faultOf(value, {
  digests: dictionaryOf(/^/, fingerprint), creationTimestamp: number,
  podName: string, namespace: string, owners: nullable(listOf(object)),
  taskArn: string, cluster_name: string, service_name: string,
  app_name: string, app_kind: string, digests_source: string,
  kind: string, serviceName: string, revisionName: string, jobName: string,
}, ['digests', 'creationTimestamp']);

export const inputs = {
  environment: input({
    name: environmentName,
    type: oneOf('K8S', 'ECS', 'S3', 'lambda', 'server', 'docker', 'azure-apps', 'cloud-run', 'logical'),
    description: nullable(string),
    included_environments: nullable(listOf(environmentName)),
    policies: nullable(listOf(string)),
    include_scaling: nullable(boolean),
    require_provenance: nullable(boolean),
  }, ['name', 'type']),
  policies: input({policy_names: listOf(string)}, ['policy_names']),
  // Older CLIs also sent the type and an id.
  report: input({artifacts: listOf(instance), type: nullable(string), id: nullable(string)}, ['artifacts']),
  artifact: input({
    fingerprint, filename: string, git_commit: string, build_url: string, commit_url: string,
    trail_name: flowOrTrailName, template_reference_name: attestationName,
    repo_url: nullable(string), annotations: nullable(dictionaryOf(/^[A-Za-z0-9_-]+$/, string)),
    git_commit_info: provenance.git_commit_info, repo_info: provenance.repo_info, external_urls: provenance.external_urls, user_data: provenance.user_data,
  }, ['fingerprint', 'filename', 'git_commit', 'build_url', 'commit_url', 'trail_name', 'template_reference_name']),
  join: input({physical_env_name: environmentName}, ['physical_env_name']),
  rename: input({new_name: environmentName}, ['new_name']),
  tags: input({
    set_tags: nullable(dictionaryOf(tagKey, string)),
    remove_tags: nullable(listOf(string)),
  }, []),
  flow: input({
    name: flowOrTrailName,
    description: nullable(string),
    visibility: oneOf('public', 'private'),
  }, ['name']),
  trail: input({name: flowOrTrailName, ...provenance}, ['name']),
  attestation: input({
    attestation_name: attestationName,
    is_compliant: boolean,
    annotations: nullable(dictionaryOf(/^[A-Za-z0-9_-]+$/, string)),
    artifact_fingerprint: nullable(fingerprint),
    target_artifacts: nullable(listOf(attestationName)),
    ...provenance,
  }, ['attestation_name']),
};

// A function that throws unless its argument has these members and no others, and else returns it without the nulls:
// Kosli treats a null like an absence.
function input(shape, required) {
  return value => {
    if (!isObject(value)) throw invalid({'': `${quoted(value)} is not of type 'object'`});
    const errors = faultsOf(value, shape, required);
    if (errors.length > 0) throw invalid(Object.fromEntries(errors));
    return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null));
  };
}

function faultsOf(value, shape, required) {
  return [
    ...required.filter(name => !Object.hasOwn(value, name)).map(name => [name, `'${name}' is a required property`]),
    ...Object.entries(value).map(([name, member]) => [
      name,
      Object.hasOwn(shape, name) ? shape[name](member) : `Additional properties are not allowed ('${name}' was unexpected)`,
    ]).filter(([, wrong]) => wrong !== undefined),
  ];
}

const faultOf = (value, shape, required) => faultsOf(value, shape, required)[0]?.[1];

/** The text of a flow template, if it is one. */
export function templateInput(text) {
  try {
    readTemplate(text);
  } catch (error) {
    throw invalid({template: error.message});
  }
  return text;
}

/** A page's number or size from the query: a positive integer up to `most`. */
export function pagingInput(query, name, {absent, most = Number.MAX_SAFE_INTEGER}) {
  const text = query.get(name);
  if (text === null) return absent;
  if (!/^\d{1,15}$/.test(text) || Number(text) < 1 || Number(text) > most) {
    throw invalid({[name]: `'${text}' is not a whole number from 1 to ${most}`});
  }
  return Number(text);
}
