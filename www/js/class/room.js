// A room: the grid, its seats with what only they know, and its rounds. It is kept in this browser and as a file.

import { MOST_ROUNDS, cardText, newRoom, newSecret, seatKey } from './code.js';
import { isRule } from './rules.js';

/** @import { Rule } from './rules.js' */
/** @import { SeatCard } from './code.js' */

/**
 * `ground`: the case without units, as a document holds it; costs in $/MWh, quantities in MW, `demand` in % of the load of the
 * case, `texts` what was pasted for a round, `cleared` the bids as they were when it was cleared.
 * @typedef {{ base_mva: number, name: string, source: string, buses: any[], branches: any[], loads: { id: string, bus: string, p_mw: number }[] }} Ground
 * @typedef {{ id: string, bus: string, mw: number, low: number, high: number }} UnitKind units of one kind: in all `mw`, costs from `low` to `high`
 * @typedef {{ number: number, name: string, kind: string, bus: string, cost: number, capacity: number }} Seat
 * @typedef {{ price: number, quantity: number, sent: boolean }} Offer `sent`: a code said so; else the seat has bid nothing
 * @typedef {{ rule: Rule, missing: Missing, offers: Offer[] }} Cleared of each seat, in order
 * @typedef {'cost' | 'out'} Missing what a seat without a bid does
 * @typedef {{ rule: Rule, demand: number, text: string, missing: Missing, cleared: Cleared | null }} Round
 * @typedef {{
 *   version: 1, id: string, title: string, secret: string, seed: string, at: number, grid: string, preset: string, ground: Ground,
 *   reference: string, cap: number, kinds: UnitKind[], seats: Seat[], rounds: Round[], discreet: boolean, copy?: string
 * }} Room `discreet`: costs and profits are not shown to the class; `copy` tells copies of one room apart that are kept side by side
 */

/** Units of a kind have this part of their mean capacity at least, and the rest to 2 at most. */
const SMALLEST = 0.8;
/** Numbers of the generator that are passed over until its state is mixed. */
const MIXING = 12;

/** How a seat is called in the grid. @param {number} number */
export function unitOf(number) {
  return `S${number}`;
}

/**
 * Numbers from 0 to 1 that a text stands for: sfc32 from a hash of 128 bits (cyrb128), so that nobody finds the text's state
 * by trying all. Rooms keep what was drawn for them, as a file does: another generator changes none of them.
 * @param {string} text
 */
export function drawn(text) {
  let [a, b, c, d] = hashOf(text);
  const next = () => {
    const sum = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  for (let k = 0; k < MIXING; k += 1) next();
  return next;
}

/** @param {string} text @returns {[number, number, number, number]} */
function hashOf(text) {
  const [p, q, r, s] = /** @type {const} */ ([597_399_067, 2_869_860_233, 951_274_213, 2_716_044_179]);
  let [a, b, c, d] = [1_779_033_703, 3_144_134_277, 1_013_904_242, 2_773_480_762];
  for (const byte of new TextEncoder().encode(text)) {
    a = b ^ Math.imul(a ^ byte, p);
    b = c ^ Math.imul(b ^ byte, q);
    c = d ^ Math.imul(c ^ byte, r);
    d = a ^ Math.imul(d ^ byte, s);
  }
  a = Math.imul(c ^ (a >>> 18), p);
  b = Math.imul(d ^ (b >>> 22), q);
  c = Math.imul(a ^ (c >>> 17), r);
  d = Math.imul(b ^ (d >>> 19), s);
  a ^= b ^ c ^ d;
  return [a, b ^ a, c ^ a, d ^ a];
}

/** @param {number} value */
export function cents(value) {
  return Math.round(value * 100) / 100;
}

/**
 * How many seats each kind has: one at least, the others by its MW (largest remainders).
 * @param {UnitKind[]} kinds
 * @param {number} count
 */
export function shares(kinds, count) {
  const all = kinds.reduce((sum, { mw }) => sum + mw, 0);
  const free = count - kinds.length;
  const ideal = kinds.map(({ mw }) => Math.max(0, (mw / all) * count - 1));
  const total = ideal.reduce((sum, part) => sum + part, 0);
  const exact = ideal.map((part) => (total === 0 ? free / kinds.length : (part / total) * free));
  const whole = exact.map(Math.floor);
  const order = exact.map((part, k) => ({ k, rest: part - Math.floor(part) })).sort((a, b) => b.rest - a.rest);
  const left = free - whole.reduce((sum, part) => sum + part, 0);
  for (const { k } of order.slice(0, left)) whole[k] = (whole[k] ?? 0) + 1;
  return whole.map((part) => part + 1);
}

/**
 * The range of the capacities of units of a kind.
 * @param {UnitKind} kind
 * @param {number} count
 */
export function sizes({ mw }, count) {
  return { least: cents((mw / count) * SMALLEST), most: cents((mw / count) * (2 - SMALLEST)) };
}

/**
 * Seats with kind, cost and capacity drawn by the seed: which seat gets which kind, and its numbers within the ranges.
 * @param {string[]} names
 * @param {UnitKind[]} kinds
 * @param {string} seed
 * @returns {Seat[]}
 */
export function drawSeats(names, kinds, seed) {
  const counts = shares(kinds, names.length);
  const hands = kinds.flatMap((kind, k) =>
    Array.from({ length: counts[k] ?? 0 }, () => ({ kind, count: counts[k] ?? 1 })),
  );
  const random = drawn(`seats ${seed}`);
  for (let k = hands.length - 1; k > 0; k -= 1) {
    const other = Math.floor(random() * (k + 1));
    [hands[k], hands[other]] = /** @type {[any, any]} */ ([hands[other], hands[k]]);
  }
  return names.map((name, k) => {
    const { kind, count } = /** @type {{ kind: UnitKind, count: number }} */ (hands[k]);
    const own = drawn(`seat ${seed} ${k + 1}`);
    const { least, most } = sizes(kind, count);
    return {
      ...{ number: k + 1, name, kind: kind.id, bus: kind.bus },
      cost: cents(kind.low + own() * (kind.high - kind.low)),
      capacity: cents(least + own() * (most - least)),
    };
  });
}

/**
 * @param {Pick<Room, 'title' | 'seed' | 'grid' | 'preset' | 'ground' | 'reference' | 'cap' | 'kinds'>} what
 * @param {string[]} names
 * @param {{ rule: Rule, demand: number }[]} rounds
 * @returns {Room}
 */
export function createRoom(what, names, rounds) {
  return {
    ...{ version: 1, id: newRoom(), secret: newSecret(), at: Date.now(), ...what },
    seats: drawSeats(names, what.kinds, what.seed),
    rounds: rounds.map((round) => ({ ...round, text: '', missing: 'cost', cleared: null })),
    discreet: false,
  };
}

/** Load of a round, MW. @param {Room} room @param {Pick<Round, 'demand'>} round */
export function loadOf({ ground }, { demand }) {
  return (ground.loads.reduce((sum, { p_mw }) => sum + p_mw, 0) * demand) / 100;
}

/**
 * What the link of a seat holds.
 * @param {Room} room
 * @param {Seat} seat
 * @returns {Promise<SeatCard>}
 */
export async function cardOf(room, seat) {
  const { id, title, secret, grid, preset, cap } = room;
  const kinds = room.kinds.map((kind) => {
    const count = room.seats.filter((one) => one.kind === kind.id).length;
    return { id: kind.id, bus: kind.bus, count, low: kind.low, high: kind.high, ...sizes(kind, count) };
  });
  return {
    ...{ room: id, title, seat: seat.number, name: seat.name, key: await seatKey(secret, id, seat.number) },
    ...{ kind: seat.kind, cost: seat.cost, capacity: seat.capacity, cap, grid, preset, kinds },
    rounds: room.rounds.map((round) => ({ rule: round.rule, load: cents(loadOf(room, round)) })),
  };
}

/** The link of a seat, without the address of the page. @param {Room} room @param {Seat} seat */
export async function seatHash(room, seat) {
  return `#seat=${cardText(await cardOf(room, seat))}`;
}

const KEY = 'tandem:rooms';

/** @returns {Room[]} the newest first */
export function rooms() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(kept) ? kept.map(checked).filter((room) => room !== null) : [];
  } catch {
    return [];
  }
}

/**
 * @param {Room} room
 * @returns {boolean} whether this browser keeps it
 */
export function keepRoom(room) {
  room.at = Date.now();
  return write([room, ...rooms().filter((one) => !isSame(one, room))]);
}

/** @param {Room} gone */
export function dropRoom(gone) {
  write(rooms().filter((one) => !isSame(one, gone)));
}

/** Whether two are one room, at whatever time. @param {Room} one @param {Room} other */
export function isSame(one, other) {
  return one.id === other.id && one.secret === other.secret && one.copy === other.copy;
}

/** What a room is called in the address of its page. @param {Room} room */
export function addressOf({ id, copy }) {
  return copy === undefined ? id : `${id}.${copy}`;
}

/**
 * What this browser keeps of a room and is another state of it, or null.
 * @param {Room} room
 */
export function otherState(room) {
  const kept = rooms().find((one) => isSame(one, room));
  const plain = (/** @type {Room} */ one) => JSON.stringify({ ...one, at: 0 });
  return kept === undefined || plain(kept) === plain(room) ? null : kept;
}

/**
 * A copy to be kept beside the room: the links of its seats are the same.
 * @param {Room} room
 * @returns {Room}
 */
export function copyOf(room) {
  const taken = rooms().flatMap(({ id, secret, copy }) => (id === room.id && secret === room.secret ? [copy] : []));
  let number = 2;
  while (taken.includes(String(number))) number += 1;
  return { ...room, title: `${room.title} (${number})`, copy: String(number) };
}

/** @param {Room[]} all */
function write(all) {
  try {
    localStorage.setItem(KEY, JSON.stringify(all));
    return true;
  } catch {
    return false;
  }
}

/**
 * A room from a file, or null where it is none.
 * @param {string} text
 */
export function readRoom(text) {
  try {
    return checked(JSON.parse(text)?.tandem_room);
  } catch {
    return null;
  }
}

/** @param {any} room @returns {Room | null} */
function checked(room) {
  const finite = (/** @type {unknown[]} */ ...all) =>
    all.every((one) => typeof one === 'number' && Number.isFinite(one));
  const texts = (/** @type {unknown[]} */ ...all) => all.every((one) => typeof one === 'string');
  const list = (/** @type {unknown} */ all, /** @type {(one: any) => boolean} */ good) =>
    Array.isArray(all) && all.length > 0 && all.every(good);
  const offers = (/** @type {any} */ all) =>
    list(all, (one) => finite(one?.price, one?.quantity)) && all.length === room.seats.length;
  const good =
    room?.version === 1 &&
    texts(room.id, room.title, room.secret, room.seed, room.grid, room.preset, room.reference) &&
    finite(room.cap, room.at) &&
    (room.copy === undefined || texts(room.copy)) &&
    typeof room.ground === 'object' &&
    list(room.ground?.buses, (bus) => texts(bus?.id)) &&
    Array.isArray(room.ground.branches) &&
    list(room.ground.loads, (load) => texts(load?.id, load?.bus) && finite(load.p_mw)) &&
    list(room.kinds, (kind) => texts(kind?.id, kind?.bus) && finite(kind.mw, kind.low, kind.high)) &&
    list(
      room.seats,
      (seat) => texts(seat?.name, seat?.kind, seat?.bus) && finite(seat.number, seat.cost, seat.capacity),
    ) &&
    list(
      room.rounds,
      (round) =>
        isRule(round?.rule) &&
        finite(round.demand) &&
        texts(round.text) &&
        (round.cleared === null || (isRule(round.cleared?.rule) && offers(round.cleared.offers))),
    ) &&
    room.rounds.length <= MOST_ROUNDS;
  if (!good) return null;
  // A round counts under the rule told to its seats; rooms were once kept with the rule that was tried last.
  for (const round of room.rounds) if (round.cleared !== null) round.cleared.rule = round.rule;
  return room;
}
