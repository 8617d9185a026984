// One message of the log in full: as a tree where it is JSON, and as it was sent.
import { signal } from '@preact/signals';
import { count, dateTime, hexDump, oneLine, plural, size } from '../format.js';
import { html } from '../html.js';
import { tryNodes } from '../json-nodes.js';
import { Panel } from '../parts/panel.js';
import { Copy, Facts, Long } from '../parts/text.js';
import { Tree } from '../parts/tree.js';
import { go, link } from '../route.js';
import { draft } from './try.js';

const MOST_TREE_CHARS = 2_000_000;
const raw = signal(false);

const facts = (m) => [
  ['Time', html`<span title=${m.at}>${dateTime(m.at)}</span>`],
  ['Direction', m.direction === 'in' ? 'in, from the client' : 'out, to the client'],
  ['Connection', html`<a href=${link('connections', m.connection)}>${oneLine(m.connection)}</a>`],
  ['Path', html`<${Long} text=${m.path} />`],
  ['Size', `${m.kind}, ${m.bytes < 1024 ? plural(m.bytes, 'byte') : `${size(m.bytes)} (${count(m.bytes)} bytes)`}`],
  ['Number', count(m.seq)],
];

const Cut = ({ m }) => m.cut && html`
  <p class="hint">The server keeps the beginning of long messages; this one has ${plural(m.bytes, 'byte')}.</p>`;

function dump(base64) {
  try {
    return hexDump(base64);
  } catch {
    return '(not readable)';
  }
}

const Binary = ({ m }) => html`<pre class="raw">${dump(m.base64 ?? '')}</pre>`;

const Choice = () => html`
  <fieldset class="choices">
    <legend class="visually-hidden">View</legend>
    <label><input type="radio" name="view" checked=${!raw.value} onChange=${() => { raw.value = false; }} />Tree</label>
    <label><input type="radio" name="view" checked=${raw.value} onChange=${() => { raw.value = true; }} />Raw</label>
  </fieldset>`;

function Text({ m }) {
  const text = m.text ?? '';
  const node = !m.cut && text.length < MOST_TREE_CHARS && /^\s*[[{]/.test(text) ? tryNodes(text) : null;
  return html`
    ${node && html`<${Choice} />`}
    ${node && !raw.value
      ? html`<${Tree} node=${node} label="Message" />`
      : html`<pre class="raw"><${Long} text=${text} most=${8192} multiline /></pre>`}`;
}

function tryIt(m) {
  draft.value = { path: m.path, message: m.text ?? '' };
  go('try');
}

export function Message({ message: m, onClose }) {
  return html`
    <${Panel} title="Message" subject=${m.n} onClose=${onClose}>
      <${Facts} rows=${facts(m)} />
      <div class="actions">
        <${Copy} text=${m.text ?? m.base64 ?? ''} label=${m.kind === 'binary' ? 'Copy as base64' : 'Copy text'} what="the message" />
        ${m.kind === 'text' && !m.cut && html`<button type="button" onClick=${() => tryIt(m)}>Try it</button>`}
      </div>
      <${Cut} m=${m} />
      <div key=${m.n}>${m.kind === 'binary' ? html`<${Binary} m=${m} />` : html`<${Text} m=${m} />`}</div>
    <//>`;
}
