// The admin token: asked for once when the server says 401, kept for this tab only.
import { signal } from '@preact/signals';

const KEY = 'sockeye.token';
let memory = '';

/** Open while the page waits for a token: { refused } says that the last one was wrong. */
export const asking = signal(null);
let waiting = null;

export function token() {
  try {
    return sessionStorage.getItem(KEY) ?? memory;
  } catch {
    return memory;
  }
}

function keep(text) {
  memory = text;
  try {
    sessionStorage.setItem(KEY, text);
  } catch {
    // Storage is blocked: it lives as long as the page.
  }
}

/** Resolves when the user gave a token. All requests that met 401 share one question. */
export function askForToken(used) {
  if (used !== token()) return Promise.resolve(); // another request was told a newer one meanwhile
  waiting ??= new Promise((resolve) => {
    asking.value = { refused: used !== '', resolve };
  });
  return waiting;
}

export function give(text) {
  keep(text);
  const { resolve } = asking.value;
  asking.value = null;
  waiting = null;
  resolve();
}

/** The token as a WebSocket subprotocol, which is the only place a page can put it. */
export function subprotocols() {
  const bytes = new TextEncoder().encode(token());
  if (!bytes.length) return ['sockeye.events'];
  const base64 = btoa(String.fromCharCode(...bytes));
  const text = base64.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
  return ['sockeye.events', `sockeye.token.${text}`];
}
