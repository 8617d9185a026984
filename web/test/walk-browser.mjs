// Chromium and a model service: the stand-in, or the one that SOCKEYE_WALK names (http://127.0.0.1:8887). Either is walked by
// the same small clients.
import { once } from 'node:events';
import { chromium } from 'playwright-core';
import WebSocket from 'ws';
import { ARGS } from './browser.mjs';
import { startWalkFake } from './walk-fake.mjs';

export const REAL_WALK = process.env.SOCKEYE_WALK?.replace(/\/$/, '');
export const fakeWalk = { skip: REAL_WALK ? 'needs the stand-in' : false };
export const realWalk = { skip: REAL_WALK ? false : 'needs SOCKEYE_WALK' };

/** A client that walks: `step` is done when the step was made. */
class Client {
  static async begin(url, request) {
    const client = new Client();
    client.socket = new WebSocket(url.replace('http', 'ws'));
    client.waiting = [];
    client.socket.on('message', (data) => client.hear(JSON.parse(data)));
    await once(client.socket, 'open');
    const { sessionId, success, message } = await client.ask('start', request);
    if (!success) throw new Error(message);
    client.id = sessionId;
    return client;
  }

  hear(message) {
    const at = this.waiting.findIndex(({ command }) => command === message.command?.toLowerCase());
    if (at >= 0 && typeof message.success === 'boolean') this.waiting.splice(at, 1)[0].resolve(message);
  }

  ask(command, members = {}) {
    this.socket.send(JSON.stringify({ command, ...members }));
    return new Promise((resolve) => { this.waiting.push({ command: command.toLowerCase(), resolve }); });
  }

  step() { return this.ask('getNext'); }

  async end() {
    this.socket.close();
    await once(this.socket, 'close');
  }
}

class FakeClient {
  constructor(fake, request) {
    this.fake = fake;
    this.walk = fake.begin(request);
    this.id = this.walk.id;
  }

  step() { return this.walk.step(); }
  async end() { this.fake.end(this.walk); }
}

/** A browser, a service, and `walk(gw, more)` for clients of it. */
export async function setUpWalks(after) {
  const fake = REAL_WALK ? null : await startWalkFake();
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ARGS });
  const clients = [];
  after(async () => {
    await browser.close();
    for (const client of clients) client.socket?.terminate();
    await fake?.stop();
  });
  const walk = async (gw, more = {}) => {
    const request = { gw, seed: 1, ...more };
    const client = fake ? new FakeClient(fake, request) : await Client.begin(REAL_WALK, request);
    clients.push(client);
    return client;
  };
  return { fake, browser, url: REAL_WALK ?? fake.url, walk };
}

/** How many pixels of the drawing have a colour of the style sheet, and their middle on the screen. */
export const inked = (page, name) => page.evaluate((wanted) => {
  const canvas = document.querySelector('.graph canvas');
  const probe = document.createElement('i');
  document.body.append(probe);
  probe.style.color = `var(--${wanted})`;
  const pen = Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d');
  pen.fillStyle = getComputedStyle(probe).color;
  pen.fillRect(0, 0, 1, 1);
  const [r, g, b] = pen.getImageData(0, 0, 1, 1).data;
  probe.remove();
  const { data, width } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  let [n, x, y] = [0, 0, 0];
  for (let at = 0; at < data.length; at += 4) {
    if (data[at] !== r || data[at + 1] !== g || data[at + 2] !== b) continue;
    n += 1;
    x += (at / 4) % width;
    y += Math.floor(at / 4 / width);
  }
  const box = canvas.getBoundingClientRect();
  return { n, x: box.left + x / n / canvas.ratio, y: box.top + y / n / canvas.ratio };
}, name);
