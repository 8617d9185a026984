// Names, headers and messages that try to be markup or script stay text, on every page.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { CSP, HOSTILE } from './fake.mjs';
import { eventually, fakeOnly, open, setUp, shut, text } from './browser.mjs';

const kit = await setUp(after, { connections: 6, rate: 60, hostile: true });

/** Elements that the page itself never makes. */
const injected = () => ({
  elements: document.querySelectorAll('#app img, #app script, #app svg, #app i:not(.key i), #app b[onmouseover], #app [onerror], #app [onload]').length,
  links: [...document.querySelectorAll('a[href]')].filter((a) => !a.getAttribute('href').startsWith('#')).map((a) => a.getAttribute('href')),
  polluted: {}.polluted,
});

async function clean(page) {
  assert.deepEqual(await page.evaluate(injected), { elements: 0, links: [], polluted: undefined });
}

test('the policy is in force', fakeOnly, async () => {
  const response = await fetch(kit.url);
  assert.equal(response.headers.get('content-security-policy'), CSP);
  const page = await open(kit);
  const refused = await page.evaluate(async () => {
    const heard = new Promise((resolve) => { document.addEventListener('securitypolicyviolation', (event) => resolve(event.violatedDirective), { once: true }); });
    const script = document.createElement('script');
    script.textContent = 'window.ran = true';
    document.body.append(script);
    return heard;
  });
  assert.match(refused, /script-src/);
  assert.equal(await page.evaluate(() => window.ran), undefined);
  await page.context().close();
});

test('connections and their panels', fakeOnly, async () => {
  const page = await open(kit, 'connections');
  await page.waitForSelector('tbody tr');
  await page.fill('[data-filter]', 'onerror');
  await eventually(async () => (await page.locator('tbody tr').count()) === 1, 'one row');
  assert.equal(await text(page, 'tbody .c-path'), HOSTILE.path);
  await page.click('tbody a');
  await page.waitForSelector('.panel .facts');
  const panel = await text(page, '.panel');
  for (const part of [HOSTILE.id, HOSTILE.room, HOSTILE.header, 'x-<i>name</i>', HOSTILE.message, 'abc\\u202egnp.exe\\u0000\\u001b[31m']) assert.ok(panel.includes(part), part);
  await clean(page);
  await shut(page);
});

test('messages', fakeOnly, async () => {
  const page = await open(kit, 'messages');
  await page.waitForSelector('.log-box .log-row');
  await page.fill('[data-filter]', '</script>');
  await eventually(async () => (await page.locator('.log-box .log-row').count()) > 2, 'hostile messages');
  await page.click('text=Pause');
  await page.waitForSelector('.foot >> text=Paused');
  await page.click('.log-box .log-row >> nth=1');
  await page.waitForSelector('.panel .json');
  const tree = await text(page, '.panel .json');
  assert.ok(tree.includes('__proto__') && tree.includes('<script>alert(5)</script>'), tree);
  await page.click('.panel >> text=Raw');
  assert.equal(await text(page, '.panel .raw'), HOSTILE.message);
  await clean(page);
  await shut(page);
});

test('handlers, rooms, try', fakeOnly, async () => {
  const page = await open(kit, 'handlers');
  await page.waitForSelector('.handler');
  assert.ok((await text(page, '.list')).includes(HOSTILE.message));
  await clean(page);
  await page.click('nav >> text=Rooms');
  await page.waitForSelector('tbody tr');
  await page.click(`tbody a:has-text("onload")`);
  await page.waitForSelector('.panel .members');
  assert.equal(await text(page, '.panel h2'), HOSTILE.room);
  await page.fill('.panel textarea', HOSTILE.message);
  await page.click('.panel button[type=submit]');
  await page.waitForSelector('text=Delivered to 1 connection');
  await clean(page);
  await page.click('nav >> text=Sinks');
  await page.click('tbody a:has-text("onerror")');
  await page.waitForSelector('.panel .records .json');
  assert.equal(await text(page, '.panel h2'), HOSTILE.path);
  await clean(page);
  await page.click('nav >> text=Try');
  await page.fill('#try-path', HOSTILE.path);
  await page.fill('#try-message', HOSTILE.message);
  await page.click('.try-form button[type=submit]');
  await page.waitForSelector('.try-result');
  await clean(page);
  await shut(page);
});

test('mistakes of a reload', fakeOnly, async () => {
  kit.fake.world.mistakes = [{ message: HOSTILE.message, place: '<img src=x onerror=alert(8)>:1:1', remedy: HOSTILE.room }];
  const page = await open(kit);
  await page.click('text=Reload');
  await page.waitForSelector('dialog >> text=Not reloaded');
  await clean(page);
  await shut(page);
});
