// What becomes of a lesson beside its scenario: the report with the lesson told, and what is wrong with it, field by field.

import { shippedAnswer } from '../session/ahead.js';
import { nextKey } from '../session/keys.js';
import { aheadOf } from '../session/modules.js';
import { Problem, sentence } from '../session/problem.js';
import { gaps, lessonOf } from './words.js';

/** @import { Ahead } from '../session/ahead.js' */
/** @import { Client } from '../session/client.js' */
/** @import { Change, FieldGroup, Progress, Report, Scenario } from '../session/types.js' */
/** @import { Fault, Words } from './words.js' */

/** Whether a step's `until` holds before and after its change; null where nothing is to be tried. @typedef {{ before: boolean, after: boolean } | null} Tried */
/** @typedef {{ report: Report, form: FieldGroup[], faults: Fault[], tried: Tried[] }} Found */

/** Steps are tried where one solve takes no longer than this. */
const QUICK_MS = 2000;

export class Checker {
  #client;
  /** The scenario without a lesson. @type {Scenario} */
  #base;
  /** How long the first solve took. */
  #took = Number.POSITIVE_INFINITY;
  /** @type {Ahead | null} */
  #ahead = null;
  /** What was tried last: as long as the steps are the same it stands. @type {{ of: string, tried: Tried[], faults: Fault[] }} */
  #trial = { of: '', tried: [], faults: [] };

  /**
   * @param {Client} client
   * @param {Scenario} base
   */
  constructor(client, base) {
    this.#client = client;
    this.#base = base;
  }

  /** Seconds that the first solve takes, about, where that is long; null where it is not known to be. */
  get long() {
    if (this.#took < Number.POSITIVE_INFINITY) return null;
    return this.#base.preset === '' ? null : (aheadOf(`#p=${this.#base.preset}`)?.seconds ?? null);
  }

  /**
   * The lesson told with the answer that ships with the page, where one does: what is wrong with its sentences is not
   * known then.
   * @param {Words} words
   * @returns {Promise<Found | null>}
   */
  async shipped(words) {
    this.#ahead ??= (await shippedAnswer(`#p=${this.#base.preset}`)?.of(JSON.stringify(this.#base))) ?? null;
    if (this.#ahead === null) return null;
    const given = { scenario: this.#text(words), key: nextKey(), report: this.#ahead.report };
    const { report, form } = await this.#client.give(given);
    return { report, form, faults: gaps(words), tried: [] };
  }

  /**
   * The scenario with a lesson around it, as JSON text.
   * @param {Words} words
   */
  #text(words) {
    // The title is no part of it: another title would be another scenario, and be solved again.
    return JSON.stringify({ ...this.#base, lesson: lessonOf(words) });
  }

  /**
   * @param {Words} words
   * @param {(progress: Progress | null) => void} progress
   * @returns {Promise<Found>}
   */
  async run(words, progress) {
    const begun = performance.now();
    const scenario = this.#text(words);
    const key = nextKey();
    const { report, form } = await this.#client.solve({ scenario, key }, { progress });
    this.#took = Math.min(this.#took, performance.now() - begun);
    const problems = await this.#client.call('lessonProblems', { scenario, key });
    const missing = gaps(words);
    const named = new Set(missing.map(({ at }) => at));
    const told = problems
      .map(({ field, message }) => ({ at: field.replace(/^lesson\./, ''), message: sentence({ message }) }))
      .filter(({ at }) => !named.has(at));
    const { tried, faults } = await this.#try(words, report);
    return { report, form, faults: [...missing, ...told, ...faults], tried };
  }

  /**
   * Makes the changes of the steps, one after another, as a reader does.
   * @param {Words} words
   * @param {Report} report of the scenario as it is
   */
  async #try(words, report) {
    const { steps } = words;
    const of = JSON.stringify(steps.map(({ change, until }) => [change, until]));
    if (of === this.#trial.of) return this.#trial;
    const none = steps.map(() => null);
    if (this.#took > QUICK_MS || steps.every(({ change }) => change.length === 0)) return { tried: none, faults: [] };
    const scenario = this.#text(words);
    /** @type {Map<string, Change>} */
    const changes = new Map();
    /** @type {Tried[]} */
    const tried = [];
    /** @type {Fault[]} */
    const faults = [];
    let now = report;
    for (const [k, { change, until }] of steps.entries()) {
      const before = now.lesson?.steps[k]?.done ?? false;
      for (const one of change) changes.set(one.path, one);
      const fault = change.length === 0 ? null : await this.#change(scenario, [...changes.values()]);
      if (fault !== null && 'message' in fault) faults.push({ at: `steps.${k}.change`, message: fault.message });
      else if (fault !== null) now = fault.report;
      const after = now.lesson?.steps[k]?.done ?? false;
      tried.push(until.trim() === '' || change.length === 0 ? null : { before, after });
    }
    // The scenario as it is stands ready again for the next word.
    await this.#client.solve({ scenario, key: nextKey() }).catch(() => {});
    this.#trial = { of, tried, faults };
    return this.#trial;
  }

  /**
   * @param {string} scenario
   * @param {Change[]} changes
   */
  async #change(scenario, changes) {
    try {
      return await this.#client.solve({ scenario, changes, key: nextKey() });
    } catch (error) {
      if (error instanceof Problem) return { message: sentence(error) };
      throw error;
    }
  }
}
