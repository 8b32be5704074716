// The colour of a bus. A price: from pale, the lowest of the run, to deep blue, the highest; no colour where all are about the
// same. A voltage: dark blue low, yellow high.

/** @import { FeederBus, Report } from '../session/types.js' */

/** Classes of prices, low to high. */
const PRICES = 7;
/** Prices that differ by less than this share of the highest are about the same. */
const EVEN = 0.01;

/** One price of so many at either end is beyond the scale. */
const FAR = 100;

/**
 * Which class a value has, and the values in the middle of the classes.
 * @typedef {{ of: 'price' | 'voltage', unit: string, step: (value: number) => string | null, steps: { name: string, value: number }[] }} Scale
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
  const all = prices.flatMap(({ values }) => Array.from(values).filter(Number.isFinite)).sort((a, b) => a - b);
  // Of very many prices some lie far out, at the cap even: they have the colour of the end of the scale.
  const out = Math.floor(all.length / FAR);
  const [lowest, highest] = [all[out], all[all.length - 1 - out]];
  if (lowest === undefined || highest === undefined) return null;
  const unit = prices[0]?.unit ?? '';
  if (highest - lowest <= EVEN * Math.max(Math.abs(lowest), Math.abs(highest), Number.EPSILON)) {
    const middle = { name: 'price-even', value: (lowest + highest) / 2 };
    return { of: 'price', unit, step: (price) => (Number.isFinite(price) ? middle.name : null), steps: [middle] };
  }
  const wide = (highest - lowest) / (PRICES - 1);
  return {
    of: 'price',
    unit,
    step(price) {
      if (!Number.isFinite(price)) return null;
      return `price-${Math.max(0, Math.min(PRICES - 1, Math.round((price - lowest) / wide)))}`;
    },
    steps: Array.from({ length: PRICES }, (_, k) => ({ name: `price-${k}`, value: lowest + k * wide })),
  };
}

/** Classes of voltages, low to high. */
const VOLTAGES = 6;
/** Voltages closer than this, p.u., have one colour. */
const LEAST_SPAN = 0.002;

/**
 * One scale for the whole run and the feeders in sight.
 * @param {Report} report
 * @param {FeederBus[]} buses
 * @returns {Scale | null} null without voltages
 */
export function voltageScale(report, buses) {
  const ids = new Set(buses.map(({ id }) => `v:${id}`));
  const all = report.series
    .filter(({ id }) => ids.has(id))
    .flatMap(({ values }) => Array.from(values).filter(Number.isFinite));
  if (all.length === 0) return null;
  let [low, high] = [Infinity, -Infinity];
  for (const value of all) [low, high] = [Math.min(low, value), Math.max(high, value)];
  const middle = (low + high) / 2;
  if (high - low < LEAST_SPAN) [low, high] = [middle - LEAST_SPAN / 2, middle + LEAST_SPAN / 2];
  const wide = (high - low) / VOLTAGES;
  return {
    of: 'voltage',
    unit: 'p.u.',
    step(voltage) {
      if (!Number.isFinite(voltage)) return null;
      return `voltage-${Math.max(0, Math.min(VOLTAGES - 1, Math.floor((voltage - low) / wide)))}`;
    },
    steps: Array.from({ length: VOLTAGES }, (_, k) => ({ name: `voltage-${k}`, value: low + (k + 0.5) * wide })),
  };
}
