// The pictures of the manual: every page with the stand-in's data, at an instant that never changes.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { ARGS } from './browser.mjs';
import { startFake } from './fake.mjs';

const START = Date.parse('2026-11-21T14:00:00Z');
/** The page is told once a second; what is said has its own millisecond. */
const STEP_MS = 1000;
const PART_MS = 8;
const CHART_STEPS = 302;
const DESK = { viewport: { width: 1280, height: 800 }, colorScheme: 'light' };
const PHONE = { viewport: { width: 360, height: 740 }, colorScheme: 'light', hasTouch: true, isMobile: true };

async function charts({ page, pass }) {
  await page.waitForSelector('.chart canvas >> nth=2');
  for (let n = 0; n < CHART_STEPS; n += 1) await pass();
}

async function log({ page, pass }) {
  await page.waitForSelector('.log-box');
  for (let n = 0; n < 4; n += 1) await pass();
  await page.waitForSelector('.log-box .log-row.out');
}

async function hits({ page, pass }) {
  await page.waitForSelector('.handler .latency');
  for (let n = 0; n < 150; n += 1) await pass();
  await page.waitForFunction(() => [...document.querySelectorAll('td.r-hits')].some((cell) => Number(cell.textContent.replace(',', '')) > 100));
}

async function connection({ page }) {
  await page.locator('tbody tr').nth(2).click({ position: { x: 300, y: 12 } });
  await page.waitForSelector('.panel .json');
  await page.mouse.move(700, 10);
}

async function room({ page }) {
  await page.locator('tbody tr').nth(0).click({ position: { x: 200, y: 12 } });
  await page.waitForSelector('.panel .members a');
  await page.mouse.move(700, 10);
}

async function message(stage) {
  await log(stage);
  const { page } = stage;
  await page.click('text=Pause');
  await page.waitForSelector('.foot >> text=Paused');
  await page.locator('.log-box .log-row.out', { hasText: '"said"' }).nth(-3).click();
  await page.waitForSelector('.panel .json');
  await page.mouse.move(700, 10);
}

async function tried({ page }) {
  await page.waitForFunction(() => document.querySelector('#try-path').value);
  await page.fill('#try-path', '/api');
  await page.fill('#try-message', '{"type": "order", "id": 7, "amount": 12}');
  await page.click('.try-form button[type=submit]');
  await page.waitForSelector('.try-rules');
}

async function records({ page }) {
  await page.waitForSelector('.records .json');
}

/** Name, and where it is taken: { hash, look, act }. The name before a dash is a page of the dashboard. */
export const PICTURES = {
  overview: { hash: 'overview', look: DESK, act: charts },
  'overview-dark': { hash: 'overview', look: { ...DESK, colorScheme: 'dark' }, act: charts },
  connections: { hash: 'connections?q=lobby', look: DESK, act: connection },
  messages: { hash: 'messages', look: DESK, act: message },
  'messages-phone': { hash: 'messages', look: PHONE, act: log },
  handlers: { hash: 'handlers', look: DESK, act: hits },
  rooms: { hash: 'rooms', look: DESK, act: room },
  sinks: { hash: 'sinks/%2Flogs', look: DESK, act: records },
  try: { hash: 'try', look: DESK, act: tried },
};

/** The size of a picture in pixels, of which a phone would have more. */
export const sizeOf = ({ look: { viewport } }) => viewport;

async function take(browser, { hash, look, act }) {
  let now = START;
  const fake = await startFake({ connections: 240, rate: 60, now: () => now });
  const context = await browser.newContext({ ...look, timezoneId: 'UTC', locale: 'en', reducedMotion: 'reduce' });
  const page = await context.newPage();
  const wrongs = [];
  page.on('pageerror', (error) => wrongs.push(error.message));
  const pass = async () => {
    for (let part = PART_MS; part < STEP_MS; part += PART_MS) {
      now += PART_MS;
      fake.world.tick(PART_MS);
    }
    now += PART_MS;
    const s = (now - START) / 1000;
    fake.world.rate = 60 + 22 * Math.sin(s / 17) + 9 * Math.sin(s / 3.1);
    await page.clock.setFixedTime(now);
    fake.pass(PART_MS);
  };
  try {
    await page.clock.setFixedTime(now);
    await page.goto(`${fake.url}/#/${hash}`);
    await page.waitForSelector('.status >> text=Live');
    await pass();
    await act({ page, pass });
    await page.waitForTimeout(700); // figures are shown twice a second
    if (wrongs.length) throw new Error(wrongs.join('; '));
    return await shoot(context, page);
  } finally {
    await context.close();
    await fake.stop();
  }
}

/** WebP, which Playwright cannot say but Chromium can. */
export async function shoot(context, page) {
  const session = await context.newCDPSession(page);
  const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: 82 });
  return Buffer.from(data, 'base64');
}

/** Writes all pictures into a folder, as `dashboard-NAME.webp`. */
export async function makePictures(folder, names = Object.keys(PICTURES)) {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ARGS });
  try {
    for (const name of names) writeFileSync(join(folder, fileOf(name)), await take(browser, PICTURES[name]));
  } finally {
    await browser.close();
  }
}

export const fileOf = (name) => `dashboard-${name}.webp`;

/** Width and height from the head of a WebP file. */
export function measure(bytes) {
  const kind = bytes.toString('latin1', 12, 16);
  if (bytes.toString('latin1', 0, 4) !== 'RIFF' || bytes.toString('latin1', 8, 12) !== 'WEBP') throw new Error('not a WebP file');
  if (kind === 'VP8 ') return { width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff };
  if (kind === 'VP8X') return { width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 };
  const bits = bytes.readUInt32LE(21); // VP8L
  return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 };
}
