// Messages: filters, pause, following, one message in full.
import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';
import { eventually, fakeOnly, open, recording, setUp, shut, still, text } from './browser.mjs';

const kit = await setUp(after, { connections: 20, rate: 0 });
const world = kit.fake?.world;
const rows = (page) => page.locator('.log-box .log-row');
const foot = (page) => text(page, '.foot');

function speak(n, make = (i) => `message ${i}`) {
  const all = [...world.connections.values()];
  for (let i = 0; i < n; i += 1) world.log(all[i % all.length], i % 2 ? 'in' : 'out', make(i));
}

beforeEach(() => { if (world) world.kept.length = 0; });

async function start(n = 0) {
  const page = await open(kit, 'messages');
  await page.waitForSelector('text=No messages yet');
  await recording(kit, page);
  speak(n);
  if (n) await eventually(async () => (await foot(page)).startsWith(`${n.toLocaleString('en')} shown`), `${n} messages`);
  return page;
}

test('what was said before somebody looked is there too', fakeOnly, async () => {
  const first = await open(kit, 'messages');
  await recording(kit, first);
  speak(5, (i) => `early ${i}`);
  await first.waitForSelector('text=early 4');
  await shut(first);
  const page = await open(kit, 'messages');
  await page.waitForSelector('text=early 0');
  await recording(kit, page);
  speak(1, () => 'late');
  await page.waitForSelector('text=late');
  await eventually(async () => (await rows(page).count()) === 6, 'six rows');
  await shut(page);
});

test('an empty log says how to fill it', fakeOnly, async () => {
  const page = await start();
  assert.match(await text(page, '.empty .command'), /npx wscat -c "ws:\/\/127\.0\.0\.1:8080\/chat\/room"/);
  await shut(page);
});

test('a scroll that is told when the page is left is nobody\'s', fakeOnly, async () => {
  const page = await start(100);
  const list = await page.locator('.log-box').elementHandle();
  await page.click('nav >> text=Rooms');
  await page.waitForFunction((element) => !element.isConnected, list);
  await list.evaluate((element) => {
    element.dispatchEvent(new Event('scroll'));
    element.dispatchEvent(new WheelEvent('wheel', { deltaY: -10 }));
  });
  await shut(page);
});

test('direction, path and text narrow the log together', fakeOnly, async () => {
  const page = await start(100);
  await page.click('.choices >> text=In');
  await eventually(async () => (await foot(page)).startsWith('50 shown of 100 kept'), 'half of them');
  await page.fill('[aria-label="Filter by path"]', '/echo');
  await eventually(async () => (await foot(page)).startsWith('10 shown'), 'of one path');
  await page.fill('[data-filter]', 'MESSAGE 4');
  await eventually(async () => (await foot(page)).startsWith('1 shown'), 'with these words');
  assert.match(await text(page, '.log-box .log-row'), /message 47/);
  await page.fill('[data-filter]', 'absent');
  await page.click('text=Clear the filters');
  await eventually(async () => (await foot(page)).startsWith('100 shown'), 'all again');
  await shut(page);
});

test('a pause stands still, counts what waits, and loses nothing', fakeOnly, async () => {
  const page = await start(40);
  await page.click('text=Pause');
  speak(25, (i) => `during ${i}`);
  await page.waitForSelector('text=Paused, 25 waiting');
  assert.equal(await page.locator('text=during').count(), 0);
  await page.click('text=Resume');
  await page.waitForSelector('text=during 24');
  await eventually(async () => (await foot(page)).startsWith('65 shown'), 'all of them');
  await shut(page);
});

/** Where the list stands. */
const place = () => document.querySelector('.log-box').scrollTop;

test('the newest is followed until somebody scrolls up', fakeOnly, async () => {
  const page = await start(400);
  await page.waitForSelector('text=Following the newest');
  await page.locator('.log-box').hover();
  await page.mouse.wheel(0, -900);
  await page.waitForSelector('button >> text=Follow the newest');
  const top = await still(page, place);
  speak(60, (i) => `later ${i}`);
  await eventually(async () => (await foot(page)).startsWith('460 shown'), 'they came in');
  assert.equal(await still(page, place), top);
  await page.click('text=Follow the newest');
  await page.waitForSelector('text=later 59');
  await page.waitForSelector('text=Following the newest');
  await page.mouse.move(400, 500);
  await page.mouse.wheel(0, -300);
  await page.waitForSelector('button >> text=Follow the newest');
  await page.mouse.wheel(0, 3000);
  await page.waitForSelector('text=Following the newest');
  await shut(page);
});

test('rows stay in place while the oldest are dropped above them', fakeOnly, async () => {
  const page = await start();
  for (let n = 0; n < 10; n += 1) {
    speak(2000, (i) => `block ${n} line ${i}`);
    await eventually(async () => (await foot(page)).startsWith(`${((n + 1) * 2000).toLocaleString('en')} shown`), 'this block');
  }
  await eventually(async () => (await foot(page)).startsWith('20,000 shown'), 'a full log');
  await page.evaluate(() => { document.querySelector('.log-box').scrollTop = 200_000; });
  await page.waitForSelector('button >> text=Follow the newest');
  const sight = () => {
    const box = document.querySelector('.log-box').getBoundingClientRect();
    return document.elementFromPoint(box.left + 300, box.top + 100).closest('.log-row')?.lastElementChild.textContent;
  };
  const before = await still(page, sight);
  assert.match(before, /block \d line \d+/);
  speak(500, (i) => `newest ${i}`);
  await page.waitForSelector('text=500 older dropped');
  assert.equal(await still(page, sight), before);
  assert.match(await foot(page), /20,000 shown of 20,000 kept \(at most 20,000\) · 500 older dropped/);
  assert.ok(await rows(page).count() < 80, 'only rows in sight exist');
  await shut(page);
});

test('a message in full: tree, raw, copy, try', fakeOnly, async () => {
  const page = await start();
  const message = '{"b":[1,2,{"deep":{"er":{"est":true}}}],"a":9007199254740993,"text":"<i>x</i>"}';
  speak(1, () => message);
  await page.click('.log-box .log-row');
  await page.waitForSelector('.panel .json');
  assert.match(await text(page, '.panel .json'), /9007199254740993/);
  assert.equal(await page.locator('.panel >> text=est').count(), 0);
  const toggle = page.locator('.json-toggle[aria-expanded=false]');
  while (await toggle.count()) await toggle.first().click();
  assert.match(await text(page, '.panel .json'), /est: true/);
  await page.click('.panel >> text=Raw');
  assert.equal(await text(page, '.panel .raw'), message);
  await page.click('.panel >> text=Copy text');
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), message);
  await page.click('.panel >> text=Try it');
  await page.waitForSelector('#try-message');
  assert.equal(await page.inputValue('#try-message'), message);
  await shut(page);
});

test('on a phone the message covers the list, and the list keeps its place', fakeOnly, async () => {
  const page = await open(kit, 'messages', 'phone');
  await page.waitForSelector('text=No messages yet');
  await recording(kit, page);
  speak(300);
  await page.waitForSelector('text=message 299');
  await page.evaluate(() => { document.querySelector('.log-box').scrollTop = 2400; });
  await page.waitForSelector('button >> text=Follow the newest');
  await page.click('.log-box >> text=message 105');
  await page.waitForSelector('.panel h2:focus');
  assert.equal(await page.isVisible('.log-box'), false);
  await page.keyboard.press('Escape');
  await page.waitForSelector('.log:focus');
  assert.equal(await still(page, place), 2400);
  await shut(page);
});

test('bytes are shown as a dump, long messages say that they were cut', fakeOnly, async () => {
  const page = await start();
  const [c] = world.connections.values();
  world.log(c, 'in', Buffer.from('00ff68656c6c6f', 'hex'), 'binary');
  await page.click('.log-box .log-row >> nth=0');
  await page.waitForSelector('text=0000 00 ff 68 65 6c 6c 6f');
  world.log(c, 'in', `[${'1,'.repeat(4000)}1]`);
  await page.click('.log-box .log-row >> nth=1');
  await page.waitForSelector('text=The server keeps the beginning of long messages; this one has 8,003 bytes.');
  await shut(page);
});

test('the server is asked for less when only what is shown is recorded', fakeOnly, async () => {
  const page = await start(20);
  await page.click('.choices >> text=Out');
  await page.check('text=Record only what is shown');
  await recording(kit, page, ({ direction }) => direction === 'out');
  speak(20, (i) => `narrow ${i}`);
  await page.waitForSelector('text=narrow 18');
  await page.click('.choices >> text=Both');
  await eventually(async () => (await foot(page)).startsWith('30 shown of 30 kept'), 'only the outgoing half came');
  await shut(page);
});

test('what the server left out is said', fakeOnly, async () => {
  const page = await start();
  speak(3);
  world.batch.dropped = 1234;
  await page.waitForSelector('text=1,234 left out by the server, too fast');
  await shut(page);
});

test('messages of one connection, from its panel', fakeOnly, async () => {
  const page = await start(60);
  await page.goto(`${kit.url}/#/connections/conn-3`);
  await page.click('text=Messages of this connection');
  await eventually(async () => (await foot(page)).startsWith('3 shown of 60'), 'three of sixty');
  await page.click('.chip');
  await eventually(async () => (await foot(page)).startsWith('60 shown'), 'all again');
  await shut(page);
});
