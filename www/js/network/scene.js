// What the figure shows of a case: the whole system while it is small, else one feeder at a time.

import { unitsByBus } from './units.js';
import { boundaryWire, feederWire, transmissionWires } from './wires.js';
import { countOf } from '../session/packed.js';

/** @import { Lab } from '../session/lab.js' */
/** @import { Case, Feeder, FeederBus, Zone } from '../session/types.js' */
/** @import { Unit } from './units.js' */
/** @import { Hanging, Wire } from './wires.js' */

/** Feeders, and buses of all feeders together, up to which every feeder is drawn as a tree. */
const FEW_FEEDERS = 3;
const FEW_FEEDER_BUSES = 60;
/** Transmission buses up to which the transmission network is drawn beside feeders. */
const FEW_BUSES = 60;
/** Transmission buses up to which a tree hangs from its bus by a line of its own. */
const FEW_LINKED = 12;

/** A zone is given by shift factors, not by lines. */
const ZONE_NOTE = 'The lines inside a zone are known by their shift factors alone and are not drawn.';

/**
 * Many transmission buses drawn as one, named after the one at its middle.
 * @typedef {{
 *   id: string, buses: string[], units: Unit[], feeders: number,
 *   price: (lab: Lab, step: number) => number, sentence: (lab: Lab, step: number) => string
 * }} Area
 */
/**
 * @typedef {{
 *   system: Case, buses: string[], trees: Hanging[], symbols: Hanging[], zones: Zone[],
 *   branches: Wire[], lines: Wire[], interfaces: Wire[],
 *   linked: boolean, choices: Hanging[], chosen: string, note: string,
 *   large: boolean, areas: Map<string, Area>, home: Map<string, string>
 * }} Scene
 * `trees` are drawn bus by bus, `symbols` as one mark each; `interfaces` are the boundaries of the trees. `large`: there are
 * too many transmission buses; `areas.js` then puts `areas` in their place, `home` says in which each stands, and `system` is
 * the case of the areas.
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

/** Whether it has too many buses for a one-line diagram, and no feeders that areas could be named by. @param {Case} system */
export function isGrid(system) {
  return system.buses.length > FEW_BUSES && hangings(system).length === 0;
}

/**
 * @param {Case} system
 * @param {string} [wanted] the feeder a person chose, '' for none
 * @returns {Scene}
 */
export function sceneOf(system, wanted = '') {
  const all = hangings(system);
  const large = all.length > 0 && system.buses.length > FEW_BUSES;
  const below = all.reduce((sum, { feeder }) => sum + feeder.buses.length, 0);
  // One feeder alone is what there is to see.
  const many = large || all.length > FEW_FEEDERS || (all.length > 1 && below > FEW_FEEDER_BUSES);
  const chosen = many ? all.find(({ feeder }) => feeder.id === wanted) : undefined;
  const trees = many ? (chosen === undefined ? [] : [chosen]) : all;
  return {
    system,
    buses: large ? [] : system.buses.map(({ id }) => id),
    trees,
    symbols: many ? all : [],
    zones: large ? [] : (system.balancing?.zones ?? []),
    branches: large ? [] : transmissionWires(system),
    lines: trees.flatMap(({ feeder }) => feeder.lines.map((line) => feederWire(feeder, line))),
    interfaces: trees.map(boundaryWire),
    linked: !many && system.buses.length <= FEW_LINKED,
    choices: many ? all : [],
    chosen: chosen?.feeder.id ?? '',
    note: (system.balancing?.zones ?? []).length > 0 ? ZONE_NOTE : '',
    ...{ large, areas: new Map(), home: new Map() },
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

/** Units of a kind up to which a bus has a symbol for each. */
const HANDFUL = 4;

const PLURALS = {
  ...{ generator: 'generators', der: 'DERs', storage: 'batteries', load: 'loads', community: 'communities' },
  ...{ bid: 'bids', imbalance: 'imbalances' },
};

/**
 * The units of a bus or area as symbols: more than a handful of a kind, in an area more than one, as one. The balancing
 * market is left out where the answer is of another one.
 * @param {Lab} lab
 * @param {Scene} scene
 * @param {string} bus
 * @returns {Unit[]}
 */
export function unitsAt(lab, scene, bus) {
  const area = scene.areas.get(bus);
  const all = area?.units ?? unitsByBus(lab.scenario.case).get(bus) ?? [];
  const here = isBalancing(lab) ? all : all.filter(({ id }) => !balancing(lab).some((unit) => unit.id === id));
  const most = area === undefined ? HANDFUL : 1;
  if (here.length <= most) return here;
  const kinds = [...new Set(here.map(({ kind }) => kind))];
  return kinds.flatMap((kind) => {
    const members = here.filter((unit) => unit.kind === kind);
    if (members.length <= most) return members;
    return [{ id: `${members.length} ${PLURALS[kind]}`, kind, bus, members, area: area !== undefined }];
  });
}

/** @param {Lab} lab */
function balancing(lab) {
  const { bids = [], imbalances = [] } = lab.scenario.case.balancing ?? {};
  return [...bids, ...imbalances];
}

/** Whether the answer is of the balancing market of the case. @param {Lab} lab */
function isBalancing(lab) {
  const told = ({ id = '' }) => (lab.series(`p:${id}`) ?? lab.series(`imbalance:${id}`)) !== undefined;
  return countOf(lab.report) === 0 || balancing(lab).some(told);
}
