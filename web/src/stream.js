// The event stream: connects, comes back with growing pauses, and says honestly whether it is there.
import { signal } from '@preact/signals';
import { BASE, get } from './api.js';
import { changes, gap, heard, takeEndings, takeStats } from './store.js';
import { subprotocols } from './token.js';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;
/** Without news for so long, the page asks by itself; without an answer the stream counts as lost. */
const SILENCE_MS = 1600;

/** { kind: 'connecting' | 'live' | 'waiting', retryAt, since } */
export const link = signal({ kind: 'connecting' });

const listeners = new Set();
/** Called with (batch, isHello) for each message of the stream. */
export const listen = (listener) => listeners.add(listener);

let socket = null;
let pause = FIRST_PAUSE_MS;
let timer = 0;
let asked = false;

const address = () => `${location.protocol === 'https:' ? 'wss:' : 'ws:'}//${location.host}${BASE}`;

export function say(message) {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
}

function take(event) {
  let batch;
  try {
    batch = JSON.parse(event.data);
  } catch {
    return; // not for us
  }
  const hello = batch.type === 'hello';
  if (hello) {
    pause = FIRST_PAUSE_MS;
    link.value = { kind: 'live' };
  }
  takeStats(batch.stats);
  if (batch.closed?.length) takeEndings(batch.closed);
  if (batch.opened?.length || batch.closed?.length) changes.value += 1;
  for (const listener of listeners) listener(batch, hello);
}

function wait() {
  const ms = pause * (0.8 + Math.random() * 0.4);
  pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
  link.value = { kind: 'waiting', retryAt: Date.now() + ms, since: link.value.since ?? Date.now() };
  clearTimeout(timer);
  timer = setTimeout(connect, ms);
}

async function lost(opened) {
  gap();
  if (opened) return wait();
  // A browser does not say why a handshake failed. If it was the token, this request asks for one.
  try {
    takeStats(await get('/stats'));
  } catch {
    return wait();
  }
  return pause > FIRST_PAUSE_MS ? wait() : reconnectSoon();
}

function reconnectSoon() {
  pause *= 2;
  clearTimeout(timer);
  timer = setTimeout(connect, 50);
}

export function connect() {
  clearTimeout(timer);
  drop();
  link.value = { ...link.value, kind: 'connecting' };
  const mine = new WebSocket(address(), subprotocols());
  let opened = false;
  socket = mine;
  mine.onopen = () => { opened = true; };
  mine.onmessage = take;
  mine.onclose = () => {
    if (socket !== mine) return;
    socket = null;
    lost(opened);
  };
}

function drop() {
  const old = socket;
  socket = null;
  old?.close();
}

async function watch() {
  if (asked || link.value.kind !== 'live' || performance.now() - heard.at < SILENCE_MS) return;
  asked = true;
  try {
    takeStats(await get('/stats'));
  } catch {
    if (link.value.kind === 'live') {
      drop();
      lost(true);
    }
  }
  asked = false;
}

export function start() {
  connect();
  setInterval(watch, 1000);
  addEventListener('online', () => { if (link.value.kind === 'waiting') connect(); });
}
