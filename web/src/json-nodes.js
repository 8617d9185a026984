// JSON text as nodes for the tree: order, repeated keys and long numbers stay as they were sent.
//
// { kind: 'object', entries: [[key, node]] } | { kind: 'array', items: [node] } | { kind: 'string', value }
// | { kind: 'number' | 'word', text }
export const MAX_DEPTH = 256;

const SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;

class Reader {
  constructor(text) {
    this.text = text;
    this.at = 0;
    this.depth = 0;
  }

  take(pattern) {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (!found) return null;
    this.at += found[0].length;
    return found[0];
  }

  skip() {
    this.take(SPACE);
  }

  eat(letter) {
    this.skip();
    if (this.text[this.at] !== letter) return false;
    this.at += 1;
    return true;
  }

  must(letter) {
    if (!this.eat(letter)) this.fail(`expected “${letter}”`);
  }

  fail(what) {
    const found = this.at < this.text.length ? `found “${this.text[this.at]}”` : 'the text ends';
    throw new SyntaxError(`${what}, ${found} (character ${this.at + 1})`);
  }

  string() {
    this.skip();
    const raw = this.take(STRING);
    if (raw === null) this.fail('expected a string');
    return JSON.parse(raw);
  }

  value() {
    this.skip();
    const letter = this.text[this.at];
    if (letter === '{') return this.nested(() => this.object());
    if (letter === '[') return this.nested(() => this.array());
    if (letter === '"') return { kind: 'string', value: this.string() };
    const number = this.take(NUMBER);
    if (number !== null) return { kind: 'number', text: number };
    const word = this.take(WORD);
    if (word === null) this.fail('expected a value');
    return { kind: 'word', text: word };
  }

  nested(read) {
    this.depth += 1;
    if (this.depth > MAX_DEPTH) throw new SyntaxError(`nested more than ${MAX_DEPTH} levels deep`);
    const node = read();
    this.depth -= 1;
    return node;
  }

  object() {
    const entries = [];
    this.must('{');
    if (this.eat('}')) return { kind: 'object', entries };
    do {
      const key = this.string();
      this.must(':');
      entries.push([key, this.value()]);
    } while (this.eat(','));
    this.must('}');
    return { kind: 'object', entries };
  }

  array() {
    const items = [];
    this.must('[');
    if (this.eat(']')) return { kind: 'array', items };
    do items.push(this.value()); while (this.eat(','));
    this.must(']');
    return { kind: 'array', items };
  }
}

/** Throws a SyntaxError that says what was expected and at which character. */
export function parseNodes(text) {
  const reader = new Reader(text);
  const node = reader.value();
  reader.skip();
  if (reader.at < text.length) reader.fail('expected the end');
  return node;
}

export function tryNodes(text) {
  try {
    return parseNodes(text);
  } catch {
    return null;
  }
}

/** The member of an object node, or undefined. */
export const member = (node, key) => node.entries?.find(([name]) => name === key)?.[1];
