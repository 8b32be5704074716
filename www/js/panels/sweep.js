// One input varied over a range, every point solved beside the interaction, the summary of each recorded.

import { h, uid } from '../ui/dom.js';
import { allFields } from '../session/form.js';
import { ofDocument } from '../session/read.js';
import { numberBox } from '../ui/number-input.js';
import { raw, reading, significant, unitText } from '../ui/number.js';
import { sentence } from '../session/problem.js';
import { createSide } from './side.js';

/** @import { Field, OwnTable, Report, SideWork, SweepPoint } from '../session/types.js' */
/** @import { Lab } from '../session/lab.js' */

const MOST_STEPS = 400;
/** Digits of the range that is suggested. */
const DIGITS = 4;

/** The input, and the values it is to take. @typedef {{ field: Field, values: number[] }} Question */

/**
 * @param {number} from
 * @param {number} to
 * @param {number} steps intervals, so one point more
 * @param {boolean} whole whole numbers only, each once
 */
function grid(from, to, steps, whole) {
  const values = Array.from({ length: steps + 1 }, (_, k) => from + ((to - from) * k) / steps);
  return whole ? [...new Set(values.map(Math.round))] : values;
}

/** @param {Lab} lab */
export function createSweep(lab) {
  const form = new SweepForm(lab);
  const side = createSide(lab, { label: 'Run the sweep', name: 'Sweep', act: () => void run() });
  form.element.append(side.start, side.cancel);
  const panel = h(
    'div',
    { class: 'panel sweep' },
    h('p', {}, 'Vary one input over a range; the scenario on screen stays as it is.'),
    form.element,
    side.bar,
    side.status,
    side.result,
  );

  async function run() {
    const asked = form.read();
    if (asked === null) return;
    if ('message' in asked) {
      side.status.textContent = asked.message;
      return;
    }
    const scenario = lab.text;
    const { values } = asked;
    const { path } = asked.field;
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

  form.offer();
  const stops = [lab.on('result', () => form.offer())];
  return {
    panel,
    destroy() {
      stops.forEach((stop) => stop());
      side.destroy();
    },
  };
}

/** Which input is varied, from where to where, in how many steps. */
class SweepForm {
  #lab;
  #select;
  #from;
  #to;
  #steps;

  /** @param {Lab} lab */
  constructor(lab) {
    this.#lab = lab;
    const ids = { path: uid('sweep'), from: uid('sweep'), to: uid('sweep'), steps: uid('sweep') };
    const whole = () => ({ step: 1, min: 1, max: MOST_STEPS });
    this.#select = h('select', { id: ids.path, onchange: () => this.#suggest() });
    this.#from = numberBox({ id: ids.from });
    this.#to = numberBox({ id: ids.to });
    this.#steps = numberBox({ id: ids.steps, inputmode: 'numeric', value: 20 }, whole);
    this.element = h(
      'div',
      { class: 'sweep-form' },
      h('div', {}, h('label', { for: ids.path }, 'Input'), this.#select),
      h('div', {}, h('label', { for: ids.from }, 'From'), this.#from),
      h('div', {}, h('label', { for: ids.to }, 'To'), this.#to),
      h('div', {}, h('label', { for: ids.steps }, 'Steps'), this.#steps),
    );
  }

  /** Offers the inputs of the scenario as it is now. */
  offer() {
    const fields = this.#fields;
    const select = this.#select;
    const paths = [...select.options].map(({ value }) => value);
    if (JSON.stringify(paths) === JSON.stringify(fields.map(({ path }) => path))) return;
    const chosen = select.value;
    select.replaceChildren(...fields.map((field) => h('option', { value: field.path }, nameOf(field))));
    if (fields.some(({ path }) => path === chosen)) select.value = chosen;
    else {
      // What the market is about first: a slider of the case, else its first number.
      const own = fields.filter(({ of_case }) => of_case);
      select.value = (own.find(({ slider }) => slider) ?? own[0] ?? fields[0])?.path ?? '';
    }
    this.#suggest();
  }

  /** What is asked for, or what is wrong with it; null where there is no input to vary. @returns {Question | { message: string } | null} */
  read() {
    const field = this.#field;
    if (field === undefined) return null;
    /** @type {number[]} */
    const numbers = [];
    for (const [name, { value }] of /** @type {const} */ ([
      ['From', this.#from],
      ['To', this.#to],
      ['Steps', this.#steps],
    ])) {
      const typed = reading(value);
      if ('message' in typed) return { message: `${name}: ${typed.message}` };
      numbers.push(typed.value);
    }
    const [low = NaN, high = NaN, count = NaN] = numbers;
    if (low === high) return { message: 'From and to must be two different numbers.' };
    if (!Number.isInteger(count) || count < 1 || count > MOST_STEPS)
      return { message: `Steps must be a whole number from 1 to ${MOST_STEPS}.` };
    return {
      field,
      values: grid(low, high, count, field.step === 1 && field.times == null).map((value) => ofDocument(field, value)),
    };
  }

  /** The numbers among the inputs, each once. */
  get #fields() {
    const seen = new Set();
    return allFields(this.#lab.form).filter(
      ({ kind, path, of_view }) => kind === 'number' && of_view !== true && !seen.has(path) && seen.add(path),
    );
  }

  get #field() {
    return this.#fields.find(({ path }) => path === this.#select.value);
  }

  /** A range about the present value, inside the field's own. */
  #suggest() {
    const field = this.#field;
    if (field === undefined) return;
    const value = typeof field.value === 'number' ? field.value : 1;
    const reach = value === 0 ? 1 : Math.abs(value) * 0.5;
    const { min, max, slider } = field;
    const low = Math.max(min ?? -Infinity, slider ? (min ?? value - reach) : value - reach);
    const high = Math.min(max ?? Infinity, slider ? (max ?? value + reach) : value + reach);
    this.#from.value = raw(significant(low, DIGITS));
    this.#to.value = raw(significant(high, DIGITS));
  }
}

/** @param {Field} field */
function nameOf({ label, unit }) {
  return unitText(unit) === '' ? label : `${label}, ${unitText(unit)}`;
}

/**
 * Series over the swept input as a table.
 * @param {Report} report
 * @returns {OwnTable}
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
