// The bid that a seat should have made: the best of a grid of prices for its whole capacity, the bids of all others as they
// were, each cleared by the program.
//
// Under nodal prices and pay as bid nothing below the price at which all of its capacity is sold changes what happens, nor
// anything above the price at its bus without it, where it sells nothing: between the two the offers of others are where its
// sales may jump, so that the best price stands just below one of them. Before a redispatch a bid below cost may pay (who is
// sold at the one price and then told to produce less pays back little), so that there both sides of every offer are tried
// and nothing as well.

import { cents } from './room.js';
import { clear, documentOf, outcomeOf } from './market.js';

/** @import { Offer, Room, Round } from './room.js' */
/** @import { Rule } from './rules.js' */
/** @import { Solve } from './market.js' */

/** @typedef {{ seat: number, price: number, profit: number, gain: number, tried: number }} Answer `profit` at that price, `gain` above what was earned; `tried`: how many prices */

const CENT = 0.01;
/** A gain below a cent is none. */
const NOTHING = 0.005;

/** The largest price in cents below a number. @param {number} price */
function below(price) {
  return cents(Math.ceil(price * 100 - 1e-6) / 100 - CENT);
}

/** The smallest above. @param {number} price */
function above(price) {
  return cents(Math.floor(price * 100 + 1e-6) / 100 + CENT);
}

/**
 * @param {Room} room
 * @param {Round} round
 * @param {Offer[]} offers
 * @param {Rule} rule
 * @param {number} seat from 1
 * @param {number} earned
 * @param {Solve} solve
 * @returns {Promise<Answer>}
 */
export async function bestAnswer(room, round, offers, rule, seat, earned, solve) {
  const with_ = (/** @type {number} */ price, /** @type {number} */ quantity) =>
    offers.map((offer, k) => (k === seat - 1 ? { price, quantity, sent: true } : offer));
  const { cost = 0, capacity = 0 } = room.seats[seat - 1] ?? {};
  const prices = await candidates(room, round, offers, rule, seat, (price, quantity) => with_(price, quantity), solve);
  let best = { price: offers[seat - 1]?.price ?? cost, profit: earned };
  for (const price of prices) {
    const { rows } = await clear(room, round, with_(price, capacity), rule, solve);
    const profit = rows[seat - 1]?.profit ?? 0;
    // Of equal ones the first, which is the nearest to cost.
    if (profit > best.profit + NOTHING) best = { price, profit };
  }
  return { seat, ...best, gain: best.profit - earned, tried: prices.length };
}

/**
 * The prices to try, those nearest to cost first.
 * @param {Room} room
 * @param {Round} round
 * @param {Offer[]} offers
 * @param {Rule} rule
 * @param {number} seat
 * @param {(price: number, quantity: number) => Offer[]} instead
 * @param {Solve} solve
 */
async function candidates(room, { demand }, offers, rule, seat, instead, solve) {
  const own = room.seats[seat - 1];
  if (own === undefined) return [];
  const { bus, cost, capacity } = own;
  const kinds = rule === 'zonal' ? [true, false] : [true];
  const bounds = [];
  for (const limits of kinds) {
    const price = async (/** @type {number} */ quantity) => {
      const report = await solve(documentOf(room, instead(0, quantity), { demand, limits }));
      const found = outcomeOf(report, room).price.get(bus);
      return found === undefined ? [] : [found.low, found.high];
    };
    bounds.push(...(await price(capacity)), ...(await price(0)));
  }
  const [least, most] = [Math.min(...bounds), Math.max(...bounds)];
  const rivals = offers.flatMap((offer, k) => (k !== seat - 1 && offer.quantity > 0 ? [offer.price] : []));
  const between = [...rivals.filter((price) => price >= least && price <= most), ...bounds];
  const tried =
    rule === 'zonal' ? [0, ...between.flatMap((price) => [below(price), above(price)])] : between.map(below);
  const lowest = rule === 'zonal' ? 0 : cost;
  const all = [cost, room.cap, ...tried].filter((price) => price >= lowest && price <= room.cap).map(cents);
  return [...new Set(all)].sort((a, b) => Math.abs(a - cost) - Math.abs(b - cost));
}
