// Drawers under the picture: a row of buttons, at most one of them open. What is in a closed one is laid out all
// the same, so that its figures are drawn for paper.

import { h, uid } from './dom.js';

/** @typedef {{ name: string, title: string, panel: HTMLElement, shown?: () => void }} Drawer */

/**
 * @param {string} label
 * @param {Drawer[]} drawers
 * @param {(open: string) => void} changed told the name of the open drawer after a press, '' for none
 */
export function createDrawers(label, drawers, changed) {
  const parts = drawers.map(({ name, title, panel, shown }) => {
    const id = uid(`drawer-${name}`);
    const text = h('span', {}, title);
    const button = h(
      'button',
      {
        type: 'button',
        class: 'drawer-button',
        id,
        'data-drawer': name,
        'aria-expanded': 'false',
        'aria-controls': `${id}-panel`,
        onclick: () => {
          show(current === name ? '' : name);
          changed(current);
        },
      },
      text,
    );
    const element = h(
      'section',
      { class: 'drawer is-parked', id: `${id}-panel`, 'aria-labelledby': id },
      h('h2', { class: 'drawer-title' }, title),
      panel,
    );
    return { name, text, button, element, shown };
  });
  let current = '';

  /** @param {string} name '' for none */
  function show(name) {
    current = parts.some((part) => part.name === name && !part.button.hidden) ? name : '';
    for (const part of parts) {
      const on = part.name === current;
      part.button.setAttribute('aria-expanded', String(on));
      part.element.classList.toggle('is-parked', !on);
      if (on) part.shown?.();
    }
  }

  const element = h(
    'div',
    { class: 'drawers', role: 'group', 'aria-label': label },
    ...parts.flatMap((part) => [part.button, part.element]),
  );
  return {
    element,
    show,
    current: () => current,
    /**
     * A drawer without content leaves the row.
     * @param {string} name
     * @param {boolean} there
     */
    offer(name, there) {
      const part = parts.find((candidate) => candidate.name === name);
      if (part === undefined || part.button.hidden === !there) return;
      part.button.hidden = !there;
      part.element.hidden = !there;
      if (!there && current === name) show('');
    },
  };
}
