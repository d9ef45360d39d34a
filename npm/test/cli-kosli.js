// What the tests of the command line share: a Kosli that is not there, a local one, and times that change.
import {nodeploy} from './child.js';
import {ask, serve} from './local-kosli.js';

export const KOSLI = {KOSLI_ORG: 'acme', KOSLI_API_TOKEN: 'secret-token', KOSLI_HOST: 'http://127.0.0.1:9', KOSLI_MAX_API_RETRIES: '0', NODEPLOY_ENV: 'prod'};

/** A local Kosli with `prod-aws`, and a `nodeploy` that talks to it. */
export async function kosli(t) {
  const server = await serve(t);
  await ask(server, 'PUT', '/api/v2/environments/acme', {json: {name: 'prod-aws', type: 'K8S', description: ''}});
  const env = {KOSLI_ORG: 'acme', KOSLI_API_TOKEN: server.token, KOSLI_HOST: server.url, NODEPLOY_ENV: 'prod-aws'};
  const tags = async () => (await ask(server, 'GET', '/api/v2/environments/acme/prod-aws')).body.tags;
  return {server, env, tags, run: (args, options) => nodeploy(args, {...options, env: {...env, ...options?.env}})};
}

const ID = /\d{4}-\d\d-\d\dT\d\d\.\d\d\.\d\d~steve/g;
export const masked = text => text.replace(ID, 'ID').replace(/\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d)? UTC/g, 'TIME');
