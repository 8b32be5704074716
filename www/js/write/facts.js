// What there is of a scenario to write about: the numbers of its report, its inputs and its charts.

import { ofDocument } from '../session/read.js';
import { plain, unitText, withUnit } from '../ui/number.js';

/** @import { Field, FieldGroup, Report, Series } from '../session/types.js' */

/**
 * @typedef {{ id: string, name: string, now: string, unit: string, series: boolean }} NumberOf
 * @typedef {{ path: string, name: string, unit: string, now: string, value: unknown, options: { value: unknown, label: string }[], times: number | null | undefined }} Input
 * @typedef {{ id: string, name: string, about: string }} ChartOf
 */

/** @type {ChartOf[]} */
const DRAWERS = [
  ['inputs', 'All inputs'],
  ['prices', 'Prices'],
  ['flows', 'Flows'],
  ['money', 'Money'],
  ['region', 'Region'],
  ['stability', 'Stability'],
  ['compare', 'Comparison'],
  ['sweep', 'Sweep'],
  ['flow', 'Power flow'],
  ['tables', 'Tables'],
  ['evidence', 'Evidence'],
].map(([id = '', name = '']) => ({ id, name, about: 'drawer' }));

export class Facts {
  /** @type {NumberOf[]} */
  numbers = [];
  /** @type {Input[]} */
  inputs = [];
  /** @type {ChartOf[]} */
  charts = [];
  /** What the scenario says where the lesson says nothing. */
  own = { title: '', question: '', situation: '' };

  /** @param {Report} report @param {FieldGroup[]} form */
  take(report, form) {
    const step = report.start ?? 0;
    const called = report.clock?.name ?? 'step';
    const single = report.summary.map(({ id, name, value, unit }) => ({
      id,
      name,
      now: withUnit(value, unit),
      unit: unitText(unit),
      series: false,
    }));
    const known = new Set(single.map(({ id }) => id));
    const series = report.series
      .filter(({ id }) => !known.has(id))
      .map(({ id, name, unit, values, index }) => ({
        id,
        name: `${chartOf(report, id)}${name}`,
        now:
          index.kind === 'clock'
            ? `${withUnit(values[step], unit)} in ${called} ${step + 1} of ${values.length}`
            : `${values.length} values`,
        unit: unitText(unit),
        series: true,
      }));
    this.numbers = [...single, ...series];
    // A field that stands in two places goes by its first name.
    const inputs = form.flatMap(inputsOf).reverse();
    this.inputs = [...new Map(inputs.map((one) => [one.path, one])).values()].reverse();
    this.charts = [
      ...report.charts.map(({ id, title, topic }) => ({ id, name: title, about: `chart, ${topic}` })),
      ...DRAWERS,
    ];
  }

  /** @param {string} path */
  input(path) {
    return this.inputs.find((one) => one.path === path) ?? null;
  }
}

/** The title of the first chart that draws a series: series are called by what they are of. @param {Report} report @param {Series['id']} id */
function chartOf({ charts }, id) {
  const chart = charts.find(({ marks }) => marks.some((mark) => JSON.stringify(mark).includes(`"${id}"`)));
  return chart === undefined ? '' : `${chart.title}: `;
}

/** @param {FieldGroup} group @returns {Input[]} */
function inputsOf({ title, fields, table }) {
  const cells = (table?.rows ?? []).flatMap(({ label, cells: row }) =>
    row.flatMap((cell, k) => {
      const column = table?.columns[k];
      return cell == null ? [] : [inputOf(cell, `${title}: ${label}, ${column?.name ?? ''}`, column?.unit ?? '')];
    }),
  );
  return [...fields.map((one) => inputOf(one, one.label, one.unit)), ...cells];
}

/** @param {Field} field @param {string} name @param {string} unit */
function inputOf({ path, value, options, unit: own, times }, name, unit) {
  const kept = ofDocument({ times }, value);
  return { path, name, unit: unitText(own || unit), now: shown(value, options), value: kept, options, times };
}

/**
 * @param {unknown} value
 * @param {Input['options']} options
 */
function shown(value, options) {
  const chosen = options.find((one) => JSON.stringify(one.value) === JSON.stringify(value));
  if (chosen !== undefined) return chosen.label;
  if (typeof value === 'number') return plain(value);
  return value === null || value === undefined ? 'none' : typeof value === 'string' ? value : JSON.stringify(value);
}
