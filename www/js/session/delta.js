// What of an answer is another than in the answer before. To hand over thousands of series and inputs costs the page more
// than to show those that a change moves; what stays is the same object again, so that who shows it need not look twice.

/** Data as messages carry them: JSON, and arrays of numbers. @typedef {unknown} Data */
/**
 * Of an object or an array: `is`, parts in the place of others; `of`, changes of parts; `gone`, keys that are no longer
 * there. Of anything else, the new one.
 * @typedef {{ whole?: Data, is?: [string | number, Data][], of?: [string | number, Delta][], gone?: string[] }} Delta
 */

/**
 * @param {Data} before
 * @param {Data} now
 * @returns {Delta | null} null where nothing is another
 */
export function deltaOf(before, now) {
  if (isSame(before, now)) return null;
  if (Array.isArray(before) && Array.isArray(now)) return ofArrays(before, now);
  if (isPlain(before) && isPlain(now)) return ofObjects(before, now);
  if (isNumbers(before) && isNumbers(now) && isSameRow(before, now)) return null;
  return { whole: now };
}

/**
 * @param {Data} before is left as it is
 * @param {Delta | null} delta
 * @returns {Data}
 */
export function changedBy(before, delta) {
  if (delta === null) return before;
  if ('whole' in delta) return delta.whole;
  const { is = [], of = [], gone = [] } = delta;
  /** @type {any} */
  const now = Array.isArray(before) ? [...before] : { .../** @type {object} */ (before) };
  for (const key of gone) delete now[key];
  for (const [key, part] of is) now[key] = part;
  for (const [key, part] of of) now[key] = changedBy(now[key], part);
  return now;
}

/**
 * @param {Data} one
 * @param {Data} other
 */
function isSame(one, other) {
  return one === other || (Number.isNaN(one) && Number.isNaN(other));
}

/**
 * @param {Data} what
 * @returns {what is Float64Array | Uint32Array}
 */
function isNumbers(what) {
  return what instanceof Float64Array || what instanceof Uint32Array;
}

/**
 * @param {Float64Array | Uint32Array} one
 * @param {Float64Array | Uint32Array} other
 */
function isSameRow(one, other) {
  if (one.length !== other.length) return false;
  for (let k = 0; k < one.length; k += 1) if (!isSame(one[k], other[k])) return false;
  return true;
}

/**
 * @param {Data} what
 * @returns {what is Record<string, Data>}
 */
function isPlain(what) {
  return typeof what === 'object' && what !== null && !Array.isArray(what) && !ArrayBuffer.isView(what);
}

/**
 * @param {Data[]} before
 * @param {Data[]} now
 * @returns {Delta | null}
 */
function ofArrays(before, now) {
  if (before.length !== now.length) return { whole: now };
  // A row of a table is as short as what says which of its cells are others.
  const isRow = now.every((part) => typeof part !== 'object' || part === null);
  if (isRow) return now.every((part, k) => isSame(part, before[k])) ? null : { whole: now };
  /** @type {[number, Delta][]} */
  const deltas = [];
  now.forEach((part, k) => {
    const delta = deltaOf(before[k], part);
    if (delta !== null) deltas.push([k, delta]);
  });
  return deltas.length === 0 ? null : parted(deltas);
}

/**
 * @param {Record<string, Data>} before
 * @param {Record<string, Data>} now
 * @returns {Delta | null}
 */
function ofObjects(before, now) {
  /** @type {[string, Delta][]} */
  const deltas = [];
  let known = 0;
  for (const key in now) {
    if (key in before) known += 1;
    const delta = key in before ? deltaOf(before[key], now[key]) : { whole: now[key] };
    if (delta !== null) deltas.push([key, delta]);
  }
  const gone = known < Object.keys(before).length ? Object.keys(before).filter((key) => !(key in now)) : [];
  if (deltas.length === 0 && gone.length === 0) return null;
  return { ...parted(deltas), ...(gone.length > 0 ? { gone } : {}) };
}

/**
 * @param {[string | number, Delta][]} deltas
 * @returns {Delta}
 */
function parted(deltas) {
  /** @type {[string | number, Data][]} */
  const is = [];
  /** @type {[string | number, Delta][]} */
  const of = [];
  for (const [key, part] of deltas) {
    if ('whole' in part) is.push([key, part.whole]);
    else of.push([key, part]);
  }
  return { ...(is.length > 0 ? { is } : {}), ...(of.length > 0 ? { of } : {}) };
}
