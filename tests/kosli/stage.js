// A local Kosli with the real CLI on it, and a cluster that it can look at.
import {execFile} from 'node:child_process';
import {once} from 'node:events';
import {mkdirSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:http';
import path from 'node:path';
import {serve, temporaryFolder} from '../../npm/test/local-kosli.js';
import {program} from './cli.js';

/** A local Kosli and the real CLI on it, in a folder of its own. */
export async function localKosli(t) {
  const server = await serve(t);
  const cwd = temporaryFolder(t);
  const env = {PATH: process.env.PATH, HOME: cwd, KOSLI_HOST: server.url, KOSLI_ORG: server.org, KOSLI_API_TOKEN: server.token, KOSLI_MAX_API_RETRIES: '0', KOSLI_QUIET: 'true'};
  const run = (file, args, {mayFail = false, env: more} = {}) => new Promise((resolve, reject) => {
    execFile(file, args, {env: {...env, ...more}, cwd, maxBuffer: 1e8}, (error, stdout, stderr) => {
      if (error && !mayFail) reject(new Error(`${file} ${args.join(' ')}\n${stderr}`));
      else resolve({code: error?.code ?? 0, stdout, stderr});
    });
  });
  const kosli = (line, options) => run(program, line.split(' '), options);
  return {
    run, kosli,
    json: async line => JSON.parse((await kosli(`${line} --output json`)).stdout),
    write(name, text) {
      const file = path.join(cwd, name);
      mkdirSync(path.dirname(file), {recursive: true});
      writeFileSync(file, text);
    },
  };
}

/** A cluster of Kubernetes, as far as the CLI asks: `runs(...pods)` is what it shows from now on. Its kubeconfig is `write`n. */
export async function cluster(t, write) {
  let pods = [];
  const server = createServer((request, response) => {
    response.writeHead(200, {'content-type': 'application/json'});
    response.end(JSON.stringify({kind: 'PodList', apiVersion: 'v1', metadata: {}, items: pods}));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  write('kubeconfig', `apiVersion: v1\nkind: Config\ncurrent-context: c\nclusters: [{name: c, cluster: {server: 'http://127.0.0.1:${server.address().port}'}}]\ncontexts: [{name: c, context: {cluster: c, user: u}}]\nusers: [{name: u, user: {}}]\n`);
  return {
    runs(...running) {
      pods = running;
    },
    /** A pod of `registry/web:LETTER`. */
    pod: (name, letter, creationTimestamp) => ({
      metadata: {name, namespace: 'live', creationTimestamp, ownerReferences: [{apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid: 'u'}]},
      status: {phase: 'Running', containerStatuses: [{name: 'web', image: `registry/web:${letter}`, imageID: `registry/web@sha256:${letter.repeat(64)}`}]},
    }),
  };
}
