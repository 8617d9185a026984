// The graph as a table: every element with its visits, for eyes that do not see it and for models that are too large to draw.
import { useState } from 'preact/hooks';
import { count, oneLine } from '../format.js';
import { html } from '../html.js';
import { Empty } from '../parts/text.js';
import { selected } from './graph.js';
import { nameOf } from './model.js';
import { breakpoints, live, session, toggleBreakpoint, visited } from './store.js';

const STEP = 200;

function remarks(item) {
  return [
    item.place === live.value?.current && 'current',
    item.shared && `shared state ${oneLine(item.shared)}`,
    item.blocked && 'blocked',
  ].filter(Boolean).join(', ');
}

const way = (item) => (item.kind === 'edge' ? `${item.source ? oneLine(nameOf(item.source)) : 'outside'} → ${item.target ? oneLine(nameOf(item.target)) : 'nowhere'}` : '');

function Row({ item }) {
  const visits = session.value.visits[item.place];
  const isCurrent = item.place === live.value?.current;
  return html`
    <tr class=${`${isCurrent ? 'selected' : ''} ${visits ? '' : 'idle'}`} aria-current=${isCurrent ? 'true' : undefined}>
      <td class="e-name"><button type="button" class="more" onClick=${() => { selected.value = item.place; }}><bdi>${oneLine(nameOf(item))}</bdi></button></td>
      <td class="e-kind">${item.kind}</td>
      <td class="e-way"><bdi>${way(item)}</bdi></td>
      <td class="number e-visits">${count(visits)}</td>
      <td class="e-remarks">${remarks(item)}</td>
      <td class="e-break"><input type="checkbox" checked=${breakpoints.value.has(item.place)} aria-label=${`Breakpoint at ${oneLine(nameOf(item))}`} onChange=${() => toggleBreakpoint(item.place)} /></td>
    </tr>`;
}

const ORDERS = {
  model: ['As in the model', () => 0],
  most: ['Most visits first', (a, b) => session.value.visits[b.place] - session.value.visits[a.place]],
  least: ['Fewest visits first', (a, b) => session.value.visits[a.place] - session.value.visits[b.place]],
};

export function Elements({ model }) {
  visited.value;
  const [words, setWords] = useState('');
  const [order, setOrder] = useState('model');
  const [shown, setShown] = useState(STEP);
  const wanted = words.trim().toLowerCase();
  const found = model.elements.filter((item) => !wanted || item.name.toLowerCase().includes(wanted) || item.id.toLowerCase().includes(wanted));
  if (order !== 'model') found.sort(ORDERS[order][1]);
  return html`
    <div class="elements">
      <div class="bar">
        <input type="search" class="grow" data-filter aria-label="Filter elements" placeholder="Filter: name, id" value=${words} onInput=${(event) => setWords(event.currentTarget.value)} />
        <select aria-label="Order" value=${order} onChange=${(event) => setOrder(event.currentTarget.value)}>
          ${Object.entries(ORDERS).map(([name, [text]]) => html`<option key=${name} value=${name}>${text}</option>`)}
        </select>
        <span class="muted">${words ? `${count(found.length)} of ${count(model.elements.length)}` : count(model.elements.length)} elements</span>
      </div>
      <div class="table-box scroll" tabindex="0" role="region" aria-label=${`Elements of ${oneLine(model.name)}`}>
        <table class="rows" aria-label="Elements">
          <thead><tr><th scope="col" class="e-name">Name</th><th scope="col" class="e-kind">Kind</th><th scope="col" class="e-way">Way</th>
            <th scope="col" class="number e-visits">Visits</th><th scope="col" class="e-remarks">State</th><th scope="col" class="e-break">Break</th></tr></thead>
          <tbody>${found.slice(0, shown).map((item) => html`<${Row} key=${item.place} item=${item} />`)}</tbody>
        </table>
        ${found.length > shown && html`<button type="button" class="more" onClick=${() => setShown(shown + STEP)}>show more (${count(found.length - shown)} left)</button>`}
        ${!found.length && html`<${Empty} title="No element matches this filter."><button type="button" onClick=${() => setWords('')}>Clear the filter</button><//>`}
      </div>
    </div>`;
}
