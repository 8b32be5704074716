// The worker of one page: one message in, one message out.

import init, * as door from '../../pkg/tandem.js';
import { Desk, described } from './desk.js';

/** @type {Desk | undefined} */
let desk;

addEventListener('message', async ({ data }) => {
  const { id, call, args } = data;
  // A sign of life: who hears none makes another worker.
  postMessage({ id, taken: true });
  try {
    if (call === 'start') {
      // The page compiled the module; every worker instantiates it.
      await init({ module_or_path: args });
      desk = new Desk(door);
      postMessage({ id, result: true });
      return;
    }
    if (call === 'warm') {
      desk?.warm();
      postMessage({ id, result: true });
      return;
    }
    postMessage({ id, result: desk?.do(call, args) });
  } catch (error) {
    postMessage({ id, error: described(error) });
  }
});
