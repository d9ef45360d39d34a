// The command line as one file of many parts: what a gate without a policy runs as the first, and the others packed in comments, in which V8
// looks for the end alone. Half of a gate's time is the start of its process, and reading what it does not run was a quarter of that. Node
// reads a file in 2 ms a megabyte, and one of more than 1,048,576 bytes in half a millisecond more.
import {readFileSync} from 'node:fs';
import {brotliCompressSync} from 'node:zlib';
import {build, transform} from 'esbuild';
import {eager} from './eager.mjs';
import {ranByGates} from './ran.mjs';

// What an old Node has to read before it can say that it is too old (too-old.js).
const READ_BY_OLD = 'node12';

// What a gate imports when it gets there; with all that these import from the start.
const OF_A_GATE = ['cli.js', 'cli/main.js', 'cli/blot.js', 'cli/ci.js', 'cli/change.js', 'cli/said.js', 'cli/checkout.js', 'cli/policy-file.js'];

/** The file's text; `asides` are the bytes that it finds with `nodeploy_aside`. */
export async function oneFile(npm, {banner, asides, ...options}) {
  const {bundle, plugins, alias, supported, ...common} = options;
  const {outputFiles, metafile: {outputs}} = await build({
    ...common, bundle, plugins, alias, absWorkingDir: npm, entryPoints: ['cli.js'], outdir: '/', format: 'esm', splitting: true, metafile: true, write: false,
  });
  const parts = new Map(outputFiles.map(({path, text}) => [nameOf(path), text.replace(/^#!.*\n/, '')]));
  const numbers = new Map([...parts.keys()].map((name, number) => [name, number]));
  const ofAGate = new Map(gateParts(outputs).map(output => [nameOf(output), outputs[output].exports]));
  const required = code => code.trimEnd().replace(/\brequire\("\.\/([\w.-]+)"\)/g, (all, name) => {
    if (!parts.has(name)) return all; // the page is a file of its own
    return ofAGate.has(name) ? `require("gate").part(${numbers.get(name)})` : `require("${numbers.get(name)}")`;
  });

  const {outputFiles: [gate]} = await build({
    ...common, bundle, supported, target: READ_BY_OLD, write: false, plugins: [together(ofAGate, {parts, numbers})],
    stdin: {contents: 'export {part} from "./gate"; import "./cli.js";', resolveDir: '/'},
  });
  const later = await Promise.all([...numbers].filter(([name]) => !ofAGate.has(name)).map(async ([name, number]) => {
    const {code} = await transform(parts.get(name), {...common, supported, format: 'cjs'});
    return [number, required(code)];
  }));

  const {code: loader} = await transform(readFileSync(new URL('parts.js', import.meta.url), 'utf8'), {charset: 'ascii', target: READ_BY_OLD, minifyWhitespace: true, minifySyntax: true});
  const file = (program, packs) => [
    '#!/usr/bin/env node', banner, `${BEFORE}${program}\n});`, loader.trimEnd(), 'nodeploy_part("gate");',
    `function nodeploy_asides(){\n${Object.entries({...asides, ...packs}).map(([name, bytes]) => `/*${name}:${bytes.toString('base64')}*/`).join('\n')}}`, '',
  ].join('\n');
  const program = required(gate.text);
  const asRead = file(program, {gates: packed([]), others: packed(later)});
  const ran = await ranByGates(asRead, asRead.indexOf(BEFORE) + BEFORE.length);
  const [gates, others] = [true, false].map(isLoaded => later.filter(([number]) => ran.parts.has(number) === isLoaded));
  return file(eager(program, ran.gate), {gates: packed(gates.map(([number, code]) => [number, eager(code, ran.parts.get(number))])), others: packed(others)});
}

const packed = parts => brotliCompressSync(JSON.stringify(Object.fromEntries(parts)));

const BEFORE = 'const nodeploy_gate=(function(exports,require,module){';

const nameOf = path => path.split('/').at(-1);

function gateParts(outputs) {
  const taken = new Set();
  const take = name => {
    if (taken.has(name)) return;
    taken.add(name);
    for (const {path, kind} of outputs[name].imports) if (kind === 'import-statement' && outputs[path]) take(path);
  };
  for (const [name, {entryPoint}] of Object.entries(outputs)) if (OF_A_GATE.includes(entryPoint)) take(name);
  return [...taken];
}

// The parts of a gate as modules of one bundle, in which they name each other's functions without a detour; `gate` has what the other
// parts take from them: `part(3)` is what the third exports.
function together(ofAGate, {parts, numbers}) {
  const shared = [...ofAGate].map(([name, names]) => {
    const own = names.map(each => [each, `${each}_${numbers.get(name)}`]);
    return {
      taken: `import {${own.map(([each, alias]) => `${each} as ${alias}`)}} from "./${name}";`,
      given: `case ${numbers.get(name)}: return {${own.map(([each, alias]) => `${each}: ${alias}`)}};`,
    };
  });
  const gate = `${shared.map(({taken}) => taken).join('')} export function part(number) { switch (number) {${shared.map(({given}) => given).join('')}} }`;
  return {
    name: 'together',
    setup(build) {
      build.onResolve({filter: /^\.\//}, ({path, kind}) => {
        const name = nameOf(path);
        return kind !== 'dynamic-import' && (name === 'gate' || ofAGate.has(name)) ? {path: name, namespace: 'part'} : {path, external: true};
      });
      build.onLoad({filter: /.*/, namespace: 'part'}, ({path}) => ({contents: path === 'gate' ? gate : parts.get(path), resolveDir: '/'}));
    },
  };
}
