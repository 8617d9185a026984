// A server that wants a token, that goes away, and that comes back.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { eventually, fakeOnly, open, setUp, shut, text } from './browser.mjs';

const kit = await setUp(after, { connections: 10, rate: 30 });
const { fake } = kit;

test('the token is asked for, refused, taken, and kept for this tab', fakeOnly, async () => {
  fake.token = 'sécret/+=?';
  const page = await open(kit, 'connections');
  await page.waitForSelector('dialog >> text=This server wants its admin token');
  assert.equal(await page.locator('tbody tr').count(), 0);
  await page.fill('#token', 'wrong');
  await page.keyboard.press('Enter');
  await page.waitForSelector('text=The server did not accept that token.');
  await page.keyboard.press('Escape');
  await page.click('text=Enter token');
  await page.fill('#token', fake.token);
  await page.keyboard.press('Enter');
  await page.waitForSelector('tbody tr');
  await page.waitForSelector('.status >> text=Live');
  await page.reload();
  await page.waitForSelector('.status >> text=Live');
  assert.equal(await page.evaluate(() => sessionStorage.length), 1);
  assert.equal(await page.evaluate(() => localStorage.length), 0);
  await shut(page);
  fake.token = '';
});

test('a token that changes while the page is open is asked for again', fakeOnly, async () => {
  const page = await open(kit, 'rooms');
  await page.waitForSelector('tbody tr');
  fake.token = 'new';
  await page.waitForSelector('dialog >> text=Admin token');
  await page.fill('#token', 'new');
  await page.keyboard.press('Enter');
  await page.waitForSelector('dialog', { state: 'detached' });
  await page.waitForSelector('tbody tr');
  await shut(page);
  fake.token = '';
});

test('the page says that it is disconnected, and comes back by itself with the log it had', fakeOnly, async () => {
  const page = await open(kit, 'messages');
  await page.waitForSelector('.log-box .log-row');
  await fake.stop();
  await page.waitForSelector('.status.down >> text=Disconnected');
  assert.match(await text(page, '.status.down'), /what you see is from \d\d:\d\d:\d\d/);
  const kept = Number((await text(page, '.foot')).split(' ')[0].replaceAll(',', ''));
  assert.ok(kept > 0);
  await eventually(async () => /next try in \d+ s/.test(await text(page, '.status.down')), 'when it tries again');
  await fake.start();
  await page.waitForSelector('.status >> text=Live');
  await eventually(async () => Number((await text(page, '.foot')).split(' ')[0].replaceAll(',', '')) > kept, 'new messages after the old ones');
  await shut(page);
});

test('the pauses between attempts grow, and a click tries at once', fakeOnly, async () => {
  const page = await open(kit, 'overview');
  await page.waitForSelector('.status >> text=Live');
  await fake.stop();
  await page.waitForSelector('.status.down');
  const pause = async () => Number(/next try in (\d+) s/.exec(await text(page, '.status'))?.[1] ?? 0);
  await eventually(async () => (await pause()) >= 10, 'a pause of ten seconds', 60_000);
  await fake.start();
  const clicked = Date.now();
  await page.click('text=Try now');
  await page.waitForSelector('.status >> text=Live');
  const took = Date.now() - clicked;
  assert.ok(took < 9000, `the click led to a connection after ${took} ms`);
  await shut(page);
});

test('messages that were sent while the stream was away are fetched', fakeOnly, async () => {
  fake.world.rate = 0;
  const page = await open(kit, 'messages');
  await page.waitForSelector('.log-box .log-row');
  await fake.stop();
  await page.waitForSelector('.status.down');
  const [c] = fake.world.connections.values();
  fake.world.log(c, 'in', 'said in the dark');
  fake.world.takeBatch();
  await fake.start();
  await page.click('text=Try now').catch(() => {});
  await page.waitForSelector('text=said in the dark');
  assert.equal(await page.locator('text=said in the dark').count(), 1);
  await shut(page);
});
