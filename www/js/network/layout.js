// Where the transmission buses stand: as the case says, else by forces, lying flat and filling the figure,
// with the buses of a zone round the bus that they meet the rest at, and with feeders downwards.

import { chain } from './chain.js';

/** @import { Case } from '../session/types.js' */

/** @typedef {import('./chain.js').Point} Point */

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
    [...system.branches, ...(system.dc_lines ?? [])].map(({ from, to }) => [from, to]),
    (system.balancing?.zones ?? []).map(({ bus, buses }) => [bus, buses]),
    (system.boundaries ?? []).map(({ bus }) => bus),
  ]);
  let layout = known.get(key);
  if (layout === undefined) {
    const given = system.buses.every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y));
    const order = chain(system);
    if (given) layout = Promise.resolve(new Map(system.buses.map(({ id, x, y }) => [id, { x: x ?? 0, y: y ?? 0 }])));
    else if (order !== null) layout = Promise.resolve(new Map(order.map((id, k) => [id, { x: k * 40, y: 0 }])));
    else layout = import('./forces.js').then(({ byForces }) => byForces(system));
    known.set(key, layout);
  }
  return layout;
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
