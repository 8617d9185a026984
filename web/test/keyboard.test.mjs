// The whole page without a mouse.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { eventually, fakeOnly, open, setUp, shut } from './browser.mjs';

const kit = await setUp(after, { connections: 30, rate: 40 });

const focused = (page) => page.evaluate(() => {
  const element = document.activeElement;
  const style = getComputedStyle(element);
  const label = element.closest('label');
  const outlined = style.outlineStyle !== 'none' || (label && getComputedStyle(label).outlineStyle !== 'none');
  return { name: element.getAttribute('aria-label') ?? element.textContent.trim().slice(0, 40), tag: element.tagName, outlined };
});

async function tabTo(page, wanted, most = 40) {
  for (let n = 0; n < most; n += 1) {
    await page.keyboard.press('Tab');
    const at = await focused(page);
    assert.ok(at.outlined || at.tag === 'BODY', `no visible focus on ${JSON.stringify(at)}`);
    if (wanted(at)) return at;
  }
  assert.fail('not reached');
}

test('the navigation, page by page', async () => {
  const page = await open(kit, 'overview');
  await page.waitForSelector('.figures');
  await tabTo(page, (at) => at.name === 'Skip to the content');
  for (const name of ['Connections', 'Messages', 'Handlers', 'Rooms', 'Try']) {
    await tabTo(page, (at) => at.name === name);
    await page.keyboard.press('Enter');
    await page.waitForFunction((title) => document.title.startsWith(title), name);
    assert.equal((await focused(page)).name, name);
  }
  await shut(page);
});

test('the link over the navigation leads to the content', async () => {
  const page = await open(kit, 'overview');
  await page.waitForSelector('.figures');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'content');
  await shut(page);
});

test('connections: filter, rows, panel and back', fakeOnly, async () => {
  const page = await open(kit, 'connections');
  await page.waitForSelector('tbody tr');
  await page.keyboard.press('/');
  await page.keyboard.type('room:lobby');
  await eventually(async () => (await page.locator('tbody tr').count()) < 30, 'fewer rows');
  await tabTo(page, (at) => at.name.startsWith('Id'));
  await page.keyboard.press('Enter');
  await page.waitForSelector('th[aria-sort=ascending] >> text=Id');
  await tabTo(page, (at) => at.name.startsWith('conn-'));
  const first = (await focused(page)).name;
  await page.keyboard.press('ArrowDown');
  const second = (await focused(page)).name;
  assert.notEqual(second, first);
  await page.keyboard.press('Enter');
  await page.waitForSelector('.panel .facts');
  assert.equal((await focused(page)).name, second);
  await tabTo(page, (at) => at.name === `Close panel`);
  await page.keyboard.press('Escape');
  await page.waitForSelector('.panel', { state: 'detached' });
  await eventually(async () => (await focused(page)).name === second, 'focus is back in the row');
  await shut(page);
});

test('messages: choose a row, read it, come back', fakeOnly, async () => {
  const page = await open(kit, 'messages');
  await page.waitForSelector('.log-box .log-row');
  await tabTo(page, (at) => at.name === 'Pause');
  await page.keyboard.press('Space');
  await page.waitForSelector('text=Paused');
  await tabTo(page, (at) => at.name === 'Messages, newest last');
  await page.keyboard.press('End');
  await page.keyboard.press('ArrowUp');
  await page.waitForSelector('.log-row.selected');
  const active = await page.getAttribute('.log', 'aria-activedescendant');
  assert.equal(await page.getAttribute('.log-row.selected', 'id'), active);
  await page.keyboard.press('Enter');
  assert.equal((await focused(page)).name, 'Message');
  await page.keyboard.press('Escape');
  await page.waitForSelector('.panel', { state: 'detached' });
  await page.waitForSelector('.log:focus');
  await page.keyboard.press('Space');
  await page.waitForSelector('text=Following the newest');
  await shut(page);
});

test('the broadcast dialog keeps the focus and gives it back', async () => {
  const page = await open(kit, 'overview');
  await page.waitForSelector('.figures');
  await tabTo(page, (at) => at.name === 'Broadcast');
  await page.keyboard.press('Enter');
  await page.waitForSelector('dialog[open]');
  for (let n = 0; n < 12; n += 1) {
    await page.keyboard.press('Tab');
    assert.ok(await page.evaluate(() => document.activeElement === document.body || Boolean(document.activeElement.closest('dialog'))));
  }
  await page.keyboard.press('Escape');
  await page.waitForSelector('dialog', { state: 'detached' });
  assert.equal((await focused(page)).name, 'Broadcast');
  await shut(page);
});
