// Reading exact values off a drawn chart: arithmetic on its frame, never on pixels of the picture.

import { inLanguage } from '../ui/language.js';
import { bareAmount, plain, withUnit } from '../ui/number.js';

/** @import { Board } from '../session/board.js' */
/** @import { Chart, Frame, Series } from '../session/types.js' */

/**
 * What arrow keys and the pointer step through: intervals, bars or points.
 * `clock` readers follow the time cursor, the others have a position of their own.
 * @typedef {{
 *   clock: boolean, count: number,
 *   place: (index: number) => { x: number, y: number | null },
 *   value: (series: string, index: number) => number,
 *   title: (index: number) => string,
 *   sentence: (index: number, shown: string[]) => string
 * }} Reader
 */

/**
 * Data to pixels.
 * @param {Frame} frame
 * @param {number} x
 */
export function toX(frame, x) {
  return frame.left + ((x - frame.x0) / (frame.x1 - frame.x0)) * (frame.right - frame.left);
}

/**
 * @param {Frame} frame
 * @param {number} y
 */
export function toY(frame, y) {
  return frame.bottom - ((y - frame.y0) / (frame.y1 - frame.y0)) * (frame.bottom - frame.top);
}

/**
 * Pixels to data.
 * @param {Frame} frame
 * @param {number} px
 */
export function fromX(frame, px) {
  return frame.x0 + ((px - frame.left) / (frame.right - frame.left)) * (frame.x1 - frame.x0);
}

/**
 * @param {Frame} frame
 * @param {number} py
 */
export function fromY(frame, py) {
  return frame.y0 + ((frame.bottom - py) / (frame.bottom - frame.top)) * (frame.y1 - frame.y0);
}

/**
 * The horizontal place of a series' value.
 * @param {Series} series
 * @param {number} index
 */
export function abscissa(series, index) {
  return series.index.kind === 'clock' ? index + 1 : (series.index.at[index] ?? NaN);
}

/**
 * @param {Chart} chart
 * @param {Pick<Board, 'report' | 'cursor' | 'series'>} board
 * @returns {Reader | null} null when there is nothing to read
 */
export function reader(chart, board) {
  const { report } = board;
  const series = { get: (/** @type {string} */ id) => board.series(id) };
  const cursor = () => board.cursor;
  const bars = chart.marks.find((mark) => mark.mark === 'bars');
  if (bars !== undefined) {
    const at = (/** @type {number} */ index) => series.get(bars.series[index] ?? '')?.values[cursor()] ?? NaN;
    return {
      clock: false,
      count: bars.labels.length,
      place: (index) => ({ x: index + 0.5, y: at(index) }),
      value: (id) => series.get(id)?.values[cursor()] ?? NaN,
      title: (index) => bars.labels[index] ?? '',
      sentence: (index) => `${bars.labels[index] ?? ''}: ${withUnit(at(index), chart.y.unit)}`,
    };
  }
  const rows = chart.marks.find((mark) => mark.mark === 'rows');
  if (rows !== undefined) return rowReader(rows, chart, (id) => series.get(id));
  const strokes = chart.marks.filter((mark) => mark.mark === 'line' || mark.mark === 'walk');
  const lines = strokes.map((mark) => series.get(mark.series)).filter((item) => item !== undefined);
  // Where some curves show their points, those are what is worth reading; a dense curve is only background.
  const pointed = new Set(strokes.filter((mark) => mark.mark === 'line' && mark.points).map((mark) => mark.series));
  const [first] = lines;
  if (first === undefined) return null;
  if (lines.every(({ index }) => index.kind === 'clock')) {
    const { clock } = report;
    const name = clock?.name ?? 'step';
    const value = (/** @type {string} */ id, /** @type {number} */ index) => series.get(id)?.values[index] ?? NaN;
    return {
      clock: true,
      count: clock?.steps ?? first.values.length,
      place: (index) => ({ x: index + 1, y: null }),
      value,
      title: (index) => `${name} ${index + 1}`,
      sentence: (index, shown) =>
        // Names with commas in them: said one by one, as nobody could part them again.
        `${inLanguage(`${name} ${index + 1}`)}: ` +
        lines
          .filter(({ id }) => shown.includes(id))
          .map((item) => `${inLanguage(item.name)} ${inLanguage(withUnit(item.values[index] ?? NaN, item.unit))}`)
          .join(', '),
    };
  }
  // A curve over other numbers: its points, and the single marked points of the chart.
  const points = [
    ...lines
      .filter(({ id }) => pointed.size === 0 || pointed.has(id))
      .flatMap((item) =>
        Array.from(item.values, (y, index) => ({ id: item.id, name: item.name, x: abscissa(item, index), y })),
      ),
    ...chart.marks
      .filter((mark) => mark.mark === 'point')
      .map((mark) => ({ id: '', name: mark.label, x: mark.x, y: mark.y })),
  ].filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y));
  return {
    clock: false,
    count: points.length,
    place: (index) => ({ x: points[index]?.x ?? NaN, y: points[index]?.y ?? NaN }),
    value: (id, index) => (points[index]?.id === id ? (points[index]?.y ?? NaN) : NaN),
    title: (index) => points[index]?.name ?? '',
    sentence: (index) => {
      const point = points[index];
      if (point === undefined) return '';
      return `${point.name}: ${chart.x.label} ${withUnit(point.x, chart.x.unit)}, ${chart.y.label} ${withUnit(point.y, chart.y.unit)}`;
    },
  };
}

/**
 * Row after row of a dot plot, from the top.
 * @param {Extract<Chart['marks'][number], { mark: 'rows' }>} rows
 * @param {Chart} chart
 * @param {(id: string) => Series | undefined} series
 * @returns {Reader}
 */
function rowReader({ names, over = [] }, chart, series) {
  const dots = chart.marks.flatMap((mark) => (mark.mark === 'dots' ? (series(mark.series) ?? []) : []));
  const value = (/** @type {string} */ id, /** @type {number} */ index) => series(id)?.values[index] ?? NaN;
  return {
    clock: false,
    count: names.length,
    place: (index) => ({ x: dots.at(-1)?.values[index] ?? NaN, y: names.length - index }),
    value,
    title: (index) => names[index] ?? '',
    sentence: (index, shown) => {
      const said = dots
        .filter(({ id, values }) => shown.includes(id) && Number.isFinite(values[index]))
        .map(({ name, values, unit }) => `${inLanguage(name)} ${inLanguage(withUnit(values[index] ?? NaN, unit))}`);
      const beyond = over[index] ? [inLanguage(over[index])] : [];
      return `${inLanguage(names[index] ?? '')}: ${[...said, ...beyond].join(', ')}`;
    },
  };
}

/**
 * A value in the legend, without its unit.
 * @param {number} value
 * @param {string} unit
 * @param {boolean} whole with all digits
 */
export function short(value, unit, whole) {
  if (Number.isNaN(value)) return '';
  return whole ? plain(value, 4) : bareAmount(value, unit);
}
