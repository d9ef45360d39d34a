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

// A clock that stands: what is asked about a time to come is asked on the same day whenever the tests run.
const standing = time => `data:text/javascript,${encodeURIComponent(`
  const now = Date.parse('${time}');
  globalThis.Date = class extends Date {
    constructor(...parts) { super(...(parts.length > 0 ? parts : [now])); }
    static now() { return now; }
  };`)}`;

/** Runs the command line with nothing in its environment but `env`, in UTC wherever this is; with `now`, as if that were the time. */
export const nodeploy = (args, {env = {}, now, ...options} = {}) =>
  node([...(now ? ['--import', standing(now)] : []), CLI, ...args], {env: {PATH: process.env.PATH, SystemRoot: process.env.SystemRoot, TZ: 'UTC', ...env}, ...options});
