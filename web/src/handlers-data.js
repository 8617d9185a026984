// The handlers as the server has them, shared by the pages that offer their paths.
import { signal } from '@preact/signals';
import { get } from './api.js';

export const handlers = signal([]);

export async function loadHandlers(abort) {
  const answer = await get('/handlers', abort);
  handlers.value = answer.handlers;
  return answer;
}
