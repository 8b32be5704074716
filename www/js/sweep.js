// One input varied over a range, every point solved beside the interaction, the summary of each recorded.

import { Board } from './board.js';
import { createTable } from './datatable.js';
import { h, uid } from './dom.js';
import { createFigure } from './figure.js';
import { allFields } from './inputs.js';
import { raw, read, unitText } from './number.js';
import { sentence } from './problem.js';

/** @import { ChartAnswer, ChartRequest, Field, Report, SweepPoint, Table } from './types.js' */
/** @import { Client } from './client.js' */
/** @import { Lab } from './lab.js' */

const MOST_STEPS = 400;

/** The points of one sweep as a report of its own. */
class SweepBoard extends Board {
  /**
   * @param {Client} client
   * @param {Report} report
   * @param {{ scenario: string, path: string, points: SweepPoint[] }} sweep
   */
  constructor(client, report, sweep) {
    super(client, report);
    this.sweep = sweep;
  }

  /**
   * @override
   * @param {ChartRequest[]} charts
   * @returns {Promise<ChartAnswer[]>}
   */
  async draw(charts) {
    return (await this.client.call('sweepReport', { ...this.sweep, charts })).charts;
  }

  /**
   * @override
   * @param {string} id
   */
  async table(id) {
    const chart = this.report.charts.find((candidate) => candidate.id === id);
    const drawn = (chart?.marks ?? []).flatMap((mark) => (mark.mark === 'line' ? [mark.series] : []));
    return tableOf(this.report, drawn);
  }

  /**
   * @override
   * @param {string} id
   */
  async csv(id) {
    return csv(await this.table(id));
  }
}

/**
 * @param {number} from
 * @param {number} to
 * @param {number} steps intervals, so one point more
 */
export function grid(from, to, steps) {
  return Array.from({ length: steps + 1 }, (_, k) => from + ((to - from) * k) / steps);
}

/** @param {Lab} lab */
export function createSweep(lab) {
  /** @type {{ stop: () => void } | null} */
  let under = null;
  /** @type {{ destroy: () => void }[]} */
  let figures = [];
  const ids = { path: uid('sweep'), from: uid('sweep'), to: uid('sweep'), steps: uid('sweep') };
  const select = h('select', { id: ids.path, onchange: () => suggest() });
  const from = h('input', { id: ids.from, type: 'number', step: 'any' });
  const to = h('input', { id: ids.to, type: 'number', step: 'any' });
  const steps = h('input', { id: ids.steps, type: 'number', min: 1, max: MOST_STEPS, step: 1, value: 20 });
  const start = h('button', { type: 'button', class: 'primary', onclick: () => void run() }, 'Run the sweep');
  const cancel = h('button', { type: 'button', hidden: true, onclick: () => under?.stop() }, 'Cancel');
  const bar = h('progress', { hidden: true, 'aria-label': 'Sweep' });
  const status = h('p', { class: 'help', role: 'status' });
  const result = h('div', { class: 'sweep-result' });
  const panel = h(
    'div',
    { class: 'panel sweep' },
    h('p', {}, 'Vary one input over a range; the scenario on screen stays as it is.'),
    h(
      'div',
      { class: 'sweep-form' },
      h('div', {}, h('label', { for: ids.path }, 'Input'), select),
      h('div', {}, h('label', { for: ids.from }, 'From'), from),
      h('div', {}, h('label', { for: ids.to }, 'To'), to),
      h('div', {}, h('label', { for: ids.steps }, 'Steps'), steps),
      start,
      cancel,
    ),
    bar,
    status,
    result,
  );

  function fields() {
    const seen = new Set();
    return allFields(lab.form).filter(({ kind, path }) => kind === 'number' && !seen.has(path) && seen.add(path));
  }

  /** @param {Field} field */
  function nameOf(field) {
    const unit = unitText(field.unit);
    return unit === '' ? field.label : `${field.label}, ${unit}`;
  }

  function offer() {
    const now = fields();
    const paths = [...select.options].map(({ value }) => value);
    if (JSON.stringify(paths) === JSON.stringify(now.map(({ path }) => path))) return;
    const chosen = select.value;
    select.replaceChildren(...now.map((field) => h('option', { value: field.path }, nameOf(field))));
    if (now.some(({ path }) => path === chosen)) select.value = chosen;
    else select.value = (now.find(({ slider }) => slider) ?? now[0])?.path ?? '';
    suggest();
  }

  /** A range about the present value, inside the field's own. */
  function suggest() {
    const field = fields().find(({ path }) => path === select.value);
    if (field === undefined) return;
    const value = typeof field.value === 'number' ? field.value : 1;
    const reach = value === 0 ? 1 : Math.abs(value) * 0.5;
    from.value = raw(Number(Math.max(field.min ?? -Infinity, field.slider ? (field.min ?? value - reach) : value - reach).toPrecision(4)));
    to.value = raw(Number(Math.min(field.max ?? Infinity, field.slider ? (field.max ?? value + reach) : value + reach).toPrecision(4)));
  }

  async function run() {
    const field = fields().find(({ path }) => path === select.value);
    const [low, high, count] = [read(from.value), read(to.value), read(steps.value)];
    if (field === undefined) return;
    if (!Number.isFinite(low) || !Number.isFinite(high) || low === high) {
      status.textContent = 'From and to must be two different numbers.';
      return;
    }
    if (!Number.isInteger(count) || count < 1 || count > MOST_STEPS) {
      status.textContent = `Steps must be a whole number from 1 to ${MOST_STEPS}.`;
      return;
    }
    const scenario = lab.text;
    const values = grid(low, high, count);
    /** @type {SweepPoint[]} */
    const points = [];
    let problem = '';
    let stopped = false;
    start.disabled = true;
    bar.hidden = cancel.hidden = false;
    bar.max = values.length;
    bar.value = 0;
    try {
      const aside = await lab.client.aside();
      under = {
        stop() {
          stopped = true;
          aside.stop();
        },
      };
      try {
        for (const value of values) {
          if (stopped) break;
          try {
            points.push({ value, summary: await aside.call('sweepPoint', { scenario, path: field.path, value }) });
          } catch (error) {
            if (stopped) break;
            points.push({ value, summary: null });
            problem = sentence(error);
          }
          bar.value = points.length;
          status.textContent = `${points.length} of ${values.length} points`;
        }
      } finally {
        aside.stop();
      }
      if (points.length > 0) await show({ scenario, path: field.path, points }, stopped ? 'Cancelled. ' : '', problem);
      else status.textContent = 'Cancelled before the first point.';
    } catch (error) {
      status.textContent = sentence(error);
    } finally {
      under = null;
      start.disabled = false;
      bar.hidden = cancel.hidden = true;
    }
  }

  /**
   * @param {{ scenario: string, path: string, points: SweepPoint[] }} sweep
   * @param {string} before
   * @param {string} problem of a point without an answer
   */
  async function show(sweep, before, problem) {
    const { report } = await lab.client.call('sweepReport', { ...sweep, charts: [] });
    const failed = sweep.points.filter(({ summary }) => summary === null).length;
    status.textContent = `${before}${sweep.points.length} points.${failed > 0 ? ` ${failed} of them have no answer: ${problem}` : ''}`;
    clear();
    const board = new SweepBoard(lab.client, report, sweep);
    const charts = report.charts.map(({ id }) => createFigure(board, id));
    figures = [...charts, { destroy: () => board.close() }];
    const table = createTable(tableOf(report, report.series.map(({ id }) => id)));
    result.replaceChildren(h('div', { class: 'figures' }, ...charts.map(({ element }) => element)), table);
  }

  function clear() {
    for (const figure of figures) figure.destroy();
    figures = [];
  }

  offer();
  const stops = [lab.on('result', offer)];
  return {
    panel,
    destroy() {
      under?.stop();
      clear();
      stops.forEach((stop) => stop());
    },
  };
}

/**
 * Series over the swept input as a table.
 * @param {Report} report
 * @param {string[]} ids
 * @returns {Table}
 */
function tableOf(report, ids) {
  const series = report.series.filter(({ id }) => ids.includes(id));
  const index = series[0]?.index;
  if (index === undefined || index.kind !== 'numbers') return { id: 'sweep', title: 'Every number of the sweep', columns: [], rows: [] };
  return {
    id: 'sweep',
    title: 'Every number of the sweep',
    columns: [{ name: index.name, unit: index.unit }, ...series.map(({ name, unit }) => ({ name, unit }))],
    rows: Array.from(index.at, (value, k) => [value, ...series.map(({ values }) => values[k] ?? null)]),
  };
}

/** @param {Table} table */
function csv(table) {
  const cell = (/** @type {unknown} */ value) => (typeof value === 'number' ? String(value) : `"${String(value ?? '').replaceAll('"', '""')}"`);
  return [table.columns.map(({ name, unit }) => cell(unitText(unit) === '' ? name : `${name}, ${unit}`)), ...table.rows.map((row) => row.map(cell))]
    .map((row) => row.join(','))
    .join('\n');
}
