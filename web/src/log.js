// The bounded log of messages, and filtered views of it that are built in slices so that the page never stalls.
export const CAPACITY = 20_000;
/** Characters of all texts together; long messages must not take the memory that the number alone would allow. */
export const CAPACITY_CHARS = 48_000_000;
const SLICE_MS = 6;

const weight = (message) => (message.text ?? message.base64 ?? '').length;

/** First in, first out, over an array whose head moves; compacted when half of it is behind the head. */
export class Fifo {
  constructor(items = []) {
    this.items = items;
    this.head = 0;
  }

  get length() {
    return this.items.length - this.head;
  }

  at(index) {
    return this.items[this.head + index];
  }

  push(item) {
    this.items.push(item);
  }

  shift() {
    const item = this.items[this.head];
    this.items[this.head] = undefined;
    this.head += 1;
    if (this.head > 1024 && this.head * 2 > this.items.length) {
      this.items = this.items.slice(this.head);
      this.head = 0;
    }
    return item;
  }

  copy() {
    return new Fifo(this.items.slice(this.head));
  }

  clear() {
    this.items = [];
    this.head = 0;
  }
}

export class Log {
  constructor(capacity = CAPACITY, capacityChars = CAPACITY_CHARS) {
    this.capacity = capacity;
    this.capacityChars = capacityChars;
    this.fifo = new Fifo();
    this.chars = 0;
    this.next = 0; // our own number of the next message: the server's starts again when it does
    this.dropped = 0;
  }

  get first() {
    return this.next - this.fifo.length;
  }

  push(message) {
    message.n = this.next;
    this.next += 1;
    this.chars += weight(message);
    this.fifo.push(message);
    while (this.fifo.length > this.capacity || (this.chars > this.capacityChars && this.fifo.length > 1)) {
      this.chars -= weight(this.fifo.shift());
      this.dropped += 1;
    }
  }

  clear() {
    this.fifo.clear();
    this.chars = 0;
    this.dropped = 0;
  }
}

const pause = () => new Promise((resolve) => { setTimeout(resolve, 0); });
const everything = () => true;

/** The messages of a log that pass a test, kept up to date message by message. */
export class View {
  constructor(log) {
    this.log = log;
    this.test = everything;
    this.fifo = new Fifo();
    this.seen = log.next;
    this.run = 0;
    this.building = false;
  }

  get length() {
    return this.fifo.length;
  }

  at(index) {
    return this.fifo.at(index);
  }

  /** Takes in what the log got since the last call; gives how many rows left at the top. */
  update() {
    if (this.building) return 0;
    const { log } = this;
    for (let n = Math.max(this.seen, log.first); n < log.next; n += 1) {
      const message = log.fifo.at(n - log.first);
      if (this.test(message)) this.fifo.push(message);
    }
    this.seen = log.next;
    return evict(this.fifo, log.first);
  }

  /** Starts over with another test; resolves to false when a newer call overtook this one. */
  async rebuild(test, log = this.log) {
    this.run += 1;
    const run = this.run;
    this.building = true;
    this.log = log;
    this.test = test;
    const out = new Fifo();
    let n = log.first;
    while (n < log.next) {
      const end = performance.now() + SLICE_MS;
      n = scan(log, n, test, out, end);
      if (n >= log.next) break;
      await pause();
      if (run !== this.run) return false;
    }
    evict(out, log.first);
    this.fifo = out;
    this.seen = n;
    this.building = false;
    return true;
  }
}

function scan(log, from, test, out, end) {
  let n = Math.max(from, log.first);
  while (n < log.next) {
    const message = log.fifo.at(n - log.first);
    if (test(message)) out.push(message);
    n += 1;
    if (n % 32 === 0 && performance.now() > end) break;
  }
  return n;
}

function evict(fifo, first) {
  let gone = 0;
  while (fifo.length && fifo.at(0).n < first) {
    fifo.shift();
    gone += 1;
  }
  return gone;
}

const literal = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** A test for { direction, path, connection, text }; path matches a part, text ignores case. */
export function filterTest({ direction, path, connection, text }) {
  const words = text ? new RegExp(literal(text), 'i') : null;
  if (!direction && !path && !connection && !words) return everything;
  return (message) =>
    (!direction || message.direction === direction)
    && (!path || message.path.includes(path))
    && (!connection || message.connection === connection)
    && (!words || words.test(message.text ?? ''));
}

/** A log that stands still, for the time of a pause. */
export function frozen(log) {
  const copy = new Log(log.capacity, log.capacityChars);
  copy.fifo = log.fifo.copy();
  copy.next = log.next;
  return copy;
}
