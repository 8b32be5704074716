// Where an explanation stands: beside the network, as long as one is open. Its code comes with the first.

import { h } from '../ui/dom.js';

/** @import { Lab } from '../session/lab.js' */

/**
 * @param {Lab} lab
 * @param {{ element: HTMLElement }} network
 */
export function createWhy(lab, network) {
  const { why } = lab;
  /** @typedef {{ element: HTMLElement, update: () => void }} Card */
  /** @type {Promise<Card> | null} */
  let coming = null;
  /** @type {Card | null} */
  let card = null;
  /** The question that was brought into view, by how many there were. */
  let seen = 0;

  async function update() {
    if (why.subject === null) {
      card?.element.remove();
      return;
    }
    coming ??= import('../panels/why.js').then(({ createCard }) => createCard(lab), failed);
    card = await coming;
    const { opened } = why;
    if (why.item === null) return;
    card.update();
    if (!card.element.isConnected) network.element.after(card.element);
    if (opened === seen) return;
    seen = opened;
    card.element.focus({ preventScroll: true });
    // Its beginning and some more (`scroll-margin`); all of it may be longer than the window.
    (card.element.firstElementChild ?? card.element).scrollIntoView({ block: 'nearest' });
  }

  function failed() {
    coming = null;
    const text = 'This part did not load. Check the connection and open it again.';
    return { element: h('p', { role: 'alert', tabindex: -1 }, text), update() {} };
  }

  const stop = lab.on('why', () => void update());
  return {
    destroy() {
      stop();
      card?.element.remove();
    },
  };
}
