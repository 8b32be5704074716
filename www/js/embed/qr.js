// QR codes of links, drawn here: the link goes to nobody for it.

/** Bytes a QR code of the lowest correction level holds. */
const ROOM = 2900;
/** Modules of white around a code. */
const MARGIN = 4;

/**
 * The dark modules of a code, or null where the text is too long for one.
 * @param {string} text
 * @returns {Promise<boolean[][] | null>} rows
 */
export async function modulesOf(text) {
  if (new TextEncoder().encode(text).length > ROOM) return null;
  const { default: qrcode } = await import('../../vendor/qrcode.js');
  const made = qrcode(0, 'L');
  made.addData(text, 'Byte');
  made.make();
  const count = made.getModuleCount();
  const all = Array.from({ length: count }, (_, k) => k);
  return all.map((row) => all.map((column) => made.isDark(row, column)));
}

/**
 * @param {HTMLElement} box
 * @param {string} text
 */
export async function drawQr(box, text) {
  const modules = await modulesOf(text);
  if (modules === null) {
    box.textContent = 'The link is too long for a QR code.';
    return;
  }
  const path = modules.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('');
  const ns = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(ns, 'svg');
  const size = modules.length + 2 * MARGIN;
  svg.setAttribute('viewBox', `${-MARGIN} ${-MARGIN} ${size} ${size}`);
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', 'QR code of the link');
  const shape = document.createElementNS(ns, 'path');
  shape.setAttribute('d', path);
  svg.append(shape);
  box.replaceChildren(svg);
}
