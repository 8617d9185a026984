// Page, admin listener and mock together: SOCKEYE_ADMIN=http://127.0.0.1:3000 SOCKEYE_MOCK=ws://127.0.0.1:8080/echo
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, test } from 'node:test';
import WebSocket from 'ws';
import { REAL, eventually, open, setUp, shut, text } from './browser.mjs';

const MOCK = process.env.SOCKEYE_MOCK;
const live = { skip: REAL && MOCK ? false : 'needs SOCKEYE_ADMIN and SOCKEYE_MOCK' };
const kit = live.skip ? null : await setUp(after);

/** A client of the mock that keeps what it hears. */
async function client() {
  const socket = new WebSocket(MOCK);
  const heard = [];
  socket.on('message', (data, binary) => heard.push(binary ? data.toString('hex') : data.toString()));
  await once(socket, 'open');
  return { socket, heard };
}

test('a client appears, is written to, is read, and is closed', live, async () => {
  const page = await open(kit, 'messages');
  await page.waitForSelector('.status >> text=Live');
  await page.click('nav >> text=Connections');
  await page.waitForSelector('.table-box');
  const { socket, heard } = await client();
  await page.click('th >> text=Age');
  await page.waitForSelector('th[aria-sort=descending] >> text=Age');
  await page.click('th >> text=Age');
  await page.waitForSelector('th[aria-sort=ascending] >> text=Age'); // the youngest first
  await page.click('tbody tr:first-child a');
  await page.waitForSelector('.panel .composer');
  await page.fill('.composer textarea', 'from the page');
  await page.click('.composer button[type=submit]');
  await page.waitForSelector('.result.good >> text=13 bytes sent');
  await eventually(() => heard.includes('from the page'), 'the client hears it');
  await page.click('.composer >> text=Binary');
  await page.fill('.composer textarea', '00 ff');
  await page.click('.composer button[type=submit]');
  await eventually(() => heard.includes('00ff'), 'the client hears bytes');
  socket.send('from the client');
  await page.click('text=Messages of this connection');
  await page.waitForSelector('.log-box >> text=from the client');
  await page.waitForSelector('.log-box >> text=from the page');
  await page.goBack();
  await page.waitForSelector('.close-form');
  await page.fill('.close-form .short', '4001');
  await page.fill('.close-form .grow', 'enough');
  const closed = once(socket, 'close');
  await page.click('text=Close connection');
  const [code, reason] = await closed;
  assert.deepEqual([code, reason.toString()], [4001, 'enough']);
  await page.waitForSelector('text=This connection is gone');
  assert.match(await text(page, '.gone'), /4001|gone/);
  await page.click('nav >> text=Overview');
  await eventually(async () => /p99\s+[\d.]+ (µs|ms|s)/.test(await text(page, '.charts section:nth-child(2) header')), 'the latency of the message');
  await page.click('nav >> text=Handlers');
  await page.waitForSelector('.handler .latency >> text=/Messages: p50 [0-9.]+ (µs|ms|s)/');
  await shut(page);
});
