// nodeploy in your own program: the plugin decides, this does what it asks for.
//
//   node nodeploy.js nodeploy.wasm prod-aws '{"type": "assert"}' [nodeploy.yaml]
//
// Exit code 0: deploy; 1: do not; 2: could not tell, so do not.
import {spawn} from 'node:child_process';
import {readFile} from 'node:fs/promises';
import {realpathSync} from 'node:fs';
import {setTimeout as pause} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {policyFor} from './policy.js';

const ROUNDS = 8;
const LIMIT = 120_000; // for a whole run: what is under way then is ended, and it is exit code 2

/** The plugin, loaded once and asked often. This SDK has no limits of its own: run it in a process that has. */
export async function load(module) {
  const {default: createPlugin} = await import('@extism/extism'); // here, where a missing SDK is exit code 2
  return createPlugin({wasm: [{data: new Uint8Array(await readFile(module))}]}, {useWasi: false});
}

/** `observe`, `plan` or `version`: text or bytes in, bytes out. One call after the other: of several at once newer SDKs answer each with the last one's answer. */
export function ask(plugin, name, call) {
  const answer = turn.then(() => answerOf(plugin, name, call));
  turn = answer.catch(() => {});
  return answer;
}

let turn = Promise.resolve();

async function answerOf(plugin, name, call) {
  try {
    return Buffer.from((await plugin.call(name, call)).bytes()); // a copy
  } finally {
    await plugin.reset(); // or the plugin's 16,384th call, and every later one, fails
  }
}

const askJson = async (plugin, name, call) => JSON.parse(await ask(plugin, name, textOf(call)));

// The action and the policy go in as they were written: what JSON.parse hides, such as a key given twice, the core refuses.
function textOf({action, policy, ...call}) {
  return `{"action":${action},"policy":${policy},${JSON.stringify(call).slice(1)}`;
}

/** Looks, decides, writes and looks again, until nothing is left to do. Returns the decision. */
export async function carryOut(plugin, {environment, action, policy = 'null', signal}) {
  const call = {action, policy, environment};
  const done = [];
  const fail = what => {
    console.error(`error: ${what}\ndone: ${done.join(', ') || 'nothing'}\nto finish, run it with: ${call.action}`);
    return 'error';
  };
  const late = AbortSignal.timeout(LIMIT);
  const stop = AbortSignal.any([late, ...(signal ? [signal] : [])]);
  const failStopped = () => fail(signal?.aborted ? 'stopped' : `gave up after ${LIMIT / 1000} s`);
  const rest = milliseconds => pause(milliseconds, undefined, {signal: stop}).catch(() => {});
  let first;
  for (let round = 1; round <= ROUNDS; round++) {
    if (round > 2) await rest(200 + 400 * Math.random()); // someone else may be at it too
    call.now = new Date().toISOString();
    call.observed = {};
    for (;;) {
      const reads = await askJson(plugin, 'observe', call);
      if (reads.length === 0) break;
      const results = await Promise.all(reads.map(read => kosli(read, stop)));
      reads.forEach((read, i) => (call.observed[read.as] = results[i]));
    }
    const answer = await askJson(plugin, 'plan', call);
    if (stop.aborted) return failStopped();
    first ??= answer;
    if (answer.commands.length === 0 && !answer.pause) {
      // What was asked for is in the first answer; where one of them does not proceed, the last one is the news.
      say(first.decision === 'proceed' && answer.decision === 'proceed' ? first : answer);
      return answer.decision;
    }
    call.action = JSON.stringify(answer.action); // the same intent, now naming its freezes
    let isUnwritten = false;
    for (const command of answer.commands) {
      if (stop.aborted) return failStopped();
      const result = await kosli(command, late); // Ctrl-C leaves it to its end
      if (result.exit_code === 0) {
        done.push(command.type);
      } else if (command.optional) { // it only tells of the refusal, which stands
        console.error(`warning: ${command.type} failed: ${JSON.stringify(result)}`);
        isUnwritten = true;
      } else {
        return fail(`${command.type} failed: ${JSON.stringify(result)}`);
      }
    }
    if (isUnwritten) {
      say(answer);
      return answer.decision;
    }
    if (answer.pause) await rest(answer.pause * 1000); // Kosli may show a rival's claim late
    if (stop.aborted) return failStopped();
  }
  return fail(`not settled after ${ROUNDS} rounds`);
}

// These texts are printable; those in `freezes` are as Kosli has them.
function say({summary, advice, warnings}) {
  for (const text of [summary, advice, ...warnings.map(warning => warning.text)]) if (text) console.log(text);
}

const NO_KOSLI = 'there is no `kosli` on the PATH; install the kosli CLI, or add its folder to the PATH';
// None of the variables that could change what the CLI does.
const KEPT = ['PATH', 'HOME', 'HTTPS_PROXY', 'NO_PROXY', 'KOSLI_HOST', 'KOSLI_ORG', 'KOSLI_API_TOKEN'];

/** Runs a read or a command with the kosli CLI; never a shell. */
function kosli({argv: [program, ...args], type}, stop) {
  return new Promise(resolve => {
    const env = Object.fromEntries(KEPT.filter(name => name in process.env).map(name => [name, process.env[name]]));
    if (type === 'attest') env.KOSLI_MAX_API_RETRIES = '0'; // attestations add up
    const signal = AbortSignal.any([stop]); // one of its own, whose listener goes with it
    const child = spawn(program, args, {env, stdio: ['ignore', 'pipe', 'pipe'], signal, killSignal: 'SIGKILL'});
    const stdout = [];
    const stderr = [];
    child.stdout.on('data', chunk => stdout.push(chunk));
    child.stderr.on('data', chunk => stderr.push(chunk));
    child.on('error', error => {
      for (const stream of [child.stdout, child.stderr]) stream?.destroy(); // what kosli has started may hold them open
      resolve({error: error.code === 'ENOENT' ? NO_KOSLI : error.message});
    });
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

/** One JSON value, which goes on as it is. */
function read(action) {
  try {
    return JSON.parse(action);
  } catch (error) {
    throw new Error(`the action is not JSON such as {"type": "assert"}: ${error.message}`);
  }
}

const text = chunks => new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(Buffer.concat(chunks));

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  process.exitCode = 2;
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => process.exit(2)); // a full disk: it does not pass unheard
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stop.abort()); // the second one ends it at once
  try {
    const [module, environment, action, file] = process.argv.slice(2);
    if (action === undefined) throw new Error('usage: nodeploy.js MODULE ENVIRONMENT ACTION [POLICY]');
    if (process.argv.some(argument => argument.includes('\ufffd'))) throw new Error('an argument is not UTF-8');
    const policy = await policyFor(read(action), file);
    const decision = await carryOut(await load(module), {environment, action, policy, signal: stop.signal});
    process.exitCode = {proceed: 0, refuse: 1}[decision] ?? 2;
  } catch (error) {
    console.error(`error: ${error.message}`);
  }
}
