// What the status line says while the server is away, with a button that does not wait for the next attempt.
import { useEffect, useState } from 'preact/hooks';
import { clock } from '../format.js';
import { html } from '../html.js';

/** `link` is the signal of a connection: { kind, retryAt, since }. */
export function Waiting({ link, connect }) {
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((n) => n + 1), 500);
    return () => clearInterval(timer);
  }, []);
  const { retryAt, since, kind } = link.value;
  const s = Math.max(0, Math.ceil((retryAt - Date.now()) / 1000));
  const next = kind === 'connecting' ? 'trying now' : `next try in ${s} s`;
  return html`
    <span class="status-text"><b role="alert">Disconnected</b><span>what you see is from ${clock(new Date(since), false)}</span><span>${next}</span></span>
    <button type="button" onClick=${connect}>Try now</button>`;
}
