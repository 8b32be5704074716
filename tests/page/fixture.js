// Hand-made systems with feeders and their results, and a module that answers with them: what the page draws
// can be tested for itself.

import { readFileSync } from 'node:fs';
import path from 'node:path';

import { dist } from './harness.js';

/** @import { BrowserContext } from '@playwright/test' */

/** Lines of the 33-bus feeder of Baran and Wu, by the numbers of their buses. */
const BARAN_WU = [
  ...[...Array(17).keys()].map((k) => [k + 1, k + 2]),
  ...[
    [2, 19],
    [19, 20],
    [20, 21],
    [21, 22],
    [3, 23],
    [23, 24],
    [24, 25],
    [6, 26],
  ],
  ...[...Array(7).keys()].map((k) => [k + 26, k + 27]),
];

/**
 * A feeder with the shape of the 33-bus one, its first `count` buses.
 * @param {string} id
 * @param {number} [count]
 */
export function feeder(id, count = 33) {
  const name = (/** @type {number | undefined} */ bus) => `${id}.${bus}`;
  return {
    id,
    base_kv: 12.66,
    root: name(1),
    buses: Array.from({ length: count }, (_, k) => ({ id: name(k + 1), p_load_mw: 0.1, min_v_pu: 0.9, max_v_pu: 1.1 })),
    lines: BARAN_WU.filter((ends) => ends.every((bus) => bus <= count)).map(([from, to]) => ({
      id: `${from}-${to}`,
      from: name(from),
      to: name(to),
      max_s_mva: 4,
    })),
  };
}

/**
 * A ring of transmission buses with feeders below them, every third bus in turn, and a result for two periods:
 * voltages fall and prices rise with the number of the bus.
 * @param {number} buses
 * @param {ReturnType<typeof feeder>[]} feeders
 */
export function system(buses, feeders) {
  const ids = Array.from({ length: buses }, (_, k) => `${k + 1}`);
  const branches = ids
    .slice(buses > 2 ? 0 : 1)
    .map((id, k) => ({ id: `L${k + 1}`, from: ids[(k + 1) % buses], to: id, x_pu: 0.1, max_p_mw: 100 }));
  const boundaries = feeders.map(({ id }, k) => ({
    id: `B${k + 1}`,
    bus: ids[(3 * k) % buses],
    feeder: id,
    max_p_mw: 5,
  }));
  const bids = feeders.map(({ id, buses: own }) => ({
    id: `${id}-bid`,
    bus: own[own.length - 1]?.id,
    offers: [{ period: 1, segments: [{ min_p_mw: 0, max_p_mw: 1, usd_per_mwh: 12 }] }],
  }));
  const imbalances = feeders.map(({ id, buses: own }) => ({ id: `${id}-short`, bus: own[1]?.id, p_mw: [-0.2] }));
  /** @type {Record<string, [string, number[]]>} */
  const series = {};
  for (const [k, id] of ids.entries()) series[`lmp:${id}`] = ['$/MWh', [20 + k, 20]];
  for (const [k, { id }] of branches.entries()) series[`flow:${id}`] = ['MW', [10 * (k + 1), -5]];
  for (const one of feeders) {
    for (const [k, { id }] of one.buses.entries()) {
      series[`lmp:${id}`] = ['$/MWh', [20 + k / 4, 20]];
      series[`v:${id}`] = ['p.u.', [1 - 0.0033 * k, 1]];
    }
    for (const [k, { id }] of one.lines.entries()) {
      series[`flow:${one.id}/${id}`] = ['MW', [4.2 - 0.1 * k, -0.1]];
      series[`loading:${one.id}/${id}`] = ['1', [(4.2 - 0.1 * k) / 4, 0.025]];
    }
  }
  for (const { id } of boundaries) series[`export:${id}`] = ['MW', [-4.3, 0.1]];
  for (const { id } of bids) series[`p:${id}`] = ['MW', [0.5, 0]];
  for (const { id } of imbalances) series[`imbalance:${id}`] = ['MW', [-0.2, -0.2]];
  return {
    scenario: {
      version: 1,
      title: 'Feeders',
      case: {
        version: 1,
        name: 'feeders',
        base_mva: 100,
        buses: ids.map((id) => ({ id })),
        branches,
        feeders,
        boundaries,
        balancing: { periods: 2, bids, imbalances },
      },
      mechanism: { kind: 'residual_supply' },
      view: {},
    },
    report: {
      ...{
        status: 'solved',
        title: 'Feeders',
        headline: 'A result made by hand.',
        badges: [],
        summary: [],
        charts: [],
        tables: [],
        compared: 'scheme',
        look: {},
      },
      ...{
        ledger: [],
        certificates: [],
        published: [],
        messages: [],
        clock: { name: 'period', steps: 2, minutes_per_step: 60 },
      },
      series: Object.entries(series).map(([id, [unit, values]]) => ({
        id,
        name: id,
        unit,
        index: { kind: 'clock' },
        values,
        ...(/^(lmp|v):/.test(id) ? { subject: { kind: 'bus', id: id.slice(id.indexOf(':') + 1) } } : {}),
      })),
    },
  };
}

/** What code behind the glue finds: the methods as they were, and a way to change what is reported. */
const HELP = `
const sound = {};
for (const name of ['open', 'solve', 'pieces', 'piece', 'sheet', 'form', 'link']) sound[name] = Session.prototype[name];
const limitOf = (session) => JSON.parse(session.text).case.branches[1]?.max_p_mw;
function reported(change) {
  Session.prototype.sheet = function () {
    const sheet = sound.sheet.call(this);
    const report = sheet.report.bind(sheet);
    sheet.report = () => change(report(), this);
    sheet.packed = sheet.packed_since = sheet.report;
    return sheet;
  };
}`;

/**
 * Code behind the module's glue, which changes the methods of its classes.
 * @param {BrowserContext} context
 * @param {string} code
 */
export async function behind(context, code) {
  // From the folder, not through the server: the page's spare worker may ask for it while the test ends.
  const glue = readFileSync(path.join(dist, 'pkg', 'tandem.js'), 'utf8');
  // Minified: the class has another name inside.
  const name = /(\w+) as Session\b/.exec(glue)?.[1] ?? 'Session';
  const body = name === 'Session' ? glue : `${glue}\nconst Session = ${name};`;
  await context.route('**/pkg/tandem.js', (route) =>
    route.fulfill({ contentType: 'text/javascript', body: `${body}\n${HELP}\n${code}` }).catch(() => {}),
  );
}

/**
 * A module to which every scenario is this one.
 * @param {BrowserContext} context
 * @param {ReturnType<typeof system>} made
 */
export function answering(context, { scenario, report }) {
  return behind(
    context,
    `
const scenario = ${JSON.stringify(JSON.stringify(scenario))};
const report = ${JSON.stringify(report)};
const packed = () => ({
  ...report,
  series: report.series.map((one) => ({ ...one, values: Float64Array.from(one.values) })),
});
const answers = {
  open: () => scenario,
  load: () => undefined,
  pieces: () => null,
  form: () => [],
  form_changes: () => null,
  link: () => ({ fragment: 'p=by-hand', short: true }),
  solve: () => undefined,
  sheet: () => ({
    free: () => undefined,
    packed,
    packed_since: packed,
  }),
};
Object.assign(Session.prototype, answers);
Object.defineProperty(Session.prototype, 'text', { get: () => scenario });`,
  );
}
