// Zooming a chart: buttons, Ctrl or ⌘ with the wheel, two fingers; a plain wheel scrolls the page.

import { fromX, fromY } from './readout.js';

/** @import { Frame } from '../session/types.js' */

/**
 * @typedef {{ x: [number, number] | null, y: [number, number] | null }} Window
 * @typedef {{ frame: () => Frame | null, both: () => boolean, set: (window: Window) => void, get: () => Window }} Zoomed
 */

/**
 * A range scaled about a fixed point.
 * @param {number} from
 * @param {number} to
 * @param {number} about
 * @param {number} factor below 1 zooms in
 * @returns {[number, number]}
 */
function scaled(from, to, about, factor) {
  return [about + (from - about) * factor, about + (to - about) * factor];
}

/** @param {Zoomed} target */
export function createZoom(target) {
  /**
   * @param {number} factor
   * @param {{ x: number, y: number }} [about] data coordinates; the middle without it
   */
  function by(factor, about) {
    const frame = target.frame();
    if (frame === null) return;
    const x = about?.x ?? (frame.x0 + frame.x1) / 2;
    const y = about?.y ?? (frame.y0 + frame.y1) / 2;
    target.set({
      x: scaled(frame.x0, frame.x1, x, factor),
      y: target.both() ? scaled(frame.y0, frame.y1, y, factor) : target.get().y,
    });
  }

  /** @param {number} fraction of the range, to the right */
  function pan(fraction) {
    const frame = target.frame();
    const now = target.get();
    if (frame === null || now.x === null) return;
    const shift = (frame.x1 - frame.x0) * fraction;
    target.set({ x: [frame.x0 + shift, frame.x1 + shift], y: now.y });
  }

  const fit = () => target.set({ x: null, y: null });

  /** @param {HTMLElement} element where wheel and fingers act */
  function listen(element) {
    /** @param {{ clientX: number, clientY: number }} point */
    const data = ({ clientX, clientY }) => {
      const frame = target.frame();
      const box = element.getBoundingClientRect();
      if (frame === null) return undefined;
      return { x: fromX(frame, clientX - box.left), y: fromY(frame, clientY - box.top) };
    };
    element.addEventListener(
      'wheel',
      (event) => {
        if (!event.ctrlKey && !event.metaKey) return;
        event.preventDefault();
        by(Math.exp(Math.max(-0.5, Math.min(0.5, event.deltaY / 200))), data(event));
      },
      { passive: false },
    );
    /** @type {Map<number, { clientX: number, clientY: number }>} */
    const fingers = new Map();
    let spread = 0;
    const distance = () => {
      const [a, b] = [...fingers.values()];
      return a && b ? Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY) : 0;
    };
    element.addEventListener('pointerdown', (event) => {
      if (event.pointerType !== 'touch') return;
      fingers.set(event.pointerId, event);
      if (fingers.size === 2) spread = distance();
    });
    element.addEventListener('pointermove', (event) => {
      if (!fingers.has(event.pointerId)) return;
      fingers.set(event.pointerId, event);
      if (fingers.size !== 2 || spread === 0) return;
      const now = distance();
      if (now < 10 || Math.abs(now - spread) < 4) return;
      const [a, b] = [...fingers.values()];
      if (a === undefined || b === undefined) return;
      by(spread / now, data({ clientX: (a.clientX + b.clientX) / 2, clientY: (a.clientY + b.clientY) / 2 }));
      spread = now;
    });
    const lift = (/** @type {PointerEvent} */ event) => {
      fingers.delete(event.pointerId);
      spread = 0;
    };
    for (const name of /** @type {const} */ (['pointerup', 'pointercancel', 'pointerleave']))
      element.addEventListener(name, lift);
  }

  return { by, pan, fit, listen };
}
