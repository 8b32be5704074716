// What stands behind the answer: printed numbers beside ours, tables, the ledger, the certificates, the equations.

import { createTable, markStep, pressCell } from '../charts/datatable.js';
import { h, save } from '../ui/dom.js';
import { markSelected } from '../session/items.js';
import { decimals, fixed, halfUp, plain, scientific, unitText } from '../ui/number.js';
import { sentence } from '../session/problem.js';
import { createTabs } from '../ui/tabs.js';

/** @import { Entry, OwnTable, Published, Report } from '../session/types.js' */
/** @import { Lab } from '../session/lab.js' */

/**
 * @param {Lab} lab
 * @param {{ name: string, title: string, panel: HTMLElement, shown?: () => void, there?: () => boolean }[]} more further tabs
 */
export function createEvidence(lab, more) {
  const values = (/** @type {string} */ id) => lab.series(id)?.values;
  const panel = () => h('div', { class: 'panel' });
  const panels = { published: panel(), tables: panel(), ledger: panel(), certificates: panel(), equations: panel() };
  const fill = {
    published: () =>
      panels.published.replaceChildren(
        ...published(lab.report.published, true),
        ...published(lab.report.also_computed ?? [], false),
      ),
    tables: () => panels.tables.replaceChildren(...tables(lab)),
    ledger: () => panels.ledger.replaceChildren(...ledger(lab)),
    certificates: () => panels.certificates.replaceChildren(certificates(lab.report), lpFile(lab)),
  };
  /** @typedef {keyof typeof fill} Name */
  /** @type {Set<Name>} */
  const stale = new Set(/** @type {Name[]} */ (Object.keys(fill)));
  panels.equations.append(
    h('p', {}, 'Every number on this page comes out of equations that are listed with the paper’s own numbers.'),
    h('p', {}, h('a', { href: 'how.html', target: '_blank', rel: 'noopener' }, 'How it is computed')),
  );

  /** @param {Name} name */
  function refresh(name) {
    if (!stale.delete(name)) return;
    fill[name]();
    markStep(panels[name], lab.cursor, values);
    markSelected(panels[name], lab.selection);
  }

  const tabs = createTabs('What stands behind the answer', [
    { name: 'published', title: 'Beside ours', panel: panels.published, shown: () => refresh('published') },
    { name: 'tables', title: 'Tables', panel: panels.tables, shown: () => refresh('tables') },
    { name: 'ledger', title: 'Ledger', panel: panels.ledger, shown: () => refresh('ledger') },
    { name: 'certificates', title: 'Certificates', panel: panels.certificates, shown: () => refresh('certificates') },
    ...more,
    { name: 'equations', title: 'Equations', panel: panels.equations },
  ]);

  function update() {
    const { report } = lab;
    for (const name of /** @type {Name[]} */ (Object.keys(fill))) stale.add(name);
    tabs.offer('published', report.published.length + (report.also_computed ?? []).length > 0);
    tabs.offer('ledger', report.ledger.length > 0);
    tabs.offer('certificates', report.certificates.length > 0);
    for (const { name, there } of more) if (there !== undefined) tabs.offer(name, there());
    const current = tabs.current();
    more.find(({ name }) => name === current)?.shown?.();
    if (current in fill) refresh(/** @type {Name} */ (current));
  }

  /** Everything is printed, seen before or not. */
  const print = () => {
    for (const name of /** @type {Name[]} */ (Object.keys(fill))) refresh(name);
  };
  addEventListener('beforeprint', print);
  const stops = [
    lab.on('result', update),
    lab.on('cursor', () => markStep(tabs.element, lab.cursor, values)),
    lab.on('selection', () => markSelected(tabs.element, lab.selection)),
  ];
  update();
  tabs.element.addEventListener('click', (event) => {
    pressCell(lab, tabs.element, event);
  });
  return {
    element: tabs.element,
    show: tabs.show,
    destroy() {
      stops.forEach((stop) => stop());
      removeEventListener('beforeprint', print);
    },
  };
}

/**
 * How many of the numbers beside ours agree, in words.
 * @param {number} agreed
 * @param {number} all
 * @param {boolean} printed or computed by others
 */
function agreement(agreed, all, printed) {
  const [number, how] = printed
    ? ['printed number', 'rounded as printed']
    : ['number computed by hand or by another program', 'rounded to its decimals'];
  if (all === 1) return `The one ${number} ${agreed === 1 ? 'agrees with' : 'differs from'} ours, ${how}.`;
  const many = printed ? 'printed numbers' : 'numbers computed by hand or by another program';
  const rounded = printed ? how : 'rounded to their decimals';
  return agreed === all
    ? `All ${all} ${many} agree with ours, ${rounded}.`
    : `${agreed} of ${all} ${many} ${agreed === 1 ? 'agrees' : 'agree'} with ours, ${rounded}.`;
}

/**
 * @param {Published[]} items
 * @param {boolean} printed or computed by others
 * @returns {HTMLElement[]}
 */
function published(items, printed) {
  if (items.length === 0) return [];
  const comparable = items.filter(({ not_comparable }) => not_comparable !== true);
  const agreed = comparable.filter(({ agrees }) => agrees).length;
  const says = (/** @type {Published} */ { agrees, not_comparable }) => {
    if (not_comparable === true) return { kind: 'open', sign: '?', words: 'not comparable' };
    return agrees ? { kind: 'agrees', sign: '✓', words: 'agrees' } : { kind: 'differs', sign: '≠', words: 'differs' };
  };
  const verdicts = items.map(says);
  const rows = items.map(({ item, printed: theirs, digits, unit, ours, difference, source, note }, k) =>
    h(
      'tr',
      { class: verdicts[k]?.kind ?? '' },
      h('th', { scope: 'row' }, item),
      h('td', { class: 'number' }, fixed(theirs, digits)),
      h('td', { class: 'number' }, ours == null ? '–' : fixed(ours, Math.max(digits, decimals([ours], 4)))),
      h(
        'td',
        { class: 'number' },
        difference == null ? '–' : halfUp(difference, 4) === 0 ? '0' : fixed(difference, decimals([difference], 4)),
      ),
      h('td', {}, unitText(unit)),
      h(
        'td',
        { class: 'mark' },
        h('span', { 'aria-hidden': 'true' }, verdicts[k]?.sign ?? ''),
        h('span', { class: 'hidden-text' }, verdicts[k]?.words ?? ''),
      ),
      h('td', { class: 'source' }, source, note === '' ? null : h('span', { class: 'note' }, note)),
    ),
  );
  return [
    h(
      'p',
      {},
      comparable.length === 0
        ? 'These numbers and ours are not comparable: the notes beside them say why.'
        : agreement(agreed, comparable.length, printed),
    ),
    h(
      'div',
      {
        class: 'scroll',
        tabindex: 0,
        role: 'region',
        'aria-label': printed ? 'Printed numbers beside ours' : 'Numbers also computed by others beside ours',
      },
      h(
        'table',
        { 'data-table': printed ? 'published' : 'also-computed' },
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            ...['Item', printed ? 'Printed' : 'Theirs', 'Ours', 'Difference', 'Unit', '', 'Source'].map((name, k) =>
              name === ''
                ? h('th', { scope: 'col' }, h('span', { class: 'hidden-text' }, 'Agrees'))
                : h('th', { scope: 'col', class: k > 0 && k < 4 ? 'number' : null }, name),
            ),
          ),
        ),
        h('tbody', {}, ...rows),
      ),
    ),
  ];
}

/**
 * @param {Lab} lab
 * @returns {HTMLElement[]}
 */
function tables(lab) {
  const { report } = lab;
  /** @type {OwnTable} */
  const summary = {
    id: 'summary',
    title: 'Summary',
    columns: [
      { name: 'Quantity', unit: '' },
      { name: 'Value', unit: '' },
      { name: 'Unit', unit: '' },
      { name: 'Meaning', unit: '' },
    ],
    rows: report.summary.map(({ name, value, unit, note }) => [name, value, unitText(unit), note]),
  };
  const all = report.summary.length > 0 ? [summary, ...report.tables] : report.tables;
  return all.map((table) => createTable(table, { series: (id) => lab.series(id)?.values }));
}

/**
 * Net receipts of each party: what it is paid minus what it pays.
 * @param {Entry[]} entries
 */
function nets(entries) {
  /** @type {Map<string, number>} */
  const net = new Map();
  for (const { payer, payee, amount_usd } of entries) {
    net.set(payer, (net.get(payer) ?? 0) - amount_usd);
    net.set(payee, (net.get(payee) ?? 0) + amount_usd);
  }
  return net;
}

/**
 * @param {Lab} lab
 * @returns {HTMLElement[]}
 */
function ledger(lab) {
  const entries = lab.report.ledger;
  const parties = new Map(lab.report.parties?.map((party) => [party.id, party]));
  const net = nets(entries);
  const sum = [...net.values()].reduce((total, amount) => total + amount, 0);
  const money = { name: 'Amount', unit: '$' };
  return [
    createTable({
      id: 'ledger-net',
      title: 'Net by party',
      columns: [
        { name: 'Party', unit: '' },
        { name: 'Receives net', unit: '$' },
      ],
      rows: [...[...net].map(([party, amount]) => [party, amount]), ['Sum', halfUp(sum, 6)]],
      row_subjects: [...net.keys()].map((party) => parties.get(party) ?? null),
      note: 'Every payment has a payer and a payee, so the sum is zero.',
    }),
    createTable({
      id: 'ledger-entries',
      title: 'Payments',
      columns: [{ name: 'Payer', unit: '' }, { name: 'Payee', unit: '' }, { name: 'For', unit: '' }, money],
      rows: entries.map(({ payer, payee, item, amount_usd }) => [payer, payee, item, amount_usd]),
      row_subjects: entries.map(({ payer }) => parties.get(payer) ?? null),
    }),
  ];
}

/**
 * The program behind the interval at the time cursor, to be solved by anyone's solver.
 * @param {Lab} lab
 */
function lpFile(lab) {
  const status = h('span', { class: 'help', role: 'status' });
  const button = h(
    'button',
    {
      type: 'button',
      onclick: async () => {
        try {
          const { fileName } = await import('../charts/download.js');
          const interval = lab.cursor + 1;
          const text = await lab.client.call('lp', { scenario: lab.text, interval });
          save(`${fileName(lab.report.title, String(interval))}.lp`, new Blob([text], { type: 'text/plain' }));
          status.textContent = '';
        } catch (error) {
          status.textContent = sentence(error);
        }
      },
    },
    'Save the program of this interval (LP file)',
  );
  return h('div', { class: 'row' }, button, status);
}

/** @param {Report} report */
function certificates(report) {
  const good = report.certificates.filter(({ certified }) => certified).length;
  const count = report.certificates.length;
  const rows = report.certificates.map((certificate) =>
    h(
      'tr',
      { class: certificate.certified ? 'agrees' : 'differs' },
      h('th', { scope: 'row' }, certificate.solve),
      ...[certificate.primal_residual, certificate.dual_residual, certificate.gap, certificate.largest_violation].map(
        (value) => h('td', { class: 'number' }, scientific(value)),
      ),
      h('td', { class: 'mark' }, certificate.certified ? '✓ certified' : '✗ not certified'),
    ),
  );
  return h(
    'div',
    {},
    h(
      'p',
      {},
      `${plain(good)} of ${plain(count)} solves are certified: rows, bounds, objective and gap recomputed from the model as written, not taken from the solver.`,
    ),
    h(
      'div',
      { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Certificates' },
      h(
        'table',
        { 'data-table': 'certificates' },
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            ...['Solve', 'Primal residual', 'Dual residual', 'Gap', 'Largest violation', 'Verdict'].map((name, k) =>
              h('th', { scope: 'col', class: k > 0 && k < 5 ? 'number' : null }, name),
            ),
          ),
        ),
        h('tbody', {}, ...rows),
      ),
    ),
  );
}
