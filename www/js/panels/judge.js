// Judging a number that a reader gives: right, or which slip it is.

import { plain, unitText } from '../ui/number.js';

/** @typedef {{ answer: number, tolerance: number, sign: 'either' | 'exact', unit: string }} Goal */

/** Room for the rounding of a solve. */
const ROUNDING = 1e-9;

/**
 * @param {number} value
 * @param {Goal} goal
 * @param {number} [hours] of one step of the clock: who mixes up a step and an hour is told so
 * @returns {{ right: true } | { right: false, slip: string }} the slip is '' where none is known
 */
export function judge(value, { answer, tolerance, sign, unit }, hours = NaN) {
  const near = (/** @type {number} */ guess) => Math.abs(guess - answer) <= tolerance + ROUNDING;
  const like = (/** @type {number} */ guess) => near(guess) || near(-guess);
  if (near(value) || (sign !== 'exact' && near(-value))) return { right: true };
  if (near(-value)) return { right: false, slip: 'The size is right, mind the sign.' };
  if (Math.abs(answer) <= tolerance) return { right: false, slip: '' };
  for (const [factor, words] of /** @type {[number, string][]} */ ([
    [1000, 'a thousand times too small'],
    [1 / 1000, 'a thousand times too large'],
  ])) {
    if (like(value * factor)) return { right: false, slip: `That is ${words}: mind the unit, ${unitText(unit)}.` };
  }
  if (Number.isFinite(hours) && hours !== 1) {
    if (like(value * hours)) return { right: false, slip: `That is per hour; a step lasts ${plain(60 * hours)} min.` };
    if (like(value / hours))
      return { right: false, slip: `That is of one step of ${plain(60 * hours)} min; asked is per hour.` };
  }
  if (like(value * 100) || like(value / 100))
    return { right: false, slip: 'Mind the per cent: the size is off by 100.' };
  return { right: false, slip: '' };
}
