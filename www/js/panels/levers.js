// The few inputs that matter most, beside the picture: named by the preset, or by its mechanism.

import { allFields, fieldsAt } from '../session/form.js';
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
  const named = (lab.report.look.inputs ?? []).filter((path) => fieldsAt(lab.form, path).length > 0);
  if (named.length > 0) return [...new Set(named)].slice(0, MOST);
  const own = allFields(lab.form).filter(({ lever }) => lever === true);
  return [...new Set(own.map(({ path }) => path))].slice(0, MOST);
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
  /** The strip of a phone, as the style sheet has it. */
  const narrow = matchMedia('(max-width: 700px)');
  let frame = 0;
  const fields = () => [...element.querySelectorAll('.field')];

  /** Which input stands first in the strip of a phone, where one is seen at a time. */
  function first() {
    const left = inputs.element.getBoundingClientRect().left;
    const far = fields().map((field) => Math.abs(field.getBoundingClientRect().left - left));
    return Math.max(0, far.indexOf(Math.min(...far)));
  }

  /** What is measured is measured once the page is laid out anyway: asked at once, it would be laid out twice. */
  function recount() {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(count);
  }

  function count() {
    next.hidden = fields().length < 2 || !narrow.matches;
    if (next.hidden) return;
    const place = `${first() + 1}/${fields().length}`;
    next.replaceChildren(place, h('span', { 'aria-hidden': 'true' }, ' \u203a'));
    next.setAttribute('aria-label', `Next input, ${place}`);
  }

  function turn() {
    const all = fields();
    all[(first() + 1) % all.length]?.scrollIntoView({ block: 'nearest', inline: 'start' });
  }

  element.addEventListener('scroll', recount, { capture: true });
  narrow.addEventListener('change', recount);
  const stop = lab.on('result', recount);
  recount();
  // The one in focus is the one seen.
  element.addEventListener('focusin', ({ target }) => {
    if (target instanceof Element) target.closest('.field')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  });
  return {
    element,
    reveal: inputs.reveal,
    destroy() {
      stop();
      cancelAnimationFrame(frame);
      narrow.removeEventListener('change', recount);
      inputs.destroy();
    },
  };
}
