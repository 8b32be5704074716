// The few inputs that matter most, beside the picture: named by the preset, or by its mechanism.

import { allFields } from '../session/form.js';
import { h } from '../ui/dom.js';
import { createInputs } from './inputs.js';

/** @import { Lab } from '../session/lab.js' */

/** Inputs beside the picture at most. */
const MOST = 3;

/**
 * Paths of the inputs beside the picture.
 * @param {Lab} lab
 */
export function leversOf(lab) {
  const fields = allFields(lab.form);
  const known = new Set(fields.map(({ path }) => path));
  const named = (lab.report.look.inputs ?? []).filter((path) => known.has(path));
  const own = fields.filter(({ lever }) => lever === true).map(({ path }) => path);
  return [...new Set(named.length > 0 ? named : own)].slice(0, MOST);
}

/**
 * @param {Lab} lab
 * @param {() => void} more opens all inputs
 */
export function createLevers(lab, more) {
  const inputs = createInputs(lab, { only: () => leversOf(lab) });
  const all = h('button', { type: 'button', class: 'quiet all-inputs', onclick: more }, 'All inputs');
  const element = h('section', { class: 'levers', 'aria-label': 'Try it' }, inputs.element, all);
  // In the strip of a phone one input is seen at a time: the one in focus.
  element.addEventListener('focusin', ({ target }) => {
    if (target instanceof Element) target.closest('.field')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  });
  return { element, reveal: inputs.reveal, destroy: inputs.destroy };
}
