// The first script to run: the program starts to load while the rest of the page still does,
// unless an embedded view with `run=0` waits for a press.

import { mended } from '../session/address.js';
import { Client } from '../session/client.js';
import { embedOptions } from '../session/links.js';

const meant = mended(location.search, location.hash);
if (meant !== null) history.replaceState(null, '', location.pathname + meant.search + meant.hash);

export const client = new Client();

export const embed = embedOptions(location.search);

/** Whether the reader has to start the view. */
export const waits = embed !== null && !embed.run;

if (!waits) client.start().catch(() => {});
