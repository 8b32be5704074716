// The tables of a report, its summary first.

import { createTable } from '../charts/datatable.js';
import { unitText } from '../ui/number.js';
import { factorsOf } from './factors.js';

/** @import { OwnTable } from '../session/types.js' */
/** @import { Lab } from '../session/lab.js' */

/**
 * @param {Lab} lab
 * @returns {HTMLElement[]}
 */
export function tablesOf(lab) {
  const { report } = lab;
  /** @type {OwnTable} */
  const summary = {
    id: 'summary',
    title: 'Summary',
    columns: [
      { name: 'Quantity', unit: '' },
      { name: 'Value', unit: '' },
      { name: 'Unit', unit: '' },
      { name: 'Meaning', unit: '' },
    ],
    rows: report.summary.map(({ name, value, unit, note }) => [name, value, unitText(unit), note]),
  };
  const all = report.summary.length > 0 ? [summary, ...report.tables] : report.tables;
  const blocks = all.map((table) => createTable(table, { series: (id) => lab.series(id)?.values }));
  return [...blocks, ...factorsOf(lab)];
}
