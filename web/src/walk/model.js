// Models as the service tells them become lists of elements with a place each: in each model the vertices, then the edges.

const isBlocked = (properties) => properties?.blocked === true || properties?.blocked === 'true';
const list = (value) => (Array.isArray(value) ? value.map(String) : []);
const number = (value) => (typeof value === 'number' && Number.isFinite(value) ? value : undefined);

function element(raw, kind, place) {
  return {
    place, kind, id: String(raw.id ?? ''), name: String(raw.name ?? ''), blocked: isBlocked(raw.properties),
    actions: list(raw.actions), requirements: list(raw.requirements), out: [], in: [],
  };
}

function vertex(raw, place) {
  const { x, y } = raw.properties ?? {};
  return { ...element(raw, 'vertex', place), shared: raw.sharedState ?? '', x: number(x), y: number(y) };
}

function edge(raw, place, vertices) {
  const made = { ...element(raw, 'edge', place), guard: raw.guard ?? '', weight: raw.weight || 0, source: vertices.get(raw.sourceVertexId) ?? null, target: vertices.get(raw.targetVertexId) ?? null };
  made.source?.out.push(made);
  made.target?.in.push(made);
  return made;
}

function model(raw, number, base) {
  let place = base;
  const next = () => { place += 1; return place - 1; };
  const vertices = (raw.vertices ?? []).map((v) => vertex(v, next()));
  const byId = new Map(vertices.map((v) => [v.id, v]));
  const edges = (raw.edges ?? []).map((e) => edge(e, next(), byId));
  const elements = [...vertices, ...edges];
  const made = { number, base, id: String(raw.id ?? ''), name: String(raw.name || raw.id || ''), generator: raw.generator ?? '', requirements: list(raw.requirements), vertices, edges, elements };
  for (const item of elements) item.model = made;
  made.start = elements.find((item) => item.id === raw.startElementId) ?? null;
  return made;
}

/** { models, elements }; `elements[place]` is the element at a place of `getVisits`. */
export function readModels(text) {
  const models = [];
  const elements = [];
  for (const raw of text?.models ?? []) {
    const made = model(raw, models.length, elements.length);
    models.push(made);
    for (const item of made.elements) elements.push(item);
  }
  return { models, elements };
}

export const nameOf = (item) => item.name || item.id || (item.kind === 'edge' ? 'an edge without a name' : 'a vertex without a name');

/** Whether all vertices know where they stand, and not all in one spot. */
export function isDrawn({ vertices }) {
  if (!vertices.length || vertices.some(({ x, y }) => x === undefined || y === undefined)) return false;
  return vertices.length === 1 || vertices.some(({ x, y }) => x !== vertices[0].x || y !== vertices[0].y);
}

/** How much of a model was visited: [visited, all] of its vertices, its edges, and visits of all of them. */
export function coverage({ vertices, edges }, visits) {
  const seen = (items) => items.reduce((sum, item) => sum + (visits[item.place] ? 1 : 0), 0);
  return { vertices: [seen(vertices), vertices.length], edges: [seen(edges), edges.length] };
}

/** The elements within reach of one: over edges in either direction, the nearest first, at most `most` vertices. */
export function neighbourhood(centre, most) {
  const first = centre.kind === 'edge' ? [centre.source, centre.target].filter(Boolean) : [centre];
  const vertices = new Set(first);
  for (const v of vertices) {
    for (const near of [...v.out.map((e) => e.target), ...v.in.map((e) => e.source)]) {
      if (vertices.size >= most) break;
      if (near) vertices.add(near);
    }
  }
  const edges = new Set(centre.kind === 'edge' ? [centre] : []);
  for (const v of vertices) for (const e of v.out) if (vertices.has(e.target) && edges.size < most * 3) edges.add(e);
  // The drawing begins with one that leads to the centre, so that both sides of it are there.
  const before = first[0]?.in.map((e) => e.source).find((v) => v && vertices.has(v) && v !== first[0]);
  const inOrder = (items) => [...items].sort((a, b) => a.place - b.place);
  return { ...centre.model, vertices: inOrder(vertices), edges: inOrder(edges), elements: [...vertices, ...edges], start: before ?? first[0] ?? null, centre };
}
