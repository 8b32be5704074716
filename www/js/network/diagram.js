// The one-line diagram: line thickness is MW, colour is loading, the arrow is the direction, bus colour is the price.

import { s } from '../dom.js';
import { decimals, fixed } from '../number.js';
import { fit } from './layout.js';
import { Room, around, beside, textWidth } from './labels.js';
import { branchSentence, busSentence, loading, loadingClass, percent, unitMw, unitSentence, units } from './model.js';

/** @import { Branch } from '../types.js' */
/** @import { Lab } from '../lab.js' */
/** @import { Point } from './layout.js' */
/** @import { Box, Stroke } from './labels.js' */
/** @import { Unit } from './model.js' */
/** @import { PriceScale } from './price.js' */

/** @typedef {{ item: string, element: SVGGElement, centre: Point, update: (step: number) => void, sentence: (step: number) => string }} Part */
/** @typedef {{ svg: SVGSVGElement, parts: Part[], update: (step: number) => void }} Diagram */

/** Sizes by how crowded the figure is. */
const ROOMY = { bus: 28, unit: 10, font: 13, small: 12, stem: 26, apart: 84, wire: 10 };
const CROWDED = { bus: 18, unit: 5, font: 10.5, small: 10.5, stem: 15, apart: 44, wire: 6.5 };
/** Buses up to which the diagram is roomy. */
const FEW = 9;

/**
 * @param {Lab} lab
 * @param {Map<string, Point>} layout
 * @param {{ width: number, height: number }} size px
 * @param {PriceScale | null} prices
 * @returns {Diagram}
 */
export function drawDiagram(lab, layout, { width, height }, prices) {
  const system = lab.scenario.case;
  const size = system.buses.length <= FEW ? ROOMY : CROWDED;
  const given = system.buses.every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y));
  const clear = size.stem + size.unit * 2 + 6;
  // Beside the outermost buses there is room for a price, unless the screen is narrow.
  const margin = { x: size === ROOMY && width > 420 ? clear + 32 : clear, y: clear };
  const place = fit(layout, { width, height, margin, apart: Math.min(size.apart, (width - 2 * margin.x) / 3), stretch: given ? 1.6 : 2.4 });
  const at = (/** @type {string} */ bus) => place.get(bus) ?? { x: width / 2, y: height / 2 };

  const strokes = wires(system.branches, at);
  const room = new Room(width, height, strokes);
  for (const { id } of system.buses) room.take({ ...at(id), width: busWidth(id, size), height: size.bus });

  const steps = Math.max(1, lab.steps);
  const every = Array.from({ length: steps }, (_, step) => step);
  const largest = Math.max(
    1e-9,
    ...system.branches.flatMap(({ id }) => Array.from(lab.series(`flow:${id}`)?.values ?? [], (value) => (Number.isFinite(value) ? Math.abs(value) : 0))),
  );

  /** @type {Part[]} */
  const parts = [];
  /** @type {((step: number) => void)[]} */
  const labels = [];
  const lineLayer = s('g', { class: 'branches' });
  const unitLayer = s('g', { class: 'units' });
  const busLayer = s('g', { class: 'buses' });
  const labelLayer = s('g', { class: 'labels', 'aria-hidden': 'true' });

  // Branches.
  const crowding = system.branches.map((branch, k) => {
    const stroke = strokes[k] ?? { a: { x: 0, y: 0 }, b: { x: 0, y: 0 } };
    const part = branchPart(lab, branch, stroke, largest, size.wire);
    lineLayer.append(part.element);
    parts.push(part);
    const worst = Math.max(-1, ...every.map((step) => loading(lab, branch, step)).filter(Number.isFinite));
    return { branch, stroke, worst };
  });

  // Units, each in the emptiest direction round its bus.
  const all = units(system);
  /** @type {{ unit: Unit, centre: Point }[]} */
  const glyphs = [];
  for (const { id } of system.buses) {
    const here = all.filter(({ bus }) => bus === id);
    const busy = strokes.flatMap(({ a, b }, k) => {
      const { from, to } = system.branches[k] ?? { from: '', to: '' };
      return from === id ? [angle(a, b)] : to === id ? [angle(b, a)] : [];
    });
    for (const unit of here) {
      const centre = berth(at(id), busy, busWidth(id, size) / 2 - size.bus / 2 + size.stem + size.unit, size.unit, room);
      busy.push(angle(at(id), centre));
      room.take({ ...centre, width: size.unit * 2 + 2, height: size.unit * 2 + 2 });
      glyphs.push({ unit, centre });
      const part = unitPart(lab, unit, centre, at(id), size.unit);
      unitLayer.append(part.element);
      parts.push(part);
    }
  }

  // Buses.
  for (const { id } of system.buses) {
    const part = busPart(lab, id, at(id), size, all.filter(({ bus }) => bus === id), prices);
    busLayer.append(part.element);
    parts.push(part);
  }

  // Labels in the order of what matters: overloads, units of a small system, prices, full lines, the rest.
  /**
   * @param {string} item
   * @param {Box[]} candidates
   * @param {(step: number) => string} text
   * @param {string} kind
   * @param {number} [worst]
   * @param {(step: number) => boolean} [alarming]
   */
  const label = (item, candidates, text, kind, worst = 1, alarming) => {
    const box = room.place(candidates, worst);
    if (box === null) return;
    const element = s('text', { class: `label ${kind}`, x: box.x, y: box.y, 'font-size': size.small, 'data-item': item });
    labelLayer.append(element);
    labels.push((step) => {
      const lines = text(step).split('\n');
      element.replaceChildren(
        ...lines.map((line, k) =>
          s('tspan', { x: box.x, y: box.y + (k - (lines.length - 1) / 2) * (size.small + 2) }, line),
        ),
      );
      if (alarming !== undefined) element.classList.toggle('is-over', alarming(step));
    });
  };
  /**
   * @param {{ branch: Branch, stroke: Stroke }} line
   * @param {number} worst
   */
  const flowLabel = ({ branch, stroke }, worst) => {
    const flow = lab.series(`flow:${branch.id}`);
    if (flow === undefined || !Array.from(flow.values).some(Number.isFinite)) return;
    const places = decimals(flow.values, 2);
    const text = (/** @type {number} */ step) => {
      const mw = `${fixed(Math.abs(flow.values[step] ?? NaN), places)} MW`;
      const share = loading(lab, branch, step);
      return Number.isFinite(share) ? `${mw}\n${percent(share)}` : mw;
    };
    const sample = every.slice(0, 48).map((step) => text(step).split('\n'));
    const wide = Math.max(...sample.flat().map((line) => textWidth(line, size.small)));
    const high = Math.max(...sample.map((lines) => lines.length)) * (size.small + 2) + 1;
    label(`branch:${branch.id}`, beside(stroke, wide, high, size.wire / 2 + 4), text, 'label-flow', worst, (step) => loadingClass(loading(lab, branch, step)) === 'over');
  };
  crowding.filter(({ worst }) => loadingClass(worst) === 'over').forEach((line) => flowLabel(line, 3));
  for (const { unit, centre } of glyphs) {
    if (unit.kind === 'load' && size === CROWDED) continue;
    const series = lab.series(`p:${unit.id}`);
    const places = decimals(series?.values ?? [unitMw(lab, unit, 0)], 2);
    const name = unit.kind === 'load' ? '' : `${unit.id} `;
    const text = (/** @type {number} */ step) => {
      const mw = unitMw(lab, unit, step);
      return Number.isFinite(mw) ? `${name}${fixed(mw, places)}${size === ROOMY ? ' MW' : ''}` : unit.id;
    };
    const wide = Math.max(...every.slice(0, 48).map((step) => textWidth(text(step), size.small)));
    label(`party:${unit.id}`, around(centre, size.unit + 4, wide, size.small + 2), text, 'label-unit', size === ROOMY ? 1 : 0);
  }
  if (size === ROOMY) {
    for (const { id } of system.buses) {
      const price = lab.series(`lmp:${id}`);
      if (price === undefined || !Array.from(price.values).some(Number.isFinite)) continue;
      const places = decimals(price.values, 2);
      const text = (/** @type {number} */ step) => `${fixed(price.values[step] ?? NaN, places)} ${price.unit}`;
      const wide = Math.max(...every.slice(0, 48).map((step) => textWidth(text(step), size.small)));
      label(`bus:${id}`, around(at(id), size.bus / 2 + 4, wide, size.small + 2), text, 'label-price', 0);
    }
  }
  crowding
    .filter(({ worst }) => loadingClass(worst) !== 'over')
    .sort((a, b) => b.worst - a.worst)
    .slice(0, size === ROOMY ? 20 : 5)
    .forEach((line) => (size === ROOMY || line.worst >= 0.8) && flowLabel(line, size === ROOMY ? 1 : 0));

  const svg = s(
    'svg',
    { class: 'diagram', viewBox: `0 0 ${width} ${height}`, width, height, role: 'group', 'aria-label': 'One-line diagram; arrow keys move between buses, lines and units' },
    lineLayer,
    unitLayer,
    busLayer,
    labelLayer,
  );
  return {
    svg,
    parts,
    update(step) {
      for (const part of parts) part.update(step);
      for (const write of labels) write(step);
    },
  };
}

/**
 * @param {string} id
 * @param {{ bus: number, font: number }} size
 */
function busWidth(id, size) {
  return Math.max(size.bus, textWidth(short(id), size.font) + size.bus / 2);
}

/** @param {string} id */
function short(id) {
  return id.length > 10 ? `${id.slice(0, 9)}…` : id;
}

/**
 * @param {Point} from
 * @param {Point} to
 */
function angle(from, to) {
  return Math.atan2(to.y - from.y, to.x - from.x);
}

/**
 * Strokes from bus to bus; parallel circuits lie side by side.
 * @param {Branch[]} branches
 * @param {(bus: string) => Point} at
 * @returns {Stroke[]}
 */
function wires(branches, at) {
  const pair = (/** @type {Branch} */ { from, to }) => [from, to].sort().join('\n');
  /** @type {Map<string, number>} */
  const total = new Map();
  for (const branch of branches) total.set(pair(branch), (total.get(pair(branch)) ?? 0) + 1);
  /** @type {Map<string, number>} */
  const seen = new Map();
  return branches.map((branch) => {
    const key = pair(branch);
    const k = seen.get(key) ?? 0;
    seen.set(key, k + 1);
    const [a, b] = [at(branch.from), at(branch.to)];
    const offset = (k - ((total.get(key) ?? 1) - 1) / 2) * 9 * (branch.from <= branch.to ? 1 : -1);
    const length = Math.hypot(b.x - a.x, b.y - a.y) || 1;
    const [nx, ny] = [(-(b.y - a.y) / length) * offset, ((b.x - a.x) / length) * offset];
    return { a: { x: a.x + nx, y: a.y + ny }, b: { x: b.x + nx, y: b.y + ny } };
  });
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
function berth(bus, busy, distance, radius, room) {
  let best = { x: bus.x, y: bus.y - distance };
  let most = -Infinity;
  for (const reach of [distance, distance * 1.5]) {
    for (let k = 0; k < 24; k += 1) {
      const direction = -Math.PI / 2 + (k * Math.PI) / 12;
      const point = { x: bus.x + reach * Math.cos(direction), y: bus.y + reach * Math.sin(direction) };
      const gap = Math.min(Math.PI, ...busy.map((other) => Math.abs(Math.atan2(Math.sin(direction - other), Math.cos(direction - other)))));
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
 * @param {Lab} lab
 * @param {Branch} branch
 * @param {Stroke} stroke
 * @param {number} largest MW of the thickest line
 * @param {number} thickest px
 * @returns {Part}
 */
function branchPart(lab, branch, { a, b }, largest, thickest) {
  const ends = { x1: a.x, y1: a.y, x2: b.x, y2: b.y };
  const wire = s('line', { class: 'wire', ...ends });
  const hatch = s('line', { class: 'hatch', ...ends });
  const arrow = s('path', { class: 'arrow' });
  const element = s(
    'g',
    { class: 'branch', 'data-item': `branch:${branch.id}`, tabindex: -1, role: 'button' },
    s('line', { class: 'hit', ...ends }),
    wire,
    hatch,
    arrow,
  );
  const centre = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
  const turn = (angle(a, b) * 180) / Math.PI;
  return {
    item: `branch:${branch.id}`,
    element,
    centre,
    sentence: (step) => branchSentence(lab, branch, step),
    update(step) {
      const flow = lab.at(`flow:${branch.id}`, step);
      const mw = Number.isFinite(flow) ? Math.abs(flow) : 0;
      const thick = 1.5 + (thickest - 1.5) * (mw / largest);
      wire.setAttribute('stroke-width', thick.toFixed(2));
      hatch.setAttribute('stroke-width', thick.toFixed(2));
      const state = branch.in_service === false ? 'out' : loadingClass(loading(lab, branch, step));
      element.setAttribute('class', `branch load-${state}`);
      const half = thick / 2 + 3;
      arrow.setAttribute('d', mw > 1e-6 ? `M${-half} ${-half}L${half} 0L${-half} ${half}Z` : '');
      arrow.setAttribute('transform', `translate(${centre.x} ${centre.y}) rotate(${flow < 0 ? turn + 180 : turn})`);
      element.setAttribute('aria-label', branchSentence(lab, branch, step));
    },
  };
}

/**
 * @param {Lab} lab
 * @param {Unit} unit
 * @param {Point} centre
 * @param {Point} bus
 * @param {number} radius
 * @returns {Part}
 */
function unitPart(lab, unit, centre, bus, radius) {
  const { x, y } = centre;
  const r = radius;
  const shape =
    unit.kind === 'generator'
      ? s('circle', { class: 'shape', cx: x, cy: y, r })
      : unit.kind === 'der'
        ? s('rect', { class: 'shape', x: x - r * 0.9, y: y - r * 0.9, width: r * 1.8, height: r * 1.8, rx: 2 })
        : s('path', { class: 'shape', d: `M${x - r} ${y - r * 0.8}H${x + r}L${x} ${y + r}Z` });
  const wave = unit.kind === 'generator' && r >= 8 ? s('path', { class: 'wave', d: `M${x - r * 0.55} ${y}q${r * 0.275} ${-r * 0.7} ${r * 0.55} 0t${r * 0.55} 0` }) : null;
  const element = s(
    'g',
    { class: `unit unit-${unit.kind}`, 'data-item': `party:${unit.id}`, tabindex: -1, role: 'button' },
    s('line', { class: 'stem', x1: bus.x, y1: bus.y, x2: x, y2: y }),
    shape,
    wave,
  );
  return {
    item: `party:${unit.id}`,
    element,
    centre,
    sentence: (step) => unitSentence(lab, unit, step),
    update(step) {
      const mw = unitMw(lab, unit, step);
      element.classList.toggle('is-idle', unit.kind !== 'load' && Math.abs(mw) < 1e-6);
      element.setAttribute('aria-label', unitSentence(lab, unit, step));
    },
  };
}

/**
 * @param {Lab} lab
 * @param {string} id
 * @param {Point} centre
 * @param {{ bus: number, font: number }} size
 * @param {Unit[]} here
 * @param {PriceScale | null} prices
 * @returns {Part}
 */
function busPart(lab, id, centre, size, here, prices) {
  const wide = busWidth(id, size);
  const element = s(
    'g',
    { class: 'bus', 'data-item': `bus:${id}`, tabindex: -1, role: 'button' },
    s('rect', { class: 'shape', x: centre.x - wide / 2, y: centre.y - size.bus / 2, width: wide, height: size.bus, rx: size.bus / 2 }),
    s('text', { x: centre.x, y: centre.y, 'font-size': size.font }, short(id)),
  );
  return {
    item: `bus:${id}`,
    element,
    centre,
    sentence: (step) => busSentence(lab, id, here, step),
    update(step) {
      const colour = prices?.step(lab.at(`lmp:${id}`, step)) ?? 'none';
      element.setAttribute('class', `bus price-${colour}`);
      element.setAttribute('aria-label', busSentence(lab, id, here, step));
    },
  };
}
