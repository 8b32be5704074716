// What lies between another scenario and the one on screen: the inputs that differ, the outputs that differ, and what each
// change makes of a number, in turn or as its fair share.

import { h, uid } from '../ui/dom.js';
import { loadSheet } from '../ui/sheet.js';
import { unpack } from '../session/packed.js';
import { sentence } from '../session/problem.js';
import { createSide } from './side.js';

/** @import { Report, SideWork } from '../session/types.js' */
/** @import { Lab } from '../session/lab.js' */

/** The query of an address that opens a comparison: the other scenario, as links have it. */
const KEY = 'between';

/** The other scenario that the address names; '' for none. */
export function betweenOf() {
  return new URLSearchParams(location.search).get(KEY) ?? '';
}

/** @param {Lab} lab */
export function createBetween(lab) {
  loadSheet('board.css');
  const other = h('input', { type: 'text', id: uid('between'), autocomplete: 'off', spellcheck: false });
  const side = createSide(lab, { label: 'Compare the two', name: 'The two scenarios', act: () => void run() });
  const { preset } = lab.scenario;
  const opened = h(
    'button',
    {
      type: 'button',
      hidden: !preset,
      onclick: () => {
        other.value = `#p=${preset}`;
        void run();
      },
    },
    'The preset as it was',
  );
  const number = h('select', { id: uid('between-number'), onchange: () => show() });
  const way = h(
    'select',
    { id: uid('between-way'), onchange: () => show() },
    h('option', { value: 'turn' }, 'each change in turn'),
    h('option', { value: 'share' }, 'fair shares (Shapley)'),
  );
  const asked = h(
    'div',
    { class: 'row', hidden: true },
    h('label', { for: number.id }, 'Number'),
    number,
    h('label', { for: way.id }, 'taken apart by'),
    way,
  );
  const share = h('a', { class: 'between-link' }, 'Link to this comparison');
  const notes = h('div', {});
  /** What belongs to a comparison, and goes where the next has none. */
  const answer = h('div', { hidden: true }, notes, asked, side.result, share);
  /** @type {{ report: Report, work: SideWork, by: any } | null} */
  let found = null;
  const panel = h(
    'div',
    { class: 'panel between' },
    h('p', {}, 'From another scenario to the one on screen: what differs, and what makes the difference.'),
    h(
      'div',
      { class: 'row' },
      h('label', { for: other.id }, 'Link of the other, or a preset'),
      other,
      side.start,
      side.cancel,
      opened,
    ),
    side.bar,
    side.status,
    answer,
  );

  async function run() {
    const text = other.value.trim();
    if (text === '') {
      side.status.textContent = 'Paste the link of another scenario, or type the id of a preset.';
      return;
    }
    await side.run(
      async (aside) => {
        side.status.textContent = '';
        answer.hidden = true;
        const hash = hashOf(text);
        const from = await aside.call('open', hash);
        /** @type {SideWork} */
        const work = { kind: 'between', scenario: lab.text, from };
        const report = await aside.call('sideReport', work);
        found = { report, work, by: aside };
        choices(report);
        answer.hidden = false;
        show();
        const address = new URL(location.href);
        address.searchParams.set(KEY, hash.slice(1));
        address.hash = lab.hash;
        share.href = address.href;
        return true;
      },
      { whole: true },
    );
  }

  /** The numbers that differ. @param {Report} report */
  function choices(report) {
    const ids = report.charts
      .filter(({ id }) => id.startsWith('turn:'))
      .map(({ id, x }) => ({ id: id.slice(5), name: x.label }));
    number.replaceChildren(...ids.map(({ id, name }) => h('option', { value: id }, name)));
    asked.hidden = ids.length === 0;
    const shared = report.charts.some(({ id }) => id.startsWith('share:'));
    for (const option of way.options) option.disabled = option.value === 'share' && !shared;
    if (!shared) way.value = 'turn';
    notes.replaceChildren(...report.messages.map(({ text }) => h('p', { class: 'help' }, text)));
  }

  function show() {
    if (found === null) return;
    const { report, work, by } = found;
    const charts = report.charts.filter(({ id }) => id === `${way.value}:${number.value}`);
    const known = ['between_inputs', 'between_outputs', `between:${number.value}`];
    const tables = report.tables.filter(({ id, rows }) => known.includes(id) && rows.length > 0);
    // A copy takes its series along as they came.
    side.show(unpack({ ...report, charts }), work, { tables, lead: report.headline, by });
  }

  const named = betweenOf();
  if (named !== '') {
    other.value = `#${named}`;
    run().catch((error) => {
      side.status.textContent = sentence(error);
    });
  }
  return { panel, destroy: () => side.destroy() };
}

/**
 * The hash of a link, of its fragment, or of the id of a preset.
 * @param {string} text
 */
function hashOf(text) {
  if (text.includes('#')) return text.slice(text.indexOf('#'));
  return /^[a-z0-9-]+$/.test(text) ? `#p=${text}` : `#${text}`;
}
