// The one-line diagram's content: buses, branches and units of the case with their numbers at one step.

import { plain, withUnit } from '../number.js';

/** @import { Branch, Case } from '../types.js' */
/** @import { Lab } from '../lab.js' */

/** @typedef {'generator' | 'der' | 'load'} UnitKind */
/** @typedef {{ id: string, kind: UnitKind, bus: string }} Unit */

/**
 * Generators, DERs and loads with the transmission bus they inject at.
 * @param {Case} system
 * @returns {Unit[]}
 */
export function units(system) {
  const buses = new Set(system.buses.map(({ id }) => id));
  const roots = new Map((system.feeders ?? []).flatMap((feeder) => feeder.buses.map(({ id }) => [id, feeder.root])));
  const at = (/** @type {string} */ bus) => (buses.has(bus) ? bus : (roots.get(bus) ?? bus));
  /** @type {Unit[]} */
  const all = [
    ...(system.generators ?? []).map(({ id, bus }) => ({ id, kind: /** @type {const} */ ('generator'), bus: at(bus) })),
    ...(system.ders ?? []).map(({ id, bus }) => ({ id, kind: /** @type {const} */ ('der'), bus: at(bus) })),
    ...(system.loads ?? []).map(({ id, bus }) => ({ id, kind: /** @type {const} */ ('load'), bus: at(bus) })),
  ];
  return all.filter(({ bus }) => buses.has(bus));
}

/**
 * MW of a unit at a step; a load without a series of its own has the case's value.
 * @param {Lab} lab
 * @param {Unit} unit
 * @param {number} step
 */
export function unitMw(lab, unit, step) {
  if (unit.kind !== 'load') return lab.at(`p:${unit.id}`, step);
  const series = lab.series(`load:${unit.id}`);
  if (series !== undefined) return series.values[step] ?? NaN;
  return lab.scenario.case.loads?.find(({ id }) => id === unit.id)?.p_mw ?? NaN;
}

/**
 * Loading of a branch as a share of its limit; NaN when it has none.
 * @param {Lab} lab
 * @param {Branch} branch
 * @param {number} step
 */
export function loading(lab, branch, step) {
  const reported = lab.at(`loading:${branch.id}`, step);
  if (Number.isFinite(reported)) return reported;
  return branch.max_p_mw == null ? NaN : Math.abs(lab.at(`flow:${branch.id}`, step)) / branch.max_p_mw;
}

/** Bits of the solver do not make a line overloaded. */
const TOLERANCE = 1e-6;

/**
 * @param {number} share of the limit
 * @returns {'open' | 'low' | 'middle' | 'high' | 'over'}
 */
export function loadingClass(share) {
  if (!Number.isFinite(share)) return 'open';
  if (share > 1 + TOLERANCE) return 'over';
  if (share >= 0.9) return 'high';
  return share >= 0.5 ? 'middle' : 'low';
}

/** @param {number} share */
export function percent(share) {
  // Just above the limit must not read as 100 %.
  const places = Math.abs(share - 1) < 0.005 && Math.abs(share - 1) > TOLERANCE ? 1 : 0;
  return `${plain(Math.round(share * 100 * 10 ** places) / 10 ** places, places)} %`;
}

/**
 * @param {Lab} lab
 * @param {Branch} branch
 * @param {number} step
 */
export function branchSentence(lab, branch, step) {
  if (branch.in_service === false) return `Line ${branch.id}: out of service`;
  const flow = lab.at(`flow:${branch.id}`, step);
  if (!Number.isFinite(flow)) return `Line ${branch.id}: from ${branch.from} to ${branch.to}`;
  const [from, to] = flow < 0 ? [branch.to, branch.from] : [branch.from, branch.to];
  const share = loading(lab, branch, step);
  const limit =
    branch.max_p_mw == null ? 'not limited' : `${percent(share)} of its limit of ${withUnit(branch.max_p_mw, 'MW')}`;
  const over = loadingClass(share) === 'over' ? ', over the limit' : '';
  return `Line ${branch.id}: ${withUnit(Math.abs(flow), 'MW', 5)} from ${from} to ${to}, ${limit}${over}`;
}

/**
 * @param {Lab} lab
 * @param {string} bus
 * @param {Unit[]} here
 * @param {number} step
 */
export function busSentence(lab, bus, here, step) {
  const price = lab.series(`lmp:${bus}`);
  const parts = here.map((unit) => `${unit.kind === 'load' ? 'load' : unit.id} ${withUnit(unitMw(lab, unit, step), 'MW', 5)}`);
  if (price !== undefined) {
    const [low, high] = [lab.at(`lmp_low:${bus}`, step), lab.at(`lmp_high:${bus}`, step)];
    const tie = high - low > 1e-6 ? ` (anything from ${plain(low)} to ${plain(high)} is as right)` : '';
    parts.unshift(`price ${withUnit(price.values[step] ?? NaN, price.unit, 5)}${tie}`);
  }
  return `Bus ${bus}${parts.length === 0 ? '' : `: ${parts.join(', ')}`}`;
}

/**
 * @param {Lab} lab
 * @param {Unit} unit
 * @param {number} step
 */
export function unitSentence(lab, unit, step) {
  const kind = { generator: 'Generator', der: 'DER', load: 'Load' }[unit.kind];
  return `${kind} ${unit.id} at bus ${unit.bus}: ${withUnit(unitMw(lab, unit, step), 'MW', 5)}`;
}

/**
 * What the whole diagram shows at a step.
 * @param {Lab} lab
 * @param {number} step
 */
export function networkSentence(lab, step) {
  const system = lab.scenario.case;
  if (!system.branches.some(({ id }) => Number.isFinite(lab.at(`flow:${id}`, step)))) {
    return `${system.buses.length} buses and ${system.branches.length} lines; there is no dispatch to show.`;
  }
  const limited = system.branches
    .map((branch) => ({ branch, share: loading(lab, branch, step) }))
    .filter(({ share }) => Number.isFinite(share))
    .sort((a, b) => b.share - a.share);
  const over = limited.filter(({ share }) => loadingClass(share) === 'over');
  const named = (over.length > 0 ? over : limited).slice(0, 3);
  const when = lab.report.clock == null || lab.steps < 2 ? '' : `${lab.report.clock.name} ${step + 1}: `;
  const lines =
    limited.length === 0
      ? `${system.buses.length} buses, no limited line`
      : over.length > 0
        ? `over the limit: ${named.map(({ branch, share }) => `line ${branch.id} at ${percent(share)}`).join(', ')}${over.length > 3 ? ` and ${over.length - 3} more` : ''}`
        : `no line over its limit; the fullest is ${named[0]?.branch.id} at ${percent(named[0]?.share ?? NaN)}`;
  const prices = lab.report.series
    .filter(({ id }) => id.startsWith('lmp:'))
    .map(({ values }) => values[step] ?? NaN)
    .filter(Number.isFinite);
  if (prices.length === 0) return `${when}${lines}.`;
  const [low, high] = [Math.min(...prices), Math.max(...prices)];
  const unit = lab.report.series.find(({ id }) => id.startsWith('lmp:'))?.unit ?? '';
  const price = high - low < 1e-6 ? `one price, ${withUnit(low, unit, 2)}` : `prices from ${plain(low, 2)} to ${withUnit(high, unit, 2)}`;
  return `${when}${lines}; ${price}.`;
}
