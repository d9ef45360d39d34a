// The action: runs the command line, which decides, and tells GitHub what came of it.
import {spawn} from 'node:child_process';
import {existsSync, mkdtempSync, readFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import * as core from '@actions/core';
import {commandLine, environments, refuseUnknown} from './inputs.js';
import {setUp} from './setup.js';
import {annotation, answersOf, fitting, ofInputs, UNDECIDED} from './telling.js';
import {markdown} from '../../cli/markdown.js';
import {isUnheard, watchStreams} from '../../cli/streams.js';
import {takers} from '../../cli/verbs.js';
import {oneLine} from '../../text/markdown.js';

const CLI = join(__dirname, 'nodeploy.cjs'); // beside this file, once it is bundled

process.exitCode = 2; // until it is decided
watchStreams();
process.on('exit', code => { if (code === 0 && isUnheard()) process.exitCode = 2; });
act().catch(fail);

async function act() {
  if (process.env.KOSLI_API_TOKEN) core.setSecret(process.env.KOSLI_API_TOKEN);
  const command = core.getInput('command') || 'assert';
  refuseUnknown(process.env);
  if (command === 'setup') {
    await setUp(CLI);
    process.exitCode = 0;
    return;
  }
  const file = join(mkdtempSync(join(process.env.RUNNER_TEMP || tmpdir(), 'nodeploy-')), 'answer.json');
  const args = commandLine(command);
  const isPage = takers('md').includes(command);
  const variable = process.env.NODEPLOY_SAVE?.trim();
  const also = variable && !args.some(arg => arg.startsWith('--save=')) ? [variable] : []; // --save goes before it
  const {code, said} = await run([...[...also, file].map(name => `--save=${name}`), ...(isPage ? ['--md'] : []), ...args], {isPage});
  const text = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  const answer = ofInputs(read(text));
  const isWritten = writeOutputs(answer, text);
  const isPassed = isWritten && code === 0 && (answer.decision === 'proceed' || command === 'status');
  const answers = answersOf(answer, environments().join(', ') || process.env.NODEPLOY_ENV || '');
  await writeSummary(said.trim() || markdown(command, answers));
  if (!isPassed) for (const {level, title, message} of answers.map(annotation).filter(Boolean)) core[level](message, {title});
  process.exitCode = isPassed ? 0 : code || 2;
}

// Before the command line has begun: an input that is wrong, or no room on the disk. An error is an answer, too.
async function fail({message, advice = null, code}) {
  core.error([message, advice].filter(Boolean).join('\n'), {title: UNDECIDED});
  const answer = {decision: 'error', reason: code ? 'internal' : 'usage', summary: oneLine(message), advice};
  writeOutputs(answer);
  await writeSummary(markdown(core.getInput('command') || 'assert', [answer]));
}

// The log has what the command line says, as it comes; `said` is the page, which goes there line by line: what stands on stderr begins its own.
function run(args, {isPage}) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [CLI, ...args], {stdio: ['ignore', isPage ? 'pipe' : 'inherit', 'inherit']});
    let [said, shown] = ['', 0];
    child.stdout?.setEncoding('utf8').on('data', text => {
      said += text;
      const whole = said.lastIndexOf('\n') + 1;
      process.stdout.write(said.slice(shown, whole));
      shown = whole;
    });
    // A job that is cancelled: the command line ends what it is at, and says how far it came.
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
    child.once('error', reject);
    child.once('close', code => {
      if (shown < said.length) process.stdout.write(`${said.slice(shown)}\n`); // cut short, and an annotation follows
      resolve({code: code ?? 2, said});
    });
  });
}

function read(text) {
  try {
    const answer = JSON.parse(text);
    if (typeof answer.decision === 'string') return answer;
  } catch {
    // It ended before it could say anything.
  }
  return {decision: 'error', reason: 'internal', summary: 'nodeploy ended without an answer', advice: 'what it said is in the log of this step'};
}

// What has been decided is told all the same; only nobody passes whose next steps would find none of it.
function writeOutputs(answer, text) {
  const {decision, reason, summary, opens_at: opensAt} = answer;
  try {
    for (const [name, value] of Object.entries({decision, reason, summary, 'opens-at': opensAt ?? '', answer: text || JSON.stringify(answer)})) core.setOutput(name, value);
    return true;
  } catch (error) {
    core.error(error.message, {title: 'nodeploy: the outputs of this step cannot be written'});
    return false;
  }
}

async function writeSummary(text) {
  try {
    await core.summary.addRaw(fitting(text), true).write();
  } catch (error) {
    core.info(`no job summary: ${error.message}`); // an older GitHub Enterprise Server has none
  }
}
