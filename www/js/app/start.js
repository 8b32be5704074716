// The first script to run: the program starts to load while the rest of the page still does,
// unless an embedded view with `run=0` waits for a press.

import { mended } from '../session/address.js';
import { Client } from '../session/client.js';
import { Talk } from '../embed/talk.js';
import { showFirst } from './first.js';
import { embedOptions } from '../session/embedding.js';
import { moduleFor } from '../session/modules.js';

// The page of a preset, readable before and without this code, becomes its lab at the address of every other.
const own = /\/p\/([\w-]+)\.html$/.exec(location.pathname)?.[1];
if (own !== undefined) history.replaceState(null, '', `../${location.search}${location.hash || `#p=${own}`}`);

const meant = mended(location.search, location.hash);
if (meant !== null) history.replaceState(null, '', location.pathname + meant.search + meant.hash);

// A page that is kept for offline use has the whole program at hand.
// A frame that is a sandbox of its own may not even ask.
const kept = self.origin !== 'null' && navigator.serviceWorker?.controller != null;

export const embed = embedOptions(location.search);

/** The messages of the page around an embedded view. */
export const talk = embed !== null && parent !== window ? new Talk(parent) : null;

// Many figures of one page are solved by a few workers.
const shares = talk !== null;

export const client = new Client(kept ? undefined : moduleFor(location.hash), { shares });

/** Whether the reader has to start the view. */
export const waits = embed !== null && !embed.run;

if (!waits) client.start().catch(() => {});
if (embed === null && own === undefined) void showFirst(location.hash);
