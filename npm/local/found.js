// What a path names, or the refusal that says why it names nothing.
import {archived, invalid, missing, refuse} from './input.js';

/** An environment, also under the name that it had before it was renamed, as long as no other one has taken that. */
export function environmentOf(store, org, name) {
  const found = store.environments.get(name) ?? store.environments.get(store.renamed.get(name));
  if (found === undefined) throw store.archived.has(name) ? archived(org, name) : missing.environment(org, name);
  return found;
}

/** One that can be a member of a logical environment. */
export function physicalOf(store, org, name) {
  const found = environmentOf(store, org, name);
  if (found.type === 'logical') throw invalid({included_environments: `environment '${name}' is logical; a logical environment is made of physical ones`});
  return found;
}

/** The members of a logical environment that are there; none of another. */
export const membersOf = (store, {type, included_environments: names}) =>
  type === 'logical' ? names.map(name => store.environments.get(name)).filter(found => found !== undefined) : [];

export const flowOf = (store, org, name) => store.flows.get(name) ?? refuse(missing.flow(org, name));

export const trailOf = (store, org, {flow, trail}) => flowOf(store, org, flow).trails.get(trail) ?? refuse(missing.trail(org, flow, trail));
