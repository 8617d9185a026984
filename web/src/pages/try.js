// Try: which rule would answer a message, why the others would not, and what would be sent. Nothing is sent.
import { signal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import { post } from '../api.js';
import { capital, oneLine, plural } from '../format.js';
import { handlers, loadHandlers } from '../handlers-data.js';
import { html } from '../html.js';
import { tryNodes } from '../json-nodes.js';
import { Copy, Empty, Long, Place } from '../parts/text.js';
import { Tree } from '../parts/tree.js';
import { example } from '../urls.js';

// What is being written outlives a visit of another page, and other pages fill it in.
export const draft = signal({ path: '', message: '' });
const result = signal(null); // { path, message, answer } | { error }

function verdict(rule, answeredBy) {
  if (rule.number === answeredBy) return { tone: 'good', word: 'answers' };
  if (rule.matches) return { tone: '', word: answeredBy !== null && rule.number > answeredBy ? 'would match, too late' : 'matches' };
  return { tone: 'idle', word: 'no match' };
}

function Rule({ rule, answeredBy }) {
  const { tone, word } = verdict(rule, answeredBy);
  return html`
    <li class=${`try-rule ${tone}`} aria-current=${rule.number === answeredBy ? 'true' : undefined}>
      <span class="number">${rule.number}</span>
      <div>
        <p class="try-line"><code><${Long} text=${rule.pattern} most=${200} /></code><span class="muted">${rule.kind}</span>${rule.place && html`<${Place} place=${rule.place} />`}</p>
        <p class="try-reason"><b>${word}</b>${rule.reason ? html`: <${Long} text=${rule.reason} most=${400} />` : ''}${rule.note ? html`<small>${oneLine(rule.note)}</small>` : ''}</p>
      </div>
    </li>`;
}

function Answer({ text }) {
  const node = /^\s*[[{]/.test(text) ? tryNodes(text) : null;
  return html`
    <div class="try-answer">
      <pre class="raw"><${Long} text=${text} most=${4000} multiline /></pre>
      <${Copy} text=${text} what="the answer" />
      ${node && html`<details><summary>As a tree</summary><${Tree} node=${node} label="Answer" /></details>`}
    </div>`;
}

function headline({ answered_by: by, answers, rules, forwarded }) {
  if (by !== null) return `Rule ${by} answers${answers.length ? '' : ' with nothing'}`;
  if (forwarded) return 'The message goes on to the server behind';
  if (answers.length) return 'The handler answers without a rule';
  return rules.length ? 'No rule answers' : 'This handler has no rules';
}

function Verdict({ answer }) {
  const { route, answered_by: by, rules, answers, script } = answer;
  return html`
    <div class="try-result">
      <h2 role="status">${headline(answer)} <span class="muted">on route <span class="mono">${oneLine(route)}</span></span></h2>
      ${script && html`<p class="note">This route runs a script. Scripts are not run here, so the real answer may differ.</p>`}
      ${answers.length > 0 && html`<h3>${answers.length === 1 ? 'It would send' : `It would send ${plural(answers.length, 'message')}`}</h3>`}
      ${answers.map((text, index) => html`<${Answer} key=${index} text=${text} />`)}
      ${rules.length > 0 && html`<h3>Rules, in their order</h3>
        <ol class="try-rules">${rules.map((rule) => html`<${Rule} key=${rule.number} rule=${rule} answeredBy=${by} />`)}</ol>`}
    </div>`;
}

const Wrong = ({ error }) => html`
  <div class="try-result">
    <p class="failure" role="alert">${capital(oneLine(error))}</p>
    ${handlers.value.length > 0 && html`<p class="muted">Routes: ${handlers.value.slice(0, 20).map((h, index) => html`${index ? ', ' : ''}<button type="button" class="place" key=${index}
      onClick=${() => { draft.value = { ...draft.value, path: example(h.path) }; }}>${oneLine(h.path)}</button>`)}</p>`}
  </div>`;

async function run() {
  const { path, message } = draft.value;
  try {
    const answer = await post('/try', JSON.stringify({ path, message }), 'application/json');
    result.value = { path, message, answer };
  } catch (error) {
    result.value = { error: error.message };
  }
}

function Form() {
  const [busy, setBusy] = useState(false);
  const submit = async (event) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    await run();
    setBusy(false);
  };
  const keys = (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit(event);
  };
  const set = (change) => { draft.value = { ...draft.value, ...change }; };
  const { path, message } = draft.value;
  const stale = result.value?.answer && (result.value.path !== path || result.value.message !== message);
  return html`
    <form class="try-form" onSubmit=${submit}>
      <label for="try-path">Path</label>
      <input id="try-path" class="code" list="try-paths" required spellcheck=${false} autocomplete="off" placeholder="/chat" value=${path} onInput=${(event) => set({ path: event.currentTarget.value })} />
      <datalist id="try-paths">${handlers.value.map((h, index) => html`<option key=${index} value=${example(h.path)}>${h.kind}</option>`)}</datalist>
      <label for="try-message">Message</label>
      <textarea id="try-message" class="code" rows="12" spellcheck=${false} placeholder='{"type": "ping"}' value=${message}
        onInput=${(event) => set({ message: event.currentTarget.value })} onKeyDown=${keys}></textarea>
      <div class="actions">
        <button type="submit" class="primary" disabled=${busy}>Try</button>
        <kbd class="wide-only">Ctrl Enter</kbd>
        <span class="muted">${stale ? 'Changed since the result was made.' : 'Nothing is sent to anybody.'}</span>
      </div>
    </form>`;
}

export function Try() {
  useEffect(() => {
    loadHandlers().then(() => {
      const [first] = handlers.value;
      if (!draft.value.path && first) draft.value = { ...draft.value, path: example(first.path) };
    }, () => {});
  }, []);
  const now = result.value;
  return html`
    <div class="page main">
      <div class="bar"><h1>Try a message</h1></div>
      <div class="try scroll">
        <${Form} />
        <div>
          ${!now && html`<${Empty} title="Choose a path, paste a message and press Try."><p class="muted">You see which rule would answer, why each other one would not, and what would be sent.</p><//>`}
          ${now?.error && html`<${Wrong} error=${now.error} />`}
          ${now?.answer && html`<${Verdict} answer=${now.answer} />`}
        </div>
      </div>
    </div>`;
}
