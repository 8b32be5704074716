// Which part of the plane is in sight: zoom and pan, and what lies under a point.

/** @import { Grid } from './grid.js' */

/** A point of the layout stands `k` times as far from the others, moved by x and y, px. @typedef {{ k: number, x: number, y: number }} View */
/** @typedef {{ width: number, height: number }} Size px */

/** Room round the whole, px. */
const MARGIN = 26;
/** Px from bus to bus when nearest. */
const CLOSEST = 160;
/** How near a pointer takes a bus, and a line, px. */
const REACH = 14;
const REACH_LINE = 7;

/** Each way a layout may be drawn out so many times: its distances mean nothing. */
const DRAWN_OUT = 1.8;

/** @param {Float32Array} xy */
function extent(xy) {
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let k = 0; k < xy.length; k += 2) {
    const [x, y] = [xy[k] ?? 0, xy[k + 1] ?? 0];
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
  }
  return { left, right, top, bottom };
}

/**
 * A layout drawn out towards the shape of the figure.
 * @param {Float32Array} xy
 * @param {Size} size
 */
export function drawnOut(xy, { width, height }) {
  const { left, right, top, bottom } = extent(xy);
  const by = ((bottom - top) * width) / ((right - left) * height);
  const times = Number.isFinite(by) && by > 0 ? Math.min(DRAWN_OUT, Math.max(1 / DRAWN_OUT, by)) : 1;
  return xy.map((value, k) => (k % 2 === 0 ? value * times : value));
}

/**
 * The whole network.
 * @param {Float32Array} xy
 * @param {Size} size
 * @returns {View}
 */
export function whole(xy, { width, height }) {
  const { left, right, top, bottom } = extent(xy);
  const k = Math.min((width - 2 * MARGIN) / (right - left || 1), (height - 2 * MARGIN) / (bottom - top || 1));
  return { k, x: width / 2 - (k * (left + right)) / 2, y: height / 2 - (k * (top + bottom)) / 2 };
}

/**
 * Nearer or farther with one point of the screen held, never farther than the whole.
 * @param {View} view
 * @param {number} by
 * @param {{ x: number, y: number }} held
 * @param {{ least: View, spacing: number }} bounds
 * @returns {View}
 */
export function zoomed(view, by, held, { least, spacing }) {
  const k = Math.min(Math.max(view.k * by, least.k), Math.max(least.k, CLOSEST / spacing));
  if (k === least.k) return least;
  const times = k / view.k;
  return { k, x: held.x - (held.x - view.x) * times, y: held.y - (held.y - view.y) * times };
}

/**
 * A view with a point of the layout in the middle.
 * @param {number} k
 * @param {{ x: number, y: number }} point
 * @param {Size} size
 * @returns {View}
 */
export function centred(k, point, { width, height }) {
  return { k, x: width / 2 - k * point.x, y: height / 2 - k * point.y };
}

/**
 * @param {View} view
 * @param {Float32Array} xy
 * @param {number} bus
 */
export function onScreen({ k, x, y }, xy, bus) {
  return { x: x + k * (xy[2 * bus] ?? 0), y: y + k * (xy[2 * bus + 1] ?? 0) };
}

/**
 * The bus under a point, else the line; its item.
 * @param {Grid} grid
 * @param {Float32Array} xy
 * @param {View} view
 * @param {{ x: number, y: number }} point
 * @returns {string | null}
 */
export function under(grid, xy, view, point) {
  let [best, least] = [-1, REACH];
  for (let bus = 0; bus < grid.ids.length; bus += 1) {
    const { x, y } = onScreen(view, xy, bus);
    const far = Math.hypot(x - point.x, y - point.y);
    if (far < least) [best, least] = [bus, far];
  }
  if (best !== -1) return `bus:${grid.ids[best]}`;
  [best, least] = [-1, REACH_LINE];
  for (let wire = 0; wire < grid.wires.length; wire += 1) {
    const far = distance(point, onScreen(view, xy, grid.from[wire] ?? 0), onScreen(view, xy, grid.to[wire] ?? 0));
    if (far < least) [best, least] = [wire, far];
  }
  return grid.wires[best]?.item ?? null;
}

/**
 * From a point to a stroke.
 * @param {{ x: number, y: number }} p
 * @param {{ x: number, y: number }} a
 * @param {{ x: number, y: number }} b
 */
function distance(p, a, b) {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const along = dx * dx + dy * dy;
  const t = along === 0 ? 0 : Math.min(1, Math.max(0, ((p.x - a.x) * dx + (p.y - a.y) * dy) / along));
  return Math.hypot(p.x - a.x - t * dx, p.y - a.y - t * dy);
}

/** A bus aside of the way is as far as one so many times as far ahead. */
const ASIDE = 2.5;

/**
 * The nearest bus in a direction.
 * @param {Grid} grid
 * @param {Float32Array} xy
 * @param {number} from
 * @param {number} dx
 * @param {number} dy
 */
export function towards(grid, xy, from, dx, dy) {
  let [best, least] = [from, Infinity];
  for (let bus = 0; bus < grid.ids.length; bus += 1) {
    const [x, y] = [(xy[2 * bus] ?? 0) - (xy[2 * from] ?? 0), (xy[2 * bus + 1] ?? 0) - (xy[2 * from + 1] ?? 0)];
    const ahead = x * dx + y * dy;
    const cost = ahead + ASIDE * (Math.abs(x * dy) + Math.abs(y * dx));
    if (bus !== from && ahead > 0 && cost < least) [best, least] = [bus, cost];
  }
  return best;
}
