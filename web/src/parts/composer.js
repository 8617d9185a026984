// Writes one message: text, JSON or bytes in hex, checked before it leaves.
import { useId, useState } from 'preact/hooks';
import { parseHex, plural } from '../format.js';
import { html } from '../html.js';
import { MAX_DEPTH, parseNodes } from '../json-nodes.js';

const KINDS = {
  text: { label: 'Text', type: 'text/plain; charset=utf-8', hint: 'Sent as one text message, exactly as typed.', sample: 'hello' },
  json: { label: 'JSON', type: 'application/json', hint: 'Checked, then sent as typed in one text message.', sample: '{"type": "ping"}' },
  hex: { label: 'Binary (hex)', type: 'application/octet-stream', hint: 'Two hex digits for each byte; spaces are ignored.', sample: '0a ff 00 3c' },
};

const READ = {
  text: (text) => ({ body: text }),
  json: (text) => {
    if (!text.trim()) return { error: 'There is no JSON yet.' };
    try {
      parseNodes(text);
    } catch (error) {
      if (!error.message.startsWith(`nested more than ${MAX_DEPTH}`)) return { error: `Not JSON: ${error.message}.` };
    }
    return { body: text };
  },
  hex: (text) => {
    const { bytes, error } = parseHex(text);
    return error ? { error: `Not hex: ${error}.` } : { body: bytes };
  },
};

function note(kind, text, read) {
  if (kind === 'hex' && read.body && text.trim()) return plural(read.body.length, 'byte');
  return KINDS[kind].hint;
}

/** `send(body, type)` resolves to a sentence that says what happened. */
export function Composer({ send, action = 'Send', label = 'Message' }) {
  const id = useId();
  const [kind, setKind] = useState('text');
  const [text, setText] = useState('');
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [result, setResult] = useState(null);
  const read = READ[kind](text);
  const wrong = read.error && (tried || text.trim()) ? read.error : null;

  async function submit(event) {
    event.preventDefault();
    setTried(true);
    if (read.error || busy) return;
    setBusy(true);
    setResult(null);
    try {
      setResult({ ok: true, text: await send(read.body, KINDS[kind].type) });
    } catch (error) {
      setResult({ ok: false, text: `Not sent: ${error.message}` });
    }
    setBusy(false);
  }

  const choose = (name) => {
    setKind(name);
    setTried(false);
    setResult(null);
  };
  const keys = (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit(event);
  };

  return html`
    <form class="composer" onSubmit=${submit} noValidate>
      <fieldset class="choices">
        <legend class="visually-hidden">Kind of message</legend>
        ${Object.entries(KINDS).map(([name, { label: text }]) => html`
          <label key=${name}><input type="radio" name=${id} value=${name} checked=${kind === name} onChange=${() => choose(name)} />${text}</label>`)}
      </fieldset>
      <label class="visually-hidden" for=${`${id}-text`}>${label}</label>
      <textarea id=${`${id}-text`} class="code" rows="4" spellcheck=${false} autocomplete="off" placeholder=${KINDS[kind].sample} value=${text}
        aria-invalid=${Boolean(wrong)} aria-describedby=${`${id}-note`}
        onInput=${(event) => { setText(event.currentTarget.value); setResult(null); }} onKeyDown=${keys}></textarea>
      <p id=${`${id}-note`} class=${wrong ? 'hint bad' : 'hint'} aria-live="polite">${wrong ?? note(kind, text, read)}</p>
      <div class="actions">
        <button type="submit" class="primary" disabled=${busy}>${action}</button>
        <kbd class="wide-only">Ctrl Enter</kbd>
        <span role="status" class=${`result ${result ? (result.ok ? 'good' : 'bad') : ''}`}>${result?.text ?? ''}</span>
      </div>
    </form>`;
}
