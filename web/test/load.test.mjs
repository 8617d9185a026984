// A thousand messages a second for ten seconds: the page keeps drawing and keeps answering.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { WARM_UP_MS, judge, measure } from './measure.mjs';
import { eventually, fakeOnly, open, setUp, shut, text } from './browser.mjs';

const kit = await setUp(after, { connections: 2000, rate: 1000 });
test('the measurement sees a task that is too long', fakeOnly, async () => {
  const page = await open(kit, 'overview');
  const measured = page.evaluate(measure, 4000);
  await page.evaluate(() => { setTimeout(() => { const end = performance.now() + 150; while (performance.now() < end); }, 300); });
  assert.ok((await measured).tasks.some((ms) => ms >= 140));
  await shut(page);
});

test('the log follows', fakeOnly, async (t) => {
  const page = await open(kit, 'messages');
  await page.waitForSelector('.log-box .log-row');
  await page.waitForTimeout(WARM_UP_MS);
  await judge(t, page, 'following');
  assert.match(await text(page, '.foot'), /Following the newest/);
  await shut(page);
});

test('a full log follows, and is searched', fakeOnly, async (t) => {
  const page = await open(kit, 'messages');
  await page.waitForSelector('.log-box .log-row');
  const all = [...kit.fake.world.connections.values()];
  for (let n = 0; n < 21; n += 1) {
    for (let i = 0; i < 1000; i += 1) kit.fake.world.log(all[i], i % 2 ? 'in' : 'out', `{"block":${n},"line":${i},"text":"${'filler '.repeat(30)}"}`);
    await page.waitForTimeout(60);
  }
  await eventually(async () => /20,000 kept/.test(await text(page, '.foot')), 'a full log');
  await page.waitForTimeout(WARM_UP_MS);
  const judged = judge(t, page, 'full log');
  for (const words of ['f', 'filler', 'filler f', 'line":7', '']) {
    await page.fill('[data-filter]', words);
    await page.waitForTimeout(1500);
  }
  await judged;
  await shut(page);
});

test('the log is searched, scrolled and paused meanwhile', fakeOnly, async (t) => {
  const page = await open(kit, 'messages');
  await page.waitForSelector('.log-box .log-row');
  await page.waitForTimeout(WARM_UP_MS);
  const judged = judge(t, page, 'searching and scrolling');
  await page.fill('[data-filter]', 'filled');
  await page.waitForTimeout(1500);
  await page.locator('.log-box').hover();
  for (let n = 0; n < 10; n += 1) {
    await page.mouse.wheel(0, n % 2 ? 700 : -1500);
    await page.waitForTimeout(150);
  }
  await page.fill('[data-filter]', '');
  await page.click('text=Pause');
  await eventually(async () => /Paused, [\d,]+ waiting/.test(await text(page, '.foot')), 'a count of what waits');
  await page.waitForTimeout(1000);
  await page.click('text=Resume');
  await judged;
  await shut(page);
});

test('overview and connections stay calm', fakeOnly, async (t) => {
  for (const name of ['overview', 'connections']) {
    const page = await open(kit, name);
    await page.waitForSelector(name === 'overview' ? '.chart canvas' : 'tbody tr');
    await page.waitForTimeout(WARM_UP_MS);
    await judge(t, page, name);
    await shut(page);
  }
});
