// A panel beside a list; on narrow screens it covers the list. Escape closes it.
import { useEffect, useId, useRef } from 'preact/hooks';
import { html } from '../html.js';

export function Panel({ title, tools, subject, onClose, takeFocus = false, children }) {
  const heading = useRef(null);
  const id = useId();
  useEffect(() => {
    if (takeFocus) heading.current.focus({ preventScroll: true });
  }, [subject, takeFocus]);
  const keys = (event) => {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    event.preventDefault();
    onClose();
  };
  return html`
    <aside class="panel" aria-labelledby=${id} onKeyDown=${keys}>
      <header>
        <h2 id=${id} ref=${heading} tabindex="-1">${title}</h2>
        ${tools}
        <span class="spacer"></span>
        <button type="button" class="quiet" aria-label="Close panel" onClick=${onClose}>×</button>
      </header>
      <div class="panel-body">${children}</div>
    </aside>`;
}

export const Section = ({ title, children, open = true }) => html`
  <details class="section" open=${open}><summary>${title}</summary>${children}</details>`;
