// Which functions of the command line gates run: two are started, against a Kosli of their own, and Node keeps what they ran.
import {execFile, spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {text} from 'node:stream/consumers';
import {pathToFileURL} from 'node:url';
import {promisify} from 'node:util';
import {exported} from './exported.mjs';

// Open whatever the day: what runs must not depend on it.
const POLICY = `# both kinds
windows:
  - {name: weekend, effect: freeze, environments: [staging-*], timezone: Europe/London, start: 0 16 * * fri, end: 0 8 * * mon, reason: no one is around}
  - name: turn of the year
    effect: freeze
    environments: ['prod-*']
    timezone: Europe/London
    from: 2099-12-24T18:00
    to: "2099-12-31T24:00"
`;

/**
 * Of the command line `file`, a text: `{gate, parts}`, `function => boolean` for the functions that a gate without a policy runs of the program that begins at
 * `begin`, and those by the numbers of the parts that one with a policy loads. A function is told by where it and its body begin, and where it ends.
 */
export async function ranByGates(file, begin) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'nodeploy-build-')));
  try {
    const path = join(folder, 'nodeploy.cjs');
    writeFileSync(path, file);
    writeFileSync(join(folder, 'nodeploy.yaml'), POLICY);
    const [gate, policy] = await gates(path, [['--policy='], []]);
    const named = `${encodeURI(path)}#`; // as parts.js names what it runs
    const isPart = ({url}) => url.startsWith(named);
    if (gate.some(isPart)) throw new Error(`a gate without a policy loads a part: ${gate.find(isPart).functions.map(({functionName}) => functionName).filter(Boolean)}; is a module missing in OF_A_GATE?`);
    const ofParts = policy.filter(isPart).map(({url, functions}) => [Number(url.slice(named.length)), isRun(functions, HEAD.length)]);
    if (ofParts.length === 0) throw new Error('Node has no notes of the parts that a gate with a policy loads');
    return {gate: isRun(gate.find(({url}) => url === pathToFileURL(path).href).functions, begin), parts: new Map(ofParts)};
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
}

// What `Function` writes before a part.
const HEAD = '(function anonymous(exports,require,module,__filename\n) {\n';

// Of an arrow function V8 tells where its parameters begin, and of two that end together the inner one lies in the other's body.
function isRun(functions, begin) {
  const ran = functions.map(({ranges: [whole]}) => whole).filter(({count}) => count > 0);
  return ({start, body, end}) => ran.some(({startOffset, endOffset}) => endOffset === begin + end && startOffset >= begin + start && startOffset < begin + body.start);
}

// What Node keeps of gates with these options. They inherit nothing, neither variables nor a terminal: what runs must not depend on who builds.
async function gates(path, optionsOfEach) {
  const cwd = dirname(path);
  const kosli = spawn(process.execPath, [path, 'local', '--port', '0', '--env', 'prod-aws'], {cwd, env: {}, stdio: ['ignore', 'pipe', 'pipe']});
  const closed = once(kosli, 'close');
  try {
    const env = await started(kosli);
    return await Promise.all(optionsOfEach.map(async (options, number) => {
      const notes = join(cwd, `notes-${number}`);
      await gate([path, '-e', 'prod-aws', 'assert', ...options], {cwd, env: {...env, NODE_V8_COVERAGE: notes}});
      return JSON.parse(readFileSync(join(notes, readdirSync(notes)[0]), 'utf8')).result;
    }));
  } finally {
    kosli.kill();
    await closed; // it writes into the folder
  }
}

async function started(kosli) {
  const why = text(kosli.stderr);
  try {
    return await exported(kosli);
  } catch ({message}) {
    throw new Error(`the build runs a local Kosli: ${message}:\n${await why}`);
  }
}

async function gate(args, options) {
  try {
    await promisify(execFile)(process.execPath, args, options);
  } catch ({code, stdout, stderr}) {
    throw new Error(`the build runs a gate that nobody has closed, and it ended with ${code}:\n${stdout}${stderr}`);
  }
}
