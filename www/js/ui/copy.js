// Copied numbers: the page writes a true minus sign and narrow spaces between thousands, which a spreadsheet takes for
// text.

import { h } from './dom.js';

/** @param {string} text */
function bare(text) {
  return text.replace(/\u2212(?=[\d.\u221e])/g, '-').replace(/(?<=\d)\u202f(?=\d{3})/g, '');
}

/** @param {ClipboardEvent} event */
function copy(event) {
  const selection = getSelection();
  if (selection === null || selection.rangeCount === 0 || event.clipboardData === null) return;
  const text = selection.toString();
  // In a box the browser copies what is selected there.
  if (
    bare(text) === text ||
    document.activeElement instanceof HTMLInputElement ||
    document.activeElement instanceof HTMLTextAreaElement
  )
    return;
  const range = selection.getRangeAt(0);
  const holder = h('div', {}, range.cloneContents());
  const within = range.commonAncestorContainer;
  const table = (within instanceof Element ? within : within.parentElement)?.closest('table') != null;
  const walker = document.createTreeWalker(holder, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) walker.currentNode.nodeValue = bare(walker.currentNode.nodeValue ?? '');
  event.preventDefault();
  event.clipboardData.setData('text/plain', bare(text));
  event.clipboardData.setData(
    'text/html',
    table && holder.querySelector('tr, td, th') !== null ? `<table>${holder.innerHTML}</table>` : holder.innerHTML,
  );
}

/** From now on numbers are copied as a spreadsheet reads them. */
export function copyPlainNumbers() {
  document.addEventListener('copy', copy);
}
