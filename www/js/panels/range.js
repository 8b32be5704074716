// An input to be chosen, and the range it is to be moved over.

import { h, uid } from '../ui/dom.js';
import { allFields } from '../session/form.js';
import { ofDocument } from '../session/read.js';
import { numberBox } from '../ui/number-input.js';
import { raw, reading, significant, unitText } from '../ui/number.js';

/** @import { Field } from '../session/types.js' */
/** @import { Lab } from '../session/lab.js' */

/** Digits of the range that is suggested. */
const DIGITS = 4;

/** @typedef {{ field: string, from: number, to: number }} Range in the unit of the document */

export class RangePicker {
  #lab;
  #nth;
  #select;
  #from;
  #to;

  /**
   * @param {Lab} lab
   * @param {{ title: string, nth: number }} options nth: which of the likely inputs is suggested, from 0
   */
  constructor(lab, { title, nth }) {
    this.#lab = lab;
    this.#nth = nth;
    const ids = { path: uid('range'), from: uid('range'), to: uid('range') };
    this.#select = h('select', { id: ids.path, onchange: () => this.#suggest() });
    this.#from = numberBox({ id: ids.from });
    this.#to = numberBox({ id: ids.to });
    this.element = h(
      'div',
      { class: 'sweep-form' },
      h('div', {}, h('label', { for: ids.path }, title), this.#select),
      h('div', {}, h('label', { for: ids.from }, 'From'), this.#from),
      h('div', {}, h('label', { for: ids.to }, 'To'), this.#to),
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
    else select.value = (this.#likely[this.#nth] ?? fields[this.#nth] ?? fields[0])?.path ?? '';
    this.#suggest();
  }

  /** What is asked for, or what is wrong with it; null where there is no input. @returns {Range | { message: string } | null} */
  read() {
    const field = this.#field;
    if (field === undefined) return null;
    const [from, to] = [reading(this.#from.value), reading(this.#to.value)];
    if ('message' in from) return { message: `From: ${from.message}` };
    if ('message' in to) return { message: `To: ${to.message}` };
    if (from.value === to.value) return { message: 'From and to must be two different numbers.' };
    const ends = [from.value, to.value].map((value) => ofDocument(field, value)).sort((a, b) => a - b);
    return { field: field.path, from: ends[0] ?? NaN, to: ends[1] ?? NaN };
  }

  /** What the market is about first: limits of lines and loads, of which sliders come first. */
  get #likely() {
    const own = this.#fields.filter(({ of_case }) => of_case);
    return [...own.filter(({ slider }) => slider), ...own.filter(({ slider }) => !slider)];
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

  /** The range of the slider where there is one, else one about the present value, inside the field's own. */
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
