// What lies over the picture of a figure: the selected curve, the time cursor and the point being read.

import { s } from '../ui/dom.js';
import { abscissa, toX, toY } from './readout.js';

/** @import { Drawing } from '../session/types.js' */
/** @import { FigureState } from './figure-state.js' */
/** @import { Reader } from './readout.js' */

/**
 * The marks of the overlay as the figure stands now.
 * @param {FigureState} state
 * @param {boolean} active whether a point is being read: hovered, or the plot has the focus
 * @param {ParentNode} picture as it was drawn
 * @returns {SVGElement[]}
 */
export function overlayOf(state, active, picture) {
  const { drawn, read } = state;
  if (drawn === null || read === null) return [];
  const selected = state.bars === undefined ? selectedCurves(state, drawn) : selectedBars(state, picture);
  return [...selected, ...readMarks(state, drawn, read, active)];
}

/**
 * @param {Drawing} drawn
 * @param {number} x px
 */
function inside({ frame }, x) {
  return x >= frame.left - 0.5 && x <= frame.right + 0.5;
}

/**
 * @param {FigureState} state
 * @param {Drawing} drawn
 */
function selectedCurves({ board, visibleSeries }, drawn) {
  const { selection } = board;
  if (selection === null) return [];
  return visibleSeries
    .filter((series) => board.itemOf(series) === selection)
    .flatMap((series) => {
      const data = board.series(series);
      if (data === undefined) return [];
      const points = Array.from(data.values, (y, k) => [
        toX(drawn.frame, abscissa(data, k)),
        toY(drawn.frame, y),
      ]).filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y) && inside(drawn, x ?? NaN));
      return [s('polyline', { class: 'picked', points: points.map((point) => point.join(',')).join(' ') })];
    });
}

/**
 * The outlines of the bars as the picture has them.
 * @param {FigureState} state
 * @param {ParentNode} picture
 */
function selectedBars({ board }, picture) {
  const { selection } = board;
  if (selection === null) return [];
  return [...picture.querySelectorAll('.bars [data-series]')]
    .filter((bar) => board.itemOf(bar.getAttribute('data-series') ?? '') === selection)
    .map((bar) => s('path', { class: 'picked', d: bar.getAttribute('d') }));
}

/**
 * @param {FigureState} state
 * @param {Drawing} drawn
 * @param {Reader} read
 * @param {boolean} active
 * @returns {SVGElement[]}
 */
function readMarks(state, drawn, read, active) {
  const { frame } = drawn;
  const spot = read.place(state.index);
  if (state.rows !== undefined) return active ? [rowMark(drawn, spot.y ?? 0)] : [];
  const x = toX(frame, spot.x);
  if (!inside(drawn, x)) return [];
  if (read.clock) {
    const cursor = s('line', { class: 'cursor', x1: x, x2: x, y1: frame.top, y2: frame.bottom });
    return [cursor, ...dots(state, drawn, read, x)];
  }
  if (!active) return [];
  if (state.bars !== undefined) return [s('path', { class: 'ring', d: `M${x} ${frame.bottom + 2}l-4 6h8Z` })];
  return spot.y === null ? [] : [s('circle', { class: 'ring', cx: x, cy: toY(frame, spot.y), r: 6 })];
}

/**
 * A band behind a row of a dot plot, with its name.
 * @param {Drawing} drawn
 * @param {number} y
 */
function rowMark({ frame }, y) {
  const [top, bottom] = [toY(frame, y + 0.5), toY(frame, y - 0.5)];
  return s('rect', { class: 'row-read', x: 0, y: top, width: frame.right + 4, height: bottom - top });
}

/**
 * Where the curves cross the time cursor.
 * @param {FigureState} state
 * @param {Drawing} drawn
 * @param {Reader} read
 * @param {number} x px
 */
function dots({ index, visibleSeries }, { frame, legend }, read, x) {
  return visibleSeries.flatMap((series) => {
    const y = toY(frame, read.value(series, index));
    if (!Number.isFinite(y) || y < frame.top - 1 || y > frame.bottom + 1) return [];
    const colour = legend.find((item) => item.series === series)?.colour ?? 'currentColor';
    return [s('circle', { class: 'dot', cx: x, cy: y, r: 3.5, fill: colour })];
  });
}
