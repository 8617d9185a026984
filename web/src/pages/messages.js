// Messages: the log as it runs, with filters, a pause, and one message in full beside it.
import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { clear, left, log, logged, narrow, narrowed, paths, record } from '../feed.js';
import { clock, count, hexPreview, oneLine, size } from '../format.js';
import { handlers } from '../handlers-data.js';
import { html } from '../html.js';
import { CAPACITY, View, filterTest, frozen } from '../log.js';
import { Command, Empty } from '../parts/text.js';
import { escape } from '../parts/panel.js';
import { Sizer, reveal, useWindow } from '../parts/rows.js';
import { replace, route } from '../route.js';
import { stats } from '../store.js';
import { connectCommand } from '../urls.js';
import { Message } from './message.js';

const ROW = 24;
const PREVIEW = 400;
const TYPING_MS = 120;

// These outlive a visit of another page.
const view = new View(log);
const shown = signal(0);
const gone = { current: 0 };
const filter = signal({ direction: '', path: '', connection: '', text: '' });
const paused = signal(null); // { at: number of messages when it began }
const follow = signal(true);
const chosen = signal(null);

async function rebuild(source = paused.value?.log ?? log) {
  if (await view.rebuild(filterTest(filter.value), source)) shown.value += 1;
}

logged.subscribe(() => {
  if (paused.value) {
    shown.value += 1; // only the counter of what waits
    return;
  }
  if (log.first === log.next) gone.current = 0;
  gone.current += view.update();
  shown.value += 1;
});

function setPaused(on) {
  paused.value = on ? { at: log.next, log: frozen(log) } : null;
  if (!on) follow.value = true;
  rebuild();
}

let typing = 0;

function setFilter(change) {
  filter.value = { ...filter.value, ...change };
  clearTimeout(typing);
  typing = setTimeout(() => rebuild(), TYPING_MS);
  if (narrowed.value) narrow(forServer());
  const { connection } = filter.value;
  if ((route.value.query.get('connection') ?? '') !== connection) replace('messages', '', { connection });
}

/** What the server can tell apart; a part of a path it cannot. */
function forServer() {
  const { direction, path, connection } = filter.value;
  return { direction: direction || null, path: paths.has(path) ? path : null, connection: connection || null };
}

function empty() {
  clear();
  chosen.value = null;
  if (paused.value) setPaused(false);
  else rebuild();
}

const DIRECTIONS = [['', 'Both'], ['in', 'In'], ['out', 'Out']];

const Directions = () => html`
  <fieldset class="choices">
    <legend class="visually-hidden">Direction</legend>
    ${DIRECTIONS.map(([value, label]) => html`
      <label key=${value}><input type="radio" name="direction" value=${value} checked=${filter.value.direction === value}
        onChange=${() => setFilter({ direction: value })} />${label}</label>`)}
  </fieldset>`;

const Bar = () => html`
  <div class="bar">
    <h1>Messages</h1>
    <button type="button" class="pause" title="Space, in the list" aria-pressed=${Boolean(paused.value)} onClick=${() => setPaused(!paused.value)}>${paused.value ? 'Resume' : 'Pause'}</button>
    <button type="button" onClick=${empty}>Clear</button>
    <${Directions} />
    <input type="search" class="path-filter" list="message-paths" aria-label="Filter by path" placeholder="Path" autocomplete="off"
      value=${filter.value.path} onInput=${(event) => setFilter({ path: event.currentTarget.value.trim() })} />
    <datalist id="message-paths">${[...paths].map((path) => html`<option key=${path} value=${path} />`)}</datalist>
    <input type="search" class="grow" data-filter aria-label="Search in messages" placeholder="Search text" autocomplete="off"
      value=${filter.value.text} onInput=${(event) => setFilter({ text: event.currentTarget.value })} />
    ${filter.value.connection && html`
      <button type="button" class="chip" aria-label=${`Show all connections, not only ${filter.value.connection}`} onClick=${() => setFilter({ connection: '' })}>
        <span class="mono">${oneLine(filter.value.connection)}</span> ×</button>`}
  </div>`;

function preview(message) {
  if (message.kind === 'binary') return hexPreview(message.base64 ?? '');
  const text = message.text ?? '';
  return oneLine(text.length > PREVIEW ? text.slice(0, PREVIEW) : text);
}

const rowId = (message) => `m-${message.n}`;

function Row({ message, index }) {
  const selected = chosen.value === message;
  return html`
    <div role="row" class=${`log-row ${message.direction} ${selected ? 'selected' : ''}`} id=${rowId(message)} data-index=${index}
      aria-rowindex=${index + 2} aria-selected=${selected}>
      <span role="gridcell" class="l-time">${clock(message.at, false)}<span class="ms">${clock(message.at).slice(8)}</span></span>
      <span role="gridcell" class="l-dir">${message.direction}</span>
      <span role="gridcell" class="l-conn">${oneLine(message.connection)}</span>
      <span role="gridcell" class="l-path"><bdi>${oneLine(message.path)}</bdi></span>
      <span role="gridcell" class="l-size number">${size(message.bytes)}</span>
      <span role="gridcell" class=${`l-text ${message.kind}`}><bdi>${preview(message)}</bdi></span>
    </div>`;
}

const HEADS = [['l-time', 'Time'], ['l-dir', 'Dir'], ['l-conn', 'Connection'], ['l-path', 'Path'], ['l-size number', 'Size'], ['l-text', 'Message']];

const Heads = () => html`
  <div role="row" class="log-row log-head" aria-rowindex="1">
    ${HEADS.map(([className, name]) => html`<span key=${name} role="columnheader" class=${className}>${name}</span>`)}
  </div>`;

function indexOf(message) {
  let low = 0;
  let high = view.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const n = view.at(middle).n;
    if (n === message.n) return middle;
    if (n < message.n) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

const MOVES = {
  ArrowDown: (at) => at + 1,
  ArrowUp: (at) => at - 1,
  PageDown: (at, page) => at + page,
  PageUp: (at, page) => at - page,
  Home: () => 0,
  End: () => Infinity,
};

function select(box, index) {
  const last = view.length - 1;
  if (last < 0) return;
  const at = Math.max(0, Math.min(last, index));
  follow.value = index === Infinity;
  chosen.value = view.at(at);
  reveal(box, at, ROW);
}

function listKeys(event, box) {
  if (event.target.closest('button')) return;
  if (event.key === 'Escape' && chosen.value) {
    chosen.value = null;
    event.preventDefault();
    return;
  }
  if (event.key === ' ') {
    setPaused(!paused.value);
    event.preventDefault();
    return;
  }
  if (event.key === 'Enter' && chosen.value) {
    document.querySelector('.panel h2')?.focus();
    event.preventDefault();
    return;
  }
  const move = MOVES[event.key];
  if (!move) return;
  event.preventDefault();
  const at = chosen.value ? indexOf(chosen.value) : -1;
  const page = Math.max(1, Math.floor(box.clientHeight / ROW) - 1);
  const start = at < 0 ? (event.key === 'ArrowUp' ? view.length : Math.floor(box.scrollTop / ROW) - 1) : at;
  select(box, move(start, page));
}

function Nothing() {
  const { direction, path, connection, text } = filter.value;
  if (log.fifo.length && (direction || path || connection || text)) {
    return html`<${Empty} title="No recorded message matches these filters.">
      <button type="button" onClick=${() => setFilter({ direction: '', path: '', connection: '', text: '' })}>Clear the filters</button><//>`;
  }
  return html`
    <${Empty} title="No messages yet. Recording since this page was opened; to send one from a terminal:">
      <${Command} text=${connectCommand(stats.value, handlers.value[0]?.path)} /><//>`;
}

/** The number of rows, read anew whenever the log or the view changed. */
const rowCount = () => (shown.value, view.length);

function List() {
  const length = rowCount();
  const { box, from, to, onScroll, onWheel } = useWindow(ROW, length, gone, follow.value, (on) => { follow.value = on; });
  const rows = [];
  for (let index = from; index < to; index += 1) {
    const message = view.at(index);
    rows.push(html`<${Row} key=${message.n} message=${message} index=${index} selected=${chosen.value === message} />`);
  }
  const active = chosen.value && indexOf(chosen.value);
  const inSight = active !== null && active >= from && active < to;
  const click = (event) => {
    const row = event.target.closest('[data-index]');
    if (!row || String(getSelection())) return;
    select(box.current, Number(row.dataset.index));
  };
  return html`
    <div class="log" role="grid" tabindex="0" aria-label="Messages, newest last" aria-rowcount=${length + 1}
      aria-activedescendant=${inSight ? rowId(chosen.value) : undefined} onKeyDown=${(event) => listKeys(event, box.current)}>
      <${Heads} />
      <div class="log-box scroll" ref=${box} role="rowgroup" tabindex="-1" onScroll=${onScroll} onWheel=${onWheel} onClick=${click}>
        <${Sizer} length=${length} from=${from} rowHeight=${ROW}>${rows}<//>
        ${!length && !view.building && stats.value && html`<${Nothing} />`}
      </div>
    </div>`;
}

function Foot() {
  const length = rowCount();
  const waiting = paused.value ? log.next - paused.value.at : 0;
  const kept = paused.value ? paused.value.log.fifo.length : log.fifo.length;
  const parts = [`${count(length)} shown of ${count(kept)} kept (at most ${count(CAPACITY)})`];
  if (log.dropped) parts.push(`${count(log.dropped)} older dropped`);
  if (left.value) parts.push(`${count(left.value)} left out by the server, too fast`);
  return html`
    <div class="foot">
      <span class="foot-text">${parts.join(' · ')}</span>
      <label class="check" title="The server then sends only what direction, path and connection let through">
        <input type="checkbox" checked=${Boolean(narrowed.value)} onChange=${(event) => narrow(event.currentTarget.checked ? forServer() : null)} />
        Record only what is shown</label>
      <span class="foot-state">
        ${paused.value && html`<b>Paused</b>, ${count(waiting)} waiting`}
        ${!paused.value && (follow.value ? 'Following the newest' : html`<button type="button" class="chip" onClick=${() => { follow.value = true; }}>Follow the newest</button>`)}
      </span>
    </div>`;
}

function close() {
  chosen.value = null;
  requestAnimationFrame(() => document.querySelector('.log')?.focus({ preventScroll: true }));
}

export function Messages() {
  const asked = route.value.query.get('connection') ?? '';
  const before = useRef(null);
  useEffect(record, []);
  useEffect(() => {
    if (before.current !== asked && filter.value.connection !== asked && (asked || before.current !== null)) setFilter({ connection: asked });
    before.current = asked;
  }, [asked]);
  return html`
    <div class=${`page split ${chosen.value ? 'with-panel' : ''}`} onKeyDown=${escape(close, chosen.value)}>
      <div class="main">
        <${Bar} />
        <${List} />
        <${Foot} />
      </div>
      ${chosen.value && html`<${Message} message=${chosen.value} onClose=${close} />`}
    </div>`;
}
