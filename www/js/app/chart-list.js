// The charts of a report: the one that answers beside the network, the others by topic in their drawers.

import { createFigure } from '../charts/figure.js';

/** @import { Chart, Topic } from '../session/types.js' */
/** @import { Lab } from '../session/lab.js' */
/** @typedef {ReturnType<typeof createFigure>} Figure */

/** Figures of closed drawers are made this long after the first result, ms. */
const LATER_MS = 250;

/**
 * Charts come and go with the report; those that stay keep their zoom and legend.
 * @param {Lab} lab
 * @param {HTMLElement} stage where the chart that answers stands
 * @param {Map<Topic, HTMLElement>} boxes where the others stand
 */
export function createChartList(lab, stage, boxes) {
  /** @type {Map<string, Figure>} */
  let figures = new Map();
  let timer = 0;
  let all = false;

  function update() {
    const charts = ordered(lab);
    const answer = answering(lab, charts);
    const wanted = all ? charts : charts.filter(({ id }) => id === answer);
    const old = figures;
    figures = new Map(wanted.map(({ id }) => [id, old.get(id) ?? createFigure(lab, id)]));
    for (const [id, figure] of old) {
      if (figures.has(id)) continue;
      figure.destroy();
      figure.element.remove();
    }
    for (const { id, topic } of wanted) {
      const box = id === answer ? stage : boxes.get(topic);
      const figure = figures.get(id);
      if (box === undefined || figure === undefined) continue;
      if (figure.element.parentElement !== box) box.append(figure.element);
    }
  }

  function complete() {
    window.clearTimeout(timer);
    if (all) return;
    all = true;
    update();
  }

  timer = window.setTimeout(complete, LATER_MS);
  return {
    update,
    /** Makes the figures of every drawer, if they are not made yet. */
    complete,
    /**
     * Whether a topic has charts in its drawer.
     * @param {Topic} topic
     */
    has(topic) {
      const charts = ordered(lab);
      const answer = answering(lab, charts);
      return charts.some((chart) => chart.topic === topic && chart.id !== answer);
    },
    destroy() {
      window.clearTimeout(timer);
      for (const figure of figures.values()) figure.destroy();
    },
  };
}

/**
 * The chart that answers: the one that the preset names, or the first.
 * @param {Lab} lab
 * @param {Chart[]} charts
 */
function answering(lab, charts) {
  const named = lab.report.look.chart ?? '';
  return charts.some(({ id }) => id === named) ? named : charts[0]?.id;
}

/**
 * Charts as the report orders them; those over time come last when there is only one step of it.
 * @param {Lab} lab
 */
function ordered(lab) {
  const overTime = (/** @type {Chart} */ chart) =>
    chart.marks.some((mark) => mark.mark === 'line' && lab.series(mark.series)?.index.kind === 'clock');
  const { charts } = lab.report;
  if (lab.steps > 1) return charts;
  return [...charts].sort((a, b) => Number(overTime(a)) - Number(overTime(b)));
}
