// What is connected to the buses of a case, with its power at a step.

import { power } from '../session/read.js';

/** @import { Case } from '../session/types.js' */
/** @import { Lab } from '../session/lab.js' */

/** @typedef {'generator' | 'der' | 'storage' | 'load' | 'community' | 'bid' | 'imbalance'} UnitKind */
/**
 * `members`: one symbol for many of a kind; `base`: the load of a feeder's bus that belongs to nobody, named after the bus;
 * `area`: it stands for many buses of transmission.
 * @typedef {{ id: string, kind: UnitKind, bus: string, members?: Unit[], base?: boolean, area?: boolean }} Unit
 */

/**
 * Generators, DERs, batteries, loads, communities, bids and imbalances with their buses, transmission's or a feeder's;
 * renewables and flexible loads of a day among the DERs and loads, resources of a feeder's own market among the bids.
 * @param {Case} system
 * @returns {Unit[]}
 */
export function units(system) {
  const { bids, imbalances } = system.balancing ?? {};
  const { renewables, adjustable, deferrable, storage } = system.day ?? {};
  const of = (/** @type {UnitKind} */ kind, /** @type {{ id: string, bus: string }[] | undefined} */ list) =>
    (list ?? []).map(({ id, bus }) => ({ id, kind, bus }));
  return [
    ...(system.feeders ?? []).flatMap(({ buses }) =>
      buses.filter(({ p_load_mw = 0 }) => p_load_mw !== 0).map((bus) => baseLoad(bus.id)),
    ),
    ...of('generator', system.generators),
    ...of('der', system.ders),
    ...of('der', renewables),
    ...of('storage', storage),
    ...of('bid', bids),
    ...of('bid', system.local_market?.resources),
    ...of('storage', system.local_market?.storage),
    ...of('imbalance', imbalances),
    ...of('load', system.loads),
    ...of('load', adjustable),
    ...of('load', deferrable),
    ...of('community', system.communities?.members),
  ];
}

/** @param {string} bus @returns {Unit} */
function baseLoad(bus) {
  return { id: bus, kind: 'load', bus, base: true };
}

/** @type {WeakMap<Case, Map<string, Unit[]>>} */
const byBus = new WeakMap();

/**
 * The units of every bus that has any.
 * @param {Case} system
 */
export function unitsByBus(system) {
  const known = byBus.get(system);
  if (known !== undefined) return known;
  /** @type {Map<string, Unit[]>} */
  const map = new Map();
  for (const unit of units(system)) {
    const here = map.get(unit.bus);
    if (here === undefined) map.set(unit.bus, [unit]);
    else here.push(unit);
  }
  byBus.set(system, map);
  return map;
}

/**
 * @param {Unit} unit
 */
export function unitItem({ id, bus, members, base }) {
  if (base) return `base:${bus}`;
  return members === undefined ? `party:${id}` : `units:${bus}:${id}`;
}

/**
 * Whether a unit does nothing.
 * @param {Lab} lab
 * @param {Unit} unit
 * @param {number} step
 * @returns {boolean}
 */
export function isIdle(lab, unit, step) {
  if (unit.members !== undefined) return unit.members.every((member) => isIdle(lab, member, step));
  return unit.kind !== 'load' && unit.kind !== 'community' && Math.abs(unitPower(lab, unit, step)) < 1e-6;
}

/**
 * Power of a unit at a step, in the unit it is read in; a load or an imbalance without a series of its own has the case's
 * value. A load or a community that draws has a positive one, all else that injects.
 * @param {Lab} lab
 * @param {Unit} unit
 * @param {number} step
 * @returns {number}
 */
export function unitPower(lab, unit, step) {
  const { kind, id, members } = unit;
  if (members !== undefined) return members.reduce((sum, member) => sum + (unitPower(lab, member, step) || 0), 0);
  const series = unitSeries(lab, unit);
  if (series !== undefined || (kind !== 'load' && kind !== 'imbalance')) return series?.values[step] ?? NaN;
  const system = lab.scenario.case;
  const { times } = power(lab.report);
  // What a feeder's own loads are at a step is a share of the case's, unless they are the case's.
  if (unit.base) return (feederLoads(system).get(id) ?? NaN) * times * (lab.series('load_share')?.values[step] ?? 1);
  if (kind === 'load') return (system.loads?.find((load) => load.id === id)?.p_mw ?? NaN) * times;
  const values = system.balancing?.imbalances?.find((injection) => injection.id === id)?.p_mw ?? [];
  return ((values.length === 1 ? values[0] : values[step]) ?? NaN) * times;
}

/**
 * @param {Lab} lab
 * @param {Unit} unit
 */
export function unitSeries(lab, { kind, id, base }) {
  if (base) return undefined;
  const own = { load: 'load', community: 'load', imbalance: 'imbalance' }[/** @type {string} */ (kind)];
  return (own === undefined ? undefined : lab.series(`${own}:${id}`)) ?? lab.series(`p:${id}`);
}

/** @type {WeakMap<Case, Map<string, number>>} */
const loads = new WeakMap();

/** The load of each feeder bus as the case has it, MW. @param {Case} system */
function feederLoads(system) {
  const all =
    loads.get(system) ??
    new Map((system.feeders ?? []).flatMap(({ buses }) => buses.map(({ id, p_load_mw = 0 }) => [id, p_load_mw])));
  loads.set(system, all);
  return all;
}

/**
 * Whether a unit's MW have a direction that its sign tells.
 * @param {Unit} unit
 */
export function isSigned({ kind }) {
  return kind === 'bid' || kind === 'imbalance' || kind === 'storage';
}
