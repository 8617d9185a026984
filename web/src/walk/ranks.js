// First half of a layout: which row every vertex and every edge's label stands in, and in which order within the row.

/** Rows hold vertices and, between them, edges that pass; an edge over many rows takes one place in each. */
const MOST_PLACES = 12_000;
const SWEEPS = 8;

/** Distance of each vertex from the start, over edges; what is not reached begins anew. */
function distances(nodes, edges, start) {
  const out = nodes.map(() => []);
  for (const { from, to } of edges) if (from >= 0 && to >= 0) out[from].push(to);
  const rank = new Int32Array(nodes.length).fill(-1);
  const entries = edges.filter(({ from, to }) => from < 0 && to >= 0).map(({ to }) => to);
  for (const root of [start, ...entries, ...nodes.keys()]) {
    if (root === undefined || rank[root] >= 0) continue;
    rank[root] = 0;
    const queue = [root];
    for (const at of queue) {
      for (const next of out[at]) {
        if (rank[next] >= 0) continue;
        rank[next] = rank[at] + 1;
        queue.push(next);
      }
    }
  }
  return rank;
}

/** Very wide rows become several. */
function wrapped(rank) {
  const most = Math.max(8, Math.ceil(Math.sqrt(rank.length) * 1.6));
  const size = [];
  for (const r of rank) size[r] = (size[r] ?? 0) + 1;
  const first = [];
  let next = 0;
  for (const n of size) {
    first.push(next);
    next += Math.ceil((n ?? 0) / most);
  }
  const taken = size.map(() => 0);
  return rank.map((r) => {
    taken[r] += 1;
    return first[r] + Math.floor((taken[r] - 1) / most);
  });
}

/** The rows an edge passes, its label's row among them; none if it is drawn without a place of its own. */
function course({ from, to }, row) {
  if (from === to || to < 0 && from < 0) return null;
  if (from < 0) return { rows: [row[to] - 1], label: 0 };
  if (to < 0) return { rows: [row[from] + 1], label: 0 };
  if (row[from] === row[to]) return { rows: [row[from] + 1], label: 0 };
  const step = row[from] < row[to] ? 1 : -1;
  const rows = [];
  for (let r = row[from] + step; r !== row[to]; r += step) rows.push(r);
  let label = Math.floor(rows.length / 2);
  if (rows[label] % 2) label += label > 0 ? -1 : 1; // labels stand between the rows of vertices
  return { rows, label };
}

/** Rows of items: { node } or { edge, part }, each with its neighbours above and below. */
export function* toRows(nodes, edges, start) {
  const rank = wrapped(distances(nodes, edges, start));
  yield;
  // Even rows are for labels, odd ones for vertices, so that there is one above the first.
  const row = Array.from(rank, (r) => 2 * r + 1);
  const rows = [];
  const put = (item, r) => { (rows[r] ??= []).push(item); item.row = r; return item; };
  const items = nodes.map((node, index) => ({ node: index, w: node.w, h: node.h, up: [], down: [], x: 0 }));
  for (const index of [...items.keys()].sort((a, b) => row[a] - row[b])) put(items[index], row[index]);
  const join = (a, b) => { const [high, low] = a.row < b.row ? [a, b] : [b, a]; high.down.push(low); low.up.push(high); };
  let places = 0;
  const chains = [];
  for (const [index, edge] of edges.entries()) {
    const found = course(edge, row);
    if (!found || places + found.rows.length > MOST_PLACES) { chains.push(null); continue; }
    places += found.rows.length;
    const chain = found.rows.map((r, part) => put({ edge: index, isLabel: part === found.label, isLone: found.rows.length === 1, w: part === found.label ? edge.w : 8, h: part === found.label ? edge.h : 0, up: [], down: [], x: 0 }, r));
    const whole = [items[edge.from], ...chain, items[edge.to]].filter(Boolean);
    for (let at = 1; at < whole.length; at += 1) if (whole[at - 1].row !== whole[at].row) join(whole[at - 1], whole[at]);
    chains.push(chain);
    if (index % 200 === 199) yield;
  }
  for (let r = 0; r < rows.length; r += 1) rows[r] ??= [];
  yield* order(rows);
  return { rows, items, chains };
}

const number = (row) => row.forEach((item, index) => { item.at = index; });
const mean = (near) => near.reduce((sum, item) => sum + item.at, 0) / near.length;

/** How often lines between two rows cross: pairs in the wrong order, counted with a tree of sums. */
function crossings(row, below) {
  const sums = new Int32Array(below.length + 1);
  let seen = 0;
  let crossed = 0;
  for (const item of row) {
    const ends = item.down.map((low) => low.at);
    for (const end of ends) {
      let before = 0;
      for (let i = end + 1; i > 0; i -= i & -i) before += sums[i];
      crossed += seen - before;
    }
    for (const end of ends) {
      for (let i = end + 1; i <= below.length; i += i & -i) sums[i] += 1;
      seen += 1;
    }
  }
  return crossed;
}

/** Sorts each row by where its neighbours are, down and up again, and keeps the order with the fewest crossings. */
function* order(rows) {
  rows.forEach(number);
  let best = null;
  let fewest = Infinity;
  for (let sweep = 0; sweep < SWEEPS && fewest > 0; sweep += 1) {
    const down = sweep % 2 === 0;
    for (let n = 1; n < rows.length; n += 1) {
      const row = rows[down ? n : rows.length - 1 - n];
      for (const item of row) {
        const near = down ? item.up : item.down;
        item.wish = near.length ? mean(near) : item.at;
      }
      row.sort((a, b) => a.wish - b.wish || a.at - b.at);
      number(row);
      yield;
    }
    let crossed = 0;
    for (let r = 0; r + 1 < rows.length; r += 1) crossed += crossings(rows[r], rows[r + 1]);
    yield;
    if (crossed < fewest) {
      fewest = crossed;
      best = rows.map((row) => [...row]);
    }
  }
  best?.forEach((row, r) => { rows[r] = row; number(row); });
}
