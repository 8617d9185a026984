// Chromium and the server under test: the stand-in, or the one that SOCKEYE_ADMIN names (http://127.0.0.1:3000).
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';
import { startFake } from './fake.mjs';

export const REAL = process.env.SOCKEYE_ADMIN?.replace(/\/$/, '');
/** For tests that need made-up data or a server that can be stopped. */
export const fakeOnly = { skip: REAL ? 'needs the stand-in' : false };

/** The wheel scrolls at once, so that a test need not guess when it has stopped. */
export const ARGS = ['--no-sandbox', '--disable-smooth-scrolling'];

/** How long anything may take: a machine of continuous integration has two slow cores and other work. */
export const PATIENCE_MS = 30_000;

export const LOOKS = {
  light: { viewport: { width: 1280, height: 800 }, colorScheme: 'light' },
  dark: { viewport: { width: 1280, height: 800 }, colorScheme: 'dark' },
  phone: { viewport: { width: 360, height: 740 }, colorScheme: 'light', hasTouch: true, isMobile: true },
  'phone, dark': { viewport: { width: 360, height: 740 }, colorScheme: 'dark', hasTouch: true, isMobile: true },
};

/** One browser and one server for a file of tests; `t` is node's test module context with `after`. */
export async function setUp(after, options = {}) {
  const fake = REAL ? null : await startFake(options);
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ARGS });
  after(async () => {
    await browser.close();
    await fake?.stop();
  });
  return { fake, browser, url: REAL ?? fake.url };
}

/** A page that remembers everything that must not happen; `sound(page)` asserts that nothing of it did. */
export async function open(kit, hash = '', look = 'light') {
  const context = await kit.browser.newContext({ ...LOOKS[look], permissions: ['clipboard-read', 'clipboard-write'] });
  const page = await context.newPage();
  page.wrongs = [];
  page.on('pageerror', (error) => page.wrongs.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => {
    page.wrongs.push(`dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  page.on('console', (entry) => {
    if (/Content Security Policy/i.test(entry.text())) page.wrongs.push(entry.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(kit.url) && !request.url().startsWith('data:')) page.wrongs.push(`request to ${request.url()}`);
  });
  page.setDefaultTimeout(PATIENCE_MS);
  page.before = new Set(kit.fake?.filters?.().keys()); // streams of pages that may not have quite gone yet
  await page.goto(`${kit.url}/#/${hash}`);
  return page;
}

export function sound(page) {
  assert.deepEqual(page.wrongs, []);
}

export async function shut(page) {
  sound(page);
  await page.context().close();
}

export const text = (page, selector) => page.locator(selector).first().innerText();

/** Waits until the stand-in sends messages to this page, and as `fits` wants them. */
export const recording = (kit, page, fits = () => true) => eventually(
  () => [...kit.fake.filters()].some(([socket, filter]) => !page.before.has(socket) && filter.messages && fits(filter)),
  'the page is sent messages',
);

/** Waits for frames in which what `look` gives in the page stays the same, and gives that. */
export const still = (page, look, frames = 12) => page.evaluate(`(${settle})(${look}, ${frames})`);

function settle(look, most) {
  return new Promise((resolve) => {
    let before = look();
    let same = 0;
    const frame = () => {
      const now = look();
      same = now === before ? same + 1 : 0;
      before = now;
      if (same >= most) resolve(now);
      else requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
}

/** Waits until a function gives something true; says what it gave last otherwise. */
export async function eventually(look, what, ms = PATIENCE_MS) {
  const end = Date.now() + ms;
  let last;
  while (Date.now() < end) {
    last = await look();
    if (last) return last;
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
  assert.fail(`${what}: still ${JSON.stringify(last)} after ${ms} ms`);
}
