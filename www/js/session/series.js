// The series of a report. They come from the worker as a few long arrays (`src/wasm/series.rs`), of which each becomes an
// object when it is first asked for: of a large grid there are tens of thousands, and few are looked at.

/** @import { Report, Series } from './types.js' */

/**
 * @typedef {{
 *   heads: { unit: string, index: Series['index'], kind: NonNullable<Series['subject']>['kind'] | null }[],
 *   head: Uint32Array, ids: string, names: string, subjects: string, ends: Uint32Array, values: Float64Array
 * }} Packed
 */

/** Stands between texts. */
const BETWEEN = '\u001f';

/** @type {WeakMap<Report, AllSeries>} */
const known = new WeakMap();
/** Ids and where they stand, of the report before: after a change they are mostly the same. */
let places = { text: '', ids: /** @type {string[]} */ ([]), of: /** @type {Map<string, number>} */ (new Map()) };

/** @param {Packed} packed */
function placesOf({ head, ids: text }) {
  if (places.text === text && places.ids.length === head.length) return places;
  const ids = head.length === 0 ? [] : text.split(BETWEEN);
  places = { text, ids, of: new Map(ids.map((id, k) => [id, k])) };
  return places;
}

class AllSeries {
  /** @type {string[]} */
  ids;
  #packed;
  /** @type {Map<string, number>} */
  #places;
  /** @type {(Series | undefined)[]} */
  #made;
  /** @type {{ names: string[], subjects: string[] } | null} */
  #texts = null;

  /** @param {Packed} packed */
  constructor(packed) {
    this.#packed = packed;
    ({ ids: this.ids, of: this.#places } = placesOf(packed));
    this.#made = new Array(this.ids.length);
  }

  /** @param {string} id */
  get(id) {
    const k = this.#places.get(id);
    return k === undefined ? undefined : this.#at(k);
  }

  all() {
    return this.ids.map((_, k) => this.#at(k));
  }

  /** @param {number} k @returns {Series} */
  #at(k) {
    const made = this.#made[k];
    if (made !== undefined) return made;
    const { heads, head, names, subjects, ends, values } = this.#packed;
    this.#texts ??= { names: names.split(BETWEEN), subjects: subjects.split(BETWEEN) };
    const { unit, index, kind } = heads[head[k] ?? 0] ?? { unit: '', index: { kind: 'clock' }, kind: null };
    /** @type {Series} */
    const series = {
      id: this.ids[k] ?? '',
      name: this.#texts.names[k] ?? '',
      unit,
      index,
      values: /** @type {any} */ (values.subarray(ends[k - 1] ?? 0, ends[k])),
    };
    if (kind !== null) series.subject = { kind, id: this.#texts.subjects[k] ?? '' };
    this.#made[k] = series;
    return series;
  }
}

/**
 * Gives a report that came with packed series the list of them, made when it is asked for.
 * @param {any} result of a call to the worker: a report, what holds one, or neither
 */
export function unpack(result) {
  for (const report of [result, result?.report]) {
    const packed = report?.packed;
    if (packed === undefined || known.has(report)) continue;
    const series = new AllSeries(packed);
    known.set(report, series);
    // Not one of those that a copy takes: it is made anew of what is packed.
    Object.defineProperty(report, 'series', { get: () => series.all(), configurable: true });
  }
  return result;
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
