// What is timed. Each case prepares its data once and gives the work to repeat.

/**
 * @typedef {object} Bench
 * @property {typeof import('../../target/types/pkg/tandem.js')} door The module as the page sees it, ready to be called.
 * @property {import('highs').Highs} highs HiGHS in WebAssembly, for the same models in the same run.
 *
 * @typedef {object} Case
 * @property {string} name
 * @property {(bench: Bench) => () => unknown} prepare
 */

/** Dispatch of the 4-node system with the line limit of 10 MW, in the LP format; its optimum costs 136 $. */
const FOUR_NODE_LP = `Minimize
 cost: 6 g1 + 16 g4 + 12 d2 + 8 d3
Subject To
 balance: g1 + g4 + d2 + d3 = 15
 line_2_3: g1 + d2 <= 10
Bounds
 g1 <= 8
 d2 <= 4
 d3 <= 2
End
`;

/**
 * A preset with some of its inputs changed, as the page would send it.
 * @param {Bench} bench
 * @param {string} preset
 * @param {Record<string, unknown>} changes Field path and value.
 */
function scenario({ door }, preset, changes) {
  let text = door.preset(preset);
  for (const [field, value] of Object.entries(changes)) text = door.set(text, field, JSON.stringify(value));
  return text;
}

/**
 * The whole report of a scenario: read, checked, cleared interval by interval, certified, handed over.
 * @param {string} name
 * @param {string} preset
 * @param {Record<string, unknown>} changes
 * @returns {Case}
 */
function report(name, preset, changes) {
  return {
    name,
    prepare: (bench) => {
      const text = scenario(bench, preset, changes);
      return () => {
        const { status } = bench.door.solve(text);
        if (status !== 'solved') throw new Error(`${name}: ${status}`);
      };
    },
  };
}

/** @type {Case[]} */
export const CASES = [
  report('Tandem: report of zuo-4node, 24 intervals', 'zuo-4node', { 'mechanism.intervals': 24 }),
  report('Tandem: report of zuo-30bus, 288 intervals', 'zuo-30bus', { 'mechanism.intervals': 288 }),
  {
    name: 'HiGHS: 4-node dispatch from LP text',
    prepare: ({ highs }) => () => {
      const { ObjectiveValue } = highs.solve(FOUR_NODE_LP);
      if (Math.abs(ObjectiveValue - 136) > 1e-9) throw new Error(`HiGHS found ${ObjectiveValue} $, not 136 $`);
    },
  },
];
