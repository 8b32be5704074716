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

/**
 * HiGHS on the program that one interval of a preset clears, every limit a row, from its LP text; its
 * optimum must be the cost that the program itself finds.
 * @param {string} preset
 * @param {number} interval From 1.
 * @returns {Case}
 */
function highs(preset, interval) {
  const name = `HiGHS: interval ${interval} of ${preset}, from LP text`;
  return {
    name,
    prepare: (bench) => {
      const text = scenario(bench, preset, { 'mechanism.method': 'optimal' });
      const lp = bench.door.lp_file(text, interval);
      const report = bench.door.solve(text);
      const cost = report.series.find((/** @type {{id: string}} */ s) => s.id === 'cost').values[interval - 1];
      return () => {
        const { ObjectiveValue } = bench.highs.solve(lp);
        if (Math.abs(ObjectiveValue - cost) > 1e-6) throw new Error(`HiGHS found ${ObjectiveValue} $/h, not ${cost} $/h`);
      };
    },
  };
}

/** @type {Case[]} */
export const CASES = [
  report('Tandem: report of zuo-4node, 24 intervals', 'zuo-4node', { 'mechanism.intervals': 24 }),
  report('Tandem: report of zuo-30bus, 288 intervals', 'zuo-30bus', { 'mechanism.intervals': 288 }),
  report('Tandem: report of zuo-30bus, 1 interval', 'zuo-30bus', { 'mechanism.method': 'optimal', 'mechanism.intervals': 1 }),
  highs('zuo-4node', 1),
  highs('zuo-30bus', 1),
];
