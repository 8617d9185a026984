// Modal dialogs: the browser's own element keeps the focus inside, closes on Escape and gives the focus back.
import { useEffect, useId, useRef } from 'preact/hooks';
import { html } from '../html.js';

export function Dialog({ title, onClose, children, wide = false }) {
  const ref = useRef(null);
  const id = useId();
  useEffect(() => {
    ref.current.showModal();
  }, []);
  return html`
    <dialog ref=${ref} class=${wide ? 'wide' : ''} aria-labelledby=${id} onClose=${onClose}>
      <header>
        <h2 id=${id}>${title}</h2>
        <button type="button" class="quiet" aria-label="Close dialog" onClick=${() => ref.current.close()}>×</button>
      </header>
      <div class="dialog-body">${children}</div>
    </dialog>`;
}
