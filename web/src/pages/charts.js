// The last five minutes as charts: messages, how long they took, connections.
import { effect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { count, rate, took } from '../format.js';
import { html } from '../html.js';
import { rates, sampled, samples } from '../store.js';
import { theme } from '../theme-choice.js';

const CHARTS = {
  messages: { lines: [{ colour: '--in' }, { colour: '--out', dash: [6, 3] }], columns: ['received', 'sent'] },
  latency: { lines: [{ colour: '--in' }, { colour: '--out', dash: [6, 3] }], columns: ['p50', 'p99'], scale: 'time' },
  connections: { lines: [{ colour: '--accent' }], columns: ['active'] },
};

const data = (which) => ['time', ...CHARTS[which].columns].map((name) => samples[name]);

/** Draws once the code for it is there; what came too late, or failed to come, is left out. */
async function begin(which, box) {
  const { draw } = await import('../parts/chart.js');
  if (!box.current) return () => {};
  const { lines, scale } = CHARTS[which];
  const drawn = draw(box.current, lines, data(which), scale);
  const system = matchMedia('(prefers-color-scheme: dark)');
  system.addEventListener('change', drawn.repaint);
  const stops = [
    effect(() => { if (sampled.value) drawn.set(data(which)); }),
    effect(() => { if (theme.value) drawn.repaint(); }),
    () => system.removeEventListener('change', drawn.repaint),
    drawn.destroy,
  ];
  return () => stops.forEach((stop) => stop());
}

function Chart({ which, label, empty }) {
  const box = useRef(null);
  useEffect(() => {
    let gone = false;
    let end = () => {};
    begin(which, box).then((stop) => {
      if (gone) stop();
      else end = stop;
    }, () => {}); // the server is away, which the status line says
    return () => {
      gone = true;
      end();
    };
  }, []);
  return html`
    <div class="chart-box">
      <div class="chart" role="img" aria-label=${label} ref=${box}></div>
      ${empty && html`<p class="chart-empty muted">${empty}</p>`}
    </div>`;
}

const Key = ({ tone, name, value }) => html`<span class=${`key ${tone}`}><i></i>${name} <b>${value}</b></span>`;

const Messages = () => {
  const [received, sent] = [rates.value.received, rates.value.sent].map(rate);
  return html`
    <section>
      <header><h2>Messages per second</h2><${Key} tone="in" name="in" value=${received} /><${Key} tone="out" name="out" value=${sent} /></header>
      <${Chart} which="messages" label=${`Messages per second over five minutes; now ${received} in, ${sent} out`} />
    </section>`;
};

function Latency({ latency }) {
  const [half, most] = [latency?.p50_ms, latency?.p99_ms].map(took);
  const silent = sampled.value > 0 && samples.p99.every((ms) => ms === null);
  return html`
    <section>
      <header>
        <h2 title="From the read that brings a message to the write of all that it causes; messages of the last ten seconds">Latency</h2>
        <${Key} tone="in" name="p50" value=${half} /><${Key} tone="out" name="p99" value=${most} />
      </header>
      <${Chart} which="latency" label=${`Time to answer a message over five minutes; now half take at most ${half}, 99 of 100 at most ${most}`}
        empty=${silent && 'No message came in these minutes.'} />
    </section>`;
}

const Connections = ({ active }) => html`
  <section>
    <header><h2>Connections</h2><${Key} tone="accent" name="active" value=${active} /></header>
    <${Chart} which="connections" label=${`Connections over five minutes; now ${active}`} />
  </section>`;

export const Charts = ({ now }) => html`
  <div class="charts">
    <${Messages} />
    <${Latency} latency=${now?.latency} />
    <${Connections} active=${count(now?.connections.active)} />
  </div>`;
