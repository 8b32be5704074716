// What the symbols and colours of the one-line diagram stand for.

import { h } from '../ui/dom.js';
import { bareAmount, fixed } from '../ui/number.js';
import { feederBusesOf } from './scene.js';
import { unitsByBus } from './units.js';
import { isLimited } from './wires.js';

/** @import { Case } from '../session/types.js' */
/** @import { Scale } from './price.js' */
/** @import { Scene } from './scene.js' */
/** @import { UnitKind } from './units.js' */

/** @type {[UnitKind, string][]} */
const UNITS = [
  ['generator', 'generator'],
  ['der', 'DER'],
  ['bid', 'bid, up or down'],
  ['imbalance', 'surplus ▲ shortage ▼'],
  ['load', 'load'],
];

/**
 * @param {Case} system
 * @param {string} unit of power
 * @param {Scene} scene
 * @param {Scale | null} coloured what colours the buses
 * @param {boolean} alarms whether voltages may be marked as over or under their limits
 * @returns {(Node | string)[]}
 */
export function legendOf(system, unit, scene, coloured, alarms) {
  return [unitKeys(system, unit, scene), coloured === null ? '' : scaleKeys(coloured), lineKeys(scene, unit, alarms)];
}

/**
 * @param {string} kind
 * @param {string} text
 */
function key(kind, text) {
  return h('li', {}, h('span', { class: `key ${kind}`, 'aria-hidden': 'true' }), text);
}

/**
 * @param {Case} system
 * @param {string} unit of power
 * @param {Scene} scene
 */
function unitKeys(system, unit, scene) {
  const seen = [...scene.buses, ...feederBusesOf(scene).map(({ id }) => id)];
  const all = unitsByBus(system);
  const kinds = new Set(seen.flatMap((bus) => (all.get(bus) ?? []).map(({ kind }) => kind)));
  return h(
    'ul',
    { 'aria-label': 'Units' },
    ...UNITS.map(([kind, name]) => kinds.has(kind) && key(`key-${kind}`, name)),
    scene.symbols.length > 0 && key('key-feeder', `feeder, ${unit} exported`),
  );
}

/**
 * Ends and middle are labelled; where all prices are about the same, the one they are about.
 * @param {Scale} scale
 */
function scaleKeys({ of, unit, steps }) {
  const places = of === 'voltage' ? 3 : tellingApart(steps.map(({ value }) => value));
  const middle = (steps.length - 1) / 2;
  const text = (/** @type {number} */ value, /** @type {number} */ k) => {
    if (steps.length === 1) return `about ${bareAmount(value, unit)}`;
    return k === 0 || k === middle || k === steps.length - 1 ? fixed(value, places) : ' ';
  };
  return h(
    'ul',
    { class: 'price-key', 'aria-label': `Bus colour: ${of}, ${unit}` },
    ...steps.map(({ name, value }, k) => h('li', { class: name }, text(value, k))),
    h('li', { class: 'price-unit' }, unit),
  );
}

/**
 * Decimals with which neighbours on a scale read differently, and no more than matter.
 * @param {number[]} values ascending
 */
function tellingApart(values) {
  const step = ((values.at(-1) ?? 0) - (values[0] ?? 0)) / 2;
  return step > 0 ? Math.max(0, Math.min(4, 1 - Math.floor(Math.log10(step)))) : 0;
}

/**
 * @param {Scene} scene
 * @param {string} unit of power
 * @param {boolean} alarms
 */
function lineKeys({ branches, lines, interfaces, trees }, unit, alarms) {
  const limited = [...branches, ...lines, ...interfaces].some(isLimited);
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
        ]
      : []),
    alarms && key('key-alarm', 'voltage ▼ under ▲ over its limits'),
  );
}
