// Requests to the admin API. Every failure is one sentence a user can act on.
import { askForToken, token } from './token.js';

export const BASE = '/__mockforge/ws';
const TIMEOUT_MS = 10_000;

export class ApiError extends Error {
  constructor(message, status, body) {
    super(message);
    this.status = status;
    this.body = body;
  }
}

const sentence = (body, status) =>
  typeof body?.error === 'string' ? body.error : `the server answered with status ${status}`;

async function attempt(method, path, { body, type, signal }) {
  const headers = {};
  const used = token();
  if (used) headers.Authorization = `Bearer ${used}`;
  if (type) headers['Content-Type'] = type;
  const limit = AbortSignal.timeout(TIMEOUT_MS);
  let response, text;
  try {
    response = await fetch(BASE + path, {
      method, headers, body, cache: 'no-store',
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    });
    text = await response.text();
  } catch (error) {
    if (signal?.aborted) throw error;
    if (limit.aborted) throw new ApiError('the server did not answer within 10 s', 0);
    throw new ApiError('the server cannot be reached; is sockeye still running?', 0);
  }
  return { response, text, used };
}

/** Sends a request, asks for a token on 401 and then tries again; gives the parsed body and its text. */
export async function request(method, path, options = {}) {
  for (;;) {
    const { response, text, used } = await attempt(method, path, options);
    if (response.status === 401) {
      await askForToken(used);
      continue;
    }
    let body = null;
    try {
      body = JSON.parse(text);
    } catch {
      if (response.ok) throw new ApiError('the server answered with something that is not JSON', response.status);
    }
    if (!response.ok) throw new ApiError(sentence(body, response.status), response.status, body);
    return { body, text };
  }
}

export const get = async (path, signal) => (await request('GET', path, { signal })).body;
export const post = async (path, body, type) => (await request('POST', path, { body, type })).body;
export const remove = async (path) => (await request('DELETE', path)).body;

/** `?a=1&b=2` of the members that say something. */
export function query(params) {
  const said = Object.entries(params).filter(([, value]) => value !== '' && value !== null && value !== undefined);
  return said.length ? `?${new URLSearchParams(said)}` : '';
}

export const connectionPath = (id) => `/connections/${encodeURIComponent(id)}`;
