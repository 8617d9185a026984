// The parts of the page that need no page: JSON nodes, texts, the log.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { count, duration, hexDump, interval, lines, oneLine, parseHex, rate, size, took } from '../src/format.js';
import { MAX_DEPTH, member, parseNodes, tryNodes } from '../src/json-nodes.js';
import { Fifo, Log, View, filterTest, frozen } from '../src/log.js';

test('nodes keep the order, repeated keys and long numbers', () => {
  const node = parseNodes(' {"b": 9007199254740993, "1": [true, null], "b": "\\u00e9", "__proto__": {}} ');
  assert.deepEqual(node.entries.map(([key]) => key), ['b', '1', 'b', '__proto__']);
  assert.equal(node.entries[0][1].text, '9007199254740993');
  assert.equal(node.entries[2][1].value, 'é');
  assert.equal(member(node, '1').items.length, 2);
});

test('nodes agree with JSON.parse about what is JSON', () => {
  const good = ['0', '-1.5e+3', '""', '[]', '{}', '[1,[2,{"a":false}]]', '"\\u0000"', ' \n1\t'];
  const bad = ['', '01', '1.', '.5', '+1', '[1,]', '{"a":1,}', "{'a':1}", '{a:1}', '"\n"', '"\\x"', 'nul', 'NaN', '1 2', '{"a"}', '[', '"', '\u00a01'];
  for (const text of good) {
    JSON.parse(text);
    assert.ok(tryNodes(text), text);
  }
  for (const text of bad) {
    assert.throws(() => JSON.parse(text), text);
    assert.equal(tryNodes(text), null, text);
  }
});

test('a mistake in JSON says what was expected and where', () => {
  assert.throws(() => parseNodes('{"a": 1,}'), { message: 'expected a string, found “}” (character 9)' });
  assert.throws(() => parseNodes('[1'), { message: 'expected “]”, the text ends (character 3)' });
  assert.throws(() => parseNodes('['.repeat(100_000)), { message: `nested more than ${MAX_DEPTH} levels deep` });
});

test('numbers, sizes and times', () => {
  assert.deepEqual([count(1234567), count(undefined), rate(0), rate(0.44), rate(1012.6)], ['1,234,567', '–', '0', '0.4', '1,013']);
  assert.deepEqual([size(0), size(1023), size(1024), size(15_000_000)], ['0 B', '1023 B', '1.0 KiB', '14 MiB']);
  assert.deepEqual([duration(0), duration(65_000), duration(8_053_000), duration(1e9)], ['0 s', '1 min 5 s', '2 h 14 min', '11 d 13 h']);
  assert.deepEqual([0.0454, 0.9991, 0.9996, 1.234, 9.96, 340.4, 999.6, 2540, null].map(took), ['45 µs', '999 µs', '1 ms', '1.2 ms', '10 ms', '340 ms', '1 s', '2.5 s', '–']);
  assert.deepEqual([interval(250), interval(1500), interval(60_000)], ['250 ms', '1.5 s', '60 s']);
});

test('what cannot be seen is shown', () => {
  assert.equal(oneLine('a\nb\u202ec\u0000\u200b'), 'a\\nb\\u202ec\\u0000\\u200b');
  assert.equal(lines('a\nb\tc\u001b[31m'), 'a\nb\tc\\u001b[31m');
});

test('hex in and out', () => {
  assert.deepEqual([...parseHex('0a FF\n0x10').bytes], [10, 255, 16]);
  assert.match(parseHex('0a f').error, /3 hex digits/);
  assert.match(parseHex('zz').error, /“z”/);
  assert.equal(hexDump(btoa('hello\n')), '0000  68 65 6c 6c 6f 0a                                hello.');
});

test('a queue that is longer than it ever was', () => {
  const fifo = new Fifo();
  for (let n = 0; n < 10_000; n += 1) {
    fifo.push(n);
    if (fifo.length > 100) assert.equal(fifo.shift(), n - 100);
  }
  assert.equal(fifo.length, 100);
  assert.equal(fifo.at(0), 9900);
  assert.ok(fifo.items.length < 3000);
});

const messageOf = (n, more = {}) => ({ seq: n, path: '/a', direction: 'in', connection: 'conn-1', text: `message ${n}`, ...more });

test('the log is bounded in messages and in characters, and counts what it dropped', () => {
  const log = new Log(10, 1000);
  for (let n = 0; n < 25; n += 1) log.push(messageOf(n));
  assert.deepEqual([log.fifo.length, log.dropped, log.first, log.next], [10, 15, 15, 25]);
  log.push(messageOf(25, { text: 'x'.repeat(995) }));
  assert.equal(log.fifo.length, 1);
});

test('views follow the log, forget what it dropped, and stand still with a frozen one', async () => {
  const log = new Log(100);
  const view = new View(log);
  for (let n = 0; n < 90; n += 1) log.push(messageOf(n, { direction: n % 2 ? 'in' : 'out' }));
  await view.rebuild(filterTest({ direction: 'in' }));
  assert.equal(view.length, 45);
  const still = frozen(log);
  for (let n = 90; n < 120; n += 1) log.push(messageOf(n, { direction: n % 2 ? 'in' : 'out' }));
  assert.equal(view.update(), 10);
  assert.equal(view.length, 50);
  assert.equal(view.at(0).seq, 21);
  await view.rebuild(filterTest({ text: 'MESSAGE 1' }), still);
  assert.equal(view.length, 11);
});

test('filters', () => {
  const m = messageOf(1, { path: '/chat/lobby', text: 'a (b) [c' });
  for (const [filter, expected] of [[{}, true], [{ text: '(B) [' }, true], [{ text: 'z' }, false], [{ path: 'chat' }, true], [{ path: 'x' }, false], [{ direction: 'out' }, false], [{ connection: 'conn-2' }, false]]) {
    assert.equal(filterTest(filter)(m), expected, JSON.stringify(filter));
  }
  assert.equal(filterTest({ text: 'a' })({ ...m, text: undefined, base64: 'YQ==' }), false);
});
