// One input varied over a range beside the interaction: evenly spaced values first, then every breakpoint between them.

import { h, uid } from '../ui/dom.js';
import { fieldOf } from '../session/form.js';
import { ofDocument } from '../session/read.js';
import { numberBox } from '../ui/number-input.js';
import { reading } from '../ui/number.js';
import { createMap } from './map.js';
import { RangePicker } from './range.js';
import { createSide } from './side.js';

/** @import { OwnTable, Report, SideWork, SweepPoint, Swept } from '../session/types.js' */
/** @import { Lab } from '../session/lab.js' */
/** @import { Offered } from '../session/embedding.js' */
/** @import { Range } from './range.js' */

const MOST_STEPS = 400;
/** Solves that looking for breakpoints may spend, beside the evenly spaced values. */
const MOST_SOLVES = 300;
/** The same in time: what is not settled by then is said. */
const PATIENCE_MS = 60_000;

/** The input, its ends and the number of steps. @typedef {Range & { steps: number }} Question */

/**
 * @param {Lab} lab
 * @param {Offered} [given] the input and its range, where an author chose them: swept at once, and again after a change
 */
export function createSweep(lab, given) {
  /** The scenario that is swept right now. */
  let under = '';
  let gone = false;
  const form = new SweepForm(lab);
  const map = given === undefined ? createMap(lab) : null;
  const side = createSide(lab, { label: 'Run the sweep', name: 'Sweep', act: () => void run() });
  form.element.append(side.start, side.cancel);
  const panel = h(
    'div',
    { class: 'panel sweep' },
    given === undefined ? h('p', {}, 'Vary one input over a range; the scenario on screen stays as it is.') : null,
    given === undefined ? form.element : null,
    side.bar,
    side.status,
    side.result,
  );

  async function run() {
    const asked = given === undefined ? form.read() : questionOf(lab, given);
    if (asked === null) return;
    if ('message' in asked) {
      side.status.textContent = asked.message;
      return;
    }
    const scenario = lab.text;
    const { field: path, from, to, steps } = asked;
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
    if (given !== undefined && scenario !== lab.text && !gone) await run();
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
      else if (under === '' && given !== undefined) void run();
    }),
  ];
  if (given !== undefined) void run();
  return {
    panel: h('div', {}, panel, map?.element ?? null),
    destroy() {
      gone = true;
      stops.forEach((stop) => stop());
      map?.destroy();
      side.destroy();
    },
  };
}

/** Steps of a sweep whose range an author chose. */
const GIVEN_STEPS = 40;

/**
 * The question of a given range.
 * @param {Lab} lab
 * @param {Offered} given in the unit of the page
 * @returns {Question | { message: string }}
 */
function questionOf(lab, { path, from, to }) {
  const field = fieldOf(lab.form, path);
  if (field === undefined || field.kind !== 'number')
    return { message: `There is no number “${path}” among the inputs of this scenario.` };
  const [low, high] = [from ?? field.min, to ?? field.max];
  if (low == null || high == null) return { message: `“${path}” needs a range: sweep:${path}:FROM:TO.` };
  return { field: path, from: ofDocument(field, low), to: ofDocument(field, high), steps: GIVEN_STEPS };
}

/** Which input is varied, from where to where, in how many steps. */
class SweepForm {
  #range;
  #steps;

  /** @param {Lab} lab */
  constructor(lab) {
    const id = uid('sweep');
    const whole = () => ({ step: 1, min: 1, max: MOST_STEPS });
    this.#range = new RangePicker(lab, { title: 'Input', nth: 0 });
    this.#steps = numberBox({ id, inputmode: 'numeric', value: 20 }, whole);
    this.element = this.#range.element;
    this.element.append(h('div', {}, h('label', { for: id }, 'Steps'), this.#steps));
  }

  /** Offers the inputs of the scenario as it is now. */
  offer() {
    this.#range.offer();
  }

  /** What is asked for, or what is wrong with it; null where there is no input to vary. @returns {Question | { message: string } | null} */
  read() {
    const range = this.#range.read();
    if (range === null || 'message' in range) return range;
    const steps = reading(this.#steps.value);
    if ('message' in steps) return { message: `Steps: ${steps.message}` };
    if (!Number.isInteger(steps.value) || steps.value < 1 || steps.value > MOST_STEPS)
      return { message: `Steps must be a whole number from 1 to ${MOST_STEPS}.` };
    return { ...range, steps: steps.value };
  }
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
