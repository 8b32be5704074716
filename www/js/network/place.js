// Where everything stands, px: transmission on top, the trees of the feeders below it in rows.

import { fit } from './layout.js';
import { textWidth } from './labels.js';

/** @import { Case } from '../session/types.js' */
/** @import { Point } from './layout.js' */
/** @import { Hanging } from './model.js' */
/** @import { Scene } from './scene.js' */
/** @import { Tree } from './tree.js' */

/**
 * Sizes by how crowded the figure is, px: the height of a bus, radius of a unit, type, stem of a unit, distance of buses,
 * thickest line, and of trees: least and most from bus to bus across, from level to level down and along.
 * @typedef {{
 *   name: string, bus: number, unit: number, font: number, small: number, stem: number, apart: number, wire: number,
 *   across: [number, number], down: number, along: [number, number], beside: number
 * }} Size
 */
/** @type {Size} */
export const ROOMY = {
  name: 'roomy',
  bus: 28,
  unit: 10,
  font: 13,
  small: 12,
  stem: 26,
  apart: 84,
  wire: 10,
  across: [92, 150],
  down: 92,
  along: [120, 150],
  beside: 96,
};
/** @type {Size} */
export const CROWDED = {
  name: 'crowded',
  bus: 18,
  unit: 5,
  font: 10.5,
  small: 10.5,
  stem: 15,
  apart: 44,
  wire: 6.5,
  across: [26, 92],
  down: 54,
  along: [38, 70],
  beside: 52,
};
/** @type {Size} */
export const TINY = {
  name: 'tiny',
  bus: 8,
  unit: 3,
  font: 0,
  small: 10.5,
  stem: 9,
  apart: 20,
  wire: 4,
  across: [9, 40],
  down: 24,
  along: [14, 36],
  beside: 16,
};

/** Buses up to which a part of the diagram is roomy. */
const FEW = 9;
/** Feeder buses up to which each carries its name. */
const NAMED = 45;

/** Levels from which a tree is deep: drawn closer, and along a wide figure. */
export const DEEP = 8;

/** Width for the one transmission bus at the head of a lying tree, px. */
const HEAD = 170;

/** How a tree meets transmission: by a line to its bus, or by a stub that names it. @typedef {{ feeder: string, root: Point, end: Point, stub: boolean }} Meeting */
/** @typedef {{ place: Map<string, Point>, meetings: Meeting[], width: number, height: number, transmission: Size, feeders: Size, names: Map<string, string> }} Placing */

/**
 * @param {string} name
 * @param {Size} size
 */
export function busWidth(name, size) {
  if (size.font === 0) return size.bus;
  return Math.max(size.bus, textWidth(name, size.font) + size.bus / 2);
}

/** @param {string} id */
export function short(id) {
  return id.length > 10 ? `${id.slice(0, 9)}…` : id;
}

/**
 * The names of a feeder's buses in its tree: what they all begin with, up to a mark between words, goes without saying.
 * @param {string[]} ids
 * @returns {Map<string, string>}
 */
export function shortNames(ids) {
  const [first = '', ...others] = ids;
  let common = others.length === 0 ? '' : first;
  for (const id of others) {
    while (!id.startsWith(common)) common = common.slice(0, -1);
  }
  const head = /^.*[\s._:/-]/.exec(common)?.[0] ?? '';
  return new Map(ids.map((id) => [id, short(id.length > head.length ? id.slice(head.length) : id)]));
}

/**
 * Transmission alone fills the height that it is given; with feeders the figure is as tall as its trees need.
 * @param {Case} system
 * @param {Scene} scene
 * @param {Map<string, Point>} layout of the transmission buses
 * @param {Map<string, Tree>} trees by feeder
 * @param {{ width: number, height: number }} size px
 * @returns {Placing}
 */
export function arrange(system, scene, layout, trees, { width, height }) {
  const transmission = system.buses.length <= FEW ? ROOMY : CROWDED;
  const below = scene.trees.reduce((sum, { feeder }) => sum + feeder.buses.length, 0);
  const widest = Math.max(0, ...scene.trees.map(({ feeder }) => trees.get(feeder.id)?.breadth ?? 1));
  const feeders = below > NAMED ? TINY : below <= FEW && widest * ROOMY.across[0] <= width ? ROOMY : CROWDED;
  const names = new Map([
    ...scene.buses.map((id) => /** @type {const} */ ([id, short(id)])),
    ...scene.trees.flatMap(({ feeder }) => [...shortNames(feeder.buses.map(({ id }) => id))]),
  ]);
  /** @type {Map<string, Point>} */
  let place = new Map();
  let top = 0;
  if (scene.buses.length > 0) {
    top = scene.trees.length === 0 ? height : bandHeight(layout, transmission, height);
    const given = system.buses.every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y));
    const clear = transmission.stem + transmission.unit * 2 + 6;
    // Beside the outermost buses there is room for a price, unless the screen is narrow.
    const margin = { x: transmission === ROOMY && width > 420 ? clear + 32 : clear, y: clear };
    // Above a tree that lies, transmission keeps to the side of its root.
    const [only] = scene.trees.length === 1 && scene.linked ? scene.trees : [];
    const lies = only !== undefined && levelsAlong(treeOf(only), feeders, width) !== null;
    const span = lies ? Math.max(Math.min(width, 380), width * 0.45) : width;
    place = fit(layout, {
      width: span,
      height: top,
      margin,
      apart: Math.min(transmission.apart, (span - 2 * margin.x) / 3),
      stretch: given ? 1.6 : 2.4,
    });
  }
  if (scene.trees.length === 0) return { place, meetings: [], width, height: top, transmission, feeders, names };

  /** @type {Meeting[]} */
  const meetings = [];
  let headed = false;
  const rows = inRows(scene.trees, trees, feeders, width, (bus) => place.get(bus)?.x ?? width / 2);
  rows.forEach((row, k) => {
    const linked = scene.linked && k === 0;
    const only = row.length === 1 ? row[0] : undefined;
    // One bus alone stands at the head of a tree that lies.
    const head = linked && scene.buses.length === 1 ? HEAD : 0;
    const along = only === undefined ? null : levelsAlong(treeOf(only), feeders, width - head);
    const gap = linked ? feeders.down * 0.6 : feeders.bus + 34;
    const start = top + gap + feeders.bus / 2;
    if (only === undefined || along === null) top = layDown(row, start, linked);
    else if (head > 0) top = layBehind(only, along);
    else top = layAlong(only, along, start, linked);
    top += feeders.stem + feeders.unit * 2 + 6;
  });
  // One transmission bus alone stands straight above what hangs from it.
  const [alone] = scene.buses;
  const roots = meetings.filter(({ stub }) => !stub).map(({ root }) => root.x);
  if (!headed && scene.buses.length === 1 && alone !== undefined && roots.length > 0) {
    const bus = place.get(alone);
    if (bus !== undefined) bus.x = roots.reduce((sum, x) => sum + x, 0) / roots.length;
    for (const meeting of meetings) if (!meeting.stub && bus !== undefined) meeting.end = { ...bus };
  }
  return { place, meetings, width, height: Math.ceil(top), transmission, feeders, names };

  /** @param {Hanging} hanging */
  function treeOf({ feeder }) {
    return /** @type {Tree} */ (trees.get(feeder.id));
  }

  /**
   * @param {Hanging} hanging
   * @param {boolean} linked
   */
  function meet({ feeder, boundary }, linked) {
    const root = place.get(feeder.root) ?? { x: 0, y: 0 };
    const bus = linked ? place.get(boundary.bus) : undefined;
    const end = bus === undefined ? { x: root.x, y: root.y - feeders.bus / 2 - 22 } : { ...bus };
    meetings.push({ feeder: feeder.id, root: { ...root }, end, stub: bus === undefined });
  }

  /**
   * Trees side by side, each under its bus where there is room; the lower edge.
   * @param {Hanging[]} row
   * @param {number} start
   * @param {boolean} linked
   */
  function layDown(row, start, linked) {
    const pad = edge(feeders);
    const spans = row.reduce((sum, hanging) => sum + treeOf(hanging).breadth - 1, 0);
    const room = width - row.length * 2 * pad;
    const step = Math.max(
      Math.min(feeders.across[0], room / Math.max(1, spans)),
      Math.min(feeders.across[1], room / Math.max(1, spans)),
    );
    const wide = row.map((hanging) => (treeOf(hanging).breadth - 1) * step + 2 * pad);
    const wish = row.map((hanging, k) => {
      const bus = linked ? place.get(hanging.boundary.bus) : undefined;
      const root = pad + treeOf(hanging).root.across * step;
      return bus === undefined ? ((k + 0.5) * width) / row.length - (wide[k] ?? 0) / 2 : bus.x - root;
    });
    const lefts = sideBySide(wish, wide, width);
    const deepest = Math.max(...row.map((hanging) => treeOf(hanging).levels));
    const fall = deepest > DEEP ? feeders.down * 0.7 : feeders.down;
    row.forEach((hanging, k) => {
      for (const [id, { across, level }] of treeOf(hanging).spots) {
        place.set(id, { x: (lefts[k] ?? 0) + pad + across * step, y: start + level * fall });
      }
      meet(hanging, linked);
    });
    return start + (deepest - 1) * fall;
  }

  /**
   * One deep tree lying along the figure, its root at the left; the lower edge.
   * @param {Hanging} hanging
   * @param {number} step
   * @param {number} start
   * @param {boolean} linked
   */
  function layAlong(hanging, step, start, linked) {
    const { spots, breadth, levels } = treeOf(hanging);
    const pad = edge(feeders);
    const bus = linked ? place.get(hanging.boundary.bus) : undefined;
    // Straight under its bus if the levels may be that close.
    const close =
      bus === undefined ? step : Math.max(feeders.along[0], Math.min(step, (width - pad - bus.x) / (levels - 1)));
    const free = width - pad - (levels - 1) * close;
    const from = Math.max(pad, bus === undefined ? (pad + free) / 2 : Math.min(bus.x, free));
    for (const [id, { across, level }] of spots)
      place.set(id, { x: from + level * close, y: start + across * feeders.beside });
    meet(hanging, linked);
    return start + (breadth - 1) * feeders.beside;
  }

  /**
   * The same with its one transmission bus at its head; the lower edge.
   * @param {Hanging} hanging
   * @param {number} step
   */
  function layBehind(hanging, step) {
    const { spots, breadth, levels, root } = treeOf(hanging);
    const clear = transmission.stem + transmission.unit * 2 + 6;
    const start = Math.max(edge(feeders), clear + transmission.bus / 2 - root.across * feeders.beside);
    const from = Math.max(HEAD, (width - (levels - 1) * step + HEAD) / 2);
    for (const [id, { across, level }] of spots)
      place.set(id, { x: from + level * step, y: start + across * feeders.beside });
    const y = start + root.across * feeders.beside;
    place.set(hanging.boundary.bus, { x: from - HEAD + clear + 4, y });
    meet(hanging, true);
    headed = true;
    return Math.max(start + (breadth - 1) * feeders.beside, y + clear);
  }
}

/**
 * Room beside the outermost bus of a tree.
 * @param {Size} size
 */
function edge(size) {
  return size.bus / 2 + size.stem + size.unit + 4;
}

/**
 * Height of the transmission network above trees.
 * @param {Map<string, Point>} layout
 * @param {Size} size
 * @param {number} height it would have alone
 */
function bandHeight(layout, size, height) {
  const clear = size.stem + size.unit * 2 + 6;
  const level = new Set([...layout.values()].map(({ y }) => Math.round(y))).size === 1;
  return level ? 2 * clear + size.bus : height;
}

/**
 * As many trees beside each other as the width bears, in the order of their buses.
 * @param {Hanging[]} hangings
 * @param {Map<string, Tree>} trees
 * @param {Size} size
 * @param {number} width
 * @param {(bus: string) => number} x
 */
function inRows(hangings, trees, size, width, x) {
  /** @type {Hanging[][]} */
  const rows = [];
  let left = 0;
  for (const hanging of [...hangings].sort((a, b) => x(a.boundary.bus) - x(b.boundary.bus))) {
    const need = ((trees.get(hanging.feeder.id)?.breadth ?? 1) - 1) * size.across[0] + 2 * edge(size);
    const row = rows[rows.length - 1];
    if (row === undefined || need > left) {
      rows.push([hanging]);
      left = width - need;
    } else {
      row.push(hanging);
      left -= need;
    }
  }
  return rows;
}

/**
 * Distance of the levels when a tree had better lie along the figure: it fits, and is much flatter than standing.
 * @param {Tree} tree
 * @param {Size} size
 * @param {number} width
 * @returns {number | null}
 */
function levelsAlong({ levels, breadth }, size, width) {
  const step = Math.min(size.along[1], (width - 2 * edge(size)) / Math.max(1, levels - 1));
  const fits = step >= size.along[0];
  return fits && (breadth - 1) * size.beside < 0.6 * (levels - 1) * size.down && levels > 4 ? step : null;
}

/**
 * Left edges as near as can be to the wished ones, without overlap, inside the width.
 * @param {number[]} wish
 * @param {number[]} wide
 * @param {number} width
 */
export function sideBySide(wish, wide, width) {
  const lefts = [...wish];
  let least = 0;
  lefts.forEach((left, k) => {
    lefts[k] = Math.max(least, left);
    least = (lefts[k] ?? 0) + (wide[k] ?? 0);
  });
  let most = width;
  for (let k = lefts.length - 1; k >= 0; k -= 1) {
    lefts[k] = Math.min(lefts[k] ?? 0, most - (wide[k] ?? 0));
    most = lefts[k] ?? 0;
  }
  return lefts;
}
