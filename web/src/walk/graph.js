// The graph of one model, live: a canvas with keys, and above 4,000 elements the surroundings of the current one.
import { effect, signal, untracked } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import { count, oneLine } from '../format.js';
import { html } from '../html.js';
import { theme } from '../theme-choice.js';
import { nameOf, neighbourhood } from './model.js';
import { listenTo } from './pointer.js';
import { Scene } from './scene.js';
import { breakpoints, live, session, toggleBreakpoint, visited } from './store.js';

/** Elements of a model that is drawn whole. */
export const MOST_DRAWN = 4000;
/** Vertices around the current element where the model is larger. */
const NEAR = 24;
/** Surroundings are drawn anew at most so often. */
const NEAR_MS = 1000;

/** The place of the element that keys and clicks are about. */
export const selected = signal(-1);
/** Whether the drawing and the choice of the model go with the walk. */
export const following = signal(true);

const sentence = (item) => {
  const visits = session.value?.visits[item.place] ?? 0;
  const parts = [`${item.kind} ${oneLine(nameOf(item))}`, visits ? `visited ${count(visits)} times` : 'not visited'];
  if (item.place === live.value?.current) parts.push('current');
  if (item.blocked) parts.push('blocked');
  if (item.shared) parts.push(`shared state ${oneLine(item.shared)}`);
  if (breakpoints.value.has(item.place)) parts.push('breakpoint');
  return parts.join(', ');
};

/** The next element in a direction: along edges up and down, in the order of the model to the sides. */
function next(model, item, key) {
  if (!item) return model.start ?? model.elements[0];
  const isForth = key === 'ArrowDown' || key === 'ArrowRight';
  if (key === 'ArrowDown' || key === 'ArrowUp') {
    if (item.kind === 'edge') return (isForth ? item.target : item.source) ?? item;
    return (isForth ? item.out : item.in)[0] ?? item;
  }
  // Beside an edge lie the others of the same vertex; beside a vertex the others of the model.
  const beside = item.kind === 'edge' ? item.source?.out ?? [item] : model.vertices;
  const at = beside.indexOf(item) + (isForth ? 1 : -1);
  return beside[(at + beside.length) % beside.length];
}

function keys(event, scene) {
  const model = scene.model;
  if (!model || event.ctrlKey || event.metaKey || event.altKey) return;
  const item = model.elements.find(({ place }) => place === selected.value);
  const actions = {
    '+': () => scene.zoom(1.25), '=': () => scene.zoom(1.25), '-': () => scene.zoom(0.8), 0: () => scene.fit(),
    Enter: () => item && toggleBreakpoint(item.place), ' ': () => item && toggleBreakpoint(item.place),
  };
  if (event.key === 'Escape') selected.value = -1;
  else if (event.key.startsWith('Arrow')) selected.value = next(model, item, event.key)?.place ?? -1;
  else if (actions[event.key]) actions[event.key]();
  else return;
  event.preventDefault();
  scene.reveal(selected.value);
}

/** Follows signals without a component being made anew for each step. */
function bind(scene, model, setHover) {
  let near = null;
  let nearAt = -Infinity;
  let timer = 0;
  const isLarge = model.elements.length > MOST_DRAWN;
  const surround = () => {
    clearTimeout(timer);
    const item = session.value?.elements[live.value?.current ?? -1];
    const centre = item?.model === model ? item : near ?? model.start ?? model.vertices[0];
    if (!centre || centre === near) return;
    const wait = nearAt + NEAR_MS - performance.now();
    if (wait > 0) {
      timer = setTimeout(() => untracked(surround), wait);
      return;
    }
    near = centre;
    nearAt = performance.now();
    scene.show(neighbourhood(centre, NEAR), true);
  };
  const stops = [
    effect(() => {
      const current = live.value?.current ?? -1;
      scene.set({ current });
      if (isLarge && following.value) surround();
      if (following.value && current >= 0) scene.reveal(current);
    }),
    effect(() => { visited.value; scene.set({ visits: session.value?.visits ?? [] }); }),
    effect(() => scene.set({ breakpoints: breakpoints.value, selected: selected.value })),
    effect(() => { theme.value; scene.recolour(); }),
  ];
  if (isLarge) untracked(surround);
  else scene.show(model);
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const recolour = () => scene.recolour();
  dark.addEventListener('change', recolour);
  const unlisten = listenTo(scene.canvas, scene, {
    onClick: (point) => {
      const item = scene.at(point);
      selected.value = item?.place ?? -1;
      if (item) toggleBreakpoint(item.place);
    },
    onHover: (point) => setHover(point && { item: scene.at(point), ...point }),
    onDrag: () => { following.value = false; setHover(null); },
    onZoom: () => setHover(null),
  });
  return () => {
    clearTimeout(timer);
    for (const stop of stops) stop();
    dark.removeEventListener('change', recolour);
    unlisten();
  };
}

function Hint({ hover }) {
  if (!hover?.item) return null;
  const { item, x, y } = hover;
  const isRight = x > 260;
  return html`
    <div class=${`graph-hint ${isRight ? 'right' : ''}`} style=${{ left: `${x}px`, top: `${y}px` }} role="presentation">
      <b>${oneLine(nameOf(item))}</b><span>${sentence(item).replace(/^\w+ [^,]*, /, '')}</span>
      ${item.guard && html`<code>[${oneLine(item.guard).slice(0, 120)}]</code>`}
    </div>`;
}

export function Graph({ model }) {
  const canvas = useRef(null);
  const scene = useRef(null);
  const [hover, setHover] = useState(null);
  const [isReady, setReady] = useState(false);
  useEffect(() => {
    setReady(false);
    const made = new Scene(canvas.current, () => setReady(true));
    scene.current = made;
    const unbind = bind(made, model, setHover);
    return () => {
      unbind();
      made.stop();
    };
  }, [model]);
  const item = session.value?.elements[selected.value];
  return html`
    <div class="graph" data-ready=${isReady ? 'yes' : undefined}>
      <canvas ref=${canvas} tabindex="0" role="application" class=${hover?.item ? 'on-element' : ''}
        aria-label=${`Graph of ${oneLine(model.name)}. Arrows go from element to element, Enter sets a breakpoint, plus, minus and 0 zoom. The table of elements tells the same.`}
        onKeyDown=${(event) => keys(event, scene.current)}></canvas>
      ${!isReady && html`<p class="graph-wait muted">Drawing ${count(model.elements.length)} elements</p>`}
      <${Hint} hover=${hover} />
      <p class="visually-hidden" aria-live="polite">${item ? sentence(item) : ''}</p>
      <div class="graph-tools">
        <button type="button" aria-label="Zoom in" title="Zoom in (+)" onClick=${() => scene.current.zoom(1.25)}>+</button>
        <button type="button" aria-label="Zoom out" title="Zoom out (-)" onClick=${() => scene.current.zoom(0.8)}>−</button>
        <button type="button" title="All in sight (0)" onClick=${() => scene.current.fit()}>Fit</button>
        <button type="button" aria-pressed=${following.value} title="Keep the current element in sight" onClick=${() => { following.value = !following.value; }}>Follow</button>
      </div>
    </div>`;
}

const KEY = [['unvisited', 'not visited'], ['visited', 'visited, how often'], ['current', 'current'], ['shared', 'shared state'], ['blocked', 'blocked'], ['breakpoint', 'breakpoint']];

export const Legend = () => html`
  <ul class="legend" aria-label="What the drawing means">
    ${KEY.map(([name, text]) => html`<li key=${name} class=${name}><span aria-hidden="true">${name === 'visited' ? '×2' : ''}</span>${text}</li>`)}
  </ul>`;
