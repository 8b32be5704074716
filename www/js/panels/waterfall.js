// The parts of a number as bars, each beginning where the one before it ended, the number itself at the end.

import { itemOf } from '../session/items.js';
import { h } from '../ui/dom.js';
import { decimals, fixed, halfUp, unitText } from '../ui/number.js';

/** @import { Explained } from '../session/types.js' */

/** Decimals at most. */
const MOST = 4;
/** A bar of nothing is seen all the same, % of the width. */
const THIN = 0.6;

/**
 * @param {Explained} explained
 * @param {(item: string | null) => void} point the part under the pointer or in focus has changed
 * @param {(item: string) => void} press
 */
export function createWaterfall({ parts, value, unit }, point, press) {
  const places = placesOf(
    parts.map((part) => part.value),
    value,
  );
  const bars = barsOf(
    parts.map((part) => part.value),
    value,
  );
  const row = (/** @type {number} */ at, /** @type {Node} */ name, /** @type {number} */ size) => {
    const bar = h('span', { class: `bar${size < 0 ? ' is-less' : ''}` });
    const { from = 0, width = 0 } = bars.spans[at] ?? {};
    bar.style.insetInlineStart = `${from}%`;
    bar.style.width = `${Math.max(width, THIN)}%`;
    const track = h('span', { class: 'bars', 'aria-hidden': 'true' }, bar);
    track.style.setProperty('--zero', `${bars.zero}%`);
    const sign = size > 0 && at > 0 && at < parts.length ? '+' : '';
    return [name, track, h('span', { class: 'part-value' }, `${sign}${fixed(size, places)}`)];
  };
  const items = parts.map(({ name, value: size, subject }, at) => {
    const item = itemOf(subject);
    if (item === undefined) return h('li', {}, ...row(at, h('span', { class: 'part-name' }, name), size));
    const button = h(
      'button',
      {
        type: 'button',
        class: 'part-name',
        onclick: () => press(item),
        onfocus: () => point(item),
        onblur: () => point(null),
      },
      name,
    );
    return h(
      'li',
      { 'data-item': item, onpointerenter: () => point(item), onpointerleave: () => point(null) },
      ...row(at, button, size),
    );
  });
  const total = h('li', { class: 'total' }, ...row(parts.length, h('span', { class: 'part-name' }, 'Sum'), value));
  return h('ol', { class: 'waterfall', 'aria-label': `Parts, ${unitText(unit)}` }, ...items, total);
}

/**
 * The fewest decimals in which the parts as they are written add up to the number as it is written.
 * @param {number[]} parts
 * @param {number} value
 */
export function placesOf(parts, value) {
  const most = decimals([...parts, value], MOST);
  for (let places = Math.min(2, most); places < most; places += 1) {
    const sum = parts.reduce((sum, part) => sum + halfUp(part, places), 0);
    if (Math.abs(sum - halfUp(value, places)) < 0.5 * 10 ** -places) return places;
  }
  return most;
}

/**
 * Where each bar begins and how long it is, and where zero lies, % of the width; the last bar is that of the number.
 * @param {number[]} parts
 * @param {number} value
 */
function barsOf(parts, value) {
  let sum = 0;
  const steps = parts.map((part) => {
    sum += part;
    return [sum - part, sum];
  });
  const ends = [...steps, [0, value]].map(([a = 0, b = 0]) => [Math.min(a, b), Math.max(a, b)]);
  const low = Math.min(0, ...ends.map(([from = 0]) => from));
  const high = Math.max(0, ...ends.map(([, to = 0]) => to));
  const share = (/** @type {number} */ at) => (high > low ? ((at - low) / (high - low)) * 100 : 0);
  return {
    zero: share(0),
    spans: ends.map(([from = 0, to = 0]) => ({ from: share(from), width: share(to) - share(from) })),
  };
}
