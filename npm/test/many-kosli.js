// A local Kosli of many environments, for tests of what is done with all of them.
import path from 'node:path';
import {runMany} from '../index.js';
import {openLocal} from '../local/index.js';
import {temporaryFolder} from './local-kosli.js';

export const NOW = new Date('2024-10-31T12:00:00Z');

/** A local Kosli with `prod-0` … and `prod`, which is made of the first two of them. What is sent is kept; `meddle` may answer in its place. */
export async function kosliOf(t, count = 4) {
  const local = await openLocal({dir: path.join(temporaryFolder(t), 'kosli'), org: 'acme', user: 'alice'});
  t.after(() => local.close());
  const write = (method, where, json) => local.send({request: {method, path: `/api/v2/${where}`, json}});
  for (let number = 0; number < count; number++) await write('PUT', 'environments/acme', {name: `prod-${number}`, type: 'K8S', description: ''});
  const join = members => write('PUT', 'environments/acme', {name: 'prod', type: 'logical', description: '', included_environments: members});
  await join(['prod-0', 'prod-1']);
  const sent = [];
  const world = {
    sent, write, join, meddle: () => undefined,
    kosli: {
      org: 'acme',
      async send(item) {
        sent.push(item);
        return await world.meddle(item) ?? local.send(item);
      },
    },
    commands: () => sent.filter(({type}) => type),
    async go(action, environments, more = {}) {
      sent.length = 0;
      return runMany({action}, {kosli: world.kosli, environments, clock: () => NOW, sleep: async () => {}, ...more});
    },
    decisions: ({outcomes}) => Object.fromEntries(outcomes.map(({environment, reason}) => [environment, reason])),
  };
  return world;
}

export const on = {type: 'on', reason: 'payments down', by: 'steve'};
