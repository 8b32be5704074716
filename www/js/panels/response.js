// Under a slider: how the answer's main number depends on it, with a tick at every breakpoint, solved in a worker beside
// the interaction. Nothing is shown where a solve takes too long for it.

import { allFields } from '../session/form.js';
import { ofDocument, readIn } from '../session/read.js';
import { amount, pixels } from '../ui/number.js';
import { h, s } from '../ui/dom.js';

/** @import { Field, Swept } from '../session/types.js' */
/** @import { Lab } from '../session/lab.js' */

/** What takes longer is not solved unasked, ms. */
const QUICK_MS = 20;
/** Solves that tell so. */
const TRIED = 4;
/** The same of what was computed ahead, s. */
const AHEAD_S = 1;
/** Evenly spaced values, and solves in all. */
const POINTS = 9;
const MOST = 72;
/** Breakpoints that the sentence names at most. */
const NAMED = 4;
const WIDTH = 100;
const HEIGHT = 10;

/** A shape in the units of the picture. @typedef {{ strokes: string, ticks: number[], sentence: string }} Response */
/** @typedef {Awaited<ReturnType<Lab['client']['aside']>>} Aside */

export class Responses {
  #lab;
  /** By input and everything that it depends on. @type {Map<string, Response | null>} */
  #known = new Map();
  /** The worker that solves. @type {Aside | null} */
  #aside = null;
  /** What is shown, or on its way. @type {{ field: Field, slot: HTMLElement, key: string } | null} */
  #asked = null;
  /** What is being solved. */
  #busy = '';
  #stops;

  /** @param {Lab} lab */
  constructor(lab) {
    this.#lab = lab;
    this.#stops = [lab.on('result', () => this.#again()), lab.on('cursor', () => this.#again())];
  }

  /**
   * A slider is taken hold of.
   * @param {Field} field
   * @param {HTMLElement} slot
   */
  show(field, slot) {
    const key = this.#key(field);
    if (this.#asked?.slot === slot && this.#asked.key === key) return;
    this.hide();
    // Who predicts is not shown the answer; what was computed ahead takes long.
    if (this.#lab.covered || (this.#lab.ahead?.seconds ?? 0) > AHEAD_S) return;
    this.#asked = { field, slot, key };
    const known = this.#known.get(key);
    if (known === undefined) void this.#solve();
    else draw(slot, known);
  }

  /** The slider is let go of. */
  hide() {
    if (this.#asked !== null) draw(this.#asked.slot, null);
    this.#asked = null;
    if (this.#busy !== '') this.#drop();
  }

  /** Ends the worker. */
  #drop() {
    this.#aside?.stop();
    this.#aside = null;
  }

  destroy() {
    for (const stop of this.#stops) stop();
    this.#asked = null;
    this.#drop();
  }

  /** An answer came: a response to other inputs than those on screen is dropped. */
  #again() {
    if (this.#asked === null) return;
    const { slot, key } = this.#asked;
    const { path } = this.#asked.field;
    const field = allFields(this.#lab.form).find((one) => one.path === path && one.slider) ?? this.#asked.field;
    if (this.#key(field) === key) return;
    this.#known.clear();
    this.show(field, slot);
  }

  /** Every input but this one, and the step shown. @param {Field} field */
  #key(field) {
    const others = allFields(this.#lab.form).filter(({ path }) => path !== field.path);
    const { preset } = this.#lab.scenario;
    return JSON.stringify([
      preset,
      field.path,
      field.min,
      field.max,
      this.#lab.cursor,
      others.map(({ path, value }) => [path, value]),
    ]);
  }

  async #solve() {
    if (this.#asked === null || this.#busy !== '') return;
    const { field, key } = this.#asked;
    this.#busy = key;
    try {
      const swept = await this.#swept(field, key);
      if (swept !== undefined) this.#known.set(key, swept === null ? null : this.#response(field, swept));
    } catch {
      // Without a worker there is no response; the slider works all the same.
      if (this.#asked?.key === key) this.#known.set(key, null);
      this.#drop();
    }
    this.#busy = '';
    const known = this.#known.get(key);
    if (this.#asked?.key === key) draw(this.#asked.slot, known ?? null);
    else if (this.#asked !== null) void this.#solve();
  }

  /**
   * The response of the scenario on screen; null where it takes too long, undefined where it is no longer asked for.
   * @param {Field} field
   * @param {string} key
   * @returns {Promise<Swept | null | undefined>}
   */
  async #swept(field, key) {
    this.#aside ??= await this.#lab.client.aside();
    const aside = this.#aside;
    const [from, to] = [ofDocument(field, field.min ?? 0), ofDocument(field, field.max ?? 0)];
    const ask = { path: field.path, from, to, points: POINTS, most: MOST, step: this.#lab.cursor + 1 };
    await aside.call('sweepBegin', { scenario: this.#lab.text, ask });
    // The first one compiles and reads the scenario.
    let { done, quickest } = await aside.call('sweepStep', undefined);
    while (!done) {
      const step = await aside.call('sweepStep', undefined);
      if (this.#asked?.key !== key) return undefined;
      // The quickest tells what a solve takes, whatever else this machine does.
      quickest = Math.min(quickest, step.quickest);
      if (quickest > QUICK_MS && step.solves >= TRIED) return null;
      ({ done } = step);
    }
    return aside.call('sweepFound', undefined);
  }

  /**
   * @param {Field} field
   * @param {Swept} swept
   * @returns {Response | null}
   */
  #response(field, swept) {
    const main = swept.points.flatMap(({ summary }) => summary ?? []).find(({ id }) => id === swept.main);
    const points = swept.points.map(({ value, summary }) => ({
      x: value,
      y: summary?.find(({ id }) => id === swept.main)?.value ?? NaN,
    }));
    const known = points.filter(({ y }) => Number.isFinite(y));
    const [first, last] = [known[0], known[known.length - 1]];
    if (main === undefined || first === undefined || last === undefined) return null;
    const [low, high] = [ofDocument(field, field.min ?? 0), ofDocument(field, field.max ?? 0)];
    const least = Math.min(...known.map(({ y }) => y));
    const most = Math.max(...known.map(({ y }) => y));
    const across = (/** @type {number} */ x) => (WIDTH * (x - low)) / (high - low);
    const up = (/** @type {number} */ y) =>
      most - least > 1e-9 * Math.max(1, Math.abs(most))
        ? 1 + (HEIGHT - 2) * (1 - (y - least) / (most - least))
        : HEIGHT / 2;
    let strokes = '';
    let pen = 'M';
    for (const { x, y } of points) {
      if (Number.isFinite(y)) strokes += `${pen}${pixels(across(x), 2)} ${pixels(up(y), 2)}`;
      pen = Number.isFinite(y) ? 'L' : 'M';
    }
    const own = readIn(this.#lab.report, main.unit);
    const said = (/** @type {number} */ y) => amount(y * own.times, own.unit);
    const input = (/** @type {number} */ x) => amount(x * (field.times ?? 1), field.unit);
    const places = swept.breakpoints.map(({ value }) => value);
    const named = places.slice(0, NAMED).map(input);
    const more = places.length > NAMED ? ` and ${places.length - NAMED} more` : '';
    const open = swept.pieces.some(({ exact }) => !exact);
    const ends = `${main.name}: ${said(first.y)} at ${input(first.x)}, ${said(last.y)} at ${input(last.x)}.`;
    const between =
      places.length > 0
        ? `Breakpoints: ${named.join(', ')}${more}.`
        : open
          ? 'A curve in between.'
          : 'Straight in between.';
    return { strokes, ticks: places.map(across), sentence: `${ends} ${between}` };
  }
}

/**
 * @param {HTMLElement} slot
 * @param {Response | null} response
 */
function draw(slot, response) {
  slot.hidden = response === null;
  if (response === null) {
    slot.replaceChildren();
    return;
  }
  const picture = s(
    'svg',
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', 'aria-hidden': 'true', focusable: 'false' },
    ...response.ticks.map((x) => s('line', { class: 'response-tick', x1: x, x2: x, y1: 0, y2: HEIGHT })),
    s('path', { class: 'response-line', d: response.strokes }),
  );
  slot.replaceChildren(picture, h('span', { class: 'response-said', role: 'status' }, response.sentence));
}
