// Where the transmission buses stand: as the case says, else by forces, lying flat and filling the figure,
// with the buses of a zone round the bus that they meet the rest at, and with feeders downwards.

/** @import { Case } from '../session/types.js' */

/** @typedef {{ x: number, y: number }} Point */

const TICKS = 320;
/** Longest stretch of the layout without a pause. */
const SLICE_MS = 12;

/** The layouts of the cases seen, by their topology. @type {Map<string, Promise<Map<string, Point>>>} */
const known = new Map();

/**
 * Positions in a unit of their own, the same for the same topology.
 * @param {Case} system
 * @returns {Promise<Map<string, Point>>}
 */
export function positions(system) {
  const key = JSON.stringify([
    system.buses.map(({ id, x, y }) => [id, x, y]),
    system.branches.map(({ from, to }) => [from, to]),
    (system.balancing?.zones ?? []).map(({ bus, buses }) => [bus, buses]),
    (system.boundaries ?? []).map(({ bus }) => bus),
  ]);
  let layout = known.get(key);
  if (layout === undefined) {
    const given = system.buses.every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y));
    const order = chain(system);
    if (given) layout = Promise.resolve(new Map(system.buses.map(({ id, x, y }) => [id, { x: x ?? 0, y: y ?? 0 }])));
    else if (order !== null) layout = Promise.resolve(new Map(order.map((id, k) => [id, { x: k * 40, y: 0 }])));
    else layout = byForces(system);
    known.set(key, layout);
  }
  return layout;
}

/**
 * The buses from end to end when the network is one chain, which is drawn straight; else null.
 * @param {Case} system
 * @returns {string[] | null}
 */
function chain(system) {
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
function adjacency(system) {
  /** @type {Map<string, Set<string>>} */
  const neighbours = new Map(system.buses.map(({ id }) => [id, new Set()]));
  for (const { from, to } of [...system.branches, ...zoneLinks(system)]) {
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

/**
 * @param {Case} system
 * @returns {Promise<Map<string, Point>>}
 */
async function byForces(system) {
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
    const links = system.branches
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

/**
 * Layout positions in a box of pixels. Given coordinates keep their proportions; both axes may differ by `stretch`.
 * @param {Map<string, Point>} layout
 * @param {{ width: number, height: number, margin: Point, apart: number, stretch: number }} box
 * @returns {Map<string, Point>}
 */
export function fit(layout, { width, height, margin, apart, stretch }) {
  const points = [...layout.values()];
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const room = { x: width - 2 * margin.x, y: height - 2 * margin.y };
  let sx = right > left ? room.x / (right - left) : Infinity;
  let sy = bottom > top ? room.y / (bottom - top) : Infinity;
  const least = Math.min(sx, sy);
  sx = Math.min(sx, least * stretch);
  sy = Math.min(sy, least * stretch);
  const place = new Map(
    [...layout].map(([id, { x, y }]) => [
      id,
      {
        x: width / 2 + (Number.isFinite(sx) ? (x - (left + right) / 2) * sx : 0),
        y: height / 2 + (Number.isFinite(sy) ? (y - (top + bottom) / 2) * sy : 0),
      },
    ]),
  );
  spread([...place.values()], { width, height, margin, apart });
  return place;
}

/**
 * Moves points that stand closer than `apart` away from each other, staying in the box.
 * @param {Point[]} points
 * @param {{ width: number, height: number, margin: Point, apart: number }} box
 */
function spread(points, { width, height, margin, apart }) {
  // More than the box has room for stands as it is: no order of them is apart.
  if (points.length * apart ** 2 > width * height) return;
  for (let round = 0; round < 60; round += 1) {
    let moved = false;
    for (const [i, a] of points.entries()) {
      for (const b of points.slice(i + 1)) {
        const dx = b.x - a.x || 0.01;
        const dy = b.y - a.y;
        const far = Math.hypot(dx, dy);
        if (far >= apart) continue;
        const push = (apart - far) / 2 / far;
        a.x -= dx * push;
        a.y -= dy * push;
        b.x += dx * push;
        b.y += dy * push;
        moved = true;
      }
    }
    for (const point of points) {
      point.x = Math.max(margin.x, Math.min(width - margin.x, point.x));
      point.y = Math.max(margin.y, Math.min(height - margin.y, point.y));
    }
    if (!moved) return;
  }
}
