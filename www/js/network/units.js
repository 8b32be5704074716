// What is connected to the buses of a case, with its power at a step.

import { power } from '../session/read.js';

/** @import { Case } from '../session/types.js' */
/** @import { Lab } from '../session/lab.js' */

/** @typedef {'generator' | 'der' | 'load' | 'bid' | 'imbalance'} UnitKind */
/** @typedef {{ id: string, kind: UnitKind, bus: string, members?: Unit[] }} Unit `members`: one symbol for many of a kind */

/**
 * Generators, DERs, loads, bids and imbalances with their buses, transmission's or a feeder's; renewables and flexible
 * loads of a day among the DERs and loads, communities among the loads, resources of a feeder's own market among the bids.
 * @param {Case} system
 * @returns {Unit[]}
 */
export function units(system) {
  const { bids, imbalances } = system.balancing ?? {};
  const { renewables, adjustable, deferrable, storage } = system.day ?? {};
  const of = (/** @type {UnitKind} */ kind, /** @type {{ id: string, bus: string }[] | undefined} */ list) =>
    (list ?? []).map(({ id, bus }) => ({ id, kind, bus }));
  return [
    ...of('generator', system.generators),
    ...of('der', system.ders),
    ...of('der', renewables),
    ...of('der', storage),
    ...of('bid', bids),
    ...of('bid', system.local_market?.resources),
    ...of('der', system.local_market?.storage),
    ...of('imbalance', imbalances),
    ...of('load', system.loads),
    ...of('load', adjustable),
    ...of('load', deferrable),
    ...of('load', system.communities?.members),
  ];
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

/** Units of a kind up to which a bus has a symbol for each. */
const HANDFUL = 4;

const PLURALS = { generator: 'generators', der: 'DERs', load: 'loads', bid: 'bids', imbalance: 'imbalances' };

/**
 * The units of a bus, more than a handful of a kind as one.
 * @param {Unit[]} here
 * @returns {Unit[]}
 */
export function gathered(here) {
  if (here.length <= HANDFUL) return here;
  const kinds = [...new Set(here.map(({ kind }) => kind))];
  return kinds.flatMap((kind) => {
    const members = here.filter((unit) => unit.kind === kind);
    return members.length <= HANDFUL
      ? members
      : [{ id: `${members.length} ${PLURALS[kind]}`, kind, bus: members[0]?.bus ?? '', members }];
  });
}

/**
 * @param {Unit} unit
 */
export function unitItem({ id, bus, members }) {
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
  return unit.kind !== 'load' && Math.abs(unitPower(lab, unit, step)) < 1e-6;
}

/**
 * Power of a unit at a step, in the unit it is read in; a load or an imbalance without a series of its own has the case's value.
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
  if (kind === 'load') return (system.loads?.find((load) => load.id === id)?.p_mw ?? NaN) * times;
  const values = system.balancing?.imbalances?.find((injection) => injection.id === id)?.p_mw ?? [];
  return ((values.length === 1 ? values[0] : values[step]) ?? NaN) * times;
}

/**
 * @param {Lab} lab
 * @param {Unit} unit
 */
export function unitSeries(lab, { kind, id }) {
  const own = kind === 'load' || kind === 'imbalance' ? lab.series(`${kind}:${id}`) : undefined;
  return own ?? lab.series(`p:${id}`);
}

/**
 * Whether a unit's MW have a direction that its sign tells.
 * @param {Unit} unit
 */
export function isSigned({ kind }) {
  return kind === 'bid' || kind === 'imbalance';
}
