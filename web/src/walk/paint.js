// Draws a laid out model on a canvas. What an element's state looks like never depends on colour alone: counts, outlines,
// dashes and dots say the same.
import { count, oneLine } from '../format.js';
import { nameOf } from './model.js';

const FONT = '-apple-system, "Segoe UI", Inter, Roboto, "Noto Sans", "Liberation Sans", Arial, system-ui, sans-serif';
export const VERTEX_FONT = `13px ${FONT}`;
export const EDGE_FONT = `11.5px ${FONT}`;
const COUNT_FONT = `11px ${FONT}`;
/** Text that would be smaller than this on the screen is left out, in pixels. */
const LEAST_TEXT = 5.5;
const MOST_LETTERS = 28;
const NAMES = ['bg', 'surface', 'sunken', 'line', 'edge', 'text', 'muted', 'accent', 'on-accent', 'good', 'good-fill', 'bad', 'warn'];

/** The colours of the style sheet, as the theme of the moment has them. */
export function inks() {
  const probe = document.createElement('i');
  probe.hidden = true;
  document.body.append(probe);
  const found = {};
  for (const name of NAMES) {
    probe.style.color = `var(--${name})`;
    found[name] = getComputedStyle(probe).color;
  }
  probe.remove();
  return found;
}

export const label = (item) => {
  const text = item.kind === 'edge' ? oneLine(item.name) : oneLine(nameOf(item));
  return text.length > MOST_LETTERS ? `${text.slice(0, MOST_LETTERS - 1)}…` : text;
};

/** How large elements are, with a canvas to ask. */
export function measurer() {
  const context = document.createElement('canvas').getContext('2d');
  const known = new Map();
  return (item) => {
    const text = label(item);
    const key = `${item.kind} ${text}`;
    if (!known.has(key)) {
      context.font = item.kind === 'edge' ? EDGE_FONT : VERTEX_FONT;
      const width = Math.ceil(context.measureText(text).width);
      known.set(key, item.kind === 'edge' ? { w: text ? width + 36 : 16, h: 18 } : { w: Math.max(width + 28, 64), h: 40 });
    }
    return known.get(key);
  };
}

/** Curves as paths: made once for each layout. */
export function paths(curves) {
  return curves.map(({ line }) => {
    const path = new Path2D();
    path.moveTo(line[0], line[1]);
    for (let at = 2; at < line.length; at += 6) path.bezierCurveTo(...line.slice(at, at + 6));
    return path;
  });
}

function arrow(c, { x, y, angle }, size) {
  c.beginPath();
  c.moveTo(x, y);
  c.lineTo(x - size * Math.cos(angle - 0.45), y - size * Math.sin(angle - 0.45));
  c.lineTo(x - size * Math.cos(angle + 0.45), y - size * Math.sin(angle + 0.45));
  c.fill();
}

function dot(c, x, y, ink) {
  c.beginPath();
  c.arc(x, y, 5.5, 0, Math.PI * 2);
  c.fillStyle = ink.bad;
  c.fill();
  c.lineWidth = 1.5;
  c.strokeStyle = ink.surface;
  c.stroke();
}

function strokeOf(item, { visits, current, ink }) {
  if (item.place === current) return { colour: ink.accent, width: 3.5 };
  if (item.blocked) return { colour: ink.muted, width: 1.2, dash: [3, 5] };
  return visits[item.place] ? { colour: ink.good, width: 2 } : { colour: ink.edge, width: 1.2 };
}

function drawEdge(c, item, curve, path, scene) {
  const { colour, width, dash } = strokeOf(item, scene);
  c.strokeStyle = colour;
  c.fillStyle = colour;
  c.lineWidth = width;
  if (dash) c.setLineDash(dash);
  c.stroke(path);
  if (dash) c.setLineDash([]);
  arrow(c, curve.tip, width > 3 ? 12 : 9);
  if (!item.source) {
    c.beginPath();
    c.arc(curve.line[0], curve.line[1], 5, 0, Math.PI * 2);
    c.fill();
  }
  if (item.place === scene.selected) {
    c.save();
    c.globalAlpha = 0.25;
    c.lineWidth = 12;
    c.strokeStyle = scene.ink.accent;
    c.stroke(path);
    c.restore();
  }
}

function drawLabel(c, item, { label: at, w }, scene) {
  const { visits, breakpoints, ink, current } = scene;
  const times = visits[item.place];
  const text = `${item.blocked ? '⊘ ' : ''}${label(item)}`;
  const counted = times ? ` ×${count(times)}` : '';
  c.font = item.place === current ? `600 ${EDGE_FONT}` : EDGE_FONT;
  const width = c.measureText(text + counted).width;
  const left = at.left ? at.x : at.x - width / 2;
  if (width) {
    c.globalAlpha = 0.86;
    c.fillStyle = ink.sunken;
    c.fillRect(left - 3, at.y - 8, Math.min(width + 6, Math.max(w, width) + 6), 16);
    c.globalAlpha = 1;
  }
  c.textAlign = 'left';
  c.fillStyle = item.place === current ? ink.accent : item.blocked ? ink.muted : ink.text;
  c.fillText(text, left, at.y);
  if (counted) {
    c.fillStyle = item.place === current ? ink.accent : ink.good;
    c.fillText(counted, left + c.measureText(text).width, at.y);
  }
  if (breakpoints.has(item.place)) dot(c, left - 10, at.y, ink);
}

function box(c, { x, y, w, h }, grow = 0) {
  c.beginPath();
  c.roundRect(x - w / 2 - grow, y - h / 2 - grow, w + 2 * grow, h + 2 * grow, 6 + grow);
}

function fillOf(item, { visits, current, ink }) {
  if (item.place === current) return [ink.accent, ink.accent, ink['on-accent']];
  if (item.blocked) return [ink.sunken, ink.muted, ink.muted];
  return visits[item.place] ? [ink['good-fill'], ink.good, ink.text] : [ink.surface, ink.edge, ink.text];
}

function drawVertex(c, item, at, scene) {
  const { visits, breakpoints, ink, selected, isReadable } = scene;
  const [fill, line, text] = fillOf(item, scene);
  box(c, at);
  c.fillStyle = fill;
  c.fill();
  c.strokeStyle = line;
  c.lineWidth = 1.5;
  if (item.blocked) c.setLineDash([3, 4]);
  c.stroke();
  c.setLineDash([]);
  if (item.shared) { // shared states have a second outline
    box(c, at, 4);
    c.stroke();
  }
  if (item.place === selected) {
    box(c, at, item.shared ? 8 : 5);
    c.strokeStyle = ink.accent;
    c.lineWidth = 2.5;
    c.stroke();
  }
  if (isReadable) {
    c.textAlign = 'center';
    c.fillStyle = text;
    c.font = VERTEX_FONT;
    const times = visits[item.place];
    c.fillText(`${item.blocked ? '⊘ ' : ''}${label(item)}`, at.x, times ? at.y - 7 : at.y);
    c.font = COUNT_FONT;
    if (times) c.fillText(`×${count(times)}`, at.x, at.y + 9);
  }
  if (breakpoints.has(item.place)) dot(c, at.x - at.w / 2, at.y - at.h / 2, ink);
}

/** Everything that is in sight. `drawn` is a layout with its paths, `camera` has x, y and scale. */
export function paint(canvas, model, drawn, camera, state) {
  const c = canvas.getContext('2d');
  const ratio = canvas.ratio ?? 1;
  const scene = { ...state, isReadable: 13 * camera.scale >= LEAST_TEXT };
  c.setTransform(1, 0, 0, 1, 0, 0);
  c.fillStyle = state.ink.sunken;
  c.fillRect(0, 0, canvas.width, canvas.height);
  if (!drawn) return;
  c.setTransform(ratio * camera.scale, 0, 0, ratio * camera.scale, ratio * camera.x, ratio * camera.y);
  c.textBaseline = 'middle';
  const [left, top] = [-camera.x / camera.scale, -camera.y / camera.scale];
  const [right, bottom] = [left + canvas.width / ratio / camera.scale, top + canvas.height / ratio / camera.scale];
  const seen = ([x0, y0, x1, y1]) => x1 > left && x0 < right && y1 > top && y0 < bottom;
  const inSight = model.edges.map((item, at) => (seen(drawn.extents[at]) ? at : -1)).filter((at) => at >= 0);
  const isLate = (at) => (visitsOf(scene, model.edges[at]) ? 1 : 0) + (model.edges[at].place === scene.current ? 2 : 0);
  inSight.sort((a, b) => isLate(a) - isLate(b)); // what matters most lies on top
  for (const at of inSight) drawEdge(c, model.edges[at], drawn.curves[at], drawn.paths[at], scene);
  if (scene.isReadable) for (const at of inSight) drawLabel(c, model.edges[at], drawn.curves[at], scene);
  for (const [at, item] of model.vertices.entries()) {
    const { x, y, w, h } = drawn.boxes[at];
    if (seen([x - w, y - h, x + w, y + h])) drawVertex(c, item, drawn.boxes[at], scene);
  }
}

const visitsOf = ({ visits }, item) => visits[item.place] ?? 0;

/** The box around each curve and its label. */
export const extents = (curves) => curves.map(({ line, label: at, w }) => {
  const xs = line.filter((_, n) => n % 2 === 0);
  const ys = line.filter((_, n) => n % 2 === 1);
  const reach = at.left ? w * 2 : w;
  return [Math.min(at.x - reach, ...xs) - 8, Math.min(at.y - 10, ...ys) - 8, Math.max(at.x + reach, ...xs) + 8, Math.max(at.y + 10, ...ys) + 8];
});

/** The element at a point of the drawing: a vertex, a label, or a line that is near. */
export function hit(canvas, model, drawn, { x, y }, scale) {
  for (let at = model.vertices.length - 1; at >= 0; at -= 1) {
    const box = drawn.boxes[at];
    if (Math.abs(x - box.x) <= box.w / 2 + 3 && Math.abs(y - box.y) <= box.h / 2 + 3) return model.vertices[at];
  }
  const near = model.edges.map((item, at) => at).filter((at) => { const [x0, y0, x1, y1] = drawn.extents[at]; return x > x0 && x < x1 && y > y0 && y < y1; });
  const onLabel = near.find((at) => {
    const { label: place, w } = drawn.curves[at];
    const middle = place.left ? place.x + w / 2 : place.x;
    return Math.abs(x - middle) <= w / 2 && Math.abs(y - place.y) <= 9;
  });
  if (onLabel !== undefined) return model.edges[onLabel];
  const c = canvas.getContext('2d');
  c.save();
  c.setTransform(1, 0, 0, 1, 0, 0);
  c.lineWidth = Math.max(8, 10 / scale);
  const onLine = near.find((at) => c.isPointInStroke(drawn.paths[at], x, y));
  c.restore();
  return onLine === undefined ? null : model.edges[onLine];
}
