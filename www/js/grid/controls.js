// What a reader can do with the map of a grid beside pointing: look for a bus, zoom.

import { h, uid } from '../ui/dom.js';

/** @param {(name: string) => boolean} find whether there is one of that name */
export function createFinder(find) {
  const id = uid('find');
  const input = h('input', { id, type: 'search', autocomplete: 'off', spellcheck: 'false' });
  const word = h('span', { class: 'help', role: 'status' });
  const look = (/** @type {Event} */ event) => {
    event.preventDefault();
    const name = input.value.trim();
    word.textContent = name === '' || find(name) ? '' : `There is no bus, line or unit ${name}.`;
  };
  return h(
    'form',
    { class: 'row grid-finder', role: 'search', onsubmit: look },
    h('label', { for: id }, 'Find a bus, line or unit'),
    input,
    h('button', { type: 'submit', class: 'quiet' }, 'Find'),
    word,
  );
}

/** @param {{ nearer: () => void, farther: () => void, whole: () => void }} acts */
export function createZoom({ nearer, farther, whole }) {
  const button = (/** @type {string} */ text, /** @type {string} */ name, /** @type {() => void} */ act) =>
    h('button', { type: 'button', 'aria-label': name, title: name, onclick: act }, text);
  return h(
    'div',
    { class: 'grid-zoom', role: 'group', 'aria-label': 'Zoom' },
    button('+', 'Zoom in', nearer),
    button('−', 'Zoom out', farther),
    button('⤢', 'Show the whole grid', whole),
  );
}
