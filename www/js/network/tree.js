// Feeders as tidy trees: the root first, one level per line passed, siblings side by side in the order of the case.

import { hierarchy, tree as tidy } from '../../vendor/d3-hierarchy.js';

/** @import { Feeder } from '../session/types.js' */

/** @typedef {{ across: number, level: number }} Spot in units of one bus */
/** @typedef {{ spots: Map<string, Spot>, levels: number, breadth: number, root: Spot }} Tree `breadth` and `levels` count buses */

/**
 * @param {Feeder} feeder
 * @returns {Tree}
 */
export function treeOf(feeder) {
  const children = descendants(feeder);
  const top = tidy()
    .nodeSize([1, 1])
    .separation(() => 1)(
    hierarchy(/** @type {unknown} */ (feeder.root), (id) => children.get(/** @type {string} */ (id))),
  );
  const nodes = top.descendants();
  const least = Math.min(...nodes.map(({ x }) => x));
  const spots = new Map(
    nodes.map(({ data, x, depth }) => [/** @type {string} */ (data), { across: x - least, level: depth }]),
  );
  return {
    spots,
    levels: 1 + Math.max(...nodes.map(({ depth }) => depth)),
    breadth: 1 + Math.max(...nodes.map(({ x }) => x - least)),
    root: spots.get(feeder.root) ?? { across: 0, level: 0 },
  };
}

/**
 * The buses beyond each bus, seen from the root. A bus that no line reaches stands beside the first level.
 * @param {Feeder} feeder
 */
function descendants({ root, buses, lines }) {
  /** @type {Map<string, string[]>} */
  const near = new Map([root, ...buses.map(({ id }) => id)].map((id) => [id, []]));
  for (const { from, to } of lines) {
    near.get(from)?.push(to);
    near.get(to)?.push(from);
  }
  /** @type {Map<string, string[]>} */
  const children = new Map();
  const seen = new Set([root]);
  const reach = (/** @type {string} */ start) => {
    const queue = [start];
    for (const id of queue) {
      const next = (near.get(id) ?? []).filter((other) => near.has(other) && !seen.has(other));
      next.forEach((other) => seen.add(other));
      children.set(id, [...new Set(next)]);
      queue.push(...(children.get(id) ?? []));
    }
  };
  reach(root);
  for (const { id } of buses) {
    if (seen.has(id)) continue;
    seen.add(id);
    children.get(root)?.push(id);
    reach(id);
  }
  return children;
}
