// The papers behind the presets, each with a page of its figures and claims.

import { PAPERS } from '../session/papers.js';
import { h } from '../ui/dom.js';

export function createPapers() {
  return h(
    'section',
    { class: 'papers', 'data-place': 'papers', 'aria-labelledby': 'papers' },
    h('h2', { id: 'papers' }, 'Papers, claim by claim'),
    h(
      'p',
      { class: 'help' },
      'Their figures and tables live, printed numbers beside ours, and what holds, what does not, and what cannot be compared.',
    ),
    h(
      'ul',
      { class: 'papers-list' },
      ...PAPERS.map(({ id, short, about }) =>
        h('li', {}, h('a', { class: 'way-link', href: `#paper=${id}` }, short), h('p', { class: 'about' }, about)),
      ),
    ),
  );
}
