// The program as a room asks it: one solve after another for what is on screen, workers of their own for the best missed answers.

import { bestAnswer } from './answers.js';
import { atCost, clear } from './market.js';

/** @import { Client } from '../session/client.js' */
/** @import { CallName, Calls, Report } from '../session/types.js' */
/** @import { Cleared, Offer, Room, Round } from './room.js' */
/** @import { Ledger, Solve } from './market.js' */
/** @import { Answer } from './answers.js' */
/** @import { Rule } from './rules.js' */

/** `efficient`: the same rule if all had told their cost; who runs then, and what it costs, is the same under every rule. @typedef {{ ledger: Ledger, efficient: Ledger, ms: number }} Result */

/** Workers beside that of the page. */
const MOST_WORKERS = 4;
/** Solves of a room have keys that no scenario's has. */
let key = 0;

/**
 * @param {(call: 'solve', args: Calls['solve']['args']) => Promise<any>} call
 * @param {boolean} [line] whether answers may be told by what is another in them: of one worker, one after another
 * @returns {Solve}
 */
function solver(call, line = false) {
  return async (scenario) => {
    key -= 1;
    const answer = await call('solve', { scenario, key, ...(line ? { line: 1 } : {}) });
    if (!('report' in answer)) throw new Error('This grid is too large for a room.');
    return /** @type {Report} */ (answer.report);
  };
}

/** Clears rounds, each once. @param {Client} client */
export function createSolver(client) {
  const solve = solver((call, args) => client.call(call, args));
  /** @type {Map<string, Promise<{ ledger: Ledger, ms: number }>>} */
  const known = new Map();
  const ledger = (
    /** @type {Room} */ room,
    /** @type {Round} */ round,
    /** @type {Offer[]} */ offers,
    /** @type {Rule} */ rule,
  ) => {
    const name = JSON.stringify([room.secret, round.demand, rule, offers]);
    let made = known.get(name);
    if (made === undefined) {
      const start = performance.now();
      made = clear(room, round, offers, rule, solve).then((made) => ({ ledger: made, ms: performance.now() - start }));
      known.set(name, made);
      made.catch(() => known.delete(name));
    }
    return made;
  };
  /** The round if all had told their cost. @param {Room} room @param {Round} round @param {Rule} rule */
  const efficient = (room, round, rule) => ledger(room, round, atCost(room), rule);
  return {
    efficient,
    /**
     * @param {Room} room
     * @param {Round} round
     * @param {Offer[]} offers
     * @param {Rule} rule
     * @returns {Promise<Result>}
     */
    async clear(room, round, offers, rule) {
      const made = await ledger(room, round, offers, rule);
      return { ...made, efficient: (await efficient(room, round, rule)).ledger };
    },
  };
}

/**
 * Finds the best missed answer of every seat, in workers of their own; `found` hears of each.
 * @param {Client} client
 * @param {Room} room
 * @param {Round} round
 * @param {Cleared} cleared
 * @param {Ledger} ledger
 * @param {(answer: Answer) => void} found
 * @returns {{ stop: () => void, done: Promise<void> }}
 */
export function findAnswers(client, room, round, { offers, rule }, ledger, found) {
  const left = ledger.rows.map(({ seat, profit }) => ({ seat, profit }));
  let stopped = false;
  /** @type {(() => void)[]} */
  const stops = [];
  const work = async () => {
    const aside = await client.aside();
    if (stopped) return aside.stop();
    stops.push(() => aside.stop());
    const solve = solver((/** @type {CallName} */ call, args) => aside.call(call, /** @type {any} */ (args)), true);
    for (let next = left.shift(); next !== undefined && !stopped; next = left.shift()) {
      const answer = await bestAnswer(room, round, offers, rule, next.seat, next.profit, solve);
      if (!stopped) found(answer);
    }
    aside.stop();
  };
  const count = Math.min(MOST_WORKERS, Math.max(1, (navigator.hardwareConcurrency ?? 2) - 1));
  const done = Promise.all(Array.from({ length: count }, work)).then(() => {});
  return {
    stop() {
      stopped = true;
      stops.forEach((stop) => stop());
    },
    done: done.catch((error) => {
      if (!stopped) throw error;
    }),
  };
}
