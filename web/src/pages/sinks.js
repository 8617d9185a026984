// Sinks: what shippers have sent to each, by path, and the last records of one.
import { remove, request, query } from '../api.js';
import { clock, count, oneLine, plural, size } from '../format.js';
import { html } from '../html.js';
import { member, parseNodes } from '../json-nodes.js';
import { notify } from '../parts/notice.js';
import { Panel, Section, escape } from '../parts/panel.js';
import { Empty, Facts, Failure } from '../parts/text.js';
import { Tree } from '../parts/tree.js';
import { usePoll } from '../poll.js';
import { go, link, replace, route } from '../route.js';

const EVERY_MS = 2000;
const LAST = 50;

/** What is shown of the formats: `json_lines 12, msgpack 3`. */
const formats = (sink) => Object.entries(sink.formats).map(([name, messages]) => `${name} ${count(messages)}`).join(', ');

const Row = ({ sink, selected, params }) => html`
  <tr class=${selected ? 'selected' : ''} aria-current=${selected ? 'true' : undefined}
      onClick=${(event) => { if (!event.target.closest('a')) go('sinks', sink.path, params); }}>
    <td class="s-path"><a href=${link('sinks', sink.path, params)} title=${oneLine(sink.path)}><bdi>${oneLine(sink.path)}</bdi></a></td>
    <td class="s-formats"><bdi>${oneLine(formats(sink))}</bdi></td>
    <td class="number s-count">${count(sink.records)}</td>
    <td class="number s-count">${size(sink.bytes)}</td>
    <td class="number s-count">${count(sink.refused)}</td>
    <td class=${`number s-count ${sink.faults ? 'bad' : ''}`}>${count(sink.faults)}</td>
  </tr>`;

const Table = ({ sinks, item, params }) => html`
  <table class="rows sinks" aria-label="Sinks">
    <thead><tr><th scope="col" class="s-path">Path</th><th scope="col" class="s-formats">Messages by format</th>
      <th scope="col" class="number s-count">Records</th><th scope="col" class="number s-count">Bytes</th>
      <th scope="col" class="number s-count">Refused</th><th scope="col" class="number s-count">Faults</th></tr></thead>
    <tbody>${sinks.map((sink) => html`<${Row} key=${sink.path} sink=${sink} selected=${sink.path === item} params=${params} />`)}</tbody>
  </table>`;

/** The answer, and the bodies of records as nodes: numbers stay as they were sent. */
async function loadSink(path, signal) {
  const { body, text } = await request('GET', `/sinks${query({ path, limit: LAST })}`, { signal });
  const node = member(parseNodes(text), 'sinks').items[0];
  return { sink: body.sinks[0], nodes: member(node, 'last').items.map((record) => member(record, 'record')) };
}

const Record = ({ record, node }) => html`
  <li class="record">
    <p class="muted"><time title="when it came">${clock(Date.parse(record.received))}</time> ${oneLine(record.connection)}${record.time && html`, its time <time>${oneLine(record.time)}</time>`}</p>
    ${record.cut_from ? html`<p class="muted">${size(record.cut_from)}: too long to be kept.</p>` : html`<${Tree} node=${node} label="Record" />`}
  </li>`;

const facts = (sink) => [
  ['Takes', `${sink.format ?? 'any format'}, ${sink.mode === 'strict' ? 'strictly' : 'leniently'}`],
  ['Connections', `${count(sink.connections)}, ${count(sink.refused)} refused and ${count(sink.dropped)} dropped on purpose`],
  ['Messages', `${count(sink.messages)}, ${count(sink.acknowledged)} acknowledged`],
  sink.unwritten > 0 && ['Not in the file', plural(sink.unwritten, 'record')],
  sink.oddities.length > 0 && ['Odd, and taken', oneLine(sink.oddities.join('; '))],
  sink.last_fault && ['Last fault', oneLine(sink.last_fault)],
].filter(Boolean);

async function forget(path, refresh) {
  try {
    await remove(`/sinks${query({ path })}`);
    notify('Forgotten');
  } catch (error) {
    notify(error.message);
  }
  refresh();
}

function Sink({ path, onClose }) {
  const { data, error, refresh } = usePoll((abort) => loadSink(path, abort), EVERY_MS, [path]);
  return html`
    <${Panel} title=${html`<bdi>${oneLine(path)}</bdi>`} subject=${path} takeFocus onClose=${onClose}>
      <${Failure} error=${error} />
      ${data && html`
        <${Facts} rows=${facts(data.sink)} />
        <p><button type="button" onClick=${() => forget(path, refresh)}>Forget all of it</button></p>
        <${Section} title=${`Last records, the newest first`}>
          ${data.sink.last.length
            ? html`<ol class="records">${data.sink.last.map((record, index) => html`<${Record} key=${`${record.connection} ${record.received} ${index}`} record=${record} node=${data.nodes[index]} />`)}</ol>`
            : html`<p class="muted">No records yet, or none are kept.</p>`}
        <//>`}
    <//>`;
}

const SAMPLE = `websocket:
  handlers:
    - path: /logs
      type: sink`;

function Nothing({ words }) {
  if (words) return html`<${Empty} title="No sink matches this filter."><button type="button" onClick=${() => replace('sinks')}>Clear the filter</button><//>`;
  return html`<${Empty} title="There are no sinks. A handler of type sink takes what log shippers send:"><pre class="raw">${SAMPLE}</pre><//>`;
}

function close(path, params) {
  go('sinks', '', params);
  requestAnimationFrame(() => document.querySelector(`a[href="${CSS.escape(link('sinks', path, params))}"]`)?.focus({ preventScroll: true }));
}

const loadSinks = async (signal) => (await request('GET', `/sinks${query({ limit: 0 })}`, { signal })).body;

export function Sinks() {
  const { data, error } = usePoll(loadSinks, EVERY_MS, []);
  const { item, query: given } = route.value;
  const words = given.get('q') ?? '';
  const params = { q: words };
  const all = data?.sinks ?? [];
  const sinks = all.filter((sink) => sink.path.toLowerCase().includes(words.trim().toLowerCase()));
  return html`
    <div class=${`page split ${item ? 'with-panel' : ''}`} onKeyDown=${escape(() => close(item, params), item)}>
      <div class="main">
        <div class="bar">
          <h1>Sinks</h1>
          <input type="search" class="grow" data-filter aria-label="Filter sinks" placeholder="Filter: path" value=${words}
            onInput=${(event) => replace('sinks', item, { q: event.currentTarget.value })} />
          <span class="muted">${data ? (words ? `${count(sinks.length)} of ${count(all.length)}` : plural(all.length, 'sink')) : ''}</span>
        </div>
        <${Failure} error=${error} />
        <div class="table-box scroll">
          ${sinks.length > 0 && html`<${Table} sinks=${sinks} item=${item} params=${params} />`}
          ${data && !sinks.length && html`<${Nothing} words=${words} />`}
        </div>
      </div>
      ${item && html`<${Sink} key=${item} path=${item} onClose=${() => close(item, params)} />`}
    </div>`;
}
