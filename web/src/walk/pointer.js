// Fingers and the mouse on a drawing: drag to move it, wheel or two fingers to zoom, a click on an element.

const STILL_PX = 5;

/** Listens until the function that it gives is called. `told` has onClick(point), onHover(point), onDrag() and onZoom(). */
export function listenTo(canvas, scene, told) {
  const fingers = new Map();
  let travelled = 0;
  const spot = (event) => {
    const { left, top } = canvas.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };

  const down = (event) => {
    if (event.button) return;
    if (!fingers.size) travelled = 0;
    fingers.set(event.pointerId, spot(event));
    canvas.setPointerCapture(event.pointerId);
  };

  const move = (event) => {
    const before = fingers.get(event.pointerId);
    const now = spot(event);
    if (!before) return told.onHover(now);
    const [dx, dy] = [now.x - before.x, now.y - before.y];
    travelled += Math.abs(dx) + Math.abs(dy);
    if (fingers.size === 2) pinch(event.pointerId, before, now);
    else if (travelled > STILL_PX) scene.move(dx, dy);
    fingers.set(event.pointerId, now);
    if (travelled > STILL_PX) told.onDrag();
    return undefined;
  };

  const pinch = (id, before, now) => {
    const [, other] = [...fingers].find(([finger]) => finger !== id);
    const apart = (point) => Math.hypot(point.x - other.x, point.y - other.y) || 1;
    scene.zoom(apart(now) / apart(before), { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 });
    scene.move((now.x - before.x) / 2, (now.y - before.y) / 2);
  };

  const up = (event) => {
    const isLast = fingers.size === 1 && fingers.delete(event.pointerId);
    fingers.delete(event.pointerId);
    if (isLast && travelled <= STILL_PX && event.type === 'pointerup') told.onClick(spot(event));
  };

  const wheel = (event) => {
    event.preventDefault();
    scene.zoom(Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.0015)), spot(event));
    told.onZoom();
  };

  const leave = () => told.onHover(null);
  const listeners = [['pointerdown', down], ['pointermove', move], ['pointerup', up], ['pointercancel', up], ['pointerleave', leave]];
  for (const [name, listener] of listeners) canvas.addEventListener(name, listener);
  canvas.addEventListener('wheel', wheel, { passive: false });
  return () => {
    for (const [name, listener] of listeners) canvas.removeEventListener(name, listener);
    canvas.removeEventListener('wheel', wheel);
  };
}
