// All methods side by side, or all schemes: the same case under each of them, run beside the interaction.

import { h } from '../ui/dom.js';
import { createSide } from './side.js';

/** @import { SideWork } from '../session/types.js' */
/** @import { Lab } from '../session/lab.js' */

/**
 * @param {Lab} lab
 * @param {{ now?: boolean }} [options] now: without being asked
 */
export function createCompare(lab, { now = false } = {}) {
  const one = lab.report.compared;
  const all = `${one}s`;
  /** The scenario that was compared. */
  let compared = '';
  const side = createSide(lab, { label: `Run all ${all}`, name: `All ${all}`, act: () => void run() });
  const stale = h(
    'p',
    { class: 'stale-note', hidden: true },
    `The inputs have changed since. Run all ${all} again to compare them as they are now.`,
  );
  const panel = h(
    'div',
    { class: 'panel compare' },
    h('p', {}, `The case and the inputs on screen under every ${one}; the scenario stays as it is.`),
    h('div', { class: 'row' }, side.start, side.cancel),
    side.bar,
    side.status,
    stale,
    side.result,
  );

  function run() {
    const scenario = lab.text;
    /** @type {SideWork} */
    const work = { kind: 'compare', scenario };
    return side.run(async (aside) => {
      side.status.textContent = '';
      const report = await aside.call('sideReport', work);
      compared = scenario;
      side.show(report, work, { tables: report.tables, lead: report.headline, by: aside });
      age();
      return true;
    });
  }

  /** Numbers of another scenario than the one on screen stay readable, and say so. */
  function age() {
    const old = compared !== '' && compared !== lab.text;
    stale.hidden = !old;
    side.result.classList.toggle('is-stale', old);
  }

  if (now) void run();
  const stops = [lab.on('result', age)];
  return {
    title: `All ${all} side by side`,
    panel,
    destroy() {
      stops.forEach((stop) => stop());
      side.destroy();
    },
  };
}
