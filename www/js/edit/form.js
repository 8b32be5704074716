// A form of fields with what submits it and what is said when the program refuses: what was typed stays.

import { Problem, sentence } from '../session/problem.js';
import { h, uid } from '../ui/dom.js';
import { fieldOf } from './fields.js';

/** @import { Report } from '../session/types.js' */
/** @import { Field, Spec } from './fields.js' */

/**
 * @param {Spec[]} specs
 * @param {Pick<Report, 'units'>} report
 * @param {{ label: string, verb: string, submit: (values: Record<string, any>) => void, more?: Node[] }} options `more`: beside the button
 */
export function formOf(specs, report, { label, verb, submit, more = [] }) {
  const messageId = uid('edit-message');
  const message = h('p', { class: 'field-message', id: messageId, role: 'alert' });
  const fields = specs.map((spec) => fieldOf(spec, report, messageId));
  const button = h('button', { type: 'submit', class: 'primary' }, verb);
  const element = h(
    'form',
    { class: 'edit-form', 'aria-label': label, novalidate: true },
    h('div', { class: 'edit-fields' }, ...fields.map((field) => field.element)),
    message,
    h('div', { class: 'edit-buttons' }, specs.length === 0 ? null : button, ...more),
  );
  element.addEventListener('submit', (event) => {
    event.preventDefault();
    if (element.getAttribute('aria-busy') === 'true') return;
    clear();
    const values = read();
    if (values !== null) submit(values);
  });

  function clear() {
    message.textContent = '';
    for (const field of fields) field.clear();
  }

  /** What is typed; null, and said, where something cannot be read. */
  function read() {
    /** @type {Record<string, any>} */
    const values = {};
    for (const field of fields) {
      const answer = field.read();
      if ('message' in answer) {
        refuse(field, '', answer.message);
        return null;
      }
      values[field.spec.key] = answer.value;
    }
    return values;
  }

  /**
   * @param {Field} field
   * @param {string} path below it
   * @param {string} text
   */
  function refuse(field, path, text) {
    if (field.element.querySelector('[aria-invalid]') === null) field.blame(path);
    message.textContent = text;
    const blamed = field.element.querySelector('[aria-invalid]');
    if (blamed instanceof HTMLElement) blamed.focus();
  }

  return {
    element,
    button,
    fields,
    /** What is typed so far, whatever it is worth. @returns {Record<string, any>} */
    typed: () => Object.fromEntries(fields.map((field) => [field.spec.key, typedIn(field)])),
    /**
     * Puts back what was typed into a form in the place of which this one stands; a name that was proposed is not kept.
     * @param {Record<string, any>} typed
     */
    restore(typed) {
      for (const { spec, control } of fields) {
        const value = typed[spec.key];
        const own = spec.key !== 'id' || value !== typed['proposed'];
        if (control instanceof HTMLInputElement && spec.kind !== 'blocks' && value !== undefined && own)
          control.value = value;
      }
    },
    /**
     * The program refused: the field that it names is marked.
     * @param {unknown} error
     */
    refuse(error) {
      const path = error instanceof Problem ? (error.field ?? '') : '';
      const field = fields.find(({ spec }) => new RegExp(`\\.${spec.key}(?:\\.|$)`).test(path));
      const text = sentence(error);
      if (field === undefined) message.textContent = text;
      else refuse(field, path.split(`.${field.spec.key}.`)[1] ?? '', text);
    },
    /** While it is asked, it is not asked again; the focus stays. @param {boolean} on */
    busy(on) {
      element.setAttribute('aria-busy', String(on));
    },
  };
}

/** @param {Field} field */
function typedIn({ spec, control, read }) {
  if (spec.kind === 'blocks') {
    const answer = read();
    return 'value' in answer ? answer.value : undefined;
  }
  return control instanceof HTMLInputElement || control instanceof HTMLSelectElement ? control.value : undefined;
}
