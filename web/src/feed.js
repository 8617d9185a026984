// Recording of messages: from the first visit of the page on, the stream is asked for them and the log keeps them.
import { signal } from '@preact/signals';
import { get, query } from './api.js';
import { Log } from './log.js';
import { link, listen, say } from './stream.js';

export const log = new Log();
/** Counts changes of the log, at most one for each frame that is drawn. */
export const logged = signal(0);
/** Messages that the server left out because they came too fast. */
export const left = signal(0);
/** What the server is asked to send: { path, direction, connection } or null for everything. */
export const narrowed = signal(null);
export const paths = new Set();
const MOST_PATHS = 200;

let recording = false;
let lastSeq = 0;
let uptime = 0;
let held = null; // batches that come while the history is fetched
let scheduled = false;

function announce() {
  if (scheduled) return;
  scheduled = true;
  const show = () => {
    if (!scheduled) return;
    scheduled = false;
    logged.value += 1;
  };
  requestAnimationFrame(show);
  setTimeout(show, 200); // no frames are drawn while the page is hidden
}

function take(messages) {
  if (held) {
    held.push(messages);
    return;
  }
  for (const message of messages) {
    if (message.seq <= lastSeq) continue;
    lastSeq = message.seq;
    if (paths.size < MOST_PATHS) paths.add(message.path);
    log.push(message);
  }
  announce();
}

async function history() {
  if (held) return;
  held = [];
  let old = [];
  try {
    old = (await get(`/messages${query({ limit: 1000, after: lastSeq || '', ...narrowed.value })}`)).messages;
  } catch {
    // The stream alone will do.
  }
  const batches = held;
  held = null;
  take(old);
  for (const batch of batches) take(batch);
}

function ask() {
  say({ type: 'filter', messages: true, path: null, direction: null, connection: null, ...narrowed.value });
}

listen((batch, hello) => {
  const now = batch.stats?.uptime_ms ?? uptime;
  if (now < uptime) lastSeq = 0; // another process: its numbers start again
  uptime = now;
  if (!recording) return;
  if (hello) {
    ask();
    history();
  }
  if (batch.dropped) left.value += batch.dropped;
  if (batch.messages?.length) take(batch.messages);
});

export function record() {
  if (recording) return;
  recording = true;
  if (link.value.kind !== 'live') return;
  ask();
  history();
}

export function narrow(filter) {
  narrowed.value = filter;
  if (recording) ask();
}

export function clear() {
  log.clear();
  left.value = 0;
  logged.value += 1;
}
