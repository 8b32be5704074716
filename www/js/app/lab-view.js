// The lab: inputs on one side; answer, network, charts, time and evidence on the other.

import { createNetwork } from '../network/panel.js';
import { createAnswer } from '../panels/answer.js';
import { createFlow } from '../panels/flow.js';
import { createCompare } from '../panels/compare.js';
import { createEvidence } from '../panels/evidence.js';
import { createInputs } from '../panels/inputs.js';
import { createSeriesInput } from '../panels/series-input.js';
import { createSweep } from '../panels/sweep.js';
import { createTask } from '../panels/task.js';
import { createTransport } from '../panels/transport.js';
import { createVariants } from '../panels/variants.js';
import { markSelected } from '../session/items.js';
import { h, isTyping } from '../ui/dom.js';
import { icon } from '../ui/icon.js';
import { createChartList } from './chart-list.js';
import { createInputSheet } from './input-sheet.js';
import { createHeader, iconButton } from './shell.js';

/** @import { Lab } from '../session/lab.js' */

/**
 * @param {Lab} lab
 * @param {HTMLElement} notices where notices of the page go
 */
export function createLabView(lab, notices) {
  const header = createLabHeader(lab);
  const inputs = createInputs(lab);
  const own = createSeriesInput(lab);
  const variants = createVariants(lab);
  const answer = createAnswer(lab, { reveal: (path) => reveal(path) });
  const task = createTask(lab);
  const network = createNetwork(lab);
  const transport = createTransport(lab);
  const sweep = createSweep(lab);
  const compare = createCompare(lab);
  const flow = createFlow(lab);
  const evidence = createEvidence(lab, [
    { name: 'compare', title: compare.title, panel: compare.panel, there: () => !flow.isAnswer() },
    { name: 'sweep', title: 'Sweep', panel: sweep.panel },
    { name: 'flow', title: flow.title, panel: flow.panel, shown: flow.refresh, there: flow.there },
  ]);
  const figures = h('div', { class: 'figures' }, network.element);
  const charts = createChartList(lab, figures);
  const sheet = createInputSheet([inputs.element, own.element], (open) => {
    element.classList.toggle('sheet-open', open);
    if (open) network.element.scrollIntoView({ block: 'start' });
  });
  const bar = h('div', { class: 'time-bar' }, transport.element, sheet.toggle);
  const main = h(
    'main',
    { id: 'main', tabindex: -1 },
    notices,
    variants.element,
    answer.element,
    task.element,
    figures,
    bar,
    evidence.element,
  );
  const element = h('div', { class: 'lab' }, header.element, sheet.element, main);

  /** @param {string} path */
  function reveal(path) {
    if (sheet.isSheet()) sheet.open(true);
    inputs.reveal(path);
  }

  function update() {
    bar.classList.toggle('is-timeless', lab.steps < 2);
    charts.update();
    header.update();
  }

  const keys = (/** @type {KeyboardEvent} */ event) => {
    if (pressKey(lab, event)) event.preventDefault();
  };
  addEventListener('keydown', keys);
  update();
  const stops = [lab.on('result', update), lab.on('selection', () => markSelected(sheet.element, lab.selection))];
  return {
    element,
    destroy() {
      stops.forEach((stop) => stop());
      removeEventListener('keydown', keys);
      for (const part of [
        header,
        inputs,
        own,
        variants,
        answer,
        task,
        network,
        transport,
        compare,
        sweep,
        flow,
        evidence,
        charts,
      ])
        part.destroy();
    },
  };
}

/**
 * The title with undo, redo and sharing.
 * @param {Lab} lab
 */
function createLabHeader(lab) {
  const undo = iconButton('Undo', 'undo', () => lab.undo());
  const redo = iconButton('Redo', 'redo', () => lab.redo());
  const share = async () => {
    const { openShare } = await import('../panels/share.js');
    await openShare(lab);
  };
  const shareButton = h(
    'button',
    { type: 'button', class: 'share-button', 'aria-label': 'Share', onclick: () => void share() },
    icon('share'),
    h('span', {}, 'Share'),
  );
  const { element, setTitle, destroy } = createHeader({
    title: lab.report.title,
    actions: [undo, redo, shareButton],
  });
  return {
    element,
    destroy,
    update() {
      setTitle(lab.report.title);
      undo.disabled = !lab.canUndo;
      redo.disabled = !lab.canRedo;
    },
  };
}

/**
 * @param {Lab} lab
 * @param {KeyboardEvent} event
 * @returns {boolean} whether the key was undo or redo
 */
function pressKey(lab, event) {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || isTyping(event.target)) return false;
  if (document.querySelector('dialog[open]') !== null) return false;
  const key = event.key.toLowerCase();
  if (key === 'z' && !event.shiftKey) lab.undo();
  else if ((key === 'z' && event.shiftKey) || key === 'y') lab.redo();
  else return false;
  return true;
}
