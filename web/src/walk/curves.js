// Edges as curves: lists of cubic pieces [x, y, then six numbers for each piece], a place for the label, a direction at the tip.

const GAP = 3;

/** Pieces that leave and arrive vertically, through points. */
export function through(points) {
  const line = [points[0].x, points[0].y];
  for (let at = 1; at < points.length; at += 1) {
    const [a, b] = [points[at - 1], points[at]];
    const middle = (a.y + b.y) / 2;
    line.push(a.x, middle, b.x, middle, b.x, b.y);
  }
  return line;
}

/** Where a line from the middle of a box to a point leaves the box. */
function border(box, to) {
  const dx = to.x - box.x;
  const dy = to.y - box.y;
  if (!dx && !dy) return { x: box.x, y: box.y };
  const scale = Math.min((box.w / 2 + GAP) / Math.abs(dx || 1e-9), (box.h / 2 + GAP) / Math.abs(dy || 1e-9));
  return { x: box.x + dx * scale, y: box.y + dy * scale };
}

/** From one box to another in an arc that bulges sideways by `bend`. */
export function arc(from, to, bend) {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const control = { x: (from.x + to.x) / 2 - ((to.y - from.y) / length) * bend * 2, y: (from.y + to.y) / 2 + ((to.x - from.x) / length) * bend * 2 };
  const a = border(from, control);
  const b = border(to, control);
  const mix = (p, q) => p + ((q - p) * 2) / 3; // a quadratic piece as a cubic one
  return {
    line: [a.x, a.y, mix(a.x, control.x), mix(a.y, control.y), mix(b.x, control.x), mix(b.y, control.y), b.x, b.y],
    label: { x: (a.x + 2 * control.x + b.x) / 4, y: (a.y + 2 * control.y + b.y) / 4 },
  };
}

/** A loop at the right side of a box; further ones are larger. */
export function loop(box, nth) {
  const right = box.x + box.w / 2;
  const reach = 26 + nth * 8;
  const spread = Math.min(box.h / 2 - 4, 8);
  return {
    line: [right, box.y - spread, right + reach, box.y - spread - 10 - nth * 4, right + reach, box.y + spread + 10 + nth * 4, right + GAP, box.y + spread],
    label: { x: right + reach * 0.75 + 6, y: box.y + nth * 14, left: true },
  };
}

/** Down from one box, below to the label and up into another of the same row. */
export function under(from, label, to) {
  return [from.x, from.y, from.x, label.y, from.x, label.y, label.x, label.y, to.x, label.y, to.x, label.y, to.x, to.y];
}

/** A short way in from a dot above a box, for edges that come from nowhere. */
export function entry(box) {
  const top = box.y - box.h / 2;
  return { line: [box.x, top - 58, box.x, top - 40, box.x, top - 14, box.x, top - GAP], label: { x: box.x, y: top - 34 } };
}

/** The direction in which a curve arrives. */
export function tip(line) {
  const [x, y] = line.slice(-2);
  for (let at = line.length - 4; at >= 0; at -= 2) {
    const [dx, dy] = [x - line[at], y - line[at + 1]];
    if (Math.abs(dx) + Math.abs(dy) > 0.5) return { x, y, angle: Math.atan2(dy, dx) };
  }
  return { x, y, angle: Math.PI / 2 };
}
