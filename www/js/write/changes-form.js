// The inputs that a step changes, with the values they get.

import { h, uid } from '../ui/dom.js';
import { inForm, ofDocument } from '../session/read.js';
import { read } from '../ui/number.js';

/** @import { Facts } from './facts.js' */
/** @import { StepWords } from './words.js' */

/**
 * @param {StepWords} step changed in place
 * @param {number} k
 * @param {Facts} facts
 * @param {() => void} changed
 */
export function changesForm(step, k, facts, changed) {
  const rows = h('div', { class: 'write-changes' });
  const element = h(
    'div',
    { class: 'write-field', 'data-at': `steps.${k}.change`, role: 'group', 'aria-label': `Changes of step ${k + 1}` },
    h('p', { class: 'write-label' }, 'Changed by “Do it for me” (optional)'),
    rows,
    h('p', { class: 'field-message' }),
  );
  let shown = '';

  function fill() {
    rows.replaceChildren(
      ...step.change.map((one, at) => row(one, at)),
      ...(step.change.length > 0
        ? []
        : [h('p', { class: 'help' }, 'Write in this step and pick one from the inputs.')]),
    );
  }

  /** @param {StepWords['change'][number]} one @param {number} at */
  function row(one, at) {
    const id = uid('write');
    const input = facts.input(one.path);
    const put = (/** @type {unknown} */ value) => {
      one.value = value;
      changed();
    };
    return h(
      'div',
      { class: 'write-change' },
      h('label', { for: id }, input === null ? h('code', {}, one.path) : input.name),
      valueBox(id, one, input, put),
      h('span', { class: 'unit' }, input?.unit ?? ''),
      h(
        'button',
        {
          type: 'button',
          class: 'quiet',
          'aria-label': `Remove the change of ${input?.name ?? one.path}`,
          onclick: () => {
            step.change.splice(at, 1);
            fill();
            changed();
          },
        },
        'Remove',
      ),
    );
  }

  fill();
  return {
    element,
    /** The inputs of the scenario are known. */
    update() {
      const now = JSON.stringify([step.change.map(({ path }) => facts.input(path)?.name)]);
      if (now === shown || rows.contains(document.activeElement)) return;
      shown = now;
      fill();
    },
  };
}

/**
 * @param {string} id
 * @param {StepWords['change'][number]} one
 * @param {import('./facts.js').Input | null} input
 * @param {(value: unknown) => void} put
 */
function valueBox(id, one, input, put) {
  const options = input?.options ?? [];
  if (options.length > 0) {
    const select = h(
      'select',
      { id, 'data-input': one.path, onchange: () => put(options[select.selectedIndex]?.value) },
      ...options.map(({ value, label }) =>
        h('option', { selected: JSON.stringify(value) === JSON.stringify(one.value) }, label),
      ),
    );
    return select;
  }
  const box = h('input', { id, type: 'text', 'data-input': one.path, autocomplete: 'off', spellcheck: 'false' });
  const own = { times: input?.times };
  box.value = typeof one.value === 'string' ? one.value : JSON.stringify(inForm(own, one.value));
  box.addEventListener('input', () => put(ofDocument(own, typedValue(box.value))));
  return box;
}

/** What was typed: a number as people write one, other JSON, or a word. @param {string} text */
function typedValue(text) {
  const number = read(text);
  if (Number.isFinite(number)) return number;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
