// What the head of the page can do anywhere: reload the files, broadcast, ask for the token.
import { signal } from '@preact/signals';
import { useId, useState } from 'preact/hooks';
import { post, query } from './api.js';
import { loadHandlers, handlers } from './handlers-data.js';
import { capital, count, oneLine, plural } from './format.js';
import { html } from './html.js';
import { Composer } from './parts/composer.js';
import { Dialog } from './parts/dialog.js';
import { Long, Place } from './parts/text.js';
import { notify } from './parts/notice.js';
import { asking, give } from './token.js';

const broadcasting = signal(false);
const reloaded = signal(null); // what the last reload complained about
const reloading = signal(false);

async function reload() {
  if (reloading.value) return;
  reloading.value = true;
  try {
    const { generation, warnings = [] } = await post('/reload');
    notify(`Reloaded, generation ${count(generation)}`);
    reloaded.value = warnings.length ? { title: plural(warnings.length, 'warning'), lead: 'The new files are in force.', list: warnings } : null;
    loadHandlers().catch(() => {});
  } catch (error) {
    if (error.status !== 422) notify(`Not reloaded: ${error.message}`, 'bad');
    else reloaded.value = { title: 'Not reloaded', lead: error.message, list: error.body?.mistakes ?? [] };
  }
  reloading.value = false;
}

export const ReloadButton = () => html`
  <button type="button" disabled=${reloading.value} onClick=${reload} title="Read the files again; connections stay">Reload</button>`;

export const BroadcastButton = () => html`
  <button type="button" onClick=${() => { broadcasting.value = true; }}>Broadcast</button>`;

const Mistake = ({ mistake }) => {
  const { message, place, remedy } = typeof mistake === 'string' ? { message: mistake } : mistake;
  return html`
    <li>
      <p><${Long} text=${message} most=${400} /></p>
      ${remedy && html`<p class="remedy"><${Long} text=${remedy} most=${400} /></p>`}
      ${place && html`<${Place} place=${place} />`}
    </li>`;
};

const Reloaded = () => reloaded.value && html`
  <${Dialog} title=${reloaded.value.title} wide onClose=${() => { reloaded.value = null; }}>
    <p class="failure-lead">${capital(oneLine(reloaded.value.lead))}</p>
    <ol class="mistakes">${reloaded.value.list.map((mistake, index) => html`<${Mistake} key=${index} mistake=${mistake} />`)}</ol>
  <//>`;

const TARGETS = { all: 'All connections', path: 'A path', room: 'A room' };

function Broadcast() {
  const id = useId();
  const [target, setTarget] = useState('all');
  const [name, setName] = useState('');
  const send = async (body, type) => {
    if (target !== 'all' && !name.trim()) throw new Error(`name the ${target} first`);
    const { delivered } = await post(`/broadcast${target === 'all' ? '' : query({ [target]: name.trim() })}`, body, type);
    return delivered ? `Delivered to ${plural(delivered, 'connection')}` : 'Nobody was there to get it';
  };
  return html`
    <${Dialog} title="Broadcast" wide onClose=${() => { broadcasting.value = false; }}>
      <div class="target">
        <fieldset class="choices">
          <legend class="visually-hidden">To whom</legend>
          ${Object.entries(TARGETS).map(([value, label]) => html`
            <label key=${value}><input type="radio" name=${id} value=${value} checked=${target === value} onChange=${() => setTarget(value)} />${label}</label>`)}
        </fieldset>
        <input class="grow code" aria-label=${target === 'room' ? 'Name of the room' : 'Path'} list=${`${id}-paths`} disabled=${target === 'all'} autocomplete="off"
          placeholder=${{ all: '', path: '/chat', room: 'lobby' }[target]} value=${target === 'all' ? '' : name} onInput=${(event) => setName(event.currentTarget.value)} />
        <datalist id=${`${id}-paths`}>${target === 'path' && handlers.value.map((h, index) => html`<option key=${index} value=${h.path} />`)}</datalist>
      </div>
      <${Composer} send=${send} action="Broadcast" />
    <//>`;
}

function TokenPrompt() {
  const [text, setText] = useState('');
  const refused = asking.value.refused;
  const submit = (event) => {
    event.preventDefault();
    if (text.trim()) give(text.trim());
  };
  return html`
    <${Dialog} title="Token" onClose=${() => { if (asking.value) asking.value = { ...asking.value, shut: true }; }}>
      <form class="token" onSubmit=${submit}>
        <p>This server wants its admin token. It is kept for this tab only.</p>
        <label for="token">Admin token</label>
        <input id="token" type="password" class="code" autofocus autocomplete="off" value=${text} aria-describedby="token-note" aria-invalid=${refused}
          onInput=${(event) => setText(event.currentTarget.value)} />
        <p id="token-note" class=${refused ? 'hint bad' : 'hint'} role="status">${refused ? 'The server did not accept that token.' : 'The one that sockeye was started with.'}</p>
        <div class="actions"><button type="submit" class="primary">Continue</button></div>
      </form>
    <//>`;
}

export const Dialogs = () => html`
  ${broadcasting.value && html`<${Broadcast} />`}
  <${Reloaded} />
  ${asking.value && !asking.value.shut && html`<${TokenPrompt} />`}`;
