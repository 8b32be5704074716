// Where all schemes stand side by side, in every lab: its code comes when it is nearly in sight.

import { h, uid } from '../ui/dom.js';

/** @import { Lab } from '../session/lab.js' */

/** So far below the window the code is asked for, px. */
const NEAR = 400;

/** @param {Lab} lab */
export function createBoardPlace(lab) {
  const id = uid('board');
  const title = h('h2', { id });
  const help = h('p', { class: 'help' });
  const place = h('div', {});
  const element = h(
    'section',
    { class: 'board', 'data-board': '', tabindex: -1, 'aria-labelledby': id },
    title,
    help,
    place,
  );
  /** @type {{ destroy: () => void } | null} */
  let part = null;
  let gone = false;

  async function bring() {
    sight.disconnect();
    try {
      const { createCompare } = await import('../panels/compare.js');
      if (gone) return;
      const made = createCompare(lab, { network: true });
      part = made;
      place.replaceChildren(made.panel);
    } catch {
      place.replaceChildren(
        h('p', { role: 'alert' }, 'This part did not load. Check the connection and reload the page.'),
      );
    }
  }

  const sight = new IntersectionObserver(
    (entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) void bring();
    },
    { rootMargin: `${NEAR}px` },
  );
  sight.observe(element);
  return {
    element,
    /** Another report: what can be compared on its case, if anything. */
    update() {
      const { compared } = lab.report;
      element.hidden = compared === '';
      if (compared === '') return;
      title.textContent = `All ${compared}s side by side`;
      help.textContent = `The case and the inputs on screen under every one of the ${compared}s.`;
    },
    /** Brings it into view, as a link or a lesson does. */
    open() {
      element.scrollIntoView({ block: 'start' });
    },
    destroy() {
      gone = true;
      sight.disconnect();
      part?.destroy();
    },
  };
}
