// A local Kosli for the examples, and the real kosli CLI to talk to it.
import {execFile, spawn} from 'node:child_process';
import {existsSync, mkdtempSync, writeFileSync} from 'node:fs';
import {delimiter, dirname, join} from 'node:path';
import {root} from './hosts.js';
import {exported} from '../../xtask/tools/exported.mjs';

const program = join(root, 'tests', 'kosli', 'node_modules', '@kosli', 'cli-linux-x64', 'bin', 'kosli');

/** A PATH on which there is no kosli CLI. */
export const WITHOUT_KOSLI = process.env.PATH.split(delimiter).filter(folder => !existsSync(join(folder, 'kosli'))).join(delimiter);

/** Starts one in `folder`; none where there is no kosli CLI for this machine. */
export async function localKosli(folder) {
  if (!existsSync(program)) return null;
  const args = [join(root, 'npm', 'cli.js'), 'local', '--dir', mkdtempSync(join(folder, 'kosli-')), '--port', '0', '--env', 'prod-aws'];
  const server = spawn(process.execPath, args, {stdio: ['ignore', 'pipe', 'inherit']});
  const env = await exported(server);
  for (const [name, value] of Object.entries(process.env)) if (!name.startsWith('KOSLI_')) env[name] ??= value;
  env.PATH = dirname(program) + delimiter + process.env.PATH;
  env.NODEPLOY_BY ??= 'steve'; // a container's root is nobody's name
  env.NO_PROXY = '127.0.0.1';

  const run = (file, args, more, cwd = folder) => new Promise((resolve, reject) => {
    execFile(file, args, {cwd, env: {...env, ...more}}, (error, stdout, stderr) => {
      if (error && typeof error.code !== 'number') reject(error);
      else resolve({code: error?.code ?? 0, stdout, stderr});
    });
  });
  return {
    run,
    async cli(args) {
      const {code, stdout, stderr} = await run(program, args);
      if (code !== 0) throw new Error(stderr);
      return stdout;
    },
    /** A PATH on which kosli does this first when it is told to do `verb`. */
    pathWhere(verb, first) {
      const bin = mkdtempSync(join(folder, 'bin-'));
      writeFileSync(join(bin, 'kosli'), `#!/bin/sh\n[ "$1" = ${verb} ] && { ${first}; }\nexec '${program}' "$@"\n`, {mode: 0o755});
      return bin + delimiter + env.PATH;
    },
    stop() {
      server.kill();
    },
  };
}
