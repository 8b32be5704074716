// What was learnt: a student's own lessons with codes, and a teacher's table made of such codes.

import { createClassProgress } from '../front/progress-class.js';
import { createOwnProgress } from '../front/progress-own.js';
import { h, markFirstResult } from '../ui/dom.js';
import { createHeader } from './shell.js';

/** @import { Preset } from '../session/types.js' */

/**
 * @param {Preset[]} presets
 * @param {HTMLElement} notices
 */
export function createProgressView(presets, notices) {
  const header = createHeader({ title: 'Progress' });
  const main = h(
    'main',
    { id: 'main', tabindex: -1 },
    notices,
    createOwnProgress(presets),
    createClassProgress(presets),
  );
  markFirstResult();
  return { element: h('div', { class: 'progress-page' }, header.element, main), destroy: () => header.destroy() };
}
