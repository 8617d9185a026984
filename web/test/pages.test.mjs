// Every page in both themes and on a phone: it is there, it fits, it can be read, it stays where it is.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { LOOKS, eventually, open, setUp, shut, text } from './browser.mjs';

const kit = await setUp(after, { connections: 120, rate: 30 });
/** What is there when a page has what it asked for, or knows that there is nothing. */
const FILLED = {
  Overview: '.chart canvas >> nth=2', Connections: 'tbody tr, .empty', Messages: '.log-row.in, .log-row.out, .empty', Handlers: '.handler, .empty',
  Rooms: 'tbody tr, .empty', Try: '.empty',
};
const PAGES = { Overview: '.figures', Connections: '.table-box', Messages: '.log-box', Handlers: '.list', Rooms: '.table-box', Try: '#try-path' };

/** Text that has less contrast than WCAG AA asks for, and focusable things that cannot be named. */
function inspect() {
  const wrongs = [];
  const numbers = (colour) => colour.match(/[\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].reduce((sum, value, index) => {
    const c = value / 255;
    return sum + (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4) * [0.2126, 0.7152, 0.0722][index];
  }, 0);
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = numbers(getComputedStyle(at).backgroundColor);
      if (colour.length < 4 || colour[3] > 0.99) return colour;
    }
    return [255, 255, 255];
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const box = element.getBoundingClientRect();
    if (!walker.currentNode.data.trim() || box.width < 2 || element.closest('[disabled], option, datalist')) continue;
    const style = getComputedStyle(element);
    const [a, b] = [light(numbers(style.color)), light(ground(element))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    const large = parseFloat(style.fontSize) >= 24;
    if (ratio < (large ? 3 : 4.5)) wrongs.push(`contrast ${ratio.toFixed(2)}: “${walker.currentNode.data.trim().slice(0, 40)}” ${element.className}`);
  }
  for (const element of document.querySelectorAll('button, input, select, textarea, a[href], summary')) {
    const named = element.getAttribute('aria-label') || element.textContent.trim() || element.labels?.length;
    if (!named) wrongs.push(`no name: ${element.outerHTML.slice(0, 80)}`);
  }
  if (document.documentElement.scrollWidth > innerWidth) wrongs.push(`wider than the window: ${document.documentElement.scrollWidth}`);
  for (const element of document.querySelectorAll('.top, .bar, .figures, .panel-body, .try-form, .list')) {
    if (element.scrollWidth > element.clientWidth + 1) wrongs.push(`overflows: ${element.className}`);
  }
  return wrongs;
}

/** Waits until nothing fades or moves any more, and what came is drawn. */
const quiet = (page) => page.evaluate(async () => {
  for (let n = 0; n < 3; n += 1) await new Promise((resolve) => { requestAnimationFrame(resolve); });
  await Promise.allSettled(document.getAnimations().map((animation) => animation.finished));
});

for (const look of Object.keys(LOOKS)) {
  test(`click through every page: ${look}`, async () => {
    const page = await open(kit, '', look);
    for (const [name, landmark] of Object.entries(PAGES)) {
      await page.click(`nav >> text=${name}`);
      await page.waitForSelector(landmark);
      assert.equal(await text(page, 'nav [aria-current=page]'), name);
      await page.waitForFunction((title) => document.title.startsWith(title), name);
      await page.waitForSelector(FILLED[name]);
      await quiet(page);
      assert.deepEqual(await page.evaluate(inspect), [], `${name} in ${look}`);
    }
    await shut(page);
  });
}

test('nothing moves while figures come in', async (t) => {
  for (const name of Object.keys(PAGES)) {
    const page = await open(kit, name.toLowerCase());
    await page.waitForSelector('.status >> text=Live');
    await page.waitForSelector(FILLED[name]);
    await quiet(page);
    await page.evaluate(() => {
      window.shifted = 0;
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
      }).observe({ type: 'layout-shift' });
    });
    await page.waitForTimeout(2500); // figures come twice a second; what is watched is that nothing happens
    const shifted = await page.evaluate(() => window.shifted);
    t.diagnostic(`${name}: layout shift ${shifted.toFixed(4)}`);
    assert.ok(shifted < 0.01, `${name} shifted by ${shifted}`);
    await shut(page);
  }
});

test('the theme switch wins over the system and is kept', async () => {
  const page = await open(kit, '', 'light');
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const before = await ground();
  await page.selectOption('select[aria-label=Theme]', 'dark');
  const dark = await ground();
  assert.notEqual(dark, before);
  await page.reload();
  assert.equal(await ground(), dark);
  await page.waitForSelector('.figures');
  assert.equal(await page.inputValue('select[aria-label=Theme]'), 'dark');
  await page.selectOption('select[aria-label=Theme]', 'system');
  assert.equal(await ground(), before);
  await shut(page);
});

test('the overview shows figures and draws charts', async () => {
  const page = await open(kit, 'overview');
  await eventually(async () => /^\d/.test(await text(page, '.figures dd')), 'a number of connections');
  await page.waitForSelector('.chart canvas >> nth=2');
  assert.equal(await page.locator('.chart canvas').count(), 3);
  assert.match(await text(page, '.status'), /Live/);
  if (kit.fake) {
    await eventually(async () => /p50 \d+ µs\s*p99 [\d.]+ [µm]s/.test((await text(page, '.charts section:nth-child(2) header')).replace(/\s+/g, ' ')), 'percentiles');
    assert.match(await page.getAttribute('.charts section:nth-child(2) .chart', 'aria-label'), /half take at most \d+ µs, 99 of 100 at most/);
    assert.equal(await page.locator('.chart-empty').count(), 0);
  }
  await shut(page);
});

test('an unknown address shows the overview', async () => {
  const page = await open(kit, 'nowhere/at/all?x=%E0%A4%A');
  await page.waitForSelector('.figures');
  await shut(page);
});
