// A series drawn by hand: the steps that are known, and dots to drag for those to come.

import { h, s } from '../ui/dom.js';
import { plain, withUnit } from '../ui/number.js';

/** @typedef {{ name: string, unit: string, from: number, between: [number, number] }} Sketched `from` counts steps from 1 */

const WIDTH = 520;
const HEIGHT = 200;
const EDGE = { left: 44, right: 16, top: 12, bottom: 28 };
/** Parts of the scale that one press of an arrow key moves a dot by. */
const PARTS = 20;

/**
 * @param {Sketched} sketched
 * @param {number[]} truth of every step; those before `from` are shown
 * @param {string} clock what a step is called
 */
export function createSketch({ name, unit, from, between: [least, greatest] }, truth, clock) {
  const start = truth[from - 2] ?? (least + greatest) / 2;
  const drawn = truth.map((value, step) => (step < from - 1 ? value : Math.min(greatest, Math.max(least, start))));
  const x = (/** @type {number} */ step) =>
    EDGE.left + ((step + 0.5) / truth.length) * (WIDTH - EDGE.left - EDGE.right);
  const y = (/** @type {number} */ value) =>
    HEIGHT - EDGE.bottom - ((value - least) / (greatest - least)) * (HEIGHT - EDGE.top - EDGE.bottom);
  const path = (/** @type {number[]} */ values) =>
    values.map((value, step) => `${step === 0 ? 'M' : 'L'}${x(step)} ${y(value)}`).join('');

  const line = s('path', { class: 'sketch-line' });
  const answer = s('path', { class: 'sketch-truth' });
  const dots = truth.map((_, step) => (step < from - 1 ? known(step) : handle(step)));
  const scale = [least, (least + greatest) / 2, greatest].map((value) =>
    s('g', {}, s('path', { class: 'sketch-grid', d: `M${EDGE.left} ${y(value)}H${WIDTH - EDGE.right}` }), label(value)),
  );
  const steps = truth.map((_, step) =>
    s('text', { x: x(step), y: HEIGHT - 8, 'text-anchor': 'middle' }, String(step + 1)),
  );
  const svg = s(
    'svg',
    { class: 'sketch', viewBox: `0 0 ${WIDTH} ${HEIGHT}` },
    ...scale,
    ...steps,
    answer,
    line,
    ...dots,
  );
  const element = h(
    'div',
    { class: 'sketch-box', role: 'group', 'aria-label': `${name}, ${unit}, by ${clock}` },
    h('p', { class: 'help' }, `${name}, ${unit}, by ${clock}`),
    svg,
  );

  /** @param {number} value */
  function label(value) {
    return s('text', { x: EDGE.left - 6, y: y(value) + 4, 'text-anchor': 'end' }, plain(value));
  }

  /** @param {number} step */
  function known(step) {
    return s('circle', { class: 'sketch-known', cx: x(step), cy: y(drawn[step] ?? NaN), r: 5 });
  }

  /** @param {number} step */
  function handle(step) {
    const dot = s('circle', {
      class: 'sketch-dot',
      r: 9,
      tabindex: 0,
      role: 'slider',
      'aria-label': `${name} in ${clock} ${step + 1}`,
      'aria-orientation': 'vertical',
      'aria-valuemin': least,
      'aria-valuemax': greatest,
    });
    dot.addEventListener('pointerdown', (event) => {
      dot.setPointerCapture(event.pointerId);
      event.preventDefault();
      dot.focus();
    });
    dot.addEventListener('pointermove', (event) => {
      if (dot.hasPointerCapture(event.pointerId)) move(step, valueAt(event.clientY));
    });
    dot.addEventListener('keydown', (event) => {
      const part = (greatest - least) / PARTS;
      const by = { ArrowUp: part, ArrowRight: part, ArrowDown: -part, ArrowLeft: -part }[event.key];
      if (by === undefined) return;
      event.preventDefault();
      move(step, (drawn[step] ?? NaN) + by);
    });
    return dot;
  }

  /** @param {number} clientY */
  function valueAt(clientY) {
    const box = svg.getBoundingClientRect();
    const py = ((clientY - box.top) / box.height) * HEIGHT;
    return least + ((HEIGHT - EDGE.bottom - py) / (HEIGHT - EDGE.top - EDGE.bottom)) * (greatest - least);
  }

  /**
   * @param {number} step
   * @param {number} value
   */
  function move(step, value) {
    drawn[step] = Math.min(greatest, Math.max(least, value));
    show();
  }

  function show() {
    line.setAttribute('d', path(drawn));
    for (const [step, dot] of dots.entries()) {
      const value = drawn[step] ?? NaN;
      dot.setAttribute('cx', String(x(step)));
      dot.setAttribute('cy', String(y(value)));
      if (step < from - 1) continue;
      dot.setAttribute('aria-valuenow', plain(value, 2));
      dot.setAttribute('aria-valuetext', withUnit(value, unit, 3));
    }
  }

  show();
  return {
    element,
    /** The mean distance from the truth. */
    off() {
      const open = truth.slice(from - 1);
      const far = open.map((value, k) => Math.abs(value - (drawn[from - 1 + k] ?? NaN)));
      return far.reduce((sum, one) => sum + one, 0) / Math.max(1, far.length);
    },
    /** Shows what comes, beside what was drawn, which stays. */
    reveal() {
      answer.setAttribute('d', path(truth.map((value) => Math.min(greatest, Math.max(least, value)))));
      svg.classList.add('is-revealed');
      for (const dot of dots) dot.removeAttribute('tabindex');
    },
  };
}
