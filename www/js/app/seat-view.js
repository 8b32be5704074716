// The page of a student's seat.

import { readCard } from '../class/code.js';
import { createSeat } from '../class/seat.js';
import { h, markFirstResult } from '../ui/dom.js';
import { createHeader, createNotice } from './shell.js';

/** @import { Client } from '../session/client.js' */

/**
 * @param {Client} _client asked nothing: a seat solves nothing
 * @param {HTMLElement} notices
 * @param {string} text what the link says behind `#seat=`
 */
export function createSeatView(_client, notices, text) {
  const card = readCard(text);
  const header = createHeader({ title: card?.title ?? 'Seat' });
  if (card !== null) header.element.querySelector('h1')?.setAttribute('translate', 'no');
  if (card === null)
    notices.replaceChildren(
      createNotice('bad', 'This link of a seat is cut off or altered.', 'Ask for it again, and open it as a whole.'),
    );
  const main = h('main', { id: 'main', tabindex: -1 }, notices, card === null ? null : createSeat(card));
  markFirstResult();
  return {
    element: h('div', { class: 'class-page seat-page' }, header.element, main),
    destroy: () => header.destroy(),
  };
}
