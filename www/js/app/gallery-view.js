// The front page: what one wants to find out, three ways in, the questions, and all presets in a table.

import { createCards } from '../front/cards.js';
import { createCompareWay, createLearn } from '../front/learn.js';
import { createOwnGrid } from '../front/own-grid.js';
import { createSearchBox } from '../front/search-box.js';
import { createPapers } from '../front/papers.js';
import { createTable } from '../front/table.js';
import { h, markFirstResult } from '../ui/dom.js';
import { createHeader } from './shell.js';

/** @import { Client } from '../session/client.js' */
/** @import { Preset } from '../session/types.js' */

/** The link by which the reader left, and the part of the page it stands in: who comes back finds it again. */
let left = { place: '', href: '' };

/**
 * @param {Client} client
 * @param {Preset[]} presets
 * @param {HTMLElement} notices
 * @param {(what: string | Uint8Array) => Promise<void>} open opens a link, a text or a file
 */
export function createGalleryView(client, presets, notices, open) {
  const header = createHeader();
  const table = createTable(presets);
  const own = createOwnGrid(client, presets, open);
  const search = createSearchBox(presets, {
    all: (ids, query) => table.show(ids, query),
    bring: () => {
      own.element.scrollIntoView({ block: 'center' });
      document.getElementById('case-file')?.focus({ preventScroll: true });
    },
  });
  const main = h(
    'main',
    { id: 'main', tabindex: -1 },
    notices,
    h(
      'section',
      { class: 'hero' },
      h(
        'p',
        { class: 'lede' },
        'Tandem solves published electricity markets between transmission and distribution. Change a line, a bid or a rule, and see who runs, at what price, and who pays. For courses, research and system operators. ',
        h('a', { href: 'how.html' }, 'How it is computed'),
        ' · ',
        h('a', { href: 'words.html' }, 'Words'),
      ),
      search.element,
    ),
    h('div', { class: 'ways' }, createLearn(presets), createCompareWay(presets), own.element),
    ...createCards(presets),
    createPapers(),
    table.element,
  );
  const element = h(
    'div',
    { class: 'gallery' },
    header.element,
    main,
    h(
      'footer',
      { class: 'foot' },
      h('p', {}, 'Runs wholly in this browser: no account, nothing is uploaded. Works offline after the first visit.'),
    ),
  );
  main.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    const place = link?.closest('[data-place]')?.getAttribute('data-place') ?? '';
    left = { place, href: link?.getAttribute('href') ?? '' };
  });
  markFirstResult();
  return {
    element,
    /** Shows where the reader left, else the head of the page. */
    arrive() {
      const place = element.querySelector(`[data-place="${CSS.escape(left.place)}"]`);
      const link = place?.querySelector(`a[href="${CSS.escape(left.href)}"]`);
      left = { place: '', href: '' };
      if (!(link instanceof HTMLElement)) {
        scrollTo(0, 0);
        return;
      }
      for (let up = link.parentElement; up !== null; up = up.parentElement)
        if (up instanceof HTMLDetailsElement) up.open = true;
      link.scrollIntoView({ block: 'center' });
      link.focus({ preventScroll: true });
    },
    destroy() {
      header.destroy();
    },
  };
}
