// Units in which numbers are read: the document has MW and $/MWh, a page of communities shows kW and ¢/kWh.

import { significant, withUnit } from '../ui/number.js';

/** @import { Report } from './types.js' */

/** Significant digits kept: those that a change of units adds behind them are rounding. */
const KEPT = 13;

/** @param {number} value */
function tidy(value) {
  return significant(value, KEPT);
}

/**
 * What is read in a form's field as the document has it.
 * @template T
 * @param {{ times?: number | null | undefined }} field
 * @param {T} value
 * @returns {T}
 */
export function ofDocument({ times }, value) {
  if (times == null) return value;
  const one = (/** @type {unknown} */ item) => (typeof item === 'number' ? tidy(item / times) : item);
  return /** @type {T} */ (Array.isArray(value) ? value.map(one) : one(value));
}

/**
 * What the document has in the unit of a form's field.
 * @param {{ times?: number | null | undefined }} field
 * @param {unknown} value
 * @returns {unknown}
 */
export function inForm({ times }, value) {
  if (times == null) return value;
  const one = (/** @type {unknown} */ item) => (typeof item === 'number' ? tidy(item * times) : item);
  return Array.isArray(value) ? value.map(one) : one(value);
}

/**
 * The unit that `unit` is read in, and how many of it one is.
 * @param {Pick<Report, 'units'>} report
 * @param {string} unit
 * @returns {{ unit: string, times: number }}
 */
export function readIn({ units }, unit) {
  const own = units?.find((one) => one.unit === unit);
  return own === undefined ? { unit, times: 1 } : { unit: own.read_in, times: own.times };
}

/** The unit of power. @param {Pick<Report, 'units'>} report */
export function power(report) {
  return readIn(report, 'MW');
}

/**
 * Writes a value of the case in the unit it is read in.
 * @param {Pick<Report, 'units'>} report
 * @returns {(value: number, unit: string) => string}
 */
export function writer(report) {
  return (value, own) => {
    const { unit, times } = readIn(report, own);
    return withUnit(tidy(value * times), unit);
  };
}
