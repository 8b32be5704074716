// Every input of the scenario over the full width, with a filter.

import { h, uid } from '../ui/dom.js';
import { createInputs } from './inputs.js';
import { createSeriesInput } from './series-input.js';

/** @import { Lab } from '../session/lab.js' */

/** @param {Lab} lab */
export function createAllInputs(lab) {
  const inputs = createInputs(lab);
  const own = createSeriesInput(lab);
  const id = uid('filter');
  const found = h('span', { class: 'help', role: 'status' });
  const filter = h('input', {
    id,
    type: 'search',
    autocomplete: 'off',
    placeholder: 'e.g. limit, G1',
    oninput: narrow,
  });
  const element = h(
    'div',
    { class: 'panel inputs' },
    h('div', { class: 'row' }, h('label', { for: id }, 'Find an input'), filter, found),
    inputs.element,
    own.element,
  );

  /** Shows the fields and rows whose names hold the words typed; all of them without any. */
  function narrow() {
    const words = filter.value.trim().toLowerCase().split(/\s+/);
    const typed = filter.value.trim() !== '';
    const fits = (/** @type {string} */ text) => words.every((word) => text.toLowerCase().includes(word));
    let count = 0;
    for (const section of inputs.element.querySelectorAll('.group')) {
      const title = section.querySelector('summary')?.textContent ?? '';
      let here = 0;
      for (const item of /** @type {NodeListOf<HTMLElement>} */ (section.querySelectorAll('.field, tbody tr'))) {
        const name = item.querySelector('label, th')?.textContent ?? '';
        item.hidden = !fits(`${title} ${name}`);
        if (!item.hidden) here += 1;
      }
      count += here;
      /** @type {HTMLElement} */ (section).hidden = here === 0;
      if (typed && section instanceof HTMLDetailsElement && here > 0) section.open = true;
    }
    found.textContent = typed ? (count === 0 ? 'No input is called that.' : `${count} shown`) : '';
  }

  const stop = lab.on('result', () => filter.value.trim() !== '' && narrow());
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
