// The page as people see it: what stands in it, read by axe, on a telephone and on paper.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import test from 'node:test';
import {TEXTS} from '../../npm/test/words.js';
import {closing, standing} from './agendas.js';
import {history, NOW} from './histories.js';
import {browser, checkQuiet, drawn, skip} from './shown.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const now = Date.parse(NOW);
const ABOUT = {verb: 'report', now};
const STATUS = {verb: 'status', policy: {file: 'nodeploy.yaml'}, now};
const WINDOWS = {verb: 'windows', now};
const TWENTY = history({environments: 20, freezes: 120});

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
