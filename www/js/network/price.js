// The colour of a bus. A price: blue below, red above the price without congestion; one colour means no congestion.
// A voltage: dark blue low, yellow high.

/** @import { FeederBus, Report } from '../session/types.js' */

/** Steps of the scale, low to high; the middle one is the surface of the figure. */
const STEPS = ['low-3', 'low-2', 'low-1', 'middle', 'high-1', 'high-2', 'high-3'];

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
  const energy = report.series.find(({ id }) => id === 'energy');
  const about =
    energy === undefined
      ? all
      : Array.from(energy.values)
          .filter(Number.isFinite)
          .sort((a, b) => a - b);
  const centre = about[Math.floor(about.length / 2)] ?? lowest;
  const spread = Math.max(highest - centre, centre - lowest);
  const flat = spread < 1e-6 * Math.max(1, Math.abs(centre));
  const half = (STEPS.length - 1) / 2;
  return {
    of: 'price',
    unit: prices[0]?.unit ?? '',
    step(price) {
      if (!Number.isFinite(price)) return null;
      if (flat) return 'price-middle';
      const at = Math.round(((price - centre) / spread) * half);
      return `price-${STEPS[Math.max(0, Math.min(STEPS.length - 1, at + half))]}`;
    },
    steps: flat
      ? [{ name: 'price-middle', value: centre }]
      : STEPS.map((name, k) => ({ name: `price-${name}`, value: centre + ((k - half) / half) * spread })).filter(
          ({ value }) => value >= lowest - spread / 6 && value <= highest + spread / 6,
        ),
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
