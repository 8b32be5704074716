// The colour of a price: blue below, red above the price without congestion; one colour means no congestion.

/** @import { Report } from '../types.js' */

/** Steps of the scale, low to high; the middle one is the surface of the figure. */
const STEPS = ['low-3', 'low-2', 'low-1', 'middle', 'high-1', 'high-2', 'high-3'];

/**
 * @typedef {{ centre: number, spread: number, unit: string, step: (price: number) => string | null, steps: { name: string, price: number }[] }} PriceScale
 */

/**
 * One scale for the whole run, so that colours do not change meaning while it plays.
 * @param {Report} report
 * @returns {PriceScale | null} null without prices
 */
export function priceScale(report) {
  const prices = report.series.filter(({ id }) => id.startsWith('lmp:'));
  const all = prices.flatMap(({ values }) => Array.from(values).filter(Number.isFinite)).sort((a, b) => a - b);
  const [lowest, highest] = [all[0], all[all.length - 1]];
  if (lowest === undefined || highest === undefined) return null;
  const energy = report.series.find(({ id }) => id === 'energy');
  const about = energy === undefined ? all : Array.from(energy.values).filter(Number.isFinite).sort((a, b) => a - b);
  const centre = about[Math.floor(about.length / 2)] ?? lowest;
  const spread = Math.max(highest - centre, centre - lowest);
  const flat = spread < 1e-6 * Math.max(1, Math.abs(centre));
  const half = (STEPS.length - 1) / 2;
  return {
    centre,
    spread,
    unit: prices[0]?.unit ?? '',
    step(price) {
      if (!Number.isFinite(price)) return null;
      if (flat) return 'middle';
      const at = Math.round(((price - centre) / spread) * half);
      return STEPS[Math.max(0, Math.min(STEPS.length - 1, at + half))] ?? null;
    },
    steps: flat
      ? [{ name: 'middle', price: centre }]
      : STEPS.map((name, k) => ({ name, price: centre + ((k - half) / half) * spread })).filter(
          ({ price }) => price >= lowest - spread / 6 && price <= highest + spread / 6,
        ),
  };
}
