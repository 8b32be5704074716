// Labels that overlap nothing: the important ones first, each at the best of its candidate places or not at all.

/** @import { Point } from './layout.js' */

/** @typedef {{ x: number, y: number, width: number, height: number }} Box centre and size */
/** @typedef {{ a: Point, b: Point }} Stroke */

/**
 * @param {Box} a
 * @param {Box} b
 * @param {number} [gap]
 */
export function overlaps(a, b, gap = 0) {
  return (
    Math.abs(a.x - b.x) * 2 < a.width + b.width + 2 * gap && Math.abs(a.y - b.y) * 2 < a.height + b.height + 2 * gap
  );
}

/**
 * Whether a stroke passes through a box.
 * @param {Stroke} stroke
 * @param {Box} box
 */
export function crosses({ a, b }, box) {
  const [hx, hy] = [box.width / 2, box.height / 2];
  let from = 0;
  let to = 1;
  const clip = (/** @type {number} */ start, /** @type {number} */ delta, /** @type {number} */ half) => {
    if (delta === 0) return Math.abs(start) <= half;
    const t1 = (-half - start) / delta;
    const t2 = (half - start) / delta;
    from = Math.max(from, Math.min(t1, t2));
    to = Math.min(to, Math.max(t1, t2));
    return from <= to;
  };
  return clip(a.x - box.x, b.x - a.x, hx) && clip(a.y - box.y, b.y - a.y, hy);
}

/** The space of one figure, filling up. */
export class Room {
  /** @type {Box[]} */
  #taken = [];
  /** @type {Stroke[]} */
  #strokes;
  #width;
  #height;

  /**
   * @param {number} width
   * @param {number} height
   * @param {Stroke[]} strokes lines that are better not crossed
   */
  constructor(width, height, strokes) {
    this.#width = width;
    this.#height = height;
    this.#strokes = strokes;
  }

  /** @param {Box} box */
  take(box) {
    this.#taken.push(box);
  }

  /**
   * How bad a place is; Infinity when it would cover something or leave the figure.
   * @param {Box} box
   */
  cost(box) {
    if (!this.#holds(box) || this.#taken.some((other) => overlaps(box, other, 1))) return Infinity;
    return this.#strokes.filter((stroke) => crosses(stroke, box)).length;
  }

  /** Whether a box is within the figure. @param {Box} box */
  #holds({ x, y, width, height }) {
    return (
      x - width / 2 >= 1 &&
      x + width / 2 <= this.#width - 1 &&
      y - height / 2 >= 1 &&
      y + height / 2 <= this.#height - 1
    );
  }

  /**
   * How much of what is there a place would cover, px²; Infinity when it would leave the figure.
   * @param {Box} box
   */
  covered(box) {
    if (!this.#holds(box)) return Infinity;
    const along = (
      /** @type {number} */ a,
      /** @type {number} */ b,
      /** @type {number} */ size,
      /** @type {number} */ other,
    ) => Math.max(0, Math.min(a + size / 2, b + other / 2) - Math.max(a - size / 2, b - other / 2));
    return this.#taken.reduce(
      (sum, { x, y, width, height }) => sum + along(box.x, x, box.width, width) * along(box.y, y, box.height, height),
      0,
    );
  }

  /**
   * Takes the first of the cheapest candidates; null when none is free.
   * @param {Box[]} candidates
   * @param {number} [worst] strokes it may cross
   * @returns {Box | null}
   */
  place(candidates, worst = 1) {
    let best = null;
    let least = Infinity;
    for (const candidate of candidates) {
      const cost = this.cost(candidate);
      if (cost < least) {
        least = cost;
        best = candidate;
      }
      if (cost === 0) break;
    }
    if (best === null || least > worst) return null;
    this.take(best);
    return best;
  }
}

/**
 * Places round a point at a distance, right and left first.
 * @param {Point} centre
 * @param {number} distance from the centre to the label's edge
 * @param {number} width
 * @param {number} height
 * @returns {Box[]}
 */
export function around(centre, distance, width, height) {
  const directions = [
    [0, -1],
    [0, 1],
    [1, 0],
    [-1, 0],
    [0.75, -0.75],
    [-0.75, -0.75],
    [0.75, 0.75],
    [-0.75, 0.75],
  ];
  return directions.map(([dx, dy]) => ({
    x: centre.x + (dx ?? 0) * (distance + width / 2),
    y: centre.y + (dy ?? 0) * (distance + height / 2),
    width,
    height,
  }));
}

/**
 * Places round a bus of some width, at rising distances from its edge; right and left first.
 * @param {Point} centre
 * @param {{ width: number, height: number }} bus
 * @param {number} width
 * @param {number} height
 * @param {number[]} [gaps] px
 * @returns {Box[]}
 */
export function roundBus(centre, bus, width, height, gaps = [3]) {
  const directions = [
    [1, 0],
    [-1, 0],
    [0, -1],
    [0, 1],
    [1, -0.8],
    [-1, -0.8],
    [1, 0.8],
    [-1, 0.8],
  ];
  return gaps.flatMap((gap) =>
    directions.map(([dx, dy]) => ({
      x: centre.x + (dx ?? 0) * (bus.width / 2 + gap + width / 2),
      y: centre.y + (dy ?? 0) * (bus.height / 2 + gap + height / 2),
      width,
      height,
    })),
  );
}

/**
 * Places along a line, beside it.
 * @param {Stroke} stroke
 * @param {number} width
 * @param {number} height
 * @param {number} clear distance from the line's middle to the label's nearest edge
 * @param {number} [far] how much farther it may be, px
 * @returns {Box[]}
 */
export function beside({ a, b }, width, height, clear, far = 8) {
  const length = Math.hypot(b.x - a.x, b.y - a.y) || 1;
  const [nx, ny] = [-(b.y - a.y) / length, (b.x - a.x) / length];
  const nearest = clear + (Math.abs(nx) * width + Math.abs(ny) * height) / 2;
  /** @type {Box[]} */
  const boxes = [];
  for (let reach = nearest; reach <= nearest + far; reach += 8) {
    for (const t of [0.5, 0.42, 0.58, 0.34, 0.66]) {
      for (const side of ny > 0 ? [-1, 1] : [1, -1]) {
        boxes.push({
          x: a.x + (b.x - a.x) * t + nx * reach * side,
          y: a.y + (b.y - a.y) * t + ny * reach * side,
          width,
          height,
        });
      }
    }
  }
  return boxes;
}

/**
 * The place round a bus that is farthest from its lines and free of everything else.
 * @param {Point} bus
 * @param {number[]} busy directions taken, rad
 * @param {number} distance
 * @param {number} radius
 * @param {Room} room
 * @returns {Point}
 */
export function berth(bus, busy, distance, radius, room) {
  let best = { x: bus.x, y: bus.y - distance };
  let most = -Infinity;
  for (const reach of [distance, distance * 1.5]) {
    for (let k = 0; k < 24; k += 1) {
      const direction = -Math.PI / 2 + (k * Math.PI) / 12;
      const point = { x: bus.x + reach * Math.cos(direction), y: bus.y + reach * Math.sin(direction) };
      const gap = Math.min(
        Math.PI,
        ...busy.map((other) => Math.abs(Math.atan2(Math.sin(direction - other), Math.cos(direction - other)))),
      );
      const cost = room.cost({ ...point, width: radius * 2 + 4, height: radius * 2 + 4 });
      // Upright directions read best when they are as free as others.
      const upright = k % 12 === 0 ? 0.12 : k % 6 === 0 ? 0.06 : 0;
      const worth = Math.min(gap, 1.5) + upright - Math.min(cost, 50) - (reach > distance ? 0.5 : 0);
      if (worth > most + 1e-9) {
        most = worth;
        best = point;
      }
    }
  }
  return best;
}

/**
 * @param {Point} from
 * @param {Point} to
 */
export function angle(from, to) {
  return Math.atan2(to.y - from.y, to.x - from.x);
}

/**
 * A fair guess of a label's width in the page's sans, px.
 * @param {string} text
 * @param {number} size px
 */
export function textWidth(text, size) {
  let em = 0;
  for (const letter of text)
    em += /[iljt.,:;' |]/.test(letter) ? 0.3 : /[mwMW%@]/.test(letter) ? 0.88 : /[A-Z]/.test(letter) ? 0.68 : 0.57;
  return em * size + 2;
}
