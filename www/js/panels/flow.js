// The AC power flow of the case's feeders with the loads of their buses alone, beside the market's answer.

import { h } from '../ui/dom.js';
import { sentence } from '../session/problem.js';
import { createSide } from './side.js';

/** @import { SideWork } from '../session/types.js' */
/** @import { Lab } from '../session/lab.js' */

const KIND = 'power_flow';

/** @param {Lab} lab */
export function createFlow(lab) {
  /** The scenario whose feeders were asked about. */
  let asked = '';
  /** The flow as a scenario of its own. */
  let own = '';
  const side = createSide(lab, { label: '', name: 'AC power flow', act: () => undefined });
  const feeders = h('select', {
    'aria-label': 'Feeder of the power flow',
    onchange: () => void show(look(own, feeders.value)),
  });
  const alone = h(
    'button',
    { type: 'button', onclick: () => lab.replace(own) },
    'Work with it: other loads, generation at a bus, a sweep',
  );
  const which = h('span', {}, 'Feeder ', feeders);
  const panel = h(
    'div',
    { class: 'panel flow' },
    h(
      'p',
      {},
      'What lines carry and lose and which voltages the buses have with the loads of the case alone, without a market.',
    ),
    h('div', { class: 'row' }, which, alone),
    side.status,
    side.result,
  );

  const isAnswer = () => lab.scenario.mechanism.kind === KIND;

  /** @param {string} flow the document to show */
  async function show(flow) {
    /** @type {SideWork} */
    const work = { kind: 'flow', scenario: flow };
    try {
      const report = await lab.client.call('sideReport', work);
      own = flow;
      side.show(report, work, { tables: report.tables, lead: report.headline });
      side.status.textContent = '';
    } catch (error) {
      side.status.textContent = sentence(error);
    }
  }

  /** The flow of the scenario on screen, where it is not shown yet. */
  async function refresh() {
    if (asked === lab.text) return;
    asked = lab.text;
    const ids = (lab.scenario.case.feeders ?? []).map(({ id }) => id);
    const chosen = ids.includes(feeders.value) ? feeders.value : ids[0];
    feeders.replaceChildren(...ids.map((id) => h('option', { value: id, selected: id === chosen }, id)));
    which.hidden = ids.length < 2;
    const flow = await lab.client.call('powerFlow', asked);
    await show(chosen === undefined ? flow : look(flow, chosen));
  }

  return {
    title: 'AC power flow',
    panel,
    /** Whether the case has feeders whose flow is not the answer itself. */
    there: () => (lab.scenario.case.feeders ?? []).length > 0 && !isAnswer(),
    refresh: () => void refresh(),
    destroy: () => side.destroy(),
  };
}

/**
 * The document with another feeder shown.
 * @param {string} text
 * @param {string} feeder
 */
function look(text, feeder) {
  const document = JSON.parse(text);
  document.view = { ...document.view, feeder };
  return JSON.stringify(document);
}
