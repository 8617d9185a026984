// A stand-in for sockeye's admin listener with made-up data, for tests of the page and for work on it:
//   node test/fake.mjs --port 3000 [--rate 1000] [--connections 3000] [--token T] [--hostile] [--empty]
import { createServer } from 'node:http';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WebSocketServer } from 'ws';
import { HOSTILE, World } from './world.mjs';

const DIST = join(dirname(fileURLToPath(import.meta.url)), '..', 'dist');
const P = '/__mockforge/ws';
const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.svg': 'image/svg+xml', '.txt': 'text/plain; charset=utf-8' };
export const CSP = "default-src 'self'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self' ws: wss:; frame-ancestors 'none'";
const TICK_MS = 50;

class Refusal extends Error {
  constructor(status, error, more = {}) {
    super(error);
    this.status = status;
    this.body = { error, ...more };
  }
}

function json(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store', 'content-security-policy': CSP });
  response.end(JSON.stringify(body).replace(/"@(\d+)@"/g, '$1')); // numbers that JavaScript cannot hold
}

function serveFile(pathname, response) {
  const path = normalize(join(DIST, pathname === '/' ? 'index.html' : decodeURIComponent(pathname)));
  if (!path.startsWith(DIST) || !existsSync(path)) throw new Refusal(404, 'there is nothing at this path');
  response.writeHead(200, {
    'content-type': TYPES[extname(path)] ?? 'application/octet-stream',
    'content-security-policy': CSP,
    'x-content-type-options': 'nosniff',
    'cache-control': pathname.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
  });
  response.end(readFileSync(path));
}

async function bodyOf(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts);
}

async function message(request) {
  const body = await bodyOf(request);
  const type = (request.headers['content-type'] ?? '').split(';')[0];
  if (type === 'application/octet-stream') return { kind: 'binary', body };
  const text = body.toString('utf8');
  if (type === 'application/json') {
    try {
      JSON.parse(text);
    } catch {
      throw new Refusal(400, 'the body is not JSON');
    }
  }
  return { kind: 'text', body, text };
}

class Api {
  constructor(world) {
    this.world = world;
  }

  connection(id) {
    const found = this.world.connections.get(decodeURIComponent(id));
    if (!found) throw new Refusal(404, 'connection not found', { id: decodeURIComponent(id) });
    return found;
  }

  list(params) {
    const limit = Number(params.get('limit') ?? 100);
    const offset = Number(params.get('offset') ?? 0);
    if (!(limit >= 1 && limit <= 1000)) throw new Refusal(400, '`limit` is 1 to 1000');
    const all = this.world.select(params);
    return { connections: all.slice(offset, offset + limit).map((c) => this.world.describe(c)), count: all.length, limit, offset };
  }

  async answer(request, url) {
    const path = url.pathname.slice(P.length);
    const { method } = request;
    const { world } = this;
    world.requests.push({ method, path, query: url.search });
    const [, id, send] = /^\/connections\/([^/]+)(\/send)?$/.exec(path) ?? [];
    if (send && method === 'POST') return world.send(this.connection(id), await message(request));
    if (id && method === 'GET') return world.detail(this.connection(id));
    if (id && method === 'DELETE') return world.close(this.connection(id), Number(url.searchParams.get('code') ?? 1000), url.searchParams.get('reason') ?? '');
    const route = this[`${method} ${path}`];
    if (!route) throw new Refusal(404, 'there is nothing at this path');
    return route.call(this, request, url.searchParams);
  }

  'GET /connections'(request, params) { return this.list(params); }
  'GET /rooms'() { const rooms = this.world.rooms(); return { rooms, count: rooms.length }; }
  'GET /sinks'(request, params) {
    const sinks = this.world.sinks(params.get('path'), Number(params.get('limit') ?? 10));
    if (params.get('path') && !sinks.length) throw new Refusal(404, 'no handler of type `sink` has this path', { parameter: 'path' });
    return { count: sinks.length, sinks };
  }
  'DELETE /sinks'(request, params) { return { forgotten: this.world.forgetSink(params.get('path')) }; }
  'GET /handlers'() { const handlers = this.world.handlers(); return { handlers, count: handlers.length }; }
  'GET /stats'() { return this.world.stats(); }
  'GET /messages'(request, params) { return this.world.history(params); }
  async 'POST /broadcast'(request, params) { return this.world.broadcast(params, await message(request)); }
  async 'POST /try'(request) {
    const { path, message: text } = JSON.parse(await bodyOf(request));
    const answer = this.world.try(path, text);
    if (!answer) throw new Refusal(404, `no route for \`${path}\``);
    return answer;
  }
  'POST /reload'() {
    const { world } = this;
    if (world.mistakes) throw new Refusal(422, 'the files have mistakes; the old ones stay in force', { mistakes: world.mistakes });
    world.generation += 1;
    return { success: true, generation: world.generation, warnings: world.warnings };
  }
}

class Streams {
  constructor(world) {
    this.world = world;
    this.sockets = new Map();
    this.ticks = 0;
  }

  add(socket) {
    this.sockets.set(socket, { messages: false });
    socket.on('message', (data) => {
      const said = JSON.parse(data);
      if (said.type === 'filter') this.sockets.set(socket, said);
    });
    socket.on('close', () => this.sockets.delete(socket));
    socket.send(JSON.stringify({ type: 'hello', version: this.world.version, stats: this.world.stats() }));
  }

  flush(always = false) {
    const { world } = this;
    const batch = world.takeBatch();
    this.ticks += 1;
    const quiet = !batch.opened.length && !batch.closed.length && !batch.messages.length;
    if (quiet && this.ticks % 20 && !always) return;
    const stats = world.stats();
    for (const [socket, filter] of this.sockets) {
      const messages = filter.messages ? batch.messages.filter((m) => fits(m, filter)) : [];
      socket.send(JSON.stringify({ type: 'events', stats, opened: batch.opened, closed: batch.closed, messages, dropped: batch.dropped }));
    }
  }
}

const fits = (m, { path, direction, connection }) =>
  (!path || m.path === path) && (!direction || m.direction === direction) && (!connection || m.connection === connection);

function authorised(request, token) {
  if (!token || request.headers.authorization === `Bearer ${token}`) return true;
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  return offered.includes(`sockeye.token.${Buffer.from(token).toString('base64url')}`);
}

/** Starts the stand-in, in the time of `now` if that is given; `stop` ends it and `start` on the same port brings it back, for tests of reconnecting. */
export async function startFake(options = {}) {
  const world = new World(options);
  const api = new Api(world);
  const streams = new Streams(world);
  const fake = { world, token: options.token ?? '', url: '', port: options.port ?? 0, filters: () => streams.sockets };
  let server, sockets, timer;

  async function handle(request, response) {
    const url = new URL(request.url, 'http://fake');
    try {
      if (!url.pathname.startsWith(P)) return serveFile(url.pathname, response);
      if (!authorised(request, fake.token)) throw new Refusal(401, 'this needs the admin token');
      return json(response, 200, await api.answer(request, url));
    } catch (error) {
      return json(response, error.status ?? 500, error.body ?? { error: error.message });
    }
  }

  fake.start = async () => {
    server = createServer(handle);
    sockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'sockeye.events' });
    server.on('upgrade', (request, socket, head) => {
      if (!authorised(request, fake.token)) {
        socket.end('HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
        return;
      }
      sockets.handleUpgrade(request, socket, head, (client) => streams.add(client));
    });
    await new Promise((resolve) => { server.listen(fake.port, '127.0.0.1', resolve); });
    fake.port = server.address().port;
    fake.url = `http://127.0.0.1:${fake.port}`;
    if (options.now) return; // whoever has the time makes it pass
    timer = setInterval(() => {
      world.tick(TICK_MS);
      streams.flush();
    }, TICK_MS);
  };

  /** Lets so much happen at once, and tells the pages. */
  fake.pass = (ms) => {
    world.tick(ms);
    streams.flush(true);
  };

  fake.stop = async () => {
    clearInterval(timer);
    for (const client of sockets.clients) client.terminate();
    server.closeAllConnections();
    await new Promise((resolve) => { server.close(resolve); });
  };

  await fake.start();
  return fake;
}

export { HOSTILE };

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const value = (name) => {
    const at = process.argv.indexOf(`--${name}`);
    return at < 0 ? undefined : process.argv[at + 1];
  };
  const fake = await startFake({
    port: Number(value('port') ?? 3000),
    rate: Number(value('rate') ?? 20),
    connections: Number(value('connections') ?? 40),
    token: value('token'),
    hostile: process.argv.includes('--hostile'),
    empty: process.argv.includes('--empty'),
  });
  console.log(`${fake.url} (made-up data)`);
}
