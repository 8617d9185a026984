// Short notices of what an action led to, read out politely; they leave by themselves.
import { signal } from '@preact/signals';
import { html } from '../html.js';

const STAY_MS = 6000;
const MOST = 4;
const notices = signal([]);
let next = 1;

const dismiss = (id) => { notices.value = notices.value.filter((notice) => notice.id !== id); };

export function notify(text, kind = 'ok') {
  const id = next;
  next += 1;
  notices.value = [...notices.value, { id, text, kind }].slice(-MOST);
  setTimeout(() => dismiss(id), STAY_MS);
}

export const Notices = () => html`
  <div class="notices" role="status" aria-live="polite">
    ${notices.value.map(({ id, text, kind }) => html`
      <div key=${id} class="notice ${kind}">
        <span>${text}</span>
        <button type="button" class="quiet" aria-label="Dismiss" onClick=${() => dismiss(id)}>×</button>
      </div>`)}
  </div>`;
