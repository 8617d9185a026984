// The parts of the page of model sessions that need no page: models, surroundings, layouts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { layOut } from '../src/walk/layout.js';
import { coverage, isDrawn, neighbourhood, readModels } from '../src/walk/model.js';
import { inSlices } from '../src/walk/slices.js';
import { grid, placed, ring, shop } from './walk-models.mjs';

const measure = (item) => (item.kind === 'edge' ? { w: 60, h: 18 } : { w: 90, h: 40 });
const only = (gw) => readModels(gw).models[0];
const drawn = (model) => inSlices(layOut(model, measure));

test('places count through all models, vertices before edges', () => {
  const { models, elements } = readModels(shop());
  assert.deepEqual(elements.map(({ place }) => place), [...elements.keys()]);
  assert.deepEqual(models.map(({ base }) => base), [0, 15]);
  assert.equal(elements[5].name, 'e_Open');
  assert.equal(elements[5].source, null);
  assert.equal(elements[5].target, elements[0]);
  assert.equal(elements[3].shared, 'Basket');
  assert.equal(elements[14].blocked, true);
  assert.equal(models[0].start, elements[5]);
  assert.deepEqual(readModels(undefined), { models: [], elements: [] });
});

test('coverage counts what was visited', () => {
  const { models } = readModels(shop());
  const visits = new Uint32Array(19);
  visits[0] = 3;
  visits[5] = 1;
  visits[17] = 2;
  assert.deepEqual(coverage(models[0], visits), { vertices: [1, 5], edges: [1, 10] });
  assert.deepEqual(coverage(models[1], visits), { vertices: [0, 2], edges: [1, 2] });
});

function overlaps({ boxes }) {
  const found = [];
  for (const [n, a] of boxes.entries()) {
    for (const b of boxes.slice(n + 1)) {
      if (Math.abs(a.x - b.x) < (a.w + b.w) / 2 && Math.abs(a.y - b.y) < (a.h + b.h) / 2) found.push([a, b]);
    }
  }
  return found;
}

const numbers = ({ boxes, curves }) => [...boxes.flatMap(({ x, y }) => [x, y]), ...curves.flatMap(({ line, label, tip }) => [...line, label.x, label.y, tip.x, tip.y, tip.angle])];

/** A model of any edges between `n` vertices. */
function tangle(n, pairs) {
  const vertices = Array.from({ length: n }, (_, at) => ({ id: `v${at}`, name: `v${at}` }));
  const edges = pairs.map(([from, to], at) => ({ id: `e${at}`, name: `e${at}`, ...(from >= 0 && { sourceVertexId: `v${from}` }), ...(to >= 0 && { targetVertexId: `v${to}` }) }));
  return only({ models: [{ id: 'm', vertices, edges }] });
}

test('no vertex covers another, and everything has a place', async () => {
  let seed = 7;
  const random = (n) => { seed = (seed * 48_271) % 2_147_483_647; return seed % n; };
  const models = [only(ring()), only(shop()), only(placed()), only(grid(700)), tangle(1, []), tangle(0, []), tangle(4, [[-1, -1], [2, -1], [-1, 3], [1, 1], [1, 1], [0, 1], [1, 0], [0, 1]])];
  models.push(tangle(300, Array.from({ length: 299 }, (_, at) => [0, at + 1])));
  for (let n = 0; n < 12; n += 1) models.push(tangle(5 + random(40), Array.from({ length: 10 + random(80) }, () => [random(6) ? random(5) : -1, random(5)])));
  for (const [at, model] of models.entries()) {
    const layout = await drawn(model);
    assert.equal(layout.boxes.length, model.vertices.length);
    assert.equal(layout.curves.length, model.edges.length);
    assert.ok(numbers(layout).every(Number.isFinite), `model ${at} has places that are no numbers`);
    assert.deepEqual(overlaps(layout), [], `model ${at}`);
    const { left, top, right, bottom } = layout.bounds;
    assert.ok(layout.boxes.every(({ x, y }) => x >= left && x <= right && y >= top && y <= bottom));
    for (const { line } of layout.curves) assert.equal(line.length % 6, 2, 'a point and whole pieces');
  }
});

test('the same model always gives the same drawing', async () => {
  for (const gw of [shop(), grid(900)]) assert.deepEqual(await drawn(only(gw)), await drawn(only(gw)));
});

test('edges begin and end at their vertices', async () => {
  const model = only(shop());
  const { boxes, curves } = await drawn(model);
  const isAt = (x, y, box) => Math.abs(x - box.x) <= box.w / 2 + 4 && Math.abs(y - box.y) <= box.h / 2 + 4;
  for (const [at, { line }] of curves.entries()) {
    const { source, target } = model.edges[at];
    if (source) assert.ok(isAt(line[0], line[1], boxes[source.place]), `${model.edges[at].name} begins`);
    assert.ok(isAt(line.at(-2), line.at(-1), boxes[target.place]), `${model.edges[at].name} ends`);
  }
});

test('coordinates of the model are kept, but for a common scale', async () => {
  const model = only(placed());
  assert.ok(isDrawn(model) && !isDrawn(only(ring())));
  const { boxes: [a, b, c] } = await drawn(model);
  assert.ok(Math.abs((b.x - a.x) / 400 - (c.y - a.y) / 300) < 1e-9);
  assert.ok(Math.abs((b.y - a.y) / 40 - (c.x - a.x) / 200) < 1e-9);
});

test('surroundings are bounded and have the nearest', () => {
  const model = only(grid(20_000));
  const centre = model.vertices[500];
  const part = neighbourhood(centre, 24);
  assert.equal(part.vertices.length, 24);
  assert.ok(part.vertices.includes(centre));
  for (const near of centre.out) assert.ok(part.vertices.includes(near.target) && part.edges.includes(near));
  for (const near of centre.in) assert.ok(part.vertices.includes(near.source) && part.edges.includes(near));
  assert.ok(part.edges.every(({ source, target }) => part.vertices.includes(source) && part.vertices.includes(target)));
  const [edge] = model.edges;
  assert.ok(neighbourhood(edge, 5).edges.includes(edge), 'an edge from nowhere is in its own surroundings');
});

test('a long layout lets others have their turn, and can be given up', async () => {
  const work = layOut(only(grid(4000)), measure);
  let turns = 0;
  for (let result = work.next(); !result.done; result = work.next()) turns += 1;
  assert.ok(turns > 1000, `${turns} turns`);
  const abort = new AbortController();
  const given = inSlices(layOut(only(grid(4000)), measure), abort.signal);
  abort.abort();
  assert.equal(await given, undefined);
});
