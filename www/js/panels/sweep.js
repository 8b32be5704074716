// One input varied over a range, every point solved beside the interaction, the summary of each recorded.

import { h, uid } from '../ui/dom.js';
import { allFields } from '../session/form.js';
import { numberBox } from '../ui/number-input.js';
import { raw, reading, unitText } from '../ui/number.js';
import { sentence } from '../session/problem.js';
import { createSide } from './side.js';

/** @import { Field, Report, SideWork, SweepPoint, Table } from '../session/types.js' */
/** @import { Lab } from '../session/lab.js' */

const MOST_STEPS = 400;

/**
 * @param {number} from
 * @param {number} to
 * @param {number} steps intervals, so one point more
 * @param {boolean} [whole] whole numbers only, each once
 */
export function grid(from, to, steps, whole = false) {
  const values = Array.from({ length: steps + 1 }, (_, k) => from + ((to - from) * k) / steps);
  return whole ? [...new Set(values.map(Math.round))] : values;
}

/** @param {Lab} lab */
export function createSweep(lab) {
  const ids = { path: uid('sweep'), from: uid('sweep'), to: uid('sweep'), steps: uid('sweep') };
  const select = h('select', { id: ids.path, onchange: () => suggest() });
  const from = numberBox({ id: ids.from });
  const to = numberBox({ id: ids.to });
  const steps = numberBox({ id: ids.steps, inputmode: 'numeric', value: 20 }, () => ({
    step: 1,
    min: 1,
    max: MOST_STEPS,
  }));
  const side = createSide(lab, { label: 'Run the sweep', name: 'Sweep', act: () => void run() });
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
      side.start,
      side.cancel,
    ),
    side.bar,
    side.status,
    side.result,
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
    else {
      // What the market is about first: a slider of the case, else its first number.
      const own = now.filter(({ path }) => path.startsWith('case.'));
      select.value = (own.find(({ slider }) => slider) ?? own[0] ?? now[0])?.path ?? '';
    }
    suggest();
  }

  /** A range about the present value, inside the field's own. */
  function suggest() {
    const field = fields().find(({ path }) => path === select.value);
    if (field === undefined) return;
    const value = typeof field.value === 'number' ? field.value : 1;
    const reach = value === 0 ? 1 : Math.abs(value) * 0.5;
    from.value = raw(
      Number(
        Math.max(field.min ?? -Infinity, field.slider ? (field.min ?? value - reach) : value - reach).toPrecision(4),
      ),
    );
    to.value = raw(
      Number(
        Math.min(field.max ?? Infinity, field.slider ? (field.max ?? value + reach) : value + reach).toPrecision(4),
      ),
    );
  }

  async function run() {
    const field = fields().find(({ path }) => path === select.value);
    if (field === undefined) return;
    /** @type {number[]} */
    const read = [];
    for (const [name, { value }] of /** @type {const} */ ([
      ['From', from],
      ['To', to],
      ['Steps', steps],
    ])) {
      const typed = reading(value);
      if ('message' in typed) {
        side.status.textContent = `${name}: ${typed.message}`;
        return;
      }
      read.push(typed.value);
    }
    const [low = NaN, high = NaN, count = NaN] = read;
    if (low === high) {
      side.status.textContent = 'From and to must be two different numbers.';
      return;
    }
    if (!Number.isInteger(count) || count < 1 || count > MOST_STEPS) {
      side.status.textContent = `Steps must be a whole number from 1 to ${MOST_STEPS}.`;
      return;
    }
    const scenario = lab.text;
    const { path } = field;
    const values = grid(low, high, count, field.step === 1);
    await side.run(async (aside, stopped) => {
      /** @type {SweepPoint[]} */
      const points = [];
      let problem = '';
      side.bar.max = values.length;
      for (const value of values) {
        if (stopped()) break;
        try {
          points.push({ value, summary: await aside.call('sweepPoint', { scenario, path, value }) });
        } catch (error) {
          if (stopped()) break;
          points.push({ value, summary: null });
          problem = sentence(error);
        }
        side.bar.value = points.length;
        side.status.textContent = `${points.length} of ${values.length} points`;
      }
      if (points.length > 0)
        await show({ kind: 'sweep', scenario, path, points }, stopped() ? 'Cancelled. ' : '', problem);
      else side.status.textContent = 'Cancelled before the first point.';
      return false;
    });
  }

  /**
   * @param {SideWork & { kind: 'sweep' }} sweep
   * @param {string} before
   * @param {string} problem of a point without an answer
   */
  async function show(sweep, before, problem) {
    const report = await lab.client.call('sideReport', sweep);
    const failed = sweep.points.filter(({ summary }) => summary === null).length;
    side.status.textContent = `${before}${sweep.points.length} points.${failed > 0 ? ` ${failed} of them have no answer: ${problem}` : ''}`;
    side.show(report, sweep, { tables: [tableOf(report)] });
  }

  offer();
  const stops = [lab.on('result', offer)];
  return {
    panel,
    destroy() {
      stops.forEach((stop) => stop());
      side.destroy();
    },
  };
}

/**
 * Series over the swept input as a table.
 * @param {Report} report
 * @returns {Table}
 */
function tableOf(report) {
  const { series } = report;
  const index = series[0]?.index;
  if (index === undefined || index.kind !== 'numbers')
    return { id: 'sweep', title: 'Every number of the sweep', columns: [], rows: [] };
  return {
    id: 'sweep',
    title: 'Every number of the sweep',
    columns: [{ name: index.name, unit: index.unit }, ...series.map(({ name, unit }) => ({ name, unit }))],
    rows: Array.from(index.at, (value, k) => [value, ...series.map(({ values }) => values[k] ?? null)]),
  };
}
