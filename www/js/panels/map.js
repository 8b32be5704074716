// Two inputs over their ranges: the exact map of one dispatch, read point by point.

import { h, uid } from '../ui/dom.js';
import { createSide } from './side.js';
import { RangePicker } from './range.js';
import { itemsOf } from '../session/packed.js';

/** @import { SideWork } from '../session/types.js' */
/** @import { Lab } from '../session/lab.js' */

/** The mechanism that has maps. */
const KIND = 'rt_sced';

/** @param {Lab} lab */
export function createMap(lab) {
  const x = new RangePicker(lab, { title: 'Input', nth: 0 });
  const y = new RangePicker(lab, { title: 'and over', nth: 1 });
  const id = uid('map');
  const bus = h('select', { id });
  const side = createSide(lab, { label: 'Draw the map', name: 'Map', act: () => void run() });
  const element = h(
    'section',
    { class: 'panel map', hidden: true },
    h('h3', {}, 'A map over two inputs'),
    h(
      'p',
      {},
      'Every region of one dispatch over two inputs, exactly: who is marginal, which lines are full, and what changes from one region to the next.',
    ),
    x.element,
    y.element,
    h(
      'div',
      { class: 'sweep-form' },
      h('div', {}, h('label', { for: id }, 'LMP at bus'), bus),
      side.start,
      side.cancel,
    ),
    side.bar,
    side.status,
    side.result,
  );

  async function run() {
    const asked = [x.read(), y.read()];
    const ranges = [];
    for (const range of asked) {
      if (range === null) return;
      if ('message' in range) {
        side.status.textContent = range.message;
        return;
      }
      ranges.push(range);
    }
    const [along, over] = ranges;
    if (along === undefined || over === undefined) return;
    const scenario = lab.text;
    side.status.textContent = '';
    await side.run(async (aside) => {
      /** @type {SideWork} */
      const work = { kind: 'map', scenario, asked: { x: along, y: over, bus: bus.value, step: lab.cursor + 1 } };
      const report = await aside.call('sideReport', work);
      side.show(report, work, { lead: report.headline, tables: report.tables, by: aside });
      return true;
    });
  }

  /** Offers inputs and buses of the scenario as it is now. */
  function offer() {
    element.hidden = lab.scenario.mechanism.kind !== KIND;
    if (element.hidden) return;
    x.offer();
    y.offer();
    const buses = itemsOf(lab.report, 'lmp');
    const known = [...bus.options].map(({ value }) => value).slice(1);
    if (JSON.stringify(known) === JSON.stringify(buses)) return;
    const chosen = bus.value;
    bus.replaceChildren(
      h('option', { value: '' }, 'where it moves most'),
      ...buses.map((one) => h('option', { value: one }, one)),
    );
    bus.value = buses.includes(chosen) ? chosen : '';
  }

  offer();
  const stop = lab.on('result', offer);
  return {
    element,
    destroy() {
      stop();
      side.destroy();
    },
  };
}
