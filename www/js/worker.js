// The module worker: one message in, one message out. It keeps no state the page relies on:
// the report of the last solve stays in the module, and is solved again when another is asked for.

/** @import { Door, Scenario, Report, SolveRequest, SolveAnswer, DrawRequest, ExportRequest, ThumbnailRequest, ChartRequest, ChartAnswer } from './types.js' */

/** @type {Door} */
let door;
/** The solve whose report the module holds. */
let held = '';

/**
 * Compiles nothing: the page hands over the compiled module. A toy solve pays the first call's price now.
 * @param {WebAssembly.Module} module
 */
async function start(module) {
  const glue = new URL('../pkg/tandem.js', import.meta.url).href;
  door = await import(glue);
  await door.default({ module_or_path: module });
}

function warm() {
  const [first] = door.gallery();
  if (first !== undefined && held === '') {
    held = `preset ${first.id}`;
    door.solve(scenarioOf(first.id));
  }
}

/**
 * @param {string} preset
 * @returns {Scenario}
 */
function scenarioOf(preset) {
  const found = door.preset(preset);
  return 'scenario' in found ? found.scenario : found;
}

/**
 * @param {ChartRequest[]} requests
 * @returns {ChartAnswer[]}
 */
function draw(requests) {
  return requests.map(({ id, view }) => {
    try {
      return { id, drawing: door.chart(id, view) };
    } catch (error) {
      if (error instanceof WebAssembly.RuntimeError) throw error;
      return { id, problem: describe(error).message };
    }
  });
}

/** @param {{ scenario: Scenario, key: number }} request */
function hold({ scenario, key }) {
  if (held === `solve ${key}`) return;
  held = '';
  door.solve(scenario);
  held = `solve ${key}`;
}

const calls = {
  gallery: () => door.gallery(),
  /** @param {string} text */
  open: (text) => door.open(text),
  /**
   * @param {SolveRequest} request
   * @returns {SolveAnswer}
   */
  solve(request) {
    let { scenario } = request;
    for (const { path, value } of request.changes ?? []) scenario = door.set(scenario, path, value);
    held = '';
    /** @type {Report} */
    const report = door.solve(scenario);
    held = `solve ${request.key}`;
    const drawn = new Set(report.charts.map((chart) => chart.id));
    const charts = draw((request.charts ?? []).filter(({ id }) => drawn.has(id)));
    return { scenario, report, form: door.form(scenario), charts };
  },
  /** @param {DrawRequest} request */
  draw(request) {
    hold(request);
    return draw(request.charts);
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
  /** @param {Scenario} scenario */
  link: (scenario) => door.link(scenario),
  /** @param {ThumbnailRequest} request */
  thumbnail({ preset, chart, view }) {
    held = '';
    const report = door.solve(scenarioOf(preset));
    held = `preset ${preset}`;
    const known = report.charts.some(({ id }) => id === chart);
    const id = known ? chart : (report.charts[0]?.id ?? chart);
    return { drawing: door.chart(id, view), headline: report.headline };
  },
  /** @param {{ scenario: Scenario, path: string, value: number }} request */
  sweep: ({ scenario, path, value }) => door.sweep_point(scenario, path, value),
};

/**
 * @param {unknown} error
 * @returns {{ message: string, field: string | null, fatal: boolean }}
 */
function describe(error) {
  const fatal = error instanceof WebAssembly.RuntimeError;
  if (typeof error === 'object' && error !== null && 'message' in error) {
    const field = 'field' in error && typeof error.field === 'string' ? error.field : null;
    return { message: String(error.message), field, fatal };
  }
  return { message: String(error), field: null, fatal };
}

self.addEventListener('message', async ({ data }) => {
  const { id, call, args } = data;
  try {
    if (call === 'start') {
      await start(args);
      self.postMessage({ id, result: true });
      return;
    }
    if (call === 'warm') {
      warm();
      self.postMessage({ id, result: true });
      return;
    }
    const handler = /** @type {Record<string, (args: any) => unknown>} */ (calls)[call];
    if (handler === undefined) throw new Error(`the worker knows no call "${call}"`);
    self.postMessage({ id, result: handler(args) });
  } catch (error) {
    self.postMessage({ id, error: describe(error) });
  }
});
