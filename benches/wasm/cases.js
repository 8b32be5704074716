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
 * A session of a preset with some of its inputs changed, as the page holds it.
 * @param {Bench} bench
 * @param {string} preset
 * @param {Record<string, unknown>} changes Field path and value.
 */
function session({ door }, preset, changes) {
  const session = new door.Session();
  session.preset(preset);
  for (const [field, value] of Object.entries(changes)) session.set(field, JSON.stringify(value));
  return session;
}

/** The report of what a session looks at, as the page gets it. @param {import('../../target/types/pkg/tandem.js').Session} session */
function shown(session) {
  const sheet = session.sheet();
  const report = sheet.report();
  sheet.free();
  return report;
}

/** @param {import('../../target/types/pkg/tandem.js').Session} session */
function solved(session) {
  session.solve([]);
  return shown(session);
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
      const { text } = session(bench, preset, changes);
      return () => {
        const fresh = new bench.door.Session();
        fresh.load(text);
        const { status } = solved(fresh);
        fresh.free();
        if (status !== 'solved') throw new Error(`${name}: ${status}`);
      };
    },
  };
}

/**
 * The report of a session one of whose inputs moves a little from run to run.
 * @param {string} name
 * @param {string} preset
 * @param {(scenario: any) => [string, number]} input Path and value.
 * @returns {Case}
 */
function moving(name, preset, input) {
  return {
    name,
    prepare: (bench) => {
      const own = session(bench, preset, {});
      const [field, start] = input(JSON.parse(own.text));
      let moved = start;
      return () => {
        moved += 1e-6;
        own.set(field, JSON.stringify(moved));
        const { status } = solved(own);
        if (status !== 'solved') throw new Error(`${name}: ${status}`);
      };
    },
  };
}

/**
 * Another look at a solved session: nothing is solved.
 * @param {string} name
 * @param {string} preset
 * @param {string} field
 * @param {unknown[]} values
 * @returns {Case}
 */
function view(name, preset, field, values) {
  return {
    name,
    prepare: (bench) => {
      const own = session(bench, preset, {});
      own.solve([]);
      let k = 0;
      return () => {
        k += 1;
        own.set(field, JSON.stringify(values[k % values.length]));
        if (!own.is_solved()) throw new Error(`${name}: a view solves`);
        shown(own);
      };
    },
  };
}

/**
 * HiGHS on one program of a scenario, every limit a row, from its LP text; its optimum must be the cost that
 * the report gives.
 * @param {string} name
 * @param {string} preset
 * @param {Record<string, unknown>} changes
 * @param {number} step Which of its programs, from 1.
 * @param {(report: any) => number} costOf
 * @returns {Case}
 */
function highs(name, preset, changes, step, costOf) {
  return {
    name: `HiGHS: ${name}, from LP text`,
    prepare: (bench) => {
      const own = session(bench, preset, changes);
      const lp = own.lp_file(step);
      const cost = costOf(solved(own));
      return () => {
        const { ObjectiveValue } = bench.highs.solve(lp);
        if (Math.abs(ObjectiveValue - cost) > 1e-6) throw new Error(`HiGHS found ${ObjectiveValue}, not ${cost}`);
      };
    },
  };
}

/** @param {string} preset The program that its first interval clears. */
function interval(preset) {
  const cost = (/** @type {any} */ report) =>
    report.series.find((/** @type {{id: string}} */ s) => s.id === 'cost').values[0];
  return highs(`interval 1 of ${preset}`, preset, { 'mechanism.method': 'optimal' }, 1, cost);
}

/** @param {string} preset Its common market in one program. */
function common(preset) {
  const cost = (/** @type {any} */ report) =>
    report.summary.find((/** @type {{id: string}} */ q) => q.id === 'cost').value;
  return highs(`common market of ${preset}`, preset, { 'mechanism.scheme': 'common' }, 1, cost);
}

/**
 * HiGHS on the programs of the best bids of every hour, from LP text; the profits must be those that the report gives.
 * @param {string} preset
 * @param {number} hours
 * @returns {Case}
 */
function bestBids(preset, hours) {
  return {
    name: `HiGHS: ${hours} programs of best bids of ${preset}, from LP text`,
    prepare: (bench) => {
      const own = session(bench, preset, {});
      const report = solved(own);
      const { values } = report.series.find((/** @type {{id: string}} */ s) => s.id === 'profit:S:strategic');
      const programs = Array.from({ length: hours }, (_, k) => own.lp_file(k + 1));
      return () => {
        programs.forEach((lp, k) => {
          const { ObjectiveValue } = bench.highs.solve(lp);
          if (Math.abs(Math.abs(ObjectiveValue) - values[k]) > 1e-5)
            throw new Error(`hour ${k + 1}: HiGHS found ${ObjectiveValue}, not ${values[k]}`);
        });
      };
    },
  };
}

/** The best bids of one hour as a mixed-integer program: its optimum is minus the profit. @param {number} hour */
function bids(hour) {
  const lost = (/** @type {any} */ report) =>
    -report.series.find((/** @type {{id: string}} */ s) => s.id === 'profit:S:strategic').values[hour - 1];
  return highs(`best bids of khojasteh-k33, hour ${hour}`, 'khojasteh-k33', {}, hour, lost);
}

/** @type {Case[]} */
export const CASES = [
  report('Tandem: report of zuo-4node, 24 intervals', 'zuo-4node', { 'mechanism.intervals': 24 }),
  report('Tandem: report of zuo-30bus, 288 intervals', 'zuo-30bus', { 'mechanism.intervals': 288 }),
  report('Tandem: report of zuo-30bus, 1 interval', 'zuo-30bus', {
    'mechanism.method': 'optimal',
    'mechanism.intervals': 1,
  }),
  report('Tandem: report of mezghani-s1', 'mezghani-s1', {}),
  report('Tandem: report of mezghani-s5', 'mezghani-s5', {}),
  report('Tandem: report of mezghani-block', 'mezghani-block', {}),
  report('Tandem: report of lind-5bus', 'lind-5bus', {}),
  report('Tandem: report of chao-peck', 'chao-peck', {}),
  report('Tandem: report of baran-wu-33, cones', 'baran-wu-33', {}),
  moving(
    'Tandem: report of wang-day, cones',
    'wang-day',
    ({
      case: {
        loads: [load],
      },
    }) => [`case.loads.${load.id}.p_mw`, load.p_mw],
  ),
  moving('Tandem: report of wang-day, settled again', 'wang-day', () => ['mechanism.powers.ISO.weight', 1]),
  view('Tandem: view of wang-day, other players', 'wang-day', 'view.players.1', ['DSO1', 'DSO2']),
  report('Tandem: report of wang-table2', 'wang-table2', {}),
  report('Tandem: report of khojasteh-k33, 24 hours by three methods', 'khojasteh-k33', {}),
  view('Tandem: view of khojasteh-k33, another hour', 'khojasteh-k33', 'view.step', [3, 19]),
  view('Tandem: view of khojasteh-k33, another outcome', 'khojasteh-k33', 'view.outcome', ['truthful', 'strategic']),
  bestBids('khojasteh-k33', 24),
  moving('Tandem: report of theisen-week, five days by four ways and two bids', 'theisen-week', () => [
    'mechanism.sensitivity',
    1,
  ]),
  view('Tandem: view of theisen-week, another interval', 'theisen-week', 'view.step', [100, 700]),
  view('Tandem: view of theisen-week, another way to buy', 'theisen-week', 'view.outcome', ['base', 'transactive']),
  moving('Tandem: report of theisen-feeder-limit, with limits', 'theisen-feeder-limit', () => [
    'mechanism.sensitivity',
    1,
  ]),
  interval('zuo-4node'),
  interval('zuo-30bus'),
  common('mezghani-s1'),
  common('mezghani-s5'),
  common('mezghani-block'),
  bids(5),
  bids(19),
];
