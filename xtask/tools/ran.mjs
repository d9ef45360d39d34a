// Which functions of the command line a gate runs: it is started, against a Kosli of its own, and Node keeps what it ran.
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {pathToFileURL} from 'node:url';

/** `function => boolean` for the functions of the command line with this `text`, by where they and their bodies begin and end. */
export async function ranByGate(text) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'nodeploy-build-')));
  try {
    const file = join(folder, 'nodeploy.cjs');
    writeFileSync(file, text);
    const notes = await gate(file, folder);
    const {functions} = notes.find(({url}) => url === pathToFileURL(file).href);
    const ran = functions.map(({ranges: [whole]}) => whole).filter(({count}) => count > 0);
    // Of an arrow function V8 tells where its parameters begin, and of two that end together the inner one lies in the other's body.
    return ({start, body, end}) => ran.some(({startOffset, endOffset}) => endOffset === end && startOffset >= start && startOffset < body.start);
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
}

async function gate(file, folder) {
  const start = (args, env, stderr) => spawn(process.execPath, [file, ...args], {cwd: folder, env, stdio: ['ignore', 'pipe', stderr]});
  const kosli = start(['local', '--port', '0', '--env', 'prod-aws'], {}, 'ignore');
  try {
    const notes = join(folder, 'notes');
    const asked = start(['-e', 'prod-aws', 'assert'], {...await exported(kosli), NODE_V8_COVERAGE: notes}, 'inherit');
    asked.stdout.resume();
    const [code] = await once(asked, 'close');
    if (code !== 0) throw new Error(`a gate that nobody has closed ended with ${code}`);
    return JSON.parse(readFileSync(join(notes, readdirSync(notes)[0]), 'utf8')).result;
  } finally {
    kosli.kill();
  }
}

// The variables of the `export NAME=value` lines that a server prints when it is ready.
async function exported({stdout}) {
  const found = {};
  for await (const line of createInterface({input: stdout})) {
    const [, name, value] = /^export (\w+)=(.*)$/.exec(line) ?? [];
    if (name) found[name] = value;
    if (Object.keys(found).length === 3) return found;
  }
  throw new Error('the local Kosli ended before it said where it is');
}
