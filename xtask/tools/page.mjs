// nodeploy-page.cjs: the code of `--html` and `--svg`, with the page that it fills. The page's script and styles are in it, and named by their hashes.
import {createHash} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import {build, transform} from 'esbuild';

/** The file's text. */
export async function page(npm, common) {
  const text = name => readFileSync(join(npm, name), 'utf8');
  const {version} = JSON.parse(text('package.json'));
  const template = await filled(npm, text('page/page.html'));
  const {outputFiles: [file]} = await build({
    ...common, absWorkingDir: npm, entryPoints: ['page/index.js'], write: false, banner: {js: `/*! nodeploy ${version}, its time line. ${notices(npm)} */`},
    plugins: [{
      name: 'page',
      setup(build) {
        build.onResolve({filter: /^page:/}, ({path}) => ({path, namespace: 'page'}));
        build.onLoad({filter: /template$/, namespace: 'page'}, () => ({contents: `export const template = ${JSON.stringify(template)};`}));
        build.onLoad({filter: /version$/, namespace: 'page'}, () => ({contents: `export const version = ${JSON.stringify(version)};`}));
      },
    }],
  });
  return file.text;
}

async function filled(npm, html) {
  const {outputFiles: [{text: script}]} = await build({
    absWorkingDir: npm, entryPoints: ['page/browser/main.js'], bundle: true, minify: true, write: false, format: 'iife', target: 'es2022', charset: 'ascii', legalComments: 'none', banner: {js: `/*! ${notices(npm)} */`},
  });
  const {code: style} = await transform(`${await colours(npm)}${readFileSync(join(npm, 'page', 'page.css'), 'utf8')}`, {loader: 'css', minify: true, charset: 'ascii'});
  if (/<\/script|<!--/i.test(script) || /<\/style/i.test(style)) throw new Error('the page would be cut short by what is in it');
  const [inScript, inStyle] = [script.trim(), style.trim()];
  const parts = {script: inScript, style: inStyle, 'script-hash': hash(inScript), 'style-hash': hash(inStyle)};
  return html.replace(/%%([\w-]+)%%/g, (whole, name) => parts[name] ?? whole);
}

const hash = text => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

// As variables for the page, as classes for the still pictures in it. Paper is light.
async function colours(npm) {
  const {LIGHT, DARK} = await import(pathToFileURL(join(npm, 'page', 'look', 'palette.js')));
  const variables = palette => Object.entries(palette).map(([name, colour]) => `--${name}:${colour}`).join(';');
  const classes = Object.keys(LIGHT).map(name => `.f-${name}{fill:var(--${name})}.s-${name}{stroke:var(--${name})}`).join('');
  return `:root{${variables(LIGHT)}}@media screen and (prefers-color-scheme:dark){:root{${variables(DARK)}}}${classes}\n`;
}

// Of what others wrote, some is in it: the licence goes along.
function notices(npm) {
  const {version, license} = JSON.parse(readFileSync(join(npm, 'node_modules', 'd3-time', 'package.json'), 'utf8'));
  const text = readFileSync(join(npm, 'node_modules', 'd3-time', 'LICENSE'), 'utf8');
  return `Contains d3-time ${version} (${license}): ${text.replace(/\s+/g, ' ').trim()}`.replace(/[^ -~]|\*\//g, '');
}
