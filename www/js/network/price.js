// The colour of a bus: a price from pale, the lowest of the run, to deep blue, the highest; a voltage from dark blue, low, to
// yellow, high. A scale spans all that the run has, so that its ends are true; no colour where all values are about the same.

/** @import { Report, Series } from '../session/types.js' */

/** Classes of prices and of voltages, low to high. */
const PRICES = 7;
const VOLTAGES = 6;
/** Prices that differ by less than this share of the highest are about the same; voltages by less than this, p.u. */
const EVEN = 0.01;
const EVEN_VOLTAGE = 0.002;

/** One value of so many at either end may lie far out. */
const FAR = 100;
/** Those at an end lie far out when they stretch the scale so many times. */
const STRETCHED = 3;

/** A class of values with its colour. @typedef {{ name: string, from: number, to: number }} Step */
/**
 * The class of a value, and the classes from the lowest value of the run to the highest.
 * @typedef {{ of: 'price' | 'voltage', unit: string, step: (value: number) => string | null, steps: Step[] }} Scale
 */

/**
 * The prices of buses.
 * @param {Report} report
 */
export function busPrices({ series }) {
  return series.filter(({ id, subject }) => subject?.kind === 'bus' && id === `lmp:${subject.id}`);
}

/**
 * One scale for the whole run, so that colours do not change meaning while it plays.
 * @param {Report} report
 * @returns {Scale | null} null without prices
 */
export function priceScale(report) {
  const prices = busPrices(report);
  const all = ascending(prices);
  const [lowest, highest] = [all[0], all.at(-1)];
  if (lowest === undefined || highest === undefined) return null;
  const even = highest - lowest <= EVEN * Math.max(Math.abs(lowest), Math.abs(highest), Number.EPSILON);
  return scale('price', prices[0]?.unit ?? '', all, even ? 1 : PRICES);
}

/**
 * One scale for the whole run and all feeders.
 * @param {Report} report
 * @returns {Scale | null} null without voltages
 */
export function voltageScale({ series }) {
  const all = ascending(series.filter(({ id, subject }) => subject?.kind === 'bus' && id === `v:${subject.id}`));
  const [lowest, highest] = [all[0], all.at(-1)];
  if (lowest === undefined || highest === undefined) return null;
  return scale('voltage', 'p.u.', all, highest - lowest < EVEN_VOLTAGE ? 1 : VOLTAGES);
}

/** @param {Series[]} series */
function ascending(series) {
  return series.flatMap(({ values }) => Array.from(values).filter(Number.isFinite)).sort((a, b) => a - b);
}

/**
 * Classes of one width from the lowest to the highest value. Where of very many values a few lie far out, at the cap even,
 * they belong to the class at their end, which then reaches to the outermost.
 * @param {'price' | 'voltage'} of
 * @param {string} unit
 * @param {number[]} all ascending
 * @param {number} classes
 * @returns {Scale}
 */
function scale(of, unit, all, classes) {
  const [least, most] = [all[0] ?? 0, all.at(-1) ?? 0];
  const out = Math.floor(all.length / FAR);
  const [low, high] = [all[out] ?? 0, all[all.length - 1 - out] ?? 0];
  const stretched = most - least > STRETCHED * (high - low) && high > low;
  const [from, to] = stretched ? [low, high] : [least, most];
  const wide = (to - from) / classes;
  const steps = Array.from({ length: classes }, (_, k) => ({
    name: classes === 1 ? 'price-even' : `${of}-${k}`,
    from: k === 0 ? least : from + k * wide,
    to: k === classes - 1 ? most : from + (k + 1) * wide,
  }));
  return {
    of,
    unit,
    step(value) {
      if (!Number.isFinite(value)) return null;
      const k = wide > 0 ? Math.floor((value - from) / wide) : 0;
      return steps[Math.max(0, Math.min(classes - 1, k))]?.name ?? null;
    },
    steps,
  };
}
