// Paints a large network: lines by loading, buses by price, names where there is room for them.

import { overlaps, textWidth } from '../network/labels.js';
import { bareAmount } from '../ui/number.js';
import { percent } from '../network/wires.js';

/** @import { Box } from '../network/labels.js' */
/** @import { Grid, State } from './grid.js' */
/** @import { Size, View } from './view.js' */

/** What is pointed at, chosen and spoken of: items; `parts` and `moves` with their texts. @typedef {{ near: string | null, chosen: string | null, asked: string | null, parts: Map<string, string>, moves: { bus: number, text: string, way: 'more' | 'less' | 'last' }[] }} Marks */
/** @typedef {{ grid: Grid, xy: Float32Array, view: View, state: State, marks: Marks, size: Size, spacing: number, unit: string }} Scene */

/** Px from bus to bus from which buses are named, and from which they are drawn with their names inside. */
const NAMED = 22;
const ROOMY = 52;
/** Px from bus to bus below which buses are dots: their outlines would cover the lines. */
const DENSE = 2.5;
/** Full lines named at most, and the width of the picture that each takes, px. */
const CORRIDORS = 14;
const CORRIDOR = 75;
/** Buses named at most. */
const MOST_NAMES = 400;
const FONT = 11;
/** Where a name is tried beside what it is of, px. @type {[number, number][]} */
const AROUND = [
  [0, -16],
  [0, 16],
  [60, -14],
  [-60, -14],
  [60, 14],
  [-60, 14],
  [0, -34],
  [0, 34],
  [0, -52],
  [0, 52],
];
/** A line this far beside the picture is not drawn, px. */
const EDGE = 20;
/** Half the length of an arrow, px. */
const ARROW = 5;
/** A line from this share of its limit on is full. */
const FULL = 1 - 1e-6;

const LOADS = /** @type {const} */ (['open', 'low', 'middle', 'high', 'over']);
/** Widths of lines, by how much they carry, px. */
const WIDTHS = [0.7, 1.3, 2.2, 3.4];

/**
 * @param {CanvasRenderingContext2D} ink
 * @param {Scene} scene
 * @param {CSSStyleDeclaration} style
 */
export function paint(ink, scene, style) {
  const { size, view, spacing } = scene;
  const apart = spacing * view.k;
  const colour = (/** @type {string} */ name) => style.getPropertyValue(`--${name}`);
  ink.clearRect(0, 0, size.width, size.height);
  ink.lineCap = 'round';
  ink.font = `500 ${FONT}px ${style.fontFamily}`;
  ink.textAlign = 'center';
  ink.textBaseline = 'middle';
  const at = placesOf(scene);
  lines(ink, scene, at, colour, apart);
  buses(ink, scene, at, colour, apart);
  names(ink, scene, at, colour, apart);
}

/** The buses on the screen, x and y in turn. @param {Scene} scene */
function placesOf({ xy, view }) {
  const at = new Float32Array(xy.length);
  for (let k = 0; k < xy.length; k += 2) {
    at[k] = view.x + view.k * (xy[k] ?? 0);
    at[k + 1] = view.y + view.k * (xy[k + 1] ?? 0);
  }
  return at;
}

/** @typedef {(name: string) => string} Colour */

/**
 * The full ones over the others; out of service dashed.
 * @param {CanvasRenderingContext2D} ink
 * @param {Scene} scene
 * @param {Float32Array} at
 * @param {Colour} colour
 * @param {number} apart
 */
function lines(ink, { grid, state, marks, size }, at, colour, apart) {
  const thick = Math.min(2.4, Math.max(0.55, apart / 26));
  /** @type {Map<string, Path2D>} */
  const paths = new Map();
  const out = new Path2D();
  const stroke = (/** @type {Path2D} */ path, /** @type {number} */ wire) => {
    const [a, b] = [onScreenOf(at, grid.from[wire] ?? 0), onScreenOf(at, grid.to[wire] ?? 0)];
    // Near to the buses, most lines lie beside the picture.
    if (Math.max(a.x, b.x) < -EDGE || Math.min(a.x, b.x) > size.width + EDGE) return;
    if (Math.max(a.y, b.y) < -EDGE || Math.min(a.y, b.y) > size.height + EDGE) return;
    path.moveTo(a.x, a.y);
    path.lineTo(b.x, b.y);
  };
  for (const [wire, { in_service }] of grid.wires.entries()) {
    if (!in_service) {
      stroke(out, wire);
      continue;
    }
    const flow = Math.abs(state.flow[wire] ?? 0) / (state.most || 1);
    const width = flow > 0.4 ? 3 : flow > 0.15 ? 2 : flow > 0.04 ? 1 : 0;
    const key = `${LOADS.indexOf(state.load[wire] ?? 'open')}${width}`;
    const path = paths.get(key) ?? new Path2D();
    paths.set(key, path);
    stroke(path, wire);
  }
  ink.setLineDash([4, 4]);
  ink.lineWidth = 1;
  ink.strokeStyle = colour('line-strong');
  ink.stroke(out);
  ink.setLineDash([]);
  for (const [key, path] of [...paths].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const load = LOADS[Number(key[0])] ?? 'open';
    const strong = load === 'high' || load === 'over';
    ink.lineWidth = (WIDTHS[Number(key[1])] ?? 1) * thick + (strong ? 1.6 : 0);
    ink.strokeStyle = colour(load === 'over' ? 'over-mark' : `wire-${load}`);
    ink.globalAlpha = strong ? 1 : 0.75;
    ink.setLineDash(load === 'over' ? [6, 4] : []);
    ink.stroke(path);
  }
  ink.setLineDash([]);
  if (apart > NAMED) arrows(ink, grid, state, at, colour);
  const marked = [...marks.parts.keys(), marks.near, marks.chosen].filter((item) => item?.startsWith('branch:'));
  const held = new Path2D();
  for (const [wire, { item }] of grid.wires.entries()) if (marked.includes(item)) stroke(held, wire);
  ink.globalAlpha = 0.35;
  ink.lineWidth = 10;
  ink.strokeStyle = colour('accent');
  ink.stroke(held);
  ink.globalAlpha = 1;
}

/**
 * Which way lines carry.
 * @param {CanvasRenderingContext2D} ink
 * @param {Grid} grid
 * @param {State} state
 * @param {Float32Array} at
 * @param {Colour} colour
 */
function arrows(ink, grid, state, at, colour) {
  /** @type {Map<string, Path2D>} */
  const paths = new Map();
  for (const [wire, flow] of state.flow.entries()) {
    if (!(Math.abs(flow) > 1e-4 * state.most)) continue;
    const ends = [onScreenOf(at, grid.from[wire] ?? 0), onScreenOf(at, grid.to[wire] ?? 0)];
    const [a, b] = flow > 0 ? ends : ends.reverse();
    if (a === undefined || b === undefined) continue;
    const far = Math.hypot(b.x - a.x, b.y - a.y);
    if (far < 3 * ARROW) continue;
    const [ux, uy] = [((b.x - a.x) / far) * ARROW, ((b.y - a.y) / far) * ARROW];
    const [x, y] = [(a.x + b.x) / 2, (a.y + b.y) / 2];
    const load = state.load[wire] ?? 'open';
    const path = paths.get(load) ?? new Path2D();
    paths.set(load, path);
    path.moveTo(x + ux, y + uy);
    path.lineTo(x - ux * 0.6 - uy * 0.7, y - uy * 0.6 + ux * 0.7);
    path.lineTo(x - ux * 0.6 + uy * 0.7, y - uy * 0.6 - ux * 0.7);
    path.closePath();
  }
  ink.globalAlpha = 1;
  for (const [load, path] of paths) {
    ink.fillStyle = colour(load === 'over' ? 'over-mark' : `wire-${load}`);
    ink.fill(path);
  }
}

/**
 * @param {CanvasRenderingContext2D} ink
 * @param {Scene} scene
 * @param {Float32Array} at
 * @param {Colour} colour
 * @param {number} apart
 */
function buses(ink, { grid, state, marks, size }, at, colour, apart) {
  const isDense = apart < DENSE;
  const r = isDense ? 0.9 : Math.min(7, Math.max(1.5, apart * 0.17));
  const seen = (/** @type {number} */ bus) => {
    const [x, y] = [at[2 * bus] ?? 0, at[2 * bus + 1] ?? 0];
    return x > -20 && y > -20 && x < size.width + 20 && y < size.height + 20;
  };
  /** @type {Map<string, number[]>} */
  const classes = new Map();
  for (const [bus, name] of state.colour.entries()) {
    if (!seen(bus)) continue;
    const list = classes.get(name ?? 'price-even') ?? [];
    classes.set(name ?? 'price-even', list);
    list.push(bus);
  }
  ink.strokeStyle = colour('ink');
  // High prices over low ones.
  for (const [name, list] of [...classes].sort(([a], [b]) => (a < b ? -1 : 1))) {
    ink.fillStyle = colour(isDense && name === 'price-even' ? 'wire-open' : name);
    ink.lineWidth = r < 2.5 ? 0.5 : 0.9;
    const path = new Path2D();
    const rings = new Path2D();
    for (const bus of list) {
      const [x, y] = [at[2 * bus] ?? 0, at[2 * bus + 1] ?? 0];
      path.moveTo(x + r, y);
      path.arc(x, y, r, 0, 2 * Math.PI);
      if (grid.produces[bus] !== 1 || r < 3) continue;
      rings.moveTo(x + r + 2.5, y);
      rings.arc(x, y, r + 2.5, 0, 2 * Math.PI);
    }
    ink.fill(path);
    if (!isDense) ink.stroke(path);
    ink.stroke(rings);
  }
  ink.strokeStyle = colour('accent');
  for (const [item, width] of /** @type {const} */ ([
    [marks.near, 2],
    [marks.chosen, 3],
    [marks.asked, 4],
  ])) {
    const bus = item?.startsWith('bus:') ? grid.place.get(item.slice(4)) : undefined;
    if (bus === undefined) continue;
    ink.lineWidth = width;
    ink.beginPath();
    ink.arc(at[2 * bus] ?? 0, at[2 * bus + 1] ?? 0, r + 4, 0, 2 * Math.PI);
    ink.stroke();
  }
}

/**
 * What matters first: what an explanation speaks of, what is full, then buses.
 * @param {CanvasRenderingContext2D} ink
 * @param {Scene} scene
 * @param {Float32Array} at
 * @param {Colour} colour
 * @param {number} apart
 */
function names(ink, scene, at, colour, apart) {
  const { grid, state, marks, size, unit } = scene;
  /** @type {Box[]} */
  const taken = [];
  const put = (/** @type {string} */ text, /** @type {{ x: number, y: number }[]} */ places) => {
    const [width, height] = [textWidth(text, FONT) + 8, FONT + 5];
    const boxes = places.map(({ x, y }) => ({ x, y, width, height }));
    const inside = (/** @type {Box} */ { x, y }) =>
      x > width / 2 && y > height / 2 && x < size.width - width / 2 && y < size.height - height / 2;
    const box = boxes.find((one) => inside(one) && taken.every((other) => !overlaps(one, other, 1)));
    if (box !== undefined) taken.push(box);
    return box;
  };
  const round = (/** @type {{ x: number, y: number }} */ { x, y }) =>
    AROUND.map(([dx, dy]) => ({ x: x + dx, y: y + dy }));
  const middle = (/** @type {number} */ wire) => {
    const [a, b] = [onScreenOf(at, grid.from[wire] ?? 0), onScreenOf(at, grid.to[wire] ?? 0)];
    return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
  };
  const sign = (
    /** @type {string} */ text,
    /** @type {Box | undefined} */ box,
    /** @type {string} */ ground,
    /** @type {string} */ letters,
  ) => {
    if (box === undefined) return;
    ink.fillStyle = ground;
    ink.strokeStyle = colour('line-strong');
    ink.lineWidth = 1;
    ink.beginPath();
    ink.roundRect(box.x - box.width / 2, box.y - box.height / 2, box.width, box.height, 4);
    ink.fill();
    ink.stroke();
    ink.fillStyle = letters;
    ink.fillText(text, box.x, box.y + 0.5);
  };
  for (const { bus, text, way } of marks.moves) {
    const box = put(text, round(onScreenOf(at, bus)));
    if (way === 'more') sign(text, box, colour('accent'), colour('on-accent'));
    else sign(text, box, colour('surface'), colour('ink'));
  }
  for (const [wire, { item }] of grid.wires.entries()) {
    const text = marks.parts.get(item);
    if (text !== undefined) sign(text, put(text, round(middle(wire))), colour('ink'), colour('surface'));
  }
  const full = grid.wires
    .map((_, wire) => wire)
    .filter((wire) => (state.share[wire] ?? NaN) >= FULL && !marks.parts.has(grid.wires[wire]?.item ?? ''))
    .sort((a, b) => Math.abs(state.flow[b] ?? 0) - Math.abs(state.flow[a] ?? 0));
  const most = apart > NAMED ? Infinity : Math.min(CORRIDORS, Math.ceil(size.width / CORRIDOR));
  for (const wire of full.slice(0, most)) {
    const share = percent(state.share[wire] ?? NaN);
    const text = `${grid.wires[wire]?.id} ${bareAmount(Math.abs(state.flow[wire] ?? 0), unit)} ${unit}, ${share}`;
    sign(text, put(text, round(middle(wire))), colour('surface'), colour(state.load[wire] === 'over' ? 'over' : 'ink'));
  }
  if (apart < NAMED) return;
  const inside = grid.ids
    .map((_, bus) => bus)
    .filter((bus) => {
      const { x, y } = onScreenOf(at, bus);
      return x > 0 && y > 0 && x < size.width && y < size.height;
    })
    .sort((a, b) => (grid.degree[b] ?? 0) - (grid.degree[a] ?? 0));
  ink.lineWidth = 3;
  ink.lineJoin = 'round';
  ink.strokeStyle = colour('surface');
  ink.fillStyle = colour('ink');
  const gap = Math.min(7, apart * 0.17) + FONT * 0.75;
  for (const bus of inside.slice(0, MOST_NAMES)) {
    const text = grid.ids[bus] ?? '';
    const { x, y } = onScreenOf(at, bus);
    const side = gap + textWidth(text, FONT) / 2;
    const places = [
      { x, y: y + gap + 2 },
      { x, y: y - gap - 2 },
      { x: x + side, y },
      { x: x - side, y },
    ];
    const box = put(text, apart > ROOMY ? places : places.slice(0, 2));
    if (box === undefined) continue;
    ink.strokeText(text, box.x, box.y);
    ink.fillText(text, box.x, box.y);
  }
}

/**
 * @param {Float32Array} at
 * @param {number} bus
 */
function onScreenOf(at, bus) {
  return { x: at[2 * bus] ?? 0, y: at[2 * bus + 1] ?? 0 };
}
