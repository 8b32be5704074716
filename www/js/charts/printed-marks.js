// Numbers that a paper prints, as hollow marks where ours stand: a shape for each class, so that colour is not needed.

import { s } from '../ui/dom.js';
import { toX, toY } from './readout.js';

/** @import { Board } from '../session/board.js' */
/** @import { Drawing } from '../session/types.js' */

const R = 5;
/** @type {Record<string, (x: number, y: number) => string>} */
const SHAPES = {
  exact: (x, y) => `M${x - R} ${y}a${R} ${R} 0 1 0 ${2 * R} 0a${R} ${R} 0 1 0 ${-2 * R} 0Z`,
  calibrated: (x, y) => `M${x - R} ${y - R}h${2 * R}v${2 * R}h${-2 * R}Z`,
  reconstructed: (x, y) => `M${x} ${y - R - 1.5}l${R + 1.5} ${R + 1.5}l${-R - 1.5} ${R + 1.5}l${-R - 1.5} ${-R - 1.5}Z`,
};

/**
 * @param {string} kind
 * @param {number} x px
 * @param {number} y px
 */
export function hollow(kind, x, y) {
  const shape = SHAPES[kind] ?? SHAPES['exact'];
  return s('path', { class: `printed-mark is-${kind}`, d: shape?.(x, y) ?? '' });
}

/**
 * An arrow to a number beyond the axis.
 * @param {string} kind
 * @param {number} x px
 * @param {number} y px, of the edge
 * @param {1 | -1} way down from its tip, or up
 */
function beyond(kind, x, y, way) {
  return s('path', { class: `printed-mark is-${kind}`, d: `M${x} ${y}l${R} ${way * 8}h${-2 * R}Z` });
}

/**
 * The hollow marks of a chart.
 * @param {Board} board
 * @param {string} id of the chart
 * @param {{ kind: string, alias?: [string, string][] }} how `alias`: how names of series begin in place of those printed
 * @returns {(drawing: Drawing, shown: string[]) => SVGElement[]}
 */
export function printedMarks(board, id, { kind, alias = [] }) {
  const seriesOf = (/** @type {string} */ of) => {
    const [from, to] = alias.find(([start]) => of.startsWith(start)) ?? ['', ''];
    return to + of.slice(from.length);
  };
  return ({ frame }, shown) => {
    const chart = board.report.charts.find((one) => one.id === id);
    if (chart === undefined) return [];
    const bars = chart.marks.find((mark) => mark.mark === 'bars');
    return board.report.published.flatMap(({ of = '', step, printed }) => {
      const series = seriesOf(of);
      const bar = bars?.mark === 'bars' ? bars.series.indexOf(series) : -1;
      const isNow = step === undefined || board.steps < 2 || step === board.cursor + 1;
      const at =
        bars === undefined ? (shown.includes(series) ? step : undefined) : bar >= 0 && isNow ? bar + 1 : undefined;
      if (at === undefined) return [];
      // At the edge of a bar: its number stands above its middle.
      const aside = bars === undefined ? 0 : 0.3 * (toX(frame, at + 1) - toX(frame, at));
      const [x, y] = [toX(frame, at) + aside, toY(frame, printed)];
      if (!(x >= frame.left - 1 && x <= frame.right + 1)) return [];
      if (y < frame.top - 1) return [beyond(kind, x, frame.top, 1)];
      if (y > frame.bottom + 1) return [beyond(kind, x, frame.bottom, -1)];
      return [hollow(kind, x, y)];
    });
  };
}
