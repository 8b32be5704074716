// What the figure shows of a case: the whole system while it is small, else one feeder at a time.

import { boundaryWire, branchWire, feederWire } from './wires.js';

/** @import { Case, Feeder, FeederBus, Zone } from '../session/types.js' */
/** @import { Hanging, Wire } from './wires.js' */

/** Feeders, and buses of all feeders together, up to which every feeder is drawn as a tree. */
const FEW_FEEDERS = 3;
const FEW_FEEDER_BUSES = 60;
/** Transmission buses up to which the transmission network is drawn beside feeders. */
const FEW_BUSES = 60;
/** Transmission buses up to which a tree hangs from its bus by a line of its own. */
const FEW_LINKED = 12;

/**
 * @typedef {{
 *   buses: string[], trees: Hanging[], symbols: Hanging[], zones: Zone[],
 *   branches: Wire[], lines: Wire[], interfaces: Wire[],
 *   linked: boolean, choices: Hanging[], chosen: string, note: string
 * }} Scene
 * `trees` are drawn bus by bus, `symbols` as one mark each; `interfaces` are the boundaries of the trees.
 */

/**
 * @param {Case} system
 * @returns {Hanging[]}
 */
export function hangings(system) {
  const feeders = new Map((system.feeders ?? []).map((feeder) => [feeder.id, feeder]));
  return (system.boundaries ?? []).flatMap((boundary) => {
    const feeder = feeders.get(boundary.feeder);
    feeders.delete(boundary.feeder);
    return feeder === undefined ? [] : [{ feeder, boundary }];
  });
}

/**
 * @param {Case} system
 * @param {string} [wanted] the feeder a person chose, '' for none
 * @returns {Scene}
 */
export function sceneOf(system, wanted = '') {
  const all = hangings(system);
  const alone = all.length > 0 && system.buses.length > FEW_BUSES;
  const many =
    alone ||
    all.length > FEW_FEEDERS ||
    all.reduce((sum, { feeder }) => sum + feeder.buses.length, 0) > FEW_FEEDER_BUSES;
  const chosen = many ? (all.find(({ feeder }) => feeder.id === wanted) ?? (alone ? all[0] : undefined)) : undefined;
  const trees = many ? (chosen === undefined ? [] : [chosen]) : all;
  return {
    buses: alone ? [] : system.buses.map(({ id }) => id),
    trees,
    symbols: many && !alone ? all : [],
    zones: alone ? [] : (system.balancing?.zones ?? []),
    branches: alone ? [] : system.branches.map(branchWire),
    lines: trees.flatMap(({ feeder }) => feeder.lines.map((line) => feederWire(feeder, line))),
    interfaces: trees.map(boundaryWire),
    linked: !many && system.buses.length <= FEW_LINKED,
    choices: many ? all : [],
    chosen: chosen?.feeder.id ?? '',
    note: alone
      ? `The ${system.buses.length} transmission buses are too many to draw; one feeder is shown at a time.`
      : '',
  };
}

/**
 * The buses of the feeders that are drawn as trees.
 * @param {Scene} scene
 * @returns {FeederBus[]}
 */
export function feederBusesOf({ trees }) {
  return trees.flatMap(({ feeder }) => feeder.buses);
}

/**
 * How many buses lie one behind the other on the longest way from a feeder's root.
 * @param {Feeder} feeder
 */
export function levelsOf({ root, lines }) {
  const seen = new Set([root]);
  let count = 0;
  for (let level = [root]; level.length > 0; count += 1) {
    const here = new Set(level);
    level = lines
      .flatMap(({ from, to }) => [...(here.has(from) ? [to] : []), ...(here.has(to) ? [from] : [])])
      .filter((id) => !seen.has(id) && seen.add(id));
  }
  return count;
}
