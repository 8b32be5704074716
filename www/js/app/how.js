// The text page follows the theme of the others; what scrolls sideways can be reached by keyboard.

import { startTheme } from '../ui/theme.js';

startTheme();

// Beside the text there is room for the contents; above it they would push it down.
const contents = document.querySelector('nav details');
if (contents instanceof HTMLDetailsElement) contents.open = matchMedia('(min-width: 1000px)').matches;

function reachable() {
  for (const element of document.querySelectorAll('.text-page :is(table, pre)')) {
    if (element.scrollWidth > element.clientWidth) element.setAttribute('tabindex', '0');
    else element.removeAttribute('tabindex');
  }
}

reachable();
addEventListener('resize', reachable);
