// One input varied over a range beside the interaction: evenly spaced values first, then every breakpoint between them.

import { h, uid } from '../ui/dom.js';
import { allFields } from '../session/form.js';
import { ofDocument } from '../session/read.js';
import { numberBox } from '../ui/number-input.js';
import { raw, reading, significant, unitText } from '../ui/number.js';
import { createMap } from './map.js';
import { createSide } from './side.js';

/** @import { Field, OwnTable, Report, SideWork, SweepPoint, Swept } from '../session/types.js' */
/** @import { Lab } from '../session/lab.js' */

const MOST_STEPS = 400;
/** Digits of the range that is suggested. */
const DIGITS = 4;

/** Solves that looking for breakpoints may spend, beside the evenly spaced values. */
const MOST_SOLVES = 300;
/** The same in time: what is not settled by then is said. */
const PATIENCE_MS = 60_000;

/** The input, its ends and the number of steps. @typedef {{ field: Field, from: number, to: number, steps: number }} Question */

/** @param {Lab} lab */
export function createSweep(lab) {
  /** The scenario that is swept right now. */
  let under = '';
  const form = new SweepForm(lab);
  const map = createMap(lab);
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
    const { field, from, to, steps } = asked;
    const { path } = field;
    under = scenario;
    let done = '';
    await side.run(async (aside, stopped) => {
      const ask = { path, from, to, points: steps + 1, most: steps + 1 + MOST_SOLVES, step: lab.cursor + 1 };
      /** @type {SweepPoint[]} */
      const points = [];
      let first = true;
      let since = NaN;
      const sampled = () => ({
        points: [...points].sort((a, b) => a.value - b.value),
        pieces: [],
        breakpoints: [],
        curves: [],
        solves: points.length,
        main: '',
      });
      try {
        await aside.call('sweepBegin', { scenario, ask });
        for (;;) {
          const step = await aside.call('sweepStep', undefined);
          points.push(...step.points);
          if (!step.sampled) {
            side.bar.max = ask.points;
            side.bar.value = step.solves;
            side.status.textContent = `${step.solves} of ${ask.points} points`;
          } else if (!step.done) {
            side.bar.removeAttribute('value');
            side.status.textContent = `Breakpoints are looked for: ${step.solves} solves so far.`;
            if (first) await show(scenario, path, sampled());
            if (first) since = performance.now();
            first = false;
          }
          if (step.done || performance.now() - since > PATIENCE_MS) {
            const swept = await aside.call('sweepFound', undefined);
            await show(scenario, path, swept);
            done = `${swept.solves} solves.${step.refused === null ? '' : ` Some values have no answer: ${step.refused}`}`;
            return false;
          }
        }
      } catch (error) {
        if (!stopped()) throw error;
        if (first && points.length > 0) await show(scenario, path, sampled());
        done = points.length > 0 ? `Cancelled. ${points.length} points.` : 'Cancelled before the first point.';
        return false;
      }
    });
    under = '';
    if (done !== '') side.status.textContent = done;
  }

  /**
   * @param {string} scenario
   * @param {string} path
   * @param {Swept} swept
   */
  async function show(scenario, path, swept) {
    /** @type {SideWork} */
    const work = { kind: 'sweep', scenario, path, swept };
    const report = await lab.client.call('sideReport', work);
    const found = report.tables.filter(({ rows }) => rows.length > 0);
    const lead = swept.pieces.length > 0 ? report.headline : undefined;
    side.show(report, work, { lead, tables: [...found.map((table) => ({ ...table, note: '' })), tableOf(report)] });
  }

  form.offer();
  const stops = [
    lab.on('result', () => {
      form.offer();
      // What is swept is no longer what is on screen.
      if (under !== '' && under !== lab.text) side.stop();
    }),
  ];
  return {
    panel: h('div', {}, panel, map.element),
    destroy() {
      stops.forEach((stop) => stop());
      map.destroy();
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
    return { field, from: ofDocument(field, low), to: ofDocument(field, high), steps: count };
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
