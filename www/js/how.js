// The text page follows the theme of the others; what scrolls sideways can be reached by keyboard.

import { startTheme } from './theme.js';

startTheme();

function reachable() {
  for (const element of document.querySelectorAll('.text-page :is(.formula, table, pre)')) {
    if (element.scrollWidth > element.clientWidth) element.setAttribute('tabindex', '0');
    else element.removeAttribute('tabindex');
  }
}

reachable();
addEventListener('resize', reachable);
