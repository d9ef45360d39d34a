// On a page, in Chromium: as vite and esbuild bundle it for browsers, and as it is, with nothing but an import map.
import assert from 'node:assert/strict';
import {createReadStream, existsSync, statSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:http';
import {extname, join} from 'node:path';
import test from 'node:test';
import {chromium} from 'playwright-core';
import {APP, project, run} from './project.js';

const PROGRAMS = ['/usr/bin/chromium', '/usr/bin/chromium-headless-shell', '/usr/bin/google-chrome'];
const executablePath = process.env.CHROME || PROGRAMS.find(existsSync);
const skip = executablePath ? false : `no Chromium here: ${PROGRAMS.join(', ')}, or name it in CHROME`;

const PAGE = `import {plan, run, version} from 'nodeploy';
const {decision, closures} = ${APP};
const {reason} = await run({environment: 'prod', action: {type: 'assert'}}, {kosli: {org: 'acme', send: async ({as}) => ({status: 200,
  body: as === 'environment' ? '{"name": "prod", "tags": {}}' : '{"data": [], "pagination": {"page_count": 0}}'})}});
document.body.textContent = [decision, closures[0].starts_at, reason, typeof version].join(' ');
`;
const SAID = 'proceed 2026-12-23T23:00:00Z not_frozen string';
const html = (script, head = '') => `<!DOCTYPE html><meta charset="utf-8">${head}<body><script type="module" src="${script}"></script>`;

const TYPES = {'.html': 'text/html', '.js': 'text/javascript', '.mjs': 'text/javascript'};

/** What the page of that folder says, served on the loopback. */
async function shown(t, folder) {
  const server = createServer((request, response) => {
    const file = join(folder, request.url === '/' ? 'index.html' : decodeURIComponent(new URL(request.url, 'http://x').pathname));
    if (!existsSync(file) || !statSync(file).isFile()) return response.writeHead(404).end();
    response.writeHead(200, {'content-type': TYPES[extname(file)] ?? 'application/octet-stream'});
    createReadStream(file).pipe(response);
  });
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const browser = await chromium.launch({executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']});
  t.after(() => browser.close());
  const page = await browser.newPage();
  const faults = [];
  page.on('pageerror', error => faults.push(error.message));
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  await page.waitForFunction(() => document.body.textContent.trim() !== '', undefined, {timeout: 10_000}).catch(() => {});
  assert.deepEqual(faults, []);
  return page.textContent('body');
}

test('vite', {skip}, async t => {
  const cwd = project({'main.mjs': PAGE, 'index.html': html('/main.mjs'), 'vite.config.mjs': 'export default {logLevel: "error", build: {target: "es2022"}};'});
  run('vite', ['build', '--outDir', 'out'], {cwd});
  assert.equal(await shown(t, join(cwd, 'out')), SAID);
});

test('esbuild', {skip}, async t => {
  const cwd = project({'main.mjs': PAGE});
  run('esbuild', ['main.mjs', '--bundle', '--format=esm', '--outfile=out/main.js', '--log-level=error'], {cwd});
  writeFileSync(join(cwd, 'out', 'index.html'), html('/main.js'));
  assert.equal(await shown(t, join(cwd, 'out')), SAID);
});

test('an import map and no bundler', {skip}, async t => {
  const map = '<script type="importmap">{"imports": {"nodeploy": "/node_modules/nodeploy/pure.js"}}</script>';
  const cwd = project({'main.mjs': PAGE, 'index.html': html('/main.mjs', map)});
  assert.equal(await shown(t, cwd), SAID);
});
