// Makes one file of many, always the same bytes of the same sources.
//   bundle.mjs door FOLDER FILE   what wasm-pack has put into FOLDER, as one module
//   bundle.mjs package NPM OUT    what is made of the sources in NPM: the command line, its page, the package for `require`
//   bundle.mjs action NPM OUT     the GitHub Action, with that command line and its page beside it
import {createHash} from 'node:crypto';
import {chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync} from 'node:fs';
import {basename, join, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';
import {build} from 'esbuild';
import {page} from './page.mjs';

// ASCII: of a file with other letters V8 keeps twice the size.
const ALIKE = {bundle: true, charset: 'ascii', legalComments: 'none', logLevel: 'warning'};
// An `import()` in a CommonJS file starts Node's loader of ES modules, and that of node:http loads all that it exports.
const COMMON = {...ALIKE, platform: 'node', format: 'cjs', target: 'node20', minify: true, supported: {'dynamic-import': false}};
// A file that is started by its name.
const PROGRAM = 0o755;

// What a gate does not need is a file of its own, loaded from beside the command line.
const beside = {
  name: 'beside',
  setup: build => build.onResolve({filter: /nodeploy-page\.cjs$/}, () => ({path: './nodeploy-page.cjs', external: true})),
};

const [what, from, to] = process.argv.slice(2);
if (what === 'door') await door(resolve(from), to);
else if (what === 'package') await files(resolve(from), to);
else await action(resolve(from), to);

async function door(folder, outfile) {
  await build({
    ...ALIKE, entryPoints: [fileURLToPath(new URL('door.js', import.meta.url))], outfile,
    platform: 'neutral', format: 'esm', target: 'es2022', minifyWhitespace: true, loader: {'.wasm': 'base64'},
    alias: Object.fromEntries(['freeze.js', 'freeze_bg.wasm'].map(name => [name, join(folder, name)])),
    logOverride: {'empty-import-meta': 'silent'},
  });
}

async function files(npm, out) {
  const text = name => readFileSync(join(npm, name), 'utf8');
  // First of all, for a file that is cut short: what it has not said does not let a deployment through.
  const first = ['process.exitCode = 2;', ...licences(text)].join('\n');
  const one = async (entry, outfile, {withModule = text => text, mode, ...more}) => {
    const {outputFiles: [file]} = await build({...COMMON, entryPoints: [join(npm, entry)], outfile: join(out, outfile), write: false, ...more});
    put(file.path, withModule(file.text), mode);
  };
  await one('cli.js', 'nodeploy.cjs', {banner: {js: first}, withModule: withModuleAside, mode: PROGRAM, plugins: [beside]});
  put(join(out, 'nodeploy-page.cjs'), await page(npm, COMMON));
  for (const name of ['nodeploy.cjs', 'nodeploy-page.cjs']) put(join(out, `${name}.sha256`), checksum(join(out, name)));

  await one('index.js', 'index.cjs', {external: ['yaml']});
  put(join(out, 'index.d.cts'), readFileSync(join(npm, 'index.d.ts')));
}

// The module becomes a comment in a function that nothing calls, and is taken from that function's source: in a comment V8 looks for
// the end alone, a text it would read twice, letter by letter. Bun keeps no comments; there the file is read once more.
function withModuleAside(program) {
  const [before, base64, after, more] = program.split(/"(AGFzbQ[\w+/=]+)"/);
  if (after === undefined || more !== undefined) throw new Error('the command line does not hold one module');
  const found = String.raw`(/\/\*(AGFzbQ[^*]+)/.exec(nodeploy_wasm)??/\/\*(AGFzbQ[^*]+)/.exec(require("node:fs").readFileSync(__filename,"latin1")))[1]`;
  return `${before}${found}${after}function nodeploy_wasm(){/*${base64}*/}\n`;
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

function ascii(text) {
  return text.replaceAll('\r\n', '\n').replace(/[^\n -~]/g, letter => ({'\u00A9': '(c)'})[letter] ?? '?');
}
