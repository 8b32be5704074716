// The box a number is typed into. It is a text box: a browser's own number box drops what it does not know, so that
// 10,5 would become 105 before anyone could read it.

import { h } from './dom.js';
import { read, significant } from './number.js';

/** @import { Attributes } from './dom.js' */

/**
 * @typedef {{ step?: number | null, min?: number | null, max?: number | null }} Steps what an arrow key moves by, and
 *   the range that it stays in; any number may be typed
 */

/** Steps that a key moves by when Shift is held. */
const STRIDE = 10;

/**
 * @param {Attributes} attributes
 * @param {() => Steps} [steps]
 * @returns {HTMLInputElement}
 */
export function numberBox(attributes, steps = () => ({})) {
  const input = h('input', {
    type: 'text',
    inputmode: 'decimal',
    autocomplete: 'off',
    spellcheck: 'false',
    ...attributes,
  });
  input.classList.add('number-box');
  const changed = () => input.dispatchEvent(new Event('input', { bubbles: true }));
  input.addEventListener('keydown', (event) => {
    const way = event.key === 'ArrowUp' ? 1 : event.key === 'ArrowDown' ? -1 : 0;
    if (way === 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const { step, min, max } = steps();
    const now = input.value.trim() === '' ? 0 : read(input.value);
    if (!Number.isFinite(now)) return;
    const by = (step ?? 1) * (event.shiftKey ? STRIDE : 1) * way;
    // Into the range, but not back into it from beyond: what was typed there was meant.
    const next = Math.max(Math.min(now + by, Math.max(max ?? Infinity, now)), Math.min(min ?? -Infinity, now));
    input.value = String(significant(next, 12));
    changed();
  });
  // Several cells would be run together into one number; shown apart, they are refused in words.
  input.addEventListener('paste', (event) => {
    const cells = (event.clipboardData?.getData('text/plain') ?? '').trim().split(/[\t\r\n]+/);
    if (cells.length < 2 || input.closest('.input-table') !== null) return;
    event.preventDefault();
    input.value = cells.join('; ');
    changed();
  });
  return input;
}
