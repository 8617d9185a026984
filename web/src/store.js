// What the server counts: the newest figures, and five minutes of samples for the charts.
import { signal } from '@preact/signals';

export const WINDOW_S = 300;
const SAMPLE_MS = 1000;
/** Numbers change at most twice a second on the page: more often they cannot be read. */
const SHOW_MS = 500;

export const stats = signal(null);
export const rates = signal({ received: NaN, sent: NaN });
export const samples = { time: [], received: [], sent: [], active: [], p50: [], p99: [] };
export const sampled = signal(0);

/** When figures last came, by the page's clock. */
export const heard = { at: 0 };

let newest = null;
let shownAt = 0;
let last = null;

const perSecond = (now, then, pick, ms) => ((pick(now) - pick(then)) * 1000) / ms;

/** What a sample does not have is a gap in the line. */
function add(sample) {
  const time = Date.now() / 1000;
  for (const [name, column] of Object.entries(samples)) column.push(name === 'time' ? time : sample[name] ?? null);
  const oldest = time - WINDOW_S - 2;
  while (samples.time[0] < oldest) for (const column of Object.values(samples)) column.shift();
  sampled.value += 1;
}

function sample(now) {
  const ms = last ? now.uptime_ms - last.uptime_ms : 0;
  if (last && ms >= 0 && ms < SAMPLE_MS) return;
  const known = last && ms > 0 && ms < 10 * SAMPLE_MS; // not after a restart, nor a long silence
  const received = known ? perSecond(now, last, (s) => s.messages.received, ms) : NaN;
  const sent = known ? perSecond(now, last, (s) => s.messages.sent, ms) : NaN;
  last = now;
  rates.value = { received, sent };
  const { p50_ms: p50, p99_ms: p99 } = now.latency ?? {};
  add({ ...(known && { received, sent }), active: now.connections.active, p50, p99 });
}

function show() {
  if (!newest || performance.now() - shownAt < SHOW_MS) return;
  shownAt = performance.now();
  stats.value = newest;
  newest = null;
}

export function takeStats(now) {
  if (!now) return;
  heard.at = performance.now();
  newest = now;
  sample(now);
  show();
}

/** The line of a chart is broken where the page heard nothing. */
export function gap() {
  if (!last) return;
  last = null;
  rates.value = { received: NaN, sent: NaN };
  add({});
}

setInterval(show, SHOW_MS);

/** How closed connections ended, for panels that were open on one of them. */
export const endings = new Map();
const MOST_ENDINGS = 500;

export function takeEndings(closed) {
  for (const { id, ending } of closed) endings.set(id, ending);
  for (const id of endings.keys()) {
    if (endings.size <= MOST_ENDINGS) break;
    endings.delete(id);
  }
}

/** Counts batches in which connections came or went. */
export const changes = signal(0);
