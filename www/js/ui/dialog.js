// Real dialogs: a title, a close button, focus returned on closing.

import { h, uid } from './dom.js';
import { icon } from './icon.js';

/**
 * @param {string} title
 * @param {...(Node | string)} content
 */
export function openDialog(title, ...content) {
  const id = uid('dialog');
  const dialog = h(
    'dialog',
    { 'aria-labelledby': id },
    h(
      'header',
      // The banner is the page's.
      { role: 'presentation' },
      h('h2', { id }, title),
      h(
        'button',
        { type: 'button', class: 'icon-button', 'aria-label': 'Close', title: 'Close', onclick: () => dialog.close() },
        icon('close'),
      ),
    ),
    h('div', { class: 'dialog-body' }, ...content),
  );
  dialog.addEventListener('close', () => dialog.remove());
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close();
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}
