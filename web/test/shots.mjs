// Screenshots of every page in dark, light and on a phone: node test/shots.mjs [folder]
import { mkdirSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { startFake } from './fake.mjs';

const folder = process.argv[2] ?? '/tmp/shots';
const ONLY = process.argv[3];
mkdirSync(folder, { recursive: true });
const fake = await startFake({ rate: 60, connections: 240 });
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });

const PAGES = {
  overview: (page) => page.waitForTimeout(process.env.LONG ? 30_000 : 3500),
  connections: (page) => page.waitForSelector('tbody tr'),
  connection: async (page) => {
    await page.goto(`${fake.url}/#/connections/conn-20`);
    await page.waitForSelector('.panel .facts');
  },
  messages: async (page) => {
    await page.waitForSelector('.log-box .log-row');
    await page.waitForTimeout(1500);
  },
  message: async (page) => {
    await page.goto(`${fake.url}/#/messages`);
    await page.waitForTimeout(800);
    await page.click('text=Pause');
    await page.waitForTimeout(300);
    await page.click('.log-box .log-row.out >> nth=9');
    await page.waitForSelector('.panel .json');
  },
  handlers: (page) => page.waitForSelector('.handler'),
  rooms: (page) => page.waitForSelector('tbody tr'),
  room: async (page) => {
    await page.goto(`${fake.url}/#/rooms/lobby`);
    await page.waitForSelector('.panel .members');
  },
  try: async (page) => {
    await page.waitForFunction(() => document.querySelector('#try-path').value);
    await page.fill('#try-path', '/api');
    await page.fill('#try-message', '{"type": "order", "id": 7, "amount": 12}');
    await page.click('.try-form button[type=submit]');
    await page.waitForSelector('.try-rules');
  },
  broadcast: async (page) => {
    await page.goto(`${fake.url}/#/overview`);
    await page.click('text=Broadcast');
    await page.waitForSelector('dialog[open]');
  },
};

const LOOKS = {
  light: { viewport: { width: 1360, height: 820 }, colorScheme: 'light' },
  dark: { viewport: { width: 1360, height: 820 }, colorScheme: 'dark' },
  phone: { viewport: { width: 360, height: 740 }, colorScheme: 'light', hasTouch: true, isMobile: true, deviceScaleFactor: 2 },
  'phone-dark': { viewport: { width: 360, height: 740 }, colorScheme: 'dark', hasTouch: true, isMobile: true, deviceScaleFactor: 2 },
};

for (const [look, options] of Object.entries(LOOKS)) {
  const context = await browser.newContext(options);
  for (const [name, act] of Object.entries(PAGES)) {
    if (ONLY && !`${look}-${name}`.includes(ONLY)) continue;
    const page = await context.newPage();
    page.on('pageerror', (error) => console.log(look, name, 'error:', error.message));
    page.on('console', (entry) => { if (entry.type() === 'error') console.log(look, name, 'console:', entry.text()); });
    try {
      await page.goto(`${fake.url}/#/${name}`);
      await act(page);
      await page.waitForTimeout(300);
    } catch (error) {
      console.log(look, name, error.message.split('\n')[0]);
    }
    await page.screenshot({ path: `${folder}/${look}-${name}.png` });
    await page.close();
  }
  await context.close();
}
await browser.close();
await fake.stop();
process.exit(0);
