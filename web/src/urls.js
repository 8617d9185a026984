// Where the mock listens, for commands that can be pasted into a terminal.
import { stats } from './store.js';

const FALLBACK = 'ws://127.0.0.1:8080';

export const mockUrl = (now = stats.value) => (now?.urls?.[0] ?? FALLBACK).replace(/\/$/, '');

/** Parameters of a route get a value that can be typed over: `/chat/:room` becomes `/chat/room`. */
export const example = (route) => route.replace(/[:{]([A-Za-z_]\w*)[^/]*/g, '$1').replaceAll('*', 'any');

export const connectCommand = (now, path = '/') => `npx wscat -c "${mockUrl(now ?? undefined)}${example(path)}"`;
