// What the page can set off: tries, broadcasts, reloads; and handlers and rooms, where they are found.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { eventually, fakeOnly, open, setUp, shut, text } from './browser.mjs';

const kit = await setUp(after, { connections: 60, rate: 30 });
const world = kit.fake?.world;

test('try: the rule that answers, the reasons of the others, what would be sent', fakeOnly, async () => {
  const page = await open(kit, 'try');
  await page.fill('#try-path', '/api');
  await page.fill('#try-message', '{"type": "order", "amount": 3}');
  const before = world.sent.length;
  await page.keyboard.press('Control+Enter');
  await page.waitForSelector('h2 >> text=Rule 3 answers');
  assert.match(await text(page, '.try-rule.good'), /quickstart\.yaml:31[\s\S]*answers/);
  assert.equal(await page.locator('.try-rule.idle').count(), 3);
  assert.match(await text(page, '.try-rule.idle'), /no match: `type` is "order", not "ping"/);
  assert.match(await text(page, '.try-answer'), /"type":"order-ack"/);
  assert.equal(world.sent.length, before);
  await page.fill('#try-message', 'nothing like it');
  await page.waitForSelector('text=Changed since the result was made.');
  await page.click('.try-form button[type=submit]');
  await page.waitForSelector('h2 >> text=No rule answers');
  world.forwards = '/api';
  await page.click('.try-form button[type=submit]');
  await page.waitForSelector('h2 >> text=The message goes on to the server behind');
  world.forwards = null;
  await page.fill('#try-path', '/echo');
  await page.click('.try-form button[type=submit]');
  await page.waitForSelector('h2 >> text=The handler answers without a rule');
  await page.fill('#try-path', '/nowhere');
  await page.click('.try-form button[type=submit]');
  await page.waitForSelector('.failure >> text=No route for `/nowhere`');
  await page.click('.try-result .place >> text=chat');
  assert.equal(await page.inputValue('#try-path'), '/chat/room');
  await shut(page);
});

test('handlers: rules with hits, places to copy, a way to try', fakeOnly, async () => {
  const page = await open(kit, 'handlers');
  await page.waitForSelector('.handler');
  assert.equal(await page.locator('.handler').count(), 4);
  await page.click('.place >> text=chat.yaml:13');
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), 'chat.yaml:13');
  await eventually(async () => Number(await text(page, '.r-hits >> nth=1')) > 0, 'hits are counted');
  assert.match(await text(page, '.handler >> nth=3'), /To each connection every 250 ms: 40,213 sent/);
  assert.match((await text(page, '.handler .latency')).replace(/\s+/g, ' '), /Messages: p50 71 µs, p90 210 µs, p99 1\.3 ms ?Scripts: p50 380 µs, p90 900 µs, p99 13 ms/);
  assert.match(await text(page, '.handler >> nth=3 >> .latency'), /No messages since the start\./);
  await page.fill('[data-filter]', 'subscribe');
  await eventually(async () => (await page.locator('.handler').count()) === 1, 'one handler');
  await page.click('text=Try a message');
  await page.waitForSelector('#try-path');
  assert.equal(await page.inputValue('#try-path'), '/api');
  await shut(page);
});

test('rooms: members, and a broadcast that says whom it reached', fakeOnly, async () => {
  const page = await open(kit, 'rooms');
  await page.click('tbody >> text=lobby');
  await page.waitForSelector('.panel .members a');
  assert.equal(await page.locator('.panel .members a').count(), 12);
  await page.fill('.panel textarea', 'to the room');
  await page.click('.panel >> text=Broadcast >> nth=-1');
  await page.click('.panel button[type=submit]');
  await page.waitForSelector('text=Delivered to 12 connections');
  assert.ok(world.sent.every(({ id }) => world.connections.get(id).rooms.includes('lobby')));
  await page.click('text=Show them as connections');
  await eventually(async () => (await page.locator('tbody tr').count()) === 12, 'twelve rows');
  await shut(page);
});

test('sinks: counts by path, the last records with their numbers as sent, and a clean sheet', fakeOnly, async () => {
  const page = await open(kit, 'sinks');
  await page.waitForSelector('tbody tr');
  assert.equal(await page.locator('tbody tr').count(), 2);
  assert.ok((await text(page, 'tbody tr >> nth=0')).includes('json_lines 412, msgpack 1,290'));
  await page.click('tbody >> text=/logs');
  await page.waitForSelector('.panel .records .json');
  assert.equal(await page.locator('.records > li').count(), 20);
  const panel = await text(page, '.panel');
  for (const said of ['9007199254740993', 'msgpack in a text message', 'in the record at byte 8', 'too long to be kept']) assert.ok(panel.includes(said), said);
  await page.click('.panel >> text=Forget all of it');
  await page.waitForSelector('.panel >> text=No records yet');
  await page.keyboard.press('Escape');
  await page.waitForSelector('.panel', { state: 'detached' });
  await page.fill('[data-filter]', 'strict');
  await eventually(async () => (await page.locator('tbody tr').count()) === 1, 'one sink');
  await shut(page);
});

test('broadcast: to all, a path, a room', fakeOnly, async () => {
  const page = await open(kit, 'overview');
  await page.click('header >> text=Broadcast');
  await page.fill('dialog textarea', 'to all');
  await page.click('dialog button[type=submit]');
  await page.waitForSelector('text=Delivered to 60 connections');
  await page.click('dialog >> text=A path');
  await page.click('dialog button[type=submit]');
  await page.waitForSelector('text=Not sent: name the path first');
  await page.fill('dialog input.code', '/echo');
  await page.click('dialog button[type=submit]');
  await page.waitForSelector('text=Delivered to 12 connections');
  await page.click('dialog >> text=A room');
  await page.fill('dialog input.code', 'nobody home');
  await page.click('dialog button[type=submit]');
  await page.waitForSelector('text=Nobody was there to get it');
  await shut(page);
});

test('reload: success, warnings, mistakes with their places and remedies', fakeOnly, async () => {
  const page = await open(kit, 'overview');
  await page.click('text=Reload');
  await page.waitForSelector('.notice >> text=Reloaded, generation 4');
  world.warnings = [{ message: 'rule 2 can never match', place: 'chat.yaml:13', remedy: 'move it up' }, 'a plain warning'];
  await page.click('text=Reload');
  await page.waitForSelector('dialog >> text=2 warnings');
  await page.keyboard.press('Escape');
  world.mistakes = [{ message: 'unknown key `respones` in a rule', place: 'chat.yaml:10:9', remedy: 'did you mean `response`?' }];
  await page.click('text=Reload');
  await page.waitForSelector('dialog >> text=Not reloaded');
  const said = await text(page, 'dialog');
  for (const part of ['The files have mistakes; the old ones stay in force', 'respones', 'did you mean', 'chat.yaml:10:9']) assert.ok(said.includes(part), part);
  await shut(page);
});

test('empty places say what to do next', fakeOnly, async () => {
  const { startFake } = await import('./fake.mjs');
  const empty = await startFake({ empty: true });
  const alone = { ...kit, url: empty.url };
  for (const [hash, said] of [['overview', 'Nobody has connected yet'], ['connections', 'Nobody is connected'], ['messages', 'No messages yet'], ['rooms', 'There are no rooms']]) {
    const page = await open(alone, hash);
    await page.waitForSelector(`text=${said}`);
    await page.waitForSelector('.command >> text=npx wscat -c');
    if (hash === 'overview') await page.waitForSelector('.chart-empty >> text=No message came in these minutes.');
    await shut(page);
  }
  const page = await open(alone, 'sinks');
  await page.waitForSelector('text=There are no sinks');
  await page.waitForSelector('.raw >> text=type: sink');
  await shut(page);
  await empty.stop();
});
