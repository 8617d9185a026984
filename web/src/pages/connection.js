// One connection: its facts, its state, a message to it, and its end.
import { useId, useState } from 'preact/hooks';
import { connectionPath, post, query, remove, request } from '../api.js';
import { count, dateTime, duration, oneLine, plural, size } from '../format.js';
import { html } from '../html.js';
import { member, parseNodes } from '../json-nodes.js';
import { Composer } from '../parts/composer.js';
import { Panel, Section } from '../parts/panel.js';
import { Copy, Facts, Failure, Long } from '../parts/text.js';
import { Tree } from '../parts/tree.js';
import { notify } from '../parts/notice.js';
import { usePoll } from '../poll.js';
import { link } from '../route.js';
import { endings } from '../store.js';

const EVERY_MS = 1000;
const MOST_REASON_BYTES = 123;

// Codes that may be sent: RFC 6455 section 7.4, and the ranges for libraries and applications.
const CODES = {
  1000: 'normal', 1001: 'going away', 1002: 'protocol error', 1003: 'unsupported data', 1007: 'invalid data', 1008: 'policy violation',
  1009: 'too big', 1010: 'extension missing', 1011: 'internal error', 1012: 'restart', 1013: 'try again later', 1014: 'bad gateway',
};

export function closeMistake(code, reason) {
  const number = Number(code);
  const known = Object.hasOwn(CODES, code) || (number >= 3000 && number <= 4999);
  if (!/^\d+$/.test(code) || !known) return 'Codes are 1000 to 1003, 1007 to 1014, or 3000 to 4999.';
  const bytes = new TextEncoder().encode(reason).length;
  if (bytes > MOST_REASON_BYTES) return `The reason has ${bytes} bytes; ${MOST_REASON_BYTES} fit into a Close frame.`;
  return null;
}

async function load(id, abort) {
  const { body, text } = await request('GET', connectionPath(id), { signal: abort });
  return { c: body, state: stateNode(text) };
}

/** The state from the text itself: long numbers and the order of members survive. */
function stateNode(text) {
  try {
    return member(parseNodes(text), 'state') ?? null;
  } catch {
    return null;
  }
}

const rooms = (names) => names.map((name, index) => html`${index ? ', ' : ''}<a key=${name} href=${link('rooms', name)}><${Long} text=${name} most=${60} /></a>`);

function rows(c) {
  return [
    ['Path', html`<${Long} text=${c.path} />`],
    ['Route', html`<a href=${link('handlers', '', { q: c.route })}><${Long} text=${c.route} /></a>`],
    ['Remote', html`${oneLine(c.remote_addr)}${c.tls ? ', TLS' : ''}`],
    ['Connected', `${dateTime(c.connected_at)}, ${duration(c.duration_ms)} ago`],
    ['Last activity', dateTime(c.last_activity_at)],
    ['In', `${plural(c.messages_received, 'message')}, ${size(c.bytes_received)}`],
    ['Out', `${plural(c.messages_sent, 'message')}, ${size(c.bytes_sent)}`],
    ['Waiting to be sent', count(c.pending_messages)],
    ['Subprotocol', c.subprotocol === null ? 'none' : oneLine(c.subprotocol)],
    ['Rooms', c.rooms.length ? rooms(c.rooms) : 'none'],
  ];
}

const Pairs = ({ values, none }) => {
  const entries = Object.entries(values ?? {});
  if (!entries.length) return html`<p class="muted">${none}</p>`;
  return html`<${Facts} rows=${entries.map(([name, value]) => [html`<${Long} text=${name} most=${60} />`, html`<${Long} text=${value} />`])} />`;
};

function CloseForm({ id, done }) {
  const key = useId();
  const [code, setCode] = useState('1000');
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState(null);
  const mistake = closeMistake(code, reason);
  async function submit(event) {
    event.preventDefault();
    if (mistake || busy) return;
    setBusy(true);
    setFailed(null);
    try {
      await remove(connectionPath(id) + query({ code, reason }));
      notify(`Closed ${id} with ${code}`);
      done();
    } catch (error) {
      setFailed(`Not closed: ${error.message}`);
    }
    setBusy(false);
  }
  return html`
    <form class="close-form" onSubmit=${submit} noValidate>
      <label for=${`${key}-code`}>Code</label>
      <input id=${`${key}-code`} class="short" inputmode="numeric" autocomplete="off" list=${`${key}-codes`} value=${code}
        aria-invalid=${Boolean(mistake)} aria-describedby=${`${key}-hint`} onInput=${(event) => setCode(event.currentTarget.value.trim())} />
      <datalist id=${`${key}-codes`}>${Object.entries(CODES).map(([value, name]) => html`<option key=${value} value=${value}>${name}</option>`)}</datalist>
      <label for=${`${key}-reason`}>Reason</label>
      <input id=${`${key}-reason`} class="grow" autocomplete="off" value=${reason} onInput=${(event) => setReason(event.currentTarget.value)} />
      <button type="submit" class="danger" disabled=${busy}>Close connection</button>
      <p id=${`${key}-hint`} class=${mistake || failed ? 'hint bad' : 'hint'} aria-live="polite">${mistake ?? failed ?? CODES[code] ?? 'a code of the application'}</p>
    </form>`;
}

function Gone({ id }) {
  const ending = endings.get(id);
  return html`
    <p class="gone" role="status">${ending ? `This connection is gone: ${oneLine(ending)}.` : 'This connection is gone.'}</p>`;
}

function Body({ id, c, state, gone, refresh }) {
  const send = async (body, type) => {
    const answer = await post(`${connectionPath(id)}/send`, body, type);
    refresh();
    return `${plural(answer.bytes, 'byte')} sent`;
  };
  return html`
    ${gone && html`<${Gone} id=${id} />`}
    <${Facts} rows=${rows(c)} />
    <p class="links"><a href=${link('messages', '', { connection: id })}>Messages of this connection</a></p>
    ${!gone && html`
      <${Section} title="Send a message"><${Composer} send=${send} action="Send" label=${`Message to ${id}`} /><//>
      <${Section} title="Close"><${CloseForm} id=${id} done=${refresh} /><//>`}
    <${Section} title="State">
      ${state && state.text !== 'null' ? html`<${Tree} node=${state} label="State" />` : html`<p class="muted">This connection keeps no state.</p>`}
    <//>
    <${Section} title="Parameters of the path"><${Pairs} values=${c.params} none="The route has none." /><//>
    <${Section} title="Query"><${Pairs} values=${c.query} none="The address had none." /><//>
    <${Section} title="Headers"><${Pairs} values=${c.headers} none="None were kept." /><//>`;
}

export function Connection({ id, onClose }) {
  const { data, error, refresh } = usePoll((abort) => load(id, abort), EVERY_MS, [id]);
  const gone = error?.status === 404;
  return html`
    <${Panel} title=${html`<span class="mono">${oneLine(id)}</span>`} tools=${html`<${Copy} text=${id} what="the id" />`} subject=${id} takeFocus onClose=${onClose}>
      ${!gone && html`<${Failure} error=${error} />`}
      ${data ? html`<${Body} id=${id} c=${data.c} state=${data.state} gone=${gone} refresh=${refresh} />` : gone && html`<${Gone} id=${id} />`}
    <//>`;
}
