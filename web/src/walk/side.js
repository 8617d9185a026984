// What is known of a session beside its graph: the chosen element, coverage, requirements, variables.
import { count, oneLine } from '../format.js';
import { html } from '../html.js';
import { Section } from '../parts/panel.js';
import { Facts, Long } from '../parts/text.js';
import { selected } from './graph.js';
import { percent } from './list.js';
import { coverage, nameOf } from './model.js';
import { breakpoints, live, session, state, toggleBreakpoint, visited } from './store.js';

const MOST_MODELS = 50;
const MOST_ROWS = 200;

const share = ([part, whole]) => (whole ? part / whole : 1);

const Bar = ({ name, part, text }) => html`
  <div class="meter-row"><span>${name}</span>
    <meter min="0" max="1" value=${Math.min(1, part)} aria-label=${name}>${percent(part)}</meter><span class="number">${text ?? percent(part)}</span></div>`;

const parts = ([part, whole]) => `${count(part)} of ${count(whole)}`;
/** The status of a model in words. */
export const WORDS = { NOT_EXECUTED: 'not started', EXECUTING: 'walking', COMPLETED: 'completed', FAILED: 'failed' };

function ModelCoverage({ model, now }) {
  const { vertices, edges } = coverage(model, session.value.visits);
  return html`
    <div class=${`model-coverage ${(now?.status ?? '').toLowerCase()}`}>
      <h3><bdi>${oneLine(model.name)}</bdi> <span>${WORDS[now?.status] ?? ''}</span></h3>
      <${Bar} name="Fulfilled" part=${now?.stopConditionFulfillment ?? 0} />
      <${Bar} name="Edges" part=${share(edges)} text=${parts(edges)} />
      <${Bar} name="Vertices" part=${share(vertices)} text=${parts(vertices)} />
      ${model.generator && html`<p class="generator"><code><${Long} text=${model.generator} most=${120} /></code></p>`}
    </div>`;
}

function Coverage() {
  visited.value; // counted anew when visits change
  const { models } = session.value;
  const now = live.value?.models ?? [];
  return html`
    ${models.slice(0, MOST_MODELS).map((model, at) => html`<${ModelCoverage} key=${at} model=${model} now=${now[at]} />`)}
    ${models.length > MOST_MODELS && html`<p class="muted">and ${count(models.length - MOST_MODELS)} more models</p>`}`;
}

const STATUS = [['failed', 'failed'], ['notCovered', 'not covered'], ['passed', 'passed']];

function requirements() {
  const told = state.value?.requirements ?? {};
  return STATUS.flatMap(([member, word]) => (told[member] ?? []).map(({ requirementKey: key, modelName }) => ({ key, word, modelName })));
}

function Requirements() {
  const all = requirements();
  if (!all.length) return html`<p class="muted">The models name no requirements.</p>`;
  const passed = all.filter(({ word }) => word === 'passed').length;
  return html`
    <${Bar} name="Passed" part=${passed / all.length} text=${parts([passed, all.length])} />
    <table class="plain requirements"><tbody>${all.slice(0, MOST_ROWS).map(({ key, word, modelName }, at) => html`
      <tr key=${at} class=${word.replace(' ', '-')}><th scope="row" title=${modelName ? oneLine(modelName) : undefined}><${Long} text=${key} most=${80} /></th><td>${word}</td></tr>`)}</tbody></table>
    ${all.length > MOST_ROWS && html`<p class="muted">and ${count(all.length - MOST_ROWS)} more</p>`}`;
}

function Variables() {
  const rows = Object.entries(state.value?.data ?? {});
  if (!rows.length) return html`<p class="muted">The current model has no variables.</p>`;
  return html`
    <table class="plain variables"><tbody>${rows.slice(0, MOST_ROWS).map(([name, value]) => html`
      <tr key=${name}><th scope="row" class="mono"><bdi>${oneLine(name)}</bdi></th><td class="mono"><${Long} text=${value} most=${160} /></td></tr>`)}</tbody></table>`;
}

const code = (text) => html`<code><${Long} text=${text} most=${200} /></code>`;

function Chosen({ item }) {
  visited.value;
  const has = breakpoints.value.has(item.place);
  const rows = [
    ['Id', html`<span class="mono">${oneLine(item.id)}</span>`],
    ['Visits', count(session.value.visits[item.place])],
    item.kind === 'edge' && ['From', item.source ? oneLine(nameOf(item.source)) : 'outside'],
    item.kind === 'edge' && ['To', item.target ? oneLine(nameOf(item.target)) : 'nowhere'],
    item.shared && ['Shared state', oneLine(item.shared)],
    item.blocked && ['Blocked', 'marked as blocked in the model'],
    item.guard && ['Guard', code(item.guard)],
    item.weight > 0 && ['Weight', String(item.weight)],
    item.actions.length > 0 && ['Actions', code(item.actions.join('\n'))],
    item.requirements.length > 0 && ['Requirements', oneLine(item.requirements.join(', '))],
  ].filter(Boolean);
  return html`
    <${Section} title=${html`<bdi>${oneLine(nameOf(item))}</bdi> <span class="muted">${item.kind}</span>`}>
      <${Facts} rows=${rows} />
      <div class="actions"><button type="button" aria-pressed=${has} disabled=${Boolean(live.value?.ended)} onClick=${() => toggleBreakpoint(item.place)}>${has ? 'Remove breakpoint' : 'Pause here'}</button></div>
    <//>`;
}

export function Side() {
  const item = session.value.elements[selected.value];
  return html`
    <aside class="walk-side scroll" aria-label="The session" tabindex="0">
      ${item && html`<${Chosen} key=${item.place} item=${item} />`}
      <${Section} title="Coverage"><${Coverage} /><//>
      <${Section} title="Requirements"><${Requirements} /><//>
      <${Section} title="Variables"><${Variables} /><//>
    </aside>`;
}
