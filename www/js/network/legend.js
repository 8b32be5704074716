// What the symbols and colours of the one-line diagram stand for.

import { h } from '../ui/dom.js';
import { bareAmount, fixed } from '../ui/number.js';
import { feederBusesOf } from './scene.js';
import { power } from '../session/read.js';
import { isLimited, outside } from './wires.js';

/** @import { Lab } from '../session/lab.js' */
/** @import { Scale, Step } from './price.js' */
/** @import { Scene } from './scene.js' */
/** @import { UnitKind } from './units.js' */

/** @type {[UnitKind, string][]} */
const UNITS = [
  ['generator', 'generator'],
  ['der', 'DER'],
  ['storage', 'battery'],
  ['community', 'community'],
  ['bid', 'bid, up or down'],
  ['imbalance', 'imbalance, + or −'],
  ['load', 'load'],
];

/**
 * What of it is drawn, and no more.
 * @param {Lab} lab
 * @param {Scene} scene
 * @param {Set<UnitKind>} kinds of units drawn
 * @param {Scale | null} coloured what colours the buses
 * @returns {(Node | string)[]}
 */
export function legendOf(lab, scene, kinds, coloured) {
  const { unit } = power(lab.report);
  const alarms = feederBusesOf(scene).some((bus) =>
    Array.from(lab.series(`v:${bus.id}`)?.values ?? []).some((voltage) => outside(voltage, bus) !== null),
  );
  return [unitKeys(unit, scene, kinds), coloured === null ? '' : scaleKeys(coloured), lineKeys(scene, unit, alarms)];
}

/**
 * @param {string} kind
 * @param {string} text
 */
export function key(kind, text) {
  return h('li', {}, h('span', { class: `key ${kind}`, 'aria-hidden': 'true' }), h('span', {}, text));
}

/**
 * @param {string} unit of power
 * @param {Scene} scene
 * @param {Set<UnitKind>} kinds
 */
function unitKeys(unit, scene, kinds) {
  return h(
    'ul',
    { 'aria-label': 'Units' },
    ...UNITS.map(([kind, name]) => kinds.has(kind) && key(`key-${kind}`, name)),
    scene.symbols.length > 0 && key('key-feeder', `feeder, ${unit} exported`),
    scene.zones.length > 0 && key('key-zone', `zone, dotted to where it meets the rest, ${unit} exported`),
    scene.areas.size > 0 && key('key-area', 'area, named after a bus'),
  );
}

/** Values no further apart are one. */
const SAME = 1e-6;

/**
 * Its ends are the least and the greatest value of the run, written as the sentence below writes them; where all values are
 * about the same, the one they are about.
 * @param {Scale} scale
 */
function scaleKeys({ of, unit, steps }) {
  const text = (/** @type {number} */ value) => (of === 'voltage' ? fixed(value, 3) : bareAmount(value, unit));
  const [first, last] = [steps[0], steps.at(-1)];
  const middle = steps[(steps.length - 1) / 2];
  /** A class at an end that reaches far beyond the others says from where to where. @param {Step} step */
  const reach = ({ from, to }) => (to - from > 1.5 * usual(steps) ? `${text(from)} to ${text(to)}` : null);
  const label = (/** @type {Step} */ step) => {
    const one = bareAmount((step.from + step.to) / 2, unit);
    if (steps.length === 1) return step.to - step.from < SAME ? one : `about ${one}`;
    if (step === first) return reach(step) ?? text(step.from);
    if (step === last) return reach(step) ?? text(step.to);
    return step === middle ? text((step.from + step.to) / 2) : ' ';
  };
  return h(
    'ul',
    { class: 'price-key', 'aria-label': `Bus colour: ${of}, ${unit}` },
    ...steps.map((step) => h('li', { class: step.name }, label(step))),
    h('li', { class: 'price-unit' }, unit),
  );
}

/** The width of a class that is not at an end. @param {Step[]} steps */
function usual(steps) {
  const inner = steps[1];
  return inner === undefined ? Infinity : inner.to - inner.from;
}

/**
 * @param {Scene} scene
 * @param {string} unit of power
 * @param {boolean} alarms
 */
function lineKeys({ branches, lines, interfaces, trees }, unit, alarms) {
  const wires = [...branches, ...lines, ...interfaces];
  const limited = wires.some(isLimited);
  const scales = trees.length > 0 && branches.length > 0 ? ', feeders on a scale of their own' : '';
  return h(
    'ul',
    { 'aria-label': `Line colour: loading; thickness: ${unit}${scales}` },
    ...(limited
      ? [
          key('key-low', '< 50 %'),
          key('key-middle', '50–90 %'),
          key('key-high', '90–100 %'),
          key('key-over', 'over its limit'),
          wires.some(({ direct }) => direct) && key('key-direct', 'direct current'),
          ...(wires.every(isLimited) ? [] : [key('key-open', 'no limit this way')]),
        ]
      : []),
    alarms && key('key-alarm', 'voltage ↓ under ↑ over its limits'),
  );
}
