// The page as people have it: looked at, filtered, read by keys alone, by axe, on a telephone and on paper.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import test from 'node:test';
import {TEXTS} from '../../npm/test/words.js';
import {closing, standing} from './agendas.js';
import {history, NOW} from './histories.js';
import {browser, drawn, skip} from './shown.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const now = Date.parse(NOW);
const ABOUT = {verb: 'report', now};
const STATUS = {verb: 'status', policy: {file: 'nodeploy.yaml'}, now};
const WINDOWS = {verb: 'windows', now};
const TWENTY = history({environments: 20, freezes: 120});

/** That nothing went wrong in it, and it asked for itself alone. */
function checkQuiet(page, what = '') {
  assert.deepEqual(page.faults, [], what);
  assert.equal(page.requests.filter(url => !url.startsWith('data:')).length, 1, `${what} ${page.requests.join()}`);
}

/** What axe finds: `[rule, where]`. Its script runs in a world of its own, where the page's policy does not hold. */
async function complaints(page) {
  const session = await page.context().newCDPSession(page);
  const {frameTree} = await session.send('Page.getFrameTree');
  const {executionContextId: contextId} = await session.send('Page.createIsolatedWorld', {frameId: frameTree.frame.id, worldName: 'axe'});
  await session.send('Runtime.evaluate', {contextId, expression: AXE});
  const {result, exceptionDetails} = await session.send('Runtime.evaluate', {
    contextId, awaitPromise: true, returnByValue: true,
    expression: "axe.run(document, {resultTypes: ['violations']}).then(({violations}) => violations.flatMap(({id, nodes}) => nodes.map(({target}) => [id, target.join(' ')])))",
  });
  await session.detach();
  assert.equal(exceptionDetails, undefined);
  return result.value;
}

/** All of the table, page by page: a list of texts for each row. */
async function tableRows(page) {
  const rows = [];
  for (;;) {
    rows.push(...await page.$$eval('#table tbody tr', all => all.map(row => [...row.cells].map(cell => cell.textContent))));
    if (!await page.isVisible('#next') || await page.isDisabled('#next')) return rows;
    await page.click('#next');
  }
}

test('axe finds nothing: each verb, light, dark, a telephone, paper, an open record, nothing found', {skip}, async t => {
  const show = await browser(t);
  const report = drawn.html(TWENTY, ABOUT);
  for (const [what, options, before = () => {}, html = report] of [
    ['light', {}],
    ['dark', {colorScheme: 'dark'}],
    ['a telephone', {width: 360, height: 740, hasTouch: true}],
    ['status', {}, undefined, drawn.html(standing({environments: 8}), STATUS)],
    ['windows, in the dark, on a telephone with its filters open', {colorScheme: 'dark', width: 360, height: 740}, page => page.click('#more summary'), drawn.html(closing({windows: 4, days: 30}), WINDOWS)],
    ['an open record', {}, page => page.click('#table tbody button')],
    ['an open record on a telephone', {width: 360, height: 740}, page => page.click('#table tbody button')],
    ['an open record in the dark', {colorScheme: 'dark'}, page => page.click('#table tbody button')],
    ['nothing found', {}, page => page.fill('#search', 'no such thing')],
    ['paper', {}, async page => {
      await page.emulateMedia({media: 'print'});
      await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    }],
  ]) {
    const page = await show(html, options);
    await before(page);
    assert.deepEqual(await complaints(page), [], what);
    checkQuiet(page, what);
    await page.context().close();
  }
});

test('every freeze is in the table and on the time line, with its record behind it', {skip}, async t => {
  const show = await browser(t);
  const page = await show(drawn.html(TWENTY, ABOUT), {height: 2000});
  const {environments} = TWENTY.report;
  const all = environments.flatMap(({environment, freezes, exceptions, deployments}) => [
    ...freezes.flatMap(({refused, passed}) => [environment, ...refused, ...passed]), ...exceptions, ...deployments,
  ]).length;
  assert.equal((await tableRows(page)).length, all);
  assert.equal(await page.$$eval('#names li', rows => rows.length), environments.length);

  // One by one with the arrow keys: each has a place in the picture, and says what it is.
  const said = new Set();
  await page.focus('#mark');
  await page.keyboard.press('Home');
  for (const {freezes, exceptions, deployments} of environments.slice(0, 4)) {
    const count = freezes.length + freezes.flatMap(({refused, passed}) => [...refused, ...passed]).length + exceptions.length + deployments.length;
    await page.keyboard.press('Home');
    for (let index = 0; index < count; index++) {
      const {label, width, height} = await page.$eval('#mark', mark => ({label: mark.getAttribute('aria-label'), width: mark.offsetWidth, height: mark.offsetHeight}));
      assert.ok(width > 2 && height > 5, `${label} has no place: ${width} x ${height}`);
      said.add(label);
      if (index === 0) {
        await page.keyboard.press('Enter');
        assert.match(await page.textContent('#record'), /Environment/);
        await page.keyboard.press('Escape');
      }
      await page.keyboard.press('ArrowRight');
    }
    await page.keyboard.press('ArrowDown');
  }
  for (const {environment, freezes} of environments.slice(0, 4)) {
    for (const {state, window, reason} of freezes) assert.ok([...said].some(label => label.startsWith(`${environment}: ${window ? 'Freeze window' : 'Freeze'}, ${state}; `) && label.includes(window ? window.name : reason)), `${environment} ${reason}`);
  }
  checkQuiet(page);
});

test('a record has who, why, approvals, refusals, passes, deployments, and a link to Kosli alone', {skip}, async t => {
  const show = await browser(t);
  const document = structuredClone(history({environments: 1, freezes: 1}));
  const [{freezes: [freeze], deployments}] = document.report.environments;
  Object.assign(freeze, {window: null, by: 'steve', reason: 'database migration', refused: [{at: freeze.since, run: 'github/41', change: {commit: '85cac88'}, reason: 'frozen', reported_by: 'ci'}], passed: [{at: freeze.since, run: 'github/42', change: {commit: '4f1c2ab'}, exception: 'exception-1~maya', reported_by: 'ci'}], url: 'https://app.kosli.com/acme/flows/f/trails/t'});
  document.report.environments[0].exceptions = [{
    id: 'exception-1~maya', asked_at: freeze.since, from: freeze.since, until: NOW, by: 'maya', reported_by: 'ci', reason: 'CVE-2026-1234', change: {commit: ['4f1c2ab']}, freezes: [freeze.id], windows: [],
    approvals: [{at: freeze.since, by: 'noah', reported_by: 'noah-x', reason: 'looked at it', counts: true}], needed: 2, revoked: null, uses: 1, claims: [{at: freeze.since, run: 'github/42', change: {}, reported_by: 'ci', counts: true}], state: 'used', notes: [], url: 'https://app.kosli.com/acme/flows/f/trails/e',
  }];
  deployments.splice(0, Infinity, {at: freeze.since, started_at: null, artifact: 'registry/web:b', fingerprint: 'ab'.repeat(32), flow: 'f', trail: 't', commit: null, author: 'jon', snapshot: 3, compliant: false, label: 'unexplained', why: null, freezes: [freeze.id], exception: null, run: null, url: 'javascript:alert(1)'});
  const page = await show(drawn.html(document, {...ABOUT, pages: 'https://app.kosli.com/acme/environments/'}));
  const [{environment}] = document.report.environments;
  const own = `https://app.kosli.com/acme/environments/${environment}`;
  const open = async name => {
    await page.click(`#table button:has-text("${name}")`);
    const text = await page.textContent('#record');
    const links = await page.$$eval('#record a', all => all.map(({href, rel, target}) => [href, rel, target]));
    await page.click('#close');
    return {text, links};
  };
  const {text, links} = await open('Freeze,');
  for (const words of ['steve', 'database migration', freeze.id, 'Refused (1)', 'github/41', 'commit 85cac88', 'Let through (1)', 'github/42', 'exception-1~maya', 'account ci', 'Deployed meanwhile (1)', 'registry/web:b']) assert.ok(text.includes(words), `${words}: ${text}`);
  assert.deepEqual(links, ['https://app.kosli.com/acme/flows/f/trails/t', own].map(url => [url, 'noreferrer noopener', '_blank']));
  const exception = await open('Exception, used');
  for (const words of ['maya', 'CVE-2026-1234', '1 of 2', 'Approvals (1)', 'noah (account noah-x)', 'looked at it', 'Uses (1)']) assert.ok(exception.text.includes(words), `${words}: ${exception.text}`);
  assert.deepEqual(exception.links.map(([href]) => href), ['https://app.kosli.com/acme/flows/f/trails/e', own]);
  assert.match((await open('Passed')).text, /exception-1~maya/);
  assert.match((await open('Refused')).text, /commit 85cac88/);
  assert.deepEqual((await open('Deployment, unexplained')).links.map(([href]) => href), [own], 'a script is no page of Kosli');
  checkQuiet(page);
});

test("strangers' words stay words, in every place", {skip}, async t => {
  const show = await browser(t);
  const texts = [...Object.values(TEXTS), '</script><script>alert(1)</script>', '<!--<script>', ']]></title></svg><img src=x onerror=alert(1)>', '%%data%% %%script%% $& $1 $`', "'><a href=javascript:alert(1)>x"];
  const words = {texts, people: texts, names: texts.map(text => text.slice(0, 60))};
  const document = history({environments: texts.length, freezes: texts.length * 6, ...words});
  for (const environment of document.report.environments) {
    for (const [index, freeze] of environment.freezes.entries()) {
      const text = texts[index % texts.length];
      Object.assign(freeze, {by: text, reason: text, window: index % 3 === 0 ? {policy: text, name: text} : null, url: [text, `https://${text}`, 'javascript:alert(1)', 'data:text/html,x'][index % 4], notes: [text]});
    }
    environment.warnings = [{code: 'x', text: texts[0]}];
  }
  document.report.org = texts.at(-1);
  const told = [[document, ABOUT], [standing({environments: texts.length * 4, texts}), {...STATUS, policy: {file: texts[0]}}], [closing({windows: texts.length, days: 21, texts}), WINDOWS], [closing({windows: texts.length, days: 21, texts}), {...WINDOWS, environment: texts.at(-1)}]];
  for (const [outcome, about] of told) await checkWords(show, outcome, about);
});

async function checkWords(show, outcome, about) {
  const page = await show(drawn.html(outcome, about));
  const KNOWN = /^(html|head|meta|title|link|style|script|body|a|header|main|footer|section|noscript|div|p|b|span|h[123]|ul|li|dl|dt|dd|form|label|input|select|option|details|summary|fieldset|legend|button|kbd|canvas|table|caption|thead|tbody|tr|th|td|time|dialog|svg|desc|defs|clipPath|g|rect|line|circle|polygon|path|text)$/;
  for (const button of (await page.$$('#table tbody button')).slice(0, about.verb === 'report' ? 40 : 6)) {
    await button.click();
    await page.keyboard.press('Escape');
  }
  await page.emulateMedia({media: 'print'});
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  const elements = await page.$$eval('*', all => all.map(({localName, attributes}) => [localName, ...[...attributes].map(({name, value}) => [name, value])]));
  for (const [name, ...attributes] of elements) {
    assert.match(name, KNOWN);
    for (const [key, value] of attributes) assert.ok(!/^on|^srcdoc$|^style$/.test(key) || (key === 'style' && /^[a-z-]+: /.test(value)), `${name} ${key}=${value}`);
  }
  const DELICATE = /[\p{Cc}\p{Cs}\u061C\u200B\u200E\u200F\u2028-\u202E\u2060-\u206F\uFEFF\u{E0000}-\u{E007F}]/u;
  assert.doesNotMatch((await page.evaluate(() => document.body.innerText)).replaceAll(/[\n\t]/g, ''), DELICATE);
  checkQuiet(page);

  const picture = await show(drawn.svg(outcome, about), {suffix: 'svg'});
  assert.deepEqual(await picture.$$eval('script, a, image, foreignObject, use, iframe, [href], [onload], [onerror]', all => all.map(({outerHTML}) => outerHTML)), []);
  assert.equal(await picture.evaluate(() => document.documentElement.localName), 'svg', 'it is well-formed');
  checkQuiet(picture);
  await Promise.all([page, picture].map(one => one.context().close()));
}

test('by keys alone: everything is reached, nothing holds the focus', {skip}, async t => {
  const show = await browser(t);
  const page = await show(drawn.html(history({environments: 3, freezes: 9}), ABOUT));
  const seen = [];
  for (let presses = 0; presses < 120; presses++) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(() => {
      const {activeElement: one} = document;
      return one === document.body ? undefined : `${one.id || one.dataset.do || one.className || one.closest('[id]')?.id}`;
    });
    if (at === undefined) break;
    seen.push(at);
  }
  const wanted = ['skip', 'search', 'environment', 'holder', 'kind', 'state', 'back', 'forth', 'out', 'in', 'week', 'month', 'all', 'zones', 'plot', 'mark', 'table'];
  assert.deepEqual([...new Set(seen)].filter(name => wanted.includes(name)), wanted, seen.join(' '));
  assert.equal(seen.filter(name => name === 'table').length, await page.$$eval('#table tbody button', all => all.length));

  await page.focus('#plot');
  const range = () => page.textContent('#range');
  const whole = await range();
  const changes = [];
  for (const key of ['+', 'ArrowLeft', 'ArrowRight', 'End', 'Home', '-', '0']) {
    await page.keyboard.press(key);
    await page.evaluate(() => new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    changes.push(await range());
  }
  assert.equal(changes.at(-1), whole, '0 shows all again');
  assert.equal(new Set(changes.slice(0, 5)).size, 4, changes.join('\n')); // Home is where it was: the first key zooms about the middle
  // On a mark it zooms about that mark: the focus stays in sight.
  await page.focus('#mark');
  for (const key of ['End', '+', '+', '+', '+']) await page.keyboard.press(key);
  await page.evaluate(() => new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  assert.equal(await page.$eval('#mark', mark => mark.classList.contains('away') || mark.offsetWidth < 3), false);
  await page.focus('#table tbody tr:nth-child(2) button');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'close');
  await page.keyboard.press('Escape');
  assert.equal(await page.evaluate(() => document.activeElement.closest('tr')?.sectionRowIndex), 1, 'back where it was');
  checkQuiet(page);
});

test('search and filters hold for both, and are told', {skip}, async t => {
  const show = await browser(t);
  const page = await show(drawn.html(TWENTY, ABOUT));
  const count = async () => Number(/(\d+) of|^(\d+)/.exec((await page.textContent('#live')).trim())[0].match(/\d+/)[0]);
  await page.selectOption('#kind', 'Deployment');
  await page.selectOption('#state', 'unexplained');
  const unexplained = TWENTY.report.environments.filter(({deployments}) => deployments.some(({label}) => label === 'unexplained'));
  assert.equal(await page.$$eval('#names li', rows => rows.length), unexplained.length);
  assert.equal(await count(), unexplained.flatMap(({deployments}) => deployments.filter(({label}) => label === 'unexplained')).length);
  await page.click('button[type=reset]');
  await page.waitForFunction(() => document.querySelectorAll('#names li').length === 20);
  await page.selectOption('#environment', 'staging-2');
  assert.deepEqual(await page.$$eval('#names b', rows => rows.map(({textContent}) => textContent)), ['staging-2']);
  await page.selectOption('#holder', 'maya');
  assert.deepEqual([...new Set(await page.$$eval('#table tbody tr', rows => rows.map(({cells}) => `${cells[1].textContent} ${cells[4].textContent}`)))], ['staging-2 maya']);
  await page.click('button[type=reset]');
  await page.waitForFunction(() => document.querySelectorAll('#names li').length === 20);
  await page.fill('#search', 'PAYMENTS-2 steve');
  assert.deepEqual(await page.$$eval('#names b', rows => rows.map(({textContent}) => textContent)), ['prod-payments-2']);
  await page.fill('#search', 'no such thing');
  assert.match(await page.textContent('#table tbody'), /Show all/);
  assert.match(await page.textContent('#live'), /^0 of \d+ records$/);
});

test('the wheel scrolls the page, zooms with Ctrl, moves with Shift; a mouse and a finger move it, two fingers zoom', {skip}, async t => {
  const show = await browser(t);
  const page = await show(drawn.html(history({environments: 2, freezes: 40}), ABOUT), {height: 500});
  const settled = () => page.evaluate(() => new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(() => resolve([scrollY, document.getElementById('range').textContent])))));
  await page.hover('#plot');
  const [, whole] = await settled();
  await page.mouse.wheel(0, 120);
  await page.waitForFunction(() => scrollY > 100);
  const [, range] = await settled();
  assert.equal(range, whole);
  await page.evaluate(() => scrollTo(0, 0));
  await page.hover('#plot');
  await page.keyboard.down('Control');
  await page.mouse.wheel(0, -240);
  await page.keyboard.up('Control');
  await page.waitForFunction(before => document.getElementById('range').textContent !== before, whole);
  await page.click('[data-do=all]');
  await page.waitForFunction(before => document.getElementById('range').textContent === before, whole);
  const session = await page.context().newCDPSession(page);
  const {x, y, width} = await page.locator('#plot').boundingBox();
  const moved = async what => {
    const [, before] = await settled();
    return async () => assert.notEqual((await settled())[1], before, what);
  };
  await page.click('[data-do=month]');
  for (const [what, move] of [
    ['Shift and the wheel', async () => {
      await page.hover('#plot');
      await page.keyboard.down('Shift');
      await page.mouse.wheel(0, -200);
      await page.keyboard.up('Shift');
    }],
    ['a mouse', async () => {
      await page.mouse.move(x + width / 2, y + 20);
      await page.mouse.down();
      await page.mouse.move(x + width / 2 + 90, y + 20, {steps: 4});
      await page.mouse.up();
    }],
    ['a finger', async () => {
      for (const [type, at] of [['touchStart', 200], ['touchMove', 240], ['touchMove', 290], ['touchMove', 340], ['touchEnd']]) await session.send('Input.dispatchTouchEvent', {type, touchPoints: at ? [{id: 0, x: x + at, y: y + 20}] : []});
    }],
  ]) {
    const changed = await moved(what);
    await move();
    await changed();
    assert.equal(await page.isVisible('dialog'), false, `${what} opens nothing`);
  }
  await page.click('[data-do=all]');
  await page.waitForFunction(before => document.getElementById('range').textContent === before, whole);
  const fingers = (type, apart) => session.send('Input.dispatchTouchEvent', {type, touchPoints: apart ? [-1, 1].map((side, id) => ({id, x: x + width / 2 + side * apart, y: y + 20})) : []});
  await fingers('touchStart', 40);
  for (const apart of [60, 80, 120]) await fingers('touchMove', apart);
  await fingers('touchEnd');
  await page.waitForFunction(before => document.getElementById('range').textContent !== before, whole);
  checkQuiet(page);
});

test('a page says how old it is', {skip}, async t => {
  const show = await browser(t);
  for (const [minutes, words] of [[-60, ''], [4, ''], [5, ' (5 minutes ago)'], [119, ' (119 minutes ago)'], [120, ' (2 hours ago)'], [2879, ' (47 hours ago)'], [2880, ' (2 days ago)']]) {
    const page = await show(drawn.html(TWENTY, ABOUT), {seen: Date.parse(NOW) + minutes * 60_000});
    assert.equal(await page.textContent('#as-of'), `as of Sun 29 Nov 2026 13:00${words}`);
    await page.context().close();
  }
});

test('its times are in the zone of the reader, or in UTC', {skip}, async t => {
  const show = await browser(t);
  const page = await show(drawn.html(TWENTY, ABOUT));
  assert.match(await page.textContent('#as-of'), /^as of Sun 29 Nov 2026 13:00/);
  await page.check('label:has-text("UTC") input');
  assert.match(await page.textContent('#as-of'), /^as of Sun 29 Nov 2026 12:00/);
  assert.match(await page.textContent('#range'), /\(UTC\)$/);
});

test('nothing hangs over the edge from 320 px to 4K, of no environment and of three hundred', {skip}, async t => {
  const show = await browser(t);
  for (const [environments, freezes] of [[0, 0], [1, 3], [300, 600]]) {
    const html = drawn.html(history({environments, freezes}), ABOUT);
    for (const width of [320, 360, 768, 1280, 3840]) {
      const page = await show(html, {width, height: 800});
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${environments} environments at ${width}`);
      checkQuiet(page);
      await page.context().close();
    }
  }
});

test('without scripts there is the still picture, and on paper all of the table', {skip}, async t => {
  const show = await browser(t);
  const still = await show(drawn.html(TWENTY, ABOUT), {javaScriptEnabled: false});
  assert.equal(await still.locator('noscript svg').count(), 1);
  const page = await show(drawn.html(TWENTY, ABOUT));
  await page.emulateMedia({media: 'print'});
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  assert.equal(await page.$$eval('#table tbody tr', all => all.length), Number(/of (\d+)/.exec(await (await show(drawn.html(TWENTY, ABOUT))).textContent('#count'))[1]));
  const [picture, table] = await Promise.all(['#print svg', '#table'].map(name => page.locator(name).first().boundingBox()));
  assert.ok(picture.height > 200 && picture.y < table.y, 'the picture comes first');
  assert.ok((await page.pdf({preferCSSPageSize: true})).length < 1_000_000, 'a page that a mail can carry');
});
