// What was pasted for a round: codes found, checked and listed by seat, or refused with the reason.

import { cents } from './room.js';
import { isSigned, piecesIn, seatKey, spell, spelled } from './code.js';

/** @import { Offer, Room, Seat } from './room.js' */
/** @import { Bid } from './code.js' */

/**
 * `code` as it is written; `by`: the seat that signed it, where that is another.
 * @typedef {{ code: string, seat: Seat | null, by: Seat | null, reason: string }} Refused
 * @typedef {{ code: string, seat: Seat, price: number, quantity: number }} Taken
 * @typedef {{ taken: Map<number, Taken>, replaced: Taken[], refused: Refused[] }} Bids `taken` by the number of the seat
 */

/** Keys of the seats of a room, which are derived once. @type {Map<string, Promise<string>>} */
const keys = new Map();

/** @param {Room} room @param {number} seat */
function keyOf({ secret, id }, seat) {
  const name = `${secret} ${id} ${seat}`;
  let key = keys.get(name);
  if (key === undefined) {
    key = seatKey(secret, id, seat);
    keys.set(name, key);
  }
  return key;
}

/**
 * The bids in a text for a round, from 1. A later code of a seat stands in the place of an earlier one.
 * @param {Room} room
 * @param {number} round
 * @param {string} text
 * @returns {Promise<Bids>}
 */
export async function readBids(room, round, text) {
  /** @type {Bids} */
  const bids = { taken: new Map(), replaced: [], refused: [] };
  const checked = await Promise.all(piecesIn(text).map((piece) => whole(room, round, piece)));
  for (const one of checked) {
    if (one === null) continue;
    if ('reason' in one) {
      bids.refused.push(one);
      continue;
    }
    const before = bids.taken.get(one.seat.number);
    if (before !== undefined && before.code !== one.code) bids.replaced.push(before);
    bids.taken.set(one.seat.number, one);
  }
  return bids;
}

/**
 * A code, joined again where it was broken and the whole is signed by its seat.
 * @param {Room} room
 * @param {number} round
 * @param {{ code: string, joined: string }} piece
 */
async function whole(room, round, { code, joined }) {
  const { bid, signed } = spell(joined);
  const seat = bid?.room === room.id ? room.seats.find(({ number }) => number === bid.seat) : undefined;
  if (bid !== null && seat !== undefined && (await isSigned(await keyOf(room, seat.number), bid, signed)))
    return check(room, round, joined);
  return code === '' ? null : check(room, round, code);
}

/**
 * @param {Room} room
 * @param {number} round
 * @param {string} letters
 * @returns {Promise<Taken | Refused>}
 */
async function check(room, round, letters) {
  const code = spelled(letters);
  const { bid, room: from, seat: number, signed } = spell(letters);
  const seat = from === room.id ? (room.seats.find((one) => one.number === number) ?? null) : null;
  const refused = (/** @type {string} */ reason, /** @type {Seat | null} */ by = null) => ({ code, seat, by, reason });
  if (bid === null) return refused('This code is cut off or mistyped: one has 21 letters and digits behind TB.');
  if (from !== room.id) return refused('This code is of another room, or mistyped.');
  if (seat === null) return refused('This room has no such seat: the code was altered or mistyped.');
  if (!(await isSigned(await keyOf(room, number), bid, signed))) {
    const by = await signer(room, bid, signed);
    return by === null
      ? refused('This code was altered or mistyped: its signature is not of this bid.')
      : refused('This code was signed by another seat.', by);
  }
  if (bid.round !== round) return refused(`This code is of round ${bid.round}.`);
  const price = cents(bid.price / 100);
  const quantity = cents(bid.quantity / 100);
  if (price > room.cap) return refused(`Its price of ${price} $/MWh is above the price cap.`);
  if (quantity > seat.capacity) return refused(`It offers ${quantity} MW, more than the unit has.`);
  return { code, seat, price, quantity };
}

/** The seat whose key signed a bid in the name of another. @param {Room} room @param {Bid} bid @param {string} signed */
async function signer(room, bid, signed) {
  const found = await Promise.all(
    room.seats.map(async (seat) => {
      const key = await keyOf(room, seat.number);
      const own = await isSigned(key, { ...bid, seat: seat.number }, signed);
      return own || (await isSigned(key, bid, signed)) ? seat : null;
    }),
  );
  return found.find((seat) => seat !== null) ?? null;
}

/**
 * What every seat offers: its bid, or as missing ones do.
 * @param {Room} room
 * @param {Bids} bids
 * @param {import('./room.js').Missing} missing
 * @returns {Offer[]}
 */
export function offersOf(room, { taken }, missing) {
  return room.seats.map((seat) => {
    const bid = taken.get(seat.number);
    if (bid !== undefined) return { price: bid.price, quantity: bid.quantity, sent: true };
    return { price: seat.cost, quantity: missing === 'out' ? 0 : seat.capacity, sent: false };
  });
}
