// The time line as a page: how soon 300 environments with 5,000 freezes are seen in Chromium, and how smoothly they move.
import {existsSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import path from 'node:path';
import {pathToFileURL} from 'node:url';
import {gzipSync} from 'node:zlib';
import {history, NOW} from '../../tests/page/histories.js';
import {duration, folder, median, row, time} from './report.mjs';

const require = createRequire(new URL('../../tests/page/package.json', import.meta.url));
const {html} = createRequire(import.meta.url)('../../npm/nodeploy-page.cjs');
const executablePath = [process.env.CHROME, '/usr/bin/chromium', '/usr/bin/chromium-headless-shell', '/usr/bin/google-chrome'].find(file => file && existsSync(file));
const WHAT = '300 environments, 5,000 freezes';
const [FIRST, TASK] = [1000, 100];

const document = history({environments: 300, freezes: 5000});
let text;
const took = time(() => { text = html(document, {verb: 'report', now: Date.parse(NOW)}); });
const megabytes = bytes => `${(bytes / 1e6).toFixed(1)} MB`;
row({what: `page, ${WHAT}: drawn`, measured: duration(took), outOf: `${megabytes(text.length)}, ${megabytes(gzipSync(text).length)} gzip`});
if (executablePath) await measure();
else row({what: 'page: no Chromium here to show it', measured: ''});

async function measure() {
  const file = path.join(folder, 'page.html');
  writeFileSync(file, text);
  const browser = await require('playwright-core').chromium.launch({executablePath, args: ['--no-sandbox', '--disable-gpu']});
  try {
    const seen = [];
    const tasks = [];
    for (let round = 0; round < 5; round++) {
      const page = await browser.newPage({viewport: {width: 1280, height: 900}});
      // The picture is there when a frame begins after the one that drew it.
      await page.addInitScript(() => {
        const look = () => document.getElementById('range')?.textContent ? requestAnimationFrame(() => { globalThis.seen = performance.now(); }) : requestAnimationFrame(look);
        look();
      });
      await page.goto(pathToFileURL(file).href);
      await page.waitForFunction(() => globalThis.seen);
      seen.push(await page.evaluate(() => globalThis.seen));
      await page.evaluate(() => {
        globalThis.tasks = [0];
        new PerformanceObserver(list => globalThis.tasks.push(...list.getEntries().map(({duration}) => duration))).observe({type: 'longtask'});
      });
      await move(page);
      tasks.push(Math.max(...await page.evaluate(() => globalThis.tasks)));
      await page.close();
    }
    row({what: `page, ${WHAT}: first picture`, measured: duration(median(seen)), limit: duration(FIRST), used: median(seen) / FIRST});
    row({what: `page, ${WHAT}: longest task while it moves`, measured: median(tasks) === 0 ? 'below 50 ms' : duration(median(tasks)), limit: duration(TASK), used: median(tasks) / TASK});
  } finally {
    await browser.close();
  }
}

/** Drags it, scrolls it, zooms it. */
async function move(page) {
  const {x, y, width} = await page.locator('#plot').boundingBox();
  await page.mouse.move(x + width / 2, y + 40);
  await page.keyboard.down('Control');
  for (let step = 0; step < 8; step++) await page.mouse.wheel(0, -60);
  await page.keyboard.up('Control');
  await page.mouse.down();
  for (let step = 0; step < 60; step++) await page.mouse.move(x + width / 2 - step * 8, y + 40);
  await page.mouse.up();
  for (let step = 0; step < 20; step++) {
    await page.locator('#scroller').evaluate(scroller => { scroller.scrollTop += 60; });
    await page.evaluate(() => new Promise(requestAnimationFrame));
  }
}
