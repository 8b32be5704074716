// Where everything stands, px: transmission on top, the trees of the feeders below it in rows.

import { fit } from './layout.js';
import { CROWDED, ROOMY, TINY, edge } from './sizes.js';

/** @import { Case } from '../session/types.js' */
/** @import { Point } from './layout.js' */
/** @import { Hanging } from './wires.js' */
/** @import { Scene } from './scene.js' */
/** @import { Size } from './sizes.js' */
/** @import { Tree } from './tree.js' */

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

/** @param {string} id */
function short(id) {
  return id.length > 10 ? `${id.slice(0, 9)}…` : id;
}

/**
 * The names of a feeder's buses in its tree: what they all begin with, up to a mark between words, goes without saying.
 * @param {string[]} ids
 * @returns {Map<string, string>}
 */
function shortNames(ids) {
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
 * @param {Scene} scene
 * @param {Map<string, Point>} layout of the transmission buses
 * @param {Map<string, Tree>} trees by feeder
 * @param {{ width: number, height: number }} size px
 * @returns {Placing}
 */
export function arrange(scene, layout, trees, { width, height }) {
  const { system } = scene;
  const transmission = system.buses.length <= FEW ? ROOMY : CROWDED;
  const feeders = feederSize(scene, trees, width);
  const names = new Map([
    ...scene.buses.map((id) => /** @type {const} */ ([id, short(id)])),
    ...scene.trees.flatMap(({ feeder }) => [...shortNames(feeder.buses.map(({ id }) => id))]),
  ]);
  const arrangement = new Arrangement(scene, trees, width, transmission, feeders);
  if (scene.buses.length > 0) arrangement.layTransmission(system, layout, height);
  if (scene.trees.length > 0) arrangement.layTrees();
  const { place, meetings } = arrangement;
  const tall = scene.trees.length === 0 ? arrangement.top : Math.ceil(arrangement.top);
  return { place, meetings, width, height: tall, transmission, feeders, names };
}

/**
 * @param {Scene} scene
 * @param {Map<string, Tree>} trees
 * @param {number} width
 */
function feederSize(scene, trees, width) {
  const below = scene.trees.reduce((sum, { feeder }) => sum + feeder.buses.length, 0);
  const widest = Math.max(0, ...scene.trees.map(({ feeder }) => trees.get(feeder.id)?.breadth ?? 1));
  // Many have their names only where a tree lies along the figure, its levels far enough apart for them.
  const [only] = scene.trees.length === 1 ? scene.trees : [];
  const tree = only === undefined ? undefined : trees.get(only.feeder.id);
  if (below > NAMED && (tree === undefined || levelsAlong(tree, CROWDED, width - HEAD) === null)) return TINY;
  return below <= FEW && widest * ROOMY.across[0] <= width ? ROOMY : CROWDED;
}

/** The figure filling up from the top. */
class Arrangement {
  /** @type {Map<string, Point>} */
  place = new Map();
  /** @type {Meeting[]} */
  meetings = [];
  /** The lower edge of what stands already. */
  top = 0;
  /** Whether the one transmission bus stands at the head of a tree that lies. */
  #headed = false;
  #scene;
  #trees;
  #width;
  #transmission;
  #feeders;

  /**
   * @param {Scene} scene
   * @param {Map<string, Tree>} trees
   * @param {number} width
   * @param {Size} transmission
   * @param {Size} feeders
   */
  constructor(scene, trees, width, transmission, feeders) {
    this.#scene = scene;
    this.#trees = trees;
    this.#width = width;
    this.#transmission = transmission;
    this.#feeders = feeders;
  }

  /**
   * @param {Case} system
   * @param {Map<string, Point>} layout
   * @param {number} height that transmission has alone
   */
  layTransmission(system, layout, height) {
    const scene = this.#scene;
    const size = this.#transmission;
    const width = this.#width;
    this.top = scene.trees.length === 0 ? height : bandHeight(layout, size, height);
    const given = system.buses.every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y));
    const clear = clearance(size);
    // Beside the outermost buses there is room for a price, unless the screen is narrow.
    const margin = { x: size === ROOMY && width > 420 ? clear + 32 : clear, y: clear };
    // Above a tree that lies, transmission keeps to the side of its root.
    const [only] = scene.trees.length === 1 && scene.linked ? scene.trees : [];
    const lies = only !== undefined && levelsAlong(this.#treeOf(only), this.#feeders, width) !== null;
    const span = lies ? Math.max(Math.min(width, 380), width * 0.45) : width;
    this.place = fit(layout, {
      width: span,
      height: this.top,
      margin,
      apart: Math.min(size.apart, (span - 2 * margin.x) / 3),
      stretch: given ? 1.6 : 2.4,
    });
  }

  layTrees() {
    const scene = this.#scene;
    const feeders = this.#feeders;
    const width = this.#width;
    const rows = inRows(scene.trees, this.#trees, feeders, width, (bus) => this.place.get(bus)?.x ?? width / 2);
    rows.forEach((row, k) => {
      const linked = scene.linked && k === 0;
      const only = row.length === 1 ? row[0] : undefined;
      // One bus alone stands at the head of a tree that lies.
      const head = linked && scene.buses.length === 1 ? HEAD : 0;
      const along = only === undefined ? null : levelsAlong(this.#treeOf(only), feeders, width - head);
      const gap = linked ? feeders.down * 0.6 : feeders.bus + 34;
      const start = this.top + gap + feeders.bus / 2;
      if (only === undefined || along === null) this.top = this.#layDown(row, start, linked);
      else if (head > 0) this.top = this.#layBehind(only, along);
      else this.top = this.#layAlong(only, along, start, linked);
      this.top += clearance(feeders);
    });
    this.#straighten();
  }

  /** One transmission bus alone stands straight above what hangs from it. */
  #straighten() {
    const [alone] = this.#scene.buses;
    const linked = this.meetings.filter(({ stub }) => !stub);
    if (this.#headed || this.#scene.buses.length !== 1 || alone === undefined || linked.length === 0) return;
    const bus = this.place.get(alone);
    if (bus === undefined) return;
    bus.x = linked.reduce((sum, { root }) => sum + root.x, 0) / linked.length;
    for (const meeting of linked) meeting.end = { ...bus };
  }

  /** @param {Hanging} hanging */
  #treeOf({ feeder }) {
    return /** @type {Tree} */ (this.#trees.get(feeder.id));
  }

  /**
   * @param {Hanging} hanging
   * @param {boolean} linked
   */
  #meet({ feeder, boundary }, linked) {
    const root = this.place.get(feeder.root) ?? { x: 0, y: 0 };
    const bus = linked ? this.place.get(boundary.bus) : undefined;
    const end = bus === undefined ? { x: root.x, y: root.y - this.#feeders.bus / 2 - 22 } : { ...bus };
    this.meetings.push({ feeder: feeder.id, root: { ...root }, end, stub: bus === undefined });
  }

  /**
   * Trees side by side, each under its bus where there is room; the lower edge.
   * @param {Hanging[]} row
   * @param {number} start
   * @param {boolean} linked
   */
  #layDown(row, start, linked) {
    const pad = edge(this.#feeders);
    const spans = row.reduce((sum, hanging) => sum + this.#treeOf(hanging).breadth - 1, 0);
    const room = this.#width - row.length * 2 * pad;
    const step = Math.max(
      Math.min(this.#feeders.across[0], room / Math.max(1, spans)),
      Math.min(this.#feeders.across[1], room / Math.max(1, spans)),
    );
    const wide = row.map((hanging) => (this.#treeOf(hanging).breadth - 1) * step + 2 * pad);
    const wish = row.map((hanging, k) => {
      const bus = linked ? this.place.get(hanging.boundary.bus) : undefined;
      const root = pad + this.#treeOf(hanging).root.across * step;
      return bus === undefined ? ((k + 0.5) * this.#width) / row.length - (wide[k] ?? 0) / 2 : bus.x - root;
    });
    const lefts = sideBySide(wish, wide, this.#width);
    const deepest = Math.max(...row.map((hanging) => this.#treeOf(hanging).levels));
    const fall = deepest > DEEP ? this.#feeders.down * 0.7 : this.#feeders.down;
    row.forEach((hanging, k) => {
      for (const [id, { across, level }] of this.#treeOf(hanging).spots) {
        this.place.set(id, { x: (lefts[k] ?? 0) + pad + across * step, y: start + level * fall });
      }
      this.#meet(hanging, linked);
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
  #layAlong(hanging, step, start, linked) {
    const { spots, breadth, levels } = this.#treeOf(hanging);
    const pad = edge(this.#feeders);
    const bus = linked ? this.place.get(hanging.boundary.bus) : undefined;
    // Straight under its bus if the levels may be that close.
    const close =
      bus === undefined
        ? step
        : Math.max(this.#feeders.along[0], Math.min(step, (this.#width - pad - bus.x) / (levels - 1)));
    const free = this.#width - pad - (levels - 1) * close;
    const from = Math.max(pad, bus === undefined ? (pad + free) / 2 : Math.min(bus.x, free));
    for (const [id, { across, level }] of spots)
      this.place.set(id, { x: from + level * close, y: start + across * this.#feeders.beside });
    this.#meet(hanging, linked);
    return start + (breadth - 1) * this.#feeders.beside;
  }

  /**
   * The same with its one transmission bus at its head; the lower edge.
   * @param {Hanging} hanging
   * @param {number} step
   */
  #layBehind(hanging, step) {
    const { spots, breadth, levels, root } = this.#treeOf(hanging);
    const clear = clearance(this.#transmission);
    const start = Math.max(
      edge(this.#feeders),
      clear + this.#transmission.bus / 2 - root.across * this.#feeders.beside,
    );
    const from = Math.max(HEAD, (this.#width - (levels - 1) * step + HEAD) / 2);
    for (const [id, { across, level }] of spots)
      this.place.set(id, { x: from + level * step, y: start + across * this.#feeders.beside });
    const y = start + root.across * this.#feeders.beside;
    this.place.set(hanging.boundary.bus, { x: from - HEAD + clear + 4, y });
    this.#meet(hanging, true);
    this.#headed = true;
    return Math.max(start + (breadth - 1) * this.#feeders.beside, y + clear);
  }
}

/**
 * Room for the units above or below a bus.
 * @param {Size} size
 */
function clearance({ stem, unit }) {
  return stem + unit * 2 + 6;
}

/**
 * Height of the transmission network above trees.
 * @param {Map<string, Point>} layout
 * @param {Size} size
 * @param {number} height it would have alone
 */
function bandHeight(layout, size, height) {
  const clear = clearance(size);
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
function sideBySide(wish, wide, width) {
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
