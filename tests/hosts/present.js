// The hosts that can be built here, each built by a test of its own.
import assert from 'node:assert/strict';
import {existsSync} from 'node:fs';
import {test} from 'node:test';
import {hosts, keepCompiled, missing, plugin} from './hosts.js';

/** Those whose tools are here; one without its tools is left out, and says so. In CI every host runs. */
export function presentHosts(folder) {
  assert.ok(existsSync(plugin), 'plugin/nodeploy.wasm is not there; build it: cargo xtask build');
  keepCompiled(folder.path);
  const lack = new Map(hosts.map(host => [host, missing(host)]));
  const present = hosts.filter(host => !lack.get(host) || process.env.CI);
  for (const host of hosts) {
    const why = lack.get(host) && `there is no \`${lack.get(host)}\` here`;
    test(`${host.name} is built (${host.engine})`, {skip: !present.includes(host) && why}, () => {
      assert.equal(why, undefined, `${why}, and in CI every host runs`);
      host.prepare();
    });
  }
  return present;
}
