// All sessions, to choose one: a list beside the graph, or a field above it where there is no room.
import { useState } from 'preact/hooks';
import { count, oneLine, plural } from '../format.js';
import { html } from '../html.js';
import { choose, chosen, live, session, sessions } from './store.js';

const STEP = 100;

export const percent = (part) => `${Math.round(Math.min(1, part) * 100)} %`;

/** What a session is doing, in one word. */
export function condition({ paused, status, ended }) {
  if (ended) return 'ended';
  if (status === 'FAILED') return 'failed';
  if (paused) return 'paused';
  return { COMPLETED: 'completed', EXECUTING: 'walking' }[status] ?? 'not started';
}

/** All that live, and the one that is watched though it has ended. */
function all() {
  const known = sessions.value ?? [];
  const mine = session.value;
  if (!mine || !live.value?.ended || known.some(({ id }) => id === mine.id)) return known;
  const { totalCount, stopConditionFulfillment } = live.value;
  return [{ id: mine.id, name: mine.name, seed: mine.seed, totalCount: totalCount ?? 0, stopConditionFulfillment: stopConditionFulfillment ?? 0, ended: true }, ...known];
}

const title = ({ id, name }) => (name ? oneLine(name) : id);

const Row = ({ one }) => html`
  <li>
    <a href=${`#/${one.id}`} class=${`session ${condition(one).replace(' ', '-')}`} aria-current=${one.id === chosen.value ? 'true' : undefined}>
      <b><bdi>${title(one)}</bdi></b><span class="session-word">${condition(one)}</span>
      <small>${one.id}, ${plural(one.totalCount, 'step')}, ${percent(one.stopConditionFulfillment)}</small>
    </a>
  </li>`;

const fits = (one, words) => !words || title(one).toLowerCase().includes(words) || one.id.includes(words);

export function Sessions() {
  const [words, setWords] = useState('');
  const [shown, setShown] = useState(STEP);
  const known = all();
  const found = known.filter((one) => fits(one, words.trim().toLowerCase()));
  return html`
    <nav class="sessions" aria-label="Sessions">
      <header><h2>Sessions</h2><span class="muted">${words ? `${count(found.length)} of ${count(known.length)}` : count(known.length)}</span></header>
      ${known.length > 8 && html`<input type="search" data-filter aria-label="Filter sessions" placeholder="Filter: name, id" value=${words} onInput=${(event) => setWords(event.currentTarget.value)} />`}
      <ul class="scroll">${found.slice(0, shown).map((one) => html`<${Row} key=${one.id} one=${one} />`)}</ul>
      ${found.length > shown && html`<button type="button" class="more" onClick=${() => setShown(shown + STEP)}>show more (${count(found.length - shown)} left)</button>`}
    </nav>`;
}

/** The same as one field, for narrow screens. */
export const SessionField = () => html`
  <select class="session-field" aria-label="Session" value=${chosen.value} onChange=${(event) => choose(event.currentTarget.value)}>
    ${all().slice(0, 5 * STEP).map((one) => html`<option key=${one.id} value=${one.id} selected=${one.id === chosen.value}>${title(one)} (${one.id}, ${condition(one)})</option>`)}
  </select>`;
