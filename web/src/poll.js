// Data that is asked for again and again while somebody looks at it.
import { effect } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import { link } from './stream.js';

/** Gives { data, error, refresh }; old data stays until newer came. Nothing is asked while the server is away. */
export function usePoll(load, everyMs, deps) {
  const [state, setState] = useState({ data: null, error: null });
  const refresh = useRef(() => {});
  useEffect(() => {
    const poller = new Poller(load, everyMs, setState);
    refresh.current = () => poller.soon();
    const stop = effect(() => { if (link.value.kind === 'live') poller.soon(); });
    const shown = () => { if (!document.hidden) poller.soon(); };
    document.addEventListener('visibilitychange', shown);
    poller.turn();
    return () => {
      poller.stop();
      stop();
      document.removeEventListener('visibilitychange', shown);
    };
  }, deps);
  return { ...state, refresh: () => refresh.current() };
}

const LEAST_MS = 200;

class Poller {
  constructor(load, everyMs, tell) {
    this.load = load;
    this.everyMs = everyMs;
    this.tell = tell;
    this.abort = new AbortController();
    this.timer = 0;
    this.busy = false;
    this.wanted = false;
    this.startedAt = -Infinity;
  }

  soon() {
    if (this.busy) {
      this.wanted = true;
      return;
    }
    this.later(Math.max(0, this.startedAt + LEAST_MS - performance.now()));
  }

  later(ms) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.turn(), ms);
  }

  async turn() {
    if (this.busy || this.abort.signal.aborted) return;
    if (document.hidden || link.value.kind === 'waiting') return; // an event wakes us
    this.busy = true;
    this.wanted = false;
    this.startedAt = performance.now();
    try {
      const data = await this.load(this.abort.signal);
      if (!this.abort.signal.aborted) this.tell({ data, error: null });
    } catch (error) {
      if (!this.abort.signal.aborted) this.tell((old) => ({ ...old, error }));
    }
    this.busy = false;
    this.later(this.wanted ? LEAST_MS : this.everyMs);
  }

  stop() {
    clearTimeout(this.timer);
    this.abort.abort();
  }
}
