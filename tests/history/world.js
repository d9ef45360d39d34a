// A local Kosli at a clock of ours: what is done there is done at the time, and by the account, that the story says.
import {run} from '../../npm/index.js';
import {openLocal} from '../../npm/local/index.js';
import {iso} from './times.js';

export const ORG = 'acme';

/** Opens one in `folder`. Time goes on with `at`, never back. */
export async function openWorld(folder) {
  let now = 0; // milliseconds
  let account = 'ci-bot';
  const local = await openLocal({dir: folder, org: ORG, clock: () => new Date(now), user: () => account});

  const kosli = {org: ORG, send: local.send};
  // Only a pause takes time: others do things meanwhile.
  let onPause;
  const sleep = milliseconds => milliseconds < 1000 ? undefined : new Promise(resume => {
    onPause({until: (now + milliseconds) / 1000, account, resume});
  });
  const written = async request => {
    const {status, body} = await local.send({request});
    if (status > 201) throw new Error(`${request.method} ${request.path}: ${status} ${body}`);
  };
  const form = (path, method, fields, file) => written({
    method, path: `/api/v2/${path}`,
    form: [{name: 'data_json', value: JSON.stringify(fields)}, ...(file === undefined ? [] : [{name: 'template_file', filename: 'template.yml', value: file}])],
  });

  const world = {
    org: ORG,
    kosli,
    at(instant, who) {
      now = instant * 1000;
      account = who;
    },
    /** Does one thing, until it is done or pauses: then answers `{until, account, resume()}`, which does the rest. */
    async act(instant, who, play) {
      world.at(instant, who);
      const pause = new Promise(resolve => {
        onPause = resolve;
      });
      const playing = play(world);
      const paused = await Promise.race([playing.then(() => undefined), pause]);
      if (paused === undefined) return undefined;
      return {
        until: paused.until,
        async resume() {
          world.at(paused.until, paused.account);
          paused.resume();
          await playing;
        },
      };
    },
    /** The real core, in the real loop. It must come to this decision. */
    async run(environment, action, {decision = 'proceed', ...call} = {}) {
      const outcome = await run({environment, action, ...call}, {kosli, sleep, clock: () => new Date(now)});
      if (outcome.decision !== decision) {
        throw new Error(`${iso(now / 1000)}, ${environment}, ${JSON.stringify(action)}: ${outcome.decision} ${outcome.reason}, not ${decision}: ${outcome.summary}`);
      }
      return outcome;
    },
    /** The same, cut after so many of its writes. */
    async cut(environment, action, after, call = {}) {
      let writes = 0;
      const send = item => item.request.method === 'GET' || writes++ < after ? local.send(item) : {error: 'the connection was cut'};
      const outcome = await run({environment, action, ...call}, {kosli: {org: ORG, send}, sleep, clock: () => new Date(now)});
      if (writes <= after) throw new Error(`${environment}, ${JSON.stringify(action)}: it was to be cut after ${after} writes, and has ${writes}: ${outcome.summary}`);
    },
    put: (path, json, method = 'PUT') => written({method, path: `/api/v2/${path}`, json}),
    tag: (environment, set, unset = []) => world.put(`tags/${ORG}/env/${environment}`, {set_tags: set, remove_tags: unset}, 'PATCH'),
    flow: name => form(`flows/${ORG}/template_file`, 'PUT', {name}, 'version: 1'),
    trail: (flow, name) => form(`trails/${ORG}/${flow}`, 'PUT', {name}),
    attest: (flow, trail, name, fields = {}) => form(`attestations/${ORG}/${flow}/trail/${trail}/generic`, 'POST', {attestation_name: name, is_compliant: true, user_data: {}, ...fields}),
    async get(path) {
      const {status, body} = await local.send({request: {method: 'GET', path: `/api/v2/${path}`}});
      return status === 200 ? JSON.parse(body) : undefined;
    },
    close: () => local.close(),
  };
  return world;
}
