// What came of a round: the efficient outcome beside it, prices, the replay, the ledger, and the answers that were missed.

import { h } from '../ui/dom.js';
import { amount, fixed, plain } from '../ui/number.js';
import { looseTies } from './market.js';
import { createReplay } from './merit.js';
import { table } from './parts.js';
import { unitOf } from './room.js';
import { ruleForRoom } from './rules.js';

/** @import { Answer } from './answers.js' */
/** @import { Ledger, Row } from './market.js' */
/** @import { Room } from './room.js' */
/** @import { Result } from './solver.js' */

const NOTHING = 1e-6;

/** Money of an hour. @param {number} value */
const dollars = (value) => amount(value, '$');

/**
 * @param {Room} room
 * @param {Result} result
 * @param {{ next: (() => void) | null, lab: HTMLElement }} options
 */
export function createResult(room, result, { next, lab }) {
  const { ledger, efficient, ms } = result;
  const replay = createReplay(room, result, { discreet: room.discreet, next });
  const answers = h('p', { class: 'help', role: 'status' });
  /** @type {Map<number, Answer>} */
  const found = new Map();
  const rows = new Map(
    ledger.rows.map((row) => [row.seat, ledgerRow(room, ledger.rule, row, efficient.rows[row.seat - 1])]),
  );
  const ordered = () =>
    [...ledger.rows].sort((a, b) => (room.discreet ? a.bid - b.bid : b.profit - a.profit) || a.seat - b.seat);
  const body = h('tbody', {}, ...ordered().map(({ seat }) => rows.get(seat)));
  const element = h(
    'div',
    { class: 'room-result' },
    headline(result, room.discreet),
    h('p', {}, ruleForRoom(ledger.rule)),
    notes(room, ledger),
    h('div', { class: 'room-columns' }, sums(ledger, room.discreet), prices(ledger)),
    replay.element,
    h('h3', {}, 'Ledger of one hour'),
    table('Ledger', heads(room.discreet, ledger.rule), body),
    room.discreet ? null : answers,
    h(
      'p',
      { class: 'help' },
      `${ledger.rows.filter(({ quantity }) => quantity > 0).length} offers were cleared in ${Math.max(1, Math.round(ms))} ms. Equal offers at one bus share what they sell.`,
    ),
    h('p', { class: 'row' }, lab),
  );
  const say = () => {
    const all = ledger.rows.length;
    answers.textContent =
      found.size < all
        ? `Best missed answers: ${found.size} of ${all} found.`
        : 'A missed answer is the best price for the whole capacity with all other bids as they were, among these: the cost, the cap, and a cent below each price at which the sales of the unit change, those of rivals and those at its bus with and without it; before redispatch also 0 and a cent above.';
  };
  say();
  return {
    element,
    replay,
    /** @param {Answer} answer */
    answer(answer) {
      found.set(answer.seat, answer);
      const cell = rows.get(answer.seat)?.querySelector('.room-missed');
      if (cell instanceof HTMLElement) {
        const { gain, price, tried } = answer;
        cell.textContent = gain < 0.005 ? 'no better one' : `${plain(price, 2)}: +${plain(gain, gain < 100 ? 2 : 0)} $`;
        cell.title = `${tried} prices were tried.`;
        cell.classList.toggle('is-gain', gain >= 0.005);
      }
      say();
    },
  };
}

/** @param {Result} result @param {boolean} discreet */
function headline({ ledger, efficient }, discreet) {
  const lost = ledger.cost - efficient.cost;
  const short = ledger.emergency.output;
  const price = plain(ledger.payment / ledger.load, 2);
  const paid = `The load pays ${price} $/MWh on average.`;
  const failed = short > NOTHING ? ` ${plain(short, 1)} MW of it come from the emergency supply.` : '';
  if (discreet) return h('p', { class: 'room-headline' }, paid + failed);
  const welfare =
    lost < Math.max(0.005, 1e-7 * ledger.cost)
      ? `This dispatch is efficient: it costs ${dollars(ledger.cost)} an hour.`
      : `This dispatch costs ${dollars(ledger.cost)} an hour, ${dollars(lost)} more than if all had told their cost.`;
  return h('p', { class: 'room-headline' }, `${paid}${failed} ${welfare}`);
}

/** @param {Room} room @param {Ledger} ledger */
function notes(room, ledger) {
  const ties = looseTies(ledger, room);
  return h(
    'div',
    {},
    ledger.unique
      ? null
      : h('p', { class: 'help' }, 'The prices are not one number here: those of one more MWh of load are taken.'),
    ties.length === 0
      ? null
      : h(
          'p',
          { class: 'help' },
          'Some equal offers stand at different buses: another split between them would cost as much; the program chose one.',
        ),
  );
}

/** Who pays what, and that it adds up. @param {Ledger} ledger @param {boolean} discreet */
function sums({ rule, payment, revenue, emergency, rent, levy, rows }, discreet) {
  const cost = rows.reduce((sum, row) => sum + row.cost, 0);
  const line = (/** @type {string} */ name, /** @type {number} */ value, sign = '') =>
    h('tr', {}, h('th', { scope: 'row' }, name), h('td', { class: 'number' }, `${sign}${fixed(value, 2)} $`));
  return h(
    'div',
    {},
    h('h3', {}, 'Who pays whom'),
    h(
      'table',
      { class: 'room-table room-sums' },
      h('caption', { class: 'hidden-text' }, 'Payments of one hour'),
      h(
        'tbody',
        {},
        line('The load pays', payment),
        rule === 'zonal' ? line('of that for redispatch', levy) : null,
        line('to the seats', revenue),
        emergency.output > NOTHING ? line('to the emergency supply', emergency.revenue) : null,
        rule === 'nodal' ? line('congestion rent', rent) : null,
        discreet ? null : line('Costs of the seats', cost),
        discreet ? null : line('Profits of the seats', revenue - cost),
      ),
    ),
  );
}

/** @param {Ledger} ledger */
function prices(ledger) {
  const all = [...ledger.prices];
  const most = Math.max(1, ...all.map(([, { value }]) => value));
  const shown = ledger.rule === 'nodal' ? 'Prices at the buses' : 'What a MWh is worth at the buses';
  const full = ledger.lines.filter(({ worth }) => worth > NOTHING);
  return h(
    'div',
    {},
    h('h3', {}, shown),
    ledger.one === null ? null : h('p', {}, `The one price is ${plain(ledger.one, 2)} $/MWh.`),
    h(
      'ul',
      { class: all.length > 8 ? 'room-prices is-many' : 'room-prices' },
      ...all.map(([bus, { value }]) =>
        h(
          'li',
          {},
          h('span', {}, `Bus ${bus}`),
          h('meter', { min: 0, max: most, value: Math.max(0, value), 'aria-label': `Price at bus ${bus}` }),
          h('span', { class: 'number' }, `${plain(value, 2)} $/MWh`),
        ),
      ),
    ),
    h(
      'p',
      { class: 'help' },
      full.length === 0
        ? 'No line is full.'
        : full.map(({ id, limit }) => `Line ${id} is full at ${plain(limit, 1)} MW.`).join(' '),
    ),
  );
}

/** @param {boolean} discreet @param {import('./rules.js').Rule} rule */
function heads(discreet, rule) {
  return [
    ...['Name', 'Seat', 'Bus', 'Bid, $/MWh', 'Offered, MW', 'Output, MW'],
    ...(rule === 'zonal' ? ['Redispatch, MW'] : []),
    ...['Earned, $/MWh', 'Revenue, $'],
    ...(discreet ? [] : ['Own cost, $/MWh', 'Profit, $', 'Profit if all tell their cost, $', 'Missed: bid and gain']),
  ];
}

/**
 * @param {Room} room
 * @param {import('./rules.js').Rule} rule
 * @param {Row} row
 * @param {Row | undefined} honest
 */
function ledgerRow(room, rule, row, honest) {
  const seat = room.seats[row.seat - 1];
  const number = (/** @type {number} */ value, places = 2) =>
    h('td', { class: 'number' }, fixed(Math.abs(value) < NOTHING ? 0 : value, places));
  return h(
    'tr',
    { class: row.output > NOTHING ? null : 'is-idle' },
    h(
      'th',
      { scope: 'row' },
      h('span', { translate: 'no' }, seat?.name ?? ''),
      row.sent ? null : h('span', { class: 'help' }, ' no bid'),
    ),
    h('td', { class: 'number' }, unitOf(row.seat)),
    h('td', { class: 'number', translate: 'no' }, seat?.bus ?? ''),
    row.quantity > 0 ? number(row.bid) : h('td', { class: 'number' }, '–'),
    number(row.quantity),
    number(row.output),
    rule === 'zonal' ? number(row.output - row.sold) : null,
    row.output > NOTHING ? number(row.price) : h('td', { class: 'number' }, '–'),
    number(row.revenue),
    ...(room.discreet
      ? []
      : [
          number(seat?.cost ?? 0),
          number(row.profit),
          number(honest?.profit ?? 0),
          h('td', { class: 'number room-missed' }, '…'),
        ]),
  );
}
