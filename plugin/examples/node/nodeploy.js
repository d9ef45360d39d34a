// nodeploy in a program of one's own: the plugin decides, this does what it asks for.
//
//   node nodeploy.js nodeploy.wasm prod-aws '{"type": "assert"}'
//
// Exit code 0: go on; 1: do not; 2: nobody knows, so do not.
import {spawn} from 'node:child_process';
import {readFile} from 'node:fs/promises';
import {realpathSync} from 'node:fs';
import {setTimeout as pause} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import createPlugin from '@extism/extism';

const ROUNDS = 8;
const KOSLI_TIMEOUT = 120_000;

/** The plugin, loaded once and asked often. This SDK has no limits of its own: run it in a process that has. */
export async function load(module) {
  return createPlugin({wasm: [{data: new Uint8Array(await readFile(module))}]}, {useWasi: false});
}

/** `observe` or `plan`. */
async function ask(plugin, name, call) {
  return (await plugin.call(name, JSON.stringify(call))).json();
}

/** Looks, decides, writes and looks again, until nothing is left to do. Returns the decision. */
export async function carryOut(plugin, environment, action) {
  const call = {action, environment};
  let first;
  for (let round = 1; round <= ROUNDS; round++) {
    if (round > 2) await pause(200 + 400 * Math.random()); // somebody else is at it too
    call.now = new Date().toISOString();
    call.observed = {};
    for (;;) {
      const reads = await ask(plugin, 'observe', call);
      if (reads.length === 0) break;
      const results = await Promise.all(reads.map(kosli));
      reads.forEach((read, i) => (call.observed[read.as] = results[i]));
    }
    const answer = await ask(plugin, 'plan', call);
    first ??= answer;
    if (answer.commands.length === 0) {
      // What was asked for is in the first answer, unless the last one decides otherwise.
      say(first.decision === answer.decision ? first : answer);
      return answer.decision;
    }
    call.action = answer.action; // the same intent, now naming its freezes
    for (const command of answer.commands) {
      const result = await kosli(command);
      if (result.exit_code !== 0) return fail(`${command.type} failed: ${JSON.stringify(result)}`, call.action);
    }
  }
  return fail(`not settled after ${ROUNDS} rounds`, call.action);
}

function fail(what, action) {
  console.error(`error: ${what}\nto finish, run it with: ${JSON.stringify(action)}`);
  return 'error';
}

// These texts are printable; those in `freezes` are as Kosli has them.
function say({summary, advice, warnings}) {
  for (const text of [summary, advice, ...warnings.map(warning => warning.text)]) if (text) console.log(text);
}

// None of the variables that could change what the CLI does.
const KEPT = ['PATH', 'HOME', 'HTTPS_PROXY', 'NO_PROXY', 'KOSLI_HOST', 'KOSLI_ORG', 'KOSLI_API_TOKEN'];

/** Runs a read or a command with the kosli CLI; never a shell. */
function kosli({argv: [program, ...args], type}) {
  return new Promise(resolve => {
    const env = Object.fromEntries(KEPT.filter(name => name in process.env).map(name => [name, process.env[name]]));
    if (type === 'attest') env.KOSLI_MAX_API_RETRIES = '0'; // attestations add up
    const child = spawn(program, args, {env, stdio: ['ignore', 'pipe', 'pipe'], signal: AbortSignal.timeout(KOSLI_TIMEOUT)});
    const stdout = [];
    const stderr = [];
    child.stdout.on('data', chunk => stdout.push(chunk));
    child.stderr.on('data', chunk => stderr.push(chunk));
    child.on('error', error => resolve({error: error.message}));
    child.on('close', (code, signal) => {
      if (code === null) return resolve({error: `kosli was ended by ${signal}`});
      try {
        resolve({exit_code: code, stdout: text(stdout), stderr: text(stderr)});
      } catch (error) {
        resolve({error: error.message}); // not UTF-8
      }
    });
  });
}

const text = chunks => new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(Buffer.concat(chunks));

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  process.exitCode = 2;
  try {
    const [module, environment, action] = process.argv.slice(2);
    if (action === undefined) throw new Error('usage: nodeploy.js MODULE ENVIRONMENT ACTION');
    const decision = await carryOut(await load(module), environment, JSON.parse(action));
    process.exitCode = {proceed: 0, refuse: 1}[decision] ?? 2;
  } catch (error) {
    console.error(`error: ${error.message}`);
  }
}
