// What is known of the sessions: the list of all, and the one that is watched with its models, visits and variables. The page
// asks for what has changed whenever it is ready to draw again, so that no walk is too fast for it.
import { batch, effect, signal } from '@preact/signals';
import { capital, oneLine } from '../format.js';
import { notify } from '../parts/notice.js';
import { ask, link, onEvent, onOpen } from './link.js';
import { readModels } from './model.js';

const LOOK_MS = 100;
const LIST_MS = 1000;
const STATE_MS = 500;

/** All sessions as the list tells them; null before the first list came. */
export const sessions = signal(null);
/** The session that is watched: { id, name, seed, models, elements, visits }; null if none is. */
export const session = signal(null);
/** How it is doing: the last answer to `getVisits`. */
export const live = signal(null);
/** Its variables, requirements and coverage as it last told them. */
export const state = signal(null);
/** Counts changes of visits. */
export const visited = signal(0);
/** Places of elements that pause it. */
export const breakpoints = signal(new Set());
export const delay = signal(0);
/** Why a session that was asked for is not there. */
export const missing = signal('');

const fromAddress = () => {
  const name = /^#\/([\w-]+)$/.exec(location.hash)?.[1] ?? '';
  return name.startsWith('session-') ? name : '';
};
/** The id in the address: what somebody wants to watch. */
export const chosen = signal(fromAddress());
addEventListener('hashchange', () => { chosen.value = fromAddress(); });
export const choose = (id) => { location.hash = `#/${id}`; };

/** What was wanted of sessions that are not watched just now; by id and seed, for another process has the same ids. */
const wishes = new Map();
const MOST_WISHES = 100;
const keyOf = ({ id, seed }) => `${id} ${seed}`;

const silently = () => {}; // the connection says by itself that it is lost

// The list

let listTimer = 0;
let isListing = false;

async function list() {
  clearTimeout(listTimer);
  if (isListing || link.value.kind !== 'live') return;
  isListing = true;
  try {
    const { sessions: found } = await ask('listSessions', { details: true });
    sessions.value = found;
    if (!chosen.value && found.length) {
      history.replaceState(null, '', `#/${found.at(-1).id}`);
      chosen.value = found.at(-1).id;
    }
  } catch {
    // asked again below, or when the connection is back
  }
  isListing = false;
  listTimer = setTimeout(list, document.hidden ? 10 * LIST_MS : LIST_MS);
}

// The watched session

let turn = 0; // a new number for each session that is watched: answers for an older one are late

async function watch(id) {
  turn += 1;
  const mine = turn;
  if (!id) return;
  try {
    const found = await ask('subscribeSession', { sessionId: id, steps: false });
    if (mine !== turn) return;
    begin(found);
    await Promise.all([resumeWishes(), look(mine)]);
  } catch (error) {
    if (mine === turn && link.value.kind === 'live') gone(id, error.message);
  }
}

function begin(found) {
  const before = session.value;
  const isSame = before && before.id === found.sessionId && before.seed === found.seed;
  const read = isSame ? before : readModels(found.models);
  const next = { id: found.sessionId, name: found.name, seed: found.seed, models: read.models, elements: read.elements, visits: isSame ? before.visits : new Uint32Array(read.elements.length), isFresh: true };
  const wished = wishes.get(keyOf(next)) ?? { places: [], delay: 0 };
  batch(() => {
    session.value = next;
    live.value = isSame ? { ...live.value, ended: false } : null;
    if (!isSame) state.value = null;
    missing.value = '';
    breakpoints.value = new Set(wished.places);
    delay.value = wished.delay;
    visited.value += 1;
  });
}

/** A connection that is new has no breakpoints yet. */
async function resumeWishes() {
  if (breakpoints.value.size) await sendBreakpoints();
  if (delay.value) await ask('setDelay', { sessionId: session.value.id, value: delay.value });
}

function gone(id, reason) {
  batch(() => {
    if (session.value?.id === id) {
      live.value = { ...live.value, ended: true };
    } else {
      session.value = null;
      missing.value = /no session/.test(reason) ? `There is no ${id} here; it may have ended.` : `${capital(oneLine(reason))}.`;
    }
  });
}

let lookTimer = 0;
let stateAt = -Infinity;
let stateOf = '';

async function look(mine) {
  clearTimeout(lookTimer);
  if (mine !== turn || document.hidden) return; // an event goes on with it
  try {
    const now = await ask('getVisits', { sessionId: session.value.id });
    if (mine !== turn) return;
    take(now);
    if (!now.ended) wantState(now);
    if (now.ended) return;
  } catch (error) {
    if (mine === turn && link.value.kind === 'live') gone(session.value.id, error.message);
    return;
  }
  clearTimeout(lookTimer); // another look may have been asked for meanwhile
  lookTimer = setTimeout(() => look(mine), LOOK_MS);
}

function take({ changes, ...now }) {
  const { visits } = session.value;
  if (session.value.isFresh) {
    visits.fill(0); // a new connection is told everything
    session.value.isFresh = false;
  }
  for (let at = 0; at < changes.length; at += 2) visits[changes[at]] = changes[at + 1];
  batch(() => {
    const before = live.value;
    live.value = same(before, now) ? before : now;
    if (changes.length) visited.value += 1;
  });
}

const same = (a, b) => a && JSON.stringify(a) === JSON.stringify(b);

/** Variables and requirements are asked for more rarely: to tell them costs the walk a moment. */
function wantState({ sessionId, totalCount, failure }) {
  const now = performance.now();
  const key = `${sessionId} ${totalCount} ${failure ?? ''}`;
  if (key === stateOf || now - stateAt < STATE_MS) return;
  stateOf = key;
  stateAt = now;
  ask('getSession', { sessionId: session.value.id }).then((told) => { if (told.state && !state.value) takeState(told.state); }, silently);
}

function takeState(told) {
  if (told.sessionId === session.value?.id) state.value = told;
}

onEvent((event) => {
  const mine = event.sessionId === session.value?.id;
  switch (event.command) {
    case 'sessionCreated': list(); break;
    case 'sessionEnded':
      list();
      if (mine) look(turn); // what it did last
      break;
    case 'sessionState': takeState(event); break;
    case 'sessionPaused':
      if (mine && event.reason === 'breakpoint') notify(`Paused at the breakpoint ${event.elementId}`);
      if (mine) look(turn);
      break;
    case 'sessionResumed': if (mine) look(turn); break;
    default: break;
  }
});

// Steering

async function steer(command, members = {}) {
  const { id } = session.value;
  try {
    await ask(command, { sessionId: id, ...members });
    if (session.value?.id === id) look(turn);
  } catch (error) {
    notify(error.message, 'bad');
  }
}

export const pause = () => steer('pauseSession');
export const resume = () => steer('resumeSession');
export const step = () => steer('stepSession');

function remember() {
  wishes.set(keyOf(session.value), { places: [...breakpoints.value], delay: delay.value });
  for (const key of wishes.keys()) {
    if (wishes.size <= MOST_WISHES) break;
    wishes.delete(key);
  }
}

export function setDelay(ms) {
  delay.value = ms;
  remember();
  return steer('setDelay', { value: ms });
}

const sendBreakpoints = () => {
  const { elements } = session.value;
  const names = [...breakpoints.value].map((place) => `${elements[place].model.id},${elements[place].id}`);
  return steer('setBreakpoints', { breakpoints: names });
};

export function toggleBreakpoint(place) {
  const next = new Set(breakpoints.value);
  if (!next.delete(place)) next.add(place);
  breakpoints.value = next;
  remember();
  return sendBreakpoints();
}

export function clearBreakpoints() {
  breakpoints.value = new Set();
  remember();
  return sendBreakpoints();
}

// Beginnings

onOpen(() => {
  isListing = false;
  list();
  watch(chosen.value);
});

export function startStore() {
  let watched = chosen.peek();
  effect(() => {
    const id = chosen.value;
    if (id === watched) return;
    watched = id;
    if (link.peek().kind === 'live') watch(id);
  });
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) return;
    list();
    if (session.value && !live.value?.ended) look(turn);
  });
}
