// A round as the program clears it: the document with the bids as offers, and what of its answer a ledger needs. What is
// paid under a rule is counted here; who runs at what prices is the program's alone.

import { seriesOf } from '../session/packed.js';
import { cents, loadOf, unitOf } from './room.js';

/** @import { Report } from '../session/types.js' */
/** @import { Offer, Room, Round } from './room.js' */
/** @import { Rule } from './rules.js' */

/**
 * `output` of every unit, MW, the emergency supply too; `price` at every bus, with the least and greatest where it is not
 * one number; `rent` what the limits of lines are worth, $/h.
 * @typedef {{ value: number, low: number, high: number }} Price
 * @typedef {{ id: string, flow: number, limit: number | null, worth: number }} Line
 * @typedef {{ output: Map<string, number>, price: Map<string, Price>, lines: Line[], rent: number }} Outcome
 * @typedef {(scenario: string) => Promise<Report>} Solve
 */

/** What the emergency supply at every load costs more than the price cap, $/MWh: no bid is as dear. */
const ABOVE_CAP = 0.01;
const EMERGENCY = 'emergency';
/** Parts of a MW or $ that are rounding. */
const NOTHING = 1e-6;

/** What a MWh of the emergency supply costs. @param {Room} room */
export function emergencyPrice({ cap }) {
  return cents(cap + ABOVE_CAP);
}

/**
 * The document of a round.
 * @param {Room} room
 * @param {{ price: number, quantity: number }[]} offers of every seat
 * @param {{ demand: number, limits?: boolean }} of `demand` in % of the load of the case; without `limits` no line has one
 * @returns {string}
 */
export function documentOf(room, offers, { demand, limits = true }) {
  const { ground } = room;
  const loads = ground.loads.map((load) => ({ ...load, p_mw: (load.p_mw * demand) / 100 }));
  const unit = (
    /** @type {string} */ id,
    /** @type {string} */ bus,
    /** @type {number} */ mw,
    /** @type {number} */ price,
  ) => ({
    ...{ id, bus, min_p_mw: 0, max_p_mw: mw },
    offer: [{ p_mw: mw, usd_per_mwh: price }],
  });
  const seats = room.seats.flatMap(({ number, bus }, k) => {
    const { price = 0, quantity = 0 } = offers[k] ?? {};
    return quantity > 0 ? [unit(unitOf(number), bus, quantity, price)] : [];
  });
  const emergency = loads
    .filter(({ p_mw }) => p_mw > 0)
    .map(({ id, bus, p_mw }) => unit(`${EMERGENCY}-${id}`, bus, p_mw, emergencyPrice(room)));
  return JSON.stringify({
    version: 1,
    title: room.title,
    case: {
      version: 1,
      ...ground,
      branches: limits ? ground.branches : ground.branches.map((branch) => ({ ...branch, max_p_mw: null })),
      generators: [...seats, ...emergency],
      loads,
    },
    mechanism: {
      ...{ kind: 'rt_sced', method: 'optimal', intervals: 1, interval_minutes: 60, reference: room.reference },
    },
  });
}

/**
 * What the program found.
 * @param {Report} report
 * @param {Room} room
 * @returns {Outcome}
 */
export function outcomeOf(report, room) {
  if (report.status !== 'solved' || report.certificates.some(({ certified }) => !certified))
    throw new Error('The program did not prove this outcome the cheapest.');
  const at = (/** @type {string} */ id) => {
    const value = seriesOf(report, id)?.values[0];
    return typeof value === 'number' && Number.isFinite(value) ? value : null;
  };
  const units = [
    ...room.seats.map(({ number }) => unitOf(number)),
    ...room.ground.loads.map(({ id }) => `${EMERGENCY}-${id}`),
  ];
  const output = new Map(units.map((id) => [id, at(`p:${id}`) ?? 0]));
  const price = new Map(
    room.ground.buses.map(({ id }) => {
      const value = at(`lmp:${id}`);
      if (value === null) throw new Error(`The program gave no price at bus ${id}.`);
      return [id, { value, low: at(`lmp_low:${id}`) ?? value, high: at(`lmp_high:${id}`) ?? value }];
    }),
  );
  const lines = room.ground.branches.map(({ id, max_p_mw: limit = null }) => {
    const worth = Math.abs(at(`mu:${id}`) ?? 0) * (limit ?? 0);
    return { id, flow: at(`flow:${id}`) ?? 0, limit, worth };
  });
  return { output, price, lines, rent: lines.reduce((sum, { worth }) => sum + worth, 0) };
}

/**
 * Units with the same offer price at one bus share what they sell in proportion to what they offer: neither flows nor costs
 * depend on it.
 * @param {Room} room
 * @param {{ price: number, quantity: number }[]} offers
 * @param {Outcome} outcome
 * @returns {number[]} output of every seat, MW
 */
function shared(room, offers, { output }) {
  /** @type {Map<string, { sold: number, offered: number }>} */
  const equal = new Map();
  const name = (/** @type {number} */ k) => `${offers[k]?.price} ${room.seats[k]?.bus}`;
  room.seats.forEach(({ number }, k) => {
    const all = equal.get(name(k)) ?? { sold: 0, offered: 0 };
    all.sold += output.get(unitOf(number)) ?? 0;
    all.offered += offers[k]?.quantity ?? 0;
    equal.set(name(k), all);
  });
  return room.seats.map((_, k) => {
    const { sold = 0, offered = 0 } = equal.get(name(k)) ?? {};
    const part = offered === 0 ? 0 : (sold / offered) * (offers[k]?.quantity ?? 0);
    return part < NOTHING ? 0 : part;
  });
}

/**
 * `output` and `sold` in MW (`sold` at the one price before redispatch), money in $ of one hour.
 * @typedef {{ seat: number, bid: number, quantity: number, sent: boolean, output: number, sold: number, price: number, revenue: number, cost: number, profit: number }} Row `price` is what a MWh earned, or would have
 * @typedef {{
 *   rule: Rule, load: number, rows: Row[], prices: Map<string, Price>, lines: Line[], one: number | null, payment: number,
 *   revenue: number, emergency: { output: number, revenue: number }, rent: number, levy: number, cost: number,
 *   bidCost: number, unique: boolean
 * }} Ledger `one`: the price before redispatch; `payment` of the load; `levy`: the part of it for redispatch; `cost` at true
 *   costs, emergency supply at its price; `bidCost` at bids; `unique`: whether prices are single numbers
 */

/**
 * Clears offers under a rule.
 * @param {Room} room
 * @param {Pick<Round, 'demand'>} round
 * @param {Offer[]} offers of every seat
 * @param {Rule} rule
 * @param {Solve} solve
 * @returns {Promise<Ledger>}
 */
export async function clear(room, round, offers, rule, solve) {
  const demand = round.demand;
  const [real, market] = await Promise.all([
    solve(documentOf(room, offers, { demand })).then((report) => outcomeOf(report, room)),
    rule === 'zonal'
      ? solve(documentOf(room, offers, { demand, limits: false })).then((report) => outcomeOf(report, room))
      : null,
  ]);
  return ledgerOf(room, round, offers, rule, real, market);
}

/**
 * @param {Room} room
 * @param {Pick<Round, 'demand'>} round
 * @param {Offer[]} offers
 * @param {Rule} rule
 * @param {Outcome} real within the limits of lines
 * @param {Outcome | null} market as if they had none
 * @returns {Ledger}
 */
function ledgerOf(room, round, offers, rule, real, market) {
  const output = shared(room, offers, real);
  const sold = market === null ? output : shared(room, offers, market);
  const one = market === null ? null : ([...market.price.values()][0]?.value ?? 0);
  const at = (/** @type {string} */ bus) => real.price.get(bus)?.value ?? 0;
  /** What a unit that sold and delivers is paid. @param {string} bus @param {number} bid @param {number} first @param {number} last */
  const paid = (bus, bid, first, last) => {
    if (one !== null) return one * first + bid * (last - first);
    return (rule === 'bid' ? bid : at(bus)) * last;
  };
  const rows = room.seats.map((seat, k) => {
    const { price: bid = 0, quantity = 0, sent = false } = offers[k] ?? {};
    const [last = 0, first = 0] = [output[k], sold[k]];
    const revenue = paid(seat.bus, bid, first, last);
    const cost = seat.cost * last;
    const price = last > 0 ? revenue / last : one !== null ? one : rule === 'bid' ? bid : at(seat.bus);
    return {
      seat: seat.number,
      bid,
      quantity,
      sent,
      output: last,
      sold: first,
      price,
      revenue,
      cost,
      profit: revenue - cost,
    };
  });
  const emergency = { output: 0, revenue: 0 };
  let payment = 0;
  for (const { id, bus, p_mw } of room.ground.loads) {
    const unit = `${EMERGENCY}-${id}`;
    const [first, last] = [market?.output.get(unit) ?? 0, real.output.get(unit) ?? 0];
    emergency.output += last;
    emergency.revenue += paid(bus, emergencyPrice(room), market === null ? last : first, last);
    if (rule === 'nodal') payment += (at(bus) * p_mw * round.demand) / 100;
  }
  const load = loadOf(room, round);
  const revenue = rows.reduce((sum, row) => sum + row.revenue, 0);
  const all = revenue + emergency.revenue;
  const levy = one === null ? 0 : all - one * load;
  if (rule !== 'nodal') payment = all;
  const rent = rule === 'nodal' ? real.rent : 0;
  if (Math.abs(payment - all - rent) > 1e-6 * Math.max(1, Math.abs(payment)))
    throw new Error('The payments do not add up to the congestion rent.');
  const short = emergency.output * emergencyPrice(room);
  return {
    ...{ rule, load, rows, prices: real.price, lines: real.lines, one, payment, revenue, emergency, rent, levy },
    cost: rows.reduce((sum, row) => sum + row.cost, 0) + short,
    bidCost: rows.reduce((sum, row) => sum + row.bid * row.output, 0) + short,
    unique: [...real.price.values(), ...(market?.price.values() ?? [])].every(({ low, high }) => high - low < NOTHING),
  };
}

/** What every seat would offer if it told its cost. @param {Room} room @returns {Offer[]} */
export function atCost(room) {
  return room.seats.map(({ cost, capacity }) => ({ price: cost, quantity: capacity, sent: false }));
}

/**
 * Seats with equal bids at different buses of which one sells and another could sell more: another split costs as much.
 * @param {Ledger} ledger
 * @param {Room} room
 */
export function looseTies({ rows }, room) {
  /** @type {Map<number, Row[]>} */
  const equal = new Map();
  for (const row of rows) if (row.quantity > 0) equal.set(row.bid, [...(equal.get(row.bid) ?? []), row]);
  return [...equal.values()].filter((tied) => {
    const buses = new Set(tied.map(({ seat }) => room.seats[seat - 1]?.bus));
    const more = tied.some(({ output, quantity }) => output < quantity - NOTHING);
    return buses.size > 1 && more && tied.some(({ output }) => output > NOTHING);
  });
}
