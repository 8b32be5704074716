// A point of a plane that can be asked about: where it stands, where it may go, what was answered.

import { significant } from '../ui/number.js';
import { fromX, fromY } from './readout.js';

/** @import { Board } from '../session/board.js' */
/** @import { Chart, Frame, Probe, Report, Series, Table } from '../session/types.js' */

/** @typedef {{ x: number, y: number }} Point */

/** Columns of the picture that a dragged point tells apart. */
const GRAIN = 500;
/** Digits that are kept of a point that was moved by steps. */
const DIGITS = 12;

/** Without the last bits that arithmetic leaves behind. @param {number} value */
function clean(value) {
  return significant(value, DIGITS);
}

/**
 * Rounded to what a drag can tell apart on an axis of this length.
 * @param {number} value
 * @param {number} length
 */
function grained(value, length) {
  const unit = 10 ** Math.floor(Math.log10(length / GRAIN));
  return Number.isFinite(unit) && unit > 0 ? clean(Math.round(value / unit) * unit) : value;
}

/**
 * The height of a curve; beyond its ends that of the nearer one.
 * @param {Series} series
 * @param {number} x
 */
function heightAt(series, x) {
  if (series.index.kind !== 'numbers') return NaN;
  const at = series.index.at.map((end) => end ?? NaN);
  const next = at.findIndex((end) => end >= x);
  const [left, right] = next < 0 ? [at.length - 1, at.length - 1] : [Math.max(0, next - 1), next];
  const [x0 = NaN, x1 = NaN, y0 = NaN, y1 = NaN] = [at[left], at[right], series.values[left], series.values[right]];
  return x1 > x0 ? y0 + ((y1 - y0) * Math.max(0, x - x0)) / (x1 - x0) : y1;
}

export class ProbeState {
  /** The point asked about; null while it stands at the operating point. @type {Point | null} */
  own = null;
  /** @type {Probe | null} */
  answer = null;
  /** Whose point was asked about last. @type {Report | null} */
  asked = null;
  dragging = false;
  /** Rows of the last table that had any. */
  #rows = 0;
  #chart;
  #frame;

  /**
   * @param {Board} board
   * @param {() => Chart | undefined} chart
   * @param {() => Frame | null} frame
   */
  constructor(board, chart, frame) {
    this.board = board;
    this.#chart = chart;
    this.#frame = frame;
  }

  get chart() {
    return this.#chart();
  }

  get frame() {
    return this.#frame();
  }

  get active() {
    return this.chart?.probe != null;
  }

  /** Whether the point is known to be out of the region, or out of the curve's reach. */
  get outside() {
    return this.answer?.inside === false;
  }

  /** The curve that the point slides along, where the picture is one. */
  get curve() {
    const line = this.chart?.marks.find((mark) => mark.mark === 'line');
    return line === undefined ? undefined : this.board.series(line.series);
  }

  /** The point of the scenario itself that the chart marks. */
  get marked() {
    return this.chart?.marks.find((mark) => mark.mark === 'point');
  }

  /** Where the scenario itself stands at the time cursor. @returns {Point | null} */
  get operating() {
    const { board, marked } = this;
    if (marked !== undefined) return { x: marked.x, y: marked.y };
    const walk = this.chart?.marks.find((mark) => mark.mark === 'walk');
    const series = walk === undefined ? undefined : board.series(walk.series);
    if (series === undefined || series.index.kind !== 'numbers') return null;
    const last = series.values.length - 1;
    const stride = board.steps > 1 ? Math.max(1, Math.floor(last / (board.steps - 1))) : 1;
    const at = Math.min(last, board.cursor * stride);
    const [x, y] = [series.index.at[at] ?? NaN, series.values[at] ?? NaN];
    return Number.isFinite(x) && Number.isFinite(y) ? { x, y } : null;
  }

  /** Where the point stands: of its own, at the operating point, or in the middle. @returns {Point | null} */
  get point() {
    const here = this.own ?? this.operating;
    if (here !== null) return here;
    const { frame } = this;
    return frame === null ? null : this.#held({ x: (frame.x0 + frame.x1) / 2, y: (frame.y0 + frame.y1) / 2 });
  }

  /** The point if it is in view. */
  get pointInView() {
    const { frame, point } = this;
    if (frame === null || point === null) return undefined;
    const { x, y } = point;
    return x >= frame.x0 && x <= frame.x1 && y >= frame.y0 && y <= frame.y1 ? point : undefined;
  }

  /** @param {Point} to */
  moveTo(to) {
    this.own = this.#held(to);
  }

  /**
   * Moves by parts of the axes.
   * @param {number} across
   * @param {number} along
   */
  moveBy(across, along) {
    const { frame, point } = this;
    if (frame === null || point === null) return;
    const stepped = (/** @type {number} */ value, /** @type {number} */ by) => (by === 0 ? value : clean(value + by));
    this.moveTo({
      x: stepped(point.x, across * (frame.x1 - frame.x0)),
      y: stepped(point.y, along * (frame.y1 - frame.y0)),
    });
  }

  /**
   * The point of the plane at a place of the picture, or at its edge.
   * @param {number} px
   * @param {number} py
   * @returns {Point | null}
   */
  under(px, py) {
    const { frame } = this;
    if (frame === null) return null;
    const x = fromX(frame, Math.max(frame.left, Math.min(frame.right, px)));
    const y = fromY(frame, Math.max(frame.top, Math.min(frame.bottom, py)));
    return { x: grained(x, frame.x1 - frame.x0), y: grained(y, frame.y1 - frame.y0) };
  }

  /**
   * @param {number} px
   * @param {number} py
   */
  isInPlane(px, py) {
    const { frame } = this;
    return frame !== null && px >= frame.left && px <= frame.right && py >= frame.top && py <= frame.bottom;
  }

  /**
   * The table as high as it was while the point is out of the region: what stands below does not jump.
   * @param {Table} next
   * @returns {Table}
   */
  steady(next) {
    if (next.rows.length > 0) this.#rows = next.rows.length;
    if (next.rows.length > 0 || next.columns.length === 0) return next;
    const empty = () => next.columns.map((_, column) => (column === 0 ? '–' : NaN));
    return { ...next, rows: Array.from({ length: this.#rows }, empty) };
  }

  /**
   * The point where it may stand.
   * @param {Point} to
   * @returns {Point}
   */
  #held(to) {
    const { curve } = this;
    return curve === undefined ? to : { x: to.x, y: heightAt(curve, to.x) };
  }
}
