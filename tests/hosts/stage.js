// A local Kosli on which the examples play, for as long as a `describe` lasts.
import assert from 'node:assert/strict';
import {after, before} from 'node:test';
import {plugin} from './hosts.js';
import {localKosli} from './local-kosli.js';

export class Stage {
  constructor(folder) {
    before(async () => {
      this.kosli = await localKosli(folder.path);
    });
    after(() => this.kosli?.stop());
  }

  /** Plays a story; where there is no kosli CLI it is left out, but not in CI. */
  with(t, story) {
    if (this.kosli) return story();
    assert.ok(!process.env.CI, 'there is no kosli CLI here, and in CI the examples run');
    return t.skip('there is no kosli CLI for this machine');
  }

  /** Runs a host's example: `{code, stdout, stderr}`. */
  go(host, action, {environment = 'prod-aws', policy, env = {}, cwd} = {}) {
    const [program, ...args] = host.example;
    const text = typeof action === 'string' ? action : JSON.stringify(action);
    const more = policy === undefined ? [] : [policy];
    return this.kosli.run(program, [...args, plugin, environment, text, ...more], {...host.env, ...env}, cwd);
  }

  /** The same with an action in a shell's words. */
  shell(host, words) {
    return this.kosli.run('sh', ['-c', `exec "$@" ${words}`, 'sh', ...host.example, plugin, 'prod-aws'], host.env);
  }

  async environment(name) {
    return JSON.parse(await this.kosli.cli(['get', 'environment', name, '--output', 'json']));
  }

  async record(trail, flow = 'prod-aws-nodeploy') {
    const get = async name => JSON.parse(await this.kosli.cli(['get', 'attestation', name, '--flow', flow, '--trail', trail, '--output', 'json']));
    const [[on], [off]] = await Promise.all([get('nodeploy-on'), get('nodeploy-off')]);
    return {on, off};
  }
}
