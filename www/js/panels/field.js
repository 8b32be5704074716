// One input of the scenario as a form control, with its unit, its range, its mark when changed and its refusal.

import { h, uid } from '../ui/dom.js';
import { icon } from '../ui/icon.js';
import { itemOf } from '../session/items.js';
import { numberBox } from '../ui/number-input.js';
import { plain, raw, readList, reading, unitText, withUnit } from '../ui/number.js';
import { ofDocument } from '../session/read.js';

/** @import { Field } from '../session/types.js' */

/**
 * What a control tells its panel.
 * @typedef {{
 *   edit: (path: string, value: unknown, gesture: string) => void,
 *   refuse: (path: string, message: string) => void,
 *   last: () => string,
 *   respond?: (field: Field, slot: HTMLElement | null) => void
 * }} Host `respond`: a slider is taken hold of, with the place for what depends on it, or let go of; `last` is the gesture of the change that made the scenario on screen
 * @typedef {{ element: HTMLElement, control: HTMLElement, update: (field: Field) => void, refuse: (message: string | undefined, seen: boolean) => void }} FieldView `seen`: the field is in sight, so it says why
 */

let gestures = 0;
/** A choice longer than this, characters, is written smaller. */
const LONG_CHOICE = 32;

/**
 * @param {Field} field
 */
export function isChanged(field) {
  const { value, initial } = field;
  if (initial === undefined || value === initial) return false;
  // Numbers and words are told apart without writing them out.
  if (typeof value === 'number' && typeof initial === 'number') return true;
  return JSON.stringify(field.value ?? null) !== JSON.stringify(field.initial ?? null);
}

/**
 * @param {Field} field
 * @param {unknown} value
 */
function describe(field, value) {
  if (value === null || value === undefined) return 'none';
  const option = field.options?.find((candidate) => JSON.stringify(candidate.value) === JSON.stringify(value));
  if (option !== undefined) return option.label;
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : value.map((item) => plain(item)).join(' ');
  return typeof value === 'number' ? withUnit(value, field.unit, 6) : String(value);
}

/**
 * A typed number, or why it is none. What is allowed is for the scenario to say: the range is the slider's.
 * @param {Field} field
 * @param {HTMLInputElement} input
 * @returns {{ value: number | null } | { message: string }}
 */
function typed(field, input) {
  return field.optional && input.value.trim() === '' ? { value: null } : reading(input.value);
}

/**
 * A number input, on its own (in a table) or in a row.
 * @param {Field} field
 * @param {Host} host
 * @param {Record<string, string | boolean>} attributes
 */
function numberInput(field, host, attributes) {
  let current = field;
  let gesture = '';
  const input = numberBox(
    {
      placeholder: field.optional ? 'none' : null,
      'data-path': field.path,
      ...attributes,
      onfocus: () => {
        gestures += 1;
        gesture = `field ${gestures}`;
      },
      oninput: () => {
        const answer = typed(current, input);
        if ('message' in answer) host.refuse(current.path, answer.message);
        else host.edit(current.path, ofDocument(current, answer.value), gesture);
      },
    },
    () => current,
  );
  input.addEventListener('blur', () => {
    if (!input.hasAttribute('aria-invalid')) input.value = raw(current.value);
  });
  input.value = raw(field.value);
  return {
    input,
    /** @param {Field} next */
    update(next) {
      current = next;
      // Who is typing leads; an answer to an older keystroke must not overwrite a newer one.
      const focused = document.activeElement === input;
      const typing = focused && (host.last() === gesture || input.hasAttribute('aria-invalid'));
      const shown = typed(next, input);
      const same = 'value' in shown && (shown.value ?? null) === (next.value ?? null);
      if (same ? !focused : !typing) input.value = raw(next.value);
    },
  };
}

/**
 * @param {Field} field
 * @param {Host} host
 */
function sliderInput(field, host) {
  let current = field;
  let gesture = '';
  let frame = 0;
  const begin = () => {
    gestures += 1;
    gesture = `slide ${gestures}`;
  };
  const input = h('input', {
    type: 'range',
    min: field.min,
    max: field.max,
    step: field.step ?? 'any',
    'aria-label': `${field.label}, slider`,
    onpointerdown: begin,
    onfocus: begin,
    oninput: () => {
      // Many input events may come in one frame; only the last one counts.
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => host.edit(current.path, ofDocument(current, Number(input.value)), gesture));
    },
  });
  const slot = h('div', { class: 'response', hidden: true });
  for (const taken of ['focus', 'pointerdown']) input.addEventListener(taken, () => host.respond?.(current, slot));
  input.addEventListener('blur', () => host.respond?.(current, null));
  let held = false;
  input.addEventListener('pointerdown', () => (held = true));
  input.addEventListener('pointerup', () => (held = false));
  input.addEventListener('pointercancel', () => (held = false));
  input.value = raw(field.value);
  return {
    input,
    slot,
    /** @param {Field} next */
    update(next) {
      current = next;
      input.min = raw(next.min);
      input.max = raw(next.max);
      // Under the finger the slider leads; an answer to an older position must not pull it back.
      if (!held) input.value = raw(next.value);
      input.setAttribute('aria-valuetext', describe(next, next.value));
    },
  };
}

/**
 * @param {Field} field
 * @param {Host} host
 * @param {Record<string, string | boolean>} attributes
 */
function choiceInput(field, host, attributes) {
  const options = field.options ?? [];
  const select = h(
    'select',
    {
      'data-path': field.path,
      ...attributes,
      onchange: () => host.edit(field.path, options[select.selectedIndex]?.value, ''),
    },
    ...options.map(({ label }, index) => h('option', { value: index }, label)),
  );
  const update = (/** @type {Field} */ next) => {
    const label = options.find(({ value }) => JSON.stringify(value) === JSON.stringify(next.value))?.label ?? '';
    select.classList.toggle('is-long', label.length > LONG_CHOICE);
    select.title = label.length > LONG_CHOICE ? label : '';
    // Without a choice, the first one is what happens.
    select.selectedIndex = Math.max(
      next.value == null ? 0 : -1,
      options.findIndex(({ value }) => JSON.stringify(value) === JSON.stringify(next.value)),
    );
  };
  update(field);
  return { input: select, update };
}

/**
 * @param {Field} field
 * @param {Host} host
 * @param {Record<string, string | boolean>} attributes
 */
function listInput(field, host, attributes) {
  let gesture = '';
  const area = h('textarea', {
    rows: 2,
    spellcheck: 'false',
    placeholder: 'one number per step; paste from a spreadsheet',
    'data-path': field.path,
    ...attributes,
    onfocus: () => {
      gestures += 1;
      gesture = `list ${gestures}`;
    },
    oninput: () => {
      const answer = readList(area.value);
      if ('message' in answer) host.refuse(field.path, `Number ${answer.at + 1} of the list: ${answer.message}`);
      else host.edit(field.path, ofDocument(field, answer.values), gesture);
    },
  });
  const update = (/** @type {Field} */ next) => {
    const values = Array.isArray(next.value) ? next.value : [];
    const shown = readList(area.value);
    if (!('values' in shown) || JSON.stringify(shown.values) !== JSON.stringify(values))
      area.value = values.map(raw).join(' ');
  };
  update(field);
  return { input: area, update };
}

/**
 * @param {Field} field
 * @param {Host} host
 * @param {Record<string, string | boolean>} attributes
 */
function textInput(field, host, attributes) {
  let gesture = '';
  const input = h('input', {
    type: 'text',
    'data-path': field.path,
    autocomplete: 'off',
    ...attributes,
    onfocus: () => {
      gestures += 1;
      gesture = `text ${gestures}`;
    },
    oninput: () => host.edit(field.path, input.value, gesture),
  });
  const update = (/** @type {Field} */ next) => {
    if (document.activeElement !== input) input.value = raw(next.value);
  };
  update(field);
  return { input, update };
}

/**
 * @param {Field} field
 * @param {Host} host
 * @param {Record<string, string | boolean>} attributes
 */
function inputFor(field, host, attributes) {
  if (field.kind === 'number') return numberInput(field, host, attributes);
  if (field.kind === 'choice') return choiceInput(field, host, attributes);
  if (field.kind === 'list') return listInput(field, host, attributes);
  return textInput(field, host, attributes);
}

/**
 * A row: label, control, unit, reset, refusal.
 * @param {Field} field
 * @param {Host} host
 * @returns {FieldView}
 */
export function fieldRow(field, host) {
  let current = field;
  const id = uid('field');
  const messageId = `${id}-message`;
  const main = inputFor(field, host, { id, 'aria-describedby': messageId });
  const slider =
    field.slider && field.kind === 'number' && field.min != null && field.max != null ? sliderInput(field, host) : null;
  const message = h('p', { class: 'field-message', id: messageId });
  const reset = h(
    'button',
    {
      type: 'button',
      class: 'reset',
      onclick: () => {
        host.edit(current.path, ofDocument(current, current.initial), '');
        main.input.focus();
      },
    },
    icon('reset'),
  );
  const element = h(
    'div',
    { class: `field field-${field.kind}`, 'data-item': itemOf(field.subject) },
    h('label', { for: id }, field.label),
    h(
      'span',
      { class: 'control' },
      main.input,
      field.kind === 'number' ? h('span', { class: 'unit' }, unitText(field.unit)) : null,
    ),
    reset,
    slider?.input,
    slider?.slot,
    field.help === '' ? null : h('p', { class: 'help' }, field.help),
    message,
  );
  const view = {
    element,
    control: main.input,
    update(/** @type {Field} */ next) {
      current = next;
      main.update(next);
      slider?.update(next);
      const changed = isChanged(next);
      element.classList.toggle('is-changed', changed);
      reset.hidden = !changed;
      const to = `Reset ${next.label} to ${describe(next, next.initial)}`;
      reset.title = to;
      reset.setAttribute('aria-label', to);
    },
    refuse(/** @type {string | undefined} */ text, /** @type {boolean} */ seen) {
      message.textContent = seen ? (text ?? '') : '';
      if (text === undefined) main.input.removeAttribute('aria-invalid');
      else main.input.setAttribute('aria-invalid', 'true');
    },
  };
  view.update(field);
  return view;
}

/**
 * A bare control for a cell of an input table; its refusal is shown under the table.
 * @param {Field} field
 * @param {Host} host
 * @param {string} name what a screen reader hears
 * @param {string} messageId where the refusal is written
 * @returns {FieldView}
 */
export function fieldCell(field, host, name, messageId) {
  const main = inputFor(field, host, { 'aria-label': name, 'aria-describedby': messageId });
  const element = h('span', { class: 'cell-control' }, main.input);
  const view = {
    element,
    control: main.input,
    update(/** @type {Field} */ next) {
      main.update(next);
      const changed = isChanged(next);
      element.classList.toggle('is-changed', changed);
      main.input.title = changed ? `was ${describe(next, next.initial)}` : '';
    },
    refuse(/** @type {string | undefined} */ text) {
      if (text === undefined) main.input.removeAttribute('aria-invalid');
      else main.input.setAttribute('aria-invalid', 'true');
    },
  };
  view.update(field);
  return view;
}
