// Gives the functions that show a scope's variables, with built-in functions as they were before any script ran.
(function (seed) {
  const { keys, is } = Object;
  const { isArray } = Array;
  const stringify = JSON.stringify;
  const evaluate = (0, eval);
  const call = Function.prototype.call;
  const bind = (method) => call.bind(method);
  const sourceOf = bind(Function.prototype.toString);
  const push = bind(Array.prototype.push);
  const join = bind(Array.prototype.join);
  const has = bind(Array.prototype.includes);
  const String = globalThis.String;
  const imul = Math.imul;
  const world = globalThis;

  // The same walk draws the same numbers.
  let state = seed | 0;
  Math.random = function random() {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };

  const deepest = 10;
  const longest = 20;

  function list(value, above) {
    const shown = [];
    for (let at = 0; at < value.length; at += 1) {
      if (at === longest) {
        push(shown, '...');
        break;
      }
      push(shown, inner(value[at], above));
    }
    return '[' + join(shown, ', ') + ']';
  }

  function members(value, above) {
    const shown = [];
    for (const name of keys(value)) {
      if (shown.length === longest) {
        push(shown, '...');
        break;
      }
      push(shown, name + ': ' + inner(value[name], above));
    }
    return '{' + join(shown, ', ') + '}';
  }

  function inner(value, above) {
    if (typeof value === 'string') return stringify(value);
    if (typeof value !== 'object' || value === null) return simple(value);
    if (has(above, value)) return '(this)';
    if (above.length === deepest) return isArray(value) ? '[...]' : '{...}';
    const inside = [...above, value];
    if (isArray(value)) return list(value, inside);
    return isPlain(value) ? members(value, inside) : String(value);
  }

  function isPlain(value) {
    return !(value instanceof Error || value instanceof RegExp || value instanceof Date);
  }

  function simple(value) {
    if (typeof value === 'function') return sourceOf(value);
    if (typeof value === 'bigint') return String(value) + 'n';
    return is(value, -0) ? '-0' : String(value);
  }

  function show(value) {
    if (typeof value === 'string') return value;
    if (isArray(value)) return '(' + value.length + ')' + inner(value, []);
    return inner(value, []);
  }

  function data(declared) {
    const pairs = [];
    for (const name of keys(world)) push(pairs, name, show(world[name]));
    for (const name of declared) {
      if (name in world) continue;
      let value;
      try {
        value = evaluate(name);
      } catch {
        continue;
      }
      push(pairs, name, show(value));
    }
    return pairs;
  }

  return { show, data };
})
