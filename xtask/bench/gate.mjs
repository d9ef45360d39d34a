// What a gate adds to a deployment: the CPU time of a whole process, from its start to its exit code, against a server on the
// loopback; beside a bare script that makes the same two requests.
import {spawn, spawnSync} from 'node:child_process';
import {existsSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {setImmediate as nextTurn} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {duration, folder, median, ratioRow, row} from './report.mjs';
import {exported} from '../tools/exported.mjs';

const rounds = 40;
const root = fileURLToPath(new URL('../../', import.meta.url));
const cli = path.join(root, 'npm', 'nodeploy.cjs');
const kosli = path.join(root, 'tests', 'kosli', 'node_modules', '@kosli', 'cli-linux-x64', 'bin', 'kosli');

// What the gate asks of Kosli, and nothing else.
const GETS = `
  const http = require('node:http');
  const agent = new http.Agent({keepAlive: true});
  const get = path => new Promise((resolve, reject) => http.get(process.env.KOSLI_HOST + path, {agent, headers: {authorization: 'Bearer ' + process.env.KOSLI_API_TOKEN}}, answer => {
    let text = '';
    answer.setEncoding('utf8').on('data', more => { text += more; }).on('end', () => resolve(text));
  }).on('error', reject));
  (async () => {
    const org = process.env.KOSLI_ORG;
    JSON.parse(await get('/api/v2/trails/' + org + '/prod-aws-nodeploy?page=1&per_page=100').catch(() => '{}'));
    JSON.parse(await get('/api/v2/environments/' + org + '/prod-aws'));
    agent.destroy();
  })();`;

const POLICY = `windows:
  - {name: weekend, effect: freeze, environments: [staging-*], timezone: Europe/London, start: 0 16 * * fri, end: 0 8 * * mon, reason: no one is around}
  - {name: turn of the year, effect: freeze, environments: [prod-*], timezone: Europe/London, from: 2099-12-24T18:00, to: 2099-12-31T24:00}
`;

const server = spawn(process.execPath, [cli, 'local', '--dir', folder, '--port', '0', '--env', 'prod-aws'], {stdio: ['ignore', 'pipe', 'inherit']});
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => server.kill() && process.exit(130));
try {
  await measure({...variables(), ...await exported(server)});
} finally {
  server.kill();
}

async function measure(env) {
  const [gets, policy] = [['gets.cjs', GETS], ['policy.yaml', POLICY]].map(([name, text]) => {
    writeFileSync(path.join(folder, name), text);
    return path.join(folder, name);
  });
  const runs = [
    [process.execPath, '-e', '0'],
    [process.execPath, gets],
    [process.execPath, cli, '-e', 'prod-aws', 'assert', '--policy='],
    [process.execPath, cli, '-e', 'prod-aws', 'assert', '--policy', policy],
    ...(existsSync(kosli) && spawnSync('jq', ['--version']).status === 0 ? [
      ['bash', '-c', `test "$("${kosli}" get env prod-aws --output json | jq -r .tags.nodeploy)" = null`],
      [kosli, 'version'],
    ] : []),
  ].map(args => ({times: [], run: () => cpu(args, env)}));
  for (let round = -3; round < rounds; round++) {
    for (const {run, times} of runs) {
      const took = run();
      if (round >= 0) times.push(took);
    }
    await nextTurn(); // for a signal to be heard
  }
  const [bare, two, gate, windows, scripts, version] = runs.map(({times}) => median(times));
  ratioRow({what: `CPU of the gate / of a script with its two requests, Node ${process.versions.node}`, ours: gate, theirs: two, limit: 1.6});
  ratioRow({what: '  the same with a policy in YAML', ours: windows, theirs: two, limit: 2.4});
  row({what: '  beside it bare `node -e 0`', measured: duration(bare)});
  if (scripts === undefined) console.log('beside it there is nothing: tests/kosli has no CLI for this machine, or there is no jq');
  row({what: '  beside it the script\'s gate: kosli get env | jq', measured: scripts ? duration(scripts) : 'not here'});
  row({what: '  beside it the start of the kosli CLI: kosli version', measured: version ? duration(version) : 'not here'});
}

// Milliseconds of user and system time, as bash counts them for a child: what runs beside it counts less than it does for a clock.
function cpu(args, env) {
  const ended = spawnSync('bash', ['-c', 'TIMEFORMAT="%3U %3S"; time "$@"', 'bash', ...args], {env, encoding: 'utf8'});
  expectSuccess(ended);
  const [user, system] = ended.stderr.trim().split('\n').at(-1).split(' ').map(Number);
  return (user + system) * 1000;
}

function expectSuccess({status, stdout, stderr, error}) {
  if (status !== 0) throw new Error(`a gate that should let pass ended with ${status}: ${stdout}${stderr}`, {cause: error});
}

/** The user's variables, less their own Kosli and proxies, and an authority of theirs, which costs every Node 37 ms. */
function variables() {
  const kept = Object.entries(process.env).filter(([name]) => !/^(KOSLI_|NODEPLOY_|NODE_OPTIONS$|NODE_EXTRA_CA_CERTS$)/.test(name));
  return {...Object.fromEntries(kept), HOME: folder, NO_PROXY: '127.0.0.1', no_proxy: '127.0.0.1'};
}
