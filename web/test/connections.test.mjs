// Connections: order, filter, pages, and what can be done to one of them.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { eventually, fakeOnly, open, setUp, shut, text } from './browser.mjs';

const kit = await setUp(after, { connections: 350, rate: 0 });
const world = kit.fake?.world;
const column = (page, name) => page.locator(`tbody .${name}`).allInnerTexts();
const numbers = (texts) => texts.map((value) => Number(value.replaceAll(',', '')));

async function start(hash = 'connections') {
  const page = await open(kit, hash);
  await page.waitForSelector('tbody tr');
  return page;
}

test('columns sort both ways, numbers with the largest first', fakeOnly, async () => {
  const page = await start();
  await page.click('th >> text=Out');
  await page.waitForSelector('th[aria-sort=descending] >> text=Out');
  const most = await eventually(async () => {
    const [first, second] = numbers(await page.locator('tbody td:nth-child(6)').allInnerTexts());
    return first > 2000 && first >= second;
  }, 'the largest first');
  assert.ok(most);
  await page.click('th >> text=Out');
  await page.waitForSelector('th[aria-sort=ascending] >> text=Out');
  await eventually(async () => numbers(await page.locator('tbody td:nth-child(6)').allInnerTexts())[0] < 30, 'the smallest first');
  await page.click('th >> text=Age');
  await page.waitForSelector('th[aria-sort=descending] >> text=Age');
  await eventually(async () => (await column(page, 'c-age'))[0].startsWith('1 h 5'), 'the oldest first');
  await shut(page);
});

test('the filter knows words, rooms and paths, and is part of the address', fakeOnly, async () => {
  const page = await start();
  await page.fill('[data-filter]', 'path:/echo');
  await eventually(async () => new Set(await column(page, 'c-path')).size === 1, 'one path');
  await page.fill('[data-filter]', 'room:observers lobby');
  await eventually(async () => (await column(page, 'c-rooms')).every((rooms) => rooms.includes('observers') && rooms.includes('lobby')), 'both rooms');
  await page.reload();
  assert.equal(await page.inputValue('[data-filter]'), 'room:observers lobby');
  await page.fill('[data-filter]', 'nothing like this');
  await page.waitForSelector('text=No connection matches this filter.');
  await page.click('text=Clear the filter');
  await page.waitForSelector('tbody tr');
  await shut(page);
});

test('pages of a hundred', fakeOnly, async () => {
  const page = await start();
  assert.equal(await text(page, '.pager .muted'), '1–100 of 350');
  assert.ok(await page.isDisabled('[aria-label="Previous page"]'));
  for (let n = 0; n < 3; n += 1) await page.click('[aria-label="Next page"]');
  await eventually(async () => (await text(page, '.pager .muted')) === '301–350 of 350', 'the last page');
  await eventually(async () => (await page.locator('tbody tr').count()) === 50, 'fifty rows');
  assert.ok(await page.isDisabled('[aria-label="Next page"]'));
  await shut(page);
});

test('the panel has facts, state with exact numbers, and headers that can be shown in full', fakeOnly, async () => {
  const page = await start();
  await page.fill('[data-filter]', 'room:lobby');
  await page.locator('tbody tr').nth(3).click({ position: { x: 400, y: 10 } });
  await page.waitForSelector('.panel .json');
  assert.match(await text(page, '.panel .json'), /9007199254740993/);
  const header = page.locator('.panel .facts > div', { hasText: 'x-trace' });
  assert.ok((await header.innerText()).includes('show all (320 characters)'));
  await header.locator('button').click();
  assert.ok((await header.innerText()).includes('abcdef0123456789'.repeat(20)));
  assert.match(await text(page, '.panel'), /«redacted»/);
  await shut(page);
});

test('text, JSON and bytes are sent as they were written', fakeOnly, async () => {
  const page = await start('connections/conn-8');
  await page.waitForSelector('.composer textarea');
  world.sent.length = 0;
  await page.fill('.composer textarea', 'hällo\n<b>');
  await page.keyboard.press('Control+Enter');
  await page.waitForSelector('.result.good >> text=10 bytes sent');
  await page.click('.composer >> text=JSON');
  await page.fill('.composer textarea', '{"a": 1,}');
  await page.click('.composer button[type=submit]');
  assert.match(await text(page, '.composer .hint.bad'), /Not JSON: expected a string, found “}” \(character 9\)/);
  await page.fill('.composer textarea', '{"n":  12345678901234567890}');
  await page.click('.composer button[type=submit]');
  await page.waitForSelector('.result.good >> text=28 bytes sent');
  await page.click('.composer >> text=Binary');
  await page.fill('.composer textarea', '0a ff 0');
  assert.match(await text(page, '.composer .hint.bad'), /one is missing/);
  await page.fill('.composer textarea', '0a ff 00');
  await page.click('.composer button[type=submit]');
  await page.waitForSelector('.result.good >> text=3 bytes sent');
  assert.deepEqual(world.sent.map(({ id, kind, text: sent, hex }) => [id, kind, kind === 'text' ? sent : hex]), [
    ['conn-8', 'text', 'hällo\n<b>'], ['conn-8', 'text', '{"n":  12345678901234567890}'], ['conn-8', 'binary', '0aff00'],
  ]);
  await shut(page);
});

test('a connection is closed with a code and a reason, and the page says so', fakeOnly, async () => {
  const page = await start('connections/conn-9');
  await page.waitForSelector('.close-form');
  await page.fill('.close-form .short', '1005');
  assert.match(await text(page, '.close-form .hint.bad'), /Codes are 1000 to 1003/);
  await page.fill('.close-form .short', '4001');
  await page.fill('.close-form .grow', 'x'.repeat(124));
  assert.match(await text(page, '.close-form .hint.bad'), /124 bytes; 123 fit/);
  await page.fill('.close-form .grow', 'too old');
  await page.click('text=Close connection');
  await page.waitForSelector('.notice >> text=Closed conn-9 with 4001');
  await page.waitForSelector('text=This connection is gone: closed by the server with 4001 “too old”.');
  assert.equal(world.connections.has('conn-9'), false);
  await page.waitForSelector('.composer', { state: 'detached' });
  await shut(page);
});

test('a connection that never was', fakeOnly, async () => {
  const page = await start('connections/conn-99999');
  await page.waitForSelector('text=This connection is gone.');
  await shut(page);
});

test('connections that come and go appear without waiting for the next poll', fakeOnly, async () => {
  const page = await open(kit, 'connections?q=newcomer');
  await page.waitForSelector('text=No connection matches this filter.');
  const added = world.open({ id: 'conn-newcomer' });
  await page.waitForSelector('tbody >> text=conn-newcomer');
  world.close(added, 1000, '');
  await page.waitForSelector('text=No connection matches this filter.');
  await shut(page);
});
