// A transmission network of more buses than can be drawn, in areas: each the buses nearest to one where a feeder meets it.
// What joins two areas is one line, what is connected in an area one symbol of a kind.

import { amount } from '../ui/number.js';
import { adjacency } from './chain.js';
import { branchWire, loading, loadingClass, percent, wireFlow } from './wires.js';
import { power } from '../session/read.js';
import { unitsByBus } from './units.js';

/** @import { Case } from '../session/types.js' */
/** @import { Lab } from '../session/lab.js' */
/** @import { Area, Scene } from './scene.js' */
/** @import { Wire } from './wires.js' */

/** Areas drawn at most: in a wide figure with a symbol for each of their feeders, in a narrow one without. */
const MOST = 24;
const MOST_NARROW = 10;

/** @typedef {{ most: number, areas: Map<string, Area>, home: Map<string, string>, wires: Wire[], system: Case }} Division */

/** The last division of each case. @type {WeakMap<Case, Division>} */
const known = new WeakMap();

/**
 * The scene with its transmission network in areas.
 * @param {Case} system
 * @param {Scene} scene
 * @param {boolean} narrow
 * @returns {Scene}
 */
export function inAreas(system, scene, narrow) {
  const most = narrow ? MOST_NARROW : MOST;
  const before = known.get(system);
  const division = before?.most === most ? before : divided(system, most);
  known.set(system, division);
  const { areas, home, wires, system: coarse } = division;
  return {
    ...scene,
    symbols: narrow ? [] : scene.symbols,
    ...{ buses: [...areas.keys()], branches: wires, system: coarse, areas, home },
    note: `The ${system.buses.length} transmission buses are drawn as ${areas.size} areas; choose a feeder to see its buses.`,
  };
}

/**
 * @param {Case} system
 * @param {number} most
 * @returns {Division}
 */
function divided(system, most) {
  const home = nearest(system, heads(system, most));
  const all = unitsByBus(system);
  /** @type {Map<string, Area>} */
  const areas = new Map();
  for (const { id } of system.buses) {
    const name = home.get(id) ?? id;
    const area = areas.get(name) ?? areaOf(name);
    area.buses.push(id);
    area.units.push(...(all.get(id) ?? []));
    areas.set(name, area);
  }
  const wires = ties(system, home);
  const at = new Map(system.buses.map((bus) => [bus.id, bus]));
  const mean = (/** @type {Area} */ { buses }, /** @type {'x' | 'y'} */ axis) =>
    buses.reduce((sum, id) => sum + (at.get(id)?.[axis] ?? NaN), 0) / buses.length;
  const coarse = {
    ...system,
    buses: [...areas.values()].map((area) => ({ id: area.id, x: mean(area, 'x'), y: mean(area, 'y') })),
    branches: wires.map(({ id, from, to }) => ({ id, from, to, x_pu: 1 })),
  };
  for (const { bus } of system.boundaries ?? []) {
    const area = areas.get(home.get(bus) ?? '');
    if (area !== undefined) area.feeders += 1;
  }
  return { most, areas, home, wires, system: /** @type {Case} */ (coarse) };
}

/**
 * @param {string} id
 * @returns {Area}
 */
function areaOf(id) {
  /** @type {Area} */
  const area = {
    ...{ id, buses: [], units: [], feeders: 0 },
    price: (lab, step) => {
      const all = prices(lab, area, step);
      return all[Math.floor(all.length / 2)] ?? NaN;
    },
    sentence: (lab, step) => areaSentence(lab, area, step),
  };
  return area;
}

/**
 * The buses at the middle of the areas: of those where feeders meet transmission, each time the one farthest from the others.
 * @param {Case} system
 * @param {number} most
 */
function heads(system, most) {
  const met = [...new Set((system.boundaries ?? []).map(({ bus }) => bus))];
  const chosen = met.slice(0, 1);
  while (chosen.length < Math.min(most, met.length)) {
    const far = distances(system, chosen);
    let next = '';
    let farthest = 0;
    for (const bus of met) {
      const here = far.get(bus) ?? Infinity;
      if (here > farthest) [next, farthest] = [bus, here];
    }
    if (next === '') break;
    chosen.push(next);
  }
  return chosen;
}

/** @type {WeakMap<Case, Map<string, Set<string>>>} */
const neighbourhoods = new WeakMap();

/** @param {Case} system */
function neighbours(system) {
  const near = neighbourhoods.get(system) ?? adjacency(system);
  neighbourhoods.set(system, near);
  return near;
}

/**
 * Lines passed from the nearest of some buses.
 * @param {Case} system
 * @param {string[]} from
 */
function distances(system, from) {
  const near = neighbours(system);
  const far = new Map(from.map((id) => [id, 0]));
  for (const [id, steps] of far) {
    for (const next of near.get(id) ?? []) if (!far.has(next)) far.set(next, steps + 1);
  }
  return far;
}

/**
 * The nearest head of every bus; one that no line leads to belongs to the first.
 * @param {Case} system
 * @param {string[]} from
 */
function nearest(system, from) {
  const near = neighbours(system);
  const home = new Map(from.map((id) => [id, id]));
  for (const [id, head] of home) {
    for (const next of near.get(id) ?? []) if (!home.has(next)) home.set(next, head);
  }
  return new Map(system.buses.map(({ id }) => [id, home.get(id) ?? from[0] ?? id]));
}

/**
 * The lines between areas, those of a pair as one.
 * @param {Case} system
 * @param {Map<string, string>} home
 * @returns {Wire[]}
 */
function ties(system, home) {
  /** @type {Map<string, Wire>} */
  const pairs = new Map();
  for (const branch of system.branches) {
    const [a, b] = [home.get(branch.from) ?? '', home.get(branch.to) ?? ''];
    if (a === b) continue;
    const turned = a > b;
    const [from, to] = turned ? [b, a] : [a, b];
    const id = `${from}–${to}`;
    const wire = pairs.get(id) ?? tie(id, from, to);
    wire.members?.push({ wire: branchWire(branch), sign: turned ? -1 : 1 });
    pairs.set(id, wire);
  }
  return [...pairs.values()];
}

/**
 * @param {string} id
 * @param {string} from
 * @param {string} to
 * @returns {Wire}
 */
function tie(id, from, to) {
  /** @type {Wire} */
  const wire = {
    ...{ id, from, to, kind: 'branch', item: `areas:${id}`, flow: '', loading: '', members: [] },
    ...{ limit: () => '', most: NaN, least: NaN, in_service: true },
    sentence: (lab, step) => tieSentence(lab, wire, step),
  };
  return wire;
}

/**
 * @param {Lab} lab
 * @param {Area} area
 * @param {number} step
 */
function prices(lab, { buses }, step) {
  return buses
    .map((id) => lab.at(`lmp:${id}`, step))
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
}

/**
 * @param {Lab} lab
 * @param {Area} area
 * @param {number} step
 */
function areaSentence(lab, area, step) {
  const all = prices(lab, area, step);
  const unit = lab.series(`lmp:${area.id}`)?.unit ?? '';
  const [low = NaN, high = NaN] = [all[0], all.at(-1)];
  const price =
    all.length === 0
      ? ''
      : amount(low, unit) === amount(high, unit)
        ? `, price ${amount(low, unit)}`
        : `, prices from ${amount(low, '')} to ${amount(high, unit)}`;
  const feeders = `${area.feeders} ${area.feeders === 1 ? 'feeder' : 'feeders'}`;
  return `Area round bus ${area.id}: ${area.buses.length} buses and ${feeders}${price}`;
}

/**
 * @param {Lab} lab
 * @param {Wire} wire
 * @param {number} step
 */
function tieSentence(lab, wire, step) {
  const { from, to, members = [] } = wire;
  const flow = wireFlow(lab, wire, step);
  const [start, end] = flow < 0 ? [to, from] : [from, to];
  let fullest = members[0]?.wire;
  let most = -1;
  for (const member of members) {
    const share = loading(lab, member.wire, step);
    if (share > most) [fullest, most] = [member.wire, share];
  }
  const count = members.length === 1 ? `Line ${members[0]?.wire.id}` : `${members.length} lines`;
  const course = `${amount(Math.abs(flow), power(lab.report).unit)} from the area of bus ${start} to that of bus ${end}`;
  const over = loadingClass(most) === 'over' ? ', over the limit' : '';
  if (most < 0) return `${count}: ${course}, not limited`;
  return members.length === 1
    ? `${count}: ${course}, ${percent(most)} of its limit${over}`
    : `${count}: ${course}; the fullest is ${fullest?.id} at ${percent(most)}${over}`;
}
