// What the program does for one page: one call in, one result out. It keeps no state the page relies on: the session
// holds the last outcome, and solves again what another worker solved.

import { deltaOf } from './delta.js';
import { formSince, reportSince } from './since.js';

/** @import { LessonText } from './lessons.js' */
/** @import { CallName, Change, ChartAnswer, ChartRequest, Code, DrawRequest, ExplainRequest, ExportRequest, FieldGroup, Given, Import, ProbeRequest, Problem, Report, SideWork, SolveAnswer, SolveDelta, SolveInPieces, SolveRequest, SweepAsk, SweepStep } from './types.js' */
/** The program, its module instantiated. @typedef {typeof import('../../pkg/tandem.js')} Door */
/** @typedef {import('../../pkg/tandem.js').Sheet} Sheet */
/** @typedef {{ key: number, line: number | undefined, report: Report, form: FieldGroup[], sheet: Sheet }} Answered */

/** Between two signs of how far a sweep is. */
const MOMENT_MS = 50;

export class Desk {
  #door;
  #session;
  /** The report of the last solve, for its charts. @type {Sheet | undefined} */
  #sheet;
  /** The solve whose sheet that is. */
  #held = '';
  /** The pieces that the scenario last solved in pieces was made from. @type {{ scenario: string, parts: string[] } | null} */
  #gathered = null;
  /** A report that was computed ahead, and which solve it stands for. @type {Given | null} */
  #given = null;
  /** The last answer of a solve, for what is another in the next one. @type {Answered | null} */
  #answered = null;
  /** A sweep, a comparison or a power flow, and what it is of. @type {Sheet | undefined} */
  #side;
  #compared = '';

  /** @param {Door} door */
  constructor(door) {
    this.#door = door;
    this.#session = new door.Session();
  }

  /**
   * @param {string} call
   * @param {any} args
   * @returns {unknown}
   */
  do(call, args) {
    const handler = this.#calls[/** @type {CallName} */ (call)];
    if (handler === undefined) throw new Error(`the worker knows no call "${call}"`);
    return handler(args);
  }

  /** A toy solve pays the price of the first call before a person waits for it. */
  warm() {
    const [first] = this.#door.gallery();
    if (first === undefined || this.#held !== '') return;
    const toy = new this.#door.Session();
    try {
      toy.preset(first.id);
      toy.solve([]);
    } finally {
      toy.free();
    }
  }

  /** Gives the memory of the program back. */
  leave() {
    const sheets = new Set([this.#sheet, this.#answered?.sheet, this.#side]);
    for (const sheet of sheets) sheet?.free();
    this.#session.free();
  }

  /** @type {Record<CallName, (args: any) => unknown>} */
  #calls = {
    gallery: () => this.#door.gallery(),
    version: () => this.#door.version(),
    learn: (/** @type {LessonText} */ { text }) => this.#session.learn(text),
    open: (/** @type {string} */ text) => new this.#door.Session().open(text),
    openFile: (/** @type {Uint8Array} */ bytes) => new this.#door.Session().open_file(bytes),
    importSeries: (
      /** @type {{ scenario: string, bytes: Uint8Array, community: string, offset: string }} */ request,
    ) => {
      const { scenario, bytes, community, offset } = request;
      const report = this.#loaded(scenario).import_series(this.#door.file_text(bytes), community, offset);
      return { scenario: this.#session.text, import: report };
    },
    openFolder: (/** @type {{ name: string, bytes: Uint8Array }[]} */ files) => {
      const texts = files.map(({ name, bytes }) => ({ name, text: this.#door.file_text(bytes) }));
      return new this.#door.Session().open_folder(JSON.stringify(texts));
    },
    openConverted: (/** @type {{ text: string, told: Import }} */ { text, told }) =>
      new this.#door.Session().open_converted(text, JSON.stringify(told)),
    solve: (/** @type {SolveRequest} */ request) => this.#solve(request),
    part: (/** @type {{ scenario: string, piece: number }} */ { scenario, piece }) =>
      this.#loaded(scenario).piece(piece),
    // Parts that another worker's solve was made from.
    keep: (/** @type {{ scenario: string, parts: string[] }} */ parts) => {
      this.#gathered = parts;
      return null;
    },
    given: (/** @type {Given} */ what) => {
      const sheet = this.#take(what);
      this.#given = what;
      // The form that is known in the program is now that of this answer.
      this.#answer(null);
      const { scenario, key } = what;
      return { scenario, key, report: sheet.packed(), form: this.#session.form(), charts: [] };
    },
    draw: (/** @type {DrawRequest} */ request) => draw(request.charts, this.#hold(request)),
    table: (/** @type {ExportRequest} */ request) => this.#hold(request).table(request.chart),
    csv: (/** @type {ExportRequest} */ request) => this.#hold(request).csv(request.chart),
    // What is wrong with the lesson, beside the answer.
    lessonProblems: (/** @type {{ scenario: string, key: number }} */ request) => {
      this.#hold(request);
      return this.#session.lesson_problems();
    },
    link: (/** @type {string} */ scenario) => this.#loaded(scenario).link(),
    // The module that has all of a scenario.
    module: (/** @type {string} */ scenario) => this.#loaded(scenario).module(),
    // What a certificate says of the answer, as JSON text.
    stated: (/** @type {string} */ scenario) => {
      this.#solved(scenario);
      return this.#session.stated();
    },
    lp: (/** @type {{ scenario: string, interval: number }} */ { scenario, interval }) =>
      this.#loaded(scenario).lp_file(interval),
    // Of the whole module alone, as what follows up to the ways to look at a grid.
    factors: (/** @type {string} */ scenario) => this.#loaded(scenario).factors(),
    outages: (/** @type {{ scenario: string, step: number }} */ { scenario, step }) =>
      this.#loaded(scenario).outages(step),
    // The AC power flow of the feeders as a scenario of its own.
    powerFlow: (/** @type {string} */ scenario) => this.#loaded(scenario).power_flow(),
    ways: (/** @type {string} */ scenario) => this.#loaded(scenario).ways(),
    lookAs: (/** @type {{ scenario: string, as: string, parts: string[] }} */ { scenario, as, parts }) =>
      this.#loaded(scenario).look_as(as, parts),
    questions: (/** @type {{ scenario: string, format: string, ask: string }} */ { scenario, format, ask }) =>
      this.#loaded(scenario).questions(format, ask),
    // The question of the preset with its answer.
    task: (/** @type {string} */ scenario) => this.#loaded(scenario).task(),
    sweepBegin: (/** @type {{ scenario: string, ask: SweepAsk }} */ { scenario, ask }) => {
      this.#held = '';
      this.#session.sweep_begin(scenario, ask);
      return null;
    },
    sweepStep: () => this.#sweepStep(),
    sweepFound: () => this.#session.sweep_found(),
    probe: (/** @type {ProbeRequest} */ { scenario, probe, x, y }) => this.#loaded(scenario).probe(probe, x, y),
    // Solves first where this worker has not.
    explain: (/** @type {ExplainRequest} */ { scenario, subject, step }) => {
      this.#solved(scenario);
      return this.#session.explain(JSON.stringify(subject), step);
    },
    // The answer after some changes, beside what is held.
    choice: (/** @type {{ scenario: string, changes: Change[] }} */ { scenario, changes }) => {
      const own = new this.#door.Session();
      try {
        own.load(scenario);
        own.set_each(JSON.stringify(changes.map(({ path, value }) => [path, JSON.stringify(value)])));
        own.solve([]);
        const sheet = own.sheet();
        const report = sheet.packed();
        sheet.free();
        return report;
      } finally {
        own.free();
      }
    },
    sideReport: (/** @type {SideWork} */ work) => {
      this.#compared = '';
      return this.#beside(work).packed();
    },
    sideDraw: (/** @type {{ work: SideWork, charts: ChartRequest[] }} */ { work, charts }) =>
      draw(charts, this.#beside(work)),
    sideProbe: (/** @type {{ work: SideWork, x: number, y: number }} */ { work, x, y }) => {
      this.#beside(work);
      return this.#session.map_probe(x, y);
    },
    sideTable: (/** @type {{ work: SideWork, chart: string }} */ { work, chart }) => this.#beside(work).table(chart),
    sideCsv: (/** @type {{ work: SideWork, chart: string }} */ { work, chart }) => this.#beside(work).csv(chart),
  };

  /** @param {string} scenario */
  #loaded(scenario) {
    this.#session.load(scenario);
    return this.#session;
  }

  /** @param {string} scenario */
  #solved(scenario) {
    this.#loaded(scenario).solve(this.#gathered?.scenario === scenario ? this.#gathered.parts : []);
  }

  /** The sheet of what was just solved. @param {string} key */
  #show(key) {
    this.#held = '';
    const sheet = this.#put(this.#session.sheet());
    this.#held = key;
    return sheet;
  }

  /** Another sheet in the place of the last; that of the last answer is kept for the next one. @param {Sheet} next */
  #put(next) {
    const last = this.#sheet;
    this.#sheet = next;
    if (last !== this.#answered?.sheet) last?.free();
    return next;
  }

  /** @param {Answered | null} next */
  #answer(next) {
    const last = this.#answered;
    this.#answered = next;
    if (last !== null && last.sheet !== this.#sheet) last.sheet.free();
  }

  /** The report that was computed ahead, as the one on screen. @param {Given} what */
  #take({ scenario, key, report }) {
    this.#held = '';
    const sheet = this.#put(this.#loaded(scenario).given(report));
    this.#held = `solve ${key}`;
    return sheet;
  }

  /** @param {{ scenario: string, key: number }} request @returns {Sheet} */
  #hold({ scenario, key }) {
    if (this.#sheet !== undefined && this.#held === `solve ${key}`) return this.#sheet;
    if (this.#given?.key === key) return this.#take(this.#given);
    this.#solved(scenario);
    return this.#show(`solve ${key}`);
  }

  /**
   * @param {SolveRequest} request
   * @returns {SolveAnswer | SolveDelta | SolveInPieces}
   */
  #solve(request) {
    const session = this.#loaded(request.scenario);
    const changes = (request.changes ?? []).map(({ path, value }) => [path, JSON.stringify(value)]);
    if (changes.length > 0) session.set_each(JSON.stringify(changes));
    const scenario = session.text;
    const { parts } = request;
    const pieces = parts === undefined ? session.pieces() : null;
    if (pieces !== null) return { scenario, pieces };
    session.solve(parts ?? []);
    this.#gathered = parts === undefined ? null : { scenario, parts };
    const sheet = this.#show(`solve ${request.key}`);
    const { key, line } = request;
    const before = line !== undefined && this.#answered?.line === line ? this.#answered : null;
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
    this.#answer({ key, line, report, form, sheet });
    if (before === null) return { scenario, key, report, form, charts };
    const delta = deltaOf({ report: before.report, form: before.form }, { report, form });
    return { scenario, key, charts, since: before.key, delta };
  }

  /** The next values of a sweep, as many as fit in a moment. @returns {SweepStep} */
  #sweepStep() {
    const start = performance.now();
    const points = [];
    let quickest = Infinity;
    for (;;) {
      const before = performance.now();
      /** @type {SweepStep} */
      const step = this.#session.sweep_step();
      const now = performance.now();
      if (step.point !== null) {
        points.push(step.point);
        quickest = Math.min(quickest, now - before);
      }
      if (step.done || now - start > MOMENT_MS) return { ...step, points, quickest };
    }
  }

  /**
   * The sheet of a sweep, a comparison or a power flow. Drawing a sweep costs nothing; running every method does.
   * @param {SideWork} work
   */
  #beside(work) {
    const name = `${work.kind} ${work.kind === 'map' ? JSON.stringify(work.asked) : work.kind === 'between' ? work.from : ''} ${work.scenario}`;
    if (work.kind !== 'sweep' && this.#compared === name && this.#side !== undefined) return this.#side;
    this.#compared = '';
    this.#side?.free();
    this.#side = undefined;
    this.#held = '';
    const made = this.#made(work);
    this.#side = made;
    if (work.kind !== 'sweep') this.#compared = name;
    return made;
  }

  /** @param {SideWork} work @returns {Sheet} */
  #made(work) {
    if (work.kind === 'sweep') return this.#loaded(work.scenario).sweep(work.path, work.swept);
    if (work.kind === 'map') return this.#loaded(work.scenario).map(JSON.stringify(work.asked));
    if (work.kind === 'compare') return this.#loaded(work.scenario).compare();
    if (work.kind === 'between') return this.#session.between(work.from, work.scenario);
    // A scenario beside the one on screen, whose outcome stays.
    const own = new this.#door.Session();
    try {
      own.load(work.scenario);
      own.solve([]);
      return own.sheet();
    } finally {
      own.free();
    }
  }
}

/**
 * @param {ChartRequest[]} requests
 * @param {Sheet} on
 * @returns {ChartAnswer[]}
 */
function draw(requests, on) {
  return requests.map(({ id, view }) => {
    try {
      return { id, drawing: on.chart(id, view) };
    } catch (error) {
      if (error instanceof WebAssembly.RuntimeError) throw error;
      return { id, problem: described(error).message };
    }
  });
}

/**
 * What went wrong, as it crosses to the page.
 * @param {unknown} error
 * @returns {{ message: string, field: string | null, fatal: boolean, places: string[], code?: Code, meant?: string[] }}
 */
export function described(error) {
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
