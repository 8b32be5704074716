// Cards by question: one for each family of presets, with the picture that the build has drawn.

import { familyOf } from '../session/families.js';
import { PATHS } from '../session/paths.js';
import { h } from '../ui/dom.js';
import { parts } from './questions.js';

/** @import { Preset } from '../session/types.js' */
/** @import { Part } from './questions.js' */

/**
 * What a preset is about, in a line.
 * @param {Preset} preset
 */
export function about({ system, minutes }) {
  return `${system} · ${minutes} min`;
}

/**
 * The questions in parts, a part for each mechanism.
 * @param {Preset[]} presets
 */
export function createCards(presets) {
  return parts(presets).map(part);
}

/** @param {Part} part */
function part({ mechanism, pictured, lines }) {
  const path = PATHS.find((one) => pictured.some(({ id }) => one.presets.includes(id)));
  return h(
    'section',
    { class: 'preset-group', 'data-place': mechanism },
    h(
      'h2',
      {},
      h('span', {}, path?.question ?? mechanism),
      path === undefined ? null : h('span', { class: 'about' }, mechanism),
    ),
    h('ul', { class: 'cards' }, ...pictured.map((preset) => card(preset, true))),
    lines.length === 0 ? null : h('ul', { class: 'cards lines' }, ...lines.map((preset) => card(preset, false))),
  );
}

/**
 * @param {Preset} preset
 * @param {boolean} pictured
 */
function card(preset, pictured) {
  const family = familyOf(preset.id);
  const variants = family === null ? '' : ` · ${family.variants.length} variants`;
  return h(
    'li',
    { class: 'card' },
    pictured ? picture(preset.id) : null,
    h('h3', {}, h('a', { href: `#p=${preset.id}` }, family?.title ?? preset.title)),
    h('p', { class: 'question' }, family?.question ?? preset.question),
    pictured ? h('p', { class: 'card-text' }, preset.text) : null,
    h('p', { class: 'about' }, `${about(preset)}${variants}`),
  );
}

/**
 * A picture that does not come leaves no empty frame.
 * @param {string} id
 */
function picture(id) {
  const image = h('img', { alt: '', src: `pictures/${id}.svg`, width: 360, height: 156, decoding: 'async' });
  const frame = h('div', { class: 'thumbnail' }, image);
  image.addEventListener('error', () => frame.remove());
  return frame;
}
