// Sessions in a worker of their own, so that the page stays responsive while one solves: the same methods, as promises.

import { TandemError } from './session.js';

/** @import { Program, Session, Sheet, Sweep } from './session.js' */

/** What can be asked of a session elsewhere. */
const CALLS = /** @type {const} */ ([
  ...['preset', 'open', 'set', 'document', 'text', 'form', 'inputs', 'link', 'solve', 'isSolved', 'report', 'chart'],
  ...['table', 'csv', 'compare', 'sweep', 'probe', 'explain', 'task', 'lp', 'factors', 'importSeries', 'free'],
]);

/**
 * What of an answer can be sent: of a sheet its report.
 * @template T
 * @typedef {T extends Session ? void : T extends Sweep ? { report: ReturnType<Sheet['report']>, swept: Sweep['swept'] } : T extends Sheet ? { report: ReturnType<Sheet['report']> } : T} Sent
 */
/**
 * A session in a worker.
 * @typedef {{ [Call in typeof CALLS[number]]: (...args: Parameters<Session[Call]>) => Promise<Sent<ReturnType<Session[Call]>>> }} RemoteSession
 */

/** A worker with the program in it. */
export class Remote {
  #worker;
  #count = 0;
  #sessions = 0;
  /** @type {Map<number, { resolve: (result: any) => void, reject: (why: Error) => void }>} */
  #asked = new Map();

  /** @internal @param {Worker} worker */
  constructor(worker) {
    this.#worker = worker;
    worker.addEventListener('message', ({ data: { id, result, error } }) => {
      const asked = this.#asked.get(id);
      this.#asked.delete(id);
      if (error) asked?.reject(new TandemError(error.message, error));
      else asked?.resolve(result);
    });
    worker.addEventListener('error', (event) => this.#refuse(event.message || 'The worker did not start.'));
  }

  /** @internal @param {number} session @param {string} call @param {unknown[]} args @returns {Promise<any>} */
  ask(session, call, args) {
    const id = ++this.#count;
    return new Promise((resolve, reject) => {
      this.#asked.set(id, { resolve, reject });
      this.#worker.postMessage({ id, session, call, args });
    });
  }

  /** Another session. @returns {RemoteSession} */
  session() {
    const own = ++this.#sessions;
    const calls = CALLS.map((call) => [call, (/** @type {unknown[]} */ ...args) => this.ask(own, call, args)]);
    return Object.fromEntries(calls);
  }

  /** Ends the worker, whatever it is doing; what was asked of it is refused. */
  terminate() {
    this.#worker.terminate();
    this.#refuse('The worker was ended.');
  }

  /** @param {string} why */
  #refuse(why) {
    for (const { reject } of this.#asked.values()) reject(new TandemError(why, { fatal: true }));
    this.#asked.clear();
  }
}

/**
 * Starts a worker and loads the program in it: the package's own file, or what is given.
 * @param {Exclude<Program, Response | Promise<Response>> | URL | string} [program]
 * @returns {Promise<Remote>}
 */
export async function connect(program) {
  const remote = new Remote(started());
  const given = typeof program === 'string' ? new URL(program, globalThis.document?.baseURI ?? location.href) : program;
  try {
    await remote.ask(0, 'load', given === undefined ? [] : [given instanceof URL ? given.href : given]);
  } catch (fault) {
    remote.terminate();
    throw fault;
  }
  return remote;
}

/** A worker; a page may have none of another origin, or none at all. */
function started() {
  try {
    return new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
  } catch (fault) {
    throw new TandemError(`No worker starts: ${/** @type {Error} */ (fault).message}`, { fatal: true });
  }
}
