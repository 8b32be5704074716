// The network of a scenario: a one-line diagram, or the map of a grid that has too many buses for one.

import { NetworkPanel } from '../network/panel.js';
import { isGrid } from '../network/scene.js';
import { h } from '../ui/dom.js';

/** @import { NetworkOptions } from '../network/panel.js' */
/** @import { Lab } from '../session/lab.js' */

/** What shows the network now. @typedef {{ element: HTMLElement, destroy: () => void }} Shown */

/**
 * @param {Lab} lab
 * @param {NetworkOptions} [options]
 * @returns {Shown} `element` may become another when the network does
 */
export function createNetwork(lab, options = {}) {
  let large = isGrid(lab.scenario.case);
  /** @type {Shown} */
  let shown = large ? waiting() : new NetworkPanel(lab, options);
  let gone = false;

  /** @param {Shown} next */
  function show(next) {
    shown.destroy();
    shown.element.replaceWith(next.element);
    shown = next;
  }

  async function showGrid() {
    const { GridPanel } = await import('./panel.js');
    if (!gone && large) show(new GridPanel(lab, options));
  }

  function change() {
    if (isGrid(lab.scenario.case) === large) return;
    large = !large;
    if (large) void showGrid();
    else show(new NetworkPanel(lab, options));
  }

  if (large) void showGrid();
  const stop = lab.on('result', change);
  return {
    get element() {
      return shown.element;
    },
    destroy() {
      gone = true;
      stop();
      shown.destroy();
    },
  };
}

/** Holds the place until the code of the map is here. @returns {Shown} */
function waiting() {
  return { element: h('figure', { class: 'figure network is-wide' }, h('div', { class: 'stage' })), destroy() {} };
}
