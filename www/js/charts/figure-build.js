// The elements of a figure.

import { h, s, uid } from '../ui/dom.js';
import { createMenu } from '../ui/menu.js';

/**
 * @typedef {{ zoom: (factor: number) => void, fit: () => void, save: () => void }} Acts
 */
/** By how much a press of a zoom button or key zooms. */
export const ZOOM_STEP = 1.6;

/**
 * @param {string} id of the chart
 * @param {HTMLElement} legend
 * @param {boolean} bare only picture and legend
 * @param {Acts} acts
 */
export function buildFigure(id, legend, bare, acts) {
  const titleId = uid('figure');
  const title = h('h2', { id: titleId, class: 'figure-title' });
  const picture = h('div', { class: 'picture' });
  const overlay = s('svg', { class: 'overlay', 'aria-hidden': 'true' });
  const plot = h(
    'div',
    {
      class: 'plot',
      tabindex: 0,
      role: 'slider',
      'aria-labelledby': titleId,
      'aria-valuemin': 1,
      'aria-valuemax': 1,
      'aria-valuenow': 1,
    },
    picture,
    overlay,
  );
  const key = h('ol', {
    class: 'edge-key',
    'aria-label': 'What the numbers in the picture stand for',
    hidden: true,
  });
  const reading = h('p', { class: 'reading' });
  const summary = h('p', { class: 'summary' });
  const problem = h('p', { class: 'figure-problem', hidden: true });
  const table = h('div', { class: 'figure-table' });
  const details = h('details', { class: 'data' }, h('summary', {}, 'Table'), table);
  const tools = bare ? null : toolsOf(acts);
  const element = h(
    'figure',
    { class: 'figure', 'data-chart': id },
    h('figcaption', {}, title, tools?.element),
    problem,
    plot,
    key,
    legend,
    reading,
    bare ? null : summary,
    bare ? null : details,
  );
  return { element, title, picture, overlay, plot, key, reading, summary, problem, table, details, tools };
}

/** @param {Acts} acts */
function toolsOf({ zoom, fit, save }) {
  return createMenu('Zoom and export', 'more', [
    { label: 'Zoom in', act: () => zoom(1 / ZOOM_STEP), stays: true },
    { label: 'Zoom out', act: () => zoom(ZOOM_STEP), stays: true },
    { label: 'Fit', act: fit },
    { label: 'Export…', act: save },
  ]);
}
