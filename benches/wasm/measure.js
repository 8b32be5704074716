// Times of one piece of work, repeated.

/**
 * @typedef {object} Times
 * @property {string} name
 * @property {number} first_ms The first call, with whatever the engine does once.
 * @property {number} median_ms Of the later calls.
 * @property {number} fastest_ms
 * @property {number} p90_ms
 * @property {number} calls How many later calls were timed.
 */

/**
 * Call `work` once, then again and again for about `seconds`, at least `least` and at most `most` times.
 * @param {string} name
 * @param {() => unknown} work May be asynchronous.
 * @param {{ seconds?: number, least?: number, most?: number }} [effort]
 * @returns {Promise<Times>}
 */
export async function measure(name, work, { seconds = 1, least = 5, most = 2000 } = {}) {
  const once = async () => {
    const start = performance.now();
    const result = work();
    if (result instanceof Promise) await result;
    return performance.now() - start;
  };
  const first_ms = await once();
  /** @type {number[]} */
  const times = [];
  const end = performance.now() + 1000 * seconds;
  while (times.length < least || (performance.now() < end && times.length < most)) times.push(await once());
  times.sort((a, b) => a - b);
  return {
    name,
    first_ms,
    median_ms: quantile(times, 0.5),
    fastest_ms: times[0] ?? NaN,
    p90_ms: quantile(times, 0.9),
    calls: times.length,
  };
}

/**
 * Quantile of sorted numbers, linear between neighbours.
 * @param {number[]} sorted
 * @param {number} share Between 0 and 1.
 */
export function quantile(sorted, share) {
  const at = share * (sorted.length - 1);
  const below = sorted[Math.floor(at)] ?? NaN;
  const above = sorted[Math.ceil(at)] ?? NaN;
  return below + (above - below) * (at - Math.floor(at));
}

/** @param {number} ms Three figures that matter. */
export function shown(ms) {
  return ms >= 100 ? ms.toFixed(0) : ms >= 10 ? ms.toFixed(1) : ms >= 1 ? ms.toFixed(2) : ms.toFixed(3);
}

/**
 * A Markdown table of times.
 * @param {Times[]} rows
 */
export function table(rows) {
  const lines = rows.map(({ name, first_ms, median_ms, fastest_ms, p90_ms, calls }) => [
    name,
    shown(median_ms),
    shown(fastest_ms),
    shown(p90_ms),
    shown(first_ms),
    String(calls),
  ]);
  const head = ['case', 'median ms', 'fastest', '90 %', 'first call ms', 'calls'];
  const widths = head.map((word, column) => Math.max(word.length, ...lines.map((line) => (line[column] ?? '').length)));
  const row = (/** @type {string[]} */ cells) =>
    `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))).join(' | ')} |`;
  const rule = `|${widths.map((width, column) => (column === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  return [row(head), rule, ...lines.map(row)].join('\n');
}
