// The switch between the system's theme, light and dark.
import { html } from '../html.js';
import { THEMES, choose, theme } from '../theme-choice.js';

export const ThemeSwitch = () => html`
  <select aria-label="Theme" title="Theme" value=${theme.value} onChange=${(event) => choose(event.currentTarget.value)}>
    ${THEMES.map((name) => html`<option key=${name} value=${name} selected=${theme.value === name}>${name[0].toUpperCase() + name.slice(1)}</option>`)}
  </select>`;
