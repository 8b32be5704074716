// The papers behind the presets, each with a page of its figures and claims.

import { PAPERS } from '../session/papers.js';
import { h } from '../ui/dom.js';

export function createPapers() {
  const links = PAPERS.map(({ id, short }) => h('li', {}, h('a', { href: `#paper=${id}` }, short)));
  return h(
    'div',
    { class: 'papers', 'data-place': 'papers' },
    h('h2', {}, 'Papers, claim by claim'),
    h('ul', {}, ...links),
  );
}
