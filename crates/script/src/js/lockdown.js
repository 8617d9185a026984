// Runs once in every new engine, after the host's names were defined and before any text of a user. Takes away
// what makes code from text or blocks a thread, and freezes everything that is left: what one call does to a
// built-in object would otherwise be seen by the next. Its value is the set of tools that the host calls.
(function () {
  "use strict";
  const { defineProperty, getOwnPropertyDescriptor, getPrototypeOf, setPrototypeOf, freeze, create } = Object;
  const { ownKeys, apply } = Reflect;
  const { isArray } = Array;
  const { parse } = JSON;
  const { fromCharCode } = String;
  const toWellFormed = String.prototype.toWellFormed;
  const subarray = Uint8Array.prototype.subarray;

  for (const name of [
    "eval", "Atomics", "SharedArrayBuffer", "WeakRef", "FinalizationRegistry", "performance", "navigator",
    "print", "load", "std", "os", "bjson", "gc",
  ]) {
    delete globalThis[name];
  }

  // `Error.prepareStackTrace` and `Error.stackTraceLimit` write into the engine, frozen or not.
  delete Error.prepareStackTrace;
  delete Error.stackTraceLimit;

  // Functions of every kind keep their prototype, but nothing can be made from text with them.
  const functions = [
    function () {}, async function () {}, function* () {}, async function* () {},
  ].map((example) => getPrototypeOf(example));
  for (const prototype of functions) {
    const denied = function Function() {
      throw new TypeError("code cannot be made from text here");
    };
    defineProperty(denied, "prototype", { value: prototype, writable: false });
    defineProperty(prototype, "constructor", { value: denied, writable: false, configurable: false });
  }
  globalThis.Function = functions[0].constructor;

  // A frozen property of a prototype would forbid the property of that name in every object that inherits from
  // it: `error.name = "Mine"`. These prototypes let their heirs have their own.
  const inheritable = (prototype) => {
    for (const key of ownKeys(prototype)) {
      const { value, configurable, enumerable, writable } = getOwnPropertyDescriptor(prototype, key);
      if (!configurable || !writable) continue;
      defineProperty(prototype, key, {
        enumerable,
        configurable: false,
        get() {
          return value;
        },
        set(own) {
          if (this === prototype) throw new TypeError("built-in objects cannot be changed");
          defineProperty(this, key, { value: own, writable: true, enumerable: true, configurable: true });
        },
      });
    }
  };
  const errors = ownKeys(globalThis)
    .map((name) => getOwnPropertyDescriptor(globalThis, name).value)
    .filter((each) => each === Error || (typeof each === "function" && getPrototypeOf(each) === Error));
  [Object, ...errors].forEach((constructor) => inheritable(constructor.prototype));
  for (const prototype of [Function.prototype, Array.prototype]) {
    const { toString } = prototype;
    defineProperty(prototype, "toString", {
      configurable: false,
      get() {
        return toString;
      },
      set(own) {
        if (this === prototype) throw new TypeError("built-in objects cannot be changed");
        defineProperty(this, "toString", { value: own, writable: true, enumerable: true, configurable: true });
      },
    });
  }

  // What a message of a handler falls back to when its own members do not have the name.
  const fallback = (message, text, binary) => {
    const hidden = (value) => ({ value, writable: true, enumerable: false, configurable: true });
    const prototype = create(isArray(message) ? Array.prototype : Object.prototype, {
      text: hidden(text),
      $raw: hidden(text),
      $binary: hidden(binary),
    });
    return setPrototypeOf(message, prototype);
  };

  const Envelope = {
    get json() {
      let value;
      try {
        value = parse(this.text);
      } catch {
        value = undefined;
      }
      defineProperty(this, "json", { value, writable: true, configurable: true });
      return value;
    },
  };
  const envelope = (text, binary, type, size, timestamp) => {
    const message = create(Envelope);
    message.text = text;
    message.binary = binary;
    message.type = type;
    message.size = size;
    message.timestamp = timestamp;
    return message;
  };

  // One character for each byte: the way bytes leave the engine.
  const latin1 = (bytes) => {
    const parts = [];
    for (let at = 0; at < bytes.length; at += 4096) {
      parts[parts.length] = apply(fromCharCode, undefined, apply(subarray, bytes, [at, at + 4096]));
    }
    let all = "";
    for (let at = 0; at < parts.length; at += 1) all += parts[at];
    return all;
  };

  const wellFormed = (text) => apply(toWellFormed, text, []);
  const length = (text) => text.length;

  const frozen = new Set();
  const hold = (value) => {
    if ((typeof value !== "object" && typeof value !== "function") || value === null) return;
    if (frozen.has(value)) return;
    frozen.add(value);
    freeze(value);
    hold(getPrototypeOf(value));
    for (const key of ownKeys(value)) {
      const property = getOwnPropertyDescriptor(value, key);
      hold(property.value);
      hold(property.get);
      hold(property.set);
    }
  };
  hold(globalThis);
  // Built-in objects that no name leads to.
  const generator = (function* () {})();
  const asyncGenerator = (async function* () {})();
  const iterators = [
    [][Symbol.iterator](), ""[Symbol.iterator](), new Map()[Symbol.iterator](), new Set()[Symbol.iterator](),
    "".matchAll(/./g), generator, asyncGenerator,
  ];
  if (typeof Iterator === "function") {
    iterators.push([].values().map((each) => each), Iterator.from({ next() {} }));
  }
  iterators.forEach((each) => hold(getPrototypeOf(each)));
  functions.forEach(hold);
  hold(Envelope);

  return { envelope, fallback, latin1, length, wellFormed };
})();
