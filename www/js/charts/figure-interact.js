// Pointer and keys on the plot of a figure.

import { ZOOM_STEP } from './figure-build.js';

/** @import { FigureState } from './figure-state.js' */

/** How far an arrow key with Shift moves a zoomed range, as a part of it. */
const PAN = 0.2;
/** Steps that a key goes. @type {Record<string, number>} */
const MOVES = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10 };

/**
 * @typedef {{
 *   redraw: () => void, zoom: (factor: number) => void, fit: () => void, pan: (fraction: number) => void
 * }} Acts `redraw`: of what lies over the picture
 */

/**
 * @param {FigureState} state
 * @param {HTMLElement} plot
 * @param {Acts} acts
 */
export function listen(state, plot, acts) {
  const placeOf = (/** @type {MouseEvent} */ { clientX, clientY }) => {
    const box = plot.getBoundingClientRect();
    return /** @type {const} */ ([clientX - box.left, clientY - box.top]);
  };
  plot.addEventListener('pointermove', (event) => {
    if (event.pointerType === 'touch') return;
    const next = state.nearest(...placeOf(event));
    if (next === state.hovered) return;
    state.hovered = next;
    acts.redraw();
    tellRow(state, plot, next, false);
  });
  plot.addEventListener('pointerleave', () => {
    state.hovered = -1;
    acts.redraw();
    tellRow(state, plot, -1, false);
  });
  plot.addEventListener('focus', acts.redraw);
  plot.addEventListener('blur', () => {
    acts.redraw();
    tellRow(state, plot, -1, false);
  });
  plot.addEventListener('click', (event) => {
    press(state, ...placeOf(event));
    tellRow(state, plot, state.nearest(...placeOf(event)), true);
  });
  plot.addEventListener('keydown', (event) => {
    if (pressKey(state, event, acts)) {
      event.preventDefault();
      tellRow(state, plot, state.index, false);
    } else if (event.key === 'Enter') tellRow(state, plot, state.index, true);
  });
}

/**
 * Tells those around the figure which row is looked at, and which is chosen.
 * @param {FigureState} state
 * @param {HTMLElement} plot
 * @param {number} index −1 for none
 * @param {boolean} chosen
 */
function tellRow({ rows }, plot, index, chosen) {
  if (rows === undefined) return;
  const id = rows.alternatives?.[index] ?? '';
  plot.dispatchEvent(new CustomEvent('row', { bubbles: true, detail: { id, chosen } }));
}

/**
 * @param {FigureState} state
 * @param {number} px
 * @param {number} py
 */
function press(state, px, py) {
  const { board, bars } = state;
  const at = state.nearest(px, py);
  if (at < 0) return;
  if (bars !== undefined) {
    const item = board.itemOf(bars.series[at] ?? '');
    board.select(board.selection === item ? null : item);
  } else if (state.read?.clock) {
    const item = state.curveNear(at, py);
    if (item !== undefined) board.select(item);
    state.moveClock(at);
  }
  state.place = at;
}

/**
 * @param {FigureState} state
 * @param {KeyboardEvent} event
 * @param {Acts} acts
 * @returns {boolean} whether the key was one of the figure's
 */
function pressKey(state, { key, shiftKey }, acts) {
  const { read, probed } = state;
  if (read === null && !probed) return false;
  const move = MOVES[key];
  if (key === '+' || key === '=') acts.zoom(1 / ZOOM_STEP);
  else if (key === '-') acts.zoom(ZOOM_STEP);
  else if (key === '0') acts.fit();
  else if (shiftKey && move !== undefined) acts.pan(PAN * Math.sign(move));
  else {
    const last = (read?.count ?? 1) - 1;
    const to = key === 'Home' ? 0 : key === 'End' ? last : move === undefined ? null : state.index + move;
    if (to === null || probed) return false;
    state.hovered = -1;
    state.place = Math.max(0, Math.min(last, to));
    if (read?.clock) state.moveClock(state.place);
    acts.redraw();
  }
  return true;
}
