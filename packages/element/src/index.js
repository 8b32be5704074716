// `<tandem-figure>`: a scenario of Tandem in a page, in a frame or, with `mode="inline"`, in the page itself.

import { TandemFigure as Own } from './host.js';
import { inline } from './inline.js';

export { useProgram } from './program.js';

/** @typedef {import('./host.js').Message} Message */
/** @typedef {import('./host.js').TandemFigure} TandemFigure */

const known = /** @type {typeof Own | undefined} */ (globalThis.customElements?.get('tandem-figure'));
/** The element, also where a script of the page made it before. */
export const TandemFigure = known ?? Own;
// No address is known but where the site's own script was there first.
if (TandemFigure === Own) Own.page = '';
TandemFigure.inline = inline;
