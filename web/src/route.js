// The part of the address after `#` decides what is shown: `#/connections/conn-1?q=room:lobby`.
import { signal } from '@preact/signals';

export const PAGES = ['overview', 'connections', 'messages', 'handlers', 'rooms', 'sinks', 'try'];

const decode = (text) => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

export function parse(hash) {
  const [path, query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const [page, ...rest] = path.split('/');
  return {
    page: PAGES.includes(page) ? page : 'overview',
    item: rest.length ? decode(rest.join('/')) : '',
    query: new URLSearchParams(query),
  };
}

/** An address within the page; empty parameters are left out. */
export function link(page, item = '', params = {}) {
  const query = new URLSearchParams(Object.entries(params).filter(([, value]) => value)).toString();
  return `#/${page}${item ? `/${encodeURIComponent(item)}` : ''}${query ? `?${query}` : ''}`;
}

export const route = signal(parse(location.hash));
addEventListener('hashchange', () => { route.value = parse(location.hash); });

export const go = (...where) => { location.hash = link(...where); };

/** Changes the address without a step in the history, for what is typed letter by letter. */
export function replace(...where) {
  history.replaceState(null, '', link(...where));
  route.value = parse(location.hash);
}
