// Which buses of transmission are joined, and whether they are one chain.

/** @import { Case } from '../session/types.js' */

/** @typedef {{ x: number, y: number }} Point */

/**
 * The buses from end to end when the network is one chain, which is drawn straight; else null.
 * @param {Case} system
 * @returns {string[] | null}
 */
export function chain(system) {
  const neighbours = adjacency(system);
  const ends = [...neighbours].filter(([, near]) => near.size === 1).map(([id]) => id);
  if (ends.length !== 2 || [...neighbours.values()].some((near) => near.size > 2)) return null;
  const first = system.buses.find(({ id }) => ends.includes(id))?.id ?? '';
  const order = [first];
  for (let at = first; order.length < neighbours.size; ) {
    const next = [...(neighbours.get(at) ?? [])].find((id) => !order.includes(id));
    if (next === undefined) return null;
    order.push(next);
    at = next;
  }
  return order;
}

/**
 * @param {Case} system
 * @returns {Map<string, Set<string>>}
 */
export function adjacency(system) {
  /** @type {Map<string, Set<string>>} */
  const neighbours = new Map(system.buses.map(({ id }) => [id, new Set()]));
  for (const { from, to } of [...system.branches, ...(system.dc_lines ?? []), ...zoneLinks(system)]) {
    if (from === to) continue;
    neighbours.get(from)?.add(to);
    neighbours.get(to)?.add(from);
  }
  return neighbours;
}

/**
 * What holds the buses of a zone together: they have no branches of their own.
 * @param {Case} system
 * @returns {{ from: string, to: string }[]}
 */
function zoneLinks(system) {
  return (system.balancing?.zones ?? []).flatMap(({ bus, buses }) => buses.map((to) => ({ from: bus, to })));
}
