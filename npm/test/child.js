// Real child processes for tests.
import {spawn} from 'node:child_process';
import {fileURLToPath} from 'node:url';

/** The command line's program. */
export const CLI = fileURLToPath(new URL('../cli.js', import.meta.url));

/** Runs `node` with `args`; resolves to `{code, signal, stdout, stderr}`. `during(child)` may meddle with it. */
export function node(args, {env, cwd, uid, gid, during} = {}) {
  return new Promise(resolve => {
    const child = spawn(process.execPath, args, {env, cwd, uid, gid, stdio: ['ignore', 'pipe', 'pipe']});
    const output = {stdout: '', stderr: ''};
    for (const name of ['stdout', 'stderr']) child[name].setEncoding('utf8').on('data', text => { output[name] += text; });
    child.on('close', (code, signal) => resolve({code, signal, ...output}));
    during?.(child, output);
  });
}

/** Runs the command line with nothing in its environment but `env`. */
export const nodeploy = (args, {env = {}, ...options} = {}) =>
  node([CLI, ...args], {env: {PATH: process.env.PATH, SystemRoot: process.env.SystemRoot, ...env}, ...options});
