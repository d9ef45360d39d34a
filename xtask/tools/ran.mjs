// Which functions of the command line gates run: two are started, against a Kosli of their own, and Node keeps what they ran.
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {createInterface} from 'node:readline';
import {pathToFileURL} from 'node:url';

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
export async function ranByGates(text) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'nodeploy-build-')));
  try {
    const file = join(folder, 'nodeploy.cjs');
    writeFileSync(file, text);
    writeFileSync(join(folder, 'nodeploy.yaml'), POLICY);
    const [gate, policy] = await gates(file, [['--policy='], []]);
    const ofParts = policy.filter(({url}) => url.startsWith(`${file}#`)).map(({url, functions}) => [Number(url.split('#').at(-1)), isRun(functions, HEAD.length)]);
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

// What Node keeps of gates with these options.
async function gates(file, optionsOfEach) {
  const folder = dirname(file);
  const start = (args, env, stderr) => spawn(process.execPath, [file, ...args], {cwd: folder, env, stdio: ['ignore', 'pipe', stderr]});
  const kosli = start(['local', '--port', '0', '--env', 'prod-aws'], {}, 'ignore');
  try {
    const env = await exported(kosli);
    return await Promise.all(optionsOfEach.map(async (options, number) => {
      const notes = join(folder, `notes-${number}`);
      const gate = start(['-e', 'prod-aws', 'assert', ...options], {...env, NODE_V8_COVERAGE: notes}, 'inherit');
      gate.stdout.resume();
      const [code] = await once(gate, 'close');
      if (code !== 0) throw new Error(`a gate that nobody has closed ended with ${code}`);
      return JSON.parse(readFileSync(join(notes, readdirSync(notes)[0]), 'utf8')).result;
    }));
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
