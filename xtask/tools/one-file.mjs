// The command line as one file of many parts: those that a gate runs, as functions, and the others as comments, in which V8 looks for
// the end alone. Half of a gate's time is the start of its process, and reading what it does not run was a quarter of that.
import {readFileSync} from 'node:fs';
import {build, transform} from 'esbuild';

// What a gate imports when it gets there; with all that these import from the start.
const OF_A_GATE = ['cli.js', 'cli/main.js', 'cli/blot.js', 'cli/ci.js', 'cli/change.js', 'cli/said.js', 'cli/policy-file.js'];

/** The file's text; `texts` are what else it finds with `aside`. */
export async function oneFile(npm, {banner, texts, ...options}) {
  const {bundle, plugins, alias, supported, ...common} = options;
  const {outputFiles, metafile: {outputs}} = await build({
    ...common, bundle, plugins, alias, absWorkingDir: npm, entryPoints: ['cli.js'], outdir: '/', format: 'esm', splitting: true, metafile: true, write: false,
  });
  const names = Object.keys(outputs).map(nameOf);
  const numbered = (all, name) => names.includes(name) ? `require("${names.indexOf(name)}")` : all; // the page is a file of its own
  const parts = await Promise.all(outputFiles.map(async ({path, text}) => {
    const {code} = await transform(text.replace(/^#!.*\n/, ''), {...common, supported, format: 'cjs'});
    return {number: names.indexOf(nameOf(path)), code: code.trimEnd().replace(/\brequire\("\.\/([\w.-]+)"\)/g, numbered)};
  }));

  const ofAGate = new Set(gateParts(outputs).map(output => names.indexOf(nameOf(output))));
  const now = parts.filter(({number}) => ofAGate.has(number)).map(({number, code}) => `${number}:(function(exports,require,module){${code}\n})`);
  const later = parts.filter(({number}) => !ofAGate.has(number)).map(({number, code}) => [number, code]);
  const asides = [...later, ...Object.entries(texts)].map(([name, text]) => `/*${name}:${outOfTheWay(text)}*/`);
  const {code: loader} = await transform(readFileSync(new URL('parts.js', import.meta.url), 'utf8'), {charset: 'ascii', target: common.target, minifyWhitespace: true, minifySyntax: true});
  return [
    '#!/usr/bin/env node', banner, `const nodeploy_parts={${now.join(',\n')}};`, loader.trimEnd(), `nodeploy_part("${names.indexOf('cli.js')}");`,
    `function nodeploy_asides(){${asides.join('\n')}}`, '',
  ].join('\n');
}

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

// So that it does not end the comment; parts.js puts it back.
function outOfTheWay(text) {
  if (text.includes('*@/')) throw new Error('a part holds `*@/`, which stands for the end of a comment');
  return text.replaceAll('*/', '*@/');
}
