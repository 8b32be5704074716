// Panels of drawers that are filled when they are first seen, or printed, and again after a new result.

import { markStep, pressCell } from '../charts/datatable.js';
import { markSelected } from '../session/items.js';
import { h } from '../ui/dom.js';

/** @import { Lab } from '../session/lab.js' */

/**
 * @param {Lab} lab
 * @param {() => HTMLElement[]} content of the result on screen
 */
export function createLazy(lab, content) {
  const panel = h('div', { class: 'panel' });
  const values = (/** @type {string} */ id) => lab.series(id)?.values;
  let stale = true;

  function fill() {
    if (!stale) return;
    stale = false;
    panel.replaceChildren(...content());
    markStep(panel, lab.cursor, values);
    markSelected(panel, lab.selection);
  }

  /** There is something else to be seen: now where the panel is seen, else when it is. */
  function renew() {
    stale = true;
    if (panel.closest('.is-parked') === null) fill();
  }

  /** On paper everything is open. */
  function paper() {
    fill();
    for (const details of panel.querySelectorAll('details')) details.open = true;
  }

  panel.addEventListener('click', (event) => pressCell(lab, panel, event));
  addEventListener('beforeprint', paper);
  const stops = [
    lab.on('result', renew),
    lab.on('cursor', () => markStep(panel, lab.cursor, values)),
    lab.on('selection', () => markSelected(panel, lab.selection)),
  ];
  return {
    panel,
    fill,
    renew,
    destroy() {
      stops.forEach((stop) => stop());
      removeEventListener('beforeprint', paper);
    },
  };
}
