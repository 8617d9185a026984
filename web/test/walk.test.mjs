// The page of model sessions: who walks, where, what is covered; pausing, stepping, breakpoints; with the stand-in and for real.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { eventually, open as openAt, shut, text } from './browser.mjs';
import { fakeWalk, inked, setUpWalks } from './walk-browser.mjs';
import { placed, ring, shop } from './walk-models.mjs';

const kit = await setUpWalks(after);
const open = (id, look) => openAt(kit, id, look);
const drawn = (page) => page.waitForSelector('.graph[data-ready]');
const facts = (page) => text(page, '.walk-facts');
const side = (page) => text(page, '.walk-side');
const says = (page, look, fits, what) => eventually(async () => fits(await look(page)), what);
const tableOf = async (page) => {
  await page.click('.model-bar >> text=Table');
  await page.waitForSelector('.elements tbody tr');
};
const row = (page, name) => page.locator('.elements tbody tr', { has: page.getByRole('button', { name, exact: true }) });

test('a session is drawn, step by step', async () => {
  const client = await kit.walk(placed(), { name: 'First' });
  const page = await open(client.id);
  await drawn(page);
  assert.match(await text(page, '.walk-bar h1'), /First\s+not started/);
  assert.ok((await inked(page, 'accent')).n < 200, 'nothing is current yet');
  await client.step();
  await client.step();
  await says(page, facts, (now) => /2 steps/.test(now) && /at v_A/.test(now), 'two steps');
  await eventually(async () => (await inked(page, 'accent')).n > 1500, 'a box that is current');
  assert.ok((await inked(page, 'good')).n > 50, 'an edge that was visited');
  await says(page, side, (now) => /Edges\s+1 of 4/.test(now) && /Vertices\s+1 of 3/.test(now), 'coverage');
  await says(page, side, (now) => /REQ-A\s+passed/.test(now) && /REQ-B\s+not covered/.test(now) && /1 of 2/.test(now), 'requirements');
  await says(page, side, (now) => /colour\s+"?red/.test(now), 'variables');
  await tableOf(page);
  assert.match(await row(page, 'v_A').innerText(), /vertex\s+1\s+current/);
  assert.match(await row(page, 'e_E0').innerText(), /edge\s+outside → v_A\s+1/);
  assert.match(await row(page, 'v_C').innerText(), /vertex\s+0/);
  await shut(page);
  await client.end();
});

test('pause, step, resume', async () => {
  const client = await kit.walk(ring());
  const page = await open(client.id);
  await drawn(page);
  assert.equal(await page.isDisabled('button:has-text("Step")'), true);
  await page.click('button:has-text("Pause")');
  await page.waitForSelector('button:has-text("Resume")');
  let made = 0;
  const steps = (async () => { for (; made < 3; made += 1) await client.step(); })();
  await page.click('button:has-text("Step")');
  await says(page, facts, (now) => /1 step\b/.test(now), 'one step');
  assert.match(await text(page, '.walk-bar h1'), /paused/);
  await page.click('button:has-text("Step")');
  await says(page, facts, (now) => /2 steps/.test(now), 'another');
  await eventually(() => made === 2, 'the third waits');
  await page.click('button:has-text("Resume")');
  await steps;
  await says(page, facts, (now) => /3 steps/.test(now), 'the third');
  await page.waitForSelector('button:has-text("Pause")');
  await shut(page);
  await client.end();
});

test('a click on an element makes it a breakpoint, another one ends that', async () => {
  const client = await kit.walk(placed());
  const page = await open(client.id);
  await drawn(page);
  await client.step();
  await client.step();
  await eventually(async () => (await inked(page, 'accent')).n > 1500, 'a box');
  const { x, y } = await inked(page, 'accent');
  await page.mouse.click(x, y);
  await page.waitForSelector('text=Clear 1 breakpoint');
  await page.waitForSelector('.walk-side >> text=Remove breakpoint');
  assert.match(await side(page), /v_A vertex/);
  await eventually(async () => (await inked(page, 'bad')).n > 20, 'its dot');
  const round = (async () => { for (let n = 0; n < 7; n += 1) await client.step(); })(); // comes by once more
  await page.waitForSelector('button:has-text("Resume")');
  await page.waitForSelector('.notice >> text=Paused at the breakpoint a');
  await says(page, facts, (now) => /8 steps/.test(now), 'where it was met');
  await page.mouse.click(x, y);
  await page.waitForSelector('.walk-side >> text=Pause here');
  await page.click('button:has-text("Resume")');
  await round;
  await says(page, facts, (now) => /9 steps/.test(now), 'no breakpoint any more');
  await shut(page);
  await client.end();
});

test('everything goes by keyboard, and is told', async () => {
  const client = await kit.walk(ring());
  const page = await open(client.id);
  await drawn(page);
  await page.focus('.graph canvas');
  const told = () => text(page, '.graph [aria-live]');
  await page.keyboard.press('ArrowDown');
  await eventually(async () => /edge e_E0, not visited/.test(await told()), 'the first element');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  await eventually(async () => /vertex v_B/.test(await told()), 'the one beside it');
  await page.keyboard.press('Enter');
  await eventually(async () => /vertex v_B.*breakpoint/.test(await told()), 'a breakpoint');
  await page.keyboard.press('+');
  await page.keyboard.press('0');
  await page.keyboard.press('Escape');
  await eventually(async () => (await told()) === '', 'nothing is chosen');
  await tableOf(page);
  const box = page.getByLabel('Breakpoint at v_B');
  assert.equal(await box.isChecked(), true);
  await box.focus();
  await page.keyboard.press('Space');
  await page.waitForSelector('text=Clear 1 breakpoint', { state: 'detached' });
  await page.focus('[data-filter] >> nth=-1');
  await page.keyboard.type('v_');
  await eventually(async () => (await page.locator('.elements tbody tr').count()) === 3, 'three vertices');
  await shut(page);
  await client.end();
});

test('sessions are listed, and one is switched to', async () => {
  const one = await kit.walk(ring(), { name: 'One' });
  const two = await kit.walk(shop(), { name: 'Two' });
  await two.step();
  const page = await open(one.id);
  await drawn(page);
  await page.click('.sessions >> text=Two');
  await says(page, (at) => text(at, '.walk-bar h1'), (now) => /Two/.test(now), 'the other one');
  await drawn(page);
  await says(page, facts, (now) => /1 step\b/.test(now), 'its step');
  assert.ok(page.url().endsWith(`#/${two.id}`));
  assert.equal(await page.locator('.model-bar option').count(), 2);
  const three = await kit.walk(ring(), { name: 'Three' });
  await page.waitForSelector('.sessions >> text=Three');
  await three.end();
  await page.waitForSelector('.sessions >> text=Three', { state: 'detached' });
  await page.goBack();
  await says(page, (at) => text(at, '.walk-bar h1'), (now) => /One/.test(now), 'the first one');
  await shut(page);
  await Promise.all([one.end(), two.end()]);
});

test('another model of a session is shown when one looks there, and when the walk goes there', async () => {
  const client = await kit.walk(shop());
  const page = await open(client.id);
  await drawn(page);
  await page.selectOption('[aria-label=Model]', '1');
  await says(page, (at) => text(at, '.model-bar'), (now) => /2 vertices, 2 edges/.test(now), 'the second model');
  await drawn(page);
  await page.click('text=Follow');
  await client.step();
  await says(page, (at) => text(at, '.model-bar'), (now) => /5 vertices, 10 edges/.test(now), 'the model where the walk is');
  await tableOf(page);
  assert.match(await row(page, 'e_Voucher').innerText(), /blocked/);
  assert.match(await row(page, 'v_Basket').innerText(), /shared state Basket/);
  await shut(page);
  await client.end();
});

test('the end of a session is told, with its last steps', async () => {
  const client = await kit.walk(ring());
  const page = await open(client.id);
  await drawn(page);
  for (let n = 0; n < 8; n += 1) await client.step();
  await client.end();
  await page.waitForSelector('text=This session has ended after 8 steps');
  await says(page, side, (now) => /Edges\s+4 of 4/.test(now) && /REQ-B\s+passed/.test(now), 'how it stood');
  assert.equal(await page.isDisabled('button:has-text("Pause")'), true);
  await page.waitForSelector('.sessions a[aria-current] >> text=ended');
  await page.goto(`${kit.url}/#/session-99999`);
  await page.waitForSelector('text=There is no session-99999 here');
  await shut(page);
});

test('a delay is asked for and kept while another session is looked at', fakeWalk, async () => {
  const one = await kit.walk(ring(), { name: 'Slow' });
  const two = await kit.walk(ring(), { name: 'Other' });
  const page = await open(one.id);
  await drawn(page);
  await page.focus('.delay input');
  for (let n = 0; n < 3; n += 1) await page.keyboard.press('ArrowRight');
  await eventually(() => one.walk.delay === 200, 'the delay');
  assert.match(await text(page, '.delay'), /200 ms/);
  await page.click('.sessions >> text=Other');
  await says(page, (at) => text(at, '.delay'), (now) => /none/.test(now), 'that of the other');
  await page.click('.sessions >> text=Slow');
  await says(page, (at) => text(at, '.delay'), (now) => /200 ms/.test(now), 'its own again');
  await shut(page);
  await Promise.all([one.end(), two.end()]);
});

test('the reason of a failure is told', fakeWalk, async () => {
  const client = await kit.walk(ring());
  await client.step();
  client.walk.fail('ReferenceError: nobody is not defined, in the action of v_A');
  const page = await open(client.id);
  await page.waitForSelector('[role=alert] >> text=ReferenceError: nobody is not defined, in the action of v_A');
  assert.match(await text(page, '.walk-bar h1'), /failed/);
  await says(page, side, (now) => /REQ-A\s+failed/.test(now), 'a requirement that failed');
  await shut(page);
  await client.end();
});

test('the page comes back by itself, with its breakpoints', fakeWalk, async () => {
  const client = await kit.walk(ring());
  const page = await open(client.id);
  await drawn(page);
  await tableOf(page);
  await page.getByLabel('Breakpoint at v_C').check();
  await eventually(() => client.walk.breaks.size === 1, 'the breakpoint');
  await kit.fake.stop();
  await page.waitForSelector('.status.down >> text=Disconnected');
  await client.step();
  kit.fake.requests.length = 0;
  await kit.fake.start();
  await page.waitForSelector('.status >> text=Live');
  await says(page, facts, (now) => /1 step\b/.test(now), 'what happened meanwhile');
  await eventually(() => [...client.walk.breaks.values()].flat().includes('m,c'), 'the breakpoint again');
  await shut(page);
  await client.end();
});

test('phones have all of it', async () => {
  const client = await kit.walk(shop(), { name: 'Phone' });
  for (const look of ['phone', 'phone, dark']) {
    const page = await open(client.id, look);
    await drawn(page);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wide <= 0, `${wide} pixels too wide`);
    assert.ok(await page.isVisible('.session-field'));
    const out = await page.evaluate(() => [...document.querySelectorAll('button, select, input')].filter((e) => e.offsetParent && e.getBoundingClientRect().right > innerWidth + 0.5).map((e) => e.outerHTML.slice(0, 60)));
    assert.deepEqual(out, []);
    await page.tap('button:has-text("Pause")');
    await page.waitForSelector('button:has-text("Resume")');
    await page.tap('button:has-text("Resume")');
    await shut(page);
  }
  await client.end();
});
