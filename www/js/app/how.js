// The page of equations: what scrolls sideways can be reached by keyboard.

import { startTextPage } from './text-page.js';

await startTextPage('how');

function reachable() {
  for (const element of document.querySelectorAll('.text-page :is(table, pre)')) {
    if (element.scrollWidth > element.clientWidth) element.setAttribute('tabindex', '0');
    else element.removeAttribute('tabindex');
  }
}

reachable();
addEventListener('resize', reachable);
