// The fields of a form that adds or changes an item of the grid: each reads itself and says why it cannot.

import { inForm, ofDocument, readIn } from '../session/read.js';
import { h, uid } from '../ui/dom.js';
import { numberBox } from '../ui/number-input.js';
import { raw, reading, unitText } from '../ui/number.js';
import { blockTable } from './blocks.js';

/** @import { Report } from '../session/types.js' */

/** A text with more buses than this is typed, not chosen. */
const MANY = 400;

/**
 * `key`: its name in the document; `optional`: it may be left empty, which is no limit; `options`: what may be chosen,
 * value and words; `ticks`: of which several may be; `ends`: blocks are from one power to another, as in bids; `long`: of a text.
 * @typedef {{
 *   key: string, label: string, kind: 'number' | 'text' | 'choice' | 'tick' | 'ticks' | 'blocks', value: any, unit?: string,
 *   optional?: boolean, options?: [string, string][], ends?: boolean, long?: boolean, onchange?: () => void
 * }} Spec
 */
/** @typedef {{ value: any } | { message: string }} Read */
/** @typedef {{ spec: Spec, element: HTMLElement, control: HTMLElement, read: () => Read, blame: (path: string) => void, clear: () => void }} Field `blame`: marks the control that a path below the field names */

/**
 * @param {Spec} spec
 * @param {Pick<Report, 'units'>} report which says the units that numbers are read in
 * @param {string} messageId of what is said when it is refused
 * @returns {Field}
 */
export function fieldOf(spec, report, messageId) {
  if (spec.kind === 'blocks') return blocksField(spec, report, messageId);
  if (spec.kind === 'ticks') return ticksField(spec, messageId);
  if (spec.kind === 'tick') return tickField(spec, messageId);
  const id = uid('edit');
  const { control, read, unit } =
    spec.kind === 'number' ? number(spec, report, id) : spec.kind === 'choice' ? choice(spec, id) : text(spec, id);
  control.setAttribute('aria-describedby', messageId);
  const element = h(
    'div',
    { class: `edit-field${spec.long ? ' is-long' : ''}` },
    h('label', { for: id }, spec.label),
    h('span', { class: 'control' }, control, unit === '' ? null : h('span', { class: 'unit' }, unit)),
  );
  return { spec, element, control, read, ...marks(() => control) };
}

/**
 * @param {(path: string) => HTMLElement | undefined} named the control for what is wrong
 * @param {() => Iterable<HTMLElement>} [all]
 */
function marks(named, all) {
  return {
    blame: (/** @type {string} */ path) => named(path)?.setAttribute('aria-invalid', 'true'),
    clear() {
      const each = all?.() ?? [named('')].filter((one) => one !== undefined);
      for (const one of each) one.removeAttribute('aria-invalid');
    },
  };
}

/**
 * @param {Spec} spec
 * @param {Pick<Report, 'units'>} report
 * @param {string} id
 */
function number({ value, unit: own = '', optional = false }, report, id) {
  const { unit, times } = readIn(report, own);
  const control = numberBox({ id, placeholder: optional ? 'none' : null });
  control.value = raw(inForm({ times }, value));
  const read = () => {
    if (optional && control.value.trim() === '') return { value: null };
    const answer = reading(control.value);
    return 'message' in answer ? answer : { value: ofDocument({ times }, answer.value) };
  };
  return { control, read, unit: unitText(unit) };
}

/**
 * @param {Spec} spec
 * @param {string} id
 */
function text({ value, onchange }, id) {
  const control = h('input', { id, type: 'text', autocomplete: 'off', spellcheck: 'false', size: 8 });
  control.value = value;
  if (onchange !== undefined) control.addEventListener('change', onchange);
  return { control, read: () => ({ value: control.value.trim() }), unit: '' };
}

/**
 * @param {Spec} spec
 * @param {string} id
 */
function choice(spec, id) {
  const { value, options = [], onchange } = spec;
  if (options.length > MANY) return text(spec, id);
  const control = h(
    'select',
    { id },
    ...options.map(([name, words]) => h('option', { value: name, selected: name === value }, words)),
  );
  if (onchange !== undefined) control.addEventListener('change', onchange);
  return { control, read: () => ({ value: control.value }), unit: '' };
}

/**
 * @param {Spec} spec
 * @param {string} messageId
 * @returns {Field}
 */
function tickField(spec, messageId) {
  const control = h('input', { type: 'checkbox', checked: spec.value, 'aria-describedby': messageId });
  const element = h('label', { class: 'edit-tick' }, control, h('span', {}, spec.label));
  return { spec, element, control, read: () => ({ value: control.checked }), ...marks(() => control) };
}

/**
 * @param {Spec} spec `value`: what is ticked
 * @param {string} messageId
 * @returns {Field}
 */
function ticksField(spec, messageId) {
  const boxes = (spec.options ?? []).map(([name, words]) => ({
    name,
    words,
    box: h('input', { type: 'checkbox', checked: spec.value.includes(name), 'aria-describedby': messageId }),
  }));
  const element = h(
    'fieldset',
    { class: 'edit-ticks' },
    h('legend', {}, spec.label),
    ...boxes.map(({ box, words }) => h('label', { class: 'edit-tick' }, box, h('span', {}, words))),
  );
  const control = boxes[0]?.box ?? element;
  const read = () => ({ value: boxes.filter(({ box }) => box.checked).map(({ name }) => name) });
  return { spec, element, control, read, ...marks(() => control) };
}

/**
 * @param {Spec} spec
 * @param {Pick<Report, 'units'>} report
 * @param {string} messageId
 * @returns {Field}
 */
function blocksField(spec, report, messageId) {
  const power = readIn(report, 'MW');
  const price = readIn(report, '$/MWh');
  const ends = [
    { key: 'min_p_mw', name: 'From', ...power },
    { key: 'max_p_mw', name: 'To', ...power },
    { key: 'usd_per_mwh', name: 'Price', ...price },
  ];
  const widths = [
    { key: 'p_mw', name: 'Power', ...power },
    { key: 'usd_per_mwh', name: 'Price', ...price },
    { key: 'end_usd_per_mwh', name: 'Price at its end', ...price, optional: true },
  ];
  const columns = spec.ends === true ? ends : widths;
  // A further block costs no less than the last one.
  const { p_mw = 5, max_p_mw = 0, usd_per_mwh = 20, end_usd_per_mwh = usd_per_mwh } = spec.value.at(-1) ?? {};
  const next = { p_mw, min_p_mw: 0, max_p_mw, usd_per_mwh: end_usd_per_mwh };
  const table = blockTable(spec.label, spec.value, { columns, next: pick(next, columns), messageId });
  return { spec, ...table, ...marks(table.named, table.controls) };
}

/**
 * @param {Record<string, number>} block
 * @param {{ key: string }[]} columns
 */
function pick(block, columns) {
  return Object.fromEntries(columns.flatMap(({ key }) => (block[key] === undefined ? [] : [[key, block[key]]])));
}
