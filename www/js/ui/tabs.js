// Tabs under the figures: one panel shown, all of them printed.

import { h, uid } from './dom.js';

/**
 * @param {string} label
 * @param {{ name: string, title: string, panel: HTMLElement, shown?: () => void }[]} tabs
 */
export function createTabs(label, tabs) {
  const parts = tabs.map(({ name, title, panel, shown }) => {
    const id = uid(`tab-${name}`);
    panel.id = `${id}-panel`;
    panel.setAttribute('role', 'tabpanel');
    panel.setAttribute('aria-labelledby', id);
    panel.setAttribute('tabindex', '0');
    const tab = h('button', { type: 'button', role: 'tab', id, 'aria-controls': panel.id, 'data-tab': name }, title);
    tab.addEventListener('click', () => show(name));
    return { name, tab, panel, shown };
  });
  let current = tabs[0]?.name ?? '';

  /**
   * @param {string} name
   * @param {boolean} [focus]
   */
  function show(name, focus = false) {
    current = name;
    for (const part of parts) {
      const on = part.name === name;
      part.tab.setAttribute('aria-selected', String(on));
      part.tab.tabIndex = on ? 0 : -1;
      part.panel.hidden = !on;
      if (on) part.shown?.();
      if (on && focus) part.tab.focus();
    }
  }

  const list = h('div', { role: 'tablist', 'aria-label': label }, ...parts.map(({ tab }) => tab));
  list.addEventListener('keydown', (event) => {
    const open = parts.filter(({ tab }) => !tab.hidden);
    const at = open.findIndex(({ name }) => name === current);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: open.length - 1 }[event.key];
    const next = to === undefined ? undefined : open[(to + open.length) % open.length];
    if (next === undefined) return;
    event.preventDefault();
    show(next.name, true);
  });
  show(current);
  return {
    element: h('section', { class: 'tabs', 'aria-label': label }, list, ...parts.map(({ panel }) => panel)),
    show,
    current: () => current,
    /**
     * A tab without content leaves the list.
     * @param {string} name
     * @param {boolean} there
     */
    offer(name, there) {
      const part = parts.find((candidate) => candidate.name === name);
      if (part === undefined || part.tab.hidden === !there) return;
      part.tab.hidden = !there;
      const first = parts.find(({ tab }) => !tab.hidden);
      if (!there && current === name && first !== undefined) show(first.name);
    },
  };
}
