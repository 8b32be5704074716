// Numbers as they are read: half up, no more digits than matter, a true minus sign, thousands apart. As in the program
// (`report::amount`), so that a sentence of either says a number alike.

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
 * Decimals of numbers that stand beside what they are of, in a drawing: at most two, fewer of large numbers.
 * @param {ArrayLike<number>} values
 */
export function fewDecimals(values) {
  const largest = Math.max(0, ...Array.from(values, Math.abs).filter(Number.isFinite));
  return Math.min(decimals(values, 2), largest >= 1000 ? 0 : largest >= 100 ? 1 : 2);
}

/**
 * @param {number} value
 * @param {number} places decimals, all of them written
 */
export function fixed(value, places) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? '–' : value > 0 ? '∞' : '−∞';
  const rounded = halfUp(value, places);
  const text = grouped(Math.abs(rounded).toFixed(places));
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

/** Significant digits of a number in a sentence. */
const DIGITS = 3;
/** What is smaller is nothing, in any unit of a report: it is left over from a solve. */
const NOTHING = 5e-7;
const MONEY = new Set(['$', '$/h', '€', '€/h']);

/**
 * An amount as it is read in a sentence: three significant digits, of money none after the point from 100 up and two
 * below, of a voltage four; nothing where it is left over from a solve.
 * @param {number | null | undefined} value
 * @param {string} unit
 */
export function amount(value, unit) {
  const text = bareAmount(value, unit);
  const shown = unitText(unit);
  return shown === '' ? text : `${text}\u00a0${shown}`;
}

/**
 * The same without its unit.
 * @param {number | null | undefined} value
 * @param {string} unit
 */
export function bareAmount(value, unit) {
  if (value === null || value === undefined || !Number.isFinite(value)) return plain(value);
  const size = Math.abs(value) < NOTHING ? 0 : Math.abs(value);
  return plain(size === 0 ? 0 : value, placesOf(size, unit));
}

/**
 * Decimals of an amount in a sentence.
 * @param {number} size
 * @param {string} unit
 */
function placesOf(size, unit) {
  if (unit === 'p.u.') return 4;
  if (MONEY.has(unit) && size >= 99.995) return 0;
  if (MONEY.has(unit) && size >= 0.005) return 2;
  return size === 0 ? 0 : Math.max(0, DIGITS - 1 - Math.floor(Math.log10(size)));
}

/**
 * A narrow space before every three digits of a number from 10 000 up.
 * @param {string} text
 */
function grouped(text) {
  const point = text.indexOf('.');
  const whole = point < 0 ? text : text.slice(0, point);
  if (whole.length < 5) return text;
  return whole.replace(/\B(?=(\d{3})+$)/g, '\u202f') + text.slice(whole.length);
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
 * Rounded to so many significant digits.
 * @param {number} value
 * @param {number} digits
 */
export function significant(value, digits) {
  return Number(value.toPrecision(digits));
}

/**
 * A length or a place in a drawing.
 * @param {number} px
 * @param {number} [places]
 */
export function pixels(px, places = 1) {
  return px.toFixed(places);
}

/**
 * A number for a form field: what the scenario holds, in the shortest form that reads back the same.
 * @param {unknown} value
 */
export function raw(value) {
  return typeof value === 'number' ? String(value) : value === null || value === undefined ? '' : String(value);
}

/** A number as it is read once signs, blanks and commas are settled. */
const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;
/** Thousands apart by blanks or apostrophes, as in 12 345.6. */
const GROUPED = /^[-+]?\d{1,3}(['\u2019\s]\d{3})+(?!\d)/;

/**
 * A number that a person or a spreadsheet wrote, or why it is none. A decimal comma is as good as a point, any minus
 * sign is one, blanks or apostrophes may stand between thousands. What could be two numbers is neither.
 * @param {string} text
 * @returns {{ value: number } | { message: string }}
 */
export function reading(text) {
  const trimmed = text.trim();
  if (trimmed === '') return { message: 'A number is needed here.' };
  if (/[\t\r\n;]/.test(trimmed)) return { message: 'These are several numbers; one is needed here.' };
  const bare = trimmed.replace(/^[\u2010-\u2015\u2212\uff0d]/, '-').replace(/e[\u2010-\u2015\u2212\uff0d]/i, 'e-');
  const joined = GROUPED.test(bare) ? bare.replace(/(?<=\d)['\u2019\s](?=\d{3}(?!\d))/g, '') : bare;
  if (/,.*\.|\..*,|,.*,|\..*\./.test(joined) && /^[-+\d.,e]+$/i.test(joined)) {
    return {
      message: `\u201c${trimmed}\u201d has several points or commas. Write it without marks between thousands, as 1234.5.`,
    };
  }
  if (/^[-+]?[1-9]\d{0,2},\d{3}$/.test(joined)) {
    const [whole = '', part = ''] = joined.split(',');
    return {
      message: `\u201c${trimmed}\u201d may be ${whole}${part} or ${whole}.${part}. Write the one that is meant.`,
    };
  }
  const dotted = joined.replace(',', '.');
  if (!NUMBER.test(dotted)) return { message: 'This is not a number.' };
  const value = Number(dotted);
  return Number.isFinite(value) ? { value } : { message: `\u201c${trimmed}\u201d is too large.` };
}

/**
 * The same without the reason.
 * @param {string} text
 * @returns {number} NaN when it is no number
 */
export function read(text) {
  const answer = reading(text);
  return 'value' in answer ? answer.value : NaN;
}

/**
 * Several numbers that were written together: in one text a point and a comma cannot both be decimal.
 * @param {string[]} texts
 * @returns {{ values: number[] } | { message: string, at: number }}
 */
export function readAll(texts) {
  const comma = texts.findIndex((text) => text.includes(','));
  const point = texts.findIndex((text) => text.includes('.'));
  if (comma >= 0 && point >= 0) {
    const message = `\u201c${texts[comma]?.trim()}\u201d has a comma and \u201c${texts[point]?.trim()}\u201d a point. Write all of them with the same decimal mark.`;
    return { message, at: Math.max(comma, point) };
  }
  /** @type {number[]} */
  const values = [];
  for (const [at, text] of texts.entries()) {
    const answer = reading(text);
    if ('message' in answer) return { message: answer.message, at };
    values.push(answer.value);
  }
  return { values };
}

/**
 * The numbers of a list: apart by blanks, tabs, semicolons or new lines, as a spreadsheet puts them on the clipboard.
 * @param {string} text
 * @returns {{ values: number[] } | { message: string, at: number }}
 */
export function readList(text) {
  const pieces = text
    .split(/[\t\r\n;]+/)
    .map((piece) => piece.trim())
    .filter((piece) => piece !== '');
  /** @type {string[]} */
  const items = [];
  for (const piece of pieces) {
    // Between cells or lines a blank could be either: 100 200 is one number of a spreadsheet, or two.
    if (pieces.length > 1 && GROUPED.test(piece)) {
      return {
        message: `\u201c${piece}\u201d may be one number or several. Write it without blanks between thousands.`,
        at: items.length,
      };
    }
    items.push(...piece.split(/ +/).map((item) => item.replace(/,$/, '')));
  }
  const torn = items.findIndex((item) => /^[-+]?0\d/.test(item));
  if (torn >= 0)
    return {
      message: `\u201c${items[torn]}\u201d looks like the end of another number. Write numbers without blanks between thousands.`,
      at: torn,
    };
  return readAll(items);
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

/** How long something takes, in words. @param {number} seconds */
export function lasting(seconds) {
  return seconds < 60 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
