// The pictures of the page of model sessions for the manual, from walks of the stand-in that are always the same.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { ARGS } from './browser.mjs';
import { shoot } from './pictures.mjs';
import { startWalkFake } from './walk-fake.mjs';
import { grid, ring, shop } from './walk-models.mjs';

const DESK = { viewport: { width: 1280, height: 800 }, colorScheme: 'light' };
const PHONE = { viewport: { width: 360, height: 740 }, colorScheme: 'light', hasTouch: true, isMobile: true };

const walk = async (session, steps) => { for (let n = 0; n < steps; n += 1) await session.step(); };

/** Paused at a breakpoint. */
async function paused({ page, session }) {
  await page.click('.model-bar >> text=Table');
  await page.getByLabel('Breakpoint at v_Paid').check();
  await page.click('.model-bar >> text=Graph');
  while (!session.isPaused) await session.step();
  await page.waitForSelector('button:has-text("Resume")');
  await page.click('.notice button');
}

async function table({ page }) {
  await page.click('.model-bar >> text=Table');
  await page.selectOption('[aria-label=Order]', 'most');
  await page.click('.elements tbody button >> nth=0');
  await page.waitForSelector('.walk-side .facts');
}

async function failed({ session, page }) {
  session.fail('ReferenceError: voucher is not defined, in the guard of e_Pay of the model Shop: define it in the actions of the model');
  await page.waitForSelector('.walk-failure');
}

/** Name, and where it is taken: { look, steps, act, id }. */
export const PICTURES = {
  graph: { look: DESK, steps: 13, act: paused },
  dark: { look: { ...DESK, colorScheme: 'dark' }, steps: 16, act: failed },
  table: { look: DESK, steps: 22, act: table },
  large: { look: DESK, steps: 0, id: 'session-3', act: async () => {} },
  phone: { look: PHONE, steps: 16, act: async () => {} },
};

export const sizeOf = ({ look: { viewport } }) => viewport;
export const fileOf = (name) => `sessions-${name}.webp`;

async function take(browser, { look, steps, act, id = 'session-1' }) {
  const fake = await startWalkFake();
  const session = fake.begin({ gw: shop(), name: 'Checkout, build 812', seed: 7 });
  await walk(fake.begin({ gw: ring(), name: 'Sign in', seed: 41 }), 5);
  await walk(fake.begin({ gw: grid(1200), name: 'Routing', seed: 3 }), 240);
  const context = await browser.newContext({ ...look, timezoneId: 'UTC', locale: 'en', reducedMotion: 'reduce' });
  const page = await context.newPage();
  const wrongs = [];
  page.on('pageerror', (error) => wrongs.push(error.message));
  try {
    await walk(session, steps);
    await page.goto(`${fake.url}/#/${id}`);
    await page.waitForSelector('.graph[data-ready]');
    await act({ page, session });
    const total = fake.walks.get(id).steps;
    await page.waitForFunction((made) => new RegExp(`(^|\\D)${made} step`).test(document.querySelector('.walk-facts').innerText), total);
    await page.waitForFunction(() => /Edges/.test(document.querySelector('.walk-side').innerText));
    await settled(page, fake);
    if (wrongs.length) throw new Error(wrongs.join('; '));
    return await shoot(context, page);
  } finally {
    await context.close();
    await fake.stop();
  }
}

/** Waits until the page has drawn what it knows, and names the service as the manual does. */
async function settled(page, fake) {
  const asked = fake.requests.length;
  await page.waitForFunction(() => document.fonts.ready.then(() => true));
  while (fake.requests.length < asked + 12) await page.evaluate(() => new Promise((resolve) => { requestAnimationFrame(resolve); }));
  await page.evaluate(() => { document.querySelector('.status-text span:last-child').textContent = '127.0.0.1:8887'; });
  await page.evaluate(() => new Promise((resolve) => { requestAnimationFrame(() => requestAnimationFrame(resolve)); }));
}

/** Writes all pictures into a folder, as `sessions-NAME.webp`. */
export async function makePictures(folder, names = Object.keys(PICTURES)) {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ARGS });
  try {
    for (const name of names) writeFileSync(join(folder, fileOf(name)), await take(browser, PICTURES[name]));
  } finally {
    await browser.close();
  }
}
