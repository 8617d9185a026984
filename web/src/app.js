// The frame of every page: name, navigation, actions, and one line that says how the server is.
import { signal } from '@preact/signals';
import { render } from 'preact';
import { useEffect } from 'preact/hooks';
import { BroadcastButton, Dialogs, ReloadButton } from './actions.js';
import { count, duration, oneLine, rate } from './format.js';
import { loadHandlers } from './handlers-data.js';
import { html } from './html.js';
import { Notices } from './parts/notice.js';
import { ThemeSwitch } from './parts/theme-switch.js';
import { Waiting } from './parts/waiting.js';
import { Connections } from './pages/connections.js';
import { Handlers } from './pages/handlers.js';
import { Messages } from './pages/messages.js';
import { Overview } from './pages/overview.js';
import { Rooms } from './pages/rooms.js';
import { Sinks } from './pages/sinks.js';
import { Try } from './pages/try.js';
import { link as address, route } from './route.js';
import { rates, stats } from './store.js';
import { connect, link, listen, start } from './stream.js';
import { asking } from './token.js';

const PAGES = {
  overview: ['Overview', Overview],
  connections: ['Connections', Connections],
  messages: ['Messages', Messages],
  handlers: ['Handlers', Handlers],
  rooms: ['Rooms', Rooms],
  sinks: ['Sinks', Sinks],
  try: ['Try', Try],
};

const Nav = () => html`
  <nav aria-label="Pages">
    ${Object.entries(PAGES).map(([page, [name]]) => html`
      <a key=${page} href=${address(page)} aria-current=${route.value.page === page ? 'page' : undefined}>${name}</a>`)}
  </nav>`;

function Live() {
  const now = stats.value;
  if (!now) return html`<span class="status-text">Connected</span>`;
  const parts = [`sockeye ${now.version}`, `up ${duration(now.uptime_ms)}`, `${count(now.connections.active)} connected`, `${rate(rates.value.received)} in/s`, `${rate(rates.value.sent)} out/s`];
  return html`<span class="status-text"><b>Live</b>${parts.map((part, index) => html`<span key=${index}>${oneLine(part)}</span>`)}</span>`;
}

function Status() {
  const { kind, since } = link.value;
  if (asking.value) {
    return html`<div class="status down"><span class="status-text"><b>Token needed</b></span>
      <button type="button" onClick=${() => { asking.value = { ...asking.value, shut: false }; }}>Enter token</button></div>`;
  }
  if (kind === 'live') return html`<div class="status"><${Live} /></div>`;
  if (!since) return html`<div class="status"><span class="status-text">Connecting</span></div>`;
  return html`<div class="status down"><${Waiting} link=${link} connect=${connect} /></div>`;
}

/** `/` goes to the filter of the page, as in other tools. */
function shortcuts(event) {
  if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest('input, textarea, select, dialog')) return;
  const field = document.querySelector('[data-filter]');
  if (!field) return;
  event.preventDefault();
  field.focus();
  field.select();
}

function skip(event) {
  event.preventDefault();
  document.getElementById('content').focus();
}

const spoken = signal('');

function App() {
  const { page } = route.value;
  const [name, Page] = PAGES[page];
  useEffect(() => {
    document.title = `${name} – sockeye`;
    spoken.value = name;
  }, [name]);
  return html`
    <a class="skip" href="#content" onClick=${skip}>Skip to the content</a>
    <header class="top">
      <a class="brand" href=${address('overview')} aria-label="sockeye, overview">sockeye</a>
      <${Nav} />
      <div class="tools"><${BroadcastButton} /><${ReloadButton} /><${ThemeSwitch} /></div>
    </header>
    <${Status} />
    <main id="content" tabindex="-1"><${Page} key=${page} /></main>
    <p class="visually-hidden" aria-live="polite">${spoken.value}</p>
    <${Notices} />
    <${Dialogs} />`;
}

const root = document.getElementById('app');
root.replaceChildren();
render(html`<${App} />`, root);
document.addEventListener('keydown', shortcuts);
listen((batch, hello) => { if (hello) loadHandlers().catch(() => {}); });
start();
