// The charts of a report, one figure each, in the order that a reader wants them.

import { createFigure } from '../charts/figure.js';

/** @import { Chart } from '../session/types.js' */
/** @import { Lab } from '../session/lab.js' */

/**
 * Charts come and go with the report; those that stay keep their zoom and legend.
 * @param {Lab} lab
 * @param {HTMLElement} box
 */
export function createChartList(lab, box) {
  /** @type {ReturnType<typeof createFigure>[]} */
  let figures = [];
  return {
    update() {
      const wanted = ordered(lab).map(({ id }) => id);
      if (wanted.join('\n') === figures.map(({ id }) => id).join('\n')) return;
      const old = new Map(figures.map((figure) => [figure.id, figure]));
      figures = wanted.map((id) => old.get(id) ?? createFigure(lab, id));
      for (const [id, figure] of old) {
        if (wanted.includes(id)) continue;
        figure.destroy();
        figure.element.remove();
      }
      box.append(...figures.map(({ element }) => element));
    },
    destroy() {
      for (const figure of figures) figure.destroy();
    },
  };
}

/**
 * Charts as the report orders them; those over time come last when there is only one step of it.
 * @param {Lab} lab
 */
function ordered(lab) {
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
