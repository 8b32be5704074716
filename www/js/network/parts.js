// The parts of the one-line diagram that can be pointed at, each with its place, its look at a step and its words.

import { s } from '../ui/dom.js';
import { angle } from './labels.js';
import { busSentence, symbolSentence, troubles, unitSentence, wireSentence } from './sentences.js';
import { power } from '../session/read.js';
import { isIdle, unitItem, unitPower } from './units.js';
import { loading, loadingClass, outside, wireFlow } from './wires.js';
import { pixels, withUnit } from '../ui/number.js';
import { busWidth } from './sizes.js';

/** @import { FeederBus, Zone } from '../session/types.js' */
/** @import { Lab } from '../session/lab.js' */
/** @import { Point } from './layout.js' */
/** @import { Stroke } from './labels.js' */
/** @import { Unit } from './units.js' */
/** @import { Hanging, Wire } from './wires.js' */
/** @import { Size } from './sizes.js' */
/** @import { Scale } from './price.js' */
/** @import { Area } from './scene.js' */

/** `members`: items of the units that one symbol stands for. @typedef {{ item: string, element: SVGGElement, centre: Point, update: (step: number) => void, sentence: (step: number) => string, feeder?: string, bus?: string, members?: string[] }} Part */

/**
 * @param {Lab} lab
 * @param {Wire} wire
 * @param {Stroke} stroke
 * @param {number} largest of the thickest line, in the unit power is read in
 * @param {number} thickest px
 * @returns {Part}
 */
export function wirePart(lab, wire, { a, b }, largest, thickest) {
  const ends = { x1: a.x, y1: a.y, x2: b.x, y2: b.y };
  const line = s('line', { class: 'wire', ...ends });
  const hatch = s('line', { class: 'hatch', ...ends });
  const arrow = s('path', { class: 'arrow' });
  const element = s(
    'g',
    { class: 'branch', 'data-item': wire.item, tabindex: -1, role: 'button' },
    s('line', { class: 'hit', ...ends }),
    line,
    hatch,
    arrow,
  );
  const centre = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
  const turn = (angle(a, b) * 180) / Math.PI;
  const kind = wire.direct ? ' wire-direct' : wire.kind === 'branch' ? '' : ` wire-${wire.kind}`;
  return {
    item: wire.item,
    element,
    centre,
    sentence: (step) => wireSentence(lab, wire, step),
    update(step) {
      const flow = wireFlow(lab, wire, step);
      const mw = Number.isFinite(flow) ? Math.abs(flow) : 0;
      const state = wire.in_service ? loadingClass(loading(lab, wire, step)) : 'out';
      // Thickness is power; an overload is never too thin to be seen.
      const thick = Math.max(state === 'over' ? 4 : 0, 1.5 + (thickest - 1.5) * (mw / largest));
      line.setAttribute('stroke-width', pixels(thick, 2));
      hatch.setAttribute('stroke-width', pixels(thick, 2));
      element.setAttribute('class', `branch load-${state}${kind}`);
      const half = thick / 2 + 3;
      arrow.setAttribute('d', mw > 1e-6 ? `M${-half} ${-half}L${half} 0L${-half} ${half}Z` : '');
      arrow.setAttribute('transform', `translate(${centre.x} ${centre.y}) rotate(${flow < 0 ? turn + 180 : turn})`);
      element.setAttribute('aria-label', wireSentence(lab, wire, step));
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
export function unitPart(lab, unit, centre, bus, radius) {
  const { x, y } = centre;
  const r = radius;
  const shape = unitShape(unit, centre, r);
  const wave =
    unit.kind === 'generator' && r >= 8
      ? s('path', { class: 'wave', d: `M${x - r * 0.55} ${y}q${r * 0.275} ${-r * 0.7} ${r * 0.55} 0t${r * 0.55} 0` })
      : null;
  const sign = unit.kind === 'imbalance' ? s('path', { class: 'sign' }) : null;
  const element = s(
    'g',
    {
      class: `unit unit-${unit.kind}${unit.members === undefined ? '' : ' unit-many'}`,
      'data-item': unitItem(unit),
      tabindex: -1,
      role: 'button',
    },
    s('line', { class: 'stem', x1: bus.x, y1: bus.y, x2: x, y2: y }),
    shape,
    wave,
    sign,
  );
  return {
    item: unitItem(unit),
    element,
    centre,
    ...(unit.members && { members: unit.members.map(unitItem) }),
    sentence: (step) => unitSentence(lab, unit, step),
    update(step) {
      const mw = unitPower(lab, unit, step);
      element.classList.toggle('is-idle', isIdle(lab, unit, step));
      if (unit.kind === 'bid') shape.setAttribute('transform', mw < 0 ? `rotate(180 ${x} ${y})` : '');
      const half = r * 0.5;
      const upright = mw < 0 ? '' : `M${x} ${y - half}v${2 * half}`;
      sign?.setAttribute('d', Math.abs(mw) > 0 ? `M${x - half} ${y}h${2 * half}${upright}` : '');
      element.setAttribute('aria-label', unitSentence(lab, unit, step));
    },
  };
}

/**
 * Bids point up when they inject, and are turned when they take; an imbalance carries its sign.
 * @param {Unit} unit
 * @param {Point} centre
 * @param {number} r
 */
function unitShape({ kind }, { x, y }, r) {
  if (kind === 'generator') return s('circle', { class: 'shape', cx: x, cy: y, r });
  if (kind === 'der')
    return s('rect', { class: 'shape', x: x - r * 0.9, y: y - r * 0.9, width: r * 1.8, height: r * 1.8, rx: 2 });
  if (kind === 'load') return s('path', { class: 'shape', d: `M${x - r} ${y - r * 0.8}H${x + r}L${x} ${y + r}Z` });
  if (kind === 'imbalance')
    return s('path', {
      class: 'shape',
      d: `M${x - r * 1.1} ${y}l${r * 0.55} ${-r}h${r * 1.1}l${r * 0.55} ${r}l${-r * 0.55} ${r}h${-r * 1.1}Z`,
    });
  if (kind === 'storage')
    return s('path', {
      class: 'shape',
      d: `M${x - r * 1.1} ${y - r * 0.7}h${r * 1.9}v${r * 0.4}h${r * 0.3}v${r * 0.6}h${-r * 0.3}v${r * 0.4}h${-r * 1.9}Z`,
    });
  if (kind === 'community')
    return s('path', {
      class: 'shape',
      d: `M${x - r} ${y + r * 0.9}v${-r}l${r * 0.5} ${-r * 0.8}l${r * 0.5} ${r * 0.8}l${r * 0.5} ${-r * 0.8}l${r * 0.5} ${r * 0.8}v${r}Z`,
    });
  return s('path', {
    class: 'shape',
    d: `M${x - r * 0.85} ${y + r}V${y - r * 0.1}L${x} ${y - r}L${x + r * 0.85} ${y - r * 0.1}V${y + r}Z`,
  });
}

/**
 * @param {Lab} lab
 * @param {{ id: string, name: string, feederBus: FeederBus | null, area: Area | null }} bus
 * @param {Point} centre
 * @param {Size} size
 * @param {Unit[]} here
 * @param {Scale | null} scale what colours it
 * @returns {Part}
 */
export function busPart(lab, { id, name, feederBus, area }, centre, size, here, scale) {
  const wide = busWidth(name, size);
  const box = (/** @type {number} */ more) => ({
    ...{ x: centre.x - wide / 2 - more, y: centre.y - size.bus / 2 - more },
    ...{ width: wide + 2 * more, height: size.bus + 2 * more, rx: size.bus / 2 + more },
  });
  const element = s(
    'g',
    { class: 'bus', 'data-item': `bus:${id}`, tabindex: -1, role: 'button' },
    feederBus === null ? null : s('rect', { class: 'alarm', ...box(size.font === 0 ? 2 : 3) }),
    s('rect', { class: 'shape', ...box(0) }),
    size.font === 0 ? null : s('text', { x: centre.x, y: centre.y, 'font-size': size.font }, name),
  );
  const sentence = (/** @type {number} */ step) =>
    area === null ? busSentence(lab, id, feederBus, here, step) : area.sentence(lab, step);
  return {
    item: `bus:${id}`,
    bus: id,
    element,
    centre,
    sentence,
    update(step) {
      const value = area?.price(lab, step) ?? lab.at(`${scale?.of === 'voltage' ? 'v' : 'lmp'}:${id}`, step);
      const colour = scale?.step(value) ?? 'price-none';
      element.setAttribute('class', `bus ${colour}`);
      if (feederBus !== null)
        element.classList.toggle('is-alarming', outside(lab.at(`v:${id}`, step), feederBus) !== null);
      element.setAttribute('aria-label', sentence(step));
    },
  };
}

/**
 * A feeder as one mark beside its bus.
 * @param {Lab} lab
 * @param {Hanging} hanging
 * @param {Point} centre
 * @param {Point} bus
 * @param {number} r
 * @param {boolean} chosen
 * @returns {Part}
 */
export function symbolPart(lab, hanging, centre, bus, r, chosen) {
  const { x, y } = centre;
  const item = `boundary:${hanging.boundary.id}`;
  const shape = s('path', { class: 'shape', d: `M${x} ${y - r}L${x + r} ${y}L${x} ${y + r}L${x - r} ${y}Z` });
  const element = s(
    'g',
    {
      class: `unit unit-feeder${chosen ? ' is-chosen' : ''}`,
      'data-item': item,
      tabindex: -1,
      role: 'button',
      'aria-pressed': String(chosen),
    },
    s('line', { class: 'stem', x1: bus.x, y1: bus.y, x2: x, y2: y }),
    shape,
  );
  return {
    item,
    element,
    centre,
    feeder: hanging.feeder.id,
    sentence: (step) => symbolSentence(lab, hanging, step, chosen),
    update(step) {
      element.classList.toggle('is-alarming', troubles(lab, hanging, step) !== '');
      element.setAttribute('aria-label', symbolSentence(lab, hanging, step, chosen));
    },
  };
}

/**
 * A zone as a ground under its buses, with what it exports.
 * @param {Lab} lab
 * @param {Zone} zone
 * @param {(bus: string) => Point} at
 * @param {Size} size
 * @returns {Part}
 */
export function zonePart(lab, zone, at, size) {
  const points = zone.buses.map(at);
  const mean = (/** @type {'x' | 'y'} */ axis) =>
    points.reduce((sum, point) => sum + point[axis], 0) / Math.max(1, points.length);
  const centre = { x: mean('x'), y: mean('y') };
  const round =
    zone.buses.map((_, k) => `M${centre.x} ${centre.y}L${points[k]?.x} ${points[k]?.y}`).join('') +
    points.map(({ x, y }, k) => `${k === 0 ? 'M' : 'L'}${x} ${y}`).join('');
  const bus = at(zone.bus);
  const element = s(
    'g',
    { class: 'zone', 'data-item': `zone:${zone.id}`, tabindex: -1, role: 'button' },
    s('path', { class: 'shape', d: round, 'stroke-width': size.bus * 2.4 }),
    s('line', { class: 'tie', x1: bus.x, y1: bus.y, x2: centre.x, y2: centre.y }),
  );
  const sentence = (/** @type {number} */ step) => {
    const flow = lab.at(`export:${zone.id}`, step);
    const course = Number.isFinite(flow)
      ? `, ${flow < 0 ? 'imports' : 'exports'} ${withUnit(Math.abs(flow), power(lab.report).unit, 5)}`
      : '';
    return `Zone ${zone.id}, meeting the rest at bus ${zone.bus}: buses ${zone.buses.join(', ')}${course}`;
  };
  return {
    item: `zone:${zone.id}`,
    element,
    centre,
    sentence,
    update: (step) => element.setAttribute('aria-label', sentence(step)),
  };
}
