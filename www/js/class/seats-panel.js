// The seats of a room with their links: to be copied one by one, all together, as a file, as QR codes, on cards of paper.

import { csvOf } from '../front/roll.js';
import { openDialog } from '../ui/dialog.js';
import { h, save } from '../ui/dom.js';
import { plain } from '../ui/number.js';
import { stem } from './files.js';
import { copyButton, qrOf, table } from './parts.js';
import { seatHash, unitOf } from './room.js';

/** @import { Room, Seat } from './room.js' */

/** @param {Room} room @param {Seat} seat */
async function linkOf(room, seat) {
  const url = new URL(location.href);
  url.search = '';
  url.hash = await seatHash(room, seat);
  return url.href;
}

/** @param {Room} room */
export function createSeatsPanel(room) {
  const all = () => Promise.all(room.seats.map(async (seat) => [seat.name, await linkOf(room, seat)]));
  const cards = h('div', { class: 'room-cards' });
  const shown = h('input', { type: 'checkbox', onchange: () => element.classList.toggle('is-secret', !shown.checked) });
  const body = h('tbody', {}, ...room.seats.map((seat) => seatRow(room, seat)));
  const element = h(
    'section',
    { class: 'room-seats is-secret', 'aria-labelledby': 'room-seats' },
    h('h2', { id: 'room-seats' }, 'Seats and links'),
    h(
      'p',
      {},
      'Each student opens the own link, on any device, in every round. It holds the name, the role and the key that signs the bids: send it to nobody else. No server knows of it.',
    ),
    h(
      'div',
      { class: 'row' },
      copyButton('Copy all names and links', async () => (await all()).map((row) => row.join('\t')).join('\n')),
      h(
        'button',
        {
          type: 'button',
          onclick: async () =>
            save(
              `${stem(room)}-links.csv`,
              new Blob([`\uFEFF${csvOf([['name', 'link'], ...(await all())])}`], { type: 'text/csv' }),
            ),
        },
        'Save as CSV',
      ),
      h('button', { type: 'button', onclick: () => void print() }, 'Print cards with QR codes'),
      h('label', { class: 'pair' }, shown, h('span', {}, 'Show costs and capacities')),
    ),
    table('Seats', ['Name', 'Seat', 'Units', 'Bus', 'Cost, $/MWh', 'Capacity, MW', 'Link'], body),
    cards,
  );

  /** A card each, on paper alone. */
  async function print() {
    const made = room.seats.map(async (seat) => {
      const link = await linkOf(room, seat);
      const qr = h('div', { class: 'qr' }, await qrOf(link, 'QR code of the link'));
      return h(
        'div',
        { class: 'room-card' },
        qr,
        h('p', {}, h('strong', { translate: 'no' }, seat.name)),
        h('p', { translate: 'no' }, `${room.title} · ${unitOf(seat.number)}`),
      );
    });
    cards.replaceChildren(...(await Promise.all(made)));
    document.documentElement.classList.add('prints-cards');
    addEventListener('afterprint', () => document.documentElement.classList.remove('prints-cards'), { once: true });
    globalThis.print();
  }
  return { element, destroy() {} };
}

/** @param {Room} room @param {Seat} seat */
function seatRow(room, seat) {
  const secret = (/** @type {string} */ text) => h('td', { class: 'number room-secret' }, h('span', {}, text));
  const open = async () => {
    const link = await linkOf(room, seat);
    openDialog(
      'Link of a seat',
      h('p', { class: 'seat-name', translate: 'no' }, seat.name),
      h('div', { class: 'qr' }, await qrOf(link, 'QR code of the link')),
      h('p', {}, h('a', { href: link, target: '_blank', rel: 'noopener' }, 'Open this seat')),
    );
  };
  return h(
    'tr',
    {},
    h('th', { scope: 'row', translate: 'no' }, seat.name),
    h('td', { class: 'number' }, unitOf(seat.number)),
    h('td', { class: 'number', translate: 'no' }, seat.kind),
    h('td', { class: 'number', translate: 'no' }, seat.bus),
    secret(plain(seat.cost, 2)),
    secret(plain(seat.capacity, 2)),
    h(
      'td',
      { class: 'number' },
      h(
        'span',
        { class: 'pair' },
        copyButton('Copy', () => linkOf(room, seat)),
        h('button', { type: 'button', onclick: () => void open() }, 'QR'),
      ),
    ),
  );
}
