// What a figure knows between two drawings: the chart, what is drawn of it, where the reader is.

import { isDark } from '../ui/theme.js';
import { fromX, fromY, toX, toY } from './readout.js';

/** @import { Board } from '../session/board.js' */
/** @import { Chart, ChartRequest, Drawing } from '../session/types.js' */
/** @import { Reader } from './readout.js' */
/** @import { Window } from './zoom.js' */

/** How near a press must come to a line to select it, px. */
const NEAR = 14;
/** A figure of several beside one another is this high, px. */
const SMALL = 150;
/** The part of a figure that names of rows may take beside them, and the width of a sign, px: beyond it they stand over them. */
const NAMES = 0.42;
const SIGN = 6.2;
/** Narrower than this a figure is not drawn, px. */
const NARROW = 40;

/**
 * bare: only picture and legend, for embedded views; small: one of several to be read beside one another, without a legend
 * dress: what lies over every drawing, of the series in view
 * @typedef {{ bare?: boolean, height?: number, small?: boolean, dress?: (drawing: Drawing, shown: string[]) => SVGElement[] }} FigureOptions
 */

/**
 * A picture of the plane: both axes are quantities.
 * @param {Chart | undefined} chart
 */
export function isPlane(chart) {
  return (
    chart !== undefined &&
    (chart.probe != null ||
      chart.marks.some(({ mark }) => ['surface', 'edges', 'outline', 'triangulation'].includes(mark)))
  );
}

/**
 * @param {string[]} names
 * @param {number} width px
 */
function isAbove(names, width) {
  return Math.max(0, ...names.map(({ length }) => length)) * SIGN > NAMES * width;
}

/**
 * The height that suits a chart, px; the terminal does the same (`src/bin/tandem/export/mod.rs`).
 * @param {Chart} chart
 * @param {number} width px
 */
export function heightOf(chart, width) {
  if (chart.small === true) return SMALL;
  const rows = chart.marks.find(({ mark }) => mark === 'rows');
  if (rows?.mark === 'rows') return 70 + rows.names.length * (isAbove(rows.names, width) ? 46 : 30);
  if (chart.square) return Math.min(width, 340);
  if (isPlane(chart)) return Math.round(Math.max(330, Math.min(460, width * 0.62)));
  return Math.round(Math.max(190, Math.min(300, width * 0.52)));
}

export class FigureState {
  /** The part of the axes in view; null for all. @type {Window} */
  range = { x: null, y: null };
  /** The series in view; null for those the chart itself shows. @type {string[] | null} */
  shown = null;
  /** The layers that are on; null for those the chart itself shows. @type {string[] | null} */
  layers = null;
  /** The layer in whose place something else is drawn. */
  covered = '';
  /** @type {Drawing | null} */
  drawn = null;
  /** @type {Reader | null} */
  read = null;
  /** The step, bar or point under the pointer; −1 for none. */
  hovered = -1;
  /** Where arrow keys and presses have left the reader, where that is no step of the clock. */
  place = 0;

  /**
   * @param {Board} board
   * @param {string} id
   * @param {number} [height] px, in place of what suits the chart
   */
  constructor(board, id, height) {
    this.board = board;
    this.id = id;
    this.height = height;
  }

  /** @returns {Chart | undefined} */
  get chart() {
    return this.board.report.charts.find(({ id }) => id === this.id);
  }

  /** Any point can be asked about. */
  get probed() {
    return this.chart?.probe != null;
  }

  get hasCurves() {
    return this.chart?.marks.some(({ mark }) => mark === 'line' || mark === 'walk') ?? false;
  }

  get bars() {
    return this.chart?.marks.find((mark) => mark.mark === 'bars');
  }

  get rows() {
    return this.chart?.marks.find((mark) => mark.mark === 'rows');
  }

  /** Whether zooming changes both axes; along a clock only that is stretched. */
  get zoomsBoth() {
    return isPlane(this.chart) || (this.hasCurves && this.read?.clock !== true);
  }

  /** The step, bar or point being read. */
  get index() {
    if (this.hovered >= 0) return this.hovered;
    return this.read?.clock ? this.board.cursor : this.place;
  }

  get visibleSeries() {
    return (this.drawn?.legend ?? []).filter(({ shown }) => shown).map(({ series }) => series);
  }

  /** What the chart shows of the step at the cursor, in words. */
  get caption() {
    const { board, chart } = this;
    const steps = board.report?.captions?.find((captions) => captions.chart === chart?.id)?.steps;
    return steps?.[board.cursor] ?? chart?.summary ?? '';
  }

  /**
   * What to ask the module for.
   * @param {number} width px
   * @returns {ChartRequest | null}
   */
  request(width) {
    const { board, chart, id, range, shown } = this;
    if (width < NARROW || chart === undefined) return null;
    const height = this.height ?? heightOf(chart, width);
    const cursor = board.steps > 0 ? board.cursor : null;
    return { id, view: { width, height, dark: isDark(), x: range.x, y: range.y, shown, layers: this.#inView, cursor } };
  }

  /** The layers to draw, where they are not those of the chart. */
  get #inView() {
    if (this.layers === null && this.covered === '') return null;
    const on = this.layers ?? (this.chart?.layers ?? []).filter((layer) => layer.on).map(({ id }) => id);
    return on.filter((id) => id !== this.covered);
  }

  /** @param {string} series */
  toggle(series) {
    const items = this.drawn?.legend ?? [];
    this.shown = items.filter((item) => (item.series === series ? !item.shown : item.shown)).map((item) => item.series);
  }

  /**
   * The step, bar or point nearest to a place of the picture; −1 outside.
   * @param {number} px
   * @param {number} py
   */
  nearest(px, py) {
    const { drawn, read } = this;
    if (drawn === null || read === null || this.probed) return -1;
    const { frame } = drawn;
    // The name of a row belongs to it.
    if (this.rows !== undefined) {
      const row = Math.round(read.count - fromY(frame, py));
      return row < 0 || row >= read.count ? -1 : row;
    }
    if (px < frame.left - 8 || px > frame.right + 8) return -1;
    const x = fromX(frame, px);
    const across = read.clock || this.bars !== undefined;
    let best = -1;
    let least = Infinity;
    for (let k = 0; k < read.count; k += 1) {
      const spot = read.place(k);
      const far =
        across || spot.y === null ? Math.abs(spot.x - x) : Math.hypot(toX(frame, spot.x) - px, toY(frame, spot.y) - py);
      if (far < least) {
        least = far;
        best = k;
      }
    }
    return best;
  }

  /**
   * The item whose curve passes near a height of the picture at a step, if any does.
   * @param {number} at
   * @param {number} py
   */
  curveNear(at, py) {
    const { drawn, read } = this;
    if (drawn === null) return undefined;
    const [near] = this.visibleSeries
      .map((series) => ({ series, far: Math.abs(toY(drawn.frame, read?.value(series, at) ?? NaN) - py) }))
      .filter(({ far }) => far <= NEAR)
      .sort((a, b) => a.far - b.far);
    return near === undefined ? undefined : this.board.itemOf(near.series);
  }

  /** Moves the time cursor, as a person does: what plays stops. @param {number} step */
  moveClock(step) {
    this.board.setPlaying(false);
    this.board.moveTo(step);
  }
}
