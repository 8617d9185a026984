// Overview: what the server counts, and its last five minutes as charts.
import { count, duration, rate, size } from '../format.js';
import { html } from '../html.js';
import { Command, Empty } from '../parts/text.js';
import { link } from '../route.js';
import { rates, stats } from '../store.js';
import { connectCommand } from '../urls.js';
import { Charts } from './charts.js';

const total = (errors) => errors && Object.values(errors).reduce((sum, n) => sum + n, 0);

const Figure = ({ name, value, note, tone = '' }) => html`
  <div class=${`figure ${tone}`}><dt>${name}</dt><dd>${value}${note && html`<small>${note}</small>`}</dd></div>`;

function Figures({ now }) {
  const errors = total(now?.errors);
  const rejected = now?.connections.rejected;
  return html`
    <dl class="figures">
      <${Figure} name="Active connections" value=${count(now?.connections.active)} note=${`${count(now?.connections.total)} in total`} />
      <${Figure} name="Rejected" value=${count(rejected)} note="handshakes" tone=${rejected ? 'warn' : ''} />
      <${Figure} name="Messages in" value=${rate(rates.value.received)} note=${`per s, ${count(now?.messages.received)} in total`} />
      <${Figure} name="Messages out" value=${rate(rates.value.sent)} note=${`per s, ${count(now?.messages.sent)} in total`} />
      <${Figure} name="Unanswered" value=${count(now?.unanswered)} note="no rule matched" />
      <${Figure} name="Errors" value=${count(errors)} note=${errors ? 'of the kinds below' : errors === 0 ? 'none so far' : ''} tone=${errors ? 'bad' : ''} />
    </dl>`;
}

const words = (name) => name.replaceAll('_', ' ');

function Errors({ errors }) {
  const rows = Object.entries(errors ?? {}).sort((a, b) => b[1] - a[1]);
  return html`
    <section>
      <h2>Errors by kind</h2>
      ${rows.length
        ? html`<table class="plain"><tbody>${rows.map(([name, n]) => html`
            <tr key=${name} class=${n ? '' : 'idle'}><th scope="row">${words(name)}</th><td class="number">${count(n)}</td></tr>`)}</tbody></table>`
        : html`<p class="muted">${errors ? 'The server counts no kinds of errors.' : '–'}</p>`}
    </section>`;
}

function Server({ now }) {
  const rows = [
    ['Version', now?.version ?? '–'],
    ['Up for', duration(now?.uptime_ms)],
    ['Generation of the files', count(now?.generation)],
    ['Rooms', html`<a href=${link('rooms')}>${count(now?.rooms)}</a>`],
    ['Bytes in', size(now?.bytes.received)],
    ['Bytes out', size(now?.bytes.sent)],
  ];
  return html`
    <section>
      <h2>Server</h2>
      <table class="plain"><tbody>${rows.map(([name, value]) => html`
        <tr key=${name}><th scope="row">${name}</th><td class="number">${value}</td></tr>`)}</tbody></table>
    </section>`;
}

export function Overview() {
  const now = stats.value;
  const idle = now && now.connections.total === 0;
  return html`
    <div class="page scroll">
      <h1 class="visually-hidden">Overview</h1>
      <${Figures} now=${now} />
      ${idle && html`
        <${Empty} title="Nobody has connected yet. To be the first:"><${Command} text=${connectCommand(now)} /><//>`}
      <${Charts} now=${now} />
      <div class="columns"><${Errors} errors=${now?.errors} /><${Server} now=${now} /></div>
    </div>`;
}
