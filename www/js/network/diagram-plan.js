// What the one-line diagram is made of, before anything is drawn: its buses and lines with their places and sizes.

import { loading, wireFlows } from './wires.js';
import { busWidth } from './sizes.js';

/** @import { FeederBus } from '../session/types.js' */
/** @import { Lab } from '../session/lab.js' */
/** @import { Point } from './layout.js' */
/** @import { Stroke } from './labels.js' */
/** @import { Placing } from './place.js' */
/** @import { Size } from './sizes.js' */
/** @import { Scale } from './price.js' */
/** @import { Area, Scene } from './scene.js' */
/** @import { Wire } from './wires.js' */

/** A bus of the figure. @typedef {{ id: string, name: string, at: Point, size: Size, feederBus: FeederBus | null, area: Area | null, scale: Scale | null }} Node */
/**
 * A wire of the figure. `largest`: MW of the thickest one of its kind; `worst`: its highest loading of all steps, −1 without.
 * @typedef {{ wire: Wire, stroke: Stroke, size: Size, largest: number, worst: number }} Line
 */
/** What colours the buses. @typedef {{ transmission: Scale | null, feeders: Scale | null }} Scales */
/**
 * `steps`: all of them; `sample`: the first of them, by which labels are measured.
 * @typedef {{
 *   lab: Lab, scene: Scene, placing: Placing, scales: Scales,
 *   at: (bus: string) => Point, nodes: Node[], lines: Line[], steps: number[], sample: number[]
 * }} Plan
 */

/** Steps looked at for how wide the numbers of a label get. */
const SAMPLE = 48;
/** Least MW of the thickest line, so that an idle network has a scale. */
const LEAST_MW = 1e-9;
/** Parallel circuits lie so far apart, px. */
const APART = 9;

/**
 * @param {Lab} lab
 * @param {Scene} scene
 * @param {Placing} placing
 * @param {Scales} scales
 * @returns {Plan}
 */
export function planOf(lab, scene, placing, scales) {
  const { place, width, height } = placing;
  const at = (/** @type {string} */ bus) => place.get(bus) ?? { x: width / 2, y: height / 2 };
  const steps = Array.from({ length: Math.max(1, lab.steps) }, (_, step) => step);
  return {
    ...{ lab, scene, placing, scales, at, steps },
    nodes: nodesOf(scene, placing, scales, at),
    lines: linesOf(lab, scene, placing, at, steps),
    sample: steps.slice(0, SAMPLE),
  };
}

/**
 * The ground that the buses take.
 * @param {Node} node
 */
export function boxOf({ name, at, size }) {
  return { ...at, width: busWidth(name, size), height: size.bus };
}

/**
 * @param {Scene} scene
 * @param {Placing} placing
 * @param {Scales} scales
 * @param {(bus: string) => Point} at
 * @returns {Node[]}
 */
function nodesOf(scene, { names, transmission, feeders }, scales, at) {
  const placed = (/** @type {string} */ id) => ({ id, name: names.get(id) ?? id, at: at(id) });
  return [
    ...scene.buses.map((id) => ({
      ...placed(id),
      size: transmission,
      feederBus: null,
      area: scene.areas.get(id) ?? null,
      scale: scales.transmission,
    })),
    ...scene.trees.flatMap(({ feeder }) =>
      feeder.buses.map((bus) => ({
        ...placed(bus.id),
        ...{ size: feeders, feederBus: bus, area: null, scale: scales.feeders },
      })),
    ),
  ];
}

/**
 * @param {Lab} lab
 * @param {Scene} scene
 * @param {Placing} placing
 * @param {(bus: string) => Point} at
 * @param {number[]} steps
 * @returns {Line[]}
 */
function linesOf(lab, scene, { meetings, transmission, feeders }, at, steps) {
  const wires = [...scene.branches, ...scene.lines];
  // Feeders carry less than transmission: they have a thickness of their own.
  const above = largestMw(lab, scene.branches);
  const below = largestMw(lab, [...scene.lines, ...scene.interfaces]);
  const line = (/** @type {Wire} */ wire, /** @type {Stroke} */ stroke) => ({
    ...{ wire, stroke },
    ...(wire.kind === 'branch' ? { size: transmission, largest: above } : { size: feeders, largest: below }),
    worst: steps.reduce((most, step) => Math.max(most, finite(loading(lab, wire, step))), -1),
  });
  const strokes = strokesOf(wires, at);
  return [
    ...wires.map((wire, k) => line(wire, strokes[k] ?? { a: at(''), b: at('') })),
    ...scene.trees.flatMap(({ feeder }, k) => {
      const meeting = meetings.find((candidate) => candidate.feeder === feeder.id);
      const wire = scene.interfaces[k];
      return wire === undefined ? [] : [line(wire, { a: meeting?.root ?? at(''), b: meeting?.end ?? at('') })];
    }),
  ];
}

/**
 * @param {Lab} lab
 * @param {Wire[]} wires
 */
function largestMw(lab, wires) {
  let largest = LEAST_MW;
  for (const wire of wires) {
    for (const value of Array.from(wireFlows(lab, wire))) {
      if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
    }
  }
  return largest;
}

/** @param {number} value */
function finite(value) {
  return Number.isNaN(value) ? -1 : value;
}

/**
 * Strokes from bus to bus; parallel circuits lie side by side.
 * @param {Wire[]} wires
 * @param {(bus: string) => Point} at
 * @returns {Stroke[]}
 */
function strokesOf(wires, at) {
  const pair = (/** @type {Wire} */ { from, to }) => [from, to].sort().join('\n');
  /** @type {Map<string, number>} */
  const total = new Map();
  for (const wire of wires) total.set(pair(wire), (total.get(pair(wire)) ?? 0) + 1);
  /** @type {Map<string, number>} */
  const seen = new Map();
  return wires.map((wire) => {
    const key = pair(wire);
    const k = seen.get(key) ?? 0;
    seen.set(key, k + 1);
    const [a, b] = [at(wire.from), at(wire.to)];
    const offset = (k - ((total.get(key) ?? 1) - 1) / 2) * APART * (wire.from <= wire.to ? 1 : -1);
    const length = Math.hypot(b.x - a.x, b.y - a.y) || 1;
    const [nx, ny] = [(-(b.y - a.y) / length) * offset, ((b.x - a.x) / length) * offset];
    return { a: { x: a.x + nx, y: a.y + ny }, b: { x: b.x + nx, y: b.y + ny } };
  });
}
