// What opens below the picture: all inputs, the charts by topic, tables, what stands behind the answer.

import { createAllInputs } from '../panels/all-inputs.js';
import { createFlow } from '../panels/flow.js';
import { createLook } from '../panels/look.js';
import { createLater, createLazy } from '../panels/lazy.js';
import { ledgerOf } from '../panels/ledger.js';
import { tablesOf } from '../panels/tables.js';
import { createDrawers } from '../ui/drawers.js';
import { h } from '../ui/dom.js';
import { createChartList } from './chart-list.js';

/** @import { Topic } from '../session/types.js' */
/** @import { Lab } from '../session/lab.js' */

/** The topics of charts with the names of their drawers. @type {[Topic, string][]} */
const TOPICS = [
  ['prices', 'Prices'],
  ['flows', 'Flows'],
  ['money', 'Money'],
  ['region', 'Region'],
  ['stability', 'Stability'],
];

/** What stands behind the answer is no part of the first load: it comes so long after, ms, or when it is looked at. */
const EVIDENCE_MS = 1000;
/** @type {typeof import('../panels/evidence.js') | undefined} */
let behind;

/**
 * @param {Lab} lab
 * @param {HTMLElement} stage where the chart that answers stands
 * @param {() => void} change opens what changes the grid
 * @param {ReturnType<typeof import('./board-place.js').createBoardPlace>} board the comparison, which was a drawer
 */
export function createLabDrawers(lab, stage, change, board) {
  const inputs = createAllInputs(lab, change);
  const sweep = createLater(async () => (await import('../panels/sweep.js')).createSweep(lab));
  const between = createLater(async () => (await import('../panels/between.js')).createBetween(lab));
  const flow = createFlow(lab);
  const look = createLook(lab);
  const questions = createLater(async () => (await import('../panels/questions.js')).createQuestions(lab));
  const tables = createLazy(lab, () => tablesOf(lab));
  const ledger = createLazy(lab, () => (lab.report.ledger.length > 0 ? ledgerOf(lab) : []));
  const evidence = createLazy(lab, () => behind?.evidenceOf(lab) ?? []);
  const bring = async () => {
    if (behind !== undefined) return;
    behind = await import('../panels/evidence.js').catch(() => undefined);
    evidence.renew();
  };
  const timer = window.setTimeout(() => void bring(), EVIDENCE_MS);
  const boxes = new Map(TOPICS.map(([topic]) => [topic, h('div', { class: 'figures' })]));
  const charts = createChartList(lab, stage, boxes);
  const drawers = createDrawers(
    'More of this scenario',
    [
      { name: 'inputs', title: 'All inputs', panel: inputs.element, shown: inputs.shown },
      ...TOPICS.map(([name, title]) => ({
        name,
        title,
        panel: h('div', { class: 'panel' }, boxes.get(name), name === 'money' ? ledger.panel : null),
        shown: () => {
          charts.complete();
          if (name === 'money') ledger.fill();
        },
      })),
      { name: 'between', title: 'Against another scenario', panel: between.panel, shown: between.fill },
      { name: 'sweep', title: 'Sweep', panel: sweep.panel, shown: sweep.fill },
      { name: 'flow', title: flow.title, panel: flow.panel, shown: flow.refresh },
      { name: 'look', title: 'Look at this grid as', panel: look.panel, shown: () => void look.refresh() },
      { name: 'questions', title: 'Questions for a course', panel: questions.panel, shown: questions.fill },
      { name: 'tables', title: 'Tables', panel: tables.panel, shown: tables.fill },
      {
        name: 'evidence',
        title: 'Evidence',
        panel: evidence.panel,
        shown: () => {
          evidence.fill();
          void bring();
        },
      },
      // Filled by those who mark the words.
      { name: 'words', title: 'Words', panel: h('div', { class: 'panel words-here' }) },
    ],
    (open) => lab.setDrawer(open),
  );

  function update() {
    charts.update();
    for (const [topic] of TOPICS)
      drawers.offer(topic, charts.has(topic) || (topic === 'money' && lab.report.ledger.length > 0));
    board.update();
    drawers.offer('flow', flow.there());
    drawers.offer('look', look.there());
    if (drawers.current() === 'flow') flow.refresh();
    if (drawers.current() === 'look') void look.refresh();
  }

  update();
  drawers.show(lab.drawer);
  if (new URLSearchParams(location.search).has('between')) drawers.show('between');
  // Links that open the comparison lead to where it stands.
  if (lab.report.look.drawer === 'compare') requestAnimationFrame(() => board.open());
  return {
    element: drawers.element,
    update,
    /**
     * Opens a drawer, as a person does.
     * @param {string} name
     */
    open(name) {
      if (name === 'compare') {
        board.open();
        return;
      }
      drawers.show(name);
      lab.setDrawer(name);
      document.getElementById('app')?.querySelector(`[data-drawer="${name}"]`)?.scrollIntoView({ block: 'start' });
    },
    /**
     * Shows a chart, in its drawer where it has one, or a drawer.
     * @param {string} id
     */
    watch(id) {
      charts.complete();
      const figure = document.querySelector(`[data-chart="${id}"]`);
      const drawer = figure?.closest('.drawer')?.previousElementSibling?.getAttribute('data-drawer');
      if (figure === null || drawer != null) this.open(drawer ?? id);
      (figure ?? document.querySelector(`[data-drawer="${id}"]`))?.scrollIntoView({ block: 'center' });
    },
    /** Puts the focus on an input, in its drawer. @param {string} path */
    reveal(path) {
      this.open('inputs');
      return inputs.reveal(path);
    },
    destroy() {
      window.clearTimeout(timer);
      for (const part of [inputs, between, sweep, flow, questions, tables, ledger, evidence, charts]) part.destroy();
    },
  };
}
