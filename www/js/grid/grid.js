// A large transmission network as arrays, and what a report says of it at a step.

import { unitsByBus } from '../network/units.js';
import { loading, loadingClass, transmissionWires, wireFlow } from '../network/wires.js';

/** @import { Case } from '../session/types.js' */
/** @import { Lab } from '../session/lab.js' */
/** @import { Scale } from '../network/price.js' */
/** @import { Wire } from '../network/wires.js' */

/**
 * `from`, `to`: the buses of each wire by their place; `degree`: lines at a bus; `produces`: whether a generator or a DER
 * stands there; `bus`: the bus of each unit, by its item.
 * @typedef {{
 *   ids: string[], place: Map<string, number>, wires: Wire[], from: Int32Array, to: Int32Array,
 *   degree: Int32Array, produces: Uint8Array, bus: Map<string, number>
 * }} Grid
 */
/** `colour`: the class of each bus's price; `load`: that of each wire; `flow` in the unit it is read in. @typedef {{ colour: (string | null)[], load: ReturnType<typeof loadingClass>[], share: Float64Array, flow: Float64Array, most: number }} State */

/** @type {WeakMap<Case, Grid>} */
const known = new WeakMap();

/**
 * @param {Case} system
 * @returns {Grid}
 */
export function gridOf(system) {
  const before = known.get(system);
  if (before !== undefined) return before;
  const ids = system.buses.map(({ id }) => id);
  const place = new Map(ids.map((id, k) => [id, k]));
  const wires = transmissionWires(system);
  const at = (/** @type {string} */ id) => place.get(id) ?? 0;
  const grid = {
    ...{ ids, place, wires, degree: new Int32Array(ids.length), produces: new Uint8Array(ids.length) },
    from: Int32Array.from(wires, (wire) => at(wire.from)),
    to: Int32Array.from(wires, (wire) => at(wire.to)),
    bus: new Map(),
  };
  for (const end of [...grid.from, ...grid.to]) grid.degree[end] = (grid.degree[end] ?? 0) + 1;
  for (const [bus, units] of unitsByBus(system)) {
    const k = place.get(bus);
    if (k === undefined) continue;
    for (const { kind, id } of units) {
      grid.bus.set(`party:${id}`, k);
      if (kind === 'generator' || kind === 'der') grid.produces[k] = 1;
    }
  }
  known.set(system, grid);
  return grid;
}

/**
 * @param {Lab} lab
 * @param {Grid} grid
 * @param {Scale | null} prices
 * @param {number} step
 * @returns {State}
 */
export function stateOf(lab, { ids, wires }, prices, step) {
  const share = Float64Array.from(wires, (wire) => (wire.in_service ? loading(lab, wire, step) : NaN));
  const flow = Float64Array.from(wires, (wire) => (wire.in_service ? wireFlow(lab, wire, step) : NaN));
  let most = 0;
  for (const mw of flow) if (Math.abs(mw) > most) most = Math.abs(mw);
  return {
    ...{ share, flow, most },
    colour: ids.map((id) => prices?.step(lab.at(`lmp:${id}`, step)) ?? null),
    load: Array.from(share, loadingClass),
  };
}

/**
 * The middle length of the lines, in the unit of the layout: how far apart buses stand.
 * @param {Grid} grid
 * @param {Float32Array} xy
 */
export function spacingOf({ from, to }, xy) {
  const lengths = Float64Array.from(from, (a, k) => {
    const b = to[k] ?? 0;
    return Math.hypot((xy[2 * a] ?? 0) - (xy[2 * b] ?? 0), (xy[2 * a + 1] ?? 0) - (xy[2 * b + 1] ?? 0));
  }).sort();
  return lengths[lengths.length >> 1] || 1;
}
