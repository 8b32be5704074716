// A line to a worker: one of this page alone, or one that frames of a page have together.

import { poolSize } from './pool.js';

/**
 * @typedef {{
 *   shared: boolean, post: (message: unknown) => void, hear: (listener: (data: any) => void) => void,
 *   fail: (listener: () => void) => void, stop: () => void
 * }} Line `stop` ends the worker, or lets go of it where others are at it
 */

/** @returns {Line} */
export function ownLine() {
  const worker = new Worker(new URL('../session/worker.js', import.meta.url), { type: 'module', name: 'tandem' });
  return {
    shared: false,
    post: (message) => worker.postMessage(message),
    hear: (listener) => worker.addEventListener('message', ({ data }) => listener(data)),
    fail: (listener) =>
      worker.addEventListener('error', (event) => {
        event.preventDefault();
        listener();
      }),
    stop: () => worker.terminate(),
  };
}

/**
 * As many workers as a page alone would have are for all its frames; which one is this frame’s, its place among them says.
 * @returns {Line | null} null where the browser has none to share
 */
export function sharedLine() {
  if (typeof SharedWorker !== 'function') return null;
  const name = `tandem-${placeOf(window) % poolSize()}`;
  /** @type {SharedWorker} */
  let worker;
  try {
    worker = new SharedWorker(new URL('../session/shared-worker.js', import.meta.url), { type: 'module', name });
  } catch {
    return null;
  }
  const { port } = worker;
  const stop = () => {
    port.postMessage({ id: 0, call: 'leave' });
    removeEventListener('pagehide', leave);
  };
  // A page that goes into the cache of back and forward comes back to its line.
  const leave = (/** @type {PageTransitionEvent} */ event) => event.persisted || stop();
  addEventListener('pagehide', leave);
  port.start();
  return {
    shared: true,
    post: (message) => port.postMessage(message),
    hear: (listener) => port.addEventListener('message', ({ data }) => listener(data)),
    fail: (listener) => worker.addEventListener('error', listener),
    stop,
  };
}

/** Which of the frames around it a window is, from 0. @param {Window} own */
function placeOf(own) {
  const { parent } = own;
  for (let k = 0; k < parent.length; k += 1) if (parent[k] === own) return k;
  return 0;
}
