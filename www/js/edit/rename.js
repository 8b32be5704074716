// An item with another name: whatever names it follows.

import { atBuses } from './references.js';

/** @import { Case, Scenario } from '../session/types.js' */
/** @import { Kind } from './references.js' */

/**
 * Names in a scenario all that an item was named before by its new name; the item itself has it already.
 * @param {Scenario} document
 * @param {Kind} kind
 * @param {string} from
 * @param {string} to
 */
export function renameIn(document, kind, from, to) {
  const { case: system, view } = document;
  const mechanism = /** @type {Record<string, any>} */ (document.mechanism);
  const now = (/** @type {string} */ id) => (id === from ? to : id);
  if (kind === 'bus') {
    renameBus(system, now);
    if (mechanism['reference'] !== undefined) mechanism['reference'] = now(mechanism['reference']);
    inKeys(mechanism, 'generation_mw', now);
  } else if (kind === 'branch') {
    const lines = mechanism['equivalent']?.critical_lines ?? {};
    for (const [aggregator, ids] of Object.entries(lines))
      lines[aggregator] = Array.isArray(ids) ? ids.map(now) : now(ids);
  } else if (kind === 'generator') {
    inKeys(mechanism['initial'], 'generators', now);
    for (const cost of system.day?.costs ?? []) cost.generator = now(cost.generator);
  } else if (kind === 'der') {
    for (const aggregator of system.aggregators ?? []) aggregator.ders = aggregator.ders.map(now);
    inKeys(mechanism['initial'], 'ders', now);
    inKeys(mechanism['df'], 'given', now);
    if (mechanism['watch'] !== undefined) mechanism['watch'] = now(mechanism['watch']);
  } else if (kind === 'bid') {
    for (const group of system.balancing?.exclusive ?? []) group.bids = group.bids.map(now);
  } else if (kind === 'aggregator') {
    inKeys(mechanism['equivalent'], 'critical_lines', now);
  } else if (kind === 'feeder') {
    for (const boundary of system.boundaries) boundary.feeder = now(boundary.feeder);
    if (system.local_market !== undefined) system.local_market.feeder = now(system.local_market.feeder);
    if (view.feeder !== undefined) view.feeder = now(view.feeder);
    // Values of a day that are given name their players themselves.
    if (mechanism['given'] != null) return;
    for (const power of mechanism['powers'] ?? []) power.id = now(power.id);
    if (view.players !== undefined) view.players = [now(view.players[0]), now(view.players[1])];
  }
}

/**
 * @param {Case} system
 * @param {(id: string) => string} now
 */
function renameBus(system, now) {
  for (const item of [...atBuses(system), ...(system.boundaries ?? [])]) item.bus = now(item.bus);
  for (const line of [...system.branches, ...(system.feeders ?? []).flatMap(({ lines }) => lines)])
    Object.assign(line, { from: now(line.from), to: now(line.to) });
  for (const feeder of system.feeders ?? []) feeder.root = now(feeder.root);
  for (const zone of system.balancing?.zones ?? []) {
    zone.bus = now(zone.bus);
    zone.buses = zone.buses.map(now);
    for (const { factors } of zone.limits) for (const factor of factors) factor.bus = now(factor.bus);
  }
}

/**
 * @param {Record<string, any> | undefined} holder
 * @param {string} key of a map by names
 * @param {(id: string) => string} now
 */
function inKeys(holder, key, now) {
  if (holder?.[key] != null)
    holder[key] = Object.fromEntries(Object.entries(holder[key]).map(([id, value]) => [now(id), value]));
}
