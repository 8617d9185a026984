// What can be done to the watched session: pause, one step, go on, slow down.
import { useState } from 'preact/hooks';
import { count, interval, oneLine, plural } from '../format.js';
import { html } from '../html.js';
import { condition, percent } from './list.js';
import { breakpoints, clearBreakpoints, delay, live, pause, resume, session, setDelay, step } from './store.js';

/** Delays of the slider, in milliseconds. */
const DELAYS = [0, 50, 100, 200, 300, 500, 750, 1000, 1500, 2000, 3000, 5000];
const nearest = (ms) => DELAYS.reduce((best, value, at) => (Math.abs(value - ms) < Math.abs(DELAYS[best] - ms) ? at : best), 0);
const words = (ms) => (ms ? interval(ms) : 'none');

function Delay({ disabled }) {
  const [drawn, setDrawn] = useState(null); // while the slider is being moved
  const at = drawn ?? nearest(delay.value);
  return html`
    <label class="delay">Delay
      <input type="range" min="0" max=${DELAYS.length - 1} step="1" value=${at} disabled=${disabled} aria-valuetext=${words(DELAYS[at])}
        onInput=${(event) => setDrawn(Number(event.currentTarget.value))}
        onChange=${(event) => { setDrawn(null); setDelay(DELAYS[Number(event.currentTarget.value)]); }} />
      <span class="delay-value">${words(DELAYS[at])}</span>
    </label>`;
}

/** The status of all models together, as the list has it. */
function statusOf(models = []) {
  const has = (name) => models.some(({ status }) => status === name);
  const all = (name) => models.every(({ status }) => status === name);
  if (has('FAILED')) return 'FAILED';
  if (all('COMPLETED')) return 'COMPLETED';
  return all('NOT_EXECUTED') ? 'NOT_EXECUTED' : 'EXECUTING';
}

const Current = ({ now }) => {
  const item = session.value.elements[now.current ?? -1];
  return item ? html`<span>at <b><bdi>${oneLine(item.name || item.id)}</bdi></b></span>` : null;
};

export function Controls() {
  const now = live.value ?? {};
  const { name, id, seed } = session.value;
  const isOver = Boolean(now.ended);
  const word = condition({ ...now, status: statusOf(now.models) });
  return html`
    <div class="bar walk-bar">
      <h1><bdi>${oneLine(name || id)}</bdi> <span class=${`session-word ${word.replace(' ', '-')}`} role="status">${word}</span></h1>
      ${now.paused
        ? html`<button type="button" class="primary" disabled=${isOver} onClick=${resume}>Resume</button>`
        : html`<button type="button" disabled=${isOver} onClick=${pause}>Pause</button>`}
      <button type="button" disabled=${isOver || !now.paused} title="One step of a paused session" onClick=${step}>Step</button>
      <${Delay} disabled=${isOver} />
      ${breakpoints.value.size > 0 && html`<button type="button" class="quiet-text" disabled=${isOver} onClick=${clearBreakpoints}>Clear ${plural(breakpoints.value.size, 'breakpoint')}</button>`}
      <p class="walk-facts muted"><span>${id}</span><span>seed ${oneLine(seed)}</span><span>${plural(now.totalCount ?? 0, 'step')}</span><span>${percent(now.stopConditionFulfillment ?? 0)} fulfilled</span><${Current} now=${now} /></p>
    </div>`;
}

export function Ending() {
  const { failure, ended, totalCount } = live.value ?? {};
  return html`
    ${failure && html`<p class="walk-failure" role="alert"><b>A step failed.</b> <bdi>${oneLine(failure)}</bdi></p>`}
    ${ended && html`<p class="gone walk-gone" role="status">This session has ended after ${count(totalCount)} steps. What you see is how it stood at its end.</p>`}`;
}
