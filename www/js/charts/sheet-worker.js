// Sets figures on sheets beside the page, with the module of figures: a picture of many pixels takes a moment.

import start, * as figures from '../../pkg/figures.js';

/** @type {Promise<unknown> | null} */
let started = null;

self.onmessage = async ({ data }) => {
  /** @type {{ id: number, name: 'px' | 'around' | 'svg' | 'pdf' | 'png' | 'tikz' | 'table', args: never[] }} */
  const { id, name, args } = data;
  try {
    started ??= start();
    await started;
    const call = /** @type {(...args: unknown[]) => unknown} */ (figures[name]);
    self.postMessage({ id, value: call(...args) });
  } catch (error) {
    self.postMessage({ id, problem: error instanceof Error ? error.message : String(error) });
  }
};
