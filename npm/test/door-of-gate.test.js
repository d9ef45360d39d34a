// Which module of the core the one file starts, and when: that of a gate, that of one with a policy, the whole one.
import assert from 'node:assert/strict';
import {createRequire} from 'node:module';
import test from 'node:test';
import {fileURLToPath} from 'node:url';
import vm from 'node:vm';

const DOOR = new URL('../../xtask/tools/door-of-gate.js', import.meta.url);
const {build} = createRequire(DOOR)('esbuild');
const CALLS = ['command_line', 'local_time', 'observe', 'observe_beside', 'plan', 'plan_beside', 'printable', 'printable_json', 'shell_line'];

const {outputFiles: [door]} = await build({
  entryPoints: [fileURLToPath(DOOR)],
  bundle: true, format: 'cjs', platform: 'node', write: false, define: {NODEPLOY_VERSION: '"1.2.3"'},
  plugins: [{
    name: 'a glue that tells',
    setup(build) {
      build.onResolve({filter: /^freeze\.js$/}, () => ({path: 'glue', namespace: 'glue'}));
      build.onLoad({filter: /.*/, namespace: 'glue'}, () => ({contents: [...CALLS, 'initSync'].map(name => `export const ${name} = (...given) => glue.${name}(...given);`).join('\n')}));
    },
  }],
});

/** A function that asks the door for a plan: the module that answers and how many have been started, or why none does. None that is `spoilt` starts. */
function open(spoilt) {
  const started = [];
  const refuseSpoilt = name => {
    if (spoilt.includes(name)) throw new Error(`${name} is spoilt`);
  };
  const glue = {
    initSync({module}) {
      const [name] = module.toString().split(' and ');
      refuseSpoilt(name);
      started.push(name);
    },
    plan(call) {
      if (started.at(-1) !== 'whole' && call.toString().includes('frozen')) throw new Error('unreachable');
      return `${started.at(-1)} ${started.length}`;
    },
  };
  const module = {exports: {}};
  vm.runInNewContext(door.text, {
    module, glue, Buffer, __filename: 'nodeploy.cjs',
    nodeploy_aside: name => Buffer.from(name === 'data' ? ' and data' : name),
    nodeploy_unpacked: name => Buffer.from(name),
    nodeploy_whole: (what, act) => act(),
  });
  return call => {
    try {
      return module.exports.plan(Buffer.from(call));
    } catch ({message}) {
      return message;
    }
  };
}

const POLICY = '{"policy":{}}';
const BROKEN = 'whole is spoilt';

for (const [what, calls, answers, spoilt = []] of [
  ['gates', ['{}', '{}'], ['gate 1', 'gate 1']],
  ['an answer, which says that it had none', ['{}', '{\n  "policy": null\n}'], ['gate 1', 'gate 1']],
  ['one with a policy, and what comes after', [POLICY, '{}'], ['policy 1', 'policy 1']],
  ['what comes before one with a policy', ['{}', POLICY], ['gate 1', 'policy 2']],
  ['what a gate does not do, and all after it', ['{}', 'frozen', '{}', POLICY], ['gate 1', 'whole 2', 'whole 2', 'whole 2']],
  ['a gate whose module is spoilt', ['{}'], ['whole 1'], ['gate']],
  ['one with a policy whose module is spoilt', ['{}', POLICY], ['gate 1', 'whole 2'], ['policy']],
  ['where the whole one is spoilt, a new one after what has ended', ['{}', 'frozen', '{}'], ['gate 1', BROKEN, 'gate 2'], ['whole']],
]) {
  test(what, () => {
    assert.deepEqual(calls.map(open(spoilt)), answers);
  });
}
