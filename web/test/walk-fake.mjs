// A stand-in for the model service, so far as the page of model sessions talks to it:
//   node test/walk-fake.mjs --port 3001 [--walks 3] [--large 100000] [--hostile]
import { createServer } from 'node:http';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WebSocketServer } from 'ws';
import { CSP } from './fake.mjs';
import { grid, hostile, shop } from './walk-models.mjs';

const DIST = join(dirname(fileURLToPath(import.meta.url)), '..', 'dist');
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.txt': 'text/plain' };

/** A session of made-up steps; `drive` methods are for tests, the others for pages. */
class Walk {
  constructor(fake, id, { gw, name, seed = 1 }) {
    Object.assign(this, { fake, id, gw, seed, name: name ?? gw.models[0].name, steps: 0, current: -1, paused: new Set(), waiting: null, permits: 0, breaks: new Map(), data: {}, failure: undefined, ended: false, requirements: { passed: [], failed: [], notCovered: [] } });
    this.models = gw.models.map((model) => ({ ...model, status: 'NOT_EXECUTED', stopConditionFulfillment: 0 }));
    this.places = gw.models.flatMap((model, number) => [...model.vertices, ...model.edges].map((raw) => ({ raw, number, id: `${model.id},${raw.id}` })));
    this.visits = new Uint32Array(this.places.length);
    this.requirements.notCovered = this.places.flatMap(({ raw, number }) => (raw.requirements ?? []).map((requirementKey) => ({ requirementKey, modelName: gw.models[number].name })));
  }

  get isPaused() { return this.paused.size > 0; }

  /** The place that follows: along the first edge that was taken least. */
  next() {
    const at = this.places[this.current];
    const number = at?.number ?? 0;
    const model = this.gw.models[number];
    const find = (id) => this.places.findIndex((place) => place.number === number && place.raw.id === id);
    if (!at) return find(model.startElementId);
    if (at.raw.targetVertexId) return find(at.raw.targetVertexId);
    const out = this.places.map((place, index) => ({ place, index })).filter(({ place }) => place.number === number && place.raw.sourceVertexId === at.raw.id && place.raw.properties?.blocked !== true);
    out.sort((a, b) => this.visits[a.index] - this.visits[b.index]);
    return out[0]?.index ?? find(model.startElementId);
  }

  /** One step; gives a promise that waits while the session is paused. */
  async step() {
    while (this.isPaused && !this.permits) await new Promise((resolve) => { this.waiting = resolve; });
    if (this.isPaused) this.permits -= 1;
    if (!this.ended) this.visit(this.next());
  }

  visit(place) {
    this.current = place;
    this.visits[place] += 1;
    this.steps += 1;
    const { number, raw } = this.places[place];
    const model = this.models[number];
    const edges = this.places.map((one, index) => ({ one, index })).filter(({ one }) => one.number === number && 'targetVertexId' in one.raw);
    model.stopConditionFulfillment = edges.filter(({ index }) => this.visits[index]).length / edges.length;
    model.status = model.stopConditionFulfillment >= 1 ? 'COMPLETED' : 'EXECUTING';
    for (const action of raw.actions ?? []) {
      const [, name, value] = /^(\w+)\s*=\s*(.*?);?$/.exec(action) ?? [];
      if (name) this.data[name] = value;
    }
    for (const key of raw.requirements ?? []) {
      const open = this.requirements.notCovered.findIndex(({ requirementKey }) => requirementKey === key);
      if (open >= 0) this.requirements.passed.push(...this.requirements.notCovered.splice(open, 1));
    }
    for (const [observer, places] of this.breaks) {
      if (!places.includes(this.places[place].id)) continue;
      this.paused.add(observer);
      this.fake.tell(this, { command: 'sessionPaused', sessionId: this.id, reason: 'breakpoint', modelId: this.gw.models[number].id, elementId: raw.id });
    }
  }

  fail(reason) {
    this.failure = reason;
    const model = this.models[this.places[this.current]?.number ?? 0];
    model.status = 'FAILED';
    const open = this.requirements.notCovered.shift();
    if (open) this.requirements.failed.push(open);
  }

  release() {
    this.waiting?.();
    this.waiting = null;
  }

  state() {
    return { command: 'sessionState', sessionId: this.id, paused: this.isPaused, totalCount: this.steps, data: this.data, requirements: this.requirements };
  }

  brief() {
    const has = (status) => this.models.some((model) => model.status === status);
    const all = (status) => this.models.every((model) => model.status === status);
    const status = has('FAILED') ? 'FAILED' : all('COMPLETED') ? 'COMPLETED' : all('NOT_EXECUTED') ? 'NOT_EXECUTED' : 'EXECUTING';
    return { id: this.id, name: this.name, seed: this.seed, paused: this.isPaused, totalCount: this.steps, stopConditionFulfillment: this.models[0].stopConditionFulfillment, status, started: '2026-11-21T14:00:00.000Z' };
  }
}

/** One page. */
class Page {
  constructor(fake, socket) {
    Object.assign(this, { fake, socket, walk: null, told: null });
    socket.on('message', (data) => this.hear(JSON.parse(data)));
    socket.on('close', () => this.leave());
  }

  send(message) { this.socket.send(JSON.stringify(message)); }

  hear({ command, ...members }) {
    this.fake.requests.push({ command, ...members });
    try {
      if (!this[command]) throw new Error(`Unknown command: ${command}`);
      this.send({ command, success: true, ...this[command](members) });
    } catch (error) {
      this.send({ command: 'issues', issues: [error.message] });
      this.send({ command: command.toLowerCase(), success: false, message: error.message });
    }
    this.after?.();
    this.after = null;
  }

  find(id) {
    const walk = this.fake.walks.get(id);
    if (!walk) throw new Error(`there is no session \`${id}\`: \`listSessions\` tells which there are`);
    return walk;
  }

  listSessions() { return { command: 'sessions', sessions: [...this.fake.walks.values()].map((walk) => walk.brief()) }; }

  subscribeSession({ sessionId }) {
    const walk = this.find(sessionId);
    Object.assign(this, { walk, told: new Uint32Array(walk.visits.length) });
    this.after = () => this.send(walk.state());
    return { sessionId, name: walk.name, models: walk.gw, seed: walk.seed, paused: walk.isPaused };
  }

  getVisits({ sessionId }) {
    const { walk, told } = this;
    if (walk?.id !== sessionId) throw new Error(`\`${sessionId}\` is not watched: \`subscribeSession\` begins that`);
    const changes = [];
    walk.visits.forEach((visits, place) => {
      if (told[place] !== visits) changes.push(place, visits);
      told[place] = visits;
    });
    const at = walk.current >= 0 ? { current: walk.current } : {};
    const models = walk.models.map(({ status, stopConditionFulfillment }) => ({ status, stopConditionFulfillment }));
    return { sessionId, ended: walk.ended, paused: walk.isPaused, totalCount: walk.steps, stopConditionFulfillment: walk.models[0].stopConditionFulfillment, ...at, models, changes, failure: walk.failure };
  }

  getSession({ sessionId }) {
    const walk = this.find(sessionId);
    this.after = () => this.send(walk.state());
    return { sessionId, state: walk.state() };
  }

  pauseSession({ sessionId }) {
    const walk = this.find(sessionId);
    walk.paused.add(this);
    this.fake.tell(walk, { command: 'sessionPaused', sessionId });
  }

  resumeSession({ sessionId }) {
    const walk = this.find(sessionId);
    walk.paused.clear();
    walk.permits = 0;
    walk.release();
    this.fake.tell(walk, { command: 'sessionResumed', sessionId });
  }

  stepSession({ sessionId }) {
    const walk = this.find(sessionId);
    if (!walk.isPaused) throw new Error(`session ${sessionId} is not paused: pause it first`);
    walk.permits += 1;
    walk.release();
  }

  setDelay({ sessionId, value }) { this.find(sessionId).delay = value; }
  setBreakpoints({ sessionId, breakpoints }) { this.find(sessionId).breaks.set(this, breakpoints); }

  leave() {
    for (const walk of this.fake.walks.values()) {
      walk.breaks.delete(this);
      if (walk.paused.delete(this) && !walk.isPaused) walk.release();
    }
    this.fake.pages.delete(this);
  }
}

function serve(request, response) {
  const { pathname } = new URL(request.url, 'http://fake');
  const path = normalize(join(DIST, pathname === '/' ? 'walk.html' : pathname));
  const isThere = path.startsWith(DIST) && existsSync(path);
  response.writeHead(isThere ? 200 : 404, { 'content-type': `${TYPES[extname(path)] ?? 'text/plain'}; charset=utf-8`, 'content-security-policy': CSP, 'x-content-type-options': 'nosniff' });
  response.end(isThere ? readFileSync(path) : '');
}

/** Starts the stand-in; `begin(request)` gives a session that tests walk, `stop` and `start` are for tests of reconnecting. */
export async function startWalkFake({ port = 0 } = {}) {
  const fake = { walks: new Map(), pages: new Set(), requests: [], port, next: 1 };
  let server, sockets;
  fake.all = (message) => { for (const page of fake.pages) page.send(message); };
  fake.tell = (walk, message) => { for (const page of fake.pages) if (page.walk === walk) page.send(message); };
  fake.begin = (request) => {
    const walk = new Walk(fake, `session-${fake.next}`, request);
    fake.next += 1;
    fake.walks.set(walk.id, walk);
    fake.all({ command: 'sessionCreated', sessionId: walk.id, name: walk.name });
    return walk;
  };
  fake.end = (walk) => {
    walk.ended = true;
    fake.walks.delete(walk.id);
    fake.tell(walk, walk.state());
    fake.all({ command: 'sessionEnded', sessionId: walk.id });
  };
  fake.start = async () => {
    server = createServer(serve);
    sockets = new WebSocketServer({ server, maxPayload: 2 ** 26 });
    sockets.on('connection', (socket) => fake.pages.add(new Page(fake, socket)));
    await new Promise((resolve) => { server.listen(fake.port, '127.0.0.1', resolve); });
    fake.port = server.address().port;
    fake.url = `http://127.0.0.1:${fake.port}`;
  };
  fake.stop = async () => {
    for (const client of sockets.clients) client.terminate();
    server.closeAllConnections();
    await new Promise((resolve) => { server.close(resolve); });
  };
  await fake.start();
  return fake;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const value = (name) => { const at = process.argv.indexOf(`--${name}`); return at < 0 ? undefined : process.argv[at + 1]; };
  const fake = await startWalkFake({ port: Number(value('port') ?? 3001) });
  for (let n = 0; n < Number(value('walks') ?? 2); n += 1) fake.begin({ gw: shop(), seed: n + 1, name: `Shop ${n + 1}` });
  if (value('large')) fake.begin({ gw: grid(Number(value('large'))), name: 'Large' });
  if (process.argv.includes('--hostile')) fake.begin({ gw: hostile() });
  setInterval(() => { for (const walk of fake.walks.values()) walk.step(); }, 700);
  console.log(`${fake.url} (made-up walks)`);
}
