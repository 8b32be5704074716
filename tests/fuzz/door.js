// One module in a thread: asks of it what the page's worker asks, and says how it went.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';

import { drawing, formulas } from './judge.js';

const door = await import(pathToFileURL(path.join(workerData.dist, 'pkg/tandem.js')).href);
await door.default({ module_or_path: readFileSync(path.join(workerData.dist, 'pkg/tandem_bg.wasm')) });

/** @param {any} error */
const isTrap = (error) =>
  error instanceof WebAssembly.RuntimeError ||
  error instanceof RangeError ||
  /unreachable|recursion|memory access/.test(String(error));

/** @param {string} text */
function tried(text) {
  const odd = [];
  let stage = 'open';
  let opened = '';
  const session = new door.Session();
  try {
    opened = session.open(text);
    stage = 'link';
    const { fragment } = session.link();
    stage = 'the link of the link';
    // Longer links the page does not make.
    if (fragment.length < 1 << 20 && new door.Session().open(`#${fragment}`) !== opened)
      odd.push('the link opens as another scenario');
    stage = 'form';
    session.form();
    stage = 'run';
    session.solve([]);
    const sheet = session.sheet();
    const report = JSON.parse(JSON.stringify(sheet.report()));
    for (const { id } of report.charts.slice(0, 6)) {
      stage = `drawing of ${id}`;
      odd.push(...drawing(sheet.chart(id, {}).svg));
      stage = `numbers of ${id}`;
      odd.push(...formulas(sheet.csv(id)));
    }
  } catch (error) {
    if (isTrap(error)) return { odd: [`a trap at ${stage}: ${error}`], opened, trap: true };
    // What is refused is said in problems, each with its field.
    const { problems } = /** @type {any} */ (error);
    if (!Array.isArray(problems) || problems.some(({ field, message }) => !field || !message))
      odd.push(`no problem with a field at ${stage}: ${String(error)} ${JSON.stringify(error)?.slice(0, 160)}`);
  }
  session.free();
  return { odd, opened, trap: false };
}

parentPort?.on('message', (text) => parentPort?.postMessage(tried(text)));
parentPort?.postMessage('ready');
