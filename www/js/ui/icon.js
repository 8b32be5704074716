// The few icons of the page, as strokes in the colour of their text.

import { s } from './dom.js';

const PATHS = {
  undo: 'M6 4 3 7l3 3M3 7h6.5a3.5 3.5 0 0 1 0 7H7',
  redo: 'M10 4l3 3-3 3M13 7H6.5a3.5 3.5 0 0 0 0 7H9',
  share: 'M8 10V2M5 4.5 8 1.5l3 3M3.5 8.5v5h9v-5',
  sun: 'M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6M8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1M12 12l1 1M3 13l1-1M12 4l1-1',
  moon: 'M13 9.5A5.5 5.5 0 0 1 6.500 3 5.500 5.500 0 1 0 13 9.500Z',
  help: 'M5.5 6a2.500 2.500 0 1 1 3.700 2.200C8.300 8.700 8 9.200 8 10M8 12.800v.2',
  first: 'M4 3v10M13 3 6 8l7 5Z',
  back: 'M11.500 3 4.500 8l7 5Z',
  play: 'M4.500 2.500 13 8l-8.500 5.500Z',
  pause: 'M5 3v10M11 3v10',
  step: 'M4.500 3l7 5-7 5Z',
  last: 'M12 3v10M3 3l7 5-7 5Z',
  reset: 'M3.500 8a4.500 4.500 0 1 0 1.500-3.300L3.200 6.300M3 3v3.500h3.500',
  check: 'M2.500 8.500 6.500 12.500 13.500 4',
  close: 'M4 4l8 8M12 4l-8 8',
  open: 'M6 3.500H3v9.500h9.500V10M9 2.500h4.500V7M13.500 2.500 7.500 8.500',
  more: 'M3 8h.01M8 8h.01M13 8h.01',
};

/** @typedef {keyof typeof PATHS} IconName */

/** @param {IconName} name */
export function icon(name) {
  return s(
    'svg',
    { class: 'icon', viewBox: '0 0 16 16', width: 16, height: 16, 'aria-hidden': 'true', focusable: 'false' },
    s('path', { d: PATHS[name] }),
  );
}
