// Small things of both pages of the classroom.

import { h, s } from '../ui/dom.js';
import { icon } from '../ui/icon.js';

/** @import { IconName } from '../ui/icon.js' */
/** @import { Room } from './room.js' */

/** Bytes a QR code of the lowest correction level holds. */
export const QR_ROOM = 2900;

/**
 * @param {string} label
 * @param {IconName} name
 * @param {() => void} act
 */
export function iconButton(label, name, act) {
  return h(
    'button',
    { type: 'button', class: 'icon-button', 'aria-label': label, title: label, onclick: act },
    icon(name),
  );
}

/**
 * A button that copies a text and says so.
 * @param {string} label
 * @param {() => string | Promise<string>} text
 */
export function copyButton(label, text) {
  const button = h('button', { type: 'button', onclick: () => void copy() }, label);
  let timer = 0;
  async function copy() {
    let said = 'Copied';
    try {
      await navigator.clipboard.writeText(await text());
    } catch {
      said = 'This browser lets nothing be copied here.';
    }
    button.textContent = said;
    button.setAttribute('aria-live', 'polite');
    window.clearTimeout(timer);
    timer = window.setTimeout(() => (button.textContent = label), 1500);
  }
  return button;
}

/**
 * @param {string} text
 * @param {string} label
 * @returns {Promise<Element>}
 */
export async function qrOf(text, label) {
  if (text.length > QR_ROOM) return h('p', { class: 'help' }, 'The link is too long for a QR code.');
  const { default: qrcode } = await import('../../vendor/qrcode.js');
  const made = qrcode(0, 'L');
  made.addData(text, 'Byte');
  made.make();
  const count = made.getModuleCount();
  let path = '';
  for (let row = 0; row < count; row += 1)
    for (let column = 0; column < count; column += 1) if (made.isDark(row, column)) path += `M${column} ${row}h1v1h-1z`;
  return s(
    'svg',
    { viewBox: `-4 -4 ${count + 8} ${count + 8}`, role: 'img', 'aria-label': label },
    s('path', { d: path }),
  );
}

/** Whether what is private is kept from the class. @param {Room} room @param {() => void} act */
export function discreetBox(room, act) {
  const box = h('input', {
    type: 'checkbox',
    checked: room.discreet,
    onchange: () => {
      room.discreet = box.checked;
      act();
    },
  });
  return h('label', { class: 'pair' }, box, h('span', {}, 'Hide costs and profits'));
}

/**
 * A table of texts and numbers that scrolls sideways where it must.
 * @param {string} label
 * @param {string[]} head
 * @param {HTMLElement} body
 */
export function table(label, head, body) {
  return h(
    'div',
    { class: 'sideways', tabindex: 0, role: 'region', 'aria-label': label },
    h(
      'table',
      { class: 'room-table' },
      h('caption', { class: 'hidden-text' }, label),
      h(
        'thead',
        {},
        h('tr', {}, ...head.map((name, k) => h('th', { scope: 'col', class: k > 0 ? 'number' : null }, name))),
      ),
      body,
    ),
  );
}
