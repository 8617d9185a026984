// Values as text for people: numbers, sizes, times, and strings that came from strangers.
const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

export const count = (n) => (Number.isFinite(n) ? whole.format(n) : '–');

/** Sentences of the server begin with a small letter, so that they fit into a log. */
export const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

export const plural = (n, one, many = `${one}s`) => `${count(n)} ${n === 1 ? one : many}`;

export function rate(n) {
  if (!Number.isFinite(n)) return '–';
  return n > 0 && n < 10 ? n.toFixed(1) : whole.format(n);
}

export function size(bytes) {
  if (!Number.isFinite(bytes)) return '–';
  if (bytes < 1024) return `${bytes} B`;
  const units = ['KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes / 1024;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value < 10 ? value.toFixed(1) : whole.format(value)} ${units[unit]}`;
}

/** Two parts at most: `3 s`, `12 min 5 s`, `2 h 14 min`, `5 d 3 h`. */
export function duration(ms) {
  if (!Number.isFinite(ms)) return '–';
  const s = Math.max(0, Math.floor(ms / 1000));
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${s % 60} s`;
  if (s < 86_400) return `${Math.floor(s / 3600)} h ${Math.floor(s / 60) % 60} min`;
  return `${Math.floor(s / 86_400)} d ${Math.floor(s / 3600) % 24} h`;
}

export function interval(ms) {
  return ms < 1000 ? `${ms} ms` : `${Number((ms / 1000).toFixed(3))} s`;
}

/** How long something took, in two or three digits: `45 µs`, `1.2 ms`, `340 ms`, `2.5 s`. */
export function took(ms) {
  if (!Number.isFinite(ms)) return '–';
  if (ms < 0.9995) return `${Math.round(ms * 1000)} µs`;
  if (ms < 999.5) return `${ms < 9.95 ? Number(ms.toFixed(1)) : Math.round(ms)} ms`;
  return `${Number((ms / 1000).toFixed(1))} s`;
}

const pad = (n, width = 2) => String(n).padStart(width, '0');

/** An instant as the wall clock of the reader shows it. */
export function clock(at, millis = true) {
  const time = at instanceof Date ? at : new Date(at);
  if (Number.isNaN(time.getTime())) return '–';
  const text = `${pad(time.getHours())}:${pad(time.getMinutes())}:${pad(time.getSeconds())}`;
  return millis ? `${text}.${pad(time.getMilliseconds(), 3)}` : text;
}

export function dateTime(at) {
  const time = new Date(at);
  if (Number.isNaN(time.getTime())) return '–';
  return `${time.getFullYear()}-${pad(time.getMonth() + 1)}-${pad(time.getDate())} ${clock(time)}`;
}

// Control characters, and those that turn the direction of text around or take no room: shown instead of obeyed.
// eslint-disable-next-line no-control-regex
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;
const NAMED = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };
const escape = (c) => NAMED[c] ?? `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** One line: everything unseen becomes an escape. */
export const oneLine = (text) => String(text).replace(UNSEEN, escape);

/** Several lines: line breaks and tabs stay. */
export const lines = (text) => String(text).replace(UNSEEN, (c) => (c === '\n' || c === '\t' ? c : escape(c)));

/** base64 as hex, sixteen bytes a line with their place and their letters. */
export function hexDump(base64, most = 4096) {
  const binary = atob(base64);
  const rows = [];
  for (let at = 0; at < Math.min(binary.length, most); at += 16) {
    const part = binary.slice(at, at + 16);
    const hex = Array.from(part, (c) => pad(c.charCodeAt(0).toString(16))).join(' ');
    const seen = part.replace(/[^\x20-\x7e]/g, '.');
    rows.push(`${pad(at.toString(16), 4)}  ${hex.padEnd(47)}  ${seen}`);
  }
  return rows.join('\n');
}

export function hexPreview(base64, most = 32) {
  let binary = '';
  try {
    binary = atob(base64.slice(0, Math.ceil(most / 3) * 4));
  } catch {
    return '';
  }
  return Array.from(binary.slice(0, most), (c) => pad(c.charCodeAt(0).toString(16))).join(' ');
}

/** `0a ff 3c` or `0aff3c` as bytes, or a sentence that says what is wrong. */
export function parseHex(text) {
  const digits = text.replace(/\s+|0x/gi, '');
  const wrong = /[^0-9a-f]/i.exec(digits);
  if (wrong) return { error: `“${wrong[0]}” is not a hex digit` };
  if (digits.length % 2) return { error: `${plural(digits.length, 'hex digit')}: one is missing, bytes have two` };
  return { bytes: Uint8Array.from(digits.match(/../g) ?? [], (pair) => parseInt(pair, 16)) };
}
