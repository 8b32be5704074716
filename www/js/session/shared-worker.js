// One worker for many frames of a page: each has a desk of its own, and what they run is loaded and compiled once.

import { compile } from './compile.js';
import { Desk, described } from './desk.js';

/** @import { Door } from './desk.js' */

/** Modules of the program by their names, as they were asked for. @type {Map<string, Promise<Door>>} */
const doors = new Map();
/** Those whose memory can no longer be trusted. @type {WeakSet<Door>} */
const gone = new WeakSet();

/** @param {string} name @returns {Promise<Door>} */
function doorOf(name) {
  const known = doors.get(name);
  if (known !== undefined) return known;
  // A door holds one module: the name behind the `?` makes it another one.
  const glue = import(new URL(`../../pkg/tandem.js?${name}`, import.meta.url).href);
  const coming = glue.then(async (door) => {
    await door.default({ module_or_path: await compile(name) });
    return door;
  });
  doors.set(name, coming);
  // What did not come is asked for again.
  coming.catch(() => doors.delete(name));
  return coming;
}

/** @param {MessagePort} port */
function serve(port) {
  /** @type {Desk | undefined} */
  let desk;
  /** @type {Door | undefined} */
  let door;
  port.addEventListener('message', async ({ data }) => {
    const { id, call, args } = data;
    port.postMessage({ id, taken: true });
    try {
      if (call === 'start') {
        door = await doorOf(args);
        desk = new Desk(door);
        port.postMessage({ id, result: true });
      } else if (call === 'leave') {
        if (door !== undefined && !gone.has(door)) desk?.leave();
        port.close();
      } else {
        if (door !== undefined && gone.has(door)) throw new WebAssembly.RuntimeError('it stopped for another figure');
        port.postMessage({ id, result: desk?.do(call, args) });
      }
    } catch (error) {
      const told = described(error);
      // The memory that a trap leaves is that of all frames: who comes next gets another.
      if (told.fatal) {
        if (door !== undefined) gone.add(door);
        doors.clear();
      }
      port.postMessage({ id, error: told });
    }
  });
  port.start();
}

addEventListener('connect', (event) => {
  const [port] = /** @type {MessageEvent} */ (event).ports;
  if (port !== undefined) serve(port);
});
