// Connections: a table that the server sorts, filters and pages, and a panel for one of them.
import { useEffect, useRef } from 'preact/hooks';
import { get, query } from '../api.js';
import { count, duration, oneLine, size } from '../format.js';
import { html } from '../html.js';
import { escape } from '../parts/panel.js';
import { Command, Empty, Failure } from '../parts/text.js';
import { usePoll } from '../poll.js';
import { go, link, replace, route } from '../route.js';
import { changes, stats } from '../store.js';
import { handlers } from '../handlers-data.js';
import { connectCommand } from '../urls.js';
import { Connection } from './connection.js';

const PAGE_ROWS = 100;
const EVERY_MS = 1000;

// `key` is what the server sorts by. The age grows as the instant gets older, so its order is turned around.
const COLUMNS = [
  { name: 'Id', key: 'id', className: 'c-id' },
  { name: 'Path', key: 'path', className: 'c-path' },
  { name: 'Remote', key: 'remote_addr', className: 'c-remote' },
  { name: 'Age', key: 'connected_at', turned: true, className: 'c-age number' },
  { name: 'In', key: 'messages_received', className: 'c-count number' },
  { name: 'Out', key: 'messages_sent', className: 'c-count number' },
  { name: 'Rooms', className: 'c-rooms' },
];

/** `room:lobby`, `path:/chat` and free words, as the parameters of a request. */
export function parseFilter(text) {
  const words = [];
  const found = { q: '', path: '', room: '' };
  for (const word of text.trim().split(/\s+/)) {
    const [, name, value] = /^(path|room):(.+)$/.exec(word) ?? [];
    if (name) found[name] = value;
    else if (word) words.push(word);
  }
  found.q = words.join(' ');
  return found;
}

function state() {
  const { query: params, item } = route.value;
  return {
    item,
    q: params.get('q') ?? '',
    sort: params.get('sort') ?? '',
    page: Math.max(0, Number.parseInt(params.get('page') ?? '1', 10) - 1 || 0),
  };
}

const where = ({ item, q, sort, page }) => ['connections', item, { q, sort, page: page ? String(page + 1) : '' }];

function SortHead({ column, now }) {
  const { name, key, turned, className } = column;
  if (!key) return html`<th scope="col" class=${className}>${name}</th>`;
  const by = now.sort.replace(/^-/, '');
  const down = now.sort.startsWith('-') !== Boolean(turned);
  const active = by === key;
  const numeric = className.includes('number');
  const first = numeric && !turned ? `-${key}` : key; // numbers start with the largest, ages with the oldest
  const other = now.sort.startsWith('-') ? key : `-${key}`;
  const sort = active ? other : first;
  return html`
    <th scope="col" class=${className} aria-sort=${active ? (down ? 'descending' : 'ascending') : 'none'}>
      <button type="button" onClick=${() => replace(...where({ ...now, sort, page: 0 }))}>
        ${name}<span class="arrow" aria-hidden="true">${active ? (down ? '▾' : '▴') : ''}</span>
      </button>
    </th>`;
}

const Row = ({ c, now }) => html`
  <tr class=${c.id === now.item ? 'selected' : ''} aria-current=${c.id === now.item ? 'true' : undefined}
      onClick=${(event) => { if (!event.target.closest('a')) go(...where({ ...now, item: c.id })); }}>
    <td class="c-id"><a href=${link(...where({ ...now, item: c.id }))} data-row=${c.id}>${oneLine(c.id)}</a></td>
    <td class="c-path" title=${oneLine(c.path)}><bdi>${oneLine(c.path)}</bdi></td>
    <td class="c-remote">${oneLine(c.remote_addr)}</td>
    <td class="c-age number">${duration(c.duration_ms)}</td>
    <td class="c-count number" title=${size(c.bytes_received)}>${count(c.messages_received)}</td>
    <td class="c-count number" title=${size(c.bytes_sent)}>${count(c.messages_sent)}</td>
    <td class="c-rooms" title=${c.rooms.map(oneLine).join(', ')}><bdi>${c.rooms.map(oneLine).join(', ')}</bdi></td>
  </tr>`;

/** Arrow keys walk from row to row, so that a long table is not a long way of tabs. */
function rowKeys(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || !event.target.dataset?.row) return;
  const links = [...event.currentTarget.querySelectorAll('a[data-row]')];
  links[links.indexOf(event.target) + step]?.focus();
  event.preventDefault();
}

function Nothing({ now }) {
  if (now.q) {
    return html`<${Empty} title="No connection matches this filter.">
      <button type="button" onClick=${() => replace(...where({ ...now, q: '', page: 0 }))}>Clear the filter</button><//>`;
  }
  return html`
    <${Empty} title="Nobody is connected. To connect from a terminal:">
      <${Command} text=${connectCommand(stats.value, handlers.value[0]?.path)} /><//>`;
}

function Pager({ now, total, known }) {
  const pages = Math.max(1, Math.ceil(total / PAGE_ROWS));
  const from = now.page * PAGE_ROWS;
  const turn = (page) => replace(...where({ ...now, page }));
  return html`
    <div class="pager" role="group" aria-label="Pages">
      <span class="muted">${total ? `${count(Math.min(from + 1, total))}–${count(Math.min(from + PAGE_ROWS, total))} of ${count(total)}` : known && 'none'}</span>
      <button type="button" aria-label="Previous page" disabled=${now.page === 0} onClick=${() => turn(now.page - 1)}>‹</button>
      <button type="button" aria-label="Next page" disabled=${now.page >= pages - 1} onClick=${() => turn(now.page + 1)}>›</button>
    </div>`;
}

function Table({ rows, now }) {
  return html`
    <div class="table-box scroll">
      <table class="rows connections" aria-label="Connections" onKeyDown=${rowKeys}>
        <thead><tr>${COLUMNS.map((column) => html`<${SortHead} key=${column.name} column=${column} now=${now} />`)}</tr></thead>
        <tbody>${rows.map((c) => html`<${Row} key=${c.id} c=${c} now=${now} />`)}</tbody>
      </table>
      ${!rows.length && html`<${Nothing} now=${now} />`}
    </div>`;
}

function close(now) {
  const row = CSS.escape(now.item);
  go(...where({ ...now, item: '' }));
  requestAnimationFrame(() => document.querySelector(`a[data-row="${row}"]`)?.focus({ preventScroll: true }));
}

export function Connections() {
  const now = state();
  const changed = changes.value;
  const params = { ...parseFilter(now.q), sort: now.sort, limit: PAGE_ROWS, offset: now.page * PAGE_ROWS };
  const asked = query(params);
  const { data, error, refresh } = usePoll((abort) => get(`/connections${asked}`, abort), EVERY_MS, [asked]);
  const first = useRef(true);
  useEffect(() => {
    if (!first.current) refresh();
    first.current = false;
  }, [changed]);
  const total = data?.count ?? 0;
  useEffect(() => { // the last page emptied while it was looked at
    if (data && now.page && now.page * PAGE_ROWS >= total) replace(...where({ ...now, page: Math.max(0, Math.ceil(total / PAGE_ROWS) - 1) }));
  }, [total, now.page]);
  return html`
    <div class=${`page split ${now.item ? 'with-panel' : ''}`} onKeyDown=${escape(() => close(now), now.item)}>
      <div class="main">
        <div class="bar">
          <h1>Connections</h1>
          <input type="search" class="grow" data-filter aria-label="Filter connections" placeholder="Filter: id, path, address, room:name, path:/…"
            value=${now.q} onInput=${(event) => replace(...where({ ...now, q: event.currentTarget.value, page: 0 }))} />
          <${Pager} now=${now} total=${total} known=${Boolean(data)} />
        </div>
        <${Failure} error=${error} />
        ${data && html`<${Table} rows=${data.connections} now=${now} />`}
      </div>
      ${now.item && html`<${Connection} key=${now.item} id=${now.item} onClose=${() => close(now)} />`}
    </div>`;
}
