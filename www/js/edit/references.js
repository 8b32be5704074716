// What else in a scenario names a bus, a line or a unit: what names one that is gone is dropped.

/** @import { Case, Scenario } from '../session/types.js' */

/** What of a grid can be changed. @typedef {'bus' | 'branch' | 'generator' | 'load' | 'der' | 'bid' | 'imbalance' | 'aggregator' | 'feeder'} Kind */

/** Lists of a case whose items stand at a bus, each with the word for one. @type {[(system: Case) => { id: string, bus: string }[] | undefined, string][]} */
const AT_BUSES = [
  [(system) => system.generators, 'generator'],
  [(system) => system.loads, 'load'],
  [(system) => system.ders, 'DER'],
  [(system) => system.balancing?.schedule, 'schedule'],
  [(system) => system.balancing?.imbalances, 'imbalance'],
  [(system) => system.balancing?.bids, 'bid'],
  [(system) => system.day?.renewables, 'DER'],
  [(system) => system.day?.adjustable, 'load'],
  [(system) => system.day?.deferrable, 'load'],
  [(system) => system.day?.storage, 'battery'],
  [(system) => system.local_market?.resources, 'resource'],
  [(system) => system.local_market?.storage, 'battery'],
  [(system) => system.communities?.members, 'community'],
];

/** Factors that add up to 1 do so but for rounding. */
const EXACT = 1e-9;

/** Who may play in a bargain beside the feeders. */
const ISO = 'ISO';

/**
 * Everything that stands at a bus.
 * @param {Case} system
 * @returns {{ id: string, bus: string }[]}
 */
export function atBuses(system) {
  return AT_BUSES.flatMap(([listOf]) => listOf(system) ?? []);
}

/**
 * Takes everything away that stands at some buses.
 * @param {Case} system
 * @param {Set<string>} buses
 * @param {string[]} gone what was taken, in words
 */
export function takeUnits(system, buses, gone) {
  for (const [listOf, word] of AT_BUSES) {
    const list = listOf(system) ?? [];
    takeFrom(list, ({ bus }) => buses.has(bus), word, gone);
  }
}

/**
 * Takes the items of a list that fit.
 * @template {{ id: string }} T
 * @param {T[]} list
 * @param {(item: T) => boolean} fits
 * @param {string} word
 * @param {string[]} gone
 */
export function takeFrom(list, fits, word, gone) {
  const taken = list.filter(fits);
  if (taken.length === 0) return;
  list.splice(0, list.length, ...list.filter((item) => !fits(item)));
  gone.push(...taken.map(({ id }) => `${word} ${id}`));
}

/**
 * The ids that a generator, a DER or a bid may not have: one name space, whoever has them.
 * @param {Case} system
 */
export function partyIds(system) {
  const lists = AT_BUSES.filter(([, word]) => !['load', 'schedule', 'imbalance', 'community'].includes(word));
  const { adjustable = [], deferrable = [] } = system.day ?? {};
  return new Set(
    [...lists.flatMap(([listOf]) => listOf(system) ?? []), ...adjustable, ...deferrable].map(({ id }) => id),
  );
}

/**
 * Drops what names something that is not there any more.
 * @param {Scenario} document
 * @param {string[]} gone what was dropped, in words
 */
export function dropNames(document, gone) {
  const { case: system, view } = document;
  const ders = idsOf(system.ders);
  for (const aggregator of system.aggregators ?? []) aggregator.ders = aggregator.ders.filter((id) => ders.has(id));
  takeFrom(system.aggregators ?? [], (aggregator) => aggregator.ders.length === 0, 'aggregator', gone);
  dropInMarkets(system);
  dropInMechanism(/** @type {any} */ (document.mechanism), system, gone);
  const feeders = idsOf(system.feeders);
  const places = new Set([...feeders, ...idsOf(system.balancing?.zones)]);
  if (view.feeder !== undefined && !places.has(view.feeder)) delete view.feeder;
  const isGiven = /** @type {any} */ (document.mechanism).given != null;
  if (!isGiven && view.players?.some((player) => player !== ISO && !feeders.has(player))) delete view.players;
}

/** @param {Case} system */
function dropInMarkets(system) {
  const { balancing, day } = system;
  const buses = busIds(system);
  if (balancing !== undefined) {
    const bids = idsOf(balancing.bids);
    for (const group of balancing.exclusive ?? []) group.bids = group.bids.filter((id) => bids.has(id));
    if (balancing.exclusive) balancing.exclusive = balancing.exclusive.filter((group) => group.bids.length > 0);
    for (const zone of balancing.zones ?? []) {
      zone.buses = zone.buses.filter((id) => buses.has(id));
      for (const limit of zone.limits) limit.factors = limit.factors.filter(({ bus }) => buses.has(bus));
    }
  }
  const generators = idsOf(system.generators);
  if (day !== undefined) day.costs = day.costs.filter(({ generator }) => generators.has(generator));
}

/**
 * @param {Record<string, any>} mechanism
 * @param {Case} system
 * @param {string[]} gone
 */
function dropInMechanism(mechanism, system, gone) {
  const buses = busIds(system);
  const ders = idsOf(system.ders);
  const aggregators = idsOf(system.aggregators);
  if (mechanism['reference'] && !buses.has(mechanism['reference'])) {
    gone.push('the reference bus');
    mechanism['reference'] = '';
  }
  const watched = (system.aggregators ?? []).some((aggregator) => aggregator.ders.includes(mechanism['watch']));
  if (mechanism['watch'] && !watched) mechanism['watch'] = '';
  keepKeys(mechanism['initial']?.generators, idsOf(system.generators));
  keepKeys(mechanism['initial']?.ders, ders);
  dropFactors(mechanism['df']?.given ?? {}, system, gone);
  keepKeys(mechanism['generation_mw'], buses);
  if (mechanism['kind'] === 'bsp_bidding') dropBids(mechanism, system);
  if (mechanism['equivalent']) dropLines(mechanism['equivalent'], aggregators, system, gone);
  const parties = new Set([ISO, ...idsOf(system.feeders)]);
  // Values of a day that are given name their players themselves.
  if (Array.isArray(mechanism['powers']) && mechanism['given'] == null)
    mechanism['powers'] = mechanism['powers'].filter(({ id }) => parties.has(id));
}

/**
 * Given factors of DERs; those of an aggregator that no longer add up to 1 are left to the capacities.
 * @param {Record<string, number>} given
 * @param {Case} system
 * @param {string[]} gone
 */
function dropFactors(given, system, gone) {
  keepKeys(given, idsOf(system.ders));
  for (const { id, ders } of system.aggregators ?? []) {
    const listed = ders.filter((der) => given[der] !== undefined);
    const sum = listed.reduce((all, der) => all + (given[der] ?? 0), 0);
    if (listed.length === 0 || (listed.length < ders.length ? sum <= 1 : Math.abs(sum - 1) < EXACT)) continue;
    gone.push(`the given factors of ${id}`);
    for (const der of listed) delete given[der];
  }
}

/**
 * Bids and owners of a feeder's own market.
 * @param {Record<string, any>} mechanism
 * @param {Case} system
 */
function dropBids(mechanism, system) {
  const { resources = [], storage = [] } = system.local_market ?? {};
  const ids = idsOf([...resources, ...storage]);
  const owners = new Set([...resources, ...storage].map(({ owner }) => owner));
  mechanism['own'] = (mechanism['own'] ?? []).filter((/** @type {{ id: string }} */ { id }) => ids.has(id));
  mechanism['strategic'] = (mechanism['strategic'] ?? []).filter((/** @type {string} */ owner) => owners.has(owner));
  if (mechanism['resources']?.some((/** @type {string} */ id) => !ids.has(id))) mechanism['resources'] = null;
}

/**
 * The critical lines of aggregators; where none is left, they are proposed by the program.
 * @param {Record<string, any>} equivalent
 * @param {Set<string>} aggregators
 * @param {Case} system
 * @param {string[]} gone
 */
function dropLines(equivalent, aggregators, system, gone) {
  const limited = new Set(
    system.branches.filter((line) => line.max_p_mw != null && line.in_service !== false).map(({ id }) => id),
  );
  /** @type {Record<string, string | string[]>} */
  const given = equivalent['critical_lines'] ?? {};
  for (const [aggregator, lines] of Object.entries(given)) {
    const kept = [lines].flat().filter((id) => limited.has(id));
    if (aggregators.has(aggregator) && kept.length === [lines].flat().length) continue;
    gone.push(`a critical line of ${aggregator}`);
    if (!aggregators.has(aggregator) || kept.length === 0) delete given[aggregator];
    else given[aggregator] = typeof lines === 'string' ? lines : kept;
  }
  if (equivalent['lines'] === 'given' && Object.keys(given).length === 0) equivalent['lines'] = 'proposed';
}

/**
 * @param {Record<string, unknown> | undefined} map
 * @param {Set<string>} known
 */
function keepKeys(map, known) {
  for (const key of Object.keys(map ?? {})) if (!known.has(key)) delete map?.[key];
}

/** @param {{ id: string }[] | undefined} list */
export function idsOf(list) {
  return new Set((list ?? []).map(({ id }) => id));
}

/**
 * The buses of transmission and of all feeders.
 * @param {Case} system
 */
export function busIds(system) {
  return new Set([...system.buses, ...(system.feeders ?? []).flatMap(({ buses }) => buses)].map(({ id }) => id));
}
