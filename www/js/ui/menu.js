// A button that opens a short list of actions; Escape or a press elsewhere closes it.

import { h } from './dom.js';
import { icon } from './icon.js';

/** @import { IconName } from './icon.js' */

/**
 * @param {string} label
 * @param {IconName} name
 * @param {{ label: string, act: () => void, stays?: boolean }[]} actions `stays`: the list stays open, for a press after the other
 */
export function createMenu(label, name, actions) {
  const summary = h('summary', { class: 'icon-button', 'aria-label': label, title: label }, icon(name));
  const menu = h(
    'details',
    { class: 'menu' },
    summary,
    h(
      'div',
      { class: 'menu-list' },
      ...actions.map((action) =>
        h(
          'button',
          {
            type: 'button',
            onclick: () => {
              if (action.stays !== true) {
                menu.open = false;
                summary.focus();
              }
              action.act();
            },
          },
          action.label,
        ),
      ),
    ),
  );
  menu.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !menu.open) return;
    event.stopPropagation();
    menu.open = false;
    summary.focus();
  });
  menu.addEventListener('focusout', (event) => {
    if (!(event.relatedTarget instanceof Node) || !menu.contains(event.relatedTarget)) {
      // A press inside the list moves no focus in some browsers; let its click come first.
      setTimeout(() => {
        if (!menu.contains(document.activeElement)) menu.open = false;
      }, 150);
    }
  });
  return {
    element: menu,
    /** @param {string} name */
    rename(name) {
      summary.title = name;
      summary.setAttribute('aria-label', name);
    },
  };
}
