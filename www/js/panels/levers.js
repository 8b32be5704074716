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
  const next = h('button', { type: 'button', class: 'quiet next-lever', onclick: () => turn() });
  const element = h(
    'section',
    { class: 'levers', 'aria-label': 'Try it' },
    inputs.element,
    h('div', { class: 'lever-buttons' }, next, all),
  );
  const fields = () => [...element.querySelectorAll('.field')];

  /** Which input stands first in the strip of a phone, where one is seen at a time. */
  function first() {
    const left = inputs.element.getBoundingClientRect().left;
    const far = fields().map((field) => Math.abs(field.getBoundingClientRect().left - left));
    return Math.max(0, far.indexOf(Math.min(...far)));
  }

  function count() {
    const place = `${first() + 1}/${fields().length}`;
    next.hidden = fields().length < 2;
    next.replaceChildren(place, h('span', { 'aria-hidden': 'true' }, ' \u203a'));
    next.setAttribute('aria-label', `Next input, ${place}`);
  }

  function turn() {
    const all = fields();
    all[(first() + 1) % all.length]?.scrollIntoView({ block: 'nearest', inline: 'start' });
  }

  element.addEventListener('scroll', count, { capture: true });
  const stop = lab.on('result', () => queueMicrotask(count));
  count();
  // The one in focus is the one seen.
  element.addEventListener('focusin', ({ target }) => {
    if (target instanceof Element) target.closest('.field')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  });
  return {
    element,
    reveal: inputs.reveal,
    destroy() {
      stop();
      inputs.destroy();
    },
  };
}
