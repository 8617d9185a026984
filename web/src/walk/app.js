// The page of the model service: sessions, the graph of one, and what is known of it.
import { effect, signal } from '@preact/signals';
import { render } from 'preact';
import { useEffect } from 'preact/hooks';
import { oneLine, plural } from '../format.js';
import { html } from '../html.js';
import { Notices } from '../parts/notice.js';
import { Command, Empty } from '../parts/text.js';
import { ThemeSwitch } from '../parts/theme-switch.js';
import { Waiting } from '../parts/waiting.js';
import { Controls, Ending } from './controls.js';
import { Graph, Legend, MOST_DRAWN, following, selected } from './graph.js';
import { connect, link, start } from './link.js';
import { SessionField, Sessions } from './list.js';
import { Side, WORDS } from './side.js';
import { live, missing, session, sessions, startStore } from './store.js';
import { Elements } from './table.js';

/** `graph` or `table`. */
const view = signal('graph');
/** The model that is shown, by its number. */
const shown = signal(0);

const EXAMPLE = {
  command: 'start', name: 'Example',
  gw: { models: [{
    id: 'm', name: 'Door', generator: 'random(never)', startElementId: 'e0',
    vertices: [{ id: 'shut', name: 'v_Shut' }, { id: 'open', name: 'v_Open' }, { id: 'locked', name: 'v_Locked' }],
    edges: [
      { id: 'e0', name: 'e_Begin', targetVertexId: 'shut' },
      { id: 'e1', name: 'e_Open', sourceVertexId: 'shut', targetVertexId: 'open', actions: ['times = 1'] },
      { id: 'e2', name: 'e_Shut', sourceVertexId: 'open', targetVertexId: 'shut' },
      { id: 'e3', name: 'e_Lock', sourceVertexId: 'shut', targetVertexId: 'locked' },
      { id: 'e4', name: 'e_Unlock', sourceVertexId: 'locked', targetVertexId: 'shut' }],
  }] },
};

/** A walk of one step a second, for a shell. */
const command = () => `(echo '${JSON.stringify(EXAMPLE)}'; while sleep 1; do echo '{"command":"getNext"}'; done) | sockeye ws connect ws://${location.host}`;

function Status() {
  const { kind, since } = link.value;
  if (kind === 'live') {
    const all = sessions.value;
    return html`<div class="status"><span class="status-text"><b>Live</b><span>${all ? plural(all.length, 'session') : ''}</span><span>${location.host}</span></span></div>`;
  }
  if (!since) return html`<div class="status"><span class="status-text">Connecting</span></div>`;
  return html`<div class="status down"><${Waiting} link=${link} connect=${connect} /></div>`;
}

const Choice = ({ value, text }) => html`
  <label><input type="radio" name="view" checked=${view.value === value} onChange=${() => { view.value = value; }} />${text}</label>`;

function Models() {
  const { models } = session.value;
  const now = live.value?.models ?? [];
  const number = Math.min(shown.value, models.length - 1);
  return html`
    <div class="bar model-bar">
      <fieldset class="choices"><legend class="visually-hidden">View</legend><${Choice} value="graph" text="Graph" /><${Choice} value="table" text="Table" /></fieldset>
      ${models.length > 1 && html`
        <select aria-label="Model" class="grow" value=${String(number)} onChange=${(event) => { shown.value = Number(event.currentTarget.value); following.value = false; }}>
          ${models.map(({ name }, at) => html`<option key=${at} value=${String(at)} selected=${at === number}>${oneLine(name)}${now[at] ? ` (${WORDS[now[at].status]})` : ''}</option>`)}
        </select>`}
      <span class="muted">${plural(models[number].vertices.length, 'vertex', 'vertices')}, ${plural(models[number].edges.length, 'edge')}</span>
      ${models[number].elements.length > MOST_DRAWN && view.value === 'graph' && html`<span class="muted">drawn: what lies around the current element</span>`}
    </div>`;
}

function Watched() {
  const { models } = session.value;
  if (!models.length) return html`<div class="main"><${Controls} /><${Empty} title="This session has no models." /></div>`;
  const model = models[Math.min(shown.value, models.length - 1)];
  return html`
    <div class="walk-main">
      <${Controls} /><${Ending} /><${Models} />
      ${view.value === 'graph' ? html`<${Graph} model=${model} /><${Legend} />` : html`<${Elements} key=${model.number} model=${model} />`}
    </div>
    <${Side} />`;
}

function Nothing() {
  const newest = sessions.value?.at(-1);
  if (missing.value && newest) return html`<${Empty} title=${missing.value}><a href=${`#/${newest.id}`}>Watch the newest one</a><//>`;
  return html`
    <div class="walk-empty scroll">
      <${Empty} title=${sessions.value ? 'Nobody walks through a model just now. To see a walk of one step a second, type this in a terminal:' : 'Waiting for the service.'}>
        ${missing.value && html`<p class="muted">${missing.value}</p>`}
        ${sessions.value && html`<${Command} text=${command()} /><p class="muted">A session begins with a client's start and is drawn here at once.</p>`}
      <//>
    </div>`;
}

function skip(event) {
  event.preventDefault();
  document.getElementById('content').focus();
}

function shortcuts(event) {
  if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || event.target.closest('input, textarea, select')) return;
  const field = document.querySelector('[data-filter]');
  if (!field) return;
  event.preventDefault();
  field.focus();
}

function App() {
  const name = session.value ? oneLine(session.value.name || session.value.id) : 'Model sessions';
  useEffect(() => { document.title = `${name} – sockeye`; }, [name]);
  const hasList = (sessions.value?.length ?? 0) > 0 || session.value;
  return html`
    <a class="skip" href="#content" onClick=${skip}>Skip to the content</a>
    <header class="top">
      <span class="brand">sockeye</span><span class="top-title">Model sessions</span>
      <div class="tools"><${ThemeSwitch} /></div>
    </header>
    <${Status} />
    <main id="content" tabindex="-1" class="walk">
      ${hasList && html`<${Sessions} /><${SessionField} />`}
      ${session.value ? html`<${Watched} key=${session.value.id} />` : html`<${Nothing} />`}
    </main>
    <${Notices} />`;
}

const root = document.getElementById('app');
root.replaceChildren();
render(html`<${App} />`, root);
document.addEventListener('keydown', shortcuts);

// Another session begins at its first model, without a chosen element; the drawing goes with the walk from model to model.
let before = '';
effect(() => {
  const id = session.value?.id ?? '';
  if (id === before) return;
  before = id;
  selected.value = -1;
  following.value = true;
  shown.value = 0;
});
effect(() => {
  const item = session.value?.elements[live.value?.current ?? -1];
  if (item && following.value) shown.value = item.model.number;
});
startStore();
start();
