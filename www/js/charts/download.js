// A drawing that needs no style sheet, an image of it, numbers as CSV, and names of files.

import { save } from '../ui/dom.js';

/** What the page's style sheet gives to a drawing and a file must carry itself. */
const STYLES = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-opacity',
  'stroke-dasharray',
  'stroke-linecap',
  'stroke-linejoin',
  'paint-order',
  'text-anchor',
  'dominant-baseline',
  'font-family',
  'font-size',
  'font-weight',
  'opacity',
  'display',
];

/**
 * A drawing that needs no style sheet.
 * @param {SVGSVGElement} svg
 * @param {boolean} [grounded] on the ground that it has on the page
 */
export function standalone(svg, grounded = true) {
  const copy = /** @type {SVGSVGElement} */ (svg.cloneNode(true));
  const originals = svg.querySelectorAll('*');
  for (const [k, element] of [...copy.querySelectorAll('*')].entries()) {
    const original = originals[k];
    // Elements of the module's own drawings have no class: they carry everything themselves.
    if (original === undefined || !svg.classList.contains('diagram')) break;
    const style = getComputedStyle(original);
    for (const name of STYLES) element.setAttribute(name, style.getPropertyValue(name));
  }
  const { width, height } = svg.viewBox.baseVal;
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('width', String(width));
  copy.setAttribute('height', String(height));
  if (!grounded) return { text: new XMLSerializer().serializeToString(copy), width, height };
  const back = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
  back.setAttribute('width', '100%');
  back.setAttribute('height', '100%');
  back.setAttribute('fill', getComputedStyle(document.documentElement).getPropertyValue('--surface').trim());
  copy.prepend(back);
  return { text: new XMLSerializer().serializeToString(copy), width, height };
}

/**
 * A drawing as an image that a canvas can draw.
 * @param {string} text SVG that needs no style sheet
 */
export async function imageOf(text) {
  const url = URL.createObjectURL(new Blob([text], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    return image;
  } finally {
    URL.revokeObjectURL(url);
  }
}

/**
 * @param {string} text
 * @param {string} name without extension
 */
export function saveCsv(text, name) {
  save(`${name}.csv`, new Blob([text], { type: 'text/csv;charset=utf-8' }));
}

/**
 * A file name out of titles: letters, digits and dashes.
 * @param {...string} parts
 */
export function fileName(...parts) {
  return parts
    .join(' ')
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
    .toLowerCase()
    .slice(0, 80);
}
