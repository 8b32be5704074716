// Where figures in the page are solved: in workers that they share, on the page itself where there can be none.

/** @import { RemoteSession } from '@tandem-market/core/worker' */
/** @typedef {{ session: RemoteSession, leave: () => void }} Seat */
/** @typedef {Awaited<ReturnType<typeof import('@tandem-market/core/worker').connect>>} Remote */
/** @typedef {URL | string | ArrayBuffer | WebAssembly.Module} Program */

/** Workers at most. */
const MOST = 4;

/** @type {Program | undefined} */
let given;
/** @type {{ remote: Promise<Remote>, figures: number }[]} */
const workers = [];
/** The page itself has to do. */
let alone = false;

/**
 * What the program is loaded from, where the package's own file cannot be had from beside its code; before the first figure.
 * @param {Program} program
 */
export function useProgram(program) {
  given = program;
}

/** A session for one figure, once the program is there. @returns {Promise<Seat>} */
export async function takeSeat() {
  if (typeof WebAssembly !== 'object')
    throw Object.assign(new Error('This browser has no WebAssembly.'), { code: 'wasm' });
  try {
    return (alone ? null : await inWorker()) ?? (await onPage());
  } catch (fault) {
    const { message } = /** @type {Error} */ (fault);
    // What a policy of the page says when it forbids the program.
    const code = /content security policy|unsafe-eval|refused to compile/i.test(message) ? 'wasm' : 'load';
    throw Object.assign(new Error(message), { code });
  }
}

/** @returns {Promise<Seat | null>} null where no worker starts */
async function inWorker() {
  const { connect } = await import('@tandem-market/core/worker');
  const most = Math.max(1, Math.min(MOST, (navigator.hardwareConcurrency || 2) - 1));
  workers.sort((one, other) => one.figures - other.figures);
  let [worker] = workers;
  if (worker === undefined || (worker.figures > 0 && workers.length < most)) {
    worker = { remote: connect(given), figures: 0 };
    workers.push(worker);
  }
  const own = worker;
  own.figures += 1;
  /** @param {Remote} [remote] */
  const drop = (remote) => {
    own.figures -= 1;
    // What it may still be solving nobody waits for.
    if (remote && own.figures > 0) return;
    remote?.terminate();
    const at = workers.indexOf(own);
    if (at >= 0) workers.splice(at, 1);
  };
  try {
    const remote = await own.remote;
    const session = remote.session();
    const leave = () => {
      session.free().catch(() => {});
      drop(remote);
    };
    return { session, leave };
  } catch (fault) {
    drop();
    if (/** @type {{ fatal?: boolean }} */ (fault).fatal !== true) throw fault;
    alone = true;
    return null;
  }
}

/** @returns {Promise<Seat>} */
async function onPage() {
  const { Session, load } = await import('@tandem-market/core');
  await load(given);
  const session = new Session();
  // Whoever waits for a promise waits for a value as well.
  return { session: /** @type {any} */ (session), leave: () => session.free() };
}
