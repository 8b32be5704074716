// The list of keys.

import { openDialog } from './dialog.js';
import { h } from './dom.js';

const KEYS = [
  [
    'Anywhere outside a text field',
    [
      ['Ctrl+Z', 'undo the last change of an input'],
      ['Ctrl+Shift+Z or Ctrl+Y', 'redo it'],
      ['?', 'this list'],
    ],
  ],
  [
    'On a chart',
    [
      ['← →', 'step through intervals, bars or points; values are read out'],
      ['Home, End', 'first and last'],
      ['+ − 0', 'zoom in, out, fit'],
      ['Shift+← →', 'move a zoomed chart'],
      ['Ctrl+wheel, two fingers', 'zoom'],
    ],
  ],
  [
    'On the point of a region',
    [
      ['← → ↑ ↓', 'move it by a hundredth of the axis, with Shift by a tenth'],
      ['Home', 'back to the operating point'],
      ['+ − 0', 'zoom in, out, fit'],
    ],
  ],
  [
    'On the network',
    [
      ['← → ↑ ↓', 'go to the next bus, line or unit'],
      ['Enter', 'select it everywhere; say why its number is what it is, where that is known'],
      ['Shift+← → ↑ ↓', 'move a bus, while the grid is changed'],
      ['Escape', 'let go'],
    ],
  ],
  [
    'On a word with a dotted line',
    [
      ['Enter', 'what it means'],
      ['← →', 'the word before, the next'],
      ['Escape', 'close'],
    ],
  ],
  ['On the scrubber', [['← →', 'one interval back or on']]],
  [
    'In a table of inputs',
    [
      ['Enter, Shift+Enter', 'next and previous row'],
      ['paste', 'a block from a spreadsheet goes in from here on'],
    ],
  ],
];

export function openHelp() {
  openDialog(
    'Keys',
    ...KEYS.map(([where, keys]) =>
      h(
        'section',
        { class: 'keys' },
        h('h3', {}, /** @type {string} */ (where)),
        h(
          'dl',
          {},
          .../** @type {string[][]} */ (keys).flatMap(([key, what]) => [
            h('dt', {}, key ?? ''),
            h('dd', {}, what ?? ''),
          ]),
        ),
      ),
    ),
    h(
      'p',
      { class: 'row' },
      h('a', { href: 'how.html', target: '_blank', rel: 'noopener' }, 'How it is computed'),
      h('a', { href: 'words.html', target: '_blank', rel: 'noopener' }, 'Words'),
    ),
  );
}
