// The figure of the network: title and menu, the picture's stage, legend, a line that reads exact values, a table.

import { h, uid } from '../ui/dom.js';
import { createMenu } from '../ui/menu.js';

/** @import { Lab } from '../session/lab.js' */

/**
 * The elements of the figure.
 * @param {HTMLElement} controls
 * @param {boolean} bare
 * @param {{ widen: () => void, save: () => void, painted?: boolean, change?: (() => void) | undefined }} acts `painted`: pixels, which are saved as they are
 */
export function frameOf(controls, bare, { widen, save, painted = false, change }) {
  const titleId = uid('network');
  const stage = h('div', { class: 'stage' });
  const legend = h('div', { class: 'network-legend' });
  const marks = h('div', { class: 'network-legend network-marks' });
  const reading = h('p', { class: 'reading network-reading' });
  const table = h('div', { class: 'figure-table' });
  const details = h('details', { class: 'data' }, h('summary', {}, 'Table'), table);
  const tools = createMenu('Network: width and export', 'more', [
    { label: 'Wide or narrow', act: widen },
    { label: painted ? 'Save as PNG picture' : 'Export…', act: save },
  ]);
  const open =
    change === undefined
      ? null
      : h('button', { type: 'button', class: 'quiet change-grid', onclick: change }, 'Change the grid');
  const title = h('h2', { id: titleId, class: 'figure-title' }, 'Network');
  const element = h(
    'figure',
    { class: 'figure network', 'aria-labelledby': titleId },
    h('figcaption', {}, title, bare ? null : h('div', { class: 'row' }, open, tools.element)),
    controls,
    stage,
    legend,
    marks,
    reading,
    bare ? null : details,
  );
  return { element, stage, legend, marks, reading, table, details };
}

/**
 * What a press tells beside what is selected.
 * @param {Lab} lab
 */
export function hintOf({ why }) {
  return why.explainsBuses ? [h('p', { class: 'help' }, 'Press a bus to see why its price is what it is.')] : [];
}
