// The switch between the system's theme, light and dark.
import { signal } from '@preact/signals';

export const THEMES = ['system', 'light', 'dark'];
const KEY = 'sockeye.theme';

export const theme = signal(document.documentElement.dataset.theme ?? 'system');

export function choose(name) {
  if (name === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = name;
  try {
    if (name === 'system') localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, name);
  } catch {
    // Storage is blocked: the choice lasts as long as the page.
  }
  theme.value = name;
}
