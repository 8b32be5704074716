// A button that copies what stands in a box, or selects it where the browser does not let it.

import { h } from './dom.js';

/**
 * @param {HTMLInputElement | HTMLTextAreaElement} source
 * @param {string} what its name, as `Link`
 * @param {HTMLElement} note where it is said
 */
export function copyButton(source, what, note) {
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(source.value);
      note.textContent = `${what} copied.`;
    } catch {
      source.focus();
      source.select();
      note.textContent = 'Press Ctrl+C to copy the selected text.';
    }
  };
  return h('button', { type: 'button', onclick: () => void copy() }, `Copy ${what.toLowerCase()}`);
}
