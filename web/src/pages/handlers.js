// Handlers: what each route does, where it is written, and how often each rule matched.
import { count, interval, oneLine, plural, took } from '../format.js';
import { handlers, loadHandlers } from '../handlers-data.js';
import { html } from '../html.js';
import { Empty, Failure, Long, Place } from '../parts/text.js';
import { usePoll } from '../poll.js';
import { link, replace, route } from '../route.js';
import { draft } from './try.js';

const EVERY_MS = 2000;

/** `file.yaml:4` and a line 7 are `file.yaml:7`. */
const at = (place, line) => (place && line ? `${place.replace(/:\d+(:\d+)?$/, '')}:${line}` : null);

function remarks(rule) {
  return [
    rule.when && 'only when its condition holds',
    rule.answers === 0 ? 'no answer' : rule.answers > 1 && `${count(rule.answers)} answers`,
    rule.continue && 'goes on to the next rules',
  ].filter(Boolean).join(', ');
}

const Rule = ({ rule, place }) => html`
  <tr class=${rule.hits ? '' : 'idle'}>
    <td class="number r-number">${rule.number}</td>
    <td class="r-pattern"><code><${Long} text=${rule.pattern} most=${200} /></code>${remarks(rule) && html`<small>${remarks(rule)}</small>`}</td>
    <td class="r-kind">${rule.kind}</td>
    <td class="r-place">${(rule.place ?? at(place, rule.line)) && html`<${Place} place=${rule.place ?? at(place, rule.line)} />`}</td>
    <td class="number r-hits">${count(rule.hits)}</td>
  </tr>`;

const Rules = ({ h }) => html`
  <table class="rows rules" aria-label=${`Rules of ${h.path}`}>
    <thead><tr><th scope="col" class="number r-number">#</th><th scope="col" class="r-pattern">Pattern</th><th scope="col" class="r-kind">Kind</th>
      <th scope="col" class="r-place">Place</th><th scope="col" class="number r-hits">Hits</th></tr></thead>
    <tbody>${h.rules.map((rule) => html`<${Rule} key=${rule.number} rule=${rule} place=${h.place} />`)}</tbody>
  </table>`;

const timer = ({ kind, interval_ms: every, sent }) =>
  `${kind === 'broadcast' ? 'Broadcast to all' : 'To each connection'} every ${interval(every)}: ${count(sent)} sent`;

const Took = ({ name, all }) => all && html`
  <span class="took" title=${`${name}, ${plural(all.count, 'time')} since the start: half took at most ${took(all.p50_ms)}, 90 of 100 at most ${took(all.p90_ms)}, 99 at most ${took(all.p99_ms)}`}>
    ${name}: p50 <b>${took(all.p50_ms)}</b>, p90 <b>${took(all.p90_ms)}</b>, p99 <b>${took(all.p99_ms)}</b></span>`;

/** WebSockets have a latency, though they may have heard nothing yet; what is served over plain HTTP has none. */
const Latency = ({ h }) => h.kind.startsWith('websocket') && html`
  <p class="latency muted">${h.latency ? html`<${Took} name="Messages" all=${h.latency} />` : 'No messages since the start.'}<${Took} name="Scripts" all=${h.script_latency} /></p>`;

const Handler = ({ h }) => html`
  <article class="handler">
    <header>
      <h2><bdi>${oneLine(h.path)}</bdi></h2>
      <span class="muted">${oneLine(h.kind)}${h.host ? `, host ${oneLine(h.host)}` : ''}</span>
      <${Place} place=${h.place} />
      <span class="spacer"></span>
      <a href=${link('connections', '', { q: `path:${h.path}` })}>${plural(h.connections, 'connection')}</a>
      <a href=${link('try')} onClick=${() => { draft.value = { ...draft.value, path: h.path }; }}>Try a message</a>
    </header>
    <${Latency} h=${h} />
    ${h.rules.length ? html`<${Rules} h=${h} />` : html`<p class="muted">No rules.</p>`}
    ${h.timers.length > 0 && html`<ul class="timers">${h.timers.map((t, index) => html`<li key=${index}>${timer(t)}</li>`)}</ul>`}
    ${h.notes.map((note, index) => html`<p class="note" key=${index}><${Long} text=${note} most=${400} /></p>`)}
  </article>`;

const fits = (h, words) => !words || [h.path, h.kind, h.place, h.host ?? '', ...h.rules.map((rule) => rule.pattern)].some((text) => text.toLowerCase().includes(words));

export function Handlers() {
  const { data, error } = usePoll(loadHandlers, EVERY_MS, []);
  const words = route.value.query.get('q') ?? '';
  const all = data?.handlers ?? handlers.value;
  const shown = all.filter((h) => fits(h, words.trim().toLowerCase()));
  return html`
    <div class="page main">
      <div class="bar">
        <h1>Handlers</h1>
        <input type="search" class="grow" data-filter aria-label="Filter handlers" placeholder="Filter: path, kind, file, pattern"
          value=${words} onInput=${(event) => replace('handlers', '', { q: event.currentTarget.value })} />
        <span class="muted">${words ? `${count(shown.length)} of ${count(all.length)}` : plural(all.length, 'handler')}</span>
      </div>
      <div class="scroll list">
        <${Failure} error=${error} />
        ${shown.map((h, index) => html`<${Handler} key=${`${h.host} ${h.path} ${index}`} h=${h} />`)}
        ${data && !shown.length && (all.length
          ? html`<${Empty} title="No handler matches this filter."><button type="button" onClick=${() => replace('handlers')}>Clear the filter</button><//>`
          : html`<${Empty} title="The files define no WebSocket routes. Add one, save, and press Reload."><pre class="raw">${SAMPLE}</pre><//>`)}
      </div>
    </div>`;
}

const SAMPLE = `- websocket:
    path: /chat
    on-message:
      - pattern: ping
        response: pong`;
