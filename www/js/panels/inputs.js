// The inputs of the scenario, made from the form the module describes; one section per group.

import { outside, ranged } from '../session/embedding.js';
import { fieldOf, isSameForm } from '../session/form.js';
import { markSelected } from '../session/items.js';
import { inForm } from '../session/read.js';
import { h } from '../ui/dom.js';
import { Section } from './input-section.js';

/** @import { Field, FieldGroup } from '../session/types.js' */
/** @import { Offered } from '../session/embedding.js' */
/** @import { Host } from './field.js' */
/** @import { Lab } from '../session/lab.js' */
/** @import { Responses } from './response.js' */

/**
 * only: the paths to show, where that is not all; ranges: those that an author gave to some
 * @typedef {{ only?: () => string[], ranges?: Offered[] }} InputOptions
 */

/**
 * @param {Lab} lab
 * @param {InputOptions} [options]
 */
export function createInputs(lab, options = {}) {
  const inputs = new Inputs(lab, options);
  return {
    element: inputs.element,
    reveal: (/** @type {string} */ path) => inputs.reveal(path),
    narrow: (/** @type {(text: string) => boolean} */ fits, /** @type {boolean} */ isWanted) =>
      inputs.narrow(fits, isWanted),
    shown: () => inputs.shown(),
    destroy: () => inputs.destroy(),
  };
}

class Inputs {
  element = h('div', { class: 'inputs-form' });
  #lab;
  #only;
  #ranges;
  /** @type {Host} */
  #host;
  /** @type {Section[]} */
  #sections = [];
  /** What the sections were made for. @type {FieldGroup[]} */
  #built = [];
  /** What the sliders do to the answer, from the first one that is taken hold of. @type {Promise<Responses> | null} */
  #responses = null;
  /** @type {(() => void)[]} */
  #stops;

  /**
   * @param {Lab} lab
   * @param {InputOptions} options
   */
  constructor(lab, { only, ranges = [] }) {
    this.#lab = lab;
    this.#only = only;
    this.#ranges = new Map(ranges.map((one) => [one.path, one]));
    this.#host = {
      edit: (path, value, gesture) => this.#edit(path, value, gesture),
      refuse: (path, message) => lab.refuse(path, message),
      last: () => lab.gesture,
      respond: (field, slot) => this.#respond(field, slot),
    };
    this.element.addEventListener('click', (event) => {
      const head = event.target instanceof Element ? event.target.closest('tbody th') : null;
      const item = head?.parentElement?.getAttribute('data-item') ?? null;
      if (item !== null) lab.select(lab.selection === item ? null : item);
    });
    this.#update();
    this.#stops = [
      lab.on('result', () => this.#update()),
      lab.on('refused', () => this.#refuse()),
      lab.on('selection', () => markSelected(this.element, lab.selection)),
      // After a solve that came to nothing, the controls show what the scenario holds.
      lab.on('status', () => lab.trouble !== '' && this.#update()),
    ];
  }

  /** Puts the focus on a field, opening its group. @param {string} path */
  reveal(path) {
    for (const section of this.#sections) {
      const control = section.control(path);
      if (control === undefined) continue;
      section.open();
      control.focus();
      return true;
    }
    return false;
  }

  /**
   * Shows the inputs whose names fit.
   * @param {(text: string) => boolean} fits
   * @param {boolean} isWanted by words, so that sections with some of them open
   * @returns {number} how many there are
   */
  narrow(fits, isWanted) {
    return this.#sections.reduce((count, section) => count + section.narrow(fits, isWanted), 0);
  }

  /** The inputs come into sight. */
  shown() {
    this.#refuse();
  }

  destroy() {
    for (const stop of this.#stops) stop();
    this.#responses?.then(
      (responses) => responses.destroy(),
      () => {},
    );
  }

  /**
   * @param {Field} field
   * @param {HTMLElement | null} slot null: the slider is let go of
   */
  #respond(field, slot) {
    if (slot === null)
      this.#responses?.then(
        (responses) => responses.hide(),
        () => {},
      );
    else {
      this.#responses ??= import('./response.js').then((part) => new part.Responses(this.#lab));
      // Without a network the slider works as it is.
      this.#responses.then(
        (responses) => responses.show(field, slot),
        () => (this.#responses = null),
      );
    }
  }

  /** Whether these inputs are in sight: only then they say what is refused. */
  get #seen() {
    return this.element.closest('.is-parked') === null;
  }

  get #groups() {
    return this.#only === undefined ? this.#lab.form : [this.#onlyGroup(this.#only())];
  }

  /**
   * Some fields of the form as one group.
   * @param {string[]} paths
   * @returns {FieldGroup}
   */
  #onlyGroup(paths) {
    const best = (/** @type {string} */ path) => {
      const field = fieldOf(this.#lab.form, path);
      return field === undefined ? [] : [ranged(field, this.#ranges.get(path))];
    };
    return { title: '', open: true, note: '', fields: paths.flatMap(best), table: null };
  }

  /**
   * @param {string} path
   * @param {unknown} value
   * @param {string} gesture
   */
  #edit(path, value, gesture) {
    const offered = this.#ranges.get(path);
    const field = offered === undefined ? undefined : fieldOf(this.#lab.form, path);
    const message = outside(field, offered, inForm(field ?? {}, value));
    if (message === null) this.#lab.edit([{ path, value }], gesture);
    else this.#lab.refuse(path, message);
  }

  #update() {
    const groups = this.#groups;
    if (isSameForm(this.#built, groups)) {
      this.#built = groups;
      groups.forEach((group, k) => this.#sections[k]?.update(group));
    } else {
      this.#built = groups;
      this.#build(groups);
    }
    this.#refuse();
  }

  #refuse() {
    for (const section of this.#sections) section.refuse(this.#seen);
  }

  /** @param {FieldGroup[]} groups */
  #build(groups) {
    const { activeElement } = document;
    const inside = activeElement instanceof HTMLElement && this.element.contains(activeElement);
    const focused = inside ? activeElement.dataset['path'] : undefined;
    const open = new Map(this.#sections.map((section) => [section.title, section.isOpen]));
    this.#sections = groups.map(
      (group) => new Section(this.#lab, this.#host, group, open.get(group.title) ?? group.open),
    );
    this.element.replaceChildren(...this.#sections.map(({ element }) => element));
    markSelected(this.element, this.#lab.selection);
    if (focused === undefined) return;
    const before = this.#sections.find((section) => section.isOpen && section.control(focused) !== undefined);
    before?.control(focused)?.focus();
  }
}
