// Grids that make a good room, and a room's ground from any scenario with lines and loads.

import { cents } from './room.js';

/** @import { Client } from '../session/client.js' */
/** @import { Ground, UnitKind } from './room.js' */

/**
 * @typedef {{ hash: string, name: string, preset: string, kinds: UnitKind[] | null }} Grid `kinds`: units in the place of
 *   those of the case
 */

/** @type {Grid[]} */
export const GRIDS = [
  { hash: '#p=triangle', name: 'Triangle of 3 buses', preset: 'triangle', kinds: null },
  { hash: '#p=zuo-4node', name: '4 buses in a row', preset: 'zuo-4node', kinds: null },
  {
    hash: '#p=lind-5bus',
    name: 'Ring of 5 buses',
    preset: 'lind-5bus',
    // The case has bids of a balancing market alone: these units are the classroom's own. With half of the load at T4 the line
    // from T1 fills up.
    kinds: [
      { id: 'A', bus: 'T1', mw: 700, low: 10, high: 20 },
      { id: 'B', bus: 'T5', mw: 300, low: 15, high: 30 },
      { id: 'C', bus: 'T3', mw: 600, low: 30, high: 60 },
    ],
  },
  { hash: '#p=zuo-30bus', name: '30 buses', preset: 'zuo-30bus', kinds: null },
];

/** More kinds of units are no game any more. */
const MOST_KINDS = 10;
/** Costs are drawn from this part of a unit's offer to the rest to 2. */
const LOWEST = 0.5;
/** The price cap, in the highest costs. */
const CAP = 2.5;

/**
 * `left`: smaller units of the case that are not dealt out
 * @typedef {{ grid: string, preset: string, ground: Ground, reference: string, kinds: UnitKind[], left: number, cap: number }} Place
 */

/**
 * @param {Client} client
 * @param {string} hash of a scenario
 * @returns {Promise<Place>}
 */
export async function placeOf(client, hash) {
  const known = GRIDS.find((grid) => grid.hash === hash);
  const scenario = JSON.parse(await client.call('open', hash));
  return placeIn(scenario, known?.name ?? scenario.title, known?.kinds ?? null);
}

/**
 * The ground of a scenario, and the units that are dealt out: its generators, and what stands at its buses of others.
 * @param {any} scenario
 * @param {string} name
 * @param {UnitKind[] | null} own
 * @returns {Place}
 */
export function placeIn(scenario, name, own) {
  const {
    buses,
    branches,
    loads,
    base_mva,
    generators = [],
    ders = [],
    dc_lines = [],
    feeders = [],
    source,
  } = scenario.case;
  // A grid of the classroom's own says what it takes of its case: the lines of transmission.
  if (own === null && feeders.length > 0) throw new Error('A room has no feeders: choose another grid.');
  if (dc_lines.length > 0) throw new Error('A room has no DC lines: choose another grid.');
  if (!loads?.some((/** @type {any} */ load) => load.p_mw > 0))
    throw new Error('This grid has no load: choose another one.');
  const at = new Set(buses.map((/** @type {any} */ bus) => bus.id));
  const kinds = own ?? [...generators, ...ders].filter(({ bus }) => at.has(bus)).map(kindOf);
  if (kinds.length === 0) throw new Error('This grid has no generators: choose another one.');
  const dealt = kinds.sort((a, b) => b.mw - a.mw).slice(0, MOST_KINDS);
  const { reference } = scenario.mechanism;
  return {
    ...{ grid: name, preset: scenario.preset ?? '', kinds: dealt, left: kinds.length - dealt.length },
    ground: {
      ...{ base_mva, name: scenario.case.name, source: source ?? '', buses, branches },
      loads: loads.map((/** @type {any} */ { id, bus, p_mw }) => ({ id, bus, p_mw })),
    },
    reference: at.has(reference) ? reference : buses[0].id,
    cap: Math.ceil((CAP * Math.max(...dealt.map(({ high }) => high))) / 10) * 10,
  };
}

/** @param {any} unit @returns {UnitKind} */
function kindOf({ id, bus, max_p_mw, offer }) {
  const price = Math.max(0, offer?.[0]?.usd_per_mwh ?? 0);
  const high = price === 0 ? 10 : cents(price * (2 - LOWEST));
  return { id, bus, mw: max_p_mw, low: cents(price * LOWEST), high };
}
