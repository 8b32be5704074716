// Every input of the scenario over the full width, with a filter.

import { h, uid } from '../ui/dom.js';
import { createInputs } from './inputs.js';
import { createLater } from './lazy.js';

/** @import { Lab } from '../session/lab.js' */

/**
 * @param {Lab} lab
 * @param {() => void} change opens what changes the grid
 */
export function createAllInputs(lab, change) {
  const inputs = createInputs(lab);
  // A reader's own series: most cases have no place for them.
  const own = createLater(async () => (await import('./series-input.js')).createSeriesInput(lab));
  const bring = () => (lab.report.own_series ?? []).length > 0 && own.fill();
  const id = uid('filter');
  const found = h('span', { class: 'help', role: 'status' });
  const filter = h('input', {
    id,
    type: 'search',
    autocomplete: 'off',
    placeholder: 'e.g. limit, G1',
    oninput: narrow,
  });
  const grid = h('button', { type: 'button', class: 'quiet change-grid', onclick: change }, 'Change the grid');
  const element = h(
    'div',
    { class: 'panel inputs' },
    h('div', { class: 'row' }, h('label', { for: id }, 'Find an input'), filter, grid, found),
    inputs.element,
    own.panel,
  );

  /** Shows the fields and rows whose names hold the words typed; all of them without any. */
  function narrow() {
    const words = filter.value.trim().toLowerCase().split(/\s+/);
    const typed = filter.value.trim() !== '';
    const fits = (/** @type {string} */ text) => words.every((word) => text.toLowerCase().includes(word));
    const count = inputs.narrow(fits, typed);
    found.textContent = typed ? (count === 0 ? 'No input is called that.' : `${count} shown`) : '';
  }

  // Where the answer is of no network, there is none to change.
  const offer = () => (grid.hidden = lab.report.look.without_network === true);

  offer();
  bring();
  const stop = lab.on('result', () => {
    offer();
    bring();
    if (filter.value.trim() !== '') narrow();
  });
  return {
    element,
    shown: inputs.shown,
    /** @param {string} path */
    reveal(path) {
      filter.value = '';
      narrow();
      return inputs.reveal(path);
    },
    destroy() {
      stop();
      inputs.destroy();
      own.destroy();
    },
  };
}
