// The switch between the variants of a question: another variant with the reader's own edits where it has those fields.

import { familyOf, sibling } from '../session/families.js';
import { Problem } from '../session/problem.js';
import { h, uid } from '../ui/dom.js';

/** @import { Lab } from '../session/lab.js' */
/** @import { Family } from '../session/families.js' */

/** A choice of so few stands open, of more in a list. */
const FEW = 3;
/** The question whose variant was just chosen: its control gets the focus back when the variant is on screen. */
let chosen = '';

/**
 * @param {Lab} lab
 */
export function createVariants(lab) {
  const { preset } = lab.scenario;
  const family = familyOf(preset);
  if (family === null) return { element: h('div', { hidden: true }), destroy() {} };
  const at = family.variants.find((variant) => variant.preset === preset)?.at ?? [];
  const status = h('p', { class: 'hidden-text', role: 'status' });
  const changed = h('span', { class: 'variant-changed', hidden: true }, 'changed by you in the inputs');
  let closed = false;

  /** @param {number} dimension @param {string} option */
  const choose = async (dimension, option) => {
    const target = sibling(family, preset, dimension, option);
    if (target === undefined || target.preset === preset) return;
    chosen = `${family.head} ${dimension}`;
    status.textContent = `Opening: ${option}.`;
    // The last edit may not be in the link yet.
    await lab.flush().catch(() => {});
    const hash = await hashOf(lab, family, target.preset);
    if (!closed) location.hash = hash;
  };

  const controls = family.dimensions.map(({ name, options }, k) => {
    const act = (/** @type {string} */ option) => void choose(k, option);
    const make = options.length > FEW ? list : buttons;
    return make(name, options, at[k] ?? '', act);
  });
  const element = h(
    'div',
    { class: 'variants', role: 'group', 'aria-label': 'Variants of this question' },
    ...controls,
    changed,
    status,
  );
  const mark = () => (changed.hidden = !edits(lab).some((part) => isDecided(family, nameOf(part))));
  mark();
  // With another grid it is no variant of the question any more.
  const show = () => (element.hidden = lab.scenario.preset !== preset);
  const stops = [lab.on('link', mark), lab.on('result', show)];
  const back = family.dimensions.findIndex((_, k) => chosen === `${family.head} ${k}`);
  chosen = '';
  if (back >= 0) {
    const control = controls[back]?.querySelector('select, input:checked');
    requestAnimationFrame(() => {
      if (control instanceof HTMLElement && !closed) control.focus({ preventScroll: true });
    });
  }
  return {
    element,
    destroy() {
      closed = true;
      stops.forEach((stop) => stop());
    },
  };
}

/**
 * @param {string} name
 * @param {string[]} options
 * @param {string} value
 * @param {(option: string) => void} act
 */
function list(name, options, value, act) {
  const id = uid('variant');
  const select = h(
    'select',
    { id, onchange: () => act(select.value) },
    ...options.map((option) => h('option', { value: option, selected: option === value }, option)),
  );
  return h('div', { class: 'variant' }, h('label', { for: id }, name), select);
}

/**
 * @param {string} name
 * @param {string[]} options
 * @param {string} value
 * @param {(option: string) => void} act
 */
function buttons(name, options, value, act) {
  const group = uid('variant');
  return h(
    'fieldset',
    { class: 'variant' },
    h('legend', {}, name),
    h(
      'div',
      { class: 'segments' },
      ...options.map((option) =>
        h(
          'label',
          {},
          h('input', {
            type: 'radio',
            name: group,
            value: option,
            checked: option === value,
            onchange: () => act(option),
          }),
          h('span', {}, option),
        ),
      ),
    ),
  );
}

/** @param {string} part of a link, `path=value` */
const nameOf = (part) => decodeURIComponent(part.split('=')[0] ?? '');

/**
 * The changes that the link of the scenario holds; before it has one of its own, the address does.
 * @param {Lab} lab
 */
function edits(lab) {
  const hash = lab.hash || location.hash;
  return hash.startsWith('#p=') ? hash.slice(1).split('&').slice(1) : [];
}

/**
 * Whether a field is one that the variant decides.
 * @param {Family} family
 * @param {string} path
 */
function isDecided(family, path) {
  return family.dimensions.some(({ sets }) => sets.some((set) => path === set || path.startsWith(`${set}.`)));
}

/**
 * The link to a variant with the edits on screen, but for those that the variant decides and those it has no field for.
 * @param {Lab} lab
 * @param {Family} family
 * @param {string} preset
 */
async function hashOf(lab, family, preset) {
  const plain = `#p=${preset}`;
  let kept = edits(lab).filter((part) => !isDecided(family, nameOf(part)));
  while (kept.some((part) => nameOf(part).includes('.'))) {
    const hash = [plain, ...kept].join('&');
    try {
      await lab.client.call('open', hash);
      return hash;
    } catch (error) {
      const field = error instanceof Problem ? error.field : null;
      const fewer = kept.filter((part) => nameOf(part) !== field);
      // Refused for another reason: the variant as it is.
      if (fewer.length === kept.length) break;
      kept = fewer;
    }
  }
  return plain;
}
