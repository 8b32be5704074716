// The inputs of the lab: a column, or on a narrow screen a sheet that leaves the figure visible.

import { h } from '../ui/dom.js';
import { icon } from '../ui/icon.js';
import { iconButton } from './shell.js';

/**
 * @param {HTMLElement[]} content
 * @param {(open: boolean) => void} changed
 */
export function createInputSheet(content, changed) {
  const toggle = h(
    'button',
    {
      type: 'button',
      class: 'sheet-toggle',
      'aria-label': 'Inputs',
      'aria-expanded': 'false',
      'aria-controls': 'inputs',
      onclick: () => open(toggle.getAttribute('aria-expanded') !== 'true'),
    },
    icon('inputs'),
    h('span', {}, 'Inputs'),
  );
  const close = iconButton('Close inputs', 'close', () => open(false));
  const element = h(
    'section',
    { class: 'inputs', id: 'inputs', 'aria-labelledby': 'inputs-title' },
    h('div', { class: 'inputs-head' }, h('h2', { id: 'inputs-title' }, 'Inputs'), close),
    ...content,
  );

  /** @param {boolean} on */
  function open(on) {
    toggle.setAttribute('aria-expanded', String(on));
    changed(on);
    if (on) {
      /** @type {HTMLElement | null} */ (element.querySelector('button, input, select'))?.focus({
        preventScroll: true,
      });
    } else if (element.contains(document.activeElement)) {
      toggle.focus();
    }
  }

  element.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && toggle.getAttribute('aria-expanded') === 'true') open(false);
  });
  return {
    element,
    toggle,
    open,
    /** Whether the screen is so narrow that the inputs are a sheet. */
    isSheet: () => getComputedStyle(toggle).display !== 'none',
  };
}
