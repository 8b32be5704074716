// Where the grid is changed: beside the network, as long as a person does so. Its code comes when it is opened.

import { h } from '../ui/dom.js';

/** @import { Lab } from '../session/lab.js' */

/**
 * @param {Lab} lab
 * @param {{ element: HTMLElement }} network
 */
export function createEdit(lab, network) {
  /** @type {{ element: HTMLElement, destroy: () => void } | null} */
  let card = null;
  let coming = false;
  /** What had the focus before. @type {Element | null} */
  let before = null;

  function close() {
    card?.destroy();
    card = null;
    if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    else network.element.querySelector('button')?.focus({ preventScroll: true });
  }

  function show() {
    if (card === null) return;
    if (!card.element.isConnected) network.element.after(card.element);
    card.element.focus({ preventScroll: true });
    (card.element.firstElementChild ?? card.element).scrollIntoView({ block: 'nearest' });
  }

  async function open() {
    if (coming) return;
    before = document.activeElement;
    lab.why.close();
    if (card === null) {
      coming = true;
      card = await import('../edit/panel.js').then(({ createEditor }) => createEditor(lab, network, close), failed);
      coming = false;
    }
    show();
  }

  function failed() {
    const text = 'This part did not load. Check the connection and open it again.';
    const element = h('p', { role: 'alert', tabindex: -1 }, text);
    return { element, destroy: () => element.remove() };
  }

  return {
    open: () => void open(),
    isOpen: () => card !== null,
    destroy() {
      card?.destroy();
      card = null;
    },
  };
}
