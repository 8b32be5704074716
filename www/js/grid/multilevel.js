// A layout of a large network by forces: first of a few groups of its buses, then of finer and finer ones, each from where
// the group stood that it was part of. Coarsening by matching neighbours: C. Walshaw, A multilevel algorithm for
// force-directed graph drawing, J. Graph Algorithms Appl. 7 (2003) 253–285.

import { forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY } from '../../vendor/d3-force.js';

/** @typedef {[number, number]} Link two buses by their place in the list */
/** Of one level: how many, what joins them, and the place of each in the level above. @typedef {{ count: number, links: Link[], parent: Int32Array | null }} Level */
/** @typedef {{ x: number, y: number }} Body */

/** A level of so few is laid out from scratch. */
const FEW = 60;
/** A level that is not smaller than this share of the one below is no gain. */
const SHRINKS = 0.9;
/** Length of a link in the layout. */
const LENGTH = 30;

/**
 * @param {number} count of buses
 * @param {Link[]} links
 * @param {(xy: Float32Array) => void} [seen] called with each level's places, bus by bus
 * @returns {Float32Array} x and y of every bus in turn
 */
export function multilevel(count, links, seen) {
  const levels = coarsened({ count, links: unique(links), parent: null });
  /** @type {Body[]} */
  let bodies = [];
  for (let k = levels.length - 1; k >= 0; k -= 1) {
    const level = /** @type {Level} */ (levels[k]);
    bodies = settled(level, k === levels.length - 1 ? spiral(level.count) : placed(level, bodies));
    if (k > 0) seen?.(places(down(levels, k, bodies)));
  }
  return places(bodies);
}

/** Each pair once, whichever way it runs. @param {Link[]} links @returns {Link[]} */
function unique(links) {
  /** @type {Map<string, Link>} */
  const found = new Map();
  for (const [a, b] of links) if (a !== b) found.set(a < b ? `${a} ${b}` : `${b} ${a}`, [a, b]);
  return [...found.values()];
}

/** @param {Level} finest @returns {Level[]} finest first */
function coarsened(finest) {
  const levels = [finest];
  for (let level = finest; level.count > FEW; ) {
    const { parent, count } = matched(level);
    if (count > SHRINKS * level.count) break;
    level.parent = parent;
    const links = level.links.map(([a, b]) => /** @type {Link} */ ([parent[a] ?? 0, parent[b] ?? 0]));
    level = { count, links: unique(links), parent: null };
    levels.push(level);
  }
  return levels;
}

/**
 * Groups of two neighbours, those of few neighbours first; what has none left joins the group of one.
 * @param {Level} level
 */
function matched({ count, links }) {
  /** @type {number[][]} */
  const near = Array.from({ length: count }, () => []);
  for (const [a, b] of links) {
    near[a]?.push(b);
    near[b]?.push(a);
  }
  const degree = (/** @type {number} */ k) => near[k]?.length ?? 0;
  const order = near.map((_, k) => k).sort((a, b) => degree(a) - degree(b) || a - b);
  const parent = new Int32Array(count).fill(-1);
  let groups = 0;
  for (const k of order) {
    if (parent[k] !== -1) continue;
    const mine = near[k] ?? [];
    const free = mine.filter((other) => parent[other] === -1);
    const [mate] = free.sort((a, b) => degree(a) - degree(b) || a - b);
    if (mate === undefined && mine.length > 0) parent[k] = parent[mine[0] ?? 0] ?? 0;
    else {
      parent[k] = groups;
      if (mate !== undefined) parent[mate] = groups;
      groups += 1;
    }
  }
  return { parent, count: groups };
}

/** @param {number} count @returns {Body[]} */
function spiral(count) {
  return Array.from({ length: count }, (_, k) => {
    const [far, angle] = [LENGTH * Math.sqrt(k + 0.5), k * 2.399963];
    return { x: far * Math.cos(angle), y: far * Math.sin(angle) };
  });
}

/**
 * Where a level begins: each near the group it belongs to, which has room for twice as many.
 * @param {Level} level
 * @param {Body[]} above
 * @returns {Body[]}
 */
function placed({ count, parent }, above) {
  return Array.from({ length: count }, (_, k) => {
    const { x, y } = above[parent?.[k] ?? 0] ?? { x: 0, y: 0 };
    const angle = k * 2.399963;
    const near = LENGTH * 0.3;
    return { x: x * Math.SQRT2 + near * Math.cos(angle), y: y * Math.SQRT2 + near * Math.sin(angle) };
  });
}

/**
 * @param {Level} level
 * @param {Body[]} bodies
 * @returns {Body[]}
 */
function settled({ count, links }, bodies) {
  const pull = links.map(([source, target]) => ({ source, target }));
  const [ticks, alpha] = count <= 2 * FEW ? [220, 1] : count < 1500 ? [70, 0.4] : count < 5000 ? [45, 0.3] : [30, 0.25];
  const simulation = forceSimulation(bodies)
    .alpha(alpha)
    .alphaDecay(1 - (0.02 / alpha) ** (1 / ticks))
    .force('link', forceLink(pull).distance(LENGTH).strength(0.9).iterations(2))
    .force(
      'charge',
      forceManyBody()
        .strength(-90)
        .theta(1)
        .distanceMax(LENGTH * 30),
    )
    .force('collide', forceCollide(LENGTH * 0.42))
    .force('x', forceX(0).strength(0.006))
    .force('y', forceY(0).strength(0.01))
    .stop();
  for (let tick = 0; tick < ticks; tick += 1) simulation.tick();
  return bodies;
}

/**
 * The buses where their groups of level `k` stand.
 * @param {Level[]} levels
 * @param {number} k
 * @param {Body[]} bodies
 */
function down(levels, k, bodies) {
  let here = bodies;
  for (let finer = k - 1; finer >= 0; finer -= 1) here = placed(/** @type {Level} */ (levels[finer]), here);
  return here;
}

/** @param {Body[]} bodies */
function places(bodies) {
  return Float32Array.from(bodies.flatMap(({ x, y }) => [x, y]));
}
