// Where a scenario is looked at first.

/** @import { Report } from './types.js' */

/**
 * The step to show first: the one the report names, or the first one a chart flags, so that the point is seen at once.
 * @param {Report} report
 */
export function telling(report) {
  if (typeof report.start === 'number') return report.start;
  for (const chart of report.charts) {
    for (const mark of chart.marks) {
      if (mark.mark === 'flag' && mark.at[0] !== undefined) {
        return Math.max(0, Math.min(mark.at[0] - 1, (report.clock?.steps ?? 1) - 1));
      }
    }
  }
  return 0;
}
