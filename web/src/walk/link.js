// The connection to the model service: requests and their replies in order, events, and honest words about whether it is there.
import { signal } from '@preact/signals';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;
/** A reply that takes longer means that the service is stuck or gone. */
const PATIENCE_MS = 20_000;
const LOOK_MS = 1000;

/** { kind: 'connecting' | 'live' | 'waiting', retryAt, since } */
export const link = signal({ kind: 'connecting' });

const events = new Set();
const openings = new Set();
/** Called with each message that nobody asked for. */
export const onEvent = (listener) => events.add(listener);
/** Called each time the connection is there, again or for the first time. */
export const onOpen = (listener) => openings.add(listener);

let socket = null;
let pause = FIRST_PAUSE_MS;
let timer = 0;
let waiting = []; // requests without a reply, the oldest first

// Whatever generation of the protocol the service was told to speak, the page speaks its own.
const address = () => `${location.protocol === 'https:' ? 'wss:' : 'ws:'}//${location.host}/?gw=auto`;

/** Sends a command; gives its reply, or fails with the reason of the service. */
export function ask(command, members = {}) {
  if (socket?.readyState !== WebSocket.OPEN) return Promise.reject(new Error('the service cannot be reached'));
  socket.send(JSON.stringify({ command, ...members }));
  return new Promise((resolve, reject) => {
    waiting.push({ resolve, reject, since: performance.now() });
  });
}

const isReply = (message) => typeof message.success === 'boolean' && message.command !== 'visitedElement';

function settle(message) {
  const asked = waiting.shift();
  if (!asked) return;
  if (message.success) asked.resolve(message);
  else asked.reject(new Error(message.message ?? 'the service refused it and gave no reason'));
}

function take(event) {
  let message;
  try {
    message = JSON.parse(event.data);
  } catch {
    return; // not for us
  }
  if (isReply(message)) return settle(message);
  for (const listener of events) listener(message);
}

function wait() {
  const ms = pause * (0.8 + Math.random() * 0.4);
  pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
  link.value = { kind: 'waiting', retryAt: Date.now() + ms, since: link.value.since ?? Date.now() };
  clearTimeout(timer);
  timer = setTimeout(connect, ms);
}

function drop() {
  const old = socket;
  socket = null;
  old?.close();
  const lost = waiting;
  waiting = [];
  for (const asked of lost) asked.reject(new Error('the connection was lost; what was asked for may not have happened'));
}

export function connect() {
  clearTimeout(timer);
  drop();
  link.value = { ...link.value, kind: 'connecting' };
  const mine = new WebSocket(address());
  socket = mine;
  mine.onopen = () => {
    if (socket !== mine) return;
    pause = FIRST_PAUSE_MS;
    link.value = { kind: 'live' };
    for (const listener of openings) listener();
  };
  mine.onmessage = (event) => { if (socket === mine) take(event); };
  mine.onclose = () => {
    if (socket !== mine) return;
    drop();
    wait();
  };
}

function look() {
  const [oldest] = waiting;
  if (!oldest || performance.now() - oldest.since < PATIENCE_MS) return;
  drop();
  wait();
}

export function start() {
  connect();
  setInterval(look, LOOK_MS);
  addEventListener('online', () => { if (link.value.kind === 'waiting') connect(); });
}
