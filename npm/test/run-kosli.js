// What the tests of `run` share: a local Kosli with an environment, and a clock that stands.
import {run} from '../index.js';
import {openLocal} from '../local/index.js';
import {temporaryFolder} from './local-kosli.js';

/** A local Kosli with the environment `prod`; `meddle(item, send)` may answer in its place. */
export async function localKosli(t, meddle = (item, send) => send(item)) {
  const local = await openLocal({dir: temporaryFolder(t), org: 'acme', user: 'alice'});
  t.after(() => local.close());
  const ask = async (method, path, json) => {
    const {body} = await local.send({request: {method, path: `/api/v2/${path}`, ...(json && {json})}});
    return JSON.parse(body);
  };
  await ask('PUT', 'environments/acme', {name: 'prod', type: 'server', description: ''});
  const sent = [];
  return {
    org: 'acme',
    sent,
    send(item) {
      if (item.type) sent.push(item.type);
      return meddle(item, local.send);
    },
    tags: async () => (await ask('GET', 'environments/acme/prod')).tags,
    attestations: async (trail, name) => (await ask('GET', `attestations/acme/prod-nodeploy/trail/${trail}/${name}`)).map(({description}) => description),
  };
}

export const ON = {environment: 'prod', action: {type: 'on', reason: 'why', by: 'steve'}};
export const OFF = {environment: 'prod', action: {type: 'off', by: 'steve'}};
export const ASSERT = {environment: 'prod', action: {type: 'assert'}};
export const ID = '2024-10-31T10.44.48~steve';
export const WRITES_OF_ON = ['tag_environment', 'create_flow', 'begin_trail', 'attest'];

/** `run` with a clock that stands still and a sleep that takes no time. */
export const quick = (call, kosli, options) => {
  const slept = [];
  return run(call, {kosli, clock: () => new Date('2024-10-31T10:44:48.999Z'), sleep: async wait => slept.push(wait), ...options})
    .then(outcome => ({...outcome, slept}));
};
