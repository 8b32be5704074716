// What a person can select: a bus, a branch or a party, named the same in every view.

/** @import { Case } from './types.js' */

/** @type {Record<string, 'bus' | 'branch' | 'party' | 'boundary'>} */
const KINDS = {
  lmp: 'bus',
  lmp_low: 'bus',
  lmp_high: 'bus',
  v: 'bus',
  flow: 'branch',
  loading: 'branch',
  over: 'branch',
  mu: 'branch',
  export: 'boundary',
  p: 'party',
  pa: 'party',
  df: 'party',
  load: 'party',
  lmpa: 'party',
  imbalance: 'party',
};

/**
 * The item a series belongs to, e.g. `flow:2-3` → `branch:2-3`.
 * @param {string} series
 * @returns {string}
 */
export function itemOfSeries(series) {
  const colon = series.indexOf(':');
  const kind = colon < 0 ? undefined : KINDS[series.slice(0, colon)];
  return kind === undefined ? `series:${series}` : `${kind}:${series.slice(colon + 1)}`;
}

/**
 * The item a field of the scenario belongs to, e.g. `case.branches.2-3.max_p_mw` → `branch:2-3`.
 * @param {string} path
 * @returns {string | null}
 */
export function itemOfPath(path) {
  const [root, list, id, inner, innerId] = path.split('.');
  if (root !== 'case' || id === undefined) return null;
  if (list === 'buses') return `bus:${id}`;
  if (list === 'branches') return `branch:${id}`;
  if (list === 'boundaries') return `boundary:${id}`;
  if (innerId !== undefined) {
    if (list === 'feeders' && inner === 'buses') return `bus:${innerId}`;
    if (list === 'feeders' && inner === 'lines') return `branch:${lineId(id, innerId)}`;
  }
  if (list === 'balancing') return ['bids', 'imbalances'].includes(id) && inner !== undefined ? `party:${inner}` : null;
  return ['generators', 'ders', 'aggregators', 'loads'].includes(list ?? '') ? `party:${id}` : null;
}

/**
 * A feeder line among the lines of all feeders, as reports name it.
 * @param {string} feeder
 * @param {string} line
 */
export function lineId(feeder, line) {
  return `${feeder}/${line}`;
}

/**
 * Column or row names of a table → items; only names that mean one thing.
 * @param {Case} system
 * @returns {Map<string, string>}
 */
export function itemsByName(system) {
  /** @type {Map<string, string>} */
  const items = new Map();
  for (const branch of system.branches) {
    items.set(branch.id, `branch:${branch.id}`);
    items.set(`line ${branch.id}`, `branch:${branch.id}`);
    items.set(`flow ${branch.id}`, `branch:${branch.id}`);
  }
  for (const bus of system.buses) items.set(`bus ${bus.id}`, `bus:${bus.id}`);
  for (const feeder of system.feeders ?? []) {
    for (const line of feeder.lines) {
      const id = lineId(feeder.id, line.id);
      items.set(id, `branch:${id}`);
      items.set(`line ${id}`, `branch:${id}`);
    }
    for (const bus of feeder.buses) items.set(`bus ${bus.id}`, `bus:${bus.id}`);
  }
  for (const boundary of system.boundaries ?? []) items.set(`interface ${boundary.id}`, `boundary:${boundary.id}`);
  const { bids, imbalances } = system.balancing ?? {};
  for (const list of [system.generators, system.ders, system.aggregators, system.loads, bids, imbalances]) {
    for (const { id } of list ?? []) items.set(id, `party:${id}`);
  }
  return items;
}

/**
 * Marks every element of the page that shows the selected item.
 * @param {ParentNode} root
 * @param {string | null} selected
 */
export function markSelected(root, selected) {
  for (const element of root.querySelectorAll('[data-item]')) {
    element.classList.toggle('is-selected', selected !== null && element.getAttribute('data-item') === selected);
  }
}
