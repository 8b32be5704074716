// Numbers as they are printed: half up, no more digits than matter, a true minus sign.

/** Bits below this part of a printed unit are the solver's, not the answer's. */
const NOISE = 1e-9;

/**
 * Rounds half away from zero.
 * @param {number} value
 * @param {number} decimals
 */
export function halfUp(value, decimals) {
  const scale = 10 ** decimals;
  const size = Math.floor(Math.abs(value) * scale + 0.5 + NOISE) / scale;
  return size === 0 ? 0 : Math.sign(value) * size;
}

/**
 * The fewest decimals, at most `most`, that show every value to that precision; large numbers get fewer.
 * @param {ArrayLike<number>} values
 * @param {number} [most]
 */
export function decimals(values, most = 4) {
  let largest = 0;
  let need = 0;
  for (const value of Array.from(values)) {
    if (!Number.isFinite(value)) continue;
    largest = Math.max(largest, Math.abs(value));
    while (need < most && Math.abs(halfUp(value, need) - value) > 0.5 * 10 ** -(most + 1)) need += 1;
  }
  const room = largest >= 1000 ? 2 : largest >= 100 ? 3 : most;
  return Math.min(need, room, most);
}

/**
 * @param {number} value
 * @param {number} places decimals, all of them written
 */
export function fixed(value, places) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? '–' : value > 0 ? '∞' : '−∞';
  const rounded = halfUp(value, places);
  const text = Math.abs(rounded).toFixed(places);
  return rounded < 0 ? `−${text}` : text;
}

/**
 * One number on its own, no trailing zeros.
 * @param {number | null | undefined} value
 * @param {number} [most] decimals at most
 */
export function plain(value, most = 4) {
  if (value === null || value === undefined || Number.isNaN(value)) return '–';
  const size = Math.abs(value);
  if (size !== 0 && (size < 0.5 * 10 ** -most || size >= 1e9)) return scientific(value);
  return fixed(value, decimals([value], most));
}

/**
 * With its unit.
 * @param {number | null | undefined} value
 * @param {string} unit
 * @param {number} [most]
 */
export function withUnit(value, unit, most = 4) {
  const text = plain(value, most);
  const shown = unitText(unit);
  return shown === '' ? text : `${text} ${shown}`;
}

/**
 * A unit as it is written; a pure number has none.
 * @param {string} unit
 */
export function unitText(unit) {
  return unit === '1' ? '' : unit;
}

/**
 * Two significant digits, for residuals.
 * @param {number} value
 */
export function scientific(value) {
  if (value === 0) return '0';
  if (!Number.isFinite(value)) return '–';
  const [mantissa, exponent] = value.toExponential(1).split('e');
  return `${(mantissa ?? '').replace('-', '−')}e${(exponent ?? '').replace('+', '').replace('-', '−')}`;
}

/**
 * A number for a form field: what the scenario holds, in the shortest form that reads back the same.
 * @param {unknown} value
 */
export function raw(value) {
  return typeof value === 'number' ? String(value) : value === null || value === undefined ? '' : String(value);
}

/**
 * Reads what a person or a spreadsheet wrote: a minus sign of any kind, a decimal comma, spaces between thousands.
 * @param {string} text
 * @returns {number} NaN when it is no number
 */
export function read(text) {
  const bare = text.trim().replace(/[−–]/g, '-').replace(/[\s\u00a0\u202f](?=\d)/g, '');
  const dotted = /^[-+]?\d*,\d+$/.test(bare) ? bare.replace(',', '.') : bare;
  return dotted === '' ? NaN : Number(dotted);
}

/**
 * A cell's text and the invisible tail that aligns it on the decimal point of its column.
 * @param {number} value
 * @param {number} places decimals of the column
 */
export function aligned(value, places) {
  const text = fixed(value, Math.min(places, decimals([value], places)));
  const dot = text.indexOf('.');
  const have = dot < 0 ? 0 : text.length - dot - 1;
  const tail = places === 0 || have === places ? '' : (dot < 0 ? '.' : '') + '0'.repeat(places - have);
  return { text, tail };
}
