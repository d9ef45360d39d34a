// Pages in a real Chromium, opened as files: nothing serves them, and nothing may be asked for.
import assert from 'node:assert/strict';
import {existsSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import {chromium} from 'playwright-core';
import {NOW} from './histories.js';

const require = createRequire(import.meta.url);
const PROGRAMS = ['/usr/bin/chromium', '/usr/bin/chromium-headless-shell', '/usr/bin/google-chrome'];
const executablePath = process.env.CHROME || PROGRAMS.find(existsSync);

/** Why no test can run here, or `false`. */
export const skip = executablePath ? false : `no Chromium here: ${PROGRAMS.join(', ')}, or name it in CHROME`;

/** `{html(outcome, about), svg(outcome, about)}`, as they are built. */
export const drawn = require('../../npm/nodeploy-page.cjs');

/** `show(html, options)` opens that page in a context of its own and resolves to it, at that time (`seen`); `page.faults` is what went wrong in it, `page.requests` what it asked for. */
export async function browser(t) {
  const chrome = await chromium.launch({executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']});
  const folder = mkdtempSync(join(tmpdir(), 'nodeploy-page-'));
  t.after(async () => {
    await chrome.close();
    rmSync(folder, {recursive: true});
  });
  let count = 0;
  return async (text, {width = 1280, height = 900, suffix = 'html', seen = NOW, ...options} = {}) => {
    const context = await chrome.newContext({viewport: {width, height}, timezoneId: 'Europe/Berlin', colorScheme: 'light', reducedMotion: 'reduce', ...options});
    const page = await context.newPage();
    await page.clock.setFixedTime(seen);
    Object.assign(page, {faults: [], requests: []});
    page.on('pageerror', error => page.faults.push(error.message));
    page.on('console', message => page.faults.push(message.text())); // what the policy of its content refuses is told here
    page.on('dialog', dialog => page.faults.push(`it asks: ${dialog.message()}`));
    page.on('request', request => page.requests.push(request.url()));
    const file = join(folder, `${count += 1}.${suffix}`);
    writeFileSync(file, text);
    await page.goto(pathToFileURL(file).href);
    return page;
  };
}

/** That nothing went wrong in it, and it asked for itself alone. */
export function checkQuiet(page, what = '') {
  assert.deepEqual(page.faults, [], what);
  assert.equal(page.requests.filter(url => !url.startsWith('data:')).length, 1, `${what} ${page.requests.join()}`);
}
