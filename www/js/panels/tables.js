// The tables of a report, its summary first.

import { createTable } from '../charts/datatable.js';
import { unitText } from '../ui/number.js';
import { factorsOf } from './factors.js';

/** @import { OwnTable, Report } from '../session/types.js' */
/** @import { Lab } from '../session/lab.js' */

/**
 * @param {Lab} lab
 * @returns {HTMLElement[]}
 */
export function tablesOf(lab) {
  const summary = summaryOf(lab.report);
  const all = summary === null ? lab.report.tables : [summary, ...lab.report.tables];
  const blocks = all.map((table) => createTable(table, { series: (id) => lab.series(id)?.values }));
  return [...blocks, ...factorsOf(lab)];
}

/**
 * The numbers of the summary as a table; null where there are none.
 * @param {Report} report
 * @returns {OwnTable | null}
 */
export function summaryOf({ summary }) {
  if (summary.length === 0) return null;
  return {
    id: 'summary',
    title: 'Summary',
    columns: [
      { name: 'Quantity', unit: '' },
      { name: 'Value', unit: '' },
      { name: 'Unit', unit: '' },
      { name: 'Meaning', unit: '' },
    ],
    rows: summary.map(({ name, value, unit, note }) => [name, value, unitText(unit), note]),
  };
}
