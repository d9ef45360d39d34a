// The command line as a process of its own.
import {spawn} from 'node:child_process';
import {fileURLToPath} from 'node:url';

const NODEPLOY = fileURLToPath(new URL('../../npm/cli.js', import.meta.url));

/** `{child, ended}`; `ended` resolves to `{code, signal, stdout, stderr}`. */
export function nodeploy(args, env) {
  const child = spawn(process.execPath, [NODEPLOY, ...args], {env, stdio: ['ignore', 'pipe', 'pipe']});
  const output = {stdout: '', stderr: ''};
  for (const name of ['stdout', 'stderr']) child[name].setEncoding('utf8').on('data', text => { output[name] += text; });
  // With --via cli a kosli process may live on and hold nothing of ours: it has pipes of its own.
  const ended = new Promise(resolve => child.once('close', (code, signal) => resolve({code, signal, ...output})));
  return {child, ended};
}

/** How many rounds of what is left to chance; a few, unless NODEPLOY_ROUNDS says more. */
export const rounds = Number(process.env.NODEPLOY_ROUNDS ?? 5);

/** Runs `work` over all `items`, `lanes` at a time. */
export async function spread(items, lanes, work) {
  const left = [...items].reverse();
  const lane = async () => {
    while (left.length > 0) await work(left.pop());
  };
  await Promise.all(Array.from({length: lanes}, lane));
}
