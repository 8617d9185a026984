// The page of model sessions without any session, with hostile ones, and with very large ones.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { eventually, open as openAt, shut, text } from './browser.mjs';
import { judge } from './measure.mjs';
import { fakeWalk, inked, setUpWalks } from './walk-browser.mjs';
import { EVIL, grid, hostile, ring } from './walk-models.mjs';

const kit = await setUpWalks(after);
const open = (id, look) => openAt(kit, id, look);
const drawn = (page) => page.waitForSelector('.graph[data-ready]');

test('nobody walks: the page says what to type', fakeWalk, async () => {
  const page = await open('');
  await page.waitForSelector('text=Nobody walks through a model just now');
  const command = await text(page, '.command code');
  assert.match(command, /^\(echo '\{"command":"start".*\) \| sockeye ws connect ws:\/\/127\.0\.0\.1:\d+$/);
  await page.click('.command .copy');
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), command);
  const client = await kit.walk(ring(), { name: 'At last' });
  await page.waitForSelector('.walk-bar h1 >> text=At last');
  await shut(page);
  await client.end();
});

test('names, guards and variables that try to be markup stay text', fakeWalk, async () => {
  const client = await kit.walk(hostile());
  const page = await open(client.id);
  await drawn(page);
  for (let n = 0; n < 4; n += 1) await client.step();
  client.walk.fail(EVIL);
  await page.waitForSelector('[role=alert]');
  await page.click('.model-bar >> text=Table');
  await page.waitForSelector('.elements tbody tr');
  await page.click('.elements tbody button >> nth=0');
  await page.waitForSelector('.walk-side .facts');
  const shown = await text(page, '#app');
  assert.ok(shown.includes('<img src=x onerror=alert(1)>') && shown.includes('\\u202egnp.exe'), shown);
  const injected = await page.evaluate(() => document.querySelectorAll('#app img, #app script, #app svg, #app b[onmouseover], #app [onerror], #app [onload]').length);
  assert.equal(injected, 0);
  assert.equal(await page.evaluate(() => ({}).polluted), undefined);
  await shut(page);
  await client.end();
});

test('two thousand elements stay smooth while they are walked and moved', fakeWalk, async (t) => {
  const client = await kit.walk(grid(2000));
  const page = await open(client.id);
  await drawn(page);
  const timer = setInterval(() => client.step(), 20);
  const judged = judge(t, page, '2,000 elements');
  const box = await page.locator('.graph canvas').boundingBox();
  const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  await page.mouse.move(middle.x, middle.y);
  for (let n = 0; n < 6; n += 1) await page.mouse.wheel(0, -300);
  for (let n = 0; n < 12; n += 1) {
    await page.mouse.down();
    await page.mouse.move(middle.x + (n % 2 ? -120 : 120), middle.y + (n % 3 ? 60 : -60), { steps: 8 });
    await page.mouse.up();
    await page.mouse.move(middle.x, middle.y);
  }
  await judged;
  clearInterval(timer);
  await shut(page);
  await client.end();
});

test('a drawing that does not change is not drawn again', fakeWalk, async () => {
  const client = await kit.walk(ring());
  await client.step();
  const page = await open(client.id);
  await drawn(page);
  const frames = () => page.getAttribute('.graph canvas', 'data-frames');
  const looks = () => kit.fake.requests.filter(({ command }) => command === 'getVisits').length;
  await eventually(async () => (await inked(page, 'accent')).n > 20, 'the current edge');
  const start = looks();
  await eventually(() => looks() > start + 3, 'the page has looked');
  const before = await frames();
  const then = looks();
  await eventually(() => looks() > then + 10, 'the page looks on');
  assert.equal(await frames(), before);
  await client.step();
  await eventually(async () => (await frames()) !== before, 'a step is drawn');
  await shut(page);
  await client.end();
});

test('of a hundred thousand elements the page draws what lies around the current one', async () => {
  const gw = grid(100_000);
  const client = await kit.walk(gw, { name: 'Large' });
  for (let n = 0; n < 3; n += 1) await client.step();
  const page = await open(client.id);
  await drawn(page);
  assert.match(await text(page, '.model-bar'), /31,329 vertices, 62,\d{3} edges\s+drawn: what lies around/);
  await eventually(async () => (await inked(page, 'accent')).n > 50, 'the current element');
  await eventually(async () => /Edges\s+2 of 62,\d{3}/.test(await text(page, '.walk-side')), 'counts of all');
  await page.click('.model-bar >> text=Table');
  await page.waitForSelector('.elements tbody tr');
  assert.equal(await page.locator('.elements tbody tr').count(), 200);
  await page.fill('.elements [data-filter]', 'v_7_7');
  await eventually(async () => (await page.locator('.elements tbody tr').count()) === 11, 'those with that name: v_7_7 and v_7_70 to v_7_79');
  await shut(page);
  await client.end();
});
