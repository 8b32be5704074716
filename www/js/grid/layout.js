// Where the buses of a large network stand: as the case says, else as a worker lays them out, lying flat.

/** @import { Case } from '../session/types.js' */

/** @typedef {(xy: Float32Array, given: boolean) => void} Seen x and y of every bus in turn; whether they are the case's own */

/** The layouts known, by the topology. @type {Map<string, Float32Array>} */
const known = new Map();

/**
 * Places of the buses, coarse ones first where they take time.
 * @param {Case} system
 * @param {Seen} seen
 * @returns {() => void} gives up
 */
export function layOut(system, seen) {
  const { buses, branches } = system;
  if (buses.every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y))) {
    seen(Float32Array.from(buses.flatMap(({ x, y }) => [x ?? 0, y ?? 0])), true);
    return () => {};
  }
  const place = new Map(buses.map(({ id }, k) => [id, k]));
  const links = branches.flatMap(({ from, to }) => {
    const [a, b] = [place.get(from), place.get(to)];
    return a === undefined || b === undefined ? [] : [[a, b]];
  });
  const key = `${buses.length}:${links.join(';')}`;
  const before = known.get(key);
  if (before !== undefined) {
    seen(before, false);
    return () => {};
  }
  const worker = new Worker(new URL('../grid/layout-worker.js', import.meta.url), { type: 'module', name: 'layout' });
  worker.onmessage = ({ data }) => {
    const xy = flat(data.xy);
    if (data.done) {
      known.set(key, xy);
      worker.terminate();
    }
    seen(xy, false);
  };
  worker.postMessage({ count: buses.length, links });
  return () => worker.terminate();
}

/**
 * Turned so that the longest direction is horizontal and the first bus on the left.
 * @param {Float32Array} xy
 */
function flat(xy) {
  const count = xy.length / 2;
  const [x, y] = [(/** @type {number} */ k) => xy[2 * k] ?? 0, (/** @type {number} */ k) => xy[2 * k + 1] ?? 0];
  let [cx, cy] = [0, 0];
  for (let k = 0; k < count; k += 1) [cx, cy] = [cx + x(k) / count, cy + y(k) / count];
  let [xx, yy, both] = [0, 0, 0];
  for (let k = 0; k < count; k += 1) {
    const [dx, dy] = [x(k) - cx, y(k) - cy];
    [xx, yy, both] = [xx + dx * dx, yy + dy * dy, both + dx * dy];
  }
  const angle = 0.5 * Math.atan2(2 * both, xx - yy);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const flip = (x(0) - cx) * cos + (y(0) - cy) * sin > 0 ? -1 : 1;
  const turned = new Float32Array(xy.length);
  for (let k = 0; k < count; k += 1) {
    const [dx, dy] = [x(k) - cx, y(k) - cy];
    turned[2 * k] = flip * (dx * cos + dy * sin);
    turned[2 * k + 1] = flip * (dy * cos - dx * sin);
  }
  return turned;
}
