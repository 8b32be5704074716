// Panels of drawers that are filled when they are first seen, or printed, and again after a new result; or whose code
// comes when they are first seen.

import { markStep, pressCell } from '../charts/datatable.js';
import { markSelected } from '../session/items.js';
import { h } from '../ui/dom.js';
import { addDoors } from '../charts/why-doors.js';

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
    addDoors(lab, panel);
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

  // Rows of a long table are made as they come into sight.
  panel.addEventListener('rows', () => markStep(panel, lab.cursor, values));
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

/**
 * A panel whose code is loaded when it is first seen.
 * @param {() => Promise<{ panel: HTMLElement, destroy: () => void }>} load
 */
export function createLater(load) {
  const panel = h('div', {});
  /** @type {Promise<{ destroy: () => void }> | null} */
  let asked = null;

  async function bring() {
    const part = await load();
    panel.replaceChildren(part.panel);
    return part;
  }

  return {
    panel,
    fill() {
      asked ??= bring();
      asked.catch(() => {
        asked = null;
        panel.replaceChildren(
          h('p', { role: 'alert' }, 'This part did not load. Check the connection and open it again.'),
        );
      });
    },
    destroy() {
      void asked?.then((part) => part.destroy()).catch(() => {});
    },
  };
}
