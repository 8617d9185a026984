// Second half of a layout: where everything stands. The same model always gives the same picture, and long work stops now and
// then, so that whoever draws can take it in slices.
import { arc, entry, loop, through, tip, under } from './curves.js';
import { isDrawn } from './model.js';
import { toRows } from './ranks.js';

const SPACE = 26;
const ROW_GAP = 16;
const ROUNDS = 20;
/** In a row with more labels than this they share what room there is. */
const CROWDED = 24;
/** A model that brings coordinates is stretched until its closest vertices do not cover each other, within reason. */
const MOST_STRETCH = 3;

/** The order of a row stays, neighbours keep their distance, and each item comes as close to its wish as the others let it. */
function settle(row) {
  let offset = 0;
  const blocks = [];
  for (const [index, item] of row.entries()) {
    if (index) offset += (row[index - 1].w + item.w) / 2 + SPACE;
    item.offset = offset;
    let block = { sum: (item.wish - offset) * item.weight, weight: item.weight, items: [item] };
    while (blocks.length && blocks.at(-1).sum / blocks.at(-1).weight >= block.sum / block.weight) {
      const before = blocks.pop();
      for (const other of block.items) before.items.push(other);
      block = { sum: before.sum + block.sum, weight: before.weight + block.weight, items: before.items };
    }
    blocks.push(block);
  }
  for (const { sum, weight, items } of blocks) for (const item of items) item.x = sum / weight + item.offset;
}

const mean = (near) => near.reduce((sum, item) => sum + item.x, 0) / near.length;

function* across(rows) {
  for (const row of rows) {
    const isCrowded = row.length > CROWDED;
    let x = 0;
    for (const item of row) {
      if (isCrowded && item.isLabel) item.w = Math.min(item.w, 40);
      item.weight = item.edge === undefined ? 2 : item.isLone ? 1 : 5; // what passes shall pass straight
      item.x = x + item.w / 2;
      x += item.w + SPACE;
    }
    for (const item of row) item.x -= x / 2;
  }
  for (let round = 0; round < ROUNDS; round += 1) {
    const down = round % 2 === 0;
    for (let n = 1; n < rows.length; n += 1) {
      const row = rows[down ? n : rows.length - 1 - n];
      const isLast = round >= ROUNDS - 6;
      for (const item of row) {
        const near = isLast ? [...item.up, ...item.down] : down ? item.up : item.down;
        item.wish = near.length ? mean(near) : item.x;
      }
      settle(row);
      yield;
    }
  }
}

function downwards(rows) {
  let y = 0;
  for (const row of rows) {
    const height = row.reduce((most, item) => Math.max(most, item.h), 0);
    for (const item of row) item.y = y + height / 2;
    y += height + ROW_GAP;
  }
}

/** Ends of edges at one side of a box stand beside each other, in the order in which they leave. */
function ports(rows, chains, edges, items) {
  const sides = new Map();
  const add = (node, chain, isStart) => {
    const next = isStart ? chain[0] : chain.at(-1);
    const isDown = next.row > node.row;
    const key = node.node * 2 + (isDown ? 1 : 0);
    const end = { chain, isStart, x: next.x, node, isDown };
    if (!sides.has(key)) sides.set(key, []);
    sides.get(key).push(end);
  };
  for (const [index, chain] of chains.entries()) {
    if (!chain) continue;
    const { from, to } = edges[index];
    if (from >= 0) add(items[from], chain, true);
    if (to >= 0) add(items[to], chain, false);
  }
  for (const ends of sides.values()) {
    ends.sort((a, b) => a.x - b.x);
    for (const [at, end] of ends.entries()) {
      const room = Math.max(0, end.node.w - 24);
      const step = Math.min(18, room / ends.length);
      const x = end.node.x + (at - (ends.length - 1) / 2) * step;
      const gap = end.isStart ? 0 : 3;
      end.chain[end.isStart ? 'start' : 'end'] = { x, y: end.node.y + (end.isDown ? 1 : -1) * (end.node.h / 2 + gap) };
    }
  }
}

function routed(chain, { from, to }, items) {
  const label = chain.find((item) => item.isLabel);
  if (from >= 0 && to >= 0 && items[from].row === items[to].row) return { line: under(chain.start, label, chain.end), label };
  const first = chain.start ?? { x: label.x, y: label.y - label.h / 2 - 16 };
  const last = chain.end ?? { x: label.x, y: label.y + label.h / 2 + 8 };
  return { line: through([first, ...chain, last]), label };
}

/** Curves of edges that have no places in rows: loops, arcs between boxes, ways in. */
function direct({ from, to }, boxes, nth) {
  if (to < 0 || !boxes[to]) return { line: [0, 0, 0, 0, 0, 0, 0, 0], label: { x: 0, y: 0 } };
  if (from < 0) return entry(boxes[to]);
  if (from === to) return loop(boxes[to], nth);
  return arc(boxes[from], boxes[to], nth);
}

/** How often each pair of vertices has been joined so far: arcs between the same two bulge more and more. */
function counter() {
  const seen = new Map();
  return ({ from, to }) => {
    const key = `${Math.min(from, to)} ${Math.max(from, to)}`;
    const nth = seen.get(key) ?? 0;
    seen.set(key, nth + 1);
    return nth;
  };
}

function bounds(boxes, curves) {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  const add = (x, y) => { left = Math.min(left, x); right = Math.max(right, x); top = Math.min(top, y); bottom = Math.max(bottom, y); };
  for (const { x, y, w, h } of boxes) { add(x - w / 2, y - h / 2); add(x + w / 2, y + h / 2); }
  for (const { line, label, w } of curves) {
    for (let at = 0; at < line.length; at += 2) add(line[at], line[at + 1]);
    add(label.left ? label.x : label.x - w / 2, label.y - 8);
    add(label.left ? label.x + w : label.x + w / 2, label.y + 8);
  }
  return boxes.length || curves.length ? { left, top, right, bottom } : { left: 0, top: 0, right: 1, bottom: 1 };
}

const finished = (boxes, curves) => ({
  boxes, bounds: bounds(boxes, curves),
  curves: curves.map(({ line, label, w }) => ({ line, label: { x: label.x, y: label.y, left: Boolean(label.left) }, w, tip: tip(line) })),
});

/** Vertices where the model says that they are. */
function given(model, nodes, edges) {
  const { vertices } = model;
  let closest = Infinity;
  for (let a = 0; a < Math.min(vertices.length, 300); a += 1) {
    for (let b = a + 1; b < Math.min(vertices.length, 300); b += 1) {
      const [dx, dy] = [Math.abs(vertices[a].x - vertices[b].x), Math.abs(vertices[a].y - vertices[b].y)];
      closest = Math.min(closest, Math.max(dx / ((nodes[a].w + nodes[b].w) / 2 + SPACE), dy / (nodes[a].h + SPACE)));
    }
  }
  const stretch = Number.isFinite(closest) && closest > 0 ? Math.min(MOST_STRETCH, Math.max(1, 1 / closest)) : 1;
  const boxes = vertices.map(({ x, y }, at) => ({ x: x * stretch, y: y * stretch, w: nodes[at].w, h: nodes[at].h }));
  const nth = counter();
  const curves = edges.map((edge) => {
    const n = nth(edge);
    // The way there and the way back bulge to different sides of the same line.
    const bend = edge.from === edge.to ? n : n * 22 + (edge.hasTwin ? 14 : 0);
    return { ...direct(edge, boxes, bend), w: edge.w };
  });
  return finished(boxes, curves);
}

function* layered(nodes, edges, start) {
  const { rows, items, chains } = yield* toRows(nodes, edges, start);
  yield* across(rows);
  downwards(rows);
  ports(rows, chains, edges, items);
  const nth = counter();
  const curves = edges.map((edge, index) => {
    const chain = chains[index];
    if (chain) return { ...routed(chain, edge, items), w: edge.w };
    const n = nth(edge);
    return { ...direct(edge, items, edge.from === edge.to ? n : 40 + n * 12), w: edge.w };
  });
  return finished(items.map(({ x, y, w, h }) => ({ x, y, w, h })), curves);
}

/** Draws a model: { boxes, curves, bounds }, in the order of its vertices and edges. `measure(item)` gives { w, h }. */
export function* layOut(model, measure) {
  const index = new Map(model.vertices.map((v, at) => [v, at]));
  const loops = new Map();
  for (const e of model.edges) if (e.source && e.source === e.target) loops.set(e.source, Math.max(loops.get(e.source) ?? 0, measure(e).w + 40));
  const isGiven = isDrawn(model);
  const nodes = model.vertices.map((v) => ({ ...measure(v) }));
  const edges = model.edges.map((e) => ({ from: index.get(e.source) ?? -1, to: index.get(e.target) ?? -1, ...measure(e) }));
  const pairs = new Set(edges.map(({ from, to }) => `${from} ${to}`));
  for (const edge of edges) edge.hasTwin = edge.from !== edge.to && pairs.has(`${edge.to} ${edge.from}`);
  yield;
  if (isGiven) return given(model, nodes, edges);
  const start = model.start?.kind === 'edge' ? model.start.target : model.start;
  // Room for loops: on both sides, so that the box stays in the middle of its place.
  const roomy = nodes.map(({ w, h }, at) => ({ w: w + 2 * (loops.get(model.vertices[at]) ?? 0), h }));
  const drawn = yield* layered(roomy, edges, index.get(start));
  return narrowed(drawn, nodes, edges);
}

/** Boxes lose the room that was kept for loops. */
function narrowed({ boxes, curves }, nodes, edges) {
  const narrow = boxes.map((box, at) => ({ ...box, w: nodes[at].w }));
  const nth = counter();
  const final = curves.map((curve, at) => {
    const edge = edges[at];
    return edge.from >= 0 && edge.from === edge.to ? { ...loop(narrow[edge.to], nth(edge)), w: curve.w } : curve;
  });
  return finished(narrow, final);
}
