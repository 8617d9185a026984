// Models that tests of the page of model sessions walk.

const vertex = (id, more = {}) => ({ id, name: `v_${id[0].toUpperCase()}${id.slice(1)}`, ...more });
const edge = (id, source, target, more = {}) => ({ id, name: `e_${id[0].toUpperCase()}${id.slice(1)}`, ...(source && { sourceVertexId: source }), targetVertexId: target, ...more });

/** A small shop in two models with everything that the page shows. */
export const shop = (generator = 'random(edge_coverage(100))') => ({
  models: [
    {
      id: 'shop', name: 'Shop', generator, startElementId: 'open', actions: ['items = 0;'],
      vertices: [vertex('start'), vertex('search', { requirements: ['REQ-FIND-1'] }), vertex('article', { requirements: ['REQ-SHOW-2'] }), vertex('basket', { sharedState: 'Basket' }), vertex('paid', { requirements: ['REQ-PAY-3'] })],
      edges: [
        edge('open', '', 'start'), edge('find', 'start', 'search'), edge('again', 'search', 'search'),
        edge('show', 'search', 'article'), edge('back', 'article', 'search'), edge('add', 'article', 'basket', { actions: ['items = 1;'] }),
        edge('more', 'basket', 'search'), edge('pay', 'basket', 'paid', { actions: ['paid = true;'], requirements: ['REQ-PAY-4'] }), edge('home', 'paid', 'start'),
        edge('voucher', 'basket', 'paid', { properties: { blocked: true } }),
      ],
    },
    {
      id: 'basket', name: 'Basket', generator, startElementId: 'full',
      vertices: [vertex('full', { sharedState: 'Basket' }), vertex('empty')],
      edges: [edge('clear', 'full', 'empty'), edge('fill', 'empty', 'full')],
    },
  ],
});

/** One way in and a ring of three, for runs whose every step is known. */
export const ring = (generator = 'random(never)') => ({
  models: [{
    id: 'm', name: 'Ring', generator, startElementId: 'e0',
    vertices: [vertex('a', { requirements: ['REQ-A'] }), vertex('b', { requirements: ['REQ-B'] }), vertex('c')],
    edges: [edge('e0', '', 'a', { actions: ['colour = "red";'] }), edge('e1', 'a', 'b'), edge('e2', 'b', 'c'), edge('e3', 'c', 'a')],
  }],
});

/** The same with coordinates from an editor. */
export const placed = () => {
  const gw = ring();
  const places = [[0, 0], [400, 40], [200, 300]];
  gw.models[0].vertices.forEach((v, at) => { v.properties = { x: places[at][0], y: places[at][1] }; });
  return gw;
};

/** About so many elements: a grid of vertices with edges to the right and down, and ways back. */
export function grid(elements) {
  const side = Math.max(2, Math.round(Math.sqrt(elements / 3.2)));
  const id = (x, y) => `n${x}-${y}`;
  const vertices = [];
  const edges = [{ id: 'in', name: 'e_In', targetVertexId: id(0, 0) }];
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1) {
      vertices.push({ id: id(x, y), name: `v_${x}_${y}` });
      const to = (tx, ty) => edges.push({ id: `${id(x, y)}>${tx}-${ty}`, name: `e_${x}_${y}_${tx}_${ty}`, sourceVertexId: id(x, y), targetVertexId: id(tx, ty) });
      to((x + 1) % side, y);
      if (y + 1 < side) to(x, y + 1);
      if (x === side - 1 && y === side - 1) to(0, 0);
    }
  }
  return { models: [{ id: 'grid', name: 'Grid', generator: 'random(never)', startElementId: 'in', vertices, edges }] };
}

export const EVIL = '<img src=x onerror=alert(1)><script>alert(2)</script>\u202egnp.exe';

/** Names, guards and variables that try to be markup. */
export const hostile = () => ({
  models: [{
    id: '"><b onmouseover=alert(3)>', name: EVIL, generator: 'random(never)', startElementId: 'e"0',
    vertices: [{ id: '__proto__', name: EVIL, requirements: [EVIL], sharedState: EVIL }, { id: 'constructor', name: '{{evil}}' }],
    edges: [
      { id: 'e"0', name: EVIL, targetVertexId: '__proto__', actions: [`evil = "${EVIL}";`] },
      { id: '</td>', name: '', sourceVertexId: '__proto__', targetVertexId: 'constructor', guard: 'true || "<svg onload=alert(4)>"' },
      { id: 'e2', name: EVIL, sourceVertexId: 'constructor', targetVertexId: '__proto__' },
    ],
  }],
});
