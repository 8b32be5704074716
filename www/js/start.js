// The first script to run: the program starts to load while the rest of the page still does.

import { Client } from './client.js';

export const client = new Client();

/** Rejected when the program cannot run here at all. */
export const started = client.start();
started.catch(() => {});
