// Policies for the tests of windows on the command line, and a `nodeploy` that runs in their folder.
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {nodeploy} from './child.js';
import {ask, serveAt, temporaryFolder} from './local-kosli.js';

export const WEEKEND = {name: 'weekend', effect: 'freeze', environments: ['prod-*'], timezone: 'Europe/Berlin', reason: 'nobody is there to mend it', days: ['fri'], from: '16:00', to: '24:00'};
export const CHRISTMAS = {name: 'christmas', effect: 'freeze', environments: ['*', '!dev'], timezone: 'Europe/Berlin', from: '2026-12-24T18:00', to: '2026-12-27'};
export const OFFICE = {name: 'office hours', effect: 'allow', environments: ['prod-*'], timezone: 'Europe/Berlin', days: ['mon-fri'], from: '09:00', to: '17:00'};

// What the core says of them.
export const LINT = 'warning: nodeploy.json:PLACE: the window `christmas` ends as its last date begins, Sun 27 Dec 2026 00:00; to close that day too, write T24:00 after it\n';

export const utc = milliseconds => new Date(milliseconds).toISOString().slice(0, 19);

/** A window from an hour ago that ends so many seconds from now. */
export const endsIn = seconds => ({...CHRISTMAS, name: 'short', timezone: 'UTC', from: utc(Date.now() - 3_600_000), to: utc(Date.now() + seconds * 1000)});

/** A folder with that policy, and a `nodeploy` that runs in it, with no account. */
export function policy(t, ...windows) {
  const cwd = temporaryFolder(t);
  writeFileSync(join(cwd, 'nodeploy.json'), JSON.stringify({policy: 'release', windows}));
  const now = args => args.includes('--at') ? '2026-12-01T12:00:00Z' : undefined;
  const run = async (args, options) => {
    const ended = await nodeploy(args, {cwd, now: now(args), ...options, env: {TZ: 'Europe/Berlin', ...options?.env}});
    return {...ended, stderr: ended.stderr.replace(/nodeploy\.json:\d+:\d+:/g, 'nodeploy.json:PLACE:')};
  };
  return {cwd, run};
}

/** The same, with a local Kosli that has `prod-aws`. */
export async function kosli(t, ...windows) {
  const {cwd, run} = policy(t, ...windows);
  const server = await serveAt(t);
  await ask(server, 'PUT', '/api/v2/environments/acme', {json: {name: 'prod-aws', type: 'K8S', description: ''}});
  const env = {KOSLI_ORG: 'acme', KOSLI_API_TOKEN: server.token, KOSLI_HOST: server.url, NODEPLOY_ENV: 'prod-aws'};
  const tag = set => ask(server, 'PATCH', '/api/v2/tags/acme/env/prod-aws', {json: {set_tags: set, remove_tags: []}});
  const tags = async () => Object.keys((await ask(server, 'GET', '/api/v2/environments/acme/prod-aws')).body.tags);
  return {cwd, tag, tags, run: (args, options) => run(args, {...options, env: {...env, ...options?.env}})};
}

// How a rule reads is the core's business.
export const masked = text => text.replace(/^( {4}rule {3}).*(, \S+)$/gm, '$1RULE$2');

export const lines = (...texts) => `${texts.join('\n')}\n`;
