// A point of the plane that can be asked about: dragged, moved by arrow keys or typed; the answer stands beside it.
// Where the picture is a curve, the point slides along it and only its abscissa is asked for.

import { createTable } from './datatable.js';
import { h, s, uid } from '../ui/dom.js';
import { numberBox } from '../ui/number-input.js';
import { reading, unitText, withUnit } from '../ui/number.js';
import { Stopped, Superseded, sentence as words } from '../session/problem.js';
import { fromX, fromY, toX, toY } from './readout.js';

/** @import { Axis, Chart, Frame, Probe, Report, Series, Table } from '../session/types.js' */
/** @import { Board } from '../session/board.js' */

/** @typedef {{ x: number, y: number }} Point */

/** Parts of an axis that an arrow key moves the point by. */
const STEP = 1 / 100;
const STRIDE = 1 / 10;
/** The handle on a plane: a ring with a cross. */
const RING = 'M11 0a11 11 0 1 1-22 0a11 11 0 1 1 22 0ZM0-17V-8M0 17V8M-17 0H-8M17 0H8';
/** How far above the lower edge the handle of a curve stands, px. */
const GRIP = 12;
/** Columns of the picture that a dragged point tells apart. */
const GRAIN = 500;

/**
 * Rounded to what a drag can tell apart on an axis of this length.
 * @param {number} value
 * @param {number} length
 */
function grained(value, length) {
  const unit = 10 ** Math.floor(Math.log10(length / GRAIN));
  return Number.isFinite(unit) && unit > 0 ? Number((Math.round(value / unit) * unit).toPrecision(12)) : value;
}

/**
 * The height of a curve; beyond its ends that of the nearer one.
 * @param {Series} series
 * @param {number} x
 */
function heightAt(series, x) {
  if (series.index.kind !== 'numbers') return NaN;
  const { at } = series.index;
  const next = Array.from(at).findIndex((end) => end >= x);
  const [left, right] = next < 0 ? [at.length - 1, at.length - 1] : [Math.max(0, next - 1), next];
  const [x0 = NaN, x1 = NaN, y0 = NaN, y1 = NaN] = [at[left], at[right], series.values[left], series.values[right]];
  return x1 > x0 ? y0 + ((y1 - y0) * Math.max(0, x - x0)) / (x1 - x0) : y1;
}

/**
 * @param {{
 *   board: Board, plot: HTMLElement, bare: boolean,
 *   chart: () => Chart | undefined, frame: () => Frame | null
 * }} figure
 */
export function createProbe({ board, plot, bare, chart, frame }) {
  /** The point asked about; null while it stands at the operating point. @type {Point | null} */
  let own = null;
  /** @type {Probe | null} */
  let answer = null;
  let frames = 0;
  /** Whose point was asked about last. @type {Report | null} */
  let asked = null;
  let dragging = false;
  /** Rows of the last table that had any. */
  let rows = 0;

  const mark = s('path', { class: 'probe-mark' });
  const guide = s('line', { class: 'probe-guide' });
  const dot = s('circle', { class: 'probe-dot', r: 5 });
  const handle = s(
    'g',
    { class: 'probe-handle', tabindex: 0, role: 'slider', 'aria-label': 'Point asked about', 'aria-valuenow': 0 },
    s('circle', { class: 'probe-reach', r: 22 }),
    s('path', { class: 'probe-halo' }),
    mark,
  );
  const halo = /** @type {SVGPathElement} */ (handle.querySelector('.probe-halo'));
  const layer = s('svg', { class: 'overlay probe-layer' }, guide, dot, handle);

  const fields = { x: field('x'), y: field('y') };
  const back = h('button', { type: 'button', class: 'quiet', onclick: () => home() });
  const said = h('p', { class: 'probe-sentence', 'aria-live': 'polite' });
  const table = h('div', { class: 'probe-table' });
  const offer = h('button', { type: 'button', class: 'probe-offer', hidden: true, onclick: () => accept() });
  const element = h(
    'div',
    { class: 'probe', role: 'group', 'aria-label': 'Point asked about' },
    bare ? null : h('div', { class: 'probe-fields' }, fields.x.element, fields.y.element, back),
    said,
    bare ? null : offer,
    bare ? null : table,
  );

  /** @param {'x' | 'y'} axis */
  function field(axis) {
    const name = uid('probe');
    const input = numberBox({
      id: name,
      oninput: () => {
        const typed = reading(input.value);
        const now = point();
        if ('message' in typed) {
          input.setAttribute('aria-invalid', 'true');
          said.textContent = typed.message;
        } else if (now !== null) {
          input.removeAttribute('aria-invalid');
          move({ ...now, [axis]: typed.value }, input);
        }
      },
      // Left with what is no number, it goes back to where the point stands.
      onblur: () => {
        input.removeAttribute('aria-invalid');
        write();
      },
      onchange: () => write(input.hasAttribute('aria-invalid') ? input : undefined),
    });
    const label = h('label', { for: name });
    const unit = h('span', { class: 'unit' });
    return {
      element: h('div', { class: 'probe-field' }, label, h('span', { class: 'control' }, input, unit)),
      input,
      label,
      unit,
    };
  }

  /** The curve that the point slides along, where the picture is one. */
  function curve() {
    const line = chart()?.marks.find((candidate) => candidate.mark === 'line');
    return line === undefined ? undefined : board.series(line.series);
  }

  /**
   * The point where it may stand.
   * @param {Point} to
   * @returns {Point}
   */
  function held(to) {
    const track = curve();
    return track === undefined ? to : { x: to.x, y: heightAt(track, to.x) };
  }

  /** Where the scenario itself stands at the time cursor. */
  function operating() {
    const cleared = chart()?.marks.find((candidate) => candidate.mark === 'point');
    if (cleared !== undefined) return { x: cleared.x, y: cleared.y };
    const walk = chart()?.marks.find((candidate) => candidate.mark === 'walk');
    const series = walk === undefined ? undefined : board.series(walk.series);
    if (series === undefined || series.index.kind !== 'numbers') return null;
    const last = series.values.length - 1;
    const stride = board.steps > 1 ? Math.max(1, Math.floor(last / (board.steps - 1))) : 1;
    const at = Math.min(last, board.cursor * stride);
    const [x, y] = [series.index.at[at] ?? NaN, series.values[at] ?? NaN];
    return Number.isFinite(x) && Number.isFinite(y) ? { x, y } : null;
  }

  /** @returns {Point | null} */
  function point() {
    if (own !== null) return own;
    const here = operating();
    if (here !== null) return here;
    const window = frame();
    return window === null ? null : held({ x: (window.x0 + window.x1) / 2, y: (window.y0 + window.y1) / 2 });
  }

  /**
   * @param {Point} to
   * @param {HTMLInputElement} [typed] the field being typed in, which keeps its text
   */
  function move(to, typed) {
    own = held(to);
    show(typed);
    ask();
  }

  function home() {
    own = null;
    show();
    ask();
  }

  /** The point becomes the scenario's own. */
  function accept() {
    const changes = answer?.offer?.changes ?? [];
    own = null;
    board.edit(changes.map(([path, value]) => ({ path, value })));
  }

  /** One question per frame, about the newest point. */
  function ask() {
    if (frames !== 0) return;
    frames = requestAnimationFrame(async () => {
      frames = 0;
      const at = point();
      const { report } = board;
      const which = chart()?.probe;
      if (at === null || which == null) return;
      asked = report;
      try {
        const next = await board.probe(which, at);
        if (report !== board.report) return;
        answer = next;
        said.textContent = next.sentence;
        offer.hidden = next.offer === undefined || own === null;
        offer.textContent = next.offer?.label ?? '';
        if (!bare) table.replaceChildren(createTable(steady(next.table), { caption: false }));
      } catch (error) {
        if (error instanceof Superseded || error instanceof Stopped) return;
        answer = null;
        offer.hidden = true;
        said.textContent = words(error);
        table.replaceChildren();
      }
      show(/** @type {HTMLInputElement} */ (document.activeElement));
    });
  }

  /**
   * The table as high as it was while the point is out of the region: what stands below does not jump.
   * @param {Table} next
   * @returns {Table}
   */
  function steady(next) {
    if (next.rows.length > 0) rows = next.rows.length;
    if (next.rows.length > 0 || next.columns.length === 0) return next;
    return {
      ...next,
      rows: Array.from({ length: rows }, () => next.columns.map((_, column) => (column === 0 ? '–' : NaN))),
    };
  }

  /** @param {HTMLInputElement} [typed] */
  function write(typed) {
    const now = chart();
    const at = point();
    if (now === undefined || at === null) return;
    const home = now.marks.find((candidate) => candidate.mark === 'point');
    back.textContent = home === undefined ? 'Back to the operating point' : `Back to “${home.label.split(/:| = /)[0]}”`;
    fields.y.element.hidden = curve() !== undefined;
    for (const axis of /** @type {const} */ (['x', 'y'])) {
      const { input, label, unit } = fields[axis];
      label.textContent = now[axis].label;
      unit.textContent = unitText(now[axis].unit);
      if (input !== typed) input.value = String(Number(at[axis].toPrecision(7)));
    }
  }

  /** @param {HTMLInputElement} [typed] */
  function show(typed) {
    const now = chart();
    const window = frame();
    const at = point();
    write(typed);
    back.disabled = own === null;
    if (now === undefined || window === null || at === null) return;
    layer.setAttribute('viewBox', plot.querySelector('.picture svg')?.getAttribute('viewBox') ?? '0 0 1 1');
    const [x, y] = [toX(window, at.x), toY(window, at.y)];
    // Off the picture (zoomed in, or typed) it waits at the edge.
    const px = Math.max(window.left, Math.min(window.right, x));
    const py = Math.max(window.top, Math.min(window.bottom, y));
    // On a curve the grip stands at the axis, clear of the curve and its words.
    const sliding = curve() !== undefined;
    layer.classList.toggle('is-sliding', sliding);
    if (sliding) {
      for (const [name, value] of Object.entries({
        x1: px,
        x2: px,
        y1: answer?.inside === false ? window.top : py,
        y2: window.bottom,
      }))
        guide.setAttribute(name, value.toFixed(1));
      dot.setAttribute('transform', `translate(${px.toFixed(1)} ${py.toFixed(1)})`);
      dot.classList.toggle('is-lost', answer?.inside === false || px !== x || py !== y);
    }
    handle.setAttribute('transform', `translate(${px.toFixed(1)} ${(sliding ? window.bottom - GRIP : py).toFixed(1)})`);
    handle.classList.toggle('is-outside', answer?.inside === false);
    handle.classList.toggle('is-away', px !== x || py !== y);
    handle.classList.toggle('is-dragged', dragging);
    const ring = sliding ? 'M9 0a9 9 0 1 1-18 0a9 9 0 1 1 18 0ZM-2.5-3.5-6 0l3.5 3.5M2.5-3.5 6 0 2.5 3.5' : RING;
    const shape = answer?.inside === false ? 'M0-12 12 0 0 12-12 0ZM-4-4 4 4M-4 4 4-4' : ring;
    mark.setAttribute('d', shape);
    halo.setAttribute('d', shape);
    const told = (/** @type {Axis} */ axis, /** @type {number} */ value) =>
      `${axis.label} ${withUnit(value, axis.unit)}`;
    handle.setAttribute('aria-valuemin', String(window.x0));
    handle.setAttribute('aria-valuemax', String(window.x1));
    handle.setAttribute('aria-valuenow', String(at.x));
    handle.setAttribute(
      'aria-valuetext',
      sliding
        ? `${told(now.x, at.x)}${answer?.inside === false ? ', out of reach' : ''}`
        : `${told(now.x, at.x)}, ${told(now.y, at.y)}${answer?.inside === false ? ', outside the region' : ''}`,
    );
    element.classList.toggle('is-outside', answer?.inside === false);
  }

  /** @param {MouseEvent} event */
  function under(event) {
    const window = frame();
    if (window === null) return null;
    const box = plot.getBoundingClientRect();
    const px = Math.max(window.left, Math.min(window.right, event.clientX - box.left));
    const py = Math.max(window.top, Math.min(window.bottom, event.clientY - box.top));
    return {
      x: grained(fromX(window, px), window.x1 - window.x0),
      y: grained(fromY(window, py), window.y1 - window.y0),
    };
  }

  /** @param {MouseEvent} event */
  function inPlane(event) {
    const window = frame();
    if (window === null) return false;
    const box = plot.getBoundingClientRect();
    const [px, py] = [event.clientX - box.left, event.clientY - box.top];
    return px >= window.left && px <= window.right && py >= window.top && py <= window.bottom;
  }

  /** @param {PointerEvent} event */
  function take(event) {
    dragging = true;
    handle.setPointerCapture(event.pointerId);
    handle.focus({ preventScroll: true });
    event.preventDefault();
  }

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
    const to = dragging && event.isPrimary ? under(event) : null;
    if (to !== null) move(to);
  });
  for (const name of /** @type {const} */ (['pointerup', 'pointercancel', 'lostpointercapture'])) {
    handle.addEventListener(name, () => {
      dragging = false;
      show();
    });
  }
  // A mouse may press anywhere on the plane; a finger there scrolls the page, and a tap moves the point.
  plot.addEventListener('pointerdown', (event) => {
    if (
      !active() ||
      dragging ||
      event.pointerType !== 'mouse' ||
      event.button !== 0 ||
      event.ctrlKey ||
      !inPlane(event)
    )
      return;
    const to = under(event);
    if (to === null) return;
    take(event);
    move(to);
  });
  plot.addEventListener('click', (event) => {
    if (!active() || (event instanceof PointerEvent && event.pointerType === 'mouse') || !inPlane(event)) return;
    const to = event.target instanceof Node && handle.contains(event.target) ? null : under(event);
    if (to !== null) move(to);
  });
  handle.addEventListener('keydown', (event) => {
    const window = frame();
    const now = point();
    if (window === null || now === null) return;
    const up = curve() === undefined ? [0, 1] : [1, 0];
    const [across = 0, along = 0] =
      { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: up, ArrowDown: up.map((part) => -part) }[event.key] ?? [];
    if (event.key === 'Home') home();
    else if (across !== 0 || along !== 0) {
      const part = event.shiftKey ? STRIDE : STEP;
      const [wide, high] = [window.x1 - window.x0, window.y1 - window.y0];
      const stepped = (/** @type {number} */ value, /** @type {number} */ by) =>
        by === 0 ? value : Number((value + by).toPrecision(12));
      move({ x: stepped(now.x, across * part * wide), y: stepped(now.y, along * part * high) });
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });

  const active = () => chart()?.probe != null;

  return {
    element,
    layer,
    active,
    /** What zooming by button or key keeps in view. */
    about() {
      const [window, at] = [frame(), point()];
      const seen =
        window !== null &&
        at !== null &&
        at.x >= window.x0 &&
        at.x <= window.x1 &&
        at.y >= window.y0 &&
        at.y <= window.y1;
      return seen ? at : undefined;
    },
    /** A new drawing: the handle moves with its frame. */
    drawn() {
      if (!active()) return;
      show(/** @type {HTMLInputElement} */ (document.activeElement));
      if (asked !== board.report) ask();
    },
    /** A new report, or another step: the point at home moves, any other is asked about again. */
    refresh() {
      const on = active();
      element.hidden = !on;
      layer.classList.toggle('is-off', !on);
      handle.setAttribute('tabindex', on ? '0' : '-1');
      if (!on) return;
      show();
      // The picture of a curve comes before the sentence: asking may take the worker a while.
      if (curve() === undefined) ask();
    },
    /** The step changed. */
    stepped() {
      if (!active() || own !== null || curve() !== undefined) return;
      show();
      ask();
    },
    destroy() {
      cancelAnimationFrame(frames);
    },
  };
}
