// The board: the case and the inputs on screen under every scheme, method, rule or way, side by side. Looking at one shows
// its dispatch on the network; choosing it makes it the scenario.

import { createNetwork } from '../grid/network.js';
import { h } from '../ui/dom.js';
import { loadSheet } from '../ui/sheet.js';
import { createChoices } from './choices.js';
import { createSide } from './side.js';

/** @import { SideWork } from '../session/types.js' */
/** @import { Lab } from '../session/lab.js' */

/** What takes longer is not run again unasked, ms. */
const QUICK_MS = 1500;
/** Inputs are at rest after this long, ms. */
const REST_MS = 300;
/** Systems with more buses have no second diagram beside the comparison. */
const SMALL = 40;

/**
 * @param {Lab} lab
 * @param {{ network?: boolean }} [options] network: with a diagram of its own
 */
export function createCompare(lab, { network = false } = {}) {
  loadSheet('board.css');
  const one = lab.report.compared;
  const all = `${one}s`;
  /** The scenario that was compared. */
  let compared = '';
  /** How long that took, ms. */
  let took = (lab.ahead?.seconds ?? 0) * 1000;
  let seen = false;
  let timer = 0;
  const side = createSide(lab, { label: `Run all ${all}`, name: `All ${all}`, act: () => void run() });
  const choices = createChoices(lab, one, (changes) => side.ask({ scenario: compared, changes }));
  const stale = h(
    'p',
    { class: 'stale-note', hidden: true },
    `The inputs have changed since. Run all ${all} again to compare them as they are now.`,
  );
  /** @type {ReturnType<typeof diagramOf>} */
  let diagram = null;
  const start = h('div', { class: 'row' }, side.start, side.cancel);
  const across = acrossOf(lab);
  const panel = h(
    'div',
    { class: 'panel compare' },
    across.element,
    start,
    side.bar,
    side.status,
    stale,
    choices.element,
    side.result,
  );
  side.result.addEventListener('row', (event) => {
    const { id, chosen } = /** @type {CustomEvent<{ id: string, chosen: boolean }>} */ (event).detail;
    if (chosen) choices.choose(id);
    else choices.look(id);
  });

  async function run() {
    const scenario = lab.text;
    /** @type {SideWork} */
    const work = { kind: 'compare', scenario };
    await side.run(
      async (aside) => {
        side.status.textContent = '';
        const before = performance.now();
        const report = await aside.call('sideReport', work);
        took = performance.now() - before;
        compared = scenario;
        side.show(report, work, { tables: report.tables, lead: report.headline, by: aside, folded: 'All numbers' });
        choices.show(report.alternatives ?? []);
        diagram ??= network ? diagramOf(lab, choices.caption) : null;
        const first = side.result.querySelector('.figures > :first-child');
        if (diagram !== null && diagram.element.previousElementSibling !== first) first?.after(diagram.element);
        return true;
      },
      { again: isQuick(), whole: lab.report.compared === 'mechanism' },
    );
    age();
    if (compared !== '') follow();
  }

  const isQuick = () => took < QUICK_MS;

  /** Numbers of another scenario than the one on screen stay readable, and say so. */
  function age() {
    const old = compared !== '' && compared !== lab.text;
    start.hidden = isQuick() && compared !== '';
    stale.hidden = !old || isQuick();
    side.result.classList.toggle('is-stale', !stale.hidden);
  }

  /** Runs what is in sight, not up to date and quick; what is slow waits to be asked. */
  function follow() {
    window.clearTimeout(timer);
    if (!seen || !isQuick() || lab.covered || lab.trouble !== '' || compared === lab.text) return;
    timer = window.setTimeout(() => void run(), compared === '' ? 0 : REST_MS);
  }

  const sight = new IntersectionObserver((entries) => {
    seen = entries.at(-1)?.isIntersecting ?? false;
    follow();
  });
  sight.observe(panel);
  const changed = () => {
    across.update();
    age();
    follow();
  };
  const stops = [lab.on('result', changed), lab.on('phase', follow)];
  return {
    panel,
    destroy() {
      window.clearTimeout(timer);
      sight.disconnect();
      stops.forEach((stop) => stop());
      choices.destroy();
      diagram?.destroy();
      side.destroy();
    },
  };
}

/** What is compared where the mechanisms of other papers may join: schemes, or all mechanisms. */
const JOINED = ['scheme', 'mechanism'];

/**
 * Whether the mechanisms of the other papers clear the same bids, too.
 * @param {Lab} lab
 */
function acrossOf(lab) {
  const box = h('input', {
    type: 'checkbox',
    onchange: () => lab.edit([{ path: 'view.across', value: box.checked }]),
  });
  const element = h('label', { class: 'board-across' }, box, 'With the mechanisms of the other four papers');
  const update = () => {
    element.hidden = !JOINED.includes(lab.report.compared);
    box.checked = lab.report.compared === 'mechanism';
  };
  update();
  return { element, update };
}

/**
 * The network beside the comparison, where one is small enough to be seen twice.
 * @param {Lab} lab
 * @param {HTMLElement} caption
 */
function diagramOf(lab, caption) {
  const { buses, feeders = [] } = lab.scenario.case;
  const count = buses.length + feeders.reduce((sum, feeder) => sum + feeder.buses.length, 0);
  if (count > SMALL || lab.report.look.without_network === true) return null;
  const network = createNetwork(lab, { bare: true });
  return { element: h('div', { class: 'board-network' }, caption, network.element), destroy: () => network.destroy() };
}
