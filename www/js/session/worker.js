// The module worker: one message in, one message out. It keeps no state the page relies on:
// the report of the last solve stays in the module, and is solved again when another is asked for.

import init, * as door from '../../pkg/tandem.js';

/** @import { ChartAnswer, ChartRequest, DrawRequest, ExportRequest, Pieces, ProbeRequest, Report, SideWork, SolveAnswer, SolveInPieces, SolveRequest, ThumbnailRequest } from './types.js' */

/** The solve whose report the module holds. */
let held = '';
/** The parts of the scenario last solved from parts. @type {{ scenario: string, parts: string[] } | null} */
let gathered = null;
/** The scenario whose comparison the module holds. */
let compared = '';

/**
 * What a module that knows of parts has besides.
 * @type {{
 *   parts?: (scenario: string) => Pieces | null | undefined, part?: (scenario: string, piece: number) => string,
 *   solve_with_parts?: (scenario: string, parts: string[]) => Report
 * }}
 */
const { parts: piecesOf, part, solve_with_parts: solveWithParts } = /** @type {any} */ (door);

/**
 * The parts that a scenario had better be solved from.
 * @param {string} scenario
 * @returns {Pieces | null}
 */
function wanted(scenario) {
  if (part === undefined || solveWithParts === undefined) return null;
  return piecesOf?.(scenario) ?? null;
}

/** A toy solve pays the price of the first call before a person waits for it. */
function warm() {
  const [first] = door.gallery();
  if (first === undefined || held !== '') return;
  held = `preset ${first.id}`;
  door.solve(door.preset(first.id));
}

/**
 * @param {ChartRequest[]} requests
 * @param {(id: string, view: unknown) => any} pen
 * @returns {ChartAnswer[]}
 */
function draw(requests, pen) {
  return requests.map(({ id, view }) => {
    try {
      return { id, drawing: pen(id, view) };
    } catch (error) {
      if (error instanceof WebAssembly.RuntimeError) throw error;
      return { id, problem: describe(error).message };
    }
  });
}

/** @param {{ scenario: string, key: number }} request */
function hold({ scenario, key }) {
  if (held === `solve ${key}`) return;
  held = '';
  if (gathered?.scenario === scenario && solveWithParts !== undefined) solveWithParts(scenario, gathered.parts);
  else door.solve(scenario);
  held = `solve ${key}`;
}

/**
 * Makes a report beside the solved one; the module keeps it for its charts.
 * @param {SideWork} work
 * @returns {Report}
 */
function gather(work) {
  if (work.kind === 'sweep') return door.sweep_report(work.scenario, work.path, work.points);
  compared = '';
  const report = door.compare(work.scenario);
  compared = work.scenario;
  return report;
}

/** @param {SideWork} work gathering the points of a sweep costs nothing; running every method does */
function beside(work) {
  if (work.kind === 'sweep' || compared !== work.scenario) gather(work);
}

const calls = {
  gallery: () => door.gallery(),
  /** @param {string} text */
  open: (text) => door.open(text),
  /** @param {Uint8Array} bytes */
  openFile: (bytes) => door.open_file(bytes),
  /** @param {{ scenario: string, bytes: Uint8Array, community: string, offset: string }} request */
  importSeries: ({ scenario, bytes, community, offset }) =>
    door.import_series(scenario, door.file_text(bytes), community, offset),
  /** @param {{ name: string, bytes: Uint8Array }[]} files */
  openFolder: (files) =>
    door.open_folder(JSON.stringify(files.map(({ name, bytes }) => ({ name, text: door.file_text(bytes) })))),
  /**
   * @param {SolveRequest} request
   * @returns {SolveAnswer | SolveInPieces}
   */
  solve(request) {
    let { scenario } = request;
    for (const { path, value } of request.changes ?? []) scenario = door.set(scenario, path, JSON.stringify(value));
    const { parts } = request;
    const pieces = parts === undefined ? wanted(scenario) : null;
    if (pieces !== null) return { scenario, pieces };
    held = '';
    /** @type {Report} */
    const report =
      parts === undefined || solveWithParts === undefined ? door.solve(scenario) : solveWithParts(scenario, parts);
    gathered = parts === undefined ? null : { scenario, parts };
    held = `solve ${request.key}`;
    const known = new Set(report.charts.map((chart) => chart.id));
    const charts = draw(
      (request.charts ?? []).filter(({ id }) => known.has(id)),
      door.chart,
    );
    return { scenario, report, form: door.form(scenario), charts };
  },
  /** @param {{ scenario: string, piece: number }} request */
  part({ scenario, piece }) {
    if (part === undefined) throw new Error('the program knows no parts');
    return part(scenario, piece);
  },
  /** Parts that another worker's solve was made from. @param {{ scenario: string, parts: string[] }} parts */
  keep(parts) {
    gathered = parts;
    return null;
  },
  /** @param {DrawRequest} request */
  draw(request) {
    hold(request);
    return draw(request.charts, door.chart);
  },
  /** @param {ExportRequest} request */
  table(request) {
    hold(request);
    return door.chart_table(request.chart);
  },
  /** @param {ExportRequest} request */
  csv(request) {
    hold(request);
    return door.chart_csv(request.chart);
  },
  /** @param {string} scenario */
  link: (scenario) => door.link(scenario),
  /** @param {{ scenario: string, interval: number }} request */
  lp: ({ scenario, interval }) => door.lp_file(scenario, interval),
  /** Null where solving takes too long for a picture in passing. @param {ThumbnailRequest} request */
  thumbnail({ preset, chart, view }) {
    if (held !== `preset ${preset}`) {
      const scenario = door.preset(preset);
      if (wanted(scenario) !== null) return null;
      held = '';
      door.solve(scenario);
      held = `preset ${preset}`;
    }
    return door.chart(chart, view);
  },
  /** @param {{ scenario: string, path: string, value: number }} request */
  sweepPoint: ({ scenario, path, value }) => door.sweep_point(scenario, path, value),
  /** @param {ProbeRequest} request */
  probe: ({ scenario, probe, x, y }) => door.probe(scenario, probe, x, y),
  /** @param {SideWork} work */
  sideReport(work) {
    const report = gather(work);
    for (const series of report.series) series.values = Float64Array.from(series.values, (value) => value ?? NaN);
    return report;
  },
  /** @param {{ work: SideWork, charts: ChartRequest[] }} request */
  sideDraw({ work, charts }) {
    beside(work);
    return draw(charts, work.kind === 'sweep' ? door.sweep_chart : door.compare_chart);
  },
  /** @param {{ work: SideWork, chart: string }} request */
  sideTable({ work, chart }) {
    beside(work);
    return work.kind === 'sweep' ? door.sweep_table(chart) : door.compare_table(chart);
  },
  /** @param {{ work: SideWork, chart: string }} request */
  sideCsv({ work, chart }) {
    beside(work);
    return work.kind === 'sweep' ? door.sweep_csv(chart) : door.compare_csv(chart);
  },
};

/**
 * @param {unknown} error
 * @returns {{ message: string, field: string | null, fatal: boolean, places: string[] }}
 */
function describe(error) {
  // After a trap, or a stack that overflowed inside, the module's memory can no longer be trusted.
  const overflow = error instanceof RangeError || (error instanceof Error && error.name === 'InternalError');
  const fatal = error instanceof WebAssembly.RuntimeError || overflow;
  if (typeof error === 'object' && error !== null && 'message' in error) {
    const field = 'field' in error && typeof error.field === 'string' ? error.field : null;
    const problems = 'problems' in error && Array.isArray(error.problems) ? error.problems : [];
    const places = problems.map((problem) => `${problem.field}: ${problem.message}`);
    return { message: String(error.message), field, fatal, places };
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
