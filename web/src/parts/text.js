// Pieces of text: long values that are cut, commands and places to copy, what to do when there is nothing yet.
import { useState } from 'preact/hooks';
import { capital, count, lines, oneLine } from '../format.js';
import { html } from '../html.js';
import { notify } from './notice.js';

/** Shows the beginning of a long value and the rest on demand. */
export function Long({ text, most = 160, multiline = false }) {
  const [open, setOpen] = useState(false);
  const whole = String(text ?? '');
  const shown = open || whole.length <= most ? whole : whole.slice(0, most);
  const toggle = whole.length > most && html`
    <button type="button" class="more" aria-expanded=${open} onClick=${() => setOpen(!open)}>
      ${open ? 'show less' : `show all (${count(whole.length)} characters)`}
    </button>`;
  return html`<bdi class="value">${multiline ? lines(shown) : oneLine(shown)}${!open && toggle ? '…' : ''}</bdi>${toggle && html` ${toggle}`}`;
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    copyByHand(text); // not a secure context: only loopback and https have the clipboard
  }
  notify(`Copied: ${oneLine(text.length > 60 ? `${text.slice(0, 60)}…` : text)}`);
}

function copyByHand(text) {
  const area = document.createElement('textarea');
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
}

export const Copy = ({ text, label = 'Copy', what }) => html`
  <button type="button" class="copy" aria-label=${`Copy ${what ?? text}`} title=${`Copy ${what ?? text}`} onClick=${() => copy(text)}>${label}</button>`;

/** `file.yaml:7`, copied with a click. */
export const Place = ({ place }) => html`
  <button type="button" class="place" title=${`Copy ${place}`} onClick=${() => copy(place)}>${oneLine(place)}</button>`;

export const Command = ({ text }) => html`
  <div class="command"><code>${oneLine(text)}</code><${Copy} text=${text} what="the command" /></div>`;

export const Empty = ({ title, children }) => html`
  <div class="empty"><p class="empty-title">${title}</p>${children}</div>`;

export const Failure = ({ error }) => error && html`
  <p class="failure" role="alert">${capital(oneLine(error.message))}</p>`;

/** Name and value pairs; `rows` is [[name, content]]. */
export const Facts = ({ rows }) => html`
  <dl class="facts">
    ${rows.map(([name, content], index) => html`<div key=${index}><dt>${name}</dt><dd>${content}</dd></div>`)}
  </dl>`;
