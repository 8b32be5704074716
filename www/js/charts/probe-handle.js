// The handle of a point that can be asked about, over the picture: its look, and moving it by pointer and keys.

import { s } from '../ui/dom.js';
import { pixels, withUnit } from '../ui/number.js';
import { toX, toY } from './readout.js';

/** @import { Axis, Chart, Frame } from '../session/types.js' */
/** @import { Point, ProbeState } from './probe-state.js' */

/** Parts of an axis that an arrow key moves the point by. */
const STEP = 1 / 100;
const STRIDE = 1 / 10;
/** Shapes of the handle: on a plane a ring with a cross, on a curve a grip, out of the region a struck square. */
const RING = 'M11 0a11 11 0 1 1-22 0a11 11 0 1 1 22 0ZM0-17V-8M0 17V8M-17 0H-8M17 0H8';
const SLIDER = 'M9 0a9 9 0 1 1-18 0a9 9 0 1 1 18 0ZM-2.5-3.5-6 0l3.5 3.5M2.5-3.5 6 0 2.5 3.5';
const STRUCK = 'M0-12 12 0 0 12-12 0ZM-4-4 4 4M-4 4 4-4';
/** How far above the lower edge the handle of a curve stands, px. */
const GRIP = 12;

export class ProbeHandle {
  #state;
  #mark = s('path', { class: 'probe-mark' });
  #halo = s('path', { class: 'probe-halo' });
  #guide = s('line', { class: 'probe-guide' });
  #dot = s('circle', { class: 'probe-dot', r: 5 });
  element = s(
    'g',
    { class: 'probe-handle', tabindex: 0, role: 'slider', 'aria-label': 'Point asked about', 'aria-valuenow': 0 },
    s('circle', { class: 'probe-reach', r: 22 }),
    this.#halo,
    this.#mark,
  );
  layer = s('svg', { class: 'overlay probe-layer' }, this.#guide, this.#dot, this.element);

  /** @param {ProbeState} state */
  constructor(state) {
    this.#state = state;
  }

  /** @param {boolean} on whether there is a point to ask about */
  enable(on) {
    this.layer.classList.toggle('is-off', !on);
    this.element.setAttribute('tabindex', on ? '0' : '-1');
  }

  /** @param {string} viewBox of the picture */
  show(viewBox) {
    const { chart, frame, point, curve, outside, dragging } = this.#state;
    if (chart === undefined || frame === null || point === null) return;
    this.layer.setAttribute('viewBox', viewBox);
    const [x, y] = [toX(frame, point.x), toY(frame, point.y)];
    // Off the picture (zoomed in, or typed) it waits at the edge.
    const px = Math.max(frame.left, Math.min(frame.right, x));
    const py = Math.max(frame.top, Math.min(frame.bottom, y));
    const away = px !== x || py !== y;
    // On a curve the grip stands at the axis, clear of the curve and its words.
    const sliding = curve !== undefined;
    this.layer.classList.toggle('is-sliding', sliding);
    if (sliding) this.#showOnCurve(frame, px, py, outside || away);
    const handle = this.element;
    handle.setAttribute('transform', `translate(${pixels(px)} ${pixels(sliding ? frame.bottom - GRIP : py)})`);
    handle.classList.toggle('is-outside', outside);
    handle.classList.toggle('is-away', away);
    handle.classList.toggle('is-dragged', dragging);
    const shape = outside ? STRUCK : sliding ? SLIDER : RING;
    this.#mark.setAttribute('d', shape);
    this.#halo.setAttribute('d', shape);
    handle.setAttribute('aria-valuemin', String(frame.x0));
    handle.setAttribute('aria-valuemax', String(frame.x1));
    handle.setAttribute('aria-valuenow', String(point.x));
    handle.setAttribute('aria-valuetext', wordsOf(chart, point, sliding, outside));
  }

  /**
   * @param {Frame} frame
   * @param {number} px
   * @param {number} py
   * @param {boolean} lost whether the curve has no such point in view
   */
  #showOnCurve(frame, px, py, lost) {
    const ends = { x1: px, x2: px, y1: this.#state.outside ? frame.top : py, y2: frame.bottom };
    for (const [name, value] of Object.entries(ends)) this.#guide.setAttribute(name, pixels(value));
    this.#dot.setAttribute('transform', `translate(${pixels(px)} ${pixels(py)})`);
    this.#dot.classList.toggle('is-lost', lost);
  }
}

/**
 * Where the point stands, for those who do not see it.
 * @param {Chart} chart
 * @param {Point} point
 * @param {boolean} sliding
 * @param {boolean} outside
 */
function wordsOf(chart, point, sliding, outside) {
  const told = (/** @type {Axis} */ { label, unit }, /** @type {number} */ value) =>
    `${label} ${withUnit(value, unit)}`;
  const x = told(chart.x, point.x);
  if (sliding) return `${x}${outside ? ', out of reach' : ''}`;
  return `${x}, ${told(chart.y, point.y)}${outside ? ', outside the region' : ''}`;
}

/**
 * @typedef {{ moved: () => void, home: () => void, let: () => void }} Acts
 *   `moved`: the point has moved; `home`: back to where the scenario stands; `let`: the handle was let go
 */

/**
 * @param {ProbeState} state
 * @param {SVGGElement} handle
 * @param {HTMLElement} plot
 * @param {Acts} acts
 */
export function listenToProbe(state, handle, plot, acts) {
  const placeOf = (/** @type {MouseEvent} */ { clientX, clientY }) => {
    const box = plot.getBoundingClientRect();
    return /** @type {const} */ ([clientX - box.left, clientY - box.top]);
  };
  /** @param {MouseEvent} event */
  const moveUnder = (event) => {
    const to = state.under(...placeOf(event));
    if (to === null) return;
    state.moveTo(to);
    acts.moved();
  };
  /** @param {PointerEvent} event */
  const take = (event) => {
    state.dragging = true;
    handle.setPointerCapture(event.pointerId);
    handle.focus({ preventScroll: true });
    event.preventDefault();
  };
  handle.addEventListener('pointerdown', (event) => {
    if (event.isPrimary && event.button === 0) take(event);
  });
  // One finger on the handle drags it; `touch-action` alone does not hold inside a drawing everywhere.
  handle.addEventListener(
    'touchstart',
    (event) => {
      if (event.touches.length === 1) event.preventDefault();
    },
    { passive: false },
  );
  handle.addEventListener('pointermove', (event) => {
    if (state.dragging && event.isPrimary) moveUnder(event);
  });
  for (const name of /** @type {const} */ (['pointerup', 'pointercancel', 'lostpointercapture'])) {
    handle.addEventListener(name, () => {
      state.dragging = false;
      acts.let();
    });
  }
  // A mouse may press anywhere on the plane; a finger there scrolls the page, and a tap moves the point.
  plot.addEventListener('pointerdown', (event) => {
    const mouse = event.pointerType === 'mouse' && event.button === 0 && !event.ctrlKey;
    if (!state.active || state.dragging || !mouse || !state.isInPlane(...placeOf(event))) return;
    take(event);
    moveUnder(event);
  });
  plot.addEventListener('click', (event) => {
    const mouse = event instanceof PointerEvent && event.pointerType === 'mouse';
    if (!state.active || mouse || !state.isInPlane(...placeOf(event))) return;
    if (!(event.target instanceof Node && handle.contains(event.target))) moveUnder(event);
  });
  handle.addEventListener('keydown', (event) => {
    if (!pressKey(state, event, acts)) return;
    event.preventDefault();
    event.stopPropagation();
  });
}

/**
 * @param {ProbeState} state
 * @param {KeyboardEvent} event
 * @param {Acts} acts
 * @returns {boolean} whether the key was one of the handle's
 */
function pressKey(state, { key, shiftKey }, acts) {
  if (state.frame === null || state.point === null) return false;
  if (key === 'Home') {
    acts.home();
    return true;
  }
  // Along a curve every arrow goes along its abscissa.
  const up = state.curve === undefined ? [0, 1] : [1, 0];
  const down = up.map((part) => -part);
  const [across = 0, along = 0] = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: up, ArrowDown: down }[key] ?? [];
  if (across === 0 && along === 0) return false;
  const part = shiftKey ? STRIDE : STEP;
  state.moveBy(across * part, along * part);
  acts.moved();
  return true;
}
