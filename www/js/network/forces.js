// A layout of the transmission buses by forces, which loads where a case gives no coordinates.

import { adjacency } from './chain.js';

/** @import { Case } from '../session/types.js' */
/** @import { Point } from './chain.js' */

const TICKS = 320;
/** Longest stretch of the layout without a pause. */
const SLICE_MS = 12;

/**
 * @param {Case} system
 * @returns {Promise<Map<string, Point>>}
 */
export async function byForces(system) {
  const start = circle(system);
  try {
    const { forceSimulation, forceLink, forceManyBody, forceCollide, forceX, forceY } = await import(
      '../../vendor/d3-force.js'
    );
    /** @type {({ id: string } & Point)[]} */
    const nodes = system.buses.map(({ id }) => ({ id, ...(start.get(id) ?? { x: 0, y: 0 }) }));
    const ids = new Set(nodes.map(({ id }) => id));
    // A feeder pulls its bus to the rim of the figure.
    const hanging = [...new Set((system.boundaries ?? []).map(({ bus }) => bus))].filter(
      (bus) => ids.has(bus) && ids.size > 2,
    );
    const below = hanging.map((bus) => ({
      id: `below ${bus}`,
      x: (start.get(bus)?.x ?? 0) * 1.2,
      y: (start.get(bus)?.y ?? 0) * 1.2,
    }));
    nodes.push(...below);
    // The buses of a zone keep round a middle of their own, beside the bus outside that they meet the rest at.
    const zones = (system.balancing?.zones ?? []).filter(({ bus }) => ids.has(bus));
    nodes.push(
      ...zones.map(({ id, buses }) => ({ id: `zone ${id}`, ...(start.get(buses[0] ?? '') ?? { x: 0, y: 0 }) })),
    );
    const links = [...system.branches, ...(system.dc_lines ?? [])]
      .filter(({ from, to }) => ids.has(from) && ids.has(to) && from !== to)
      .map(({ from, to }) => ({ source: from, target: to, length: 40 }));
    links.push(...hanging.map((bus) => ({ source: bus, target: `below ${bus}`, length: 40 })));
    for (const { id, bus, buses } of zones) {
      const inside = buses.filter((other) => ids.has(other));
      links.push(...inside.map((other) => ({ source: `zone ${id}`, target: other, length: 20 })));
      links.push({ source: `zone ${id}`, target: bus, length: 70 });
    }
    const simulation = forceSimulation(nodes)
      .force(
        'link',
        forceLink(links)
          .id((node) => /** @type {{ id: string }} */ (node).id)
          .distance(({ length }) => length)
          .strength(0.9),
      )
      .force('charge', forceManyBody().strength(-260))
      .force('collide', forceCollide(18))
      .force('x', forceX(0).strength(0.03))
      .force('y', forceY(0).strength(0.045))
      .stop();
    let breath = performance.now();
    for (let tick = 0; tick < TICKS; tick += 1) {
      simulation.tick();
      // Thousands of buses take seconds, in which the page stays at hand.
      if (performance.now() - breath < SLICE_MS) continue;
      await new Promise((resume) => setTimeout(resume));
      breath = performance.now();
    }
    const buses = new Map(nodes.filter(({ id }) => ids.has(id)).map(({ id, x, y }) => [id, { x, y }]));
    if (below.length === 0) return flat(buses);
    const mean = (/** @type {Point[]} */ points, /** @type {'x' | 'y'} */ axis) =>
      points.reduce((sum, point) => sum + point[axis], 0) / points.length;
    const middle = [...buses.values()];
    return downwards(buses, { x: mean(below, 'x') - mean(middle, 'x'), y: mean(below, 'y') - mean(middle, 'y') });
  } catch {
    return start;
  }
}

/**
 * Breadth first round a circle: a fair start for the forces and a readable layout without them.
 * @param {Case} system
 * @returns {Map<string, Point>}
 */
function circle(system) {
  const neighbours = adjacency(system);
  /** @type {Set<string>} */
  const order = new Set();
  for (const { id } of system.buses) {
    const queue = [id];
    while (queue.length > 0) {
      const bus = queue.shift() ?? '';
      if (order.has(bus) || !neighbours.has(bus)) continue;
      order.add(bus);
      queue.push(...(neighbours.get(bus) ?? []));
    }
  }
  const count = order.size;
  const radius = 12 * Math.max(3, count);
  return new Map(
    [...order].map((id, k) => {
      const angle = (2 * Math.PI * k) / count;
      return [id, { x: radius * Math.cos(angle), y: radius * Math.sin(angle) }];
    }),
  );
}

/**
 * Turned so that the longest direction is horizontal and the first bus is on the left.
 * @param {Map<string, Point>} layout
 */
function flat(layout) {
  const points = [...layout.values()];
  const mean = (/** @type {(point: Point) => number} */ of) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const cx = mean(({ x }) => x);
  const cy = mean(({ y }) => y);
  const xx = mean(({ x }) => (x - cx) ** 2);
  const yy = mean(({ y }) => (y - cy) ** 2);
  const xy = mean(({ x, y }) => (x - cx) * (y - cy));
  const angle = 0.5 * Math.atan2(2 * xy, xx - yy);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const turned = new Map(
    [...layout].map(([id, { x, y }]) => [
      id,
      { x: (x - cx) * cos + (y - cy) * sin, y: (y - cy) * cos - (x - cx) * sin },
    ]),
  );
  const first = turned.values().next().value;
  const flip = first !== undefined && first.x > 0 ? -1 : 1;
  return new Map([...turned].map(([id, { x, y }]) => [id, { x: flip * x, y: flip * y }]));
}

/**
 * Turned so that a direction points down.
 * @param {Map<string, Point>} layout
 * @param {Point} direction
 */
function downwards(layout, direction) {
  const length = Math.hypot(direction.x, direction.y);
  if (length < 1) return flat(layout);
  const [cos, sin] = [direction.y / length, direction.x / length];
  return new Map([...layout].map(([id, { x, y }]) => [id, { x: x * cos - y * sin, y: x * sin + y * cos }]));
}
