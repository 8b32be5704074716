// Changes of a grid: a scenario in, another out, with what became of it in words. Nothing here knows the page; whether the
// outcome is right is for the program to say, which checks every scenario it is given.

import { significant } from '../ui/number.js';
import { busIds, dropNames, idsOf, partyIds, takeFrom, takeUnits } from './references.js';
import { renameIn } from './rename.js';

/** @import { Case, Feeder, Scenario } from '../session/types.js' */

/** @typedef {import('./references.js').Kind} Kind */
/** @typedef {Record<string, any> & { id: string }} Item */
/**
 * `done`: what was done, a word before `parts`, what it was done to; `item`: what is to be selected then.
 * @typedef {{ document: Scenario, done: 'Added' | 'Removed' | 'Changed' | 'Moved', parts: string[], item: string | null }} Changed
 */

/** How a kind is called in a sentence. @type {Record<Kind, string>} */
export const WORDS = {
  ...{ bus: 'bus', branch: 'line', generator: 'generator', load: 'load', der: 'DER' },
  ...{ bid: 'bid', imbalance: 'imbalance', aggregator: 'aggregator', feeder: 'feeder' },
};

/** The list of a case that holds a kind. @type {Record<Kind, string>} */
const LISTS = {
  ...{ bus: 'buses', branch: 'branches', generator: 'generators', load: 'loads', der: 'ders' },
  ...{ bid: 'bids', imbalance: 'imbalances', aggregator: 'aggregators', feeder: 'feeders' },
};
/** Kinds of a balancing market, which a case may not have. */
const BALANCING = ['bid', 'imbalance'];

/** Values of an item that say where it belongs, not how much it is: with another one it is another grid. */
const PLACES = ['id', 'bus', 'from', 'to', 'ders'];

/** Between a feeder and a line of it, as reports name it. */
const OF_FEEDER = '/';

/**
 * The items of a kind; those of the feeders are found by `find`.
 * @param {Case} system
 * @param {Kind} kind
 * @returns {Item[]}
 */
export function listOf(system, kind) {
  const own = /** @type {Record<string, any> | undefined} */ (BALANCING.includes(kind) ? system.balancing : system);
  if (own === undefined) return [];
  own[LISTS[kind]] ??= [];
  return own[LISTS[kind]];
}

/**
 * An item by its id, of transmission or of a feeder; a feeder's line is called `F1/2-3`.
 * @param {Case} system
 * @param {Kind} kind
 * @param {string} id
 * @returns {{ item: Item, feeder: Feeder | null } | null}
 */
export function find(system, kind, id) {
  const item = listOf(system, kind).find((one) => one.id === id);
  if (item !== undefined) return { item, feeder: null };
  for (const feeder of system.feeders ?? []) {
    const name = kind === 'branch' ? id.slice(feeder.id.length + OF_FEEDER.length) : id;
    if (kind === 'branch' && !id.startsWith(feeder.id + OF_FEEDER)) continue;
    const list = kind === 'bus' ? feeder.buses : kind === 'branch' ? feeder.lines : [];
    const own = list.find((one) => one.id === name);
    if (own !== undefined) return { item: own, feeder };
  }
  return null;
}

/**
 * The item of the page for one of a kind.
 * @param {Kind} kind
 * @param {string} id
 * @param {Case} system
 */
export function pageItem(kind, id, system) {
  if (kind === 'bus' || kind === 'branch') return `${kind}:${id}`;
  if (kind === 'aggregator') return `aggregator:${id}`;
  if (kind !== 'feeder') return `party:${id}`;
  const boundary = (system.boundaries ?? []).find((one) => one.feeder === id);
  return boundary === undefined ? null : `boundary:${boundary.id}`;
}

/**
 * The kind and id that an item of the page is of, where it can be changed.
 * @param {Case} system
 * @param {string | null} item
 * @returns {{ kind: Kind, id: string } | null}
 */
export function kindOf(system, item) {
  const [, name = '', id = ''] = /^([a-z]+):(.*)$/s.exec(item ?? '') ?? [];
  const boundary = (system.boundaries ?? []).find((one) => one.id === id);
  if (name === 'boundary') return boundary === undefined ? null : { kind: 'feeder', id: boundary.feeder };
  const kinds = /** @type {Record<string, Kind[]>} */ ({
    ...{ bus: ['bus'], base: ['bus'], branch: ['branch'], aggregator: ['aggregator'] },
    party: ['generator', 'der', 'bid', 'load', 'imbalance', 'aggregator'],
  })[name];
  const kind = (kinds ?? []).find((one) => find(system, one, id) !== null);
  return kind === undefined ? null : { kind, id };
}

/**
 * A copy to work on. What is another grid is no longer the preset's, whose words and printed numbers are of its own.
 * @param {Scenario} document
 * @param {boolean} [same] whether it stays the same grid
 */
function copied(document, same = false) {
  const next = structuredClone(document);
  if (same || next.preset === '') return next;
  next.preset = '';
  next.title = `${next.title}, grid changed`;
  if (next.lesson == null) delete next.view.lesson;
  return next;
}

/**
 * With one more item. A bus comes with the line that connects it.
 * @param {Scenario} document
 * @param {Kind} kind
 * @param {Item} item
 * @param {Item} [line] of a bus
 * @returns {Changed}
 */
export function added(document, kind, item, line) {
  const next = copied(document);
  const system = next.case;
  const parts = [`${WORDS[kind]} ${item.id}`];
  const feeder = line === undefined ? null : (find(system, 'bus', line['from'])?.feeder ?? null);
  if (feeder !== null && line !== undefined) {
    feeder.buses.push(/** @type {any} */ (item));
    feeder.lines.push(/** @type {any} */ (line));
    parts.push(`line ${line.id}`);
  } else {
    listOf(system, kind).push(item);
    if (line !== undefined) {
      listOf(system, 'branch').push(line);
      parts.push(`line ${line.id}`);
    }
  }
  return { document: next, done: 'Added', parts, item: pageItem(kind, item.id, system) };
}

/**
 * With other values of an item; one that is undefined is left out.
 * @param {Scenario} document
 * @param {Kind} kind
 * @param {string} id
 * @param {Record<string, unknown>} values
 * @returns {Changed | null} null where there is no such item
 */
export function changed(document, kind, id, values) {
  const before = find(document.case, kind, id)?.item;
  if (before === undefined) return null;
  const isSame = PLACES.every((key) => !(key in values) || same(values[key], before[key]));
  const next = copied(document, isSame);
  const found = find(next.case, kind, id);
  for (const [key, value] of Object.entries(values)) {
    if (found === null) continue;
    if (value === undefined) delete found.item[key];
    else found.item[key] = value;
  }
  const name = found?.item.id ?? before.id;
  if (name !== before.id) renameIn(next, kind, before.id, name);
  // A line of a feeder is called by both names.
  const now = id.slice(0, id.length - before.id.length) + name;
  /** @type {string[]} */
  const gone = [];
  dropNames(next, gone);
  const parts = [`${WORDS[kind]} ${now}`, ...gone];
  return { document: next, done: 'Changed', parts, item: pageItem(kind, now, next.case) };
}

/**
 * @param {unknown} a
 * @param {unknown} b
 */
function same(a, b) {
  return JSON.stringify(a) === JSON.stringify(b);
}

/**
 * Without an item and all that hangs on it: with a bus go its lines, units and feeders.
 * @param {Scenario} document
 * @param {Kind} kind
 * @param {string} id
 * @returns {Changed | null} null where there is no such item
 */
export function removed(document, kind, id) {
  const next = copied(document);
  const system = next.case;
  const found = find(system, kind, id);
  if (found === null) return null;
  /** @type {string[]} */
  const gone = [];
  if (kind === 'feeder') takeFeeders(system, new Set([id]), gone);
  else if (found.feeder?.root === id) takeFeeders(system, new Set([found.feeder.id]), gone);
  else if (found.feeder !== null) takeBehind(system, found.feeder, found.item, gone);
  else takeFrom(listOf(system, kind), (item) => item.id === id, WORDS[kind], gone);
  if (kind === 'bus' && found.feeder === null) {
    takeFrom(system.branches, ({ from, to }) => from === id || to === id, 'line', gone);
    takeUnits(system, new Set([id]), gone);
    const below = (system.boundaries ?? []).filter(({ bus }) => bus === id).map(({ feeder }) => feeder);
    takeFeeders(system, new Set(below), gone);
  }
  dropNames(next, gone);
  return { document: next, done: 'Removed', parts: gone, item: null };
}

/**
 * @param {Case} system
 * @param {Set<string>} ids
 * @param {string[]} gone
 */
function takeFeeders(system, ids, gone) {
  const buses = (system.feeders ?? []).filter(({ id }) => ids.has(id)).flatMap((feeder) => feeder.buses);
  takeFrom(system.feeders ?? [], ({ id }) => ids.has(id), 'feeder', gone);
  takeFrom(system.boundaries ?? [], ({ feeder }) => ids.has(feeder), 'boundary', []);
  takeUnits(system, idsOf(buses), gone);
}

/**
 * A bus or a line of a feeder goes with all that lies behind it, seen from the substation.
 * @param {Case} system
 * @param {Feeder} feeder
 * @param {Item} item
 * @param {string[]} gone
 */
function takeBehind(system, feeder, item, gone) {
  const kept = new Set([feeder.root]);
  const cut = (/** @type {Item} */ line) =>
    item['from'] === undefined ? line['from'] === item.id || line['to'] === item.id : line.id === item.id;
  const lines = feeder.lines.filter((line) => !cut(line));
  for (let size = 0; size < kept.size; ) {
    size = kept.size;
    for (const { from, to } of lines) if (kept.has(from) !== kept.has(to)) kept.add(from).add(to);
  }
  const behind = new Set(feeder.buses.map(({ id }) => id).filter((id) => !kept.has(id)));
  takeFrom(feeder.buses, ({ id }) => behind.has(id), 'bus', gone);
  takeFrom(feeder.lines, ({ from, to }) => behind.has(from) || behind.has(to), 'line', gone);
  takeUnits(system, behind, gone);
}

/**
 * With buses at other places of the diagram; the grid stays what it is.
 * @param {Scenario} document
 * @param {Map<string, { x: number, y: number }>} places
 * @param {string} id of the bus that was moved
 * @returns {Changed}
 */
export function moved(document, places, id) {
  const next = copied(document, true);
  for (const bus of next.case.buses) Object.assign(bus, places.get(bus.id));
  return { document: next, done: 'Moved', parts: [`bus ${id}`], item: `bus:${id}` };
}

/**
 * With DERs that bid as one. They leave the aggregators they were in.
 * @param {Scenario} document
 * @param {string} id of the aggregator, which may exist
 * @param {string[]} ders
 * @returns {Changed}
 */
export function grouped(document, id, ders) {
  const next = copied(document);
  const list = listOf(next.case, 'aggregator');
  for (const aggregator of list)
    aggregator['ders'] = aggregator['ders'].filter((/** @type {string} */ der) => !ders.includes(der));
  const own = list.find((aggregator) => aggregator.id === id);
  if (own === undefined) list.push({ id, ders });
  else own['ders'] = ders;
  /** @type {string[]} */
  const gone = [];
  dropNames(next, gone);
  // One without DERs is for the program to refuse.
  if (ders.length === 0) list.push({ id, ders });
  const done = own === undefined ? 'Added' : 'Changed';
  return { document: next, done, parts: [`aggregator ${id}`, ...gone.map((part) => `without ${part}`)], item: null };
}

/**
 * With a feeder below a bus. Its buses get names of their own.
 * @param {Scenario} document
 * @param {Feeder} feeder
 * @param {{ id: string, bus: string, max_p_mw: number | null }} place `id` of the feeder here
 * @returns {Changed}
 */
export function attached(document, feeder, { id, bus, max_p_mw }) {
  const next = copied(document);
  const { case: system } = next;
  const name = (/** @type {string} */ own) => `${id}-${own.slice(own.lastIndexOf('-') + 1)}`;
  const own = structuredClone(feeder);
  own.id = id;
  own.root = name(own.root);
  for (const one of own.buses) one.id = name(one.id);
  for (const line of own.lines) Object.assign(line, { from: name(line.from), to: name(line.to) });
  system.feeders = [...(system.feeders ?? []), own];
  const boundaries = idsOf(system.boundaries);
  const boundary = unused(boundaries, id, (n) => `${id}-${n}`);
  system.boundaries = [...(system.boundaries ?? []), { id: boundary, bus, feeder: id, max_p_mw }];
  return { document: next, done: 'Added', parts: [`feeder ${id}`], item: `boundary:${boundary}` };
}

/**
 * The first id that is not taken.
 * @param {Set<string>} taken
 * @param {string} first
 * @param {(n: number) => string} next
 */
function unused(taken, first, next) {
  if (!taken.has(first)) return first;
  let n = 2;
  while (taken.has(next(n))) n += 1;
  return next(n);
}

/**
 * An id for a new item.
 * @param {Case} system
 * @param {Kind} kind
 * @param {{ from?: string, to?: string, bus?: string, feeder?: Feeder | null }} [at] where it will be
 * @returns {string}
 */
export function freeId(system, kind, { from = '', to = '', bus = '', feeder = null } = {}) {
  if (kind === 'bus') {
    const taken = busIds(system);
    const head = feeder === null ? '' : (/^.*\D(?=\d+$)/.exec(feeder.buses[0]?.id ?? '')?.[0] ?? '');
    const numbers = [...taken].flatMap((id) =>
      /^\d+$/.test(id.slice(head.length)) && id.startsWith(head) ? [Number(id.slice(head.length))] : [],
    );
    const next = Math.max(0, ...numbers) + 1;
    return unused(taken, `${head}${next}`, (n) => `${head}${next + n}`);
  }
  if (kind === 'branch') {
    const taken = idsOf(feeder === null ? system.branches : feeder.lines);
    return unused(taken, `${from}-${to}`, (n) => `${from}-${to}-${n}`);
  }
  if (kind === 'aggregator') {
    const taken = idsOf(system.aggregators);
    const letter = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'].find((one) => !taken.has(one));
    return letter ?? unused(taken, 'A1', (n) => `A${n}`);
  }
  if (kind === 'feeder') return unused(idsOf(system.feeders), 'F1', (n) => `F${n}`);
  const isOwn = kind === 'load' || kind === 'imbalance';
  const taken = isOwn ? idsOf([...listOf(system, kind), ...(system.balancing?.schedule ?? [])]) : partyIds(system);
  const head = { generator: 'G', load: 'L', der: 'D', bid: 'BSP', imbalance: 'BRP' }[kind];
  return unused(taken, `${head}${bus}`, (n) => `${head}${bus}-${n}`);
}

/**
 * A place for a bus near another: one step of the diagram away, where most room is. None where the case says no places.
 * @param {Case} system
 * @param {string} near
 * @returns {{ x?: number, y?: number }}
 */
export function placeNear({ buses, branches }, near) {
  const at = new Map(buses.flatMap(({ id, x, y }) => (x == null || y == null ? [] : [[id, { x, y }]])));
  const home = at.get(near);
  if (home === undefined || at.size < buses.length) return {};
  const lengths = branches
    .flatMap(({ from, to }) => {
      const [a, b] = [at.get(from), at.get(to)];
      return a === undefined || b === undefined ? [] : [Math.hypot(a.x - b.x, a.y - b.y)];
    })
    .filter((length) => length > 0)
    .sort((a, b) => a - b);
  const step = lengths[Math.floor(lengths.length / 2)] ?? 1;
  const others = [...at].filter(([id]) => id !== near).map(([, spot]) => spot);
  let best = home;
  let most = -1;
  for (let k = 0; k < 8; k += 1) {
    const turn = (k * Math.PI) / 4;
    const spot = { x: tidy(home.x + step * Math.cos(turn)), y: tidy(home.y + step * Math.sin(turn)) };
    const room = Math.min(...others.map(({ x, y }) => Math.hypot(x - spot.x, y - spot.y)));
    if (room > most + 1e-9 * step) [best, most] = [spot, room];
  }
  return best;
}

/** @param {number} value */
function tidy(value) {
  return significant(value, 6) + 0;
}
