// Rooms: who is in them, and a message to all of them.
import { useState } from 'preact/hooks';
import { get, post, query } from '../api.js';
import { count, oneLine, plural } from '../format.js';
import { html } from '../html.js';
import { Composer } from '../parts/composer.js';
import { Panel, Section, escape } from '../parts/panel.js';
import { Command, Empty, Failure } from '../parts/text.js';
import { usePoll } from '../poll.js';
import { go, link, replace, route } from '../route.js';
import { stats } from '../store.js';
import { handlers } from '../handlers-data.js';
import { connectCommand } from '../urls.js';

const EVERY_MS = 2000;
const STEP = 200;

const sorted = (rooms) => [...rooms].sort((a, b) => b.size - a.size || a.name.localeCompare(b.name));

const Row = ({ room, selected, params }) => html`
  <tr class=${selected ? 'selected' : ''} aria-current=${selected ? 'true' : undefined}
      onClick=${(event) => { if (!event.target.closest('a')) go('rooms', room.name, params); }}>
    <td class="room-name"><a href=${link('rooms', room.name, params)} title=${oneLine(room.name)}><bdi>${oneLine(room.name)}</bdi></a></td>
    <td class="number room-size">${count(room.size)}</td>
    <td class="room-members"><bdi>${room.members.slice(0, 8).map(oneLine).join(', ')}${room.members.length > 8 ? ' …' : ''}</bdi></td>
  </tr>`;

const Table = ({ rooms, item, params }) => {
  const [shown, setShown] = useState(STEP);
  return html`
    <table class="rows rooms" aria-label="Rooms">
      <thead><tr><th scope="col" class="room-name">Room</th><th scope="col" class="number room-size">Members</th><th scope="col" class="room-members">Who</th></tr></thead>
      <tbody>${rooms.slice(0, shown).map((room) => html`<${Row} key=${room.name} room=${room} selected=${room.name === item} params=${params} />`)}</tbody>
    </table>
    ${rooms.length > shown && html`<button type="button" class="more" onClick=${() => setShown(shown + STEP)}>show more (${count(rooms.length - shown)} left)</button>`}`;
};

function Members({ room }) {
  const [shown, setShown] = useState(STEP);
  return html`
    <ul class="members">${room.members.slice(0, shown).map((id) => html`<li key=${id}><a href=${link('connections', id)}>${oneLine(id)}</a></li>`)}</ul>
    ${room.members.length > shown && html`<button type="button" class="more" onClick=${() => setShown(shown + STEP)}>show more (${count(room.members.length - shown)} left)</button>`}`;
}

function Room({ name, room, onClose }) {
  const send = async (body, type) => {
    const { delivered } = await post(`/broadcast${query({ room: name })}`, body, type);
    return delivered ? `Delivered to ${plural(delivered, 'connection')}` : 'Nobody is in this room any more';
  };
  return html`
    <${Panel} title=${html`<bdi>${oneLine(name)}</bdi>`} subject=${name} takeFocus onClose=${onClose}>
      ${!room && html`<p class="gone" role="status">Nobody is in this room any more.</p>`}
      <${Section} title="Broadcast to this room"><${Composer} send=${send} action="Broadcast" label=${`Message to room ${name}`} /><//>
      ${room && html`<${Section} title=${plural(room.size, 'member')}><${Members} room=${room} /><//>`}
      ${room && html`<p class="links"><a href=${link('connections', '', { q: /\s/.test(name) ? '' : `room:${name}` })}>Show them as connections</a></p>`}
    <//>`;
}

function Nothing({ words }) {
  if (words) return html`<${Empty} title="No room matches this filter."><button type="button" onClick=${() => replace('rooms')}>Clear the filter</button><//>`;
  return html`
    <${Empty} title="There are no rooms. A room exists while a connection is in it; handlers put connections into rooms when they join. To connect:">
      <${Command} text=${connectCommand(stats.value, (handlers.value.find((h) => h.kind.includes('room')) ?? handlers.value[0])?.path)} /><//>`;
}

function close(name, params) {
  go('rooms', '', params);
  requestAnimationFrame(() => document.querySelector(`a[href="${CSS.escape(link('rooms', name, params))}"]`)?.focus({ preventScroll: true }));
}

export function Rooms() {
  const { data, error } = usePoll((abort) => get('/rooms', abort), EVERY_MS, []);
  const { item, query: given } = route.value;
  const words = given.get('q') ?? '';
  const params = { q: words };
  const all = sorted(data?.rooms ?? []);
  const rooms = all.filter((room) => room.name.toLowerCase().includes(words.trim().toLowerCase()));
  return html`
    <div class=${`page split ${item ? 'with-panel' : ''}`} onKeyDown=${escape(() => close(item, params), item)}>
      <div class="main">
        <div class="bar">
          <h1>Rooms</h1>
          <input type="search" class="grow" data-filter aria-label="Filter rooms" placeholder="Filter: name" value=${words}
            onInput=${(event) => replace('rooms', item, { q: event.currentTarget.value })} />
          <span class="muted">${data ? (words ? `${count(rooms.length)} of ${count(all.length)}` : plural(all.length, 'room')) : ''}</span>
        </div>
        <${Failure} error=${error} />
        <div class="table-box scroll">
          ${rooms.length > 0 && html`<${Table} rooms=${rooms} item=${item} params=${params} />`}
          ${data && !rooms.length && html`<${Nothing} words=${words} />`}
        </div>
      </div>
      ${item && html`<${Room} key=${item} name=${item} room=${all.find((room) => room.name === item)} onClose=${() => close(item, params)} />`}
    </div>`;
}
