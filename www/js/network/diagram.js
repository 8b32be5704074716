// The one-line diagram: line thickness is MW, colour is loading, the arrow is the direction, bus colour is the price.

import { s } from '../ui/dom.js';
import { decimals, fixed, halfUp } from '../ui/number.js';
import { Room, angle, around, beside, berth, roundBus, textWidth } from './labels.js';
import {
  gathered,
  isSigned,
  loading,
  loadingClass,
  outside,
  percent,
  signed,
  unitItem,
  unitMw,
  unitSeries,
  unitsByBus,
} from './model.js';
import { busPart, symbolPart, unitPart, wirePart, zonePart } from './parts.js';
import { CROWDED, ROOMY, TINY, busWidth } from './place.js';

/** @import { FeederBus } from '../session/types.js' */
/** @import { Lab } from '../session/lab.js' */
/** @import { Point } from './layout.js' */
/** @import { Box, Stroke } from './labels.js' */
/** @import { Unit, Wire } from './model.js' */
/** @import { Part } from './parts.js' */
/** @import { Placing, Size } from './place.js' */
/** @import { Scale } from './price.js' */
/** @import { Scene } from './scene.js' */

/** @typedef {{ svg: SVGSVGElement, parts: Part[], update: (step: number) => void }} Diagram */
/** A bus of the figure. @typedef {{ id: string, name: string, at: Point, size: Size, feederBus: FeederBus | null, scale: Scale | null }} Node */

/** Steps looked at for how wide the numbers of a label get. */
const SAMPLE = 48;

/**
 * @param {Lab} lab
 * @param {Scene} scene
 * @param {Placing} placing
 * @param {{ transmission: Scale | null, feeders: Scale | null }} scales what colours the buses
 * @returns {Diagram}
 */
export function drawDiagram(lab, scene, placing, scales) {
  const { place, meetings, width, height } = placing;
  const at = (/** @type {string} */ bus) => place.get(bus) ?? { x: width / 2, y: height / 2 };
  /** @type {Node[]} */
  const nodes = [
    ...scene.buses.map((id) => ({
      id,
      name: placing.names.get(id) ?? id,
      at: at(id),
      size: placing.transmission,
      feederBus: null,
      scale: scales.transmission,
    })),
    ...scene.trees.flatMap(({ feeder }) =>
      feeder.buses.map((bus) => ({
        id: bus.id,
        name: placing.names.get(bus.id) ?? bus.id,
        at: at(bus.id),
        size: placing.feeders,
        feederBus: bus,
        scale: scales.feeders,
      })),
    ),
  ];

  const wires = [...scene.branches, ...scene.lines, ...scene.interfaces];
  const strokes = [
    ...strokesOf([...scene.branches, ...scene.lines], at),
    ...scene.trees.map(({ feeder }) => {
      const meeting = meetings.find((candidate) => candidate.feeder === feeder.id);
      return { a: meeting?.root ?? at(''), b: meeting?.end ?? at('') };
    }),
  ];
  const room = new Room(width, height, strokes);
  for (const { name, at: centre, size } of nodes)
    room.take({ ...centre, width: busWidth(name, size), height: size.bus });

  const steps = Math.max(1, lab.steps);
  const every = Array.from({ length: steps }, (_, step) => step);
  const sample = every.slice(0, SAMPLE);
  // Feeders carry less than transmission: they have a thickness of their own.
  const largest = (/** @type {boolean} */ transmission) =>
    Math.max(
      1e-9,
      ...wires
        .filter(({ kind }) => (kind === 'branch') === transmission)
        .map(({ flow }) =>
          Array.from(lab.series(flow)?.values ?? []).reduce(
            (most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most),
            0,
          ),
        ),
    );
  const thickest = { branch: largest(true), below: largest(false) };

  /** @type {Part[]} */
  const parts = [];
  /** @type {((step: number) => void)[]} */
  const labels = [];
  const zoneLayer = s('g', { class: 'zones' });
  const lineLayer = s('g', { class: 'branches' });
  const unitLayer = s('g', { class: 'units' });
  const busLayer = s('g', { class: 'buses' });
  const labelLayer = s('g', { class: 'labels', 'aria-hidden': 'true' });

  for (const zone of scene.zones) {
    const part = zonePart(lab, zone, at, placing.transmission);
    zoneLayer.append(part.element);
    parts.push(part);
  }

  // Lines.
  const crowding = wires.map((wire, k) => {
    const stroke = strokes[k] ?? { a: { x: 0, y: 0 }, b: { x: 0, y: 0 } };
    const size = wire.kind === 'branch' ? placing.transmission : placing.feeders;
    const part = wirePart(lab, wire, stroke, wire.kind === 'branch' ? thickest.branch : thickest.below, size.wire);
    lineLayer.append(part.element);
    parts.push(part);
    const worst = every.reduce((most, step) => Math.max(most, finite(loading(lab, wire, step))), -1);
    return { wire, stroke, worst, size };
  });

  // Where a tree goes on, if no line leads there.
  for (const { feeder, root, end, stub } of meetings) {
    if (!stub) continue;
    const bus = scene.trees.find((tree) => tree.feeder.id === feeder)?.boundary.bus ?? '';
    const text = `${scene.trees.length > 1 || scene.chosen !== '' ? `${feeder} · ` : ''}bus ${bus}`;
    const wide = textWidth(text, placing.transmission.small);
    const x = Math.max(wide / 2 + 2, Math.min(width - wide / 2 - 2, root.x));
    const box = { x, y: end.y - 9, width: wide, height: 14 };
    room.take(box);
    labelLayer.append(
      s('text', { class: 'label label-stub', x, y: box.y, 'font-size': placing.transmission.small }, text),
    );
  }

  // Labels in the order of what matters: overloads and bad voltages even before the units find their places,
  // then units, prices of a small system, full lines, the rest.
  /**
   * @param {string} item
   * @param {Box[]} candidates
   * @param {(step: number) => string} text
   * @param {string} kind
   * @param {number} [worst]
   * @param {(step: number) => boolean} [alarming]
   * @param {number} [font]
   */
  const label = (item, candidates, text, kind, worst = 1, alarming, font = placing.transmission.small) => {
    const box = room.place(candidates, worst);
    if (box === null) return false;
    const element = s('text', { class: `label ${kind}`, x: box.x, y: box.y, 'font-size': font, 'data-item': item });
    labelLayer.append(element);
    labels.push((step) => {
      const lines = text(step).split('\n');
      element.replaceChildren(
        ...lines.map((line, k) => s('tspan', { x: box.x, y: box.y + (k - (lines.length - 1) / 2) * (font + 2) }, line)),
      );
      if (alarming !== undefined) element.classList.toggle('is-over', alarming(step));
    });
    return true;
  };
  /**
   * @param {{ wire: Wire, stroke: Stroke, size: Size }} line
   * @param {number} worst
   */
  const flowLabel = ({ wire, stroke, size }, worst) => {
    const flow = lab.series(wire.flow);
    if (flow === undefined || !Array.from(flow.values).some(Number.isFinite)) return;
    const places = decimals(flow.values, 2);
    const mw = (/** @type {number} */ step) => `${fixed(Math.abs(flow.values[step] ?? NaN), places)} MW`;
    const share = (/** @type {number} */ step) => loading(lab, wire, step);
    const limited = every.some((step) => Number.isFinite(share(step)));
    const alarming = (/** @type {number} */ step) => loadingClass(share(step)) === 'over';
    const both = (/** @type {number} */ step) => `${mw(step)}\n${percent(share(step))}`;
    const short = (/** @type {number} */ step) => percent(share(step));
    // An overload is never without its label: beside its line if it can, its percentage alone if it must.
    const near = 8;
    const forms =
      worst > 1
        ? [
            { text: both, far: near },
            { text: short, far: near },
            { text: both, far: 3 * near },
            { text: short, far: 5 * near },
          ]
        : [{ text: limited ? both : mw, far: near }];
    for (const { text, far } of forms) {
      const shown = sample.map((step) => text(step).split('\n'));
      const wide = Math.max(...shown.flat().map((line) => textWidth(line, size.small)));
      const high = Math.max(...shown.map((lines) => lines.length)) * (size.small + 2) + 1;
      const candidates = beside(stroke, wide, high, size.wire / 2 + 4, far);
      if (label(wire.item, candidates, text, 'label-flow', worst, alarming, size.small)) return;
    }
  };
  crowding.filter(({ worst }) => loadingClass(worst) === 'over').forEach((line) => flowLabel(line, 3));

  /** @param {Node} node */
  const isAlarmed = ({ id, feederBus }) =>
    feederBus !== null && every.some((step) => outside(lab.at(`v:${id}`, step), feederBus) !== null);
  const alarmed = nodes.filter(isAlarmed);
  const alarmedIds = new Set(alarmed.map(({ id }) => id));
  for (const { id, name, at: centre, size, feederBus } of alarmed) {
    if (feederBus === null) continue;
    const state = (/** @type {number} */ step) => outside(lab.at(`v:${id}`, step), feederBus);
    const always = scales.feeders?.of === 'voltage';
    const text = (/** @type {number} */ step) => {
      const voltage = lab.at(`v:${id}`, step);
      const out = state(step);
      if (out === null) return always ? fixed(voltage, 3) : '';
      // Just beyond the limit must not read as the limit.
      return `${out === 'low' ? '▼' : '▲'} ${fixed(voltage, outside(halfUp(voltage, 3), feederBus) === null ? 4 : 3)}`;
    };
    const wide = textWidth('▼ 0.0000', size.small) + 4;
    const candidates = roundBus(
      centre,
      { width: busWidth(name, size), height: size.bus },
      wide,
      size.small + 2,
      [6, 14, 24, 36],
    );
    label(`bus:${id}`, candidates, text, 'label-voltage', 3, (step) => state(step) !== null, size.small);
  }
  // Units, each in the emptiest direction round its bus.
  const all = unitsByBus(lab.scenario.case);
  /** @type {{ unit: Unit, centre: Point, size: Size, r: number }[]} */
  const glyphs = [];
  /** @type {{ part: Part, centre: Point, flow: string, r: number }[]} */
  const symbols = [];
  for (const { id, name, at: centre, size } of nodes) {
    const here = gathered(all.get(id) ?? []);
    const busy = strokes.flatMap(({ a, b }, k) => {
      const { from, to } = wires[k] ?? { from: '', to: '' };
      return from === id
        ? [angle(a, b)]
        : to === id && !(meetings.some(({ stub }) => stub) && wires[k]?.kind === 'interface')
          ? [angle(b, a)]
          : [];
    });
    const find = (/** @type {number} */ radius) => {
      const spot = berth(centre, busy, busWidth(name, size) / 2 - size.bus / 2 + size.stem + radius, radius, room);
      busy.push(angle(centre, spot));
      room.take({ ...spot, width: radius * 2 + 2, height: radius * 2 + 2 });
      return spot;
    };
    for (const unit of here) {
      // What stands for many is larger.
      const r = unit.members === undefined ? size.unit : size.unit * 1.4;
      const spot = find(r);
      glyphs.push({ unit, centre: spot, size, r });
      const part = unitPart(lab, unit, spot, centre, r);
      unitLayer.append(part.element);
      parts.push(part);
    }
    for (const hanging of scene.symbols.filter(({ boundary }) => boundary.bus === id)) {
      const r = size.unit + 2;
      const spot = find(r);
      const part = symbolPart(lab, hanging, spot, centre, r, hanging.feeder.id === scene.chosen);
      symbols.push({ part, centre: spot, flow: `export:${hanging.boundary.id}`, r });
      unitLayer.append(part.element);
      parts.push(part);
    }
  }

  // Buses.
  for (const node of nodes) {
    const part = busPart(lab, node, node.at, node.size, all.get(node.id) ?? [], node.scale);
    busLayer.append(part.element);
    parts.push(part);
  }

  /** A number beside a bus, of its price or voltage. @param {Node} node */
  const valueLabel = ({ id, name, at: centre, size, feederBus, scale }) => {
    const value = lab.series(`${scale?.of === 'voltage' ? 'v' : 'lmp'}:${id}`);
    if (value === undefined || !Array.from(value.values).some(Number.isFinite)) return;
    const places = scale?.of === 'voltage' ? 3 : decimals(value.values, 2);
    const text = (/** @type {number} */ step) =>
      `${fixed(value.values[step] ?? NaN, places)}${size === ROOMY ? ` ${value.unit}` : ''}`;
    const wide = Math.max(...sample.map((step) => textWidth(text(step), size.small)));
    const candidates =
      feederBus === null
        ? around(centre, size.bus / 2 + 4, wide, size.small + 2)
        : roundBus(centre, { width: busWidth(name, size), height: size.bus }, wide, size.small + 2, [
            alarmedIds.has(id) ? 7 : 6,
          ]);
    label(`bus:${id}`, candidates, text, 'label-price', 0, undefined, size.small);
  };
  crowding
    .filter(({ wire, worst }) => wire.kind === 'interface' && loadingClass(worst) !== 'over')
    .forEach((line) => flowLabel(line, 1));
  const numbered = nodes.filter(
    (node) =>
      node.feederBus !== null && node.size !== ROOMY && !(node.scale?.of === 'voltage' && alarmedIds.has(node.id)),
  );
  numbered.forEach(valueLabel);

  for (const { unit, centre, size, r } of glyphs) {
    const many = unit.members?.length;
    if (many === undefined && ((unit.kind === 'load' && size === CROWDED) || size === TINY)) continue;
    const places = decimals(unitSeries(lab, unit)?.values ?? [unitMw(lab, unit, 0)], 2);
    const name = unit.kind === 'load' && many === undefined ? '' : `${unit.id} `;
    const text = (/** @type {number} */ step) => {
      if (many !== undefined && size !== ROOMY) return unit.id;
      const mw = unitMw(lab, unit, step);
      if (!Number.isFinite(mw)) return unit.id;
      return `${name}${isSigned(unit) && mw > 0 ? '+' : ''}${fixed(mw, places)}${size === ROOMY ? ' MW' : ''}`;
    };
    const spots = (/** @type {number} */ wide) =>
      many === undefined
        ? around(centre, r + 4, wide, size.small + 2)
        : roundBus(centre, { width: 2 * r, height: 2 * r }, wide, size.small + 2, [3, 8, 14]);
    const wide = Math.max(...sample.map((step) => textWidth(text(step), size.small)));
    const said = label(
      unitItem(unit),
      spots(wide),
      text,
      'label-unit',
      many !== undefined ? 2 : size === ROOMY ? 1 : 0,
      undefined,
      size.small,
    );
    if (!said && many !== undefined)
      label(
        unitItem(unit),
        spots(textWidth(`${many}×`, size.small)),
        () => `${many}×`,
        'label-unit',
        2,
        undefined,
        size.small,
      );
  }
  for (const { part, centre, flow, r } of symbols) {
    const series = lab.series(flow);
    const places = decimals(series?.values ?? [], 2);
    const text = (/** @type {number} */ step) => {
      const mw = series?.values[step] ?? NaN;
      return Number.isFinite(mw) ? `${part.feeder} ${mw > 0 ? '+' : ''}${fixed(mw, places)}` : `${part.feeder}`;
    };
    const wide = Math.max(...sample.map((step) => textWidth(text(step), placing.transmission.small)));
    label(
      part.item,
      roundBus(centre, { width: 2 * r, height: 2 * r }, wide, placing.transmission.small + 2, [3, 8, 14]),
      text,
      'label-unit',
      2,
    );
  }
  for (const zone of scene.zones) {
    const series = lab.series(`export:${zone.id}`);
    const { x, y } = parts.find(({ item }) => item === `zone:${zone.id}`)?.centre ?? at('');
    const text = (/** @type {number} */ step) =>
      series === undefined ? zone.id : `${zone.id} ${signed(series.values[step] ?? NaN, 2)}`;
    const wide = Math.max(...sample.map((step) => textWidth(text(step), placing.transmission.small)));
    const candidates = [0, 20, 40, 60, 80].flatMap((far) =>
      around({ x, y }, far, wide, placing.transmission.small + 2),
    );
    label(`zone:${zone.id}`, candidates, text, 'label-zone', 3);
  }
  nodes
    .filter((node) => node.size === ROOMY && !(node.scale?.of === 'voltage' && alarmedIds.has(node.id)))
    .forEach(valueLabel);
  const quiet = crowding
    .filter(({ wire, worst }) => wire.kind !== 'interface' && loadingClass(worst) !== 'over')
    .sort((a, b) => b.worst - a.worst);
  for (const below of [false, true]) {
    quiet
      .filter(({ wire }) => (wire.kind !== 'branch') === below)
      .slice(0, (below ? placing.feeders : placing.transmission) === ROOMY ? 20 : 5)
      .forEach((line) => (line.size === ROOMY || line.worst >= 0.8) && flowLabel(line, line.size === ROOMY ? 1 : 0));
  }

  const svg = s(
    'svg',
    {
      class: 'diagram',
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: 'group',
      'aria-label': 'One-line diagram; arrow keys move between buses, lines and units',
    },
    scene.zones.length === 0 ? null : zoneLayer,
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

/** @param {number} value */
function finite(value) {
  return Number.isNaN(value) ? -1 : value;
}

/**
 * Strokes from bus to bus; parallel circuits lie side by side.
 * @param {Wire[]} wires
 * @param {(bus: string) => Point} at
 * @returns {Stroke[]}
 */
function strokesOf(wires, at) {
  const pair = (/** @type {Wire} */ { from, to }) => [from, to].sort().join('\n');
  /** @type {Map<string, number>} */
  const total = new Map();
  for (const wire of wires) total.set(pair(wire), (total.get(pair(wire)) ?? 0) + 1);
  /** @type {Map<string, number>} */
  const seen = new Map();
  return wires.map((wire) => {
    const key = pair(wire);
    const k = seen.get(key) ?? 0;
    seen.set(key, k + 1);
    const [a, b] = [at(wire.from), at(wire.to)];
    const offset = (k - ((total.get(key) ?? 1) - 1) / 2) * 9 * (wire.from <= wire.to ? 1 : -1);
    const length = Math.hypot(b.x - a.x, b.y - a.y) || 1;
    const [nx, ny] = [(-(b.y - a.y) / length) * offset, ((b.x - a.x) / length) * offset];
    return { a: { x: a.x + nx, y: a.y + ny }, b: { x: b.x + nx, y: b.y + ny } };
  });
}
