// What every seat has earned over the rounds, and what a round cost all of them.

import { h, save } from '../ui/dom.js';
import { fixed, plain } from '../ui/number.js';
import { ledgersCsv, roomJson, stem } from './files.js';
import { discreetBox, table } from './parts.js';
import { cents, unitOf } from './room.js';
import { ruleName } from './rules.js';

/** @import { Room } from './room.js' */
/** @import { Played } from './files.js' */

/**
 * @param {Room} room
 * @param {() => Promise<Played[]>} results of the rounds that were cleared
 * @param {() => void} kept
 */
export function createStandings(room, results, kept) {
  const place = h('div', { class: 'room-standings' });
  const out = (
    /** @type {string} */ label,
    /** @type {string} */ end,
    /** @type {(played: Played[]) => string} */ text,
    /** @type {string} */ type,
  ) =>
    h(
      'button',
      {
        type: 'button',
        onclick: async () => save(`${stem(room)}.${end}`, new Blob([text(await results())], { type })),
      },
      label,
    );
  const element = h(
    'section',
    { 'aria-labelledby': 'room-standings' },
    h('h2', { id: 'room-standings' }, 'Standings'),
    discreetBox(room, () => {
      kept();
      void show();
    }),
    place,
    h(
      'div',
      { class: 'row' },
      out('Save all ledgers as CSV', 'csv', (played) => ledgersCsv(room, played), 'text/csv'),
      out('Save the room as JSON', 'json', (played) => roomJson(room, played), 'application/json'),
    ),
    h(
      'p',
      { class: 'help' },
      'The JSON file opens the room again, in any browser. It holds the room’s secret, costs and names: keep it as you keep marks.',
    ),
  );
  async function show() {
    const played = await results();
    if (played.length === 0) return place.replaceChildren(h('p', {}, 'No round was cleared so far.'));
    place.replaceChildren(byRound(played, room.discreet), ...(room.discreet ? [] : [bySeat(room, played)]));
  }
  void show();
  return { element, destroy() {} };
}

/** @param {Played[]} played @param {boolean} discreet */
function byRound(played, discreet) {
  const rows = played.map(({ round, result: { ledger, efficient } }) =>
    h(
      'tr',
      {},
      h('th', { scope: 'row' }, `Round ${round}`),
      h('td', {}, ruleName(ledger.rule)),
      ...[
        ...[ledger.load, ledger.payment / ledger.load],
        ...(discreet ? [] : [ledger.cost, efficient.cost, ledger.cost - efficient.cost]),
      ].map((value) => h('td', { class: 'number' }, fixed(Math.abs(value) < 1e-6 ? 0 : value, 2))),
    ),
  );
  return table(
    'Rounds',
    [
      ...['Round', 'Rule', 'Load, MW', 'Load pays, $/MWh'],
      ...(discreet ? [] : ['Cost, $', 'Cost if all tell theirs, $', 'Lost, $']),
    ],
    h('tbody', {}, ...rows),
  );
}

/**
 * The places of numbers that fall: equal ones share the first of theirs.
 * @param {number[]} falling
 */
export function ranks(falling) {
  return falling.map((one) => falling.indexOf(one) + 1);
}

/** @param {Room} room @param {Played[]} played */
function bySeat(room, played) {
  const all = room.seats.map((seat, k) => {
    const earned = played.map(({ result }) => result.ledger.rows[k]?.profit ?? 0);
    const honest = played.reduce((sum, { result }) => sum + (result.efficient.rows[k]?.profit ?? 0), 0);
    const sum = earned.reduce((one, other) => one + other, 0);
    return { seat, earned, sum, above: sum - honest };
  });
  const sorted = all.sort((a, b) => cents(b.sum) - cents(a.sum) || a.seat.number - b.seat.number);
  const number = (/** @type {number} */ value) =>
    h('td', { class: 'number' }, plain(Math.abs(value) < 0.005 ? 0 : value, 2));
  // Equal to the cent is a tie.
  const places = ranks(sorted.map(({ sum }) => cents(sum)));
  const rows = sorted.map(({ seat, earned, sum, above }, k) =>
    h(
      'tr',
      {},
      h('th', { scope: 'row' }, `${places[k]}. `, h('span', { translate: 'no' }, seat.name)),
      h('td', { class: 'number' }, unitOf(seat.number)),
      ...earned.map(number),
      number(sum),
      number(above),
    ),
  );
  const heads = [
    'Name',
    'Seat',
    ...played.map(({ round }) => `Round ${round}, $`),
    'Sum, $',
    'More than if all told their cost, $',
  ];
  return table('Profits by seat', heads, h('tbody', {}, ...rows));
}
