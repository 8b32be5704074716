// The five papers: what they claim in our words, and the numbers each verdict rests on.

import { Problem, Stopped } from './problem.js';

/** @import { Board } from './board.js' */

/**
 * Where the inputs of a number come from: printed or read off a figure; chosen so that printed numbers come out; inferred
 * or made up.
 * @typedef {'exact' | 'calibrated' | 'reconstructed'} Class
 * @typedef {'held' | 'refuted' | 'not_comparable'} Judged
 * A number of a preset and what the claim says of it: a printed number as text, or another number of ours.
 * @typedef {{
 *   preset: string, of: string, step?: number, is: '=' | '<' | '<=' | '>' | '>=',
 *   to: string | { preset: string, of: string, times?: number }, unit: string, within?: number
 * }} Check
 * @typedef {{
 *   id: string, at: string, says: string, class: Class, verdict: Judged, why: string, presets: string[], rests: Check[]
 * }} Claim
 * `alias`: series of bars whose names begin otherwise than those of the summary that is printed.
 * @typedef {{ preset: string, charts: string[], alias?: [string, string][] }} Shown
 * @typedef {{ id: string, name: string, title: string, class: Class, show: Shown[], note?: string }} Place
 * @typedef {{
 *   id: string, short: string, title: string, authors: string[], year: number, venue?: string, doi?: string, url?: string,
 *   basis: string, places: Place[], claims: Claim[]
 * }} Paper
 */

/** In the order of the front page. */
export const PAPERS = [
  { id: 'zuo', short: 'Zuo et al. 2022', about: 'Dispatch that swings with aggregated DERs' },
  { id: 'wang', short: 'Wang et al. 2017', about: 'The gain of cooperation, shared by bargaining' },
  { id: 'mezghani', short: 'Mezghani et al. 2023', about: 'TSO and DSO by residual supply functions' },
  { id: 'khojasteh', short: 'Khojasteh et al. 2023', about: 'Bids for the DSO’s and the TSO’s balancing market' },
  { id: 'theisen', short: 'Theisen et al. 2024', about: 'Communities that trade with one another' },
];

/**
 * The paper that a preset shows.
 * @param {string} preset
 */
export function paperOf(preset) {
  return PAPERS.find(({ id }) => preset.startsWith(`${id}-`)) ?? null;
}

/**
 * @param {string} id
 * @returns {Promise<Paper>}
 */
export async function loadPaper(id) {
  if (!PAPERS.some((one) => one.id === id)) throw new Problem('There is no page of such a paper.', null);
  const response = await fetch(new URL(`../../papers/${id}.json`, import.meta.url), { credentials: 'same-origin' });
  if (!response.ok) throw new Stopped(`The claims of this paper did not load (${response.status}). Reload the page.`);
  return response.json();
}

/** The page shows small powers in thousandths. @type {Record<string, string>} */
const THOUSANDTH = { kW: 'MW', kWh: 'MWh', kVA: 'MVA', kvar: 'Mvar' };

/**
 * A number of a report in a unit; NaN where there is none.
 * @param {Board} board
 * @param {string} of
 * @param {string} unit
 * @param {number} [step] from 1
 */
export function numberOf(board, of, unit, step) {
  const series = board.series(of);
  const quantity = board.report.summary.find(({ id }) => id === of);
  const value = (step === undefined ? quantity?.value : series?.values[step - 1]) ?? NaN;
  const known = (step === undefined ? quantity : series)?.unit ?? '';
  if (known === unit) return value;
  return THOUSANDTH[known] === unit ? value / 1000 : NaN;
}

/**
 * Whether what the claim says of a number is so. An equal number is ours rounded half up to the printed decimals.
 * @param {Check} check
 * @param {number} ours
 * @param {number} bound
 */
export function holds({ is, to, within }, ours, bound) {
  if (is === '<') return ours < bound;
  if (is === '<=') return ours <= bound;
  if (is === '>') return ours > bound;
  if (is === '>=') return ours >= bound;
  if (within !== undefined) return Math.abs(ours - bound) <= within;
  const digits = typeof to === 'string' ? (to.split('.')[1]?.length ?? 0) : 12;
  const unit = 10 ** -digits;
  const rounded = Math.sign(ours) * Math.floor(Math.abs(ours) / unit + 0.5 + 1e-9) * unit;
  return Math.abs(rounded - bound) < 1e-6 * Math.max(unit, 1e-6);
}
