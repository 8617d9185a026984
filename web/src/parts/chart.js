// Line charts over the last five minutes. This file and uPlot are fetched when the first chart is shown.
import UPlot from 'uplot';
import { took } from '../format.js';
import { WINDOW_S } from '../store.js';

/** The colour behind a custom property, as the canvas wants it. */
function colour(element, name) {
  const probe = document.createElement('span');
  probe.style.color = `var(${name})`;
  element.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}

const range = () => {
  const now = Date.now() / 1000;
  return [now - WINDOW_S, now];
};

function ago(u, splits) {
  const now = Math.round(u.scales.x.max);
  return splits.map((at) => {
    const s = Math.round(now - at);
    return s <= 0 ? 'now' : `−${s / 60} min`;
  });
}

const minutes = (u) => {
  const { max } = u.scales.x;
  return [5, 4, 3, 2, 1, 0].map((m) => max - m * 60);
};

const axis = (line, text, more) => ({
  stroke: text,
  grid: { stroke: line, width: 1 },
  ticks: { show: false },
  font: '11px system-ui, sans-serif',
  ...more,
});

const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

const UP_TO_A_MILLION = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6];

/** What the height of a line means: its steps, its words, and the least that the chart is high. */
const SCALES = {
  number: { least: 4, size: 44, incrs: UP_TO_A_MILLION, say: (n) => compact.format(n) },
  time: { least: 0.04, size: 54, incrs: [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, ...UP_TO_A_MILLION], say: (n) => (n ? took(n) : '0') },
};

function options(element, series, { least, size, incrs, say }) {
  const cache = new Map();
  const paint = (name) => () => {
    if (!cache.has(name)) cache.set(name, colour(element, name));
    return cache.get(name);
  };
  return {
    cache,
    width: element.clientWidth,
    height: element.clientHeight,
    legend: { show: false },
    cursor: { show: false },
    padding: [8, 20, 0, 0],
    scales: { x: { time: false, range }, y: { range: (u, low, high) => [0, Math.max(least, (high ?? 0) * 1.15)] } },
    axes: [
      axis(paint('--line'), paint('--muted'), { size: 26, gap: 8, splits: minutes, values: ago }),
      axis(paint('--line'), paint('--muted'), {
        size, gap: 4, space: 28, incrs, values: (u, splits) => splits.map(say),
      }),
    ],
    series: [{}, ...series.map(({ colour: name, dash }) => ({ stroke: paint(name), width: 1.5, dash, points: { show: false }, spanGaps: false }))],
  };
}

/** Draws into an element of fixed height; gives { set, repaint, destroy }. */
export function draw(element, series, data, scale = 'number') {
  const config = options(element, series, SCALES[scale]);
  const plot = new UPlot(config, data, element);
  const sizes = new ResizeObserver(() => {
    // An element that is being taken out of the page has no size.
    if (element.clientWidth) plot.setSize({ width: element.clientWidth, height: element.clientHeight });
  });
  sizes.observe(element);
  const repaint = () => {
    config.cache.clear();
    plot.redraw(false, true);
  };
  return {
    set: (newer) => plot.setData(newer),
    repaint,
    destroy: () => {
      sizes.disconnect();
      plot.destroy();
    },
  };
}
