// A room as files: everything as JSON, which opens it again, and its ledgers as a table for a spreadsheet.

import { csvOf } from '../front/roll.js';
import { cents, unitOf } from './room.js';
import { ruleName } from './rules.js';

/** @import { Room } from './room.js' */
/** @import { Result } from './solver.js' */
/** @import { Answer } from './answers.js' */

/** @typedef {{ round: number, result: Result, answers: Map<number, Answer> }} Played a round that was cleared, from 1 */

const HEAD = [
  ...[
    'round',
    'rule',
    'seat',
    'name',
    'bus',
    'bid_sent',
    'bid_usd_per_mwh',
    'offered_mw',
    'cost_usd_per_mwh',
    'sold_mw',
  ],
  ...['before_redispatch_mw', 'earned_usd_per_mwh', 'revenue_usd', 'cost_usd', 'profit_usd', 'profit_at_cost_usd'],
  ...['best_bid_usd_per_mwh', 'best_profit_usd'],
];

/** Rounding of a solve is no news. @param {number} value */
const tidy = (value) => Math.round(value * 1e6) / 1e6;

/**
 * @param {Room} room
 * @param {Played[]} played
 */
function rowsOf(room, played) {
  return played.flatMap(({ round, result: { ledger, efficient }, answers }) =>
    ledger.rows.map((row, k) => {
      const seat = room.seats[k];
      const best = answers.get(row.seat);
      return [
        ...[
          round,
          ruleName(ledger.rule),
          unitOf(row.seat),
          seat?.name ?? '',
          seat?.bus ?? '',
          row.sent ? 'yes' : 'no',
          cents(row.bid),
        ],
        ...[
          row.quantity,
          seat?.cost ?? 0,
          tidy(row.output),
          tidy(row.sold),
          tidy(row.price),
          tidy(row.revenue),
          tidy(row.cost),
        ],
        ...[
          tidy(row.profit),
          tidy(efficient.rows[k]?.profit ?? 0),
          best?.price ?? '',
          best === undefined ? '' : tidy(best.profit),
        ],
      ];
    }),
  );
}

/**
 * @param {Room} room
 * @param {Played[]} played
 */
export function ledgersCsv(room, played) {
  // A number below zero is no formula.
  const cell = (/** @type {string | number} */ one) =>
    typeof one === 'number' ? String(one) : csvOf([[one]]).trimEnd();
  const lines = [HEAD, ...rowsOf(room, played)].map((row) => row.map(cell).join(','));
  return `\uFEFF${lines.join('\r\n')}\r\n`;
}

/**
 * The whole room; the outcomes beside it are for reading, opening it clears its rounds again.
 * @param {Room} room
 * @param {Played[]} played
 */
export function roomJson(room, played) {
  const outcomes = played.map(({ round, result: { ledger, efficient }, answers }) => {
    const { rule, load, rows, prices, lines, payment, revenue, rent, levy, one, emergency, cost } = ledger;
    return {
      ...{ round, rule, load_mw: load, payment_usd: payment, revenue_usd: revenue, congestion_rent_usd: rent },
      ...{ redispatch_usd: levy, one_price_usd_per_mwh: one, emergency_mw: emergency.output, cost_usd: cost },
      ...{ efficient_cost_usd: efficient.cost },
      ...{ prices_usd_per_mwh: Object.fromEntries([...prices].map(([bus, { value }]) => [bus, value])) },
      ...{ flows_mw: Object.fromEntries(lines.map(({ id, flow }) => [id, flow])), rows, missed: [...answers.values()] },
    };
  });
  return `${JSON.stringify({ tandem_room: room, outcomes }, null, 1)}\n`;
}

/** The part of a file's name that says whose it is. @param {Room} room */
export function stem({ title, id }) {
  const plain = title
    .normalize('NFKD')
    .replaceAll(/[^\w-]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .toLowerCase();
  return `${plain === '' ? 'room' : plain}-${id}`;
}
