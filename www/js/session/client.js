// The page's side of the worker. The newest request of a kind supersedes the ones still waiting;
// a worker that hangs or whose module has died is replaced by a warm spare.
//
// The first worker may run the module of one mechanism, which is a fraction of the whole. What it computes is what the whole
// computes; what it refuses may only be beyond it, so that the whole module, of which the spare worker is, is asked again.

import { compile } from './compile.js';
import { changedBy } from './delta.js';
import { WHOLE } from './modules.js';
import { Pool } from './pool.js';
import { Problem, Stopped, Superseded, Unsolved } from './problem.js';
import { countOf, unpack } from './packed.js';
import { ownLine, sharedLine } from './lines.js';

/** @import { LessonText } from './lessons.js' */
/** @import { Line } from './lines.js' */
/** @import { Aside } from './pool.js' */
/** @import { Calls, CallName, FieldGroup, Given, Progress, Report, SolveAnswer, SolveDelta, SolveInPieces, SolveRequest } from './types.js' */

/**
 * @typedef {{ call: string, args: unknown, resolve: (value: any) => void, reject: (error: Error) => void }} Queued
 * @typedef {{
 *   worker: Line, whole: boolean, pending: Map<number, Queued>, ready: Promise<void>, up: boolean, gone: string, timer: number,
 *   doubted: boolean, leaving: boolean, held: { key: number, report: Report, form: FieldGroup[] } | null
 * }} Instance `whole`: of the module of everything; `up`: started; `leaving`: another has taken its place, it ends what it began; `gone`: why it was stopped; `timer` runs while a sign of life is due; `doubted`: one did not come in time; `held`: its last answer to a solve, of which it tells the next one by what is another
 */

const PRESETS = new URL('../../presets.json', import.meta.url);
/** A worker with nothing else to do takes a message at once; one that has not after this long is gone. */
const SILENT_MS = 4000;
/** The page itself may have been busy: what came meanwhile is heard first. */
const GRACE_MS = 1000;
/** Series of an answer that takes a while to read. */
const LARGE = 4000;

export class Client {
  /** The module that the page needs first; null once it is the whole one. @type {Promise<string> | null} */
  #wanted;
  /** @type {Promise<WebAssembly.Module> | null} */
  #part = null;
  /** @type {Promise<WebAssembly.Module> | null} */
  #whole = null;
  /** @type {Instance | null} */
  #active = null;
  /** @type {Instance | null} */
  #spare = null;
  #nextId = 1;
  /** Kinds with a request in the worker; the value is the newest one waiting behind it.
   * @type {Map<string, Queued | null>} */
  #latest = new Map();
  /** Makes the parts of a solve; its workers are made when there is the first such solve. */
  #pool = new Pool(() => this.aside());
  #solves = 0;
  /** The parts of the last solve from parts, for a worker that takes the place of the one that made it.
   * @type {{ scenario: string, parts: string[] } | null} */
  #gathered = null;
  /** The report that was computed ahead, for the same. @type {Given | null} */
  #given = null;
  /** The lesson of the preset on screen. @type {LessonText | null} */
  #lesson = null;

  /** Whether the worker of the interaction is one that frames of the page have together. */
  #shares;

  /**
   * @param {Promise<string>} [wanted] the module that the page needs first; without it the whole one
   * @param {{ shares?: boolean }} [options] shares: with other frames of the page, as far as the browser can
   */
  constructor(wanted, { shares = false } = {}) {
    this.#wanted = wanted ?? null;
    this.#shares = shares;
  }

  /** Loads the module and makes the first worker; call once, early. */
  async start() {
    const first = this.#instance();
    try {
      await first.ready;
    } catch (error) {
      if (first.whole) throw error;
      await this.#turnWhole().ready;
    }
  }

  /** Pays first-call costs and makes the spare worker; call when the first result is on screen. */
  async warm() {
    await this.start();
    // Frames that share have spares in one another.
    if (this.#active?.worker.shared) return;
    this.#spare ??= this.#spawn(true);
    await this.#spare.ready;
    await this.#post(this.#spare, 'warm', undefined);
  }

  /**
   * One call, in order of arrival.
   * @template {CallName} N
   * @param {N} call
   * @param {Calls[N]['args']} args
   * @returns {Promise<Calls[N]['result']>}
   */
  call(call, args) {
    return call === 'gallery' ? this.#menu() : this.#ask(call, args);
  }

  /** The menu, which the build wrote beside the page; a part of the program knows its own presets alone. @returns {Promise<any>} */
  async #menu() {
    const response = await fetch(PRESETS, { credentials: 'same-origin' }).catch(() => null);
    if (response?.ok) return response.json();
    const whole = this.#turnWhole();
    await whole.ready;
    return this.#post(whole, 'gallery', undefined);
  }

  /**
   * Hands the program the lesson of a preset, before it is solved.
   * @param {LessonText} lesson
   */
  async learn(lesson) {
    this.#lesson = lesson;
    await this.#ask('learn', lesson);
  }

  /**
   * Takes a report that was computed ahead for the answer to a scenario.
   * @param {Given} given
   * @returns {Promise<SolveAnswer>}
   */
  async give(given) {
    const answer = await this.#ask('given', given);
    this.#given = given;
    return answer;
  }

  /**
   * The newest request of its kind: while one is in the worker only the last one waiting is kept,
   * the others are rejected with `Superseded`.
   * @template {CallName} N
   * @param {string} kind
   * @param {N} call
   * @param {Calls[N]['args']} args
   * @returns {Promise<Calls[N]['result']>}
   */
  latest(kind, call, args) {
    return new Promise((resolve, reject) => {
      const request = { call, args, resolve, reject };
      if (this.#latest.has(kind)) {
        this.#latest.get(kind)?.reject(new Superseded());
        this.#latest.set(kind, request);
      } else {
        this.#run(kind, request);
      }
    });
  }

  /**
   * Solves; where the program asks for parts they are made side by side first. The newest solve supersedes the older
   * ones, and only `latest` ones wait for one in the worker.
   * @param {SolveRequest} request
   * @param {{ latest?: boolean, progress?: (progress: Progress | null) => void }} [options]
   * @returns {Promise<SolveAnswer>}
   */
  async solve(request, { latest = false, progress } = {}) {
    this.#solves += 1;
    const turn = this.#solves;
    this.#pool.drop();
    const ask = (/** @type {SolveRequest} */ args) =>
      latest ? this.latest('solve', 'solve', args) : this.call('solve', args);
    const first = await ask(request);
    if (!('pieces' in first)) {
      this.#gathered = null;
      // A large answer was read in this task; it is shown in one of its own.
      if (countOf(first.report) > LARGE) await new Promise((resolve) => setTimeout(resolve));
      return first;
    }
    const { scenario, pieces } = first;
    const { count, name } = pieces;
    const current = () => {
      if (turn !== this.#solves) throw new Superseded();
    };
    current();
    try {
      progress?.({ done: 0, count, name });
      const parts = await this.#pool.run(
        count,
        (aside, piece) => aside.call('part', { scenario, piece }),
        (done) => progress?.({ done, count, name }),
      );
      current();
      // Long work in one piece: the worker of the interaction stays free for the result on screen until the new one is there.
      const job = async (/** @type {Aside} */ aside) => {
        const answer = /** @type {SolveAnswer} */ (
          await aside.call('solve', { ...request, scenario, changes: [], parts })
        );
        if (turn === this.#solves) aside.take();
        return answer;
      };
      const [answer] = await this.#pool.run(1, job);
      current();
      this.#gathered = { scenario, parts };
      return /** @type {SolveAnswer} */ (answer);
    } catch (error) {
      throw error instanceof Problem ? new Unsolved(error.message, error.field) : error;
    } finally {
      progress?.(null);
    }
  }

  /** Terminates what solves: everything asked of it is rejected with `Stopped`. */
  cancel() {
    const reason = 'Cancelled: the last result is kept.';
    // What waits behind holds the same changes and would run into the same again.
    this.#latest.get('solve')?.reject(new Stopped(reason));
    if (this.#latest.has('solve')) this.#latest.set('solve', null);
    if (this.#pool.running) this.#pool.stop(reason);
    else this.#replace(reason);
  }

  /** A worker of its own, for long work beside the interaction. @returns {Promise<Aside>} */
  async aside(whole = false) {
    let instance = this.#spawn(whole || this.#instance().whole);
    await instance.ready;
    return {
      call: (call, args) => this.#post(instance, call, args),
      stop: () => this.#stop(instance, 'Cancelled.'),
      /** Its worker takes over the interaction; that of the interaction takes its place. */
      take: () => {
        [this.#active, instance] = [instance, this.#instance()];
      },
    };
  }

  /**
   * @param {string} kind
   * @param {Queued} request
   */
  async #run(kind, request) {
    this.#latest.set(kind, null);
    try {
      request.resolve(await this.#ask(request.call, request.args));
    } catch (error) {
      request.reject(/** @type {Error} */ (error));
    }
    const next = this.#latest.get(kind);
    if (next) this.#run(kind, next);
    else this.#latest.delete(kind);
  }

  /** The worker of the interaction. */
  #instance() {
    this.#active ??= this.#spawn(this.#wanted === null, this.#shares);
    return this.#active;
  }

  /**
   * Asks the worker of the interaction; where a part of the program does not come or refuses, the whole.
   * @param {string} call
   * @param {unknown} args
   * @returns {Promise<any>}
   */
  async #ask(call, args) {
    const instance = this.#instance();
    try {
      await instance.ready;
      return await this.#post(instance, call, args);
    } catch (error) {
      if (instance.whole || (instance.up && !(error instanceof Problem))) throw error;
      const whole = this.#turnWhole();
      await whole.ready;
      return this.#post(whole, call, args);
    }
  }

  /** A worker of the whole program in the place of that of one mechanism. */
  #turnWhole() {
    const old = this.#active;
    if (old?.whole) return old;
    this.#wanted = null;
    const whole = this.#spare ?? this.#spawn(true, this.#shares);
    this.#spare = null;
    this.#active = whole;
    if (old !== null) {
      old.leaving = true;
      if (old.pending.size === 0) this.#stop(old, 'Another took its place.');
    }
    this.#tell(whole);
    return whole;
  }

  /** What a worker that takes over has to know. @param {Instance} instance */
  #tell(instance) {
    const known = { learn: this.#lesson, keep: this.#gathered, given: this.#given };
    for (const [call, what] of Object.entries(known)) {
      if (what !== null) instance.ready.then(() => this.#post(instance, call, what)).catch(() => {});
    }
  }

  /** @param {boolean} whole @returns {Promise<string>} */
  async #named(whole) {
    return whole ? WHOLE : ((await this.#wanted) ?? WHOLE);
  }

  /** @param {boolean} whole */
  #compiled(whole) {
    if (whole || this.#wanted === null) {
      this.#whole ??= compile(WHOLE);
      return this.#whole;
    }
    this.#part ??= this.#wanted.then(compile);
    return this.#part;
  }

  /**
   * @param {boolean} whole
   * @param {boolean} [shares]
   * @returns {Instance}
   */
  #spawn(whole, shares = false) {
    const worker = (shares ? sharedLine() : null) ?? ownLine();
    /** @type {Instance} */
    const instance = {
      worker,
      whole,
      pending: new Map(),
      ready: Promise.resolve(),
      up: false,
      gone: '',
      timer: 0,
      doubted: false,
      leaving: false,
      held: null,
    };
    worker.hear((data) => {
      this.#hear(instance);
      const waiter = instance.pending.get(data.id);
      if (waiter === undefined || data.taken) return;
      instance.pending.delete(data.id);
      this.#await(instance);
      if (instance.leaving && instance.pending.size === 0) this.#stop(instance, 'Another took its place.');
      if (data.error === undefined) {
        try {
          waiter.resolve(unpack(waiter.call === 'solve' ? solved(instance, data.result) : data.result));
        } catch (problem) {
          waiter.reject(/** @type {Error} */ (problem));
        }
        return;
      }
      const { message, field, fatal, ...more } = data.error;
      if (fatal) {
        waiter.reject(
          new Stopped(`The program stopped inside (${message}). It was started again; the last result is kept.`),
        );
        if (this.#active === instance) this.#replace('The program was started again.');
        else this.#stop(instance, 'The program stopped.');
      } else {
        waiter.reject(new Problem(message, field, more));
      }
    });
    worker.fail(() => {
      if (this.#active === instance) this.#active = null;
      if (this.#spare === instance) this.#spare = null;
      this.#stop(instance, 'The program could not be started in a worker. Reload the page to try again.');
    });
    // A worker of many frames compiles for all of them what it is told by name.
    const module = worker.shared ? this.#named(whole) : this.#compiled(whole);
    instance.ready = module.then((started) => this.#post(instance, 'start', started));
    instance.ready.then(
      () => (instance.up = true),
      () => {},
    );
    return instance;
  }

  /**
   * @param {Instance} instance
   * @param {string} call
   * @param {unknown} args
   * @returns {Promise<any>}
   */
  #post(instance, call, args) {
    if (instance.gone !== '') return Promise.reject(new Stopped(instance.gone));
    return new Promise((resolve, reject) => {
      const id = this.#nextId++;
      instance.pending.set(id, { call, args, resolve, reject });
      instance.worker.post({ id, call, args });
      this.#await(instance);
    });
  }

  /** A sign of life is due. @param {Instance} instance */
  #await(instance) {
    if (!instance.up || instance.timer !== 0 || instance.pending.size === 0) return;
    instance.timer = window.setTimeout(() => this.#silent(instance), SILENT_MS);
  }

  /** @param {Instance} instance */
  #hear(instance) {
    window.clearTimeout(instance.timer);
    instance.timer = 0;
    instance.doubted = false;
  }

  /** The worker took nothing: it was killed from outside. What was asked of it is asked of another. @param {Instance} instance */
  #silent(instance) {
    instance.timer = 0;
    if (!instance.doubted) {
      instance.doubted = true;
      instance.timer = window.setTimeout(() => this.#silent(instance), GRACE_MS);
      return;
    }
    if (this.#spare === instance) this.#spare = null;
    if (this.#active !== instance) {
      this.#stop(instance, 'The program stopped.');
      return;
    }
    const waiters = [...instance.pending.values()];
    instance.pending.clear();
    this.#replace('The program was started again.');
    const active = this.#instance();
    active.ready.then(
      () => waiters.forEach(({ call, args, resolve, reject }) => this.#post(active, call, args).then(resolve, reject)),
      (error) => waiters.forEach(({ reject }) => reject(error)),
    );
  }

  /** @param {string} reason */
  #replace(reason) {
    const old = this.#active;
    const spare = this.#spare;
    this.#spare = null;
    // One that has not started may be as dead.
    this.#active = spare?.up ? spare : this.#spawn(old === null || old.whole);
    if (this.#active.whole) this.#wanted = null;
    if (spare !== null && spare !== this.#active) this.#stop(spare, reason);
    if (old !== null) this.#stop(old, reason);
    this.#tell(this.#active);
    this.#active.ready.then(
      () => this.warm(),
      () => {},
    );
  }

  /**
   * @param {Instance} instance
   * @param {string} reason
   */
  #stop(instance, reason) {
    instance.worker.stop();
    instance.gone = reason;
    this.#hear(instance);
    const waiters = [...instance.pending.values()];
    instance.pending.clear();
    for (const waiter of waiters) waiter.reject(new Stopped(reason));
  }
}

/**
 * An answer to a solve, which the worker may tell by what is another than in its last one.
 * @param {Instance} instance
 * @param {SolveAnswer | SolveDelta | SolveInPieces} told
 * @returns {SolveAnswer | SolveInPieces}
 */
function solved(instance, told) {
  if ('pieces' in told) return told;
  if (!('delta' in told)) {
    const { key, report, form } = told;
    instance.held = { key, report, form };
    return told;
  }
  const { scenario, charts, key, since, delta } = told;
  if (instance.held?.key !== since) throw new Error(`an answer told by another than that of solve ${since}`);
  const { report, form } = instance.held;
  const now = /** @type {{ report: Report, form: FieldGroup[] }} */ (changedBy({ report, form }, delta));
  instance.held = { key, ...now };
  return { scenario, charts, key, ...now };
}
