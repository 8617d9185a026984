// Markup for the whole page: htm's tagged templates over preact, with signals read inside components.
import '@preact/signals';
import { h } from 'preact';
import htm from 'htm';

export const html = htm.bind(h);
