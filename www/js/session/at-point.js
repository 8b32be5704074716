// The answer as it is at a point that is asked about: what the point says, and nothing of what it leaves open.

import { seriesIds, seriesOf } from './packed.js';

/** @import { Board } from './board.js' */
/** @import { Report, Series, Shown } from './types.js' */

/** Kinds of series that a point moves. */
const MOVED = /^(p|v|flow|loading|lmp|mu|cong|energy|export):/;
/** Answers made here. @type {WeakSet<Report>} */
const made = new WeakSet();

/** Whether an answer is that at a point. @param {Report} report */
export function isAtPoint(report) {
  return made.has(report);
}

/**
 * @param {Board} board
 * @param {Shown[]} shown
 * @param {number} [step] from 1: what they are of, where that is not the step in view
 * @returns {Report}
 */
export function atPoint({ report, cursor }, shown, step = cursor + 1) {
  const values = new Map(shown.map(({ series, value }) => [series, value]));
  /** @type {Series[]} */
  const series = [];
  for (const id of seriesIds(report)) {
    const own = seriesOf(report, id);
    if (own === undefined) continue;
    if (!MOVED.test(id)) series.push(own);
    else {
      const next = Float64Array.from(own.values);
      next[step - 1] = values.get(id) ?? NaN;
      series.push({ ...own, values: next });
    }
  }
  const next = { ...report, series };
  made.add(next);
  return next;
}
