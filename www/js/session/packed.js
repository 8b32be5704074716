// What of a report is long comes from the worker as a few arrays of text and numbers (`src/wasm/packed.rs`): series, of which
// each becomes an object when it is first asked for, as of a large grid there are tens of thousands and few are looked at, and
// payments.

/** @import { Entry, Report, Series } from './types.js' */

/**
 * Series of like things, item by item, of each those of every kind; `names` with `{}` in the place of the item. Lists of texts
 * are joined.
 * @typedef {{
 *   of: NonNullable<Series['subject']>['kind'], kinds: string, names: string, units: string, items: string, steps: number,
 *   values: Float64Array
 * }} SeriesTable
 */
/** @typedef {{ payers: string, payees: string, items: string, amounts: Float64Array }} Payments */

/** Stands between texts. */
const BETWEEN = '\u001f';

/** @param {string} text */
function parts(text) {
  return text.split(BETWEEN);
}

/** @type {WeakMap<Report, AllSeries>} */
const known = new WeakMap();
/** Lists of items and where each stands: many tables have the same, and so has the next report. */
const MOST = 16;
/** @type {Map<string, { items: string[], places: Map<string, number> }>} */
const lists = new Map();

/** @param {string} text */
function listOf(text) {
  let list = lists.get(text);
  if (list === undefined) {
    const items = parts(text);
    // The first of an id, as in a search from the front.
    list = { items, places: new Map(items.map((id, k) => /** @type {const} */ ([id, k])).reverse()) };
    if (lists.size >= MOST) lists.clear();
    lists.set(text, list);
  }
  return list;
}

/** The series of a table. */
class Table {
  #packed;
  #kinds;
  #list;
  /** @type {{ names: string[], units: string[] } | null} */
  #texts = null;
  /** @type {Map<number, Series>} */
  #made = new Map();

  /** @param {SeriesTable} packed */
  constructor(packed) {
    this.#packed = packed;
    this.#kinds = parts(packed.kinds);
    this.#list = listOf(packed.items);
  }

  /** @param {string} id */
  get(id) {
    for (const [column, kind] of this.#kinds.entries()) {
      if (!id.startsWith(`${kind}:`)) continue;
      const item = this.#list.places.get(id.slice(kind.length + 1));
      if (item !== undefined) return this.#at(item, column);
    }
    return undefined;
  }

  ids() {
    return this.#list.items.flatMap((item) => this.#kinds.map((kind) => `${kind}:${item}`));
  }

  get size() {
    return this.#list.items.length * this.#kinds.length;
  }

  /** @param {string} kind */
  items(kind) {
    return this.#kinds.includes(kind) ? this.#list.items : [];
  }

  all() {
    return this.#list.items.flatMap((_, item) => this.#kinds.map((_, column) => this.#at(item, column)));
  }

  /** @param {number} item @param {number} column @returns {Series} */
  #at(item, column) {
    const k = item * this.#kinds.length + column;
    const before = this.#made.get(k);
    if (before !== undefined) return before;
    const { of, names, units, steps, values } = this.#packed;
    this.#texts ??= { names: parts(names), units: parts(units) };
    const id = this.#list.items[item] ?? '';
    /** @type {Series} */
    const series = {
      id: `${this.#kinds[column]}:${id}`,
      name: (this.#texts.names[column] ?? '').replaceAll('{}', () => id),
      unit: this.#texts.units[column] ?? '',
      index: { kind: 'clock' },
      values: /** @type {any} */ (values.subarray(k * steps, (k + 1) * steps)),
      subject: { kind: of, id },
    };
    this.#made.set(k, series);
    return series;
  }
}

class AllSeries {
  /** Single ones by their ids, and tables, in order. @type {(Map<string, Series> | Table)[]} */
  #parts = [];
  /** @type {string[] | null} */
  #ids = null;

  /** @param {(Series | SeriesTable)[]} packed */
  constructor(packed) {
    for (const part of packed) {
      if ('kinds' in part) {
        this.#parts.push(new Table(part));
        continue;
      }
      const last = this.#parts.at(-1);
      if (last instanceof Map && !last.has(part.id)) last.set(part.id, part);
      else this.#parts.push(new Map([[part.id, part]]));
    }
  }

  /** @param {string} id */
  get(id) {
    for (const part of this.#parts) {
      const series = part.get(id);
      if (series !== undefined) return series;
    }
    return undefined;
  }

  get ids() {
    this.#ids ??= this.#parts.flatMap((part) => (part instanceof Map ? [...part.keys()] : part.ids()));
    return this.#ids;
  }

  all() {
    return this.#parts.flatMap((part) => (part instanceof Map ? [...part.values()] : part.all()));
  }

  get size() {
    return this.#parts.reduce((sum, part) => sum + part.size, 0);
  }

  /** Of what there is a series of a kind. @param {string} kind */
  items(kind) {
    const own = (/** @type {string} */ id) => (id.startsWith(`${kind}:`) ? [id.slice(kind.length + 1)] : []);
    return this.#parts.flatMap((part) => (part instanceof Map ? [...part.keys()].flatMap(own) : part.items(kind)));
  }
}

/** @param {Payments} packed @returns {Entry[]} */
function ledgerOf({ payers, payees, items, amounts }) {
  if (amounts.length === 0) return [];
  const [payer, payee, item] = [parts(payers), parts(payees), parts(items)];
  return Array.from(amounts, (amount_usd, k) => ({
    payer: payer[k] ?? '',
    payee: payee[k] ?? '',
    item: item[k] ?? '',
    amount_usd,
  }));
}

/**
 * Gives a report that came packed its series and ledger, made when they are asked for.
 * @param {any} result of a call to the worker: a report, what holds one, or neither
 */
export function unpack(result) {
  for (const report of [result, result?.report]) {
    if (report?.packed === undefined || known.has(report)) continue;
    const series = new AllSeries(report.packed);
    known.set(report, series);
    lazily(report, 'series', () => series.all());
    lazily(report, 'ledger', () => ledgerOf(report.payments));
  }
  return result;
}

/**
 * A property that is made when it is first asked for. It is not one of those that a copy takes: there it is made anew of what
 * is packed.
 * @param {object} owner
 * @param {string} name
 * @param {() => unknown} make
 */
function lazily(owner, name, make) {
  /** @type {unknown} */
  let made;
  Object.defineProperty(owner, name, { get: () => (made ??= make()), configurable: true, enumerable: false });
}

/**
 * @param {Report} report
 * @param {string} id
 */
export function seriesOf(report, id) {
  const series = known.get(report);
  return series === undefined ? report.series.find((one) => one.id === id) : series.get(id);
}

/** The ids of all series. @param {Report} report */
export function seriesIds(report) {
  return known.get(report)?.ids ?? report.series.map(({ id }) => id);
}

/** Of what there is a series of a kind, as `lmp`. @param {Report} report @param {string} kind */
export function itemsOf(report, kind) {
  const series = known.get(report) ?? new AllSeries(report.series);
  return series.items(kind);
}

/** How many series there are. @param {Report} report */
export function countOf(report) {
  return known.get(report)?.size ?? report.series.length;
}
