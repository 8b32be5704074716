// The module worker: one message in, one message out. It keeps no state the page relies on: the session holds
// the last outcome, and solves again what another worker solved.

import init, * as door from '../../pkg/tandem.js';
import { deltaOf } from './delta.js';
import { formSince, reportSince } from './since.js';

/** @import { LessonText } from './lessons.js' */
/** @import { ChartAnswer, ChartRequest, Code, DrawRequest, ExplainRequest, ExportRequest, Given, Import, ProbeRequest, Problem, Report, SideWork, FieldGroup, SolveAnswer, SolveDelta, SolveInPieces, SolveRequest, SweepAsk, SweepStep } from './types.js' */

/** Between two signs of how far a sweep is. */
const MOMENT_MS = 50;

/** @type {door.Session} */
let session;
/** The report of the last solve, for its charts. @type {door.Sheet} */
let sheet;
/** The solve whose sheet that is. */
let held = '';
/** The pieces that the scenario last solved in pieces was made from. @type {{ scenario: string, parts: string[] } | null} */
let gathered = null;
/** A report that was computed ahead, and which solve it stands for. @type {Given | null} */
let given = null;
/** The last answer of a solve, for what is another in the next one. @type {{ key: number, line: number | undefined, report: Report, form: FieldGroup[], sheet: door.Sheet } | null} */
let answered = null;
/** A sweep, a comparison or a power flow, and what it is of. @type {door.Sheet | undefined} */
let side;
let compared = '';

/** @param {string} scenario */
function loaded(scenario) {
  session.load(scenario);
  return session;
}

/** @param {string} key */
function show(key) {
  held = '';
  put(session.sheet());
  held = key;
}

/** Another sheet in the place of the last; that of the last answer is kept for the next one. @param {door.Sheet} next */
function put(next) {
  const last = sheet;
  sheet = next;
  if (last !== answered?.sheet) last?.free();
}

/** @param {typeof answered} next */
function answer(next) {
  const last = answered;
  answered = next;
  if (last !== null && last.sheet !== sheet) last.sheet.free();
}

/** A toy solve pays the price of the first call before a person waits for it. */
function warm() {
  const [first] = door.gallery();
  if (first === undefined || held !== '') return;
  const toy = new door.Session();
  try {
    toy.preset(first.id);
    toy.solve([]);
  } finally {
    toy.free();
  }
}

/**
 * @param {ChartRequest[]} requests
 * @param {door.Sheet | undefined} on
 * @returns {ChartAnswer[]}
 */
function draw(requests, on) {
  return requests.map(({ id, view }) => {
    try {
      return { id, drawing: on?.chart(id, view) };
    } catch (error) {
      if (error instanceof WebAssembly.RuntimeError) throw error;
      return { id, problem: describe(error).message };
    }
  });
}

/** The report that was computed ahead, as the one on screen. @param {Given} what */
function take({ scenario, key, report }) {
  held = '';
  put(loaded(scenario).given(report));
  held = `solve ${key}`;
}

/** @param {{ scenario: string, key: number }} request */
function hold({ scenario, key }) {
  if (held === `solve ${key}`) return sheet;
  if (given?.key === key) {
    take(given);
    return sheet;
  }
  loaded(scenario).solve(gathered?.scenario === scenario ? gathered.parts : []);
  show(`solve ${key}`);
  return sheet;
}

/**
 * The sheet of a sweep, a comparison or a power flow. Drawing a sweep costs nothing; running every method does.
 * @param {SideWork} work
 */
function beside(work) {
  const name = `${work.kind} ${work.kind === 'map' ? JSON.stringify(work.asked) : ''} ${work.scenario}`;
  if (work.kind !== 'sweep' && compared === name && side !== undefined) return side;
  compared = '';
  side?.free();
  side = undefined;
  held = '';
  side = made(work);
  if (work.kind !== 'sweep') compared = name;
  return side;
}

/** @param {SideWork} work */
function made(work) {
  if (work.kind === 'sweep') return loaded(work.scenario).sweep(work.path, work.swept);
  if (work.kind === 'map') return loaded(work.scenario).map(JSON.stringify(work.asked));
  if (work.kind === 'compare') return loaded(work.scenario).compare();
  // A scenario beside the one on screen, whose outcome stays.
  const own = new door.Session();
  try {
    own.load(work.scenario);
    own.solve([]);
    return own.sheet();
  } finally {
    own.free();
  }
}

const calls = {
  gallery: () => door.gallery(),
  /** @param {LessonText} lesson */
  learn: ({ text }) => session.learn(text),
  /** @param {string} text */
  open: (text) => new door.Session().open(text),
  /** @param {Uint8Array} bytes */
  openFile: (bytes) => new door.Session().open_file(bytes),
  /** @param {{ scenario: string, bytes: Uint8Array, community: string, offset: string }} request */
  importSeries({ scenario, bytes, community, offset }) {
    const report = loaded(scenario).import_series(door.file_text(bytes), community, offset);
    return { scenario: session.text, import: report };
  },
  /** @param {{ name: string, bytes: Uint8Array }[]} files */
  openFolder: (files) =>
    new door.Session().open_folder(
      JSON.stringify(files.map(({ name, bytes }) => ({ name, text: door.file_text(bytes) }))),
    ),
  /** @param {{ text: string, told: Import }} made */
  openConverted: ({ text, told }) => new door.Session().open_converted(text, JSON.stringify(told)),
  /**
   * @param {SolveRequest} request
   * @returns {SolveAnswer | SolveDelta | SolveInPieces}
   */
  solve(request) {
    loaded(request.scenario);
    const changes = (request.changes ?? []).map(({ path, value }) => [path, JSON.stringify(value)]);
    if (changes.length > 0) session.set_each(JSON.stringify(changes));
    const scenario = session.text;
    const { parts } = request;
    const pieces = parts === undefined ? session.pieces() : null;
    if (pieces !== null) return { scenario, pieces };
    session.solve(parts ?? []);
    gathered = parts === undefined ? null : { scenario, parts };
    show(`solve ${request.key}`);
    const { key, line } = request;
    const before = line !== undefined && answered?.line === line ? answered : null;
    /** @type {Report} */
    const report = before === null ? sheet.packed() : reportSince(sheet.packed_since(before.sheet), before.report);
    const known = new Set(report.charts.map((chart) => chart.id));
    const charts = draw(
      (request.charts ?? []).filter(({ id }) => known.has(id)),
      sheet,
    );
    const changed = before === null ? null : session.form_changes();
    const merged = before === null || changed === null ? null : formSince(changed, before.form);
    /** @type {FieldGroup[]} */
    const form = merged ?? session.form();
    answer({ key, line, report, form, sheet });
    if (before === null) return { scenario, key, report, form, charts };
    const delta = deltaOf({ report: before.report, form: before.form }, { report, form });
    return { scenario, key, charts, since: before.key, delta };
  },
  /** @param {{ scenario: string, piece: number }} request */
  part: ({ scenario, piece }) => loaded(scenario).piece(piece),
  /** Parts that another worker's solve was made from. @param {{ scenario: string, parts: string[] }} parts */
  keep(parts) {
    gathered = parts;
    return null;
  },
  /** @param {Given} what @returns {SolveAnswer} */
  given(what) {
    take(what);
    given = what;
    // The form that is known in the program is now that of this answer.
    answer(null);
    return { scenario: what.scenario, key: what.key, report: sheet.packed(), form: session.form(), charts: [] };
  },
  /** @param {DrawRequest} request */
  draw: (request) => draw(request.charts, hold(request)),
  /** @param {ExportRequest} request */
  table: (request) => hold(request).table(request.chart),
  /** @param {ExportRequest} request */
  csv: (request) => hold(request).csv(request.chart),
  /** What is wrong with the lesson, beside the answer. @param {{ scenario: string, key: number }} request */
  lessonProblems(request) {
    hold(request);
    return session.lesson_problems();
  },
  /** @param {string} scenario */
  link: (scenario) => loaded(scenario).link(),
  /** @param {{ scenario: string, interval: number }} request */
  lp: ({ scenario, interval }) => loaded(scenario).lp_file(interval),
  /** Of the whole module alone. @param {string} scenario */
  factors: (scenario) => loaded(scenario).factors(),
  /** The same. @param {{ scenario: string, step: number }} request */
  outages: ({ scenario, step }) => loaded(scenario).outages(step),
  /** The AC power flow of the feeders as a scenario of its own. @param {string} scenario */
  powerFlow: (scenario) => loaded(scenario).power_flow(),
  /** Of the whole module alone. @param {string} scenario */
  ways: (scenario) => loaded(scenario).ways(),
  /** The grid in another market; of the whole module alone. @param {{ scenario: string, as: string, parts: string[] }} request */
  lookAs: ({ scenario, as, parts }) => loaded(scenario).look_as(as, parts),
  /** The question of the preset with its answer. @param {string} scenario */
  task: (scenario) => loaded(scenario).task(),
  /** @param {{ scenario: string, ask: SweepAsk }} request */
  sweepBegin({ scenario, ask }) {
    held = '';
    session.sweep_begin(scenario, ask);
    return null;
  },
  /** The next values of a sweep, as many as fit in a moment. @returns {SweepStep} */
  sweepStep() {
    const start = performance.now();
    const points = [];
    let quickest = Infinity;
    for (;;) {
      const before = performance.now();
      /** @type {SweepStep} */
      const step = session.sweep_step();
      const now = performance.now();
      if (step.point !== null) {
        points.push(step.point);
        quickest = Math.min(quickest, now - before);
      }
      if (step.done || now - start > MOMENT_MS) return { ...step, points, quickest };
    }
  },
  sweepFound: () => session.sweep_found(),
  /** @param {ProbeRequest} request */
  probe: ({ scenario, probe, x, y }) => loaded(scenario).probe(probe, x, y),
  /** Solves first where this worker has not. @param {ExplainRequest} request */
  explain({ scenario, subject, step }) {
    loaded(scenario).solve(gathered?.scenario === scenario ? gathered.parts : []);
    return session.explain(JSON.stringify(subject), step);
  },
  /** @param {SideWork} work */
  sideReport(work) {
    compared = '';
    return beside(work).packed();
  },
  /** @param {{ work: SideWork, charts: ChartRequest[] }} request */
  sideDraw: ({ work, charts }) => draw(charts, beside(work)),
  /** @param {{ work: SideWork, x: number, y: number }} request */
  sideProbe({ work, x, y }) {
    beside(work);
    return session.map_probe(x, y);
  },
  /** @param {{ work: SideWork, chart: string }} request */
  sideTable: ({ work, chart }) => beside(work).table(chart),
  /** @param {{ work: SideWork, chart: string }} request */
  sideCsv: ({ work, chart }) => beside(work).csv(chart),
};

/**
 * @param {unknown} error
 * @returns {{ message: string, field: string | null, fatal: boolean, places: string[], code?: Code, meant?: string[] }}
 */
function describe(error) {
  // After a trap, or a stack that overflowed inside, the module's memory can no longer be trusted.
  const overflow = error instanceof RangeError || (error instanceof Error && error.name === 'InternalError');
  const fatal = error instanceof WebAssembly.RuntimeError || overflow;
  if (typeof error === 'object' && error !== null && 'message' in error) {
    const field = 'field' in error && typeof error.field === 'string' ? error.field : null;
    /** @type {Problem[]} */
    const problems = 'problems' in error && Array.isArray(error.problems) ? error.problems : [];
    const places = problems.map((problem) => `${problem.field}: ${problem.message}`);
    const { code, meant } = problems[0] ?? {};
    return { message: String(error.message), field, fatal, places, code, meant };
  }
  return { message: String(error), field: null, fatal, places: [] };
}

addEventListener('message', async ({ data }) => {
  const { id, call, args } = data;
  // A sign of life: who hears none makes another worker.
  postMessage({ id, taken: true });
  try {
    if (call === 'start') {
      // The page compiled the module; every worker instantiates it.
      await init({ module_or_path: args });
      session = new door.Session();
      postMessage({ id, result: true });
      return;
    }
    if (call === 'warm') {
      warm();
      postMessage({ id, result: true });
      return;
    }
    const handler = /** @type {Record<string, (args: any) => unknown>} */ (calls)[call];
    if (handler === undefined) throw new Error(`the worker knows no call "${call}"`);
    postMessage({ id, result: handler(args) });
  } catch (error) {
    postMessage({ id, error: describe(error) });
  }
});
