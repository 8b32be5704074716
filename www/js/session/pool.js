// Workers that share one piece of work after the other: made when first needed, kept for the next time.

import { Stopped, Superseded } from './problem.js';

/** @import { Calls, CallName } from './types.js' */

/**
 * A worker beside the one of the interaction; `take` lets it change places with that one.
 * @typedef {{
 *   call: <N extends CallName>(call: N, args: Calls[N]['args']) => Promise<Calls[N]['result']>,
 *   stop: () => void, take: () => void
 * }} Aside
 */
/**
 * One work under way. `again` are pieces whose worker died, `tried` those that had their second chance.
 * @typedef {{
 *   open: boolean, count: number, next: number, done: number, results: any[], again: number[], tried: Set<number>,
 *   busy: Set<Aside>, job: (aside: Aside, piece: number) => Promise<any>, progress: (done: number) => void,
 *   resolve: (results: any[]) => void, reject: (error: unknown) => void
 * }} Run
 */

/** Workers at most: more than this make the machine slow for others without being much faster. */
const MOST = 8;
/** A piece nobody wants any more may end by itself for this long; then its worker is terminated. */
const GRACE_MS = 300;

/** As many workers as leave one processor to the page; of two, the page that waits needs none for itself. */
export function poolSize(processors = navigator.hardwareConcurrency) {
  const all = processors || 1;
  return all <= 2 ? all : Math.min(MOST, all - 1);
}

export class Pool {
  /** @type {Aside[]} */
  #idle = [];
  #alive = 0;
  /** @type {{ resolve: (aside: Aside) => void, reject: (error: unknown) => void }[]} */
  #waiting = [];
  /** @type {Run | null} */
  #run = null;
  #make;
  #size;

  /**
   * @param {() => Promise<Aside>} make a new worker
   * @param {number} [size]
   */
  constructor(make, size = poolSize()) {
    this.#make = make;
    this.#size = size;
  }

  /** Whether pieces are being worked on. */
  get running() {
    return this.#run !== null;
  }

  /**
   * All pieces of a work, in their order; what ran before is superseded.
   * @template T
   * @param {number} count
   * @param {(aside: Aside, piece: number) => Promise<T>} job
   * @param {(done: number) => void} [progress]
   * @returns {Promise<T[]>}
   */
  run(count, job, progress = () => {}) {
    this.drop();
    return new Promise((resolve, reject) => {
      /** @type {Run} */
      const run = {
        open: true,
        count,
        next: 0,
        done: 0,
        results: [],
        again: [],
        tried: new Set(),
        busy: new Set(),
        job,
        progress,
        resolve,
        reject,
      };
      this.#run = run;
      if (count === 0) this.#end(run, () => resolve([]));
      for (let lane = 0; lane < Math.min(this.#size, count); lane += 1) void this.#work(run);
    });
  }

  /** Nobody wants the work under way any more. */
  drop() {
    const run = this.#run;
    if (run === null) return;
    this.#end(run, () => run.reject(new Superseded()));
    const left = [...run.busy];
    if (left.length > 0) setTimeout(() => left.forEach((aside) => run.busy.has(aside) && aside.stop()), GRACE_MS);
  }

  /**
   * Terminates the work under way.
   * @param {string} reason
   */
  stop(reason) {
    const run = this.#run;
    if (run === null) return;
    this.#end(run, () => run.reject(new Stopped(reason)));
    for (const aside of run.busy) aside.stop();
  }

  /**
   * @param {Run} run
   * @param {() => void} settle
   */
  #end(run, settle) {
    run.open = false;
    if (this.#run === run) this.#run = null;
    settle();
  }

  /** Takes pieces of a run as long as there are any. @param {Run} run */
  async #work(run) {
    /** @type {Aside | null} */
    let aside = null;
    try {
      while (run.open) {
        const piece = run.again.pop() ?? (run.next < run.count ? run.next++ : null);
        if (piece === null) break;
        aside ??= await this.#take();
        if (!run.open) break;
        run.busy.add(aside);
        try {
          run.results[piece] = await run.job(aside, piece);
          run.done += 1;
        } catch (error) {
          if (!(error instanceof Stopped)) throw error;
          run.busy.delete(aside);
          aside = null;
          this.#lost();
          // A piece that took its worker down may try once more with another.
          if (run.tried.has(piece)) throw error;
          run.tried.add(piece);
          run.again.push(piece);
          continue;
        }
        run.busy.delete(aside);
        if (!run.open) break;
        run.progress(run.done);
        if (run.done === run.count) this.#end(run, () => run.resolve(run.results));
      }
    } catch (error) {
      if (run.open) this.#end(run, () => run.reject(error));
    }
    if (aside === null) return;
    run.busy.delete(aside);
    this.#give(aside);
  }

  /** @returns {Promise<Aside>} */
  async #take() {
    const idle = this.#idle.pop();
    if (idle !== undefined) return idle;
    if (this.#alive >= this.#size) return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
    this.#alive += 1;
    try {
      return await this.#make();
    } catch (error) {
      this.#lost();
      throw error;
    }
  }

  /** @param {Aside} aside */
  #give(aside) {
    const waiter = this.#waiting.shift();
    if (waiter === undefined) this.#idle.push(aside);
    else waiter.resolve(aside);
  }

  /** A worker died: whoever waits for one gets a new one. */
  #lost() {
    this.#alive -= 1;
    const waiter = this.#waiting.shift();
    if (waiter !== undefined) this.#take().then(waiter.resolve, waiter.reject);
  }
}
