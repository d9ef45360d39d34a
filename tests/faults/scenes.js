// The environments that the faults befall, what is done there, and how it must end.
import {cpSync, mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import './disk.js';
import {run} from '../../npm/index.js';
import {openLocal, startLocal} from '../../npm/local/index.js';
import {proxy} from './proxy.js';

export const ENVIRONMENT = 'prod-aws';

const MINUTE = 60_000;
const minutesAgo = minutes => () => new Date(Date.now() - minutes * MINUTE);
const timeIn = minutes => `${new Date(Date.now() + minutes * MINUTE).toISOString().slice(0, 19)}Z`;
const on = (by, more) => ({type: 'on', reason: `${by}'s reason`, by, ...more});

/** Each: what has happened before, and the command line's arguments (after the environment) that are tried. */
export const SCENES = {
  'on': {before: () => [], args: ['on', '-r', 'a = "reason", of mine', '--by', 'steve', '--until', '2999-01-01T00:00:00Z']},
  'on beside another': {before: () => [{at: 90, action: on('jon')}], args: ['on', '-r', 'mine', '--by', 'steve']},
  'on with another reason': {before: () => [{at: 90, action: on('steve')}], args: ['on', '-r', 'on second thoughts', '--by', 'steve']},
  'off': {before: () => [{at: 90, action: on('steve')}], args: ['off', '--by', 'steve', '-r', 'done']},
  'off beside another': {before: () => [{at: 90, action: on('steve')}, {at: 80, action: on('jon')}], args: ['off', '--by', 'steve']},
  'off --all': {before: () => [{at: 90, action: on('steve')}, {at: 80, action: on('jon')}], args: ['off', '--all', '--by', 'eve']},
  'sync': {
    before: () => [
      {at: 90, action: on('steve', {until: timeIn(-30)})}, // to be ended
      {at: 80, action: on('jon')},
      {tags: {remove: 'all'}}, // to be raised again
      {tags: {set: {'nodeploy.2024-10-31T10.44.48~eve': 'by=eve&reason=half+begun'}}}, // to be recorded
    ],
    args: ['sync'],
  },
};

/** Makes what happened `before` a scene so, in `folder`. */
export async function prepare(folder, before) {
  const local = await openLocal({dir: folder, org: 'acme', user: 'alice'});
  const write = (method, path, json) => local.send({request: {method, path: `/api/v2/${path}`, json}});
  try {
    await write('PUT', 'environments/acme', {name: ENVIRONMENT, type: 'server', description: ''});
    for (const {at, action, tags} of before()) {
      if (action) {
        const {decision, summary} = await run({environment: ENVIRONMENT, action}, {kosli: local, clock: minutesAgo(at)});
        if (decision !== 'proceed') throw new Error(summary);
      } else {
        const {tags: known} = JSON.parse((await local.send({request: {method: 'GET', path: `/api/v2/environments/acme/${ENVIRONMENT}`}})).body);
        await write('PATCH', `tags/acme/env/${ENVIRONMENT}`, {set_tags: tags.set ?? {}, remove_tags: tags.remove === 'all' ? Object.keys(known) : []});
      }
    }
  } finally {
    await local.close();
  }
}

/** Folders with each scene as it was before; they are copied, so that each is made once. */
export async function theatre(t, scenes = SCENES) {
  const folder = mkdtempSync(join(tmpdir(), 'nodeploy-faults-'));
  t.after(() => rmSync(folder, {recursive: true, force: true}));
  const names = Object.keys(scenes);
  for (const [index, name] of names.entries()) await prepare(join(folder, String(index)), scenes[name].before);
  let copies = 0;
  const copyOf = made => {
    const target = join(folder, `copy-${copies++}`);
    cpSync(join(folder, made), target, {recursive: true});
    return target;
  };
  return {copy: name => copyOf(String(names.indexOf(name))), copyOf, folder};
}

/** A Kosli as it was before a scene, a proxy in front of it, and the variables that lead there. */
export async function stage(t, theatre, name) {
  const folder = theatre.copy(name);
  const server = await startLocal({dir: folder, user: 'alice'});
  const closing = [];
  const way = await proxy({after: close => closing.push(close)}, server.url);
  const env = {
    KOSLI_HOST: way.url, KOSLI_ORG: server.org, KOSLI_API_TOKEN: server.token, KOSLI_MAX_API_RETRIES: '0',
    NODEPLOY_ENV: ENVIRONMENT, PATH: process.env.PATH, HOME: theatre.folder,
  };
  let closed = false;
  const close = async () => {
    if (closed) return;
    closed = true;
    for (const each of closing) each();
    await server.close();
    rmSync(folder, {recursive: true, force: true});
  };
  t.after(close);
  return {server, proxy: way, env, close};
}

const GET = path => ({request: {method: 'GET', path: `/api/v2/${path}`}});
const NAMES = ['nodeploy-on', 'nodeploy-off'];

/** What Kosli knows of an environment: its tags, and each trail's attestations, oldest first. */
export async function facts({send, org = 'acme'}, environment = ENVIRONMENT) {
  const ask = async path => {
    const {status, body} = await send(GET(path));
    return status === 200 ? JSON.parse(body) : undefined;
  };
  const {tags} = await ask(`environments/${org}/${environment}`);
  const flow = await ask(`flows/${org}/${environment}-nodeploy`) !== undefined;
  const records = {};
  for (let page = 1, pages = 1; page <= pages; page++) {
    const listed = await ask(`trails/${org}?flow=${environment}-nodeploy&page=${page}&per_page=100`);
    if (listed === undefined) break;
    pages = listed.pagination.page_count;
    for (const {name} of listed.data) {
      const [begun, ended] = await Promise.all(NAMES.map(attestation => ask(`attestations/${org}/${environment}-nodeploy/trail/${name}/${attestation}`)));
      records[name] = {on: begun.reverse().map(content), off: ended.reverse().map(content)};
    }
  }
  return {flow, tags, records};
}

const content = ({description, annotations}) => ({description, annotations});

const ID = /\d{4}-\d\d-\d\dT\d\d\.\d\d\.\d\d/g;
const TIME = /\d{4}-\d\d-\d\d[T ]\d\d(:|%3A)\d\d(:|%3A)\d\dZ?/g;

/**
 * The same without times, so that two runs compare, and `repeated`: how many attestations say again what is on record.
 * The first of each kind of words stays; which of two runs said them is not told.
 */
export function essence({tags, records}) {
  let repeated = 0;
  const counts = {tags: Object.keys(tags).length, trails: Object.keys(records).length};
  const masked = JSON.parse(JSON.stringify({tags, records}).replace(ID, 'T').replace(TIME, 'U'));
  for (const record of Object.values(masked.records)) {
    for (const kind of ['on', 'off']) {
      const seen = new Set(record[kind].map(each => JSON.stringify(each)));
      repeated += record[kind].length - seen.size;
      record[kind] = [...seen].map(each => JSON.parse(each));
    }
  }
  return {state: {...masked, counts}, repeated};
}
