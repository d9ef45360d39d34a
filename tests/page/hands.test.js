// The page in people's hands: by keys alone, searched and filtered, with a wheel, a mouse and fingers.
import assert from 'node:assert/strict';
import test from 'node:test';
import {history, NOW} from './histories.js';
import {browser, checkQuiet, drawn, skip} from './shown.js';

const ABOUT = {verb: 'report', now: Date.parse(NOW)};

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
  const twenty = history({environments: 20, freezes: 120});
  const show = await browser(t);
  const page = await show(drawn.html(twenty, ABOUT));
  const count = async () => Number(/(\d+) of|^(\d+)/.exec((await page.textContent('#live')).trim())[0].match(/\d+/)[0]);
  await page.selectOption('#kind', 'Deployment');
  await page.selectOption('#state', 'unexplained');
  const unexplained = twenty.report.environments.filter(({deployments}) => deployments.some(({label}) => label === 'unexplained'));
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
