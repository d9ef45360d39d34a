// What a gate adds to a deployment: a whole process, from its start to its exit code, against a server on the loopback.
import {spawn, spawnSync} from 'node:child_process';
import {existsSync} from 'node:fs';
import path from 'node:path';
import {createInterface} from 'node:readline';
import {setImmediate as nextTurn} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {duration, folder, median, ratioRow, row, time} from './report.mjs';

const rounds = 40;
const root = fileURLToPath(new URL('../../', import.meta.url));
const cli = path.join(root, 'npm', 'cli.js');
const kosli = path.join(root, 'tests', 'kosli', 'node_modules', '@kosli', 'cli-linux-x64', 'bin', 'kosli');

const server = spawn(process.execPath, [cli, 'local', '--dir', folder, '--port', '0', '--env', 'prod-aws'], {stdio: ['ignore', 'pipe', 'inherit']});
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => server.kill() && process.exit(130));
try {
  await measure({...variables(), ...await exported(server)});
} finally {
  server.kill();
}

async function measure(env) {
  const runs = [
    {args: [process.execPath, '-e', '0']},
    {args: [process.execPath, cli, '-e', 'prod-aws', 'assert']},
    ...(existsSync(kosli) && spawnSync('jq', ['--version']).status === 0 ? [
      {args: ['bash', '-c', `test "$("${kosli}" get env prod-aws --output json | jq -r .tags.nodeploy)" = null`]},
      {args: [kosli, 'version']},
    ] : []),
  ].map(({args: [program, ...args]}) => ({times: [], run: () => expectSuccess(spawnSync(program, args, {env, encoding: 'utf8'}))}));
  for (let round = -3; round < rounds; round++) {
    for (const {run, times} of runs) {
      const took = time(run);
      if (round >= 0) times.push(took);
    }
    await nextTurn(); // for a signal to be heard
  }
  const [bare, gate, scripts, version] = runs.map(({times}) => median(times));
  ratioRow({what: 'the gate on the command line / bare `node -e 0`', ours: gate, theirs: bare, limit: 1.3});
  if (scripts === undefined) console.log('beside it there is nothing: tests/kosli has no CLI for this machine, or there is no jq');
  row({what: '  beside it the script\'s gate: kosli get env | jq', measured: scripts ? duration(scripts) : 'not here'});
  row({what: '  beside it the start of the kosli CLI: kosli version', measured: version ? duration(version) : 'not here'});
}

function expectSuccess({status, stdout, stderr, error}) {
  if (status !== 0) throw new Error(`a gate that should let pass ended with ${status}: ${stdout}${stderr}`, {cause: error});
}

/** The user's variables, less their own Kosli and proxies. */
function variables() {
  const kept = Object.entries(process.env).filter(([name]) => !/^(KOSLI_|NODEPLOY_|NODE_OPTIONS$)/.test(name));
  return {...Object.fromEntries(kept), HOME: folder, NO_PROXY: '127.0.0.1', no_proxy: '127.0.0.1'};
}

/** The variables of the `export NAME=value` lines that a server prints when it is ready. */
async function exported({stdout}) {
  const found = {};
  for await (const line of createInterface({input: stdout})) {
    const [, name, value] = /^export (\w+)=(.*)$/.exec(line) ?? [];
    if (name) found[name] = value;
    if (Object.keys(found).length === 3) return found;
  }
  throw new Error('the local Kosli ended before it said where it is');
}
