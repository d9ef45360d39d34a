// Makes one file of many, always the same bytes of the same sources.
//   bundle.mjs door FOLDER        what wasm-pack has put into FOLDER: there, as one module, as those of gates, and packed
//   bundle.mjs package NPM OUT    what is made of the sources in NPM: the command line, its page, the package for `require`
//   bundle.mjs action NPM OUT     the GitHub Action, with that command line and its page beside it
import {createHash} from 'node:crypto';
import {chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync} from 'node:fs';
import {basename, join, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';
import {brotliCompressSync} from 'node:zlib';
import {build} from 'esbuild';
import {oneFile} from './one-file.mjs';
import {page} from './page.mjs';
import {parted} from './sections.mjs';

// ASCII: of a file with other letters V8 keeps twice the size. wasm-bindgen's glue looks for the module beside itself if it is given none.
const ALIKE = {bundle: true, charset: 'ascii', legalComments: 'none', logLevel: 'warning', logOverride: {'empty-import-meta': 'silent', 'import-is-undefined': 'error'}};
// An `import()` in a CommonJS file starts Node's loader of ES modules, and that of node:http loads all that it exports.
const COMMON = {...ALIKE, platform: 'node', format: 'cjs', target: 'node20', minify: true, supported: {'dynamic-import': false}};
// A file that is started by its name.
const PROGRAM = 0o755;

// What a gate does not need is a file of its own, loaded from beside the command line.
const pageAside = {
  name: 'page aside',
  setup: build => build.onResolve({filter: /nodeploy-page\.cjs$/}, () => ({path: './nodeploy-page.cjs', external: true})),
};

// In place of the whole module, that of a gate, which comes before it.
const gateFirst = {
  name: 'gate first',
  setup(build) {
    build.onResolve({filter: /wasm\/core\.js$/}, () => ({path: beside('door-of-gate.js')}));
    build.onResolve({filter: /^freeze\.js$/}, () => ({path: join(resolve(from), 'wasm', 'freeze.js')}));
    build.onLoad({filter: /wasm.freeze\.js$/}, ({path}) => ({contents: startedAgain(readFileSync(path, 'utf8'))}));
  },
};

const [what, from, to] = process.argv.slice(2);
if (what === 'door') await door(resolve(from));
else if (what === 'package') await files(resolve(from), to);
else await action(resolve(from), to);

async function door(folder) {
  await build({
    ...ALIKE, entryPoints: [beside('door.js')], outfile: join(folder, 'core.js'),
    platform: 'neutral', format: 'esm', target: 'es2022', minifyWhitespace: true, loader: {'.wasm': 'base64'},
    alias: Object.fromEntries(['freeze.js', 'freeze_bg.wasm'].map(name => [name, join(folder, name)])),
  });
  const [{gateModule}, {gates, KINDS}] = await Promise.all([import('./gate-module.mjs'), import('./gates.mjs')]);
  const whole = readFileSync(join(folder, 'freeze_bg.wasm'));
  for (const [name, kind] of Object.entries(KINDS)) writeFileSync(join(folder, `${name}.wasm`), gateModule(whole, exports => gates(exports, kind)));
  writeFileSync(join(folder, 'freeze_bg.code.br'), brotliCompressSync(parted(whole).code));
}

async function files(npm, out) {
  const text = name => readFileSync(join(npm, name), 'utf8');
  // First of all, for a file that is cut short: what it has not said does not let a deployment through.
  const {outputFiles: [tooOld]} = await build({...COMMON, format: 'iife', target: 'node12', entryPoints: [join(npm, 'cli', 'too-old.js')], write: false});
  const first = [`process.exitCode=2;${tooOld.text.trimEnd()}`, ...licences(text)].join('\n');
  const program = await oneFile(npm, {
    ...COMMON, banner: first, asides: modules(join(npm, 'wasm')), plugins: [pageAside, gateFirst],
    define: {NODEPLOY_VERSION: JSON.stringify(JSON.parse(text('package.json')).version)},
    alias: {yaml: join(npm, 'node_modules', 'yaml', 'browser', 'dist', 'index.js')}, // the same code as ES modules, of which what nobody needs is left out
  });
  put(join(out, 'nodeploy.cjs'), program, PROGRAM);
  put(join(out, 'nodeploy-page.cjs'), await page(npm, COMMON));
  for (const name of ['nodeploy.cjs', 'nodeploy-page.cjs']) put(join(out, `${name}.sha256`), checksum(join(out, name)));

  const {outputFiles: [file]} = await build({...COMMON, entryPoints: [join(npm, 'index.js')], outfile: 'index.cjs', external: ['yaml'], write: false});
  put(join(out, 'index.cjs'), file.text);
  put(join(out, 'index.d.cts'), readFileSync(join(npm, 'index.d.ts')));
}

// Of the modules that the command line holds, the code, and once the data. What not every gate starts is packed.
function modules(folder) {
  const [gate, policy, {data}] = ['gate.wasm', 'policy.wasm', 'freeze_bg.wasm'].map(name => parted(readFileSync(join(folder, name))));
  if (![gate, policy].every(part => part.data.equals(data))) throw new Error('the modules have different data');
  return {data, gate: gate.code, policy: brotliCompressSync(policy.code), whole: readFileSync(join(folder, 'freeze_bg.code.br'))};
}

// The glue starts one module, once; here the whole one comes after that of a gate.
function startedAgain(glue) {
  const [before, ...after] = glue.split('function initSync(module) {\n    if (wasm !== undefined) return wasm;\n');
  if (after.length !== 1) throw new Error('wasm-bindgen writes other glue than it did');
  return `${before}function initSync(module) {\n${after}`;
}

async function action(npm, out) {
  const pipelines = join(npm, 'pipelines');
  const {outputFiles: [file], metafile} = await build({
    ...COMMON, absWorkingDir: pipelines, entryPoints: ['github/main.js'], outfile: join(out, 'index.cjs'), metafile: true, write: false,
  });
  mkdirSync(out, {recursive: true});
  put(file.path, `${notices(pipelines, Object.keys(metafile.inputs))}\n${file.text}`);
  put(join(out, 'nodeploy.cjs'), readFileSync(join(npm, 'nodeploy.cjs')), PROGRAM);
  put(join(out, 'nodeploy-page.cjs'), readFileSync(join(npm, 'nodeploy-page.cjs')));
}

// Whole, and not at all where it is there: others may be running it.
function put(file, content, mode = 0o644) {
  if (existsSync(file) && readFileSync(file).equals(Buffer.from(content))) return chmodSync(file, mode);
  writeFileSync(`${file}.new`, content);
  chmodSync(`${file}.new`, mode); // whatever the umask says: npm packs it as it is
  renameSync(`${file}.new`, file);
}

// As `sha256sum --check` reads it.
function checksum(file) {
  return `${createHash('sha256').update(readFileSync(file)).digest('hex')}  ${basename(file)}\n`;
}

function licences(text) {
  const {version} = JSON.parse(text('package.json'));
  const yaml = JSON.parse(text('node_modules/yaml/package.json'));
  return [
    `/*! nodeploy ${version}\n\n${text('LICENSE')}`,
    `Contains the names of Windows' time zones:\n\n${text('LICENSE-UNICODE')}`,
    `Contains yaml ${yaml.version}:\n\n${text('node_modules/yaml/LICENSE')}*/`,
  ].map(ascii);
}

// The licence of every package of which something is in the file.
function notices(folder, files) {
  const packages = files.map(file => /^node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0]).filter(Boolean);
  const texts = [...new Set(packages)].sort().map(name => {
    const {version} = JSON.parse(readFileSync(join(folder, name, 'package.json'), 'utf8'));
    const licence = readdirSync(join(folder, name)).find(file => /^licen[cs]e(\.md|\.txt)?$/i.test(file));
    if (!licence) throw new Error(`${name} has no licence to pass on`);
    return `Contains ${name.slice('node_modules/'.length)} ${version}:\n\n${readFileSync(join(folder, name, licence), 'utf8').trim()}`;
  });
  return ascii(`/*! ${texts.join('\n\n')}\n*/`);
}

function beside(name) {
  return fileURLToPath(new URL(name, import.meta.url));
}

function ascii(text) {
  return text.replaceAll('\r\n', '\n').replace(/[^\n -~]/g, letter => ({'\u00A9': '(c)'})[letter] ?? '?');
}
