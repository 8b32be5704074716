// What stands behind the answer: printed numbers beside ours, where the data come from, the certificates, the program.

import { h, save } from '../ui/dom.js';
import { decimals, fixed, halfUp, plain, scientific, unitText } from '../ui/number.js';
import { sentence } from '../session/problem.js';

/** @import { Published, Report } from '../session/types.js' */
/** @import { Lab } from '../session/lab.js' */

/**
 * @param {Lab} lab
 * @returns {HTMLElement[]}
 */
export function evidenceOf(lab) {
  const { report } = lab;
  return [
    ...published(report.published, true),
    ...published(report.also_computed ?? [], false),
    ...about(lab),
    ...(report.certificates.length > 0 ? [h('h3', {}, 'Certificates'), certificates(report), lpFile(lab)] : []),
    h(
      'p',
      {},
      h('a', { href: 'how.html', target: '_blank', rel: 'noopener' }, 'How it is computed'),
      ': every equation with the paper’s own number.',
    ),
  ];
}

/**
 * Notes on a result: where its data come from, and what was chosen.
 * @param {Report} report
 */
export function notesOf(report) {
  return report.messages.filter(({ level, cures }) => level === 'info' && (cures ?? []).length === 0);
}

/**
 * @param {Lab} lab
 * @returns {HTMLElement[]}
 */
function about(lab) {
  const notes = notesOf(lab.report);
  if (notes.length === 0) return [];
  return [h('h3', {}, 'About this case'), h('ul', { class: 'notes' }, ...notes.map(({ text }) => h('li', {}, text)))];
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
