// The drawing of a model: its layout, what part of it is in sight, and drawing on change only.
import { layOut } from './layout.js';
import { extents, hit, inks, measurer, paint, paths } from './paint.js';
import { inSlices } from './slices.js';

const MOST_SCALE = 3;
const LEAST_SCALE = 0.02;
/** A picture that fits is not blown up beyond this. */
const FIT_SCALE = 1.25;
const READABLE = 0.8;
const MARGIN = 24;
/** The buttons at the bottom cover so much, in pixels. */
const BUTTONS = 36;
/** What is followed stays this far from the rim, as a part of the width and the height. */
const RIM = 0.12;

export class Scene {
  constructor(canvas, onLaidOut) {
    this.canvas = canvas;
    this.onLaidOut = onLaidOut;
    this.measure = measurer();
    this.camera = { x: 0, y: 0, scale: 1 };
    this.state = { visits: [], current: -1, breakpoints: new Set(), selected: -1, ink: inks() };
    this.model = null;
    this.drawn = null;
    this.known = new WeakMap(); // model -> layout
    this.isScheduled = false;
    this.isFitted = false; // nobody has moved it since it was made to fit
    this.abort = null;
    this.sizes = new ResizeObserver(() => this.resize());
    this.sizes.observe(canvas.parentElement);
  }

  stop() {
    this.abort?.abort();
    this.sizes.disconnect();
    this.canvas = null;
  }

  resize() {
    if (!this.canvas) return;
    const { clientWidth: width, clientHeight: height } = this.canvas.parentElement;
    const ratio = Math.min(devicePixelRatio || 1, 3);
    this.size = { width, height };
    this.canvas.ratio = ratio;
    this.canvas.width = Math.max(1, Math.round(width * ratio));
    this.canvas.height = Math.max(1, Math.round(height * ratio));
    if (this.isFitted) this.fit();
    this.draw(true);
  }

  /** Shows another model, or another part of one; old layouts are kept. */
  async show(model, isKept = false) {
    if (this.model === model) return;
    this.abort?.abort();
    const abort = new AbortController();
    this.abort = abort;
    let drawn = this.known.get(model);
    if (!drawn) {
      drawn = await inSlices(layOut(model, this.measure), abort.signal);
      if (!drawn || abort.signal.aborted || !this.canvas) return;
      drawn.paths = paths(drawn.curves);
      drawn.extents = extents(drawn.curves);
      drawn.at = new Map([...model.vertices.map((v, at) => [v.place, drawn.boxes[at]]), ...model.edges.map((e, at) => [e.place, drawn.curves[at].label])]);
      this.known.set(model, drawn);
    }
    const isFirst = !this.drawn;
    this.model = model;
    this.drawn = drawn;
    if (isFirst || !isKept || this.isFitted) this.fit();
    this.onLaidOut();
    this.draw();
  }

  set(change) {
    Object.assign(this.state, change);
    this.draw();
  }

  recolour() {
    this.set({ ink: inks() });
  }

  draw(isNow = false) {
    if (isNow) return this.paint();
    if (this.isScheduled) return undefined;
    this.isScheduled = true;
    requestAnimationFrame(() => {
      this.isScheduled = false;
      this.paint();
    });
    return undefined;
  }

  paint() {
    if (!this.canvas || !this.size) return;
    paint(this.canvas, this.model, this.drawn, this.camera, this.state);
    this.canvas.dataset.frames = String(Number(this.canvas.dataset.frames ?? 0) + 1);
  }

  fit() {
    this.isFitted = true; // also once the canvas has a size
    if (!this.drawn || !this.size) return;
    const { left, top, right, bottom } = this.drawn.bounds;
    const [wide, high] = [this.size.width - 2 * MARGIN, this.size.height - 2 * MARGIN - BUTTONS];
    const whole = Math.min(wide / (right - left || 1), high / (bottom - top || 1), FIT_SCALE);
    // Surroundings have a centre; what does not fit at a size that can be read is left outside.
    const centre = this.drawn.at.get(this.model.centre?.place);
    const scale = Math.max(whole, centre ? READABLE : LEAST_SCALE);
    const middle = centre && scale > whole ? centre : { x: (left + right) / 2, y: (top + bottom) / 2 };
    this.camera = { scale, x: this.size.width / 2 - middle.x * scale, y: (this.size.height - BUTTONS) / 2 - middle.y * scale };
    this.draw();
  }

  move(dx, dy) {
    this.camera.x += dx;
    this.camera.y += dy;
    this.isFitted = false;
    this.draw();
  }

  /** Zooms so that the point of the canvas stays where it is. */
  zoom(factor, point = { x: this.size.width / 2, y: this.size.height / 2 }) {
    const { x, y, scale } = this.camera;
    const next = Math.min(MOST_SCALE, Math.max(LEAST_SCALE, scale * factor));
    this.camera = { scale: next, x: point.x - ((point.x - x) * next) / scale, y: point.y - ((point.y - y) * next) / scale };
    this.isFitted = false;
    this.draw();
  }

  /** Brings an element into sight, if it is not. */
  reveal(place) {
    const at = this.drawn?.at.get(place);
    if (!at || !this.size) return;
    const { x, y, scale } = this.camera;
    const { width, height } = this.size;
    const [px, py] = [at.x * scale + x, at.y * scale + y];
    if (px > width * RIM && px < width * (1 - RIM) && py > height * RIM && py < height * (1 - RIM)) return;
    if (this.isFitted && !this.model.centre) return; // all of it is in sight
    this.camera = { scale, x: width / 2 - at.x * scale, y: height / 2 - at.y * scale };
    this.draw();
  }

  /** The element at a point of the canvas. */
  at(point) {
    if (!this.drawn) return null;
    const { x, y, scale } = this.camera;
    return hit(this.canvas, this.model, this.drawn, { x: (point.x - x) / scale, y: (point.y - y) / scale }, scale);
  }

  /** Where an element is on the canvas. */
  pointOf(place) {
    const at = this.drawn?.at.get(place);
    return at && { x: at.x * this.camera.scale + this.camera.x, y: at.y * this.camera.scale + this.camera.y };
  }
}
