// Made-up connections, rooms, handlers and messages: what the stand-in of the admin listener tells about.
const KEPT = 1000;
const CUT = 4096;

/** Strings that would hurt a page which takes text for markup. */
export const HOSTILE = {
  path: '/<img src=x onerror=alert(1)>/"><script>alert(2)</script>',
  room: '"><svg onload=alert(3)>',
  header: '<b onmouseover=alert(4)>header</b>',
  message: '{"html":"</script><script>alert(5)</script><img src=x onerror=alert(6)>","__proto__":{"polluted":1},"constructor":"x"}',
  bidi: 'abc\u202egnp.exe\u0000\u001b[31m',
  id: 'conn-javascript:alert(7)',
};

const HANDLERS = [
  {
    path: '/chat/:room', kind: 'websocket (rooms)', host: null, place: 'chat.yaml:4', notes: [],
    rules: [
      { number: 1, pattern: '{"type": "say", "text": "{{json-params.text}}"}', kind: 'JSON', when: false, answers: 1, continue: false, line: 10, type: 'say' },
      { number: 2, pattern: 'typing', kind: 'word', when: false, answers: 1, continue: true, line: 13, type: 'typing' },
      { number: 3, pattern: '/nick (?<name>\\w+)', kind: 'regular expression', when: true, answers: 2, continue: false, line: 16, type: 'nick' },
    ],
    timers: [{ kind: 'broadcast', interval_ms: 30000, sent: 118 }],
  },
  {
    path: '/api', kind: 'websocket (pattern)', host: null, place: 'quickstart.yaml:16',
    notes: ['Rule 3 has a test on `amount`; messages without it fall through to the next rule.'],
    rules: [
      { number: 1, pattern: '{"type": "ping"}', kind: 'JSON', when: false, answers: 1, continue: false, line: 19, type: 'ping' },
      { number: 2, pattern: '{"type": "subscribe", "channel": "*"}', kind: 'JSON', when: false, answers: 1, continue: false, line: 24, type: 'subscribe' },
      { number: 3, pattern: '{"type": "order", "amount": {"$gte": 1, "$lte": 100}}', kind: 'JSON', when: false, answers: 1, continue: false, line: 31, type: 'order' },
      { number: 4, pattern: '{"type": "cancel"}', kind: 'JSON', when: false, answers: 0, continue: false, line: 38, type: 'cancel' },
    ],
    timers: [],
  },
  { path: '/echo', kind: 'websocket (echo)', host: null, place: 'quickstart.yaml:5', notes: [], rules: [], timers: [] },
  {
    path: '/prices', kind: 'websocket (static)', host: 'market.example', place: 'prices.yaml:2', notes: [], rules: [],
    timers: [{ kind: 'scheduled', interval_ms: 250, sent: 40213 }, { kind: 'broadcast', interval_ms: 60000, sent: 61 }],
  },
];

const LATENCIES = {
  '/chat/:room': { latency: { count: 61_033, p50_ms: 0.071, p90_ms: 0.21, p99_ms: 1.34 }, script_latency: { count: 4021, p50_ms: 0.38, p90_ms: 0.9, p99_ms: 12.6 } },
  '/api': { latency: { count: 40_118, p50_ms: 0.058, p90_ms: 0.1, p99_ms: 0.46 } },
  '/echo': { latency: { count: 82_053, p50_ms: 0.024, p90_ms: 0.041, p99_ms: 0.12 } },
};

const PATHS = ['/chat/lobby', '/chat/support', '/api', '/echo', '/prices'];
const ROOMS = ['lobby', 'support', 'traders-eu', 'traders-us', 'observers'];
const NAMES = ['Ann', 'Bo', 'Chidi', 'Dunja', 'Emre', 'Farah'];
const WORDS = 'order filled partially at the given price while the book moved on and nobody noticed'.split(' ');

const routeOf = (path) => (path.startsWith('/chat/') ? '/chat/:room' : path);
const iso = (ms) => new Date(ms).toISOString();

export class World {
  constructor({ rate = 20, connections = 40, hostile = false, empty = false, uptime = 8_053_000, now = Date.now } = {}) {
    this.now = now;
    this.version = '0.1.0';
    this.rate = empty ? 0 : rate;
    this.hostile = hostile;
    this.empty = empty;
    this.startedAt = this.now() - (empty ? 4000 : uptime);
    this.generation = 3;
    this.mistakes = null;
    this.warnings = [];
    this.requests = [];
    this.forgotten = new Set();
    this.sent = [];
    this.connections = new Map();
    this.nextId = 1;
    this.seq = 0;
    this.owed = 0;
    this.kept = [];
    this.batch = { opened: [], closed: [], messages: [], dropped: 0 };
    this.counts = { total: 0, received: empty ? 0 : 183_204, sent: empty ? 0 : 421_877, bytesIn: 0, bytesOut: 0, unanswered: empty ? 0 : 12 };
    this.hits = new Map();
    if (!empty) for (let n = 0; n < connections; n += 1) this.open();
    if (hostile) this.open({ path: HOSTILE.path, rooms: [HOSTILE.room, HOSTILE.bidi], id: HOSTILE.id });
    this.batch.opened = [];
  }

  open({ path, rooms, id } = {}) {
    const n = this.nextId;
    this.nextId += 1;
    const chosen = path ?? PATHS[n % PATHS.length];
    const c = {
      id: id ?? `conn-${n}`, path: chosen, remote: `${n % 7 ? '127.0.0.1' : '192.168.178.23'}:${40000 + (n * 7919) % 20000}`,
      since: this.now() - ((n * 104_729) % 7_200_000), in: (n * 31) % 977, out: (n * 53) % 2311, rooms: rooms ?? (chosen.startsWith('/chat/') ? [ROOMS[n % ROOMS.length]] : []),
      name: NAMES[n % NAMES.length], tls: n % 9 === 0,
    };
    if (n % 10 === 0) c.rooms = [...new Set([...c.rooms, 'observers'])];
    this.connections.set(c.id, c);
    this.counts.total += 1;
    this.batch.opened.push(this.describe(c));
    return c;
  }

  describe(c) {
    return {
      id: c.id, path: c.path, route: routeOf(c.path), remote_addr: c.remote, connected_at: iso(c.since), duration_ms: this.now() - c.since,
      messages_received: c.in, messages_sent: c.out, bytes_received: c.in * 61, bytes_sent: c.out * 118, rooms: c.rooms, subprotocol: null, tls: c.tls,
    };
  }

  detail(c) {
    const room = /^\/chat\/(.+)/.exec(c.path)?.[1];
    return {
      ...this.describe(c),
      headers: {
        host: '127.0.0.1:8080', 'user-agent': this.hostile ? HOSTILE.header : 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
        authorization: '«redacted»', cookie: '«redacted»', 'x-trace': 'abcdef0123456789'.repeat(20),
        ...(this.hostile ? { 'x-<i>name</i>': HOSTILE.message, 'x-bidi': HOSTILE.bidi } : {}),
      },
      query: { user: c.name }, params: room ? { room } : {},
      state: c.rooms.length ? { user: { name: c.name, roles: ['reader', 'writer'] }, seen: '@9007199254740993@', last: null, cart: { items: [{ sku: 'A-1', n: 2 }, { sku: 'B-7', n: 1 }], total: 41.9 } } : null,
      last_activity_at: iso(this.now() - 2500), pending_messages: 0,
    };
  }

  select(params) {
    const [q, path, room] = ['q', 'path', 'room'].map((name) => params.get(name) ?? '');
    const found = [...this.connections.values()].filter((c) =>
      (!q || [c.id, c.path, c.remote, ...c.rooms].some((text) => text.toLowerCase().includes(q.toLowerCase())))
      && (!path || c.path === path || routeOf(c.path) === path)
      && (!room || c.rooms.includes(room)));
    const sort = params.get('sort') ?? 'connected_at';
    const key = sort.replace(/^-/, '');
    const pick = { id: (c) => Number(c.id.replace(/\D/g, '')), path: (c) => c.path, remote_addr: (c) => c.remote, connected_at: (c) => c.since, messages_received: (c) => c.in, messages_sent: (c) => c.out }[key];
    const order = sort.startsWith('-') ? -1 : 1;
    return found.sort((a, b) => order * (pick(a) < pick(b) ? -1 : pick(a) > pick(b) ? 1 : 0));
  }

  sinks(path, limit) {
    if (this.empty) return [];
    const all = [
      { path: '/logs', mode: 'lenient', format: null, formats: { json_lines: 412, msgpack: 1290 }, messages: 1702, bytes: 48_210_334, records: 391_204, refused: 0, faults: 1, last_fault: 'the text ends in the middle of a value, in the record at byte 8', oddities: ['msgpack in a text message'], acknowledged: 0, unwritten: 0 },
      { path: '/strict', mode: 'strict', format: 'json_lines', formats: { json_lines: 96 }, messages: 96, bytes: 1_204_118, records: 8_114, refused: 2, faults: 0, last_fault: null, oddities: [], acknowledged: 96, unwritten: 0 },
    ];
    if (this.hostile) all.push({ ...all[1], path: HOSTILE.path, oddities: [HOSTILE.header], last_fault: HOSTILE.bidi });
    return all.filter((sink) => !path || sink.path === path).map((sink) => ({ ...sink, connections: 3, dropped: 0, ...this.forgotten.has(sink.path) && { records: 0, messages: 0, bytes: 0, formats: {} }, last: this.forgotten.has(sink.path) ? [] : this.records(sink, limit) }));
  }

  records(sink, limit) {
    const texts = this.hostile ? [HOSTILE.header, HOSTILE.bidi] : ['accepted from 10.0.4.7', 'cache is warm', 'GET /orders 200'];
    return Array.from({ length: Math.min(limit, 20) }, (_, n) => ({
      connection: `conn-${1 + (n % 3)}`, received: iso(this.now() - n * 1310), time: iso(this.now() - n * 1310 - 220), metadata: {},
      record: n === 7 ? null : { level: n % 5 ? 'info' : 'warn', message: texts[n % texts.length], id: '@9007199254740993@', tags: ['web', 'eu-1'] }, cut_from: n === 7 ? 70_112 : null,
    }));
  }

  forgetSink(path) {
    this.forgotten.add(path);
    return 1;
  }

  rooms() {
    const rooms = new Map();
    for (const c of this.connections.values()) for (const room of c.rooms) rooms.set(room, [...(rooms.get(room) ?? []), c.id]);
    return [...rooms].map(([name, members]) => ({ name, members, size: members.length }));
  }

  handlers() {
    const all = this.hostile ? [...HANDLERS, { path: HOSTILE.path, kind: HOSTILE.header, host: HOSTILE.room, place: 'evil<i>.yaml:1', notes: [HOSTILE.message], rules: [{ number: 1, pattern: HOSTILE.message, kind: HOSTILE.header, when: false, answers: 1, continue: false, line: 2, type: 'x' }], timers: [] }] : HANDLERS;
    return all.map((h) => ({
      ...h,
      latency: null, script_latency: null, ...(this.empty ? {} : LATENCIES[h.path]),
      connections: [...this.connections.values()].filter((c) => routeOf(c.path) === h.path).length,
      rules: h.rules.map(({ type, ...rule }) => ({ ...rule, hits: this.hits.get(`${h.path} ${type}`) ?? 0 })),
    }));
  }

  stats() {
    const { counts } = this;
    return {
      uptime_ms: this.now() - this.startedAt, connections: { active: this.connections.size, total: counts.total, rejected: this.empty ? 0 : 3 },
      messages: { received: counts.received, sent: counts.sent }, latency: this.latency(), bytes: { received: counts.bytesIn, sent: counts.bytesOut }, unanswered: counts.unanswered,
      errors: { parse: this.empty ? 0 : 4, timeout: 0, script: this.empty ? 0 : 1, protocol: 0, too_big: 0 }, rooms: this.rooms().length, generation: this.generation, version: this.version,
      urls: ['ws://127.0.0.1:8080'],
    };
  }

  /** Made up, and the same at the same time: a slow wave with a peak now and then. */
  latency() {
    if (this.empty || !this.rate) return { window_ms: 10_000, count: 0, p50_ms: null, p90_ms: null, p99_ms: null };
    const s = this.now() / 1000;
    const half = 0.062 + 0.011 * Math.sin(s / 23);
    const most = 0.41 + 0.1 * Math.sin(s / 11) + 0.8 * Math.exp(-(((s % 67) - 9) ** 2) / 14);
    return { window_ms: 10_000, count: this.rate * 10, p50_ms: half, p90_ms: half * 2.4, p99_ms: most };
  }

  history(params) {
    const after = Number(params.get('after') ?? 0);
    const limit = Number(params.get('limit') ?? 100);
    const [connection, path, direction] = ['connection', 'path', 'direction'].map((name) => params.get(name));
    const messages = this.kept.filter((m) => m.seq > after && (!connection || m.connection === connection) && (!path || m.path === path) && (!direction || m.direction === direction)).slice(-limit);
    return { messages, count: messages.length, next: this.seq };
  }

  log(c, direction, body, kind = 'text') {
    this.seq += 1;
    const bytes = Buffer.byteLength(body);
    const m = { seq: this.seq, at: iso(this.now()), connection: c.id, path: c.path, direction, kind, bytes };
    if (kind === 'binary') m.base64 = Buffer.from(body).toString('base64');
    else m.text = String(body).slice(0, CUT);
    m.cut = kind === 'text' && String(body).length > CUT;
    this.kept.push(m);
    if (this.kept.length > KEPT) this.kept.shift();
    this.batch.messages.push(m);
    if (direction === 'in') { c.in += 1; this.counts.received += 1; this.counts.bytesIn += bytes; }
    else { c.out += 1; this.counts.sent += 1; this.counts.bytesOut += bytes; }
    return m;
  }

  tick(ms) {
    this.owed += (this.rate * ms) / 1000;
    const all = [...this.connections.values()];
    while (this.owed >= 1 && all.length) {
      this.owed -= 1;
      this.say(all[(this.seq * 37) % all.length]);
    }
  }

  say(c) {
    const n = this.seq + 1;
    if (n % 199 === 0) this.log(c, 'in', Buffer.from(Array.from({ length: 40 }, (_, i) => (i * n) % 256)), 'binary');
    else if (n % 397 === 0) this.log(c, 'in', JSON.stringify({ type: 'upload', data: 'x'.repeat(9000) }));
    else if (this.hostile && n % 5 === 0) this.log(c, 'in', n % 10 ? HOSTILE.message : HOSTILE.bidi);
    else if (n % 3) this.log(c, 'out', this.answer(c, n));
    else {
      this.log(c, 'in', this.question(c, n));
      const kind = ['say', 'typing', 'order', 'ping'][(n / 3) % 4];
      const key = `${routeOf(c.path)} ${kind}`;
      this.hits.set(key, (this.hits.get(key) ?? 0) + 1);
    }
  }

  question(c, n) {
    if (n % 12 === 0) return 'ping';
    if (n % 9 === 0) return `/nick ${c.name}`;
    return JSON.stringify({ type: n % 2 ? 'say' : 'order', id: n, text: `${WORDS[n % WORDS.length]} ${WORDS[(n * 7) % WORDS.length]}`, amount: n % 97 });
  }

  answer(c, n) {
    return JSON.stringify({ type: n % 2 ? 'said' : 'accepted', id: n, by: c.name, text: WORDS.slice(n % 9, (n % 9) + 5).join(' '), at: iso(this.now()), book: { bid: [101.25, 101.2], ask: [101.3, 101.35], depth: { levels: 2, exact: true } } });
  }

  takeBatch() {
    const { batch } = this;
    this.batch = { opened: [], closed: [], messages: [], dropped: 0 };
    return batch;
  }

  send(c, { kind, body, text }) {
    this.sent.push({ id: c.id, kind, text, hex: body.toString('hex') });
    this.log(c, 'out', kind === 'binary' ? body : text, kind);
    return { success: true, id: c.id, bytes: body.length };
  }

  broadcast(params, what) {
    const all = this.select(new URLSearchParams([...params].filter(([name]) => name !== 'q')));
    for (const c of all) this.send(c, what);
    return { success: true, delivered: all.length };
  }

  close(c, code, reason) {
    this.connections.delete(c.id);
    this.batch.closed.push({ id: c.id, ending: `closed by the server with ${code}${reason ? ` “${reason}”` : ''}` });
    return { success: true, id: c.id };
  }

  try(path, text) {
    const handler = this.handlers().find((h) => h.path === routeOf(path));
    if (!handler) return null;
    const { rules } = HANDLERS.find((h) => h.path === handler.path) ?? { rules: [] };
    let type = text.trim().split(' ')[0].replace('/', '');
    try {
      type = JSON.parse(text).type;
    } catch {
      // a word then
    }
    const file = handler.place.split(':')[0];
    const judged = rules.map((rule) => ({
      number: rule.number, pattern: rule.pattern, kind: rule.kind, matches: rule.type === type, place: `${file}:${rule.line}`,
      ...(rule.type === type ? {} : { reason: `\`type\` is ${JSON.stringify(type)}, not ${JSON.stringify(rule.type)}` }),
      ...(rule.when ? { note: 'has a condition, which was not evaluated' } : {}),
    }));
    const by = judged.find((rule) => rule.matches);
    const answers = handler.kind === 'websocket (echo)' ? [text] : by ? [JSON.stringify({ type: `${type}-ack`, at: '2026-11-21T14:00:00.123Z', echo: { text, ok: true } })] : [];
    return { route: handler.path, answered_by: by?.number ?? null, rules: judged, answers, script: false, forwarded: !by && this.forwards === handler.path };
  }
}
