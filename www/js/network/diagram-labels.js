// The labels of the one-line diagram: each finds a free place once, and writes its numbers at every step.

import { s } from '../ui/dom.js';
import { fewDecimals, fixed, halfUp } from '../ui/number.js';
import { boxOf } from './diagram-plan.js';
import { around, beside, roundBus, textWidth } from './labels.js';
import { power } from '../session/read.js';
import { CROWDED, ROOMY, TINY } from './sizes.js';
import { signed } from './sentences.js';
import { isSigned, unitItem, unitPower, unitSeries } from './units.js';
import { loading, loadingClass, outside, percent, wireFlows } from './wires.js';

/** @import { Zone } from '../session/types.js' */
/** @import { Line, Node, Plan } from './diagram-plan.js' */
/** @import { Box, Room } from './labels.js' */
/** @import { Point } from './layout.js' */
/** @import { Part } from './parts.js' */
/** @import { Meeting } from './place.js' */
/** @import { Size } from './sizes.js' */
/** @import { Unit } from './units.js' */
/** @import { Wire } from './wires.js' */

/** A unit with its place. @typedef {{ unit: Unit, centre: Point, size: Size, r: number }} Glyph */
/** A feeder drawn as one mark. @typedef {{ part: Part, centre: Point, wire: Wire, r: number }} Symbol */
/** @typedef {(step: number) => string} Text */
/**
 * `kind` is its class, `worst` how many lines it may cross, `alarming` when it shows that a limit is not kept.
 * @typedef {{ kind: string, font: number, worst: number, alarming?: (step: number) => boolean }} Look
 */

/** An overload's or a bad voltage's label may cross so many lines. */
export const ALARM_WORST = 3;
/** Distances from a line, or from a bus, at which a label is tried, px. */
const NEAR = 8;
const ALARM_GAPS = [6, 14, 24, 36];
const MARK_GAPS = [3, 8, 14];
/** The first so many places round a bus are not diagonal. */
const STRAIGHT = 4;
const ZONE_GAPS = [0, 20, 40, 60, 80];

export class Labels {
  element = s('g', { class: 'labels', 'aria-hidden': 'true' });
  /** @type {((step: number) => void)[]} */
  #writers = [];
  /** What the numbers beside the buses of a crowd read. @type {Text[]} */
  #values = [];
  #plan;
  #room;

  /**
   * @param {Plan} plan
   * @param {Room} room
   */
  constructor(plan, room) {
    this.#plan = plan;
    this.#room = room;
  }

  /** @param {number} step */
  update(step) {
    for (const write of this.#writers) write(step);
  }

  /** Where a tree goes on, if no line leads there. @param {Meeting} meeting */
  stub({ feeder, root, end }) {
    const { scene, placing } = this.#plan;
    const font = placing.transmission.small;
    const bus = scene.trees.find((tree) => tree.feeder.id === feeder)?.boundary.bus ?? '';
    const text = `${scene.trees.length > 1 || scene.chosen !== '' ? `${feeder} · ` : ''}bus ${bus}`;
    const wide = textWidth(text, font);
    const x = Math.max(wide / 2 + 2, Math.min(placing.width - wide / 2 - 2, root.x));
    const box = { x, y: end.y - 9, width: wide, height: 14 };
    this.#room.take(box);
    this.element.append(s('text', { class: 'label label-stub', x, y: box.y, 'font-size': font }, text));
  }

  /**
   * A line's flow and loading. An overload is never without its label: beside its line if it can, its percentage alone
   * if it must.
   * @param {Line} line
   * @param {number} worst
   */
  flow({ wire, stroke, size }, worst) {
    const { lab, steps, sample } = this.#plan;
    const flows = wireFlows(lab, wire);
    if (!hasNumbers(flows)) return;
    const places = fewDecimals(flows);
    const { unit } = power(lab.report);
    const share = (/** @type {number} */ step) => loading(lab, wire, step);
    const mw = (/** @type {number} */ step) => `${fixed(Math.abs(flows[step] ?? NaN), places)} ${unit}`;
    const short = (/** @type {number} */ step) => percent(share(step));
    const both = (/** @type {number} */ step) => `${mw(step)}\n${short(step)}`;
    const limited = steps.some((step) => Number.isFinite(share(step)));
    const alarming = (/** @type {number} */ step) => loadingClass(share(step)) === 'over';
    const forms =
      worst > 1
        ? [
            { text: both, far: NEAR },
            { text: short, far: NEAR },
            { text: both, far: 3 * NEAR },
            { text: short, far: 5 * NEAR },
          ]
        : [{ text: limited ? both : mw, far: NEAR }];
    for (const { text, far } of forms) {
      const shown = sample.map((step) => text(step).split('\n'));
      const wide = Math.max(...shown.flat().map((row) => textWidth(row, size.small)));
      const high = Math.max(...shown.map((rows) => rows.length)) * (size.small + 2) + 1;
      const candidates = beside(stroke, wide, high, size.wire / 2 + 4, far);
      if (this.#put(wire.item, candidates, text, { kind: 'label-flow', font: size.small, worst, alarming })) return;
    }
  }

  /** A voltage that does not keep its limits. @param {Node} node */
  voltage(node) {
    const { lab, scales } = this.#plan;
    const { id, at, size, feederBus } = node;
    if (feederBus === null) return;
    const state = (/** @type {number} */ step) => outside(lab.at(`v:${id}`, step), feederBus);
    const always = scales.feeders?.of === 'voltage';
    const text = (/** @type {number} */ step) => {
      const voltage = lab.at(`v:${id}`, step);
      const out = state(step);
      if (out === null) return always ? fixed(voltage, 3) : '';
      // Just beyond the limit must not read as the limit.
      return `${out === 'low' ? '↓' : '↑'} ${fixed(voltage, outside(halfUp(voltage, 3), feederBus) === null ? 4 : 3)}`;
    };
    const wide = textWidth('↓ 0.0000', size.small) + 4;
    this.#put(`bus:${id}`, roundBus(at, boxOf(node), wide, size.small + 2, ALARM_GAPS), text, {
      ...{ kind: 'label-voltage', font: size.small, worst: ALARM_WORST },
      alarming: (step) => state(step) !== null,
    });
  }

  /**
   * A number beside a bus, of its price or voltage.
   * @param {Node} node
   * @param {boolean} alarmed whether a mark of its voltage stands round it
   * @param {boolean} [straight] only where it can be of no other bus: right, left, above or below
   * @returns {boolean} whether there was a place for it
   */
  value(node, alarmed, straight = false) {
    const { id, at, size, feederBus, area, scale } = node;
    const ofVoltage = scale?.of === 'voltage';
    const series = this.#plan.lab.series(`${ofVoltage ? 'v' : 'lmp'}:${id}`);
    const values = area === null ? series?.values : this.#plan.steps.map((step) => area.price(this.#plan.lab, step));
    if (values === undefined || !hasNumbers(values)) return true;
    const places = ofVoltage ? 3 : fewDecimals(values);
    const unit = size === ROOMY ? ` ${series?.unit ?? ''}` : '';
    const own = (/** @type {number} */ step) => `${fixed(values[step] ?? NaN, places)}${unit}`;
    // Where all of a crowd read alike, the sentence says it once.
    const text = (/** @type {number} */ step) => (size !== ROOMY && this.#areAlike(step) ? '' : own(step));
    const wide = this.#widest(own, size.small);
    const candidates =
      feederBus === null
        ? around(at, size.bus / 2 + 4, wide, size.small + 2)
        : roundBus(at, boxOf(node), wide, size.small + 2, [alarmed ? 7 : 6]);
    const tried = straight ? candidates.slice(0, STRAIGHT) : candidates;
    const placed = this.#put(`bus:${id}`, tried, text, { kind: 'label-price', font: size.small, worst: 0 });
    if (placed && size !== ROOMY) this.#values.push(own);
    return placed;
  }

  /** @param {number} step */
  #areAlike(step) {
    const first = this.#values[0]?.(step);
    return this.#values.length > 1 && this.#values.every((value) => value(step) === first);
  }

  /** A unit's name and power. @param {Glyph} glyph */
  unit({ unit, centre, size, r }) {
    const { lab } = this.#plan;
    const many = unit.members?.length;
    if (many === undefined && (size === TINY || (unit.kind === 'load' && size === CROWDED))) return;
    const places = fewDecimals(unitSeries(lab, unit)?.values ?? [unitPower(lab, unit, 0)]);
    const name = unit.kind === 'load' && many === undefined ? '' : `${unit.id} `;
    const text = (/** @type {number} */ step) => {
      if (many !== undefined && size !== ROOMY) return unit.id;
      const mw = unitPower(lab, unit, step);
      if (!Number.isFinite(mw)) return unit.id;
      const sign = isSigned(unit) && mw > 0 ? '+' : '';
      const of = size === ROOMY ? `\u00a0${power(lab.report).unit}` : '';
      if (unit.kind === 'community' && many === undefined)
        return `${name}${mw < 0 ? 'exports' : 'imports'} ${fixed(Math.abs(mw), places)}${of}`;
      return `${name}${sign}${fixed(mw, places)}${of}`;
    };
    const spots = (/** @type {number} */ wide) =>
      many === undefined
        ? around(centre, r + 4, wide, size.small + 2)
        : roundBus(centre, { width: 2 * r, height: 2 * r }, wide, size.small + 2, MARK_GAPS);
    const item = unitItem(unit);
    const look = { kind: 'label-unit', font: size.small, worst: many !== undefined ? 2 : size === ROOMY ? 1 : 0 };
    if (this.#put(item, spots(this.#widest(text, size.small)), text, look) || unit.area || unit.base) return;
    // Where there is no room for all of it, how many there are, or the name alone.
    const short = many === undefined ? unit.id : `${many}×`;
    const near = roundBus(
      centre,
      { width: 2 * r, height: 2 * r },
      textWidth(short, size.small),
      size.small + 2,
      MARK_GAPS,
    );
    this.#put(item, near, () => short, { ...look, worst: 2 });
  }

  /** @param {Symbol} symbol */
  symbol({ part, centre, wire, r }) {
    const flows = wireFlows(this.#plan.lab, wire);
    const font = this.#plan.placing.transmission.small;
    const places = fewDecimals(flows);
    const text = (/** @type {number} */ step) => {
      const mw = flows[step] ?? NaN;
      return Number.isFinite(mw) ? `${part.feeder} ${mw > 0 ? '+' : ''}${fixed(mw, places)}` : `${part.feeder}`;
    };
    const box = { width: 2 * r, height: 2 * r };
    const candidates = roundBus(centre, box, this.#widest(text, font), font + 2, MARK_GAPS);
    this.#put(part.item, candidates, text, { kind: 'label-unit', font, worst: 2 });
  }

  /**
   * @param {Zone} zone
   * @param {Point} centre
   */
  zone({ id }, centre) {
    const series = this.#plan.lab.series(`export:${id}`);
    const font = this.#plan.placing.transmission.small;
    const text = (/** @type {number} */ step) =>
      series === undefined ? id : `${id} ${signed(this.#plan.lab, series.values[step] ?? NaN)}`;
    const wide = this.#widest(text, font);
    const candidates = ZONE_GAPS.flatMap((far) => around(centre, far, wide, font + 2));
    this.#put(`zone:${id}`, candidates, text, { kind: 'label-zone', font, worst: 3 });
  }

  /**
   * @param {Text} text
   * @param {number} font
   */
  #widest(text, font) {
    return Math.max(...this.#plan.sample.map((step) => textWidth(text(step), font)));
  }

  /**
   * @param {string} item
   * @param {Box[]} candidates
   * @param {Text} text
   * @param {Look} look
   * @returns {boolean} whether there was a place for it
   */
  #put(item, candidates, text, { kind, font, worst, alarming }) {
    const box = this.#room.place(candidates, worst);
    if (box === null) return false;
    const { x, y } = box;
    const element = s('text', { class: `label ${kind}`, x, y, 'font-size': font, 'data-item': item });
    this.element.append(element);
    this.#writers.push((step) => {
      const rows = text(step).split('\n');
      element.replaceChildren(
        ...rows.map((row, k) => s('tspan', { x, y: y + (k - (rows.length - 1) / 2) * (font + 2) }, row)),
      );
      if (alarming !== undefined) element.classList.toggle('is-over', alarming(step));
    });
    return true;
  }
}

/** @param {ArrayLike<number>} values */
function hasNumbers(values) {
  return Array.from(values).some(Number.isFinite);
}
