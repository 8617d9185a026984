// A JSON value as a tree that opens and closes; children are made when they are first shown.
import { useState } from 'preact/hooks';
import { count, plural } from '../format.js';
import { html } from '../html.js';
import { Long } from './text.js';

const STEP = 100;
const OPEN_LEVELS = 2;
const OPEN_CHILDREN = 40;

const children = (node) => (node.kind === 'object' ? node.entries : node.items.map((item, index) => [index, item]));

function Scalar({ node }) {
  if (node.kind === 'string') return html`<span class="json-string">"<${Long} text=${node.value} most=${300} />"</span>`;
  return html`<span class=${`json-${node.kind}`}>${node.text}</span>`;
}

const Key = ({ name }) => html`
  <span class=${typeof name === 'number' ? 'json-index' : 'json-key'}><${Long} text=${name} most=${80} /></span><span class="json-colon">: </span>`;

function Branch({ name, node, level }) {
  const all = children(node);
  const [open, setOpen] = useState(level < OPEN_LEVELS && all.length <= OPEN_CHILDREN);
  const [shown, setShown] = useState(STEP);
  const [before, after] = node.kind === 'object' ? '{}' : '[]';
  const summary = node.kind === 'object' ? plural(all.length, 'member') : plural(all.length, 'item');
  const label = `${name === undefined ? 'value' : name}, ${summary}`;
  return html`
    <button type="button" class="json-toggle" aria-expanded=${open} aria-label=${label} onClick=${() => setOpen(!open)}></button>
    ${name !== undefined && html`<${Key} name=${name} />`}
    <span class="json-bracket">${before}</span>
    ${!open && html`<span class="json-summary">${summary}</span><span class="json-bracket">${after}</span>`}
    ${open && html`
      <ul>
        ${all.slice(0, shown).map(([key, child], index) => html`<${Node} key=${index} name=${key} node=${child} level=${level + 1} />`)}
      </ul>
      ${all.length > shown && html`
        <button type="button" class="more" onClick=${() => setShown(shown + STEP * 10)}>show more (${count(all.length - shown)} left)</button>`}
      <span class="json-bracket json-end">${after}</span>`}`;
}

function Node({ name, node, level }) {
  const branch = node.kind === 'object' || node.kind === 'array';
  if (branch && children(node).length) return html`<li><${Branch} name=${name} node=${node} level=${level} /></li>`;
  const empty = node.kind === 'object' ? '{}' : '[]';
  return html`
    <li class="json-leaf">
      ${name !== undefined && html`<${Key} name=${name} />`}
      ${branch ? html`<span class="json-bracket">${empty}</span>` : html`<${Scalar} node=${node} />`}
    </li>`;
}

/** `node` comes from json-nodes. */
export const Tree = ({ node, label }) => html`
  <ul class="json" aria-label=${label}><${Node} node=${node} level=${0} /></ul>`;
