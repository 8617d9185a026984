// A panel beside a list; on narrow screens it covers the list. Escape closes it, from the list as well.
import { useEffect, useId, useRef } from 'preact/hooks';
import { html } from '../html.js';

const writing = (element) => element.matches('textarea, input[type="search"]') && element.value;

/** A handler of keys for what surrounds a panel. Escape first empties a search field, and leaves what is being written. */
export const escape = (onClose, open) => (event) => {
  if (!open || event.key !== 'Escape' || event.defaultPrevented || writing(event.target)) return;
  event.preventDefault();
  onClose();
};

/** As in the style sheet: from here on there is no room for both. */
const covers = matchMedia('(max-width: 900px)');

export function Panel({ title, tools, subject, onClose, takeFocus = false, children }) {
  const heading = useRef(null);
  const id = useId();
  useEffect(() => {
    if (takeFocus || covers.matches) heading.current.focus({ preventScroll: true });
  }, [subject, takeFocus]);
  return html`
    <aside class="panel" aria-labelledby=${id}>
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
