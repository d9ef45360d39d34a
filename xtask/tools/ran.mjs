// Which functions of the command line gates run: two are started, against a Kosli of their own, and Node keeps what they ran.
import {execFile, spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {createInterface} from 'node:readline';
import {text} from 'node:stream/consumers';
import {pathToFileURL} from 'node:url';
import {promisify} from 'node:util';

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
 * Of the command line with this `text`: `{gate, parts}`, `function => boolean` for the functions of the file that a gate without a policy runs, and those by the
 * numbers of the parts that one with a policy loads. A function is told by where it and its body begin, and where it ends.
 */
export async function ranByGates(program) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'nodeploy-build-')));
  try {
    const file = join(folder, 'nodeploy.cjs');
    writeFileSync(file, program);
    writeFileSync(join(folder, 'nodeploy.yaml'), POLICY);
    const [gate, policy] = await gates(file, [['--policy='], []]);
    const named = `${encodeURI(file)}#`; // as parts.js names what it runs
    const ofParts = policy.filter(({url}) => url.startsWith(named)).map(({url, functions}) => [Number(url.slice(named.length)), isRun(functions, HEAD.length)]);
    if (ofParts.length === 0) throw new Error('Node has no notes of the parts that a gate with a policy loads');
    return {gate: isRun(gate.find(({url}) => url === pathToFileURL(file).href).functions, 0), parts: new Map(ofParts)};
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
async function gates(file, optionsOfEach) {
  const cwd = dirname(file);
  const kosli = spawn(process.execPath, [file, 'local', '--port', '0', '--env', 'prod-aws'], {cwd, env: {}, stdio: ['ignore', 'pipe', 'pipe']});
  const closed = once(kosli, 'close');
  try {
    const env = await exported(kosli);
    return await Promise.all(optionsOfEach.map(async (options, number) => {
      const notes = join(cwd, `notes-${number}`);
      await gate([file, '-e', 'prod-aws', 'assert', ...options], {cwd, env: {...env, NODE_V8_COVERAGE: notes}});
      return JSON.parse(readFileSync(join(notes, readdirSync(notes)[0]), 'utf8')).result;
    }));
  } finally {
    kosli.kill();
    await closed; // it writes into the folder
  }
}

async function gate(args, options) {
  try {
    await promisify(execFile)(process.execPath, args, options);
  } catch ({code, stdout, stderr}) {
    throw new Error(`the build runs a gate that nobody has closed, and it ended with ${code}:\n${stdout}${stderr}`);
  }
}

// The variables of the `export NAME=value` lines that a server prints when it is ready.
async function exported({stdout, stderr}) {
  const why = text(stderr);
  const found = {};
  for await (const line of createInterface({input: stdout})) {
    const [, name, value] = /^export (\w+)=(.*)$/.exec(line) ?? [];
    if (name) found[name] = value;
    if (Object.keys(found).length === 3) return found;
  }
  throw new Error(`the build runs a local Kosli, and it ended before it said where it is:\n${await why}`);
}
