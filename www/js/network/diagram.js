// The one-line diagram: line thickness is MW, colour is loading, the arrow is the direction, bus colour is the price.

import { s } from '../ui/dom.js';
import { ALARM_WORST, Labels } from './diagram-labels.js';
import { boxOf, planOf } from './diagram-plan.js';
import { Room, angle, berth } from './labels.js';
import { busPart, symbolPart, unitPart, wirePart, zonePart } from './parts.js';
import { ROOMY, busWidth } from './sizes.js';
import { unitsAt } from './scene.js';
import { boundaryWire, loadingClass, outside } from './wires.js';

/** @import { Lab } from '../session/lab.js' */
/** @import { Glyph, Symbol } from './diagram-labels.js' */
/** @import { Line, Node, Plan, Scales } from './diagram-plan.js' */
/** @import { Part } from './parts.js' */
/** @import { Placing } from './place.js' */
/** @import { Scene } from './scene.js' */
/** @import { UnitKind } from './units.js' */

/** @typedef {{ svg: SVGSVGElement, parts: Part[], kinds: Set<UnitKind>, update: (step: number) => void, room: Room, lines: Line[] }} Diagram `kinds` of units drawn; `room`: what is left free */
/** The units and symbols with their places. @typedef {{ parts: Part[], glyphs: Glyph[], symbols: Symbol[] }} Berthed */

/** What stands for many units is larger. */
const MANY_RADIUS = 1.4;
/** Lines that are labelled at most: where there is room, and where there is little. */
const LABELLED = 20;
const LABELLED_CROWDED = 5;
/** Loading from which a line of a crowded diagram is labelled. */
const FULL = 0.8;

/**
 * @param {Lab} lab
 * @param {Scene} scene
 * @param {Placing} placing
 * @param {Scales} scales what colours the buses
 * @returns {Diagram}
 */
export function drawDiagram(lab, scene, placing, scales) {
  const plan = planOf(lab, scene, placing, scales);
  const { width, height } = placing;
  const strokes = plan.lines.map(({ stroke }) => stroke);
  const room = new Room(width, height, strokes);
  for (const node of plan.nodes) room.take(boxOf(node));
  const labels = new Labels(plan, room);

  const zones = scene.zones.map((zone) => zonePart(lab, zone, plan.at, placing.transmission));
  const wires = plan.lines.map(({ wire, stroke, largest, size }) => wirePart(lab, wire, stroke, largest, size.wire));
  const alarmed = new Set(plan.nodes.filter((node) => isAlarmed(plan, node)));
  // Labels in the order of what matters: overloads and bad voltages even before the units find their places.
  labelAlarms(plan, labels, alarmed);
  const units = berthUnits(plan, room);
  const buses = plan.nodes.map((node) =>
    busPart(lab, node, node.at, node.size, unitsAt(lab, scene, node.id), node.scale),
  );
  labelRest(plan, labels, alarmed, units, zones);

  const layer = (/** @type {string} */ name, /** @type {Part[]} */ parts) =>
    s('g', { class: name }, ...parts.map(({ element }) => element));
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
    zones.length === 0 ? null : layer('zones', zones),
    layer('branches', wires),
    layer('units', units.parts),
    layer('buses', buses),
    labels.element,
  );
  const parts = [...zones, ...wires, ...units.parts, ...buses];
  return {
    svg,
    parts,
    room,
    lines: plan.lines,
    kinds: new Set(units.glyphs.map(({ unit }) => unit.kind)),
    update(step) {
      for (const part of parts) part.update(step);
      labels.update(step);
    },
  };
}

/**
 * Whether a bus violates a limit of its voltage at some step.
 * @param {Plan} plan
 * @param {Node} node
 */
function isAlarmed({ lab, steps }, { id, feederBus }) {
  return feederBus !== null && steps.some((step) => outside(lab.at(`v:${id}`, step), feederBus) !== null);
}

/** @param {Line} line */
function isOver({ worst }) {
  return loadingClass(worst) === 'over';
}

/**
 * @param {Plan} plan
 * @param {Labels} labels
 * @param {Set<Node>} alarmed
 */
function labelAlarms({ placing, lines }, labels, alarmed) {
  for (const meeting of placing.meetings) if (meeting.stub) labels.stub(meeting);
  for (const line of lines.filter(isOver)) labels.flow(line, ALARM_WORST);
  for (const node of alarmed) labels.voltage(node);
}

/**
 * Units and feeders' symbols, each in the emptiest direction round its bus.
 * @param {Plan} plan
 * @param {Room} room
 * @returns {Berthed}
 */
function berthUnits(plan, room) {
  const { lab, scene, nodes } = plan;
  /** @type {Berthed} */
  const berthed = { parts: [], glyphs: [], symbols: [] };
  for (const { id, name, at, size } of nodes) {
    const busy = directionsTaken(plan, id);
    const find = (/** @type {number} */ radius) => {
      const distance = busWidth(name, size) / 2 - size.bus / 2 + size.stem + radius;
      const spot = berth(at, busy, distance, radius, room);
      busy.push(angle(at, spot));
      room.take({ ...spot, width: radius * 2 + 2, height: radius * 2 + 2 });
      return spot;
    };
    for (const unit of unitsAt(lab, scene, id)) {
      // In a crowded feeder nearly every bus has a load: their sum stands in the sentence.
      if (unit.base && size !== ROOMY) continue;
      const r = unit.members === undefined ? size.unit : size.unit * MANY_RADIUS;
      const centre = find(r);
      berthed.glyphs.push({ unit, centre, size, r });
      berthed.parts.push(unitPart(lab, unit, centre, at, r));
    }
    for (const hanging of scene.symbols.filter(
      ({ boundary }) => (scene.home.get(boundary.bus) ?? boundary.bus) === id,
    )) {
      const r = size.unit + 2;
      const centre = find(r);
      const part = symbolPart(lab, hanging, centre, at, r, hanging.feeder.id === scene.chosen);
      berthed.symbols.push({ part, centre, wire: boundaryWire(hanging), r });
      berthed.parts.push(part);
    }
  }
  return berthed;
}

/**
 * The directions of the lines at a bus, rad; a stub leads to no bus.
 * @param {Plan} plan
 * @param {string} bus
 */
function directionsTaken({ placing, lines }, bus) {
  const stubs = placing.meetings.some(({ stub }) => stub);
  return lines.flatMap(({ wire: { from, to, kind }, stroke: { a, b } }) => {
    if (from === bus) return [angle(a, b)];
    return to === bus && !(stubs && kind === 'interface') ? [angle(b, a)] : [];
  });
}

/**
 * Interfaces, units, prices of a small system, full lines, the rest.
 * @param {Plan} plan
 * @param {Labels} labels
 * @param {Set<Node>} alarmed
 * @param {Berthed} units
 * @param {Part[]} zones
 */
function labelRest({ scene, placing, nodes, lines }, labels, alarmed, { glyphs, symbols }, zones) {
  const free = lines.filter((line) => !isOver(line));
  for (const line of free.filter(({ wire }) => wire.kind === 'interface')) labels.flow(line, 1);
  // The label of a bad voltage is its number already.
  const numbered = nodes.filter((node) => !(node.scale?.of === 'voltage' && alarmed.has(node)));
  const value = (/** @type {Node} */ node) => labels.value(node, alarmed.has(node));
  const [single, summed] = [glyphs.filter(({ unit }) => !unit.area), glyphs.filter(({ unit }) => unit.area)];
  for (const glyph of single) labels.unit(glyph);
  // In a crowd a number between two buses would read as the other's: those go last.
  const crowd = numbered.filter(({ feederBus, size }) => feederBus !== null && size !== ROOMY);
  crowd.filter((node) => !labels.value(node, alarmed.has(node), true)).forEach(value);
  for (const symbol of symbols) labels.symbol(symbol);
  for (const glyph of summed) labels.unit(glyph);
  scene.zones.forEach((zone, k) => labels.zone(zone, zones[k]?.centre ?? { x: 0, y: 0 }));
  numbered.filter(({ size }) => size === ROOMY).forEach(value);
  const quiet = free.filter(({ wire }) => wire.kind !== 'interface').sort((a, b) => b.worst - a.worst);
  const above = quiet.filter(({ wire }) => wire.kind === 'branch');
  const below = quiet.filter(({ wire }) => wire.kind !== 'branch');
  labelFullest(above, placing.transmission === ROOMY, labels);
  labelFullest(below, placing.feeders === ROOMY, labels);
}

/**
 * @param {Line[]} lines the fullest first
 * @param {boolean} roomy
 * @param {Labels} labels
 */
function labelFullest(lines, roomy, labels) {
  for (const line of lines.slice(0, roomy ? LABELLED : LABELLED_CROWDED)) {
    if (roomy || line.worst >= FULL) labels.flow(line, roomy ? 1 : 0);
  }
}
