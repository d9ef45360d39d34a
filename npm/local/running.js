// What runs in an environment: reported, and told again as a log of events and as snapshots.
import {edge, interval, snapshotNamed} from './expression.js';
import {environmentOf} from './found.js';
import {Refusal, inputs, invalid, pagingInput} from './input.js';
import {chosen, jsonOf, onlyKnown} from './request.js';
import {eventDocument, snapshotDocument, snapshotRow} from './running-documents.js';

export function putReport({store, org, write, params, request}) {
  const environment = environmentOf(store, org, params.environment);
  if (environment.type === 'logical') throw new Refusal(400, `cannot report a snapshot to the logical environment ${environment.name}`);
  if (environment.type !== params.type) throw invalid({type: `environment '${environment.name}' is of type '${environment.type}', not '${params.type}'`});
  const {artifacts} = inputs.report(jsonOf(request));
  // A cluster is listed in any order.
  const told = artifacts.map(artifact => JSON.stringify(artifact)).sort();
  const before = environment.report.map(artifact => JSON.stringify(artifact));
  const isSame = told.length === before.length && told.every((text, place) => text === before[place]);
  // A reporter speaks every few minutes, and mostly has nothing to say: the journal keeps no more of that than there is.
  write({write: 'report', environment: environment.name, ...(!isSame && {artifacts: told.map(text => JSON.parse(text))})});
  return {body: 'OK'};
}

export function listEvents({store, org, params, query, base, now}) {
  onlyKnown(query, ['start_ts', 'end_ts', 'start', 'end', 'interval', 'repo_name', 'reverse', 'page', 'per_page']);
  const environment = physicalOnly(environmentOf(store, org, params.environment));
  const count = environment.snapshots.length;
  const [after, before] = ['start', 'end'].map(name => edgeOf(query, name, count, now()));
  const isBetween = interval(query.get('interval') ?? '', count);
  const repos = query.getAll('repo_name');
  const found = environment.events.filter(({index, at, artifact}) =>
    isBetween(index)
    && !(index < after.index || at < after.time || index > before.index || at > before.time)
    && (repos.length === 0 || artifact.builds.some(({repo_info: repo}) => repos.includes(repo?.name))));
  const {shown, page, perPage, pages} = pageOf(found, query, {most: 100});
  return {
    body: shown.map(event => eventDocument(org, environment, event, base)),
    headers: {
      'x-total-count': found.length, 'x-per-page': perPage, 'x-current-page': page, 'x-total-pages': pages,
      ...(pages > 1 && {link: linksOf(`${base}/api/v2/environments/${org}/${environment.name}/events`, query, page, pages)}),
    },
  };
}

export function listSnapshots({store, org, params, query, now}) {
  onlyKnown(query, ['interval', 'reverse', 'page', 'per_page']);
  const {snapshots} = physicalOnly(environmentOf(store, org, params.environment));
  const isBetween = interval(query.get('interval') ?? '', snapshots.length);
  const {shown} = pageOf(snapshots.filter(({index}) => isBetween(index)), query, {});
  return {body: shown.map(snapshot => snapshotRow(snapshot, snapshots[snapshot.index], now()))};
}

export function getSnapshot({store, org, params, query, base, now}) {
  onlyKnown(query, []);
  const environment = physicalOnly(environmentOf(store, org, params.environment));
  return {body: snapshotDocument(org, environment, snapshotNamed(params.expression, {org, environment, now: now()}), base)};
}

// Kosli shows some of them; in what form nobody has said, and an empty log would be a lie.
function physicalOnly(environment) {
  if (environment.type !== 'logical') return environment;
  const members = environment.included_environments.map(name => `'${name}'`).join(', ') || 'none';
  throw new Refusal(400, `The local Kosli keeps no events of a logical environment; ask for the members of '${environment.name}': ${members}`);
}

// A time stamp counts, if there is one, before anything else.
function edgeOf(query, name, count, now) {
  const stamp = query.get(`${name}_ts`);
  if (stamp === null) return query.has(name) ? edge(query.get(name), name, count, now) : {};
  if (!/^\d+(\.\d+)?$/.test(stamp)) throw invalid({[`${name}_ts`]: `'${stamp}' is not a Unix timestamp`});
  return {time: Number(stamp)};
}

// What is kept oldest first is shown newest first.
function pageOf(all, query, {most}) {
  const page = pagingInput(query, 'page', {absent: 1});
  const perPage = pagingInput(query, 'per_page', {absent: 15, most});
  const isReverse = chosen(query, 'reverse', ['false', 'true']) === 'true';
  const inOrder = isReverse ? all : all.toReversed();
  return {shown: inOrder.slice((page - 1) * perPage, page * perPage), page, perPage, pages: Math.ceil(all.length / perPage)};
}

function linksOf(url, query, page, pages) {
  const linkTo = (number, relation) => {
    const parameters = new URLSearchParams(query);
    parameters.set('page', number);
    return `<${url}?${parameters}>; rel="${relation}"`;
  };
  return [
    linkTo(1, 'first'), ...(page > 1 ? [linkTo(page - 1, 'prev')] : []), ...(page < pages ? [linkTo(page + 1, 'next')] : []), linkTo(pages, 'last'),
  ].join(', ');
}
