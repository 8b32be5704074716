// The lab: inputs on one side; answer, network, charts, time and evidence on the other.

import { createAnswer } from '../panels/answer.js';
import { createCompare } from '../panels/compare.js';
import { h, isTyping } from '../ui/dom.js';
import { createEvidence } from '../panels/evidence.js';
import { createFigure } from '../charts/figure.js';
import { icon } from '../ui/icon.js';
import { createInputs } from '../panels/inputs.js';
import { itemsByName, markSelected } from '../session/items.js';
import { createNetwork } from '../network/panel.js';
import { createSeriesInput } from '../panels/series-input.js';
import { createHeader, iconButton } from './shell.js';
import { createSweep } from '../panels/sweep.js';
import { createTask } from '../panels/task.js';
import { createTransport } from '../panels/transport.js';

/** @import { Chart } from '../session/types.js' */
/** @import { Lab } from '../session/lab.js' */

/**
 * @param {Lab} lab
 * @param {HTMLElement} notices where notices of the page go
 */
export function createLabView(lab, notices) {
  const undo = iconButton('Undo', 'undo', () => lab.undo());
  const redo = iconButton('Redo', 'redo', () => lab.redo());
  const shareButton = h(
    'button',
    { type: 'button', class: 'share-button', 'aria-label': 'Share', onclick: () => void share() },
    icon('share'),
    h('span', {}, 'Share'),
  );
  const header = createHeader({ title: lab.report.title, actions: [undo, redo, shareButton] });

  async function share() {
    const { openShare } = await import('../panels/share.js');
    await openShare(lab);
  }

  const inputs = createInputs(lab);
  const own = createSeriesInput(lab);
  const answer = createAnswer(lab, { reveal: (path) => reveal(path) });
  const task = createTask(lab);
  const network = createNetwork(lab);
  const transport = createTransport(lab);
  const sweep = createSweep(lab);
  const compare = createCompare(lab);
  const evidence = createEvidence(lab, [
    { name: 'compare', title: compare.title, panel: compare.panel },
    { name: 'sweep', title: 'Sweep', panel: sweep.panel },
  ]);
  const figures = h('div', { class: 'figures' }, network.element);
  /** @type {ReturnType<typeof createFigure>[]} */
  let charts = [];

  const sheet = h(
    'button',
    {
      type: 'button',
      class: 'sheet-toggle',
      'aria-label': 'Inputs',
      'aria-expanded': 'false',
      'aria-controls': 'inputs',
      onclick: () => openSheet(sheet.getAttribute('aria-expanded') !== 'true'),
    },
    icon('inputs'),
    h('span', {}, 'Inputs'),
  );
  const close = iconButton('Close inputs', 'close', () => openSheet(false));
  const aside = h(
    'section',
    { class: 'inputs', id: 'inputs', 'aria-labelledby': 'inputs-title' },
    h('div', { class: 'inputs-head' }, h('h2', { id: 'inputs-title' }, 'Inputs'), close),
    inputs.element,
    own.element,
  );
  const bar = h('div', { class: 'time-bar' }, transport.element, sheet);
  const main = h(
    'main',
    { id: 'main', tabindex: -1 },
    notices,
    answer.element,
    task.element,
    figures,
    bar,
    evidence.element,
  );
  const element = h('div', { class: 'lab' }, header.element, aside, main);

  /** @param {boolean} open on a narrow screen, inputs are a sheet that leaves the figure visible */
  function openSheet(open) {
    element.classList.toggle('sheet-open', open);
    sheet.setAttribute('aria-expanded', String(open));
    if (open) {
      network.element.scrollIntoView({ block: 'start' });
      /** @type {HTMLElement | null} */ (aside.querySelector('button, input, select'))?.focus({ preventScroll: true });
    } else if (aside.contains(document.activeElement)) {
      sheet.focus();
    }
  }

  /** @param {string} path */
  function reveal(path) {
    if (getComputedStyle(sheet).display !== 'none') openSheet(true);
    inputs.reveal(path);
  }

  /** Charts as the report orders them; those over time come last when there is only one step of it. */
  function ordered() {
    const overTime = (/** @type {Chart} */ chart) =>
      chart.marks.some((mark) => mark.mark === 'line' && lab.series(mark.series)?.index.kind === 'clock');
    // What can be reached, right after what is done.
    const asked = (/** @type {Chart} */ chart) => chart.probe != null;
    const charts = lab.report.charts.filter((chart) => !asked(chart));
    const done = charts.findIndex(({ id }) => id === 'dispatch');
    charts.unshift(...charts.splice(done, done < 0 ? 0 : 1));
    charts.splice(done < 0 ? 0 : 1, 0, ...lab.report.charts.filter(asked));
    if (lab.steps > 1) return charts;
    return charts.sort((a, b) => Number(overTime(a)) - Number(overTime(b)));
  }

  /** Charts come and go with the report; those that stay keep their zoom and legend. */
  function update() {
    const wanted = ordered().map(({ id }) => id);
    bar.classList.toggle('is-timeless', lab.steps < 2);
    const now = charts.map(({ id }) => id);
    if (wanted.join('\n') !== now.join('\n')) {
      const old = new Map(charts.map((figure) => [figure.id, figure]));
      charts = wanted.map(
        (id) => old.get(id) ?? createFigure(lab, id, { items: () => itemsByName(lab.scenario.case) }),
      );
      for (const [id, figure] of old) {
        if (wanted.includes(id)) continue;
        figure.destroy();
        figure.element.remove();
      }
      figures.append(...charts.map((figure) => figure.element));
    }
    header.setTitle(lab.report.title);
    undo.disabled = !lab.canUndo;
    redo.disabled = !lab.canRedo;
  }

  /** @param {KeyboardEvent} event */
  function keys(event) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || isTyping(event.target)) return;
    if (document.querySelector('dialog[open]') !== null) return;
    const key = event.key.toLowerCase();
    if (key === 'z' && !event.shiftKey) lab.undo();
    else if ((key === 'z' && event.shiftKey) || key === 'y') lab.redo();
    else return;
    event.preventDefault();
  }

  aside.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && element.classList.contains('sheet-open')) openSheet(false);
  });
  addEventListener('keydown', keys);
  update();
  const stops = [lab.on('result', update), lab.on('selection', () => markSelected(aside, lab.selection))];
  return {
    element,
    destroy() {
      stops.forEach((stop) => stop());
      removeEventListener('keydown', keys);
      for (const part of [header, inputs, own, answer, task, network, transport, compare, sweep, evidence, ...charts])
        part.destroy();
    },
  };
}
